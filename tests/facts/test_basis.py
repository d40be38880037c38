"""What facts rest on: what they show, whatever they call themselves."""

import pytest

from jmrules import bounds, evaluate, load_facts, load_ruleset
from jmrules.facts.basis import grounds_of, overstated
from jmrules.review.adjudicate import adjudicate
from jmrules.review.adjudication import load_adjudication
from jmrules.review.claimed import review

TEXT = {"zh": "一", "en": "one"}
DOCUMENTS = {
    "report": {"title": "部门整体支出绩效自评报告", "kind": "self_evaluation_report"},
    "accounts": {"title": "部门决算表", "kind": "final_accounts"},
    "minutes": {"title": "会议纪要", "kind": "meeting_minutes"},
    "unnamed": {"title": "某文件"},
}


def sheet(evidence=()):
    """One indicator that reads a number, a yes or no, a date and the items of a list, and asks for these documents."""

    def fact(kind, **more):
        return {"type": kind, "label": TEXT, **more}

    return load_ruleset(
        {
            "id": "somewhere/small",
            "fiscal_year": 2024,
            "revision": "1.0.0",
            "status": "official",
            "title": TEXT,
            "notice": {"issuer": TEXT},
            "rounding": {"leaf": 2, "total": 2},
            "grades": [{"id": "any", "label": TEXT, "in": ">= 0"}],
            "facts": {
                "amount": fact("number"),
                "held": fact("boolean"),
                "day": fact("date"),
                "rows": fact("list", item={"n": fact("number"), "ok": fact("boolean", optional=True)}),
            },
            "indicators": [
                {
                    "id": "x",
                    "label": TEXT,
                    "points": 10,
                    "method": {
                        "kind": "formula",
                        "points": 'if held and day > date("2024-01-01") then amount + sum(append(rows.n, 0)) + count(rows[ok = true]) else 0',
                    },
                    "evidence": [{"kind": kind, "label": TEXT} for kind in evidence],
                    "source": {"status": "stated", "clause": "一"},
                }
            ],
        }
    )


def document(**given):
    facts = {"amount": 1, "held": True, "day": "2024-05-01", "rows": []} | given
    return {
        "ruleset": "somewhere/small",
        "fiscal_year": 2024,
        "subject": {"name": "某局"},
        "documents": DOCUMENTS,
        "facts": facts,
    }


def place(document, section=None):
    return [{"document": document} | ({"section": section} if section else {})]


VALUES = {"amount": 1, "held": True, "day": "2024-05-01", "rows": []}


def counts(fact, basis, evidence, asked=()):
    """What a fact with this claim and this evidence counts as."""
    ruleset = sheet(asked)
    given = {"value": VALUES[fact], "evidence": evidence} | ({"basis": basis} if basis else {})
    facts = load_facts(document(**{fact: given}))
    declaration = next(each for each in ruleset.facts if each.id == fact)
    return grounds_of(ruleset, facts).of(declaration, facts.given[fact])


@pytest.mark.parametrize(
    ("fact", "basis", "evidence", "asked", "right"),
    [
        # A number: a place in a listed document; whose document does not matter.
        ("amount", "figure", place("report", "一（四）"), (), "figure"),
        ("amount", "figure", place("report", "一（四）"), ("final_accounts",), "figure"),
        ("amount", "figure", [], (), "assertion"),
        ("amount", "figure", [{"section": "一（四）"}], (), "assertion"),
        ("amount", "figure", place("accounts"), (), "document"),
        ("amount", "figure", place("accounts"), ("meeting_minutes",), "assertion"),
        ("amount", "document", place("accounts", "表一"), (), "document"),
        ("amount", "assertion", place("accounts", "表一"), (), "assertion"),
        ("amount", None, place("accounts", "表一"), (), "figure"),
        # How many items a list has is a number.
        ("rows", "figure", place("report", "二"), (), "figure"),
        ("rows", "figure", [], (), "assertion"),
        # A yes or no: a document of a kind that the indicator asks for, and never the department's own report.
        ("held", "document", place("minutes"), ("meeting_minutes", "final_accounts"), "figure"),
        ("held", "document", place("minutes"), ("final_accounts",), "assertion"),
        ("held", "document", place("minutes"), (), "figure"),
        ("held", "figure", place("report", "二（三）"), (), "assertion"),
        ("held", "figure", place("unnamed", "一"), (), "assertion"),
        # A date is as good as proved by a document.
        ("day", "document", place("minutes"), (), "figure"),
        ("day", "document", place("report"), ("meeting_minutes",), "assertion"),
        # Nobody verifies himself.
        ("amount", "verified", place("accounts", "表一"), (), "figure"),
        ("amount", "verified", [], (), "assertion"),
        ("held", "verified", place("report", "二"), (), "assertion"),
    ],
)
def test_what_a_fact_counts_as(fact, basis, evidence, asked, right):
    assert counts(fact, basis, evidence, asked) == right


def test_a_numeric_statement_with_its_place_shows_a_figure_and_words_do_not():
    def stated(value):
        ruleset = sheet()
        statement = {"value": value, "document": "report", "section": "一（四）"}
        facts = load_facts(document(amount={"value": 1, "basis": "figure", "statements": [statement]}))
        return grounds_of(ruleset, facts).of(ruleset.facts[0], facts.given["amount"])

    assert stated(1) == "figure"
    assert stated("接近 1") == "assertion"


def test_evidence_on_a_list_stands_for_its_items_but_not_for_bare_values_in_them():
    def of(field):
        ruleset = sheet()
        rows = {"value": [{"n": field}], "basis": "figure", "evidence": place("accounts", "表一")}
        facts = load_facts(document(rows=rows))
        return grounds_of(ruleset, facts).of(ruleset.facts[3], facts.given["rows"])

    assert of({"value": 2, "basis": "figure"}) == "figure"
    assert of({"value": 2, "basis": "verified"}) == "figure"
    assert of({"value": 2, "basis": "figure", "evidence": place("accounts")}) == "document"
    assert of(2) == "assertion"


def test_what_is_not_known_rests_on_nothing():
    for unknown in ({"unknown": True}, {"length": 3}):
        given = {**unknown, "basis": "figure", "evidence": place("accounts", "表一")}
        ruleset, facts = sheet(), load_facts(document(rows=given))
        assert grounds_of(ruleset, facts).of(ruleset.facts[3], facts.given["rows"]) == "assertion"


def test_a_plain_mapping_lists_no_documents():
    ruleset = sheet()
    given = {"value": 1, "basis": "figure", "evidence": place("accounts", "表一")}
    assert evaluate(ruleset, VALUES | {"amount": given}).trace["x"].basis == "assertion"


def test_every_reader_counts_alike():
    ruleset = sheet()
    proved = {
        "amount": {"value": 1, "basis": "figure", "evidence": place("report", "一")},
        "held": {"value": True, "basis": "document", "evidence": place("minutes")},
        "day": {"value": "2024-05-01", "basis": "document", "evidence": place("minutes")},
        "rows": {"value": [], "basis": "figure", "evidence": place("report", "一")},
    }
    facts = load_facts(document(**proved))
    assert evaluate(ruleset, facts).trace["x"].basis == "figure"
    assert bounds(ruleset, facts, "figure").unknown == ()
    assert review(ruleset, facts).on_assertion == 0
    assert overstated(ruleset, facts) == ()
    for name, given in proved.items():
        lacking = load_facts(document(**{**proved, name: {**given, "evidence": []}}))
        assert evaluate(ruleset, lacking).trace["x"].basis == "assertion"
        assert bounds(ruleset, lacking, "figure").unknown == (name,)
        assert review(ruleset, lacking).on_assertion == evaluate(ruleset, lacking).total == 1
        (told,) = overstated(ruleset, lacking)
        assert (told.fact, told.claims, told.counts) == (name, given["basis"], "assertion")


def test_fields_that_claim_too_much_are_told_once_for_all_items():
    rows = {"value": [{"n": {"value": 1, "basis": "verified"}}, {"n": {"value": 2, "basis": "verified"}}]}
    (told,) = overstated(sheet(), load_facts(document(rows=rows)))
    assert (told.fact, told.field, told.claims, told.counts) == ("rows", "n", "verified", "assertion")


def test_only_an_adjudication_verifies():
    ruleset, facts = sheet(), load_facts(document(amount={"value": 3, "basis": "verified"}, rows=[{"n": 1}]))
    change = {"by": "复核一组", "date": "2025-06-01", "why": "核对凭证", "evidence": [{"document": "vouchers"}]}
    decided = load_adjudication(
        {
            "ruleset": "somewhere/small",
            "fiscal_year": 2024,
            "subject": {"name": "某局"},
            "documents": {"vouchers": {"title": "凭证"}},
            "changes": [
                {"fact": "amount", "value": 2, **change},
                {"fact": "held", "value": True, **change},
                {"fact": "day", "value": "2024-05-01", **change},
                {"fact": "rows", "value": [{"n": 1}, {"n": 2}], **change},
                {"fact": "rows", "at": "/1/n", "value": 4, **change},
            ],
        }
    )
    found = adjudicate(ruleset, facts, decided)
    assert found.computed.evaluation.trace["x"].basis == "assertion"
    assert evaluate(ruleset, found.reviewed_facts).trace["x"].basis == "verified"
    assert bounds(ruleset, found.reviewed_facts, "verified").unknown == ()
    assert [(each.at, each.by, each.date, each.why) for each in found.reviewed_facts.decisions][4] == (
        "/rows/1/n", "复核一组", "2025-06-01", "核对凭证",
    )  # fmt: skip
    # Written down and read again it is a facts document like any other, and says nothing of who decided.
    again = load_facts(found.reviewed_facts.source.value)
    assert evaluate(ruleset, again).trace["x"].basis == "assertion"


def test_points_that_rest_on_silence_rest_on_assertion():
    ruleset = sheet()
    document_ = ruleset.source.value
    facts = {**document_["facts"], "problems": {"type": "number", "label": TEXT, "optional": True}}
    leaf = {**document_["indicators"][0], "method": {"kind": "formula", "points": "if problems = null then 10 else 0"}}
    silent = evaluate(load_ruleset({**document_, "facts": facts, "indicators": [leaf]}), load_facts(document()))
    assert silent.trace.basis["assertion"] == silent.doubts.on_assertion == 10
    assert bounds(silent.plan.ruleset, silent.facts, "figure").low == 0

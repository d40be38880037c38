"""Claims against facts: what is over-claimed, contradicted, unsupported; and the work-list, worst first."""

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import bounds, evaluate, load_facts, load_ruleset
from jmrules.documents import check, document_of, pretty
from jmrules.review.claimed import review
from jmrules.review.worklist import COLUMNS, to_csv, work_list
from review.common import DOCUMENT, DOCUMENTS, SOURCE, department, figure, number, ruleset, text

FULL = {"total": Decimal("88.74"), "grade": "优", "indicators": {"execution": Decimal("48.74"), "management": 40}}


def standings(facts, claims=None):
    found = review(ruleset(), department(facts, claims or FULL))
    return {node.id: node.standings for node in (found.total, *found.indicators)}


def test_a_supported_claim_is_consistent():
    found = standings({})
    assert found["total"] == found["execution"] == found["management"] == ("consistent",)
    assert found["money"] == ("not-claimed",)


def test_each_doubt_shows_where_it_belongs():
    assert standings({}, {**FULL, "indicators": {"execution": 49, "management": 40}})["execution"] == ("over-claimed",)
    found = standings({"well_run": True})
    assert found["management"] == ("unsupported",) and found["execution"] == ("consistent",)
    found = standings({"rate": figure(Decimal("0.99"))})
    assert found["execution"] == ("contradicted",) and found["management"] == ("consistent",)
    found = standings({"spent": Decimal("812.34"), "rate": figure(Decimal("0.99"))}, {"indicators": {"execution": 60}})
    assert found["execution"] == ("over-claimed", "contradicted", "unsupported")


def test_facts_that_are_not_known_exactly_give_intervals():
    facts = {"spent": {"between": [Decimal("500.00"), Decimal("600.00")], "basis": "figure"}, "rate": None}
    found = review(ruleset(), department(facts, {"total": 90, "indicators": {"execution": 33, "management": 40}}))
    assert found.total.earned == (70, 76)
    nodes = {node.id: node.standings for node in found.indicators}
    assert nodes["execution"] == ("unsupported",) and found.total.standing == "over-claimed"


def test_points_of_a_group_are_counted_once():
    claims = {"indicators": {"money": 60, "execution": 60, "management": 40}}
    found = review(ruleset(), department({}, claims))
    assert found.over_claimed == Decimal("11.26")
    assert review(ruleset(), department({}, {"indicators": {"money": 60}})).over_claimed == Decimal("11.26")


@given(st.integers(0, 6000), st.booleans(), st.sampled_from(["assertion", "figure"]))
def test_a_review_says_what_evaluate_and_bounds_say(claimed, well_run, basis):
    claims = {"indicators": {"execution": Decimal(claimed) / 100}}
    facts = department({"well_run": {"value": well_run, "basis": basis}, "breakdowns": None}, claims)
    found = review(ruleset(), facts)
    total, possible = evaluate(ruleset(), facts).total, bounds(ruleset(), facts, "figure")
    assert found.total.earned == (total, total) and found.supported(found.total) == (possible.low, possible.high)
    assert ("over-claimed" in found.indicators[1].standings) == (Decimal(claimed) / 100 > Decimal("48.74"))


def test_the_document_is_what_its_schema_says():
    for claims in (FULL, {}):
        found = review(ruleset(), department({"rate": figure(Decimal("0.99"))}, claims))
        document = json.loads(found.to_json(), parse_float=Decimal)
        assert check(document_of(document), "review") == []


def write(folder, name, facts):
    path = folder / name
    path.write_text(facts.to_json(), encoding="utf-8")
    return str(path)


def test_many_files_are_ranked_worst_first_and_a_broken_one_is_a_row(tmp_path):
    files = [
        write(tmp_path, "clean.json", department({}, FULL)),
        write(tmp_path, "asserted.json", department({"well_run": True}, FULL)),
        write(tmp_path, "over.json", department({}, {**FULL, "total": 100})),
        write(tmp_path, "contradicted.json", department({"rate": figure(Decimal("0.99"))}, FULL)),
        str(tmp_path / "missing.json"),
    ]
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    rows = work_list([*files, str(tmp_path / "broken.json")], lambda facts: ruleset())
    names = [row.file.rpartition("/")[2] for row in rows]
    assert names == ["broken.json", "missing.json", "contradicted.json", "over.json", "asserted.json", "clean.json"]
    assert [row.standing for row in rows] == [None, None, "contradicted", "over-claimed", "unsupported", "consistent"]
    table = list(csv.DictReader(io.StringIO(to_csv(rows, "en"), newline="")))
    assert tuple(table[0]) == COLUMNS and [row["rank"] for row in table] == list("123456")
    assert "JSON" in table[0]["error"] and table[3]["over_claimed"] == "11.26"


def test_a_name_is_no_formula_in_a_spreadsheet(tmp_path):
    facts = department({}, FULL, subject={"name": "=1+1"})
    rows = work_list([write(tmp_path, "a.json", facts)], lambda facts: ruleset())
    assert next(csv.DictReader(io.StringIO(to_csv(rows, "en"), newline="")))["subject"] == "'=1+1"


def test_the_command_reviews_one_or_many(jmrules, tmp_path):
    (tmp_path / "ruleset.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    one = write(tmp_path, "a.json", department({"rate": figure(Decimal("0.99"))}, FULL))
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    option = ("--ruleset", tmp_path / "ruleset.json")
    ran = jmrules("review", one, *option)
    assert ran.code == 0 and "contradict" in ran.out and "99%" in ran.out and "81.23%" in ran.out
    assert jmrules("review", tmp_path / "b.json", *option).code == 2
    ran = jmrules("review", one, tmp_path / "b.json", *option)
    assert ran.code == 0 and "b.json: cannot be reviewed" in ran.out
    rows = json.loads(jmrules("review", one, tmp_path / "b.json", "--json", *option).out)["rows"]
    assert [row["standing"] for row in rows] == [None, "contradicted"] and rows[0]["problems"][0][
        "code"
    ] == "json-syntax"
    assert jmrules("review", one, "--csv", *option).out.startswith("\ufeffrank,file")


def fund_sheet(**fund):
    """Outputs and benefits of 15 points each, and a fund of 20 that the ruleset scores in two parts."""

    def leaf(id, points, value, **more):
        method = {"kind": "ratio", "value": value}
        return {"id": id, "points": points, "label": text(id), "method": method, "source": SOURCE, **more}

    moved = {
        "applies": {
            "when": "managed",
            "otherwise": "exclude",
            "to": ["outputs", "benefits"],
            "reason": text("不主管专项资金"),
        }
    }
    return load_ruleset(
        {
            **{name: DOCUMENT[name] for name in ("revision", "status", "title", "notice", "rounding", "fiscal_year")},
            "id": "test/fund",
            "grades": [{"id": "any", "label": text("一"), "in": ">= 0"}],
            "facts": {
                "managed": {"type": "boolean", "label": text("主管专项资金")},
                "done": number("完成率", "ratio"),
                "paid": number("支出率", "ratio", **{"in": "[0..1]"}),
            },
            "indicators": [
                leaf("outputs", 15, "done"),
                leaf("benefits", 15, "done"),
                {
                    "id": "fund",
                    "label": text("专项资金"),
                    "children": [leaf("fund_done", 10, "done", **moved), leaf("fund_paid", 10, "paid", **moved)],
                    **fund,
                },
            ],
        }
    )


def fund_review(claims, managed=False, done=1, paid=1, **fund):
    facts = {
        "managed": {"value": managed, "basis": "document", "evidence": [{"document": "opinion"}]},
        "done": figure(done),
        "paid": figure(paid),
    }
    head = {"ruleset": "test/fund", "fiscal_year": 2024, "subject": {"name": "某局"}, "documents": DOCUMENTS}
    return review(fund_sheet(**fund), load_facts({**head, "facts": facts, "claims": claims}))


@pytest.mark.parametrize(
    ("claims", "standings", "beyond"),
    [
        # As the sheet is printed: what is claimed for the fund is claimed where its points went.
        ({"outputs": 15, "benefits": 15, "fund": 20}, ("consistent",) * 3, (0, 0)),
        ({"outputs": 15, "benefits": 15, "fund_done": 10, "fund_paid": 10}, ("consistent",) * 2, (0, 0)),
        # As the points have moved.
        ({"outputs": 25, "benefits": 25, "fund": 0}, ("consistent",) * 3, (0, 0)),
        # Nothing for the fund, and no more for the others.
        ({"outputs": 15, "benefits": 15, "fund": 0}, ("under-claimed", "under-claimed", "consistent"), (0, 20)),
        # Twice.
        ({"outputs": 25, "benefits": 25, "fund": 20}, ("over-claimed", "over-claimed", "consistent"), (20, 0)),
        ({"outputs": 15, "benefits": 15, "fund": 10}, ("under-claimed", "under-claimed", "consistent"), (0, 10)),
    ],
)
def test_claims_for_what_does_not_apply_go_where_its_points_went(claims, standings, beyond):
    found = fund_review({"indicators": claims})
    by_id = {node.id: node.standing for node in found.indicators}
    assert tuple(by_id[id] for id in claims if id in ("outputs", "benefits", "fund")) == standings
    assert (found.over_claimed, found.under_claimed) == beyond


def test_moved_claims_are_told_as_claimed_and_as_moved():
    found = fund_review({"total": 50, "indicators": {"outputs": 15, "benefits": 15, "fund": 20}})
    nodes = {node["id"]: node for node in json.loads(found.to_json())["indicators"]}
    assert (nodes["outputs"]["claimed"], nodes["outputs"]["claimed_as_moved"]) == (15, 25)
    assert (nodes["fund"]["claimed"], nodes["fund"]["claimed_as_moved"]) == (20, 0)
    assert check(document_of(json.loads(found.to_json(), parse_float=Decimal)), "review") == []


def test_the_indicators_of_the_notice_are_counted_and_not_the_parts_that_a_ruleset_scores():
    claims = {"total": 50}
    assert [node.id for node in fund_review(claims, one_indicator=True).doubts.indicators] == [
        "outputs",
        "benefits",
        "fund",
    ]
    assert len(fund_review(claims).doubts.indicators) == 4


def test_what_is_claimed_too_low_is_said():
    found = fund_review({"total": 40, "indicators": {"outputs": 15, "fund": 10}}, managed=True, paid=Decimal("0.5"))
    nodes = {node.id: node.standing for node in found.indicators}
    assert (nodes["fund"], nodes["outputs"]) == ("under-claimed", "consistent")
    assert (found.total.standing, found.under_claimed, found.over_claimed) == ("under-claimed", 5, 0)


def test_nothing_is_consistent_where_something_is_unknown():
    for claimed in (0, 30, 60):
        found = review(ruleset(), department({"spent": {"unknown": True}}, {"indicators": {"execution": claimed}}))
        execution = next(node for node in found.indicators if node.id == "execution")
        assert "consistent" not in (*execution.standings, *found.total.standings)
        # What is unknown may earn all, and rests on nothing.
        assert found.on_assertion == 60


def test_the_same_points_are_in_doubt_however_the_claim_is_made():
    facts = {"well_run": True, "rate": figure(Decimal("0.99"))}
    forms = ({}, {"total": 100}, {"indicators": {"execution": 60, "management": 40}}, {"indicators": {"money": 60}})
    found = [review(ruleset(), department(facts, claims)) for claims in forms]
    assert {(each.on_assertion, each.in_doubt) for each in found} == {(Decimal(40), Decimal("48.74"))}


@pytest.mark.parametrize(("language", "words"), [("zh", "（折算前）"), ("en", "(before scaling)")])
@pytest.mark.parametrize("scaled", [True, False])
def test_points_of_a_scaled_sheet_are_said_to_be_its_own(language, words, scaled, jmrules, tmp_path):
    notice, facts = tmp_path / "notice.json", tmp_path / "facts.json"
    notice.write_text(pretty({**DOCUMENT, "scale": {"to": 1000}} if scaled else DOCUMENT), "utf-8")
    facts.write_text(pretty(department().source.value), "utf-8")
    for command in ("review", "score"):
        assert (words in jmrules(command, facts, "--ruleset", notice, "--lang", language).out) is scaled

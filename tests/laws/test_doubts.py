"""Doubts are counted once: whoever asks, however a claim is broken down, and never fewer because less is known."""

import json
from decimal import Decimal as D

from attrs import evolve
from hypothesis import assume, event, given
from hypothesis import strategies as st

from jmrules import EvaluationError, bounds, evaluate, load_facts, load_ruleset
from jmrules.findings.known import known_of
from jmrules.review.claimed import review
from jmrules.review.worklist import cells, work_list
from jmrules.ruleset import setting_facts
from review.common import department, figure, ruleset
from strategies import cases, facts_documents
from test_rulesets import FACTS, REAL, name

NUMBERS = ("over_claimed", "under_claimed", "on_assertion", "in_doubt")
UNKNOWN = {"unknown": True}


@st.composite
def documents(draw):
    """A ruleset, and a facts document with a score that says of some facts where they stand."""
    case = draw(cases().filter(lambda case: case.facts))
    document = draw(facts_documents(case))
    return load_ruleset(case.ruleset), document


def reviewed(sheet, document, claims=None):
    facts = load_facts({**document, "claims": claims or {}})
    try:
        return review(sheet, facts, supported=False)
    except EvaluationError:
        return None


def numbers(found):
    return tuple(getattr(found, name) for name in NUMBERS)


def doubted(found):
    """Points that are doubtful in any way: on assertion or unknown, or claimed beyond what the facts earn."""
    over = found.over_claimed
    if found.ruleset.scale is not None:
        # The total is scaled, the points on assertion are the sheet's own.
        over = over * sum(node.points for node in found.indicators if node.leaf) / found.ruleset.scale.to
    return found.on_assertion + over


@given(documents(), st.data())
def test_one_more_unknown_never_lowers_a_doubt(known, data):
    sheet, document = known
    claims = {"total": data.draw(st.integers(0, int(sheet.points)))}
    more = reviewed(sheet, document, claims)
    assume(more is not None)
    known_for_sure = setting_facts(sheet)  # what an indicator is worth is never unknown: there is no sheet without it
    assume(set(document["facts"]) - known_for_sure)
    fact = data.draw(st.sampled_from(sorted(set(document["facts"]) - known_for_sure)))
    less = reviewed(sheet, {**document, "facts": {**document["facts"], fact: UNKNOWN}}, claims)
    if less is None:
        event("no score whatever it is")
        return
    assert less.on_assertion >= more.on_assertion
    # The claim is held against a total that is rounded on its own.
    assert doubted(less) >= doubted(more) - D(1).scaleb(-sheet.rounding.total)


FIGURES = st.sampled_from([D("812.34"), D("500.00"), D("1000.00")])


@given(
    FIGURES, st.sampled_from([D("81.23"), D("0.99"), D("60.00")]), st.sets(st.sampled_from(["budget", "spent", "rate"]))
)
def test_a_contradiction_does_not_go_away_because_a_figure_is_withheld(spent, rate, withheld):
    facts = {"spent": figure(spent), "rate": figure(rate, unit="%")}
    all_known = review(ruleset(), department(facts), supported=False)
    found = review(ruleset(), department({**facts, **dict.fromkeys(withheld, UNKNOWN)}), supported=False)
    assert found.in_doubt >= all_known.in_doubt and found.on_assertion >= all_known.on_assertion


@given(documents(), st.data())
def test_a_fact_that_no_indicator_reads_changes_nothing(known, data):
    sheet, document = known
    declared = {"type": "number", "label": {"zh": "无人问"}}
    sheet = load_ruleset({**sheet.source.value, "facts": {**sheet.source.value["facts"], "idle": declared}})
    claims = {"total": data.draw(st.integers(0, int(sheet.points)))}
    found = [
        reviewed(sheet, {**document, "facts": {**document["facts"], "idle": idle}}, claims) for idle in (1, UNKNOWN)
    ]
    assume(None not in found)
    one, other = found
    assert numbers(one) == numbers(other)
    assert [(node.id, node.standings) for node in one.indicators] == [(n.id, n.standings) for n in other.indicators]


@given(documents(), st.data())
def test_taking_a_statement_away_never_raises_what_figures_alone_support(known, data):
    sheet, document = known
    # What an indicator is worth is never taken away: without it there is no sheet.
    kept = setting_facts(sheet)
    assume(set(document["facts"]) - set(kept))
    name = data.draw(st.sampled_from(sorted(set(document["facts"]) - set(kept))))
    rest = {fact: value for fact, value in document["facts"].items() if fact != name}
    optional = next(fact for fact in sheet.facts if fact.id == name).optional
    without = rest if optional and data.draw(st.booleans()) else {**rest, name: UNKNOWN}
    try:
        said = bounds(sheet, load_facts(document), "figure")
        unsaid = bounds(sheet, load_facts({**document, "facts": without}), "figure")
    except EvaluationError:
        event("no score whatever it is")
        return
    event("optional" if optional else "required")
    assert unsaid.low <= said.low and said.high <= unsaid.high


@given(documents(), st.data())
def test_a_review_does_not_depend_on_how_a_claim_is_broken_down(known, data):
    sheet, document = known
    nodes = evaluate_or_none(sheet, document)
    assume(nodes is not None)
    quantum = D(1).scaleb(-sheet.rounding.leaf)
    # The total is rounded on its own: a claim of the parts says no more than a claim of the total where it may differ from them.
    assume(sheet.rounding.total >= sheet.rounding.leaf)
    leaves = {leaf.id: data.draw(st.integers(0, int(leaf.stated / quantum))) * quantum for leaf in nodes}
    groups = {node.id: sum((leaves[leaf] for leaf in inside), D(0)) for node, inside in tree(sheet.indicators)}
    total = sum(leaves.values(), D(0))
    forms = [
        {"total": total},
        {"indicators": leaves},
        {"total": total, "indicators": leaves},
        {"total": total, "indicators": groups},
        {"total": total, "indicators": {**groups, **leaves}},
        {"indicators": {node.id: groups.get(node.id, leaves.get(node.id)) for node in sheet.indicators}},
    ]
    assert len({numbers(reviewed(sheet, document, claims)) for claims in forms}) == 1


def evaluate_or_none(sheet, document):
    try:
        return evaluate(sheet, load_facts(document)).trace.leaves
    except EvaluationError:
        return None


def tree(nodes):
    """Every group with the ids of the leaves below it."""
    for node in nodes:
        if hasattr(node, "children"):
            below = list(tree(node.children))
            yield node, [leaf for inner in node.children for leaf in ids(inner)]
            yield from below


def ids(node):
    return [leaf for child in node.children for leaf in ids(child)] if hasattr(node, "children") else [node.id]


def test_every_command_gives_the_same_numbers():
    scored_cases = [file for file in FACTS if file != REAL and not file.stem.endswith("-contradictions")]
    for file in scored_cases[::5]:
        facts = load_facts(file)
        sheet = load_ruleset(f"{facts.ruleset}@{facts.fiscal_year}")
        scored = evaluate(sheet, facts)
        found = review(sheet, facts)
        expected = numbers(found)
        assert numbers(scored.doubts) == expected, name(file)
        assert scored.trace.basis["assertion"] == found.on_assertion
        (row,) = work_list([str(file)], lambda _, sheet=sheet: sheet)
        assert tuple(D(cells(1, row, "zh")[column]) for column in NUMBERS) == expected
        # Rules see the score before they limit it.
        unlimited = evolve(scored, total=scored.total_before_limits)
        known = known_of(unlimited, scored.trace.leaves)
        assert tuple(known["doubts"].values())[2:] == expected[2:]
        assert sum(indicator["on_assertion"] for indicator in known["sheet"]) == found.on_assertion
        if not scored.limits:
            assert tuple(known["doubts"].values()) == expected


def real():
    sheet = load_ruleset("jiangmen/department-overall@2024")
    return sheet, json.loads(REAL.read_text("utf-8"), parse_float=D)


def test_the_real_report_has_the_same_doubts_however_it_claims_and_with_a_fact_that_nobody_reads_unknown():
    sheet, document = real()
    found = review(sheet, load_facts(document), supported=False)
    total_only = {name: value for name, value in document["claims"].items() if name != "indicators"}
    assert numbers(reviewed(sheet, document, total_only)) == numbers(found)
    unread = {**document["facts"], "execution_rate_adjusted": UNKNOWN}
    assert reviewed(sheet, {**document, "facts": unread}, document["claims"]).on_assertion == found.on_assertion
    # The notice has 15 indicators, of which only the budget constraint rests on figures.
    assert (len(found.doubts.indicators), len(found.doubts.asserted)) == (15, 14)


def test_a_file_that_calls_itself_verified_and_names_no_source_rests_on_assertion():
    sheet, document = real()

    def boasting(given):
        value = given["value"] if isinstance(given, dict) and "value" in given else given
        if isinstance(value, dict):
            return value
        if isinstance(value, list):
            value = [{name: boasting(part) for name, part in item.items()} for item in value]
        return {"value": value, "basis": "verified"} | (
            {"unit": given["unit"]} if isinstance(given, dict) and "unit" in given else {}
        )

    facts = {name: boasting(given) for name, given in document["facts"].items()}
    found = review(sheet, load_facts({**document, "facts": facts}), supported=False)
    assert found.on_assertion == found.total.earned[1]
    assert {each.fact for each in found.overstated} >= {"budget_initial", "outturn", "projects"}
    assert {each.counts for each in found.overstated} == {"assertion"}
    assert "verified" in {each.claims for each in found.overstated}

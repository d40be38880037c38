"""Facts that the search suggests do take the branch: scored afresh, by the public way."""

import pytest

from cases.sheets import METHODS, facts_document, number, one_leaf, ruleset_document, text
from jmrules import evaluate, load_facts, load_ruleset
from jmrules.cases.coverage import coverage_of
from jmrules.cases.hits import hits
from jmrules.cases.reach import suggestions
from jmrules.plan.build import plan_of


def searched(ruleset, facts):
    evaluations = [("start", evaluate(ruleset, facts))]
    coverage = coverage_of(plan_of(ruleset), evaluations)
    return coverage.uncovered, suggestions(plan_of(ruleset), evaluations, coverage.uncovered)


@pytest.mark.parametrize("kind", METHODS)
def test_every_branch_of_every_method_is_found_from_one_case(kind):
    reason = {"zh": "不涉及", "en": "none"}
    declared, method, facts = METHODS[kind]
    declared = {**declared, "involved": {"type": "boolean", "label": text("涉及")}}
    applies = {"when": "involved", "otherwise": "zero", "reason": reason}
    ruleset = load_ruleset(ruleset_document(declared, method, applies=applies))
    uncovered, found = searched(ruleset, load_facts(facts_document({**facts, "involved": True})))
    assert {branch.id for branch in uncovered} == found.keys()
    for id, suggestion in found.items():
        assert id in hits(evaluate(ruleset, plain(suggestion.facts)))
        assert suggestion.case == "start"
        assert suggestion.changes


def plain(facts):
    """The facts as they would be typed in."""
    from jmrules.feel import string_of, temporal

    return {name: string_of(value) if isinstance(value, temporal.Date) else value for name, value in facts.items()}


def test_the_changes_are_those_that_lead_to_the_facts():
    ruleset, facts = one_leaf("deductions")
    _, found = searched(ruleset, facts)
    changes = {change.pointer: change.value for change in found["leaf: some: limited"].changes}
    assert {**facts.given, **{pointer[1:]: value for pointer, value in changes.items()}} == found[
        "leaf: some: limited"
    ].facts


def test_an_undefined_leaf_is_found_through_a_division():
    declared = {"x": number(), "y": number(**{"in": ">= 0"})}
    undefined = {"share": 1, "reason": {"zh": "没有"}}
    document = ruleset_document(declared, {"kind": "ratio", "value": "rate"}, undefined=undefined)
    document["derived"] = {"rate": {"value": "x / y", "label": text("比率")}}
    ruleset = load_ruleset(document)
    _, found = searched(ruleset, load_facts(facts_document({"x": 1, "y": 2})))
    assert found["leaf: undefined"].facts["y"] == 0


def test_a_leaf_that_reads_a_score_is_searched_on_the_whole_sheet():
    document = ruleset_document({"x": number()}, {"kind": "ratio", "value": "x"})
    leaf = {**document["indicators"][0], "id": "second", "method": {"kind": "ratio", "value": "scores.leaf.rate"}}
    document["indicators"].append(leaf)
    ruleset = load_ruleset(document)
    uncovered, found = searched(ruleset, load_facts(facts_document({"x": 1})))
    assert {branch.id for branch in uncovered} == found.keys()
    for id, suggestion in found.items():
        assert id in hits(evaluate(ruleset, suggestion.facts))


def test_nothing_is_suggested_where_nothing_can_be():
    ruleset = load_ruleset(ruleset_document({}, {"kind": "formula", "points": "3"}))
    uncovered, found = searched(ruleset, load_facts(facts_document({})))
    assert [branch.key for branch in uncovered] == ["grade pass"]
    assert found == {}
    assert suggestions(plan_of(ruleset), [], uncovered) == {}

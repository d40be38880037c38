"""Branches are told from the plan alone, so evaluations must never take one that it does not tell."""

import re

import pytest
from hypothesis import given

from cases.sheets import METHODS, number, one_leaf, ruleset_document
from jmrules import EvaluationError, evaluate, load_ruleset
from jmrules.cases.branches import branches_of
from jmrules.cases.coverage import coverage_of
from jmrules.cases.hits import hits, hits_of_leaf
from jmrules.plan.build import plan_of
from strategies import cases


@given(cases())
def test_every_branch_taken_is_one_of_the_rulesets_and_possible(case):
    ruleset = load_ruleset(case.ruleset)
    plan = plan_of(ruleset)
    branches = {branch.id: branch for branch in branches_of(plan)}
    assert len(branches) == len(branches_of(plan))
    try:
        evaluation = evaluate(ruleset, case.facts)
    except EvaluationError:
        return
    taken = hits(evaluation)
    assert taken <= branches.keys()
    assert [id for id in taken if branches[id].unreachable] == []
    assert all(hits_of_leaf(evaluation, leaf) for leaf in plan.leaves)


@given(cases())
def test_every_branch_points_into_the_document(case):
    ruleset = load_ruleset(case.ruleset)
    for branch in branches_of(plan_of(ruleset)):
        value = ruleset.source.value
        for step in branch.pointer.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value is not None


KEYS = {
    "ratio": ["zero", "between", "full"],
    "completion": [
        "met",
        "short",
        "stated",
        "less is better: met",
        "less is better: short",
        "too low: tolerated",
        "too low: reduced",
        "unequal",
        "item rounded",
    ],
    "bands": ["band 1", "band 2", "band 3"],
    "otherwise": ["band 1", "otherwise"],
    "steps": ["within", "beyond", "nothing left"],
    "deductions": ["some: none", "some: some", "some: limited", "more: none", "more: some", "nothing left"],
    "checklist": ["first: met", "first: not met", "second: met", "second: not met"],
    "levels": ["level good", "level poor"],
    "interpolate": ["first", "segment 1", "segment 2", "last"],
    "formula": ["below", "inside", "above"],
}


@pytest.mark.parametrize("kind", METHODS)
def test_the_branches_of_each_method(kind):
    reason = {"zh": "不涉及", "en": "none"}
    ruleset, _ = one_leaf(
        kind,
        applies={"when": "1 < 2", "otherwise": "full", "reason": reason},
        undefined={"share": 0, "reason": reason},
    )
    keys = [branch.key for branch in branches_of(plan_of(ruleset)) if branch.owner == "leaf"]
    assert keys == ["does not apply", "undefined", *KEYS[kind]]
    grades = [branch.id for branch in branches_of(plan_of(ruleset)) if branch.owner == "total"]
    assert grades == ["total: grade pass", "total: grade fail"]


@pytest.mark.parametrize(
    ("facts", "method", "never"),
    [
        ({"x": "[0..4]"}, {"kind": "ratio", "value": "x", "full_at": 5}, ["full"]),
        ({"x": "[1..4]"}, {"kind": "ratio", "value": "x", "full_at": 4}, ["zero"]),
        ({"x": "[0..4]"}, {"kind": "ratio", "value": "x", "full_at": 4}, []),
        ({"x": ">= 0", "y": "> 0"}, {"kind": "formula", "points": "x / y"}, ["below"]),
        ({"x": "[0..5]"}, {"kind": "formula", "points": "if x > 2 then 2 * x else -x"}, ["above"]),
        ({"x": "[0..0.5]"}, {"kind": "interpolate", "value": "x", "knots": [{"at": 0, "share": 0}, {"at": 1, "share": 1}]}, ["last"]),
        ({"x": "[0..2]"}, {"kind": "deductions", "items": [{"id": "a", "label": {"zh": "甲"}, "count": "x", "loss": 1, "at_most": 2}]}, ["a: limited", "nothing left"]),
        ({"x": "[0..3]"}, {"kind": "deductions", "items": [{"id": "a", "label": {"zh": "甲"}, "count": "x", "loss": 5, "at_most": 10}]}, ["nothing left"]),
        ({"x": ">= 1"}, {"kind": "deductions", "items": [{"id": "a", "label": {"zh": "甲"}, "count": "x", "loss": "all"}]}, ["a: none", "nothing left"]),
        ({"x": "[0..12]"}, {"kind": "steps", "value": "x", "bound": 10, "direction": "above", "step": 1, "loss": 1, "partial": "full"}, ["nothing left"]),
        ({"x": "<= 5"}, {"kind": "bands", "value": "x + 1", "bands": [{"in": "<= 6", "share": 1}, {"in": "> 6", "share": 0}]}, ["band 2"]),
        ({"x": "< 5"}, {"kind": "bands", "value": "x", "bands": [{"in": "< 5", "share": 1}, {"in": ">= 5", "share": 0}]}, []),
    ],
)  # fmt: skip
def test_what_the_domains_rule_out_is_told_with_a_reason(facts, method, never):
    declared = {name: number(**{"in": tests}) for name, tests in facts.items()}
    branches = branches_of(plan_of(load_ruleset(ruleset_document(declared, method))))
    ruled_out = [branch for branch in branches if branch.unreachable]
    assert [branch.key for branch in ruled_out] == never
    assert all(branch.unreachable.zh and branch.unreachable.en for branch in ruled_out)
    # in words: no name that only the file knows, no code
    assert not [branch for branch in ruled_out if re.search(r"[a-z]+_[a-z]|[a-z]\(", branch.unreachable.zh)]


def test_coverage_counts_what_cases_take_and_sets_aside_what_nothing_takes():
    declared = {"x": number(**{"in": "[0..0.9]"})}
    ruleset = load_ruleset(ruleset_document(declared, {"kind": "ratio", "value": "x"}))
    evaluation = evaluate(ruleset, {"x": 0})
    coverage = coverage_of(plan_of(ruleset), [("nothing", evaluation)])
    assert [branch.id for branch in coverage.covered] == ["leaf: zero", "total: grade fail"]
    assert [branch.id for branch in coverage.uncovered] == ["leaf: between", "total: grade pass"]
    assert [branch.id for branch in coverage.unreachable] == ["leaf: full"]
    assert coverage.taken_by["leaf: zero"] == ("nothing",)
    assert coverage.reaches(50)
    assert not coverage.reaches(51)


def test_a_branch_that_a_case_takes_is_covered_whatever_an_author_says():
    ruleset, facts = one_leaf("ratio")
    from jmrules.errors import Text

    declared = {"leaf: between": Text("到不了"), "leaf: full": Text("到不了")}
    coverage = coverage_of(plan_of(ruleset), [("half", evaluate(ruleset, facts))], declared)
    assert "leaf: between" in [branch.id for branch in coverage.covered]
    assert [branch.id for branch in coverage.unreachable] == ["leaf: full"]

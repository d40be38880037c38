"""The exact backend and the naive evaluator, written apart from the same page, come to the same scores."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import naive
from jmrules import EvaluationError, load_facts
from laws.common import failing, score, single_leaf, tree_nodes
from strategies import KINDS, Case, cases, facts_documents


def test_a_mean_of_sevenths_and_twelfths_is_exact():
    """15 x the mean of 7/14 and 7/12 is 8.125; in 34 digits it would come out below, and round down."""
    item = {
        "target": {"type": "number", "label": {"zh": "目标"}},
        "actual": {"type": "number", "label": {"zh": "实际"}},
    }
    facts = {"outputs": {"type": "list", "label": {"zh": "产出"}, "item": item}}
    ruleset = single_leaf({"kind": "completion", "items": "outputs"}, facts)
    ruleset["indicators"][0]["points"] = 15
    outputs = [{"target": 14, "actual": 7}, {"target": 12, "actual": 7}]
    assert str(score(Case(ruleset, {"outputs": outputs})).total) == "8.13"


ONE = "1 / 3 + 1 / 3 + 1 / 3"


@pytest.mark.parametrize(
    ("method", "points", "awarded"),
    [
        ({"kind": "ratio", "value": "1100 / 2400"}, 15, "6.88"),
        ({"kind": "ratio", "value": "223 / 1200"}, 6, "1.12"),
        ({"kind": "formula", "points": f"6.875 * ({ONE})"}, 15, "6.88"),
        ({"kind": "formula", "points": "mean(for i in [1, 1, 1] return i / 3) * 3 * 6.875"}, 15, "6.88"),
        ({"kind": "bands", "value": ONE, "bands": [{"in": "< 1", "share": 0}, {"in": ">= 1", "share": 1}]}, 10, "10"),
        ({"kind": "steps", "value": ONE, "bound": 1, "direction": "below", "step": 1, "loss": 4, "partial": "full"}, 10, "10"),
        ({"kind": "steps", "value": ONE, "bound": 0, "direction": "above", "step": 1, "loss": 4, "partial": "ignore"}, 10, "6"),
        ({"kind": "interpolate", "value": "1100 / 2400", "knots": [{"at": 0, "share": 0}, {"at": 1, "share": 1}]}, 15, "6.88"),
        ({"kind": "deductions", "items": [{"id": "a", "label": {"zh": "项"}, "count": ONE, "loss": 4}]}, 10, "6"),
        ({"kind": "checklist", "items": [{"id": "a", "label": {"zh": "项"}, "when": f"{ONE} >= 1", "share": 1}]}, 10, "10"),
        ({"kind": "checklist", "items": [{"id": "a", "label": {"zh": "项"}, "when": f"{ONE} = 6 / 7 + 1 / 7", "share": 1}]}, 10, "10"),
        ({"kind": "levels", "level": '"fair"', "chosen": f"0.6 * ({ONE})", "levels": [{"id": "fair", "label": {"zh": "中"}, "range": [D("0.6"), D("0.8")]}]}, 10, "6"),
        ({"kind": "completion", "items": "[{target: 1 / 7, actual: 11 / 168}]"}, 15, "6.88"),
    ],
)  # fmt: skip
def test_a_sum_of_quotients_is_what_it_is(method, points, awarded):
    ruleset = single_leaf(method, {})
    ruleset["indicators"][0]["points"] = points
    ruleset["rounding"]["total"] = 0
    assert naive.evaluate(ruleset, {}).nodes["only"].awarded == F(awarded)
    compare(Case(ruleset, {}), score(Case(ruleset, {})))


@settings(max_examples=2 * settings.default.max_examples)
@given(cases())
def test_same_awards_total_grade_and_undefined_leaves(case):
    agree(case)


@pytest.mark.parametrize("kind", KINDS)
def test_same_awards_by_each_method(kind):
    @given(cases(most_leaves=1, kinds=(kind,)))
    def agreeing(case):
        agree(case)

    agreeing()


@pytest.mark.parametrize("kind", KINDS)
def test_same_awards_where_numbers_are_quotients(kind):
    """Sums of quotients, means of them and what not, which meet an edge or a tie exactly, or miss it by 1E-36."""

    @given(cases(most_leaves=1, kinds=(kind,), quotients=1))
    def agreeing(case):
        agree(case)

    agreeing()


@given(cases(most_leaves=2, quotients=1).flatmap(lambda case: st.tuples(st.just(case), facts_documents(case))))
def test_same_awards_for_facts_given_in_other_units(pair):
    case, document = pair
    agree(case, document)


def agree(case, facts=None):
    """The engine, given the facts of the case or a document of them, and the naive evaluator come to the same."""
    event(compare(case, score(case if facts is None else Case(case.ruleset, load_facts(facts)))))


def compare(case, actual):
    """Hold an evaluation, or its error, to what the naive evaluator says of the case; how it ends, in a word."""
    expected = naive.evaluate(case.ruleset, case.facts)
    if expected.nothing_applies:
        assert isinstance(actual, EvaluationError)
        assert [problem.code for problem in actual.problems] == ["nothing-applies"]
        return "nothing applies"
    if expected.failing:
        assert isinstance(actual, EvaluationError)
        assert (
            expected.failing - expected.blocked <= failing(actual, case.ruleset) <= expected.failing | expected.blocked
        )
        return "fails"
    assert not isinstance(actual, EvaluationError), actual.say("en")
    trace = actual.trace
    nodes = {node.id: node for node in (*tree_nodes(trace.root), *trace.beside) if node is not trace.root}
    assert {id: (F(node.points), F(node.awarded)) for id, node in nodes.items()} == {
        id: (node.points, node.awarded) for id, node in expected.nodes.items()
    }
    if not actual.limits:
        assert (F(actual.total), actual.grade.id) == (expected.total, expected.grade)
    outcomes = {"exclude": "excluded"}
    assert {leaf.id: leaf.outcome for leaf in (*trace.leaves, *trace.beside)} == {
        id: outcomes.get(node.state, node.state) for id, node in expected.nodes.items() if node.state != "group"
    }
    return "scored"

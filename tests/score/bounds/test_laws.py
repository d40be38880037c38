"""No completion of what is unknown scores outside the bounds, and knowing less never narrows them."""

from hypothesis import event, given

from jmrules import EvaluationError, bounds, evaluate, load_ruleset
from laws.common import tree_nodes
from score.bounds.finite import finite_cases
from score.bounds.opened import opened_cases, widened_cases
from strategies import cases


def nodes_of(found):
    """Every node of bounds, the root among them, by id."""
    return {node.id: node for _, node in found.root.walk()} | {"": found.root}


def bounded(ruleset, facts):
    try:
        return bounds(ruleset, facts)
    except EvaluationError:
        return None


def scored(ruleset, facts):
    try:
        return evaluate(ruleset, facts)
    except EvaluationError:
        return None


@given(opened_cases())
def test_no_completion_scores_outside(case):
    ruleset = load_ruleset(case.ruleset)
    found = bounded(ruleset, case.facts)
    scores = [score for facts in case.completions if (score := scored(ruleset, facts)) is not None]
    if found is None:
        event("no score at all")
        assert not scores
        return
    event("tight" if found.tight else "not tight")
    nodes = nodes_of(found)
    for score in scores:
        for node in tree_nodes(score.trace.root):
            of = nodes["" if node is score.trace.root else node.id]
            assert of.low <= node.awarded <= of.high, (node.id, node.awarded, of.low, of.high)
            assert of.points[0] <= node.points <= of.points[1]
        assert found.low <= score.total <= found.high
        assert score.grade.id in {grade.id for grade in found.grades}


@given(widened_cases())
def test_knowing_less_never_narrows(case):
    document, narrow, wide = case
    ruleset = load_ruleset(document)
    less, more = bounded(ruleset, wide), bounded(ruleset, narrow)
    if more is None:
        event("no score at all")
        return
    assert less is not None
    wider = nodes_of(less)
    for id, node in nodes_of(more).items():
        assert wider[id].low <= node.low <= node.high <= wider[id].high, id
    assert {grade.id for grade in more.grades} <= {grade.id for grade in less.grades}


@given(cases() | cases(most_leaves=2, quotients=1))
def test_with_all_known_the_bounds_are_the_score(case):
    ruleset = load_ruleset(case.ruleset)
    found, score = bounded(ruleset, case.facts), scored(ruleset, case.facts)
    assert (found is None) is (score is None)
    if found is None or score is None:
        return
    nodes = nodes_of(found)
    for node in tree_nodes(score.trace.root):
        of = nodes["" if node is score.trace.root else node.id]
        assert (of.low, of.high, of.tight) == (node.awarded, node.awarded, True)
    assert (found.low, found.high, found.tight) == (score.total, score.total, True)
    assert [grade.id for grade in found.grades] == [score.grade.id]
    assert not found.unknown and not found.worth


@given(finite_cases())
def test_where_tight_the_bounds_are_the_hull_of_all_completions(case):
    ruleset = load_ruleset(case.ruleset)
    found = bounded(ruleset, case.facts)
    scores = [score for facts in case.completions if (score := scored(ruleset, facts)) is not None]
    assert (found is not None) or not scores
    if found is None or not scores:
        event("no score at all")
        return
    nodes = nodes_of(found)
    awards = {id: [] for id in nodes}
    for score in scores:
        for node in tree_nodes(score.trace.root):
            awards["" if node is score.trace.root else node.id].append(node.awarded)
    for id, node in nodes.items():
        assert node.low <= min(awards[id]) and max(awards[id]) <= node.high, id
        if node.tight:
            assert (node.low, node.high) == (min(awards[id]), max(awards[id])), id
    if found.tight:
        assert (found.low, found.high) == (min(s.total for s in scores), max(s.total for s in scores))
    hull = (min(awards[""]), max(awards[""])) == (found.root.low, found.root.high)
    event(f"{'hull' if hull else 'wider'}, {'flagged tight' if found.root.tight else 'not flagged'}")

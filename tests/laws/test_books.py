"""Every point is accounted for: at every node of the trace, and from the leaves to the total."""

from fractions import Fraction as F

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from jmrules import EvaluationError, load_facts
from laws.common import score, stated_points, tree_nodes
from naive import round_to
from strategies import Case, cases, facts_documents


def scored(case):
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    return result


@given(cases())
def test_points_are_awarded_or_lost_at_every_node(case):
    for node in tree_nodes(scored(case).trace.root):
        assert node.points == node.awarded + sum(loss.points for loss in node.losses), node.id
        assert 0 <= node.awarded <= node.points, node.id


@given(cases())
def test_points_on_the_sheet_stay_the_same(case):
    trace = scored(case).trace
    root = trace.root
    if trace.scale is None:
        assert F(root.points) == stated_points(case.ruleset)
    else:
        gone = sum(leaf.stated for leaf in trace.leaves if leaf.outcome == "absent")
        assert F(root.points) == stated_points(case.ruleset) - F(gone)
    for node in tree_nodes(root):
        if hasattr(node, "children"):
            assert node.points == sum(child.points for child in node.children)
            assert node.awarded == sum(child.awarded for child in node.children)


@given(cases())
def test_moved_points_are_booked_on_both_sides(case):
    leaves = [leaf for leaf in scored(case).trace.leaves if leaf.outcome != "absent"]
    assert sum(leaf.points - leaf.stated for leaf in leaves) == 0
    for leaf in leaves:
        assert leaf.points == (leaf.stated if leaf.set is None else leaf.set) + sum(
            move.points for move in leaf.moves
        ), leaf.id
        for move in leaf.moves:
            other = next(each for each in leaves if each.id == move.indicator)
            assert -move.points in {back.points for back in other.moves if back.indicator == leaf.id}


@given(cases())
def test_the_total_is_the_root_and_its_adjustments(case):
    result = scored(case)
    trace = result.trace
    assert trace.total == result.total
    assert trace.total == trace.root.awarded + sum(adjustment.points for adjustment in trace.adjustments)
    assert trace.grade.id == result.grade.id


@given(cases())
def test_what_is_beside_the_sheet_is_a_line_each(case):
    trace = scored(case).trace
    lines = {line.indicator: line.points for line in trace.adjustments if line.kind in ("bonus", "penalty")}
    assert lines == {line.id: line.counts for line in trace.beside}
    for line in trace.beside:
        assert 0 <= line.counts <= line.stated if line.effect == "bonus" else -line.stated <= line.counts <= 0
    event(f"{len(lines)} lines beside")


# a sheet in ten is scaled and has nothing beside it
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(cases())
def test_a_scaled_total_is_what_is_earned_of_what_is_there_rounded_once(case):
    trace = scored(case).trace
    event("scaled" if trace.scale else "kinds" if "kind" in case.facts else "plain")
    assume(trace.scale is not None and not trace.beside and not any(line.decides for line in trace.adjustments))
    exact = F(trace.root.awarded) / F(trace.root.points) * F(trace.scale.to)
    assert F(trace.total) == round_to(exact, trace.rounding.total, trace.rounding.mode)


@given(cases())
def test_a_leaf_that_is_not_there_has_no_points_and_hands_none_on(case):
    for leaf in scored(case).trace.leaves:
        if leaf.outcome == "absent":
            assert (leaf.points, leaf.awarded, leaf.moves, leaf.losses) == (0, 0, (), ())


@given(cases().flatmap(lambda case: st.tuples(st.just(case), facts_documents(case))))
def test_the_basis_accounts_for_every_awarded_point(both):
    case, document = both
    trace = scored(Case(case.ruleset, load_facts(document))).trace
    event(", ".join(basis for basis, points in trace.basis.items() if points))
    for basis, points in trace.basis.items():
        known = [leaf for leaf in trace.leaves if leaf.rests_on == basis]
        assert points == sum(leaf.awarded for leaf in known)
    assert sum(trace.basis.values()) == trace.root.awarded


@given(cases())
def test_awards_are_multiples_of_the_quantum(case):
    result, quanta = scored(case), 10 ** case.ruleset["rounding"]["leaf"]
    for leaf in result.trace.leaves:
        assert (F(leaf.points) * quanta).denominator == (F(leaf.awarded) * quanta).denominator == 1
    assert (F(result.total) * 10 ** case.ruleset["rounding"]["total"]).denominator == 1

"""Compile a ruleset into its plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.feel.intervals import EVERYTHING, intervals
from jmrules.memo import kept
from jmrules.plan.model import (
    Banded,
    Call,
    Checked,
    Computed,
    Deducted,
    Derive,
    Interpolated,
    Judged,
    Linear,
    MeanCompletion,
    Plan,
    PlannedDeduction,
    PlannedGroup,
    PlannedLeaf,
    PlannedMethod,
    Score,
    Step,
    Stepped,
    Sum,
)
from jmrules.ruleset.check_methods import share_of
from jmrules.ruleset.expressions import SCORES, analyse, applies_pointer, sites_of_leaf
from jmrules.ruleset.methods import (
    Bands,
    Checklist,
    Completion,
    Deductions,
    Formula,
    Interpolate,
    Levels,
    Ratio,
    Steps,
)
from jmrules.ruleset.model import Group, Leaf, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from jmrules.ruleset.methods import Method
    from jmrules.ruleset.model import Mode, Node, Ruleset


@kept
def plan_of(ruleset: Ruleset) -> Plan:
    """The plan of a loaded ruleset; the same ruleset has the same plan."""
    analysis = analyse(ruleset)
    slots = {fact.id: index for index, fact in enumerate(ruleset.facts)}
    slots |= {derived.id: len(slots) + index for index, derived in enumerate(ruleset.derived)}
    score_slots: dict[tuple[str, str], int] = {}
    for compiled in analysis.expressions.values():
        for name in compiled.names:
            if name[0] == SCORES and len(name) == 3:
                score_slots.setdefault((name[1], name[2]), len(slots) + len(score_slots))

    def call(pointer: str) -> Call:
        compiled = analysis.expressions[pointer]
        found = [
            slots.get(name[0]) if len(name) == 1 else score_slots.get(name[1:]) if name[0] == SCORES else None  # type: ignore[arg-type]
            for name in compiled.names
        ]
        return Call(compiled, None if None in found else tuple(found), pointer)  # type: ignore[arg-type]

    planned, groups = _indicators(ruleset, call)
    index_of = {leaf.leaf.id: leaf.index for leaf in planned}
    derived = {item.id: item for item in ruleset.derived}

    def step(id: str) -> Step:
        if id in derived:
            return Derive(slots[id], derived[id], call(f"/derived/{id}/value"))
        return Score(index_of[id]) if id in index_of else Sum(id)

    return Plan(
        ruleset=ruleset,
        slots=slots,
        score_slots=score_slots,
        scores_read={
            id: tuple((what, slot) for (owner, what), slot in score_slots.items() if owner == id)
            for id, _ in score_slots
        },
        slot_count=len(slots) + len(score_slots),
        leaves=planned,
        groups=groups,
        roots=tuple(_reference(node, index_of) for node in ruleset.indicators),
        first=tuple(made for id in analysis.first if isinstance(made := step(id), Derive)),
        then=tuple(step(id) for id in analysis.then),
        grades=tuple((grade, intervals(grade.tests) or EVERYTHING) for grade in ruleset.grades),
        limiting=any(rule.then.limits for rule in ruleset.rules),
    )


def _reference(node: Node, index_of: Mapping[str, int]) -> int | str:
    return node.id if isinstance(node, Group) else index_of[node.id]


def _indicators(
    ruleset: Ruleset, call: Callable[[str], Call]
) -> tuple[tuple[PlannedLeaf, ...], dict[str, PlannedGroup]]:
    placed = list(walk(ruleset.indicators))
    index_of = {leaf.id: index for index, leaf in enumerate(node for _, node in placed if isinstance(node, Leaf))}

    def below(node: Node) -> tuple[int, ...]:
        if isinstance(node, Leaf):
            return (index_of[node.id],)
        return tuple(index for child in node.children for index in below(child))

    nodes = {node.id: node for _, node in placed}
    planned: list[PlannedLeaf] = []
    groups: dict[str, PlannedGroup] = {}
    for pointer, node in placed:
        if isinstance(node, Group):
            children = tuple(_reference(child, index_of) for child in node.children)
            groups[node.id] = PlannedGroup(node, pointer, children, below(node))
            continue
        own = index_of[node.id]
        to = node.applies.to if node.applies else ()
        planned.append(
            PlannedLeaf(
                index=own,
                leaf=node,
                pointer=pointer,
                quanta=int(node.points.scaleb(ruleset.rounding.leaf)),
                method=planned_method(node.method, node.points, f"{pointer}/method", ruleset.rounding.mode, call),
                applies=call(applies_pointer(pointer)) if node.applies else None,
                recipients=tuple(sorted({index for id in to for index in below(nodes[id])} - {own})),
                undefined=None if node.undefined is None else Fraction(node.undefined.share),
                calls=tuple(call(site.pointer) for site in sites_of_leaf(node, pointer)),
            )
        )
    return tuple(planned), groups


def planned_method(
    method: Method, leaf_points: Decimal, at: str, mode: Mode, call: Callable[[str], Call]
) -> PlannedMethod:
    """The method with its amounts as shares of the leaf's stated points; ``call`` takes pointers below ``at``."""
    points = Fraction(leaf_points)
    match method:
        case Ratio(full_at=full_at, zero_at=zero_at):
            return Linear(call(f"{at}/value"), Fraction(zero_at), Fraction(full_at))
        case Completion() as completion:
            return _completion(completion, at, points, mode, call)
        case Bands(bands=bands, otherwise=otherwise):
            return Banded(
                call(f"{at}/value"),
                tuple((intervals(band.tests) or EVERYTHING, share_of(band.worth, leaf_points)) for band in bands),
                None if otherwise is None else share_of(otherwise.worth, leaf_points),
            )
        case Steps() as steps:
            sign = 1 if steps.direction == "above" else -1
            loss = Fraction(steps.loss) / points
            return Stepped(call(f"{at}/value"), Fraction(steps.bound), sign, Fraction(steps.step), loss, steps.partial)
        case Deductions(items=deductions):
            return Deducted(
                tuple(
                    PlannedDeduction(
                        call(f"{at}/items/{index}/count"),
                        None if item.loss == "all" else Fraction(item.loss) / points,
                        None if item.at_most is None else Fraction(item.at_most) / points,
                    )
                    for index, item in enumerate(deductions)
                )
            )
        case Checklist(items=checks):
            return Checked(
                tuple(
                    (call(f"{at}/items/{index}/when"), share_of(item.worth, leaf_points))
                    for index, item in enumerate(checks)
                )
            )
        case Levels(levels=levels, chosen=chosen):
            shares = {
                level.id: (Fraction(level.range[0]), Fraction(level.range[1]))
                if level.range
                else Fraction(level.share or 0)
                for level in levels
            }
            return Judged(call(f"{at}/level"), shares, None if chosen is None else call(f"{at}/chosen"))
        case Interpolate(knots=knots):
            return Interpolated(
                call(f"{at}/value"), tuple((Fraction(knot.at), share_of(knot.worth, leaf_points)) for knot in knots)
            )
        case Formula():
            return Computed(call(f"{at}/points"), points)


def _completion(
    completion: Completion, at: str, points: Fraction, mode: Mode, call: Callable[[str], Call]
) -> MeanCompletion:
    over = completion.over_achievement
    return MeanCompletion(
        items=call(f"{at}/items"),
        target=completion.target,
        actual=completion.actual,
        share=completion.share,
        less_is_better=completion.less_is_better,
        weight=completion.weight,
        points=completion.points,
        set_too_low=None if over is None else over.when,
        tolerance=Fraction(0) if over is None else Fraction(over.tolerance),
        item_rounding=completion.item_rounding,
        leaf_points=points,
        mode=mode,
    )

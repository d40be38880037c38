"""Compile a ruleset into its plan."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.feel import EVERYTHING, closed, intervals
from jmrules.memo import kept
from jmrules.methods import method_of
from jmrules.plan.model import Call, Derive, Plan, PlannedConstraint, PlannedGroup, PlannedLeaf, Score, Step, Sum
from jmrules.ruleset import SCORES, Group, Leaf, analyse, applies_pointer, constraint_texts, everything, sites_of_leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.feel import Compiled
    from jmrules.methods.shapes import Shape
    from jmrules.rounding import Mode
    from jmrules.ruleset import Node, Ruleset


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

    def call(pointer: str, compiled: Compiled | None = None) -> Call:
        compiled = compiled or analysis.expressions[pointer]
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
        grades=tuple(
            zip(ruleset.grades, closed([intervals(each.tests) or EVERYTHING for each in ruleset.grades]), strict=True)
        ),
        constraints=tuple(
            PlannedConstraint(each, call(f"/constraints/{each.id}", constraint_texts(ruleset).whole[each.id]))
            for each in ruleset.constraints
            if each.otherwise == "error"
        ),
        on_sheet=len(planned) - len(ruleset.adjustments),
        beside_or_scaled=bool(ruleset.adjustments) or ruleset.scale is not None,
        limiting=any(rule.then.limits for rule in ruleset.rules),
    )


def _reference(node: Node, index_of: Mapping[str, int]) -> int | str:
    return node.id if isinstance(node, Group) else index_of[node.id]


def _indicators(
    ruleset: Ruleset, call: Callable[[str], Call]
) -> tuple[tuple[PlannedLeaf, ...], dict[str, PlannedGroup]]:
    placed = list(everything(ruleset))
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
        digits, mode = rounding_of(node, ruleset)
        planned.append(
            PlannedLeaf(
                index=own,
                leaf=node,
                pointer=pointer,
                quanta=int(node.points.scaleb(ruleset.rounding.leaf)),
                digits=digits,
                mode=mode,
                unit=10 ** (ruleset.rounding.leaf - digits),
                shape=_shape(node, pointer, ruleset, call),
                applies=call(applies_pointer(pointer)) if node.applies else None,
                recipients=tuple(sorted({index for id in to for index in below(nodes[id])} - {own})),
                undefined=None if node.undefined is None else Fraction(node.undefined.share),
                calls=tuple(call(site.pointer) for site in sites_of_leaf(node, pointer)),
            )
        )
    return tuple(planned), groups


def rounding_of(leaf: Leaf, ruleset: Ruleset) -> tuple[int, Mode]:
    """Decimals and mode of a leaf's award."""
    own = leaf.rounding
    return (ruleset.rounding.leaf if own is None else own.digits), (own and own.mode) or ruleset.rounding.mode


def _shape(leaf: Leaf, pointer: str, ruleset: Ruleset, call: Callable[[str], Call]) -> Shape:
    shape = method_of(leaf.method).shape
    return shape(
        leaf.method, Fraction(leaf.points), ruleset.rounding.mode, lambda step: call(f"{pointer}/method{step}")
    )

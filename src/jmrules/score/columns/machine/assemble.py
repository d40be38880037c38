"""A plan's leaves as a program of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.feel.tree import Name
from jmrules.feel.vectors.vectors import NotColumnar
from jmrules.plan.model import MeanCompletion
from jmrules.score.columns.machine.lower import Lowering
from jmrules.score.columns.machine.methods import lower_leaf

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from jmrules.feel.tree import Node
    from jmrules.plan.model import Plan
    from jmrules.score.columns.machine.feed import Feed
    from jmrules.score.columns.machine.lower import Code


@frozen(eq=False)
class Machine:
    """A program, and what it is about."""

    code: Code
    #: indexes of the leaves that it scores
    leaves: Set[int]
    #: (list, field) of the items that it looks at
    fields: Set[tuple[str, str]]


def assemble(plan: Plan, trees: Mapping[str, Node], feed: Feed) -> Machine:
    """The program for columns like those of a feed."""
    ruleset = plan.ruleset
    made = Lowering(
        {name: (kind, instruction) for name, kind, instruction in feed.loads},
        {name: (number, {id: (place, bounds) for id, place, bounds in fields}) for name, number, fields in feed.lists},
        trees,
        frozenset(trees) | {each.id for each in ruleset.facts},
    )
    for _, kind, instruction in feed.loads:
        made.emit(instruction, kind)
    leaves: set[int] = set()
    fields: set[tuple[str, str]] = set()
    # who is excluded changes the points of others: the vectors tell those apart
    fixed = all(leaf.leaf.applies is None or leaf.leaf.applies.otherwise != "exclude" for leaf in plan.leaves)
    for leaf in plan.leaves if fixed else ():
        mark = made.mark()
        try:
            lower_leaf(made, leaf, ruleset.rounding.mode)
        except NotColumnar:
            made.forget(mark)
            continue
        leaves.add(leaf.index)
        if isinstance(leaf.method, MeanCompletion) and isinstance(items := leaf.method.items.expression.tree, Name):
            fields |= {(items.name, leaf.method.target), (items.name, leaf.method.actual)}
    return Machine(made.finished(), leaves, fields)

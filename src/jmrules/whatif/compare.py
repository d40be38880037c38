"""The score before and after changes to the facts."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.brief import brief
from jmrules.errors import FactsError, Place, Text
from jmrules.evaluation import evaluate
from jmrules.facts import bind, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.whatif.changes import Change, changed_facts
from jmrules.whatif.paths import FactPath, called, check_indexes, declaration_of, label_of, parse_path, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.errors import Problem
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset


@frozen
class NodeChange:
    """An indicator before and after: points on the sheet, which exclusions may move, and award."""

    id: str
    label: Text
    depth: int
    #: whether it is scored, rather than a sum
    leaf: bool
    points: tuple[Decimal, Decimal]
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        """How many points more it earns."""
        return self.after - self.before


@frozen(eq=False)
class WhatIf:
    """The score before and after some changes."""

    changes: tuple[Change, ...]
    before: Evaluation
    after: Evaluation

    def __repr__(self) -> str:
        return brief(self, f"{len(self.changes)} changes", f"total {self.before.total:f} to {self.after.total:f}")

    @property
    def change(self) -> Decimal:
        """How much the total changes, as rules limit it."""
        return self.after.total - self.before.total

    @property
    def nodes(self) -> tuple[NodeChange, ...]:
        """Every indicator, parents first, in document order."""
        return tuple(_nodes(self.before, self.after))

    @property
    def changed(self) -> tuple[NodeChange, ...]:
        """The scored indicators whose award or points change."""
        return tuple(node for node in self.nodes if node.leaf and (node.change or node.points[0] != node.points[1]))


def what_if(ruleset: Ruleset, facts: Facts | Mapping[str, Any], changes: Mapping[str | FactPath, Any]) -> WhatIf:
    """Score a department as it is, and as it would be.

    Args:
        ruleset: a loaded ruleset.
        facts: as for ``evaluate``; all must be known.
        changes: from the place of a value, such as ``added_mid_year`` or ``projects[2].outturn`` (items count from 1), to the
            new value: plain, in the declared unit, or a fact object with a unit of its own. A whole list can be set too.

    Raises:
        FactsError: the facts, or the facts after the changes, do not fit the ruleset; or a change names no place in them.
        EvaluationError: there is no score before, or none after.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    paths = paths_of(ruleset, changes)
    before = evaluate(ruleset, facts)
    try:
        after_facts = changed_facts(facts, paths)
        after = evaluate(ruleset, after_facts)
    except FactsError as error:
        # No file holds the changed facts, so lines and columns would mislead.
        raise FactsError([each.at(Place(None, each.place.pointer)) for each in error.problems]) from None
    with localcontext(EXACT):
        old, new = bind(ruleset, facts), bind(ruleset, after_facts)
    made = tuple(
        Change(
            path,
            label_of(ruleset, path),
            declaration_of(ruleset, path).unit,
            value_at(ruleset, old, path),
            value_at(ruleset, new, path),
            called(declaration_of(ruleset, path)),
        )
        for path in paths
    )
    return WhatIf(made, before, after)


def paths_of(ruleset: Ruleset, changes: Mapping[str | FactPath, Any]) -> dict[FactPath, Any]:
    """The changes by their paths; every name that is wrong at once."""
    found: dict[FactPath, Any] = {}
    problems: list[Problem] = []
    for name, value in changes.items():
        try:
            path = parse_path(name) if isinstance(name, str) else name
            declaration_of(ruleset, path)
            check_indexes(ruleset, path)
            found[path] = value
        except FactsError as error:
            problems += error.problems
    if problems:
        raise FactsError(problems)
    return found


def _nodes(before: Evaluation, after: Evaluation) -> Iterator[NodeChange]:
    plan = before.plan
    digits = -plan.ruleset.rounding.leaf

    def points(evaluation: Evaluation, indexes: tuple[int, ...]) -> Decimal:
        return Decimal(sum(evaluation.outcome.allocation.quanta[index] for index in indexes)).scaleb(digits)

    def award(evaluation: Evaluation, indexes: tuple[int, ...]) -> Decimal:
        return Decimal(sum(evaluation.outcome.awards[index] for index in indexes)).scaleb(digits)

    def of(children: tuple[int | str, ...], depth: int) -> Iterator[NodeChange]:
        for child in children:
            leaf = isinstance(child, int)
            node = plan.leaves[child].leaf if isinstance(child, int) else plan.groups[child].group
            below = (child,) if isinstance(child, int) else plan.groups[child].leaves
            moved = points(before, below), points(after, below)
            yield NodeChange(node.id, node.label, depth, leaf, moved, award(before, below), award(after, below))
            if isinstance(child, str):
                yield from of(plan.groups[child].children, depth + 1)

    yield from of(plan.roots, 0)

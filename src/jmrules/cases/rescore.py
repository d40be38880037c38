"""Score again only what a change can reach: the values that depend on it, and the leaves that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import JmrulesError
from jmrules.plan.model import Derive
from jmrules.score.exact.evaluate import Exact, careful_program
from jmrules.score.exact.read import Poison, careful
from jmrules.score.sheet import earn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jmrules.methods.shares import Share
    from jmrules.plan.model import Call, Plan, PlannedLeaf


@frozen(eq=False)
class Rescored:
    """What came of one leaf."""

    #: None where that could not be decided
    applies: bool | None
    #: why its value is undefined
    cause: JmrulesError | None
    share: Share
    #: in quanta
    award: int


class Rescoring:
    """A plan, and what depends on what in it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._derives = [step for step in plan.first if isinstance(step, Derive)]
        self._reads = {step.derived.id: _heads((step.call,)) for step in self._derives}
        self._leaf_reads = [_heads((*leaf.calls, *((leaf.applies,) if leaf.applies else ()))) for leaf in plan.leaves]
        self._careful: dict[str, Any] = {step.derived.id: careful(step.call, plan) for step in self._derives}

    @property
    def alone(self) -> bool:
        """Whether no expression reads a score, so that a leaf can be scored by itself."""
        return not self.plan.score_slots and not any(isinstance(step, Derive) for step in self.plan.then)

    def reached(self, names: Iterable[str]) -> tuple[set[str], list[PlannedLeaf]]:
        """The derived values and the leaves that depend on facts or derived values of these names, or have them as ids."""
        dirty = set(names)
        for id, reads in self._reads.items():
            # In dependency order, so that once through is enough.
            if reads & dirty:
                dirty.add(id)
        leaves = [
            leaf
            for leaf, reads in zip(self.plan.leaves, self._leaf_reads, strict=True)
            if leaf.leaf.id in dirty or reads & dirty
        ]
        return dirty & self._reads.keys(), leaves

    def moves_points(self, leaf: PlannedLeaf, derived: set[str]) -> bool:
        """Whether these derived values decide if the leaf leaves the sheet, and with it whose points are whose."""
        if leaf.applies is None or not leaf.leaves_the_sheet:
            return False
        return bool(_heads((leaf.applies,)) & derived)

    def slots(self, slots: Sequence[Any], derived: set[str]) -> list[Any]:
        """The slots with these derived values computed again."""
        changed = list(slots)
        for step in self._derives:
            if step.derived.id in derived:
                try:
                    changed[step.slot] = self._careful[step.derived.id](changed)
                except JmrulesError as error:
                    changed[step.slot] = Poison(error)
        return changed

    def leaf(self, leaf: PlannedLeaf, slots: Sequence[Any], quanta: int) -> Rescored:
        """Score a leaf on ``quanta`` points; raises the error of a leaf that does not say what it earns when undefined."""
        sheet = Exact(self.plan, careful_program(self.plan), slots)
        sheet.points = {leaf.index: quanta}
        case = sheet.always if leaf.applies is None else sheet.applies(leaf)
        if not earn(sheet, leaf, case):
            raise sheet.causes[leaf.index]
        index = leaf.index
        return Rescored(sheet.states[index], sheet.causes.get(index), sheet.shares[index], sheet.awards[index])


def _heads(calls: Iterable[Call]) -> frozenset[str]:
    return frozenset(name[0] for call in calls for name in call.expression.names)

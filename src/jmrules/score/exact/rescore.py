"""Score again only what a change can reach: the values that depend on it, and the leaves that read them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.errors import JmrulesError
from jmrules.methods.shapes import Mean
from jmrules.plan import Derive
from jmrules.score.exact.completion import remembering
from jmrules.score.exact.evaluate import Exact, careful_program, quick_program
from jmrules.score.exact.read import Poison, careful, quick
from jmrules.score.exact.result import Outcome, Scored, slots_of
from jmrules.score.sheet import earn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Set

    from jmrules.methods.shares import Share
    from jmrules.plan import Call, Plan, PlannedLeaf
    from jmrules.score.exact.evaluate import Program


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


_Reach = tuple[list[tuple[int, "Callable[[Sequence[Any]], Any]"]], list["PlannedLeaf"]]


class Rescoring:
    """A plan, and what depends on what in it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._reaches: dict[frozenset[int], _Reach | None] = {}
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

    def moves_points(self, leaf: PlannedLeaf, derived: Set[str]) -> bool:
        """Whether these facts or derived values decide if the leaf leaves the sheet, and with it whose points are whose."""
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

    def near(self, base: Scored, values: Mapping[int, Any]) -> Scored | None:
        """The score where facts in these slots have other values, before any rule limits it.

        None: the whole sheet must be scored to tell, as where points may move or something is undefined.
        """
        reach = self._reach(frozenset(values))
        outcome = base.outcome
        if reach is None or not self._sound(outcome, reach):
            return None
        slots = list(slots_of(outcome))
        for slot, value in values.items():
            slots[slot] = value
        sheet = Exact(self.plan, self._program, slots)
        sheet.states, sheet.shares = list(outcome.applies), list(outcome.shares)
        sheet.awards, sheet.allocation = list(outcome.awards), outcome.allocation
        sheet.points, sheet.causes = outcome.allocation.quanta, dict(outcome.causes)
        derived, leaves = reach
        try:
            for slot, function in derived:
                slots[slot] = function(slots)
            for leaf in leaves:
                if not earn(sheet, leaf, sheet.always if leaf.applies is None else sheet.applies(leaf)):
                    return None
        except JmrulesError:
            return None
        total, grade = sheet.total(frozenset())
        came = Outcome(
            tuple(slots), tuple(sheet.states), tuple(sheet.shares), tuple(sheet.awards), sheet.allocation, sheet.causes
        )
        return Scored(total, grade, self.plan, base.given, came)

    def _sound(self, outcome: Outcome, reach: _Reach) -> bool:
        """Whether nothing that is reached is undefined, or reads what is."""
        derived, leaves = reach
        if any(leaf.index in outcome.causes for leaf in leaves):
            return False
        slots = slots_of(outcome)
        undefined = {step.derived.id for step in self._derives if type(slots[step.slot]) is Poison}
        if not undefined:
            return True
        reached = {slot for slot, _ in derived}
        reads = [self._reads[step.derived.id] | {step.derived.id} for step in self._derives if step.slot in reached]
        return not any(undefined & read for read in (*reads, *(self._leaf_reads[leaf.index] for leaf in leaves)))

    def _reach(self, slots: frozenset[int]) -> _Reach | None:
        """What facts in these slots reach; None where points may move."""
        if slots not in self._reaches:
            names = {self.plan.ruleset.facts[slot].id for slot in slots}
            derived, leaves = self.reached(names)
            steps = [step.slot for step in self._derives if step.derived.id in derived]
            functions = dict(self._program.first)
            moves = not self.alone or any(self.moves_points(leaf, derived | names) for leaf in leaves)
            self._reaches[slots] = None if moves else ([(slot, functions[slot]) for slot in steps], leaves)
        return self._reaches[slots]

    @cached_property
    def _program(self) -> Program:
        """The plan read quickly; how far an item of a list is met is remembered, as most items stay as they are."""
        program = quick_program(self.plan)
        shares = list(program.shares)
        for leaf in self.plan.leaves:
            if isinstance(leaf.shape, Mean):
                shares[leaf.index] = remembering(leaf.shape, quick(leaf.shape.items, self.plan))
        return evolve(program, shares=tuple(shares))

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

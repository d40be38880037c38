"""Leaves that are not scored by columns: one department at a time, by the functions of the exact backend."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, Undefined
from jmrules.facts.careful import bind_carefully
from jmrules.feel import CONTEXT
from jmrules.plan.model import Derive
from jmrules.score.exact.evaluate import careful_program
from jmrules.score.exact.read import Poison, careful
from jmrules.score.exact.shares import Share, truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from jmrules.feel.vectors.vectors import Array
    from jmrules.plan.model import Plan, PlannedLeaf


def row_of(columns: Mapping[str, pa.Array], row: int) -> dict[str, Any]:
    """The facts of a department as plain values; a null is left out, as an absent fact is."""
    return {name: _plain(array[row].as_py()) for name, array in columns.items() if array[row].is_valid}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [
            item if item is None else {name: part for name, part in item.items() if part is not None} for item in value
        ]
    return value


class LeafReader:
    """Reads single departments of a run; the last one is kept, since its leaves are asked for one after another."""

    def __init__(self, plan: Plan, columns: Mapping[str, pa.Array]) -> None:
        self._plan, self._columns = plan, columns
        self._known: dict[int, list[Any]] = {}

    def _slots(self, row: int) -> list[Any]:
        """The department's facts and the derived values that read no scores."""
        slots = self._known.get(row)
        if slots is None:
            plan = self._plan
            values, problems = bind_carefully(plan.ruleset, row_of(self._columns, row))
            assert not problems
            slots = values + [None] * (plan.slot_count - len(values))
            for slot, function in careful_program(plan).first:
                slots[slot] = _value(function, slots)
            self._known[row] = slots
        return slots

    def applies(self, leaf: PlannedLeaf, row: int) -> int:
        """1, 0, or -1 where the condition has no truth value; raises LimitError where it takes too much work."""
        assert leaf.applies is not None
        with localcontext(CONTEXT):
            try:
                return int(truth(careful(leaf.applies, self._plan)(self._slots(row))))
            except Undefined:
                return -1

    def share(self, leaf: PlannedLeaf, row: int, scores: Mapping[int, tuple[Array, Array]]) -> Share | None:
        """The share of a leaf; None where it is undefined. ``scores`` are awarded and points by number of the score slot.

        Raises LimitError where it takes too much work.
        """
        plan, digits = self._plan, -self._plan.ruleset.rounding.leaf
        with localcontext(CONTEXT):
            slots = list(self._slots(row))
            for number, ((_, what), slot) in enumerate(plan.score_slots.items()):
                awarded, points = (Decimal(int(each[row] if each.size > 1 else each[0])) for each in scores[number])
                rate = awarded / points if points else None
                slots[slot] = {"points": points.scaleb(digits), "awarded": awarded.scaleb(digits), "rate": rate}[what]
            program = careful_program(plan)
            for step in plan.then:
                if isinstance(step, Derive):
                    slots[step.slot] = _value(program.late[step.slot], slots)
            try:
                return program.shares[leaf.index](slots)
            except Undefined:
                return None


def _value(function: Any, slots: list[Any]) -> Any:
    try:
        return function(slots)
    except JmrulesError as error:
        return Poison(error)

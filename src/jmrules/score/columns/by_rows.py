"""What floats leave in doubt, and leaves that are not scored by columns: one department at a time, by the functions of the exact backend."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jmrules.errors import JmrulesError, Undefined
from jmrules.facts import domain_of
from jmrules.feel import EXACT, divide
from jmrules.methods.shares import Share, truth
from jmrules.plan import Derive
from jmrules.score.exact.evaluate import careful_program, quick_program
from jmrules.score.exact.read import Poison, careful, quick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.feel.vectors import Array
    from jmrules.plan import Call, Plan, PlannedLeaf

    #: awarded and points of the departments, by number of the score slot
    Scores = Mapping[int, tuple[Array, Array]]


def row_of(columns: Mapping[str, pa.Array], row: int) -> dict[str, Any]:
    """The facts of a department as plain values; a null is left out, as an absent fact is."""
    return {name: _python(array, row) for name, array in columns.items() if array[row].is_valid}


def _python(array: pa.Array, row: int) -> Any:
    try:
        return _plain(array[row].as_py())
    except (OverflowError, ValueError):
        # a day that Python's calendar does not have: facts are read from its text; a list that holds one is refused there
        text = pa.types.is_date(array.type)
        return array.slice(row, 1).cast(pa.string())[0].as_py() if text else f"{array.type} (9999-12-31 < …)"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [
            item if item is None else {name: part for name, part in item.items() if part is not None} for item in value
        ]
    return value


class LeafReader:
    """Reads single departments of a run whose facts are known to fit; what was read of one is kept."""

    def __init__(self, plan: Plan, columns: Mapping[str, pa.Array]) -> None:
        self.plan = plan
        self.facts = [(each, columns[each.id]) for each in plan.ruleset.facts]
        steps = [*plan.first, *(step for step in plan.then if isinstance(step, Derive))]
        self.derived = {step.slot: step.call for step in steps}
        self.score_slots = {slot: (number, what) for number, ((_, what), slot) in enumerate(plan.score_slots.items())}
        self.scores: Scores = {}
        self._known: dict[int, _Slots] = {}

    def _slots(self, row: int) -> _Slots:
        if row not in self._known:
            self._known[row] = _Slots(self, row)
        return self._known[row]

    def applies(self, leaf: PlannedLeaf, row: int) -> int:
        """1, 0, or -1 where the condition has no truth value; raises LimitError where it takes too much work."""
        assert leaf.applies is not None
        with localcontext(EXACT):
            try:
                return int(truth(self.value(leaf.applies, self._slots(row))))
            except Undefined:
                return -1

    def holds(self, call: Call, row: int) -> bool:
        """Whether a condition on facts certainly holds."""
        with localcontext(EXACT):
            try:
                return self.value(call, self._slots(row)) is True
            except JmrulesError:
                return False

    def share(self, leaf: PlannedLeaf, row: int, scores: Scores) -> Share | None:
        """The share of a leaf; None where it is undefined. Raises LimitError where it takes too much work."""
        slots, self.scores = self._slots(row), scores
        with localcontext(EXACT):
            try:
                return quick_program(self.plan).shares[leaf.index](slots)
            except JmrulesError:
                pass
            # as by ``value``
            try:
                return careful_program(self.plan).shares[leaf.index](slots)
            except Undefined:
                return None

    def value(self, call: Call, slots: _Slots) -> Any:
        """The value of an expression. The quick way reads every name, also those whose values are not needed."""
        try:
            return quick(call, self.plan)(slots)
        except JmrulesError:
            return careful(call, self.plan)(slots)


class _Slots(list[Any]):
    """The slots of a department, each filled when it is first read; reading one that cannot be raises why."""

    def __init__(self, reader: LeafReader, row: int) -> None:
        super().__init__([_UNREAD] * reader.plan.slot_count)
        self._reader, self._row = reader, row

    def __getitem__(self, slot: Any) -> Any:
        value = super().__getitem__(slot)
        if value is _UNREAD:
            value = self._read(slot)
        if type(value) is Poison:
            raise value.error
        return value

    def _read(self, slot: int) -> Any:
        reader, row = self._reader, self._row
        if slot in reader.score_slots:
            # not kept: what is read now may not be what counts, nor be the last word
            return self._score(*reader.score_slots[slot])
        value: Any
        if slot in reader.derived:
            try:
                value = reader.value(reader.derived[slot], self)
            except JmrulesError as error:
                value = Poison(error)
        else:
            declaration, array = reader.facts[slot]
            value = domain_of(declaration).read(array[row].as_py())
        self[slot] = value
        return value

    def _score(self, number: int, what: str) -> Any:
        digits = -self._reader.plan.ruleset.rounding.leaf
        awarded, points = (
            Decimal(int(each[self._row] if each.size > 1 else each[0])) for each in self._reader.scores[number]
        )
        if what == "rate":
            return divide(awarded, points) if points else None
        return {"points": points, "awarded": awarded}[what].scaleb(digits)


_UNREAD: Any = object()

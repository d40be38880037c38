"""Which leaves apply to which departments, and what points the others then have."""

from __future__ import annotations

from operator import mul
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from jmrules.errors import EvaluationError, LimitError
from jmrules.feel.vectors import Array, Mask, NotColumnar, either, full, mask_of, patterns
from jmrules.score.columns.shares import truth_of
from jmrules.score.sheet import Case, points_without, stated_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.plan import Plan, PlannedLeaf
    from jmrules.score.columns.by_rows import LeafReader
    from jmrules.score.columns.program import Program
    from jmrules.score.columns.sheet import Sheet


def case_of(leaf: PlannedLeaf, program: Program, sheet: Sheet, reader: LeafReader, aside: Array) -> Case[Array]:
    """Which departments a leaf that has a condition applies to; those of whom that cannot be told are set ``aside``."""
    assert leaf.applies is not None
    # 1, 0, or -1 where that is undecided
    states = np.ones(len(aside), dtype=np.int8)
    try:
        if leaf.index in program.conditions_by_rows:
            raise NotColumnar("", "")
        doubt = _decide(truth_of(leaf.applies, sheet.rows), states)
    except NotColumnar:
        doubt = np.True_
    for row in doubtful(doubt, aside).tolist():
        try:
            states[row] = reader.applies(leaf, row)
        except LimitError:
            # The department has no score; the exact backend says why.
            aside[row] = True
    return Case(mask_of(states == 1), mask_of(states == 0), mask_of(states == -1))


def set_aside_unmet(plan: Plan, sheet: Sheet, reader: LeafReader, aside: Array) -> None:
    """Set aside the departments whose facts break a constraint, or may: the exact backend says which, and why."""
    for constraint in plan.constraints:
        unsure: Mask = np.True_
        try:
            truth = truth_of(constraint.call, sheet.rows)
            unsure = either(truth.undef, truth.doubt)
            broken = full(np.logical_not(truth.holds), len(aside))
            aside |= broken if unsure is None else broken & ~full(unsure, len(aside))
        except NotColumnar:
            pass
        for row in doubtful(unsure, aside).tolist():
            aside[row] = not reader.holds(constraint.call, row)


def _decide(truth: Any, states: Array) -> Mask:
    states[:] = np.asarray(truth.holds)
    if truth.undef is not None:
        states[full(truth.undef, len(states))] = -1
    return truth.doubt


def doubtful(doubt: Mask, aside: Array) -> Array:
    """The departments in doubt that are not set aside already."""
    if doubt is None:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(full(doubt, len(aside)) & ~aside)


@frozen(eq=False)
class Quanta:
    """The points of each leaf: a row of ``table`` per pattern of excluded leaves."""

    table: tuple[tuple[int, ...], ...]
    #: of each pattern, which leaves are excluded
    excluded: tuple[tuple[bool, ...], ...]
    #: of each department; None: all have the first
    pattern: Array = None
    _columns: dict[int, Array] = field(factory=dict)

    def sums(self, rows: Array) -> list[int]:
        """Points of each leaf over the departments of a mask."""
        pattern = np.zeros(len(rows), dtype=np.int64) if self.pattern is None else self.pattern
        counts = np.bincount(pattern[rows], minlength=len(self.table)).tolist()
        # in Python's integers: over millions of departments the points may be more than 64 bits hold
        return [sum(map(mul, counts, leaf)) for leaf in zip(*self.table, strict=True)]

    def of_leaf(self, leaf: int) -> tuple[int, ...]:
        return tuple(row[leaf] for row in self.table)

    def per_row(self, leaf: int, rows: Array = None) -> Array:
        """One number, or one per department."""
        quanta = self.of_leaf(leaf)
        if self.pattern is None or len(set(quanta)) == 1:
            return np.array(quanta[:1], dtype=np.int64)
        if leaf not in self._columns:
            self._columns[leaf] = np.array(quanta, dtype=np.int64)[self.pattern]
        return self._columns[leaf] if rows is None else self._columns[leaf][rows]


def allocated(program: Program, leaving: Mapping[int, Array], aside: Array) -> Quanta:
    """Points where leaves leave the sheet, once for each pattern of them; who has no leaf left is set ``aside``."""
    plan = program.plan
    stated = stated_points(plan).quanta
    if not leaving:
        return Quanta((stated,), ((False,) * len(stated),))
    out = list(leaving)
    gone = [leaving[index] & ~aside for index in out]
    first, pattern = patterns(gone, len(aside))
    table, excluded = [], []
    for number, column in enumerate(np.stack(gone)[:, first].T):
        left = frozenset(index for index, flag in zip(out, column, strict=True) if flag)
        try:
            table.append(points_without(plan, left).quanta)
        except EvaluationError:
            aside |= pattern == number
            table.append(stated)
        excluded.append(tuple(index in left for index in range(len(stated))))
    return Quanta(tuple(table), tuple(excluded), pattern)

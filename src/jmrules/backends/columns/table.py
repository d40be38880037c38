"""Score a table of departments: Arrow in, Arrow out."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from decimal import localcontext
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from jmrules.backends.columns import kernels
from jmrules.backends.columns.by_rows import row_of
from jmrules.backends.columns.prepare import prepared
from jmrules.backends.columns.program import program_of
from jmrules.backends.columns.rational import to_whole
from jmrules.backends.columns.score import score
from jmrules.backends.exact.evaluate import run
from jmrules.errors import JmrulesError
from jmrules.facts.bind import bind
from jmrules.feel import CONTEXT
from jmrules.plan.build import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.backends.columns.program import Program
    from jmrules.backends.columns.vectors import Array
    from jmrules.backends.exact.result import Outcome
    from jmrules.ruleset.model import Ruleset

#: departments that are scored together: their columns should fit the cache
CHUNK = 65_536


@frozen(eq=False)
class Scores:
    """The scores of a table: whole numbers of quanta, and what could not be scored."""

    program: Program = field(repr=False)
    #: a row per leaf, a column per department
    awards: Array = field(repr=False)
    #: in units of the total's last decimal
    totals: Array = field(repr=False)
    #: numbers of the ruleset's grades; -1 where there is no score
    grades: Array = field(repr=False)
    #: row -> why it has no score
    errors: Mapping[int, JmrulesError]
    #: departments that only the scalar backend could score
    scalar: int
    #: scorings of a leaf that floats left in doubt
    doubtful: int

    #: points of each leaf over all departments that have a score
    points: tuple[int, ...] = field(repr=False)

    def sums(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Awarded and points of each leaf over all departments that have a score, in quanta."""
        valid = self.grades >= 0
        awards = self.awards if valid.all() else self.awards[:, valid]
        return tuple(map(int, awards.sum(axis=1, dtype=np.int64))), self.points

    def with_errors(self, errors: Mapping[int, JmrulesError]) -> Scores:
        """The same with other errors, which only may be more."""
        rows = [row for row in errors if row not in self.errors]
        grades, points = self.grades, self.points
        if rows:
            grades = grades.copy()
            grades[rows] = -1
            stated = tuple(leaf.quanta for leaf in self.program.plan.leaves)
            points = tuple(have - each * len(rows) for have, each in zip(points, stated, strict=True))
        return evolve(self, errors=errors, grades=grades, points=points)

    def group(self, id: str) -> Array:
        """The awards of a group, in quanta."""
        return self.awards[list(self.program.plan.groups[id].leaves)].sum(axis=0)


def evaluate_columns(ruleset: Ruleset, table: Any, *, threads: int | None = None, chunk: int = CHUNK) -> Scores:
    """Score every row of a table; each row's awards are those of :func:`jmrules.evaluate`, to the last digit.

    Args:
        ruleset: a loaded ruleset.
        table: anything with the Arrow PyCapsule interface (pyarrow, Polars, pandas): a column per fact, lists as list<struct>.
            Numbers are integers, float64 (the shortest decimal that reads as the double) or decimals. Other columns are ignored.
        threads: how many threads share the work; all processors unless given.
        chunk: rows that are scored together.

    Raises:
        FactsError: columns that are missing or of a type that cannot hold the fact; all of them.
    """
    program = program_of(plan_of(ruleset))
    arrow = prepared(ruleset, table)
    count = arrow.num_rows
    plan = program.plan
    largest = sum(leaf.quanta for leaf in plan.leaves)
    awards = np.zeros((len(plan.leaves), count), dtype=_narrowest(largest))
    pieces = list(_pieces(arrow, chunk))
    points: list[Array] = [np.zeros(len(plan.leaves), dtype=np.int64)]
    aside = np.zeros(count, dtype=bool)
    rounding = ruleset.rounding
    totals = np.zeros(count, dtype=_narrowest(largest * 10 ** max(0, rounding.total - rounding.leaf)))
    grades = np.zeros(count, dtype=np.int8)

    def work(piece: tuple[int, pa.RecordBatch]) -> int:
        start, batch = piece
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        end = start + batch.num_rows
        scored = score(program, columns, batch.num_rows, awards[:, start:end])
        aside[start:end] = scored.aside
        points.append(scored.points)
        totals[start:end], grades[start:end] = totals_and_grades(program, awards[:, start:end])
        return scored.doubtful

    workers = threads or os.cpu_count() or 1
    if workers > 1 and len(pieces) > 1:
        with ThreadPoolExecutor(workers) as pool:
            doubtful = sum(pool.map(work, pieces))
    else:
        doubtful = sum(map(work, pieces))
    errors = _finish(program, pieces, awards, aside, points)
    rows = np.flatnonzero(aside)
    if len(rows):
        totals[rows], grades[rows] = totals_and_grades(program, awards[:, rows])
        grades[list(errors)] = -1
    scalar = int(aside.sum()) - len(errors)
    return Scores(program, awards, totals, grades, errors, scalar, doubtful, tuple(map(int, sum(points))))


def _narrowest(largest: int) -> type[np.signedinteger[Any]]:
    """The type that holds the points of a sheet, and that Arrow's decimals of that many digits are made of."""
    return np.int32 if largest < 10**9 else np.int64


def _pieces(table: pa.Table, chunk: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    start = 0
    for batch in table.to_batches(max_chunksize=chunk):
        if batch.num_rows:
            yield start, batch
            start += batch.num_rows


def _finish(
    program: Program, pieces: list[tuple[int, pa.RecordBatch]], awards: Array, aside: Array, points: list[Array]
) -> dict[int, JmrulesError]:
    """Score the departments set aside one by one; why those that have no score have none."""
    plan = program.plan
    errors: dict[int, JmrulesError] = {}
    for start, batch in pieces:
        rows = np.flatnonzero(aside[start : start + batch.num_rows])
        if not len(rows):
            continue
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        for row in rows:
            try:
                outcome = scalar_outcome(plan.ruleset, row_of(columns, int(row)))
                awards[:, start + row] = outcome.awards
                points.append(np.array(outcome.allocation.quanta, dtype=np.int64))
            except JmrulesError as error:
                awards[:, start + row] = 0
                errors[start + int(row)] = error
    return errors


def scalar_outcome(ruleset: Ruleset, facts: Mapping[str, Any]) -> Outcome:
    """The scoring of one department by the exact backend; raises as :func:`jmrules.evaluate`."""
    with localcontext(CONTEXT):
        return run(plan_of(ruleset), bind(ruleset, facts), facts).outcome


def totals_and_grades(program: Program, awards: Array) -> tuple[Array, Array]:
    """Rounded totals in units of their last decimal, and numbers of grades."""
    rounding = program.plan.ruleset.rounding
    count = awards.shape[1]
    sums, grades = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int8)
    factor = 10 ** abs(rounding.total - rounding.leaf)
    if rounding.total >= rounding.leaf:
        # a grade's cut in units of the total lies in the same place in quanta
        kernels.totals(awards, -(-program.grade_cuts // factor), program.grade_codes, sums, grades)
        return sums * factor if factor > 1 else sums, grades
    kernels.totals(awards, program.grade_cuts[:1], program.grade_codes[:1], sums, grades)
    totals, _ = to_whole(sums, np.int64(factor), rounding.mode)
    place = np.searchsorted(program.grade_cuts, totals, side="right") - 1
    # a department that is set aside may hold anything
    return totals, program.grade_codes[np.maximum(place, 0)]

"""Score a table of departments: Arrow in, Arrow out."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from decimal import localcontext
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from jmrules.errors import FactsError, JmrulesError
from jmrules.evaluation import run
from jmrules.facts import MissingFact, bind, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.plan import plan_of
from jmrules.rules.columns import Filled, score, unknown
from jmrules.ruleset import setting_facts, unequal
from jmrules.score import most_sum
from jmrules.score.columns import prepared, program_of, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jmrules.evaluation import Evaluation
    from jmrules.feel.vectors import Array
    from jmrules.rules.columns import Found
    from jmrules.ruleset import Ruleset
    from jmrules.score.columns import Program

#: departments that are scored together: fewer cost more overhead, more cost more memory
CHUNK = 32_768


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
    #: scorings of a leaf done by columns that the exact backend had to do again
    doubtful: int

    #: points of each leaf over all departments that have a score
    points: tuple[int, ...] = field(repr=False)
    #: ids of the rules that fire for each department; None where not asked for
    findings: Found | None = field(repr=False, default=None)

    def sums(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Awarded and points of each leaf over all departments that have a score, in quanta."""
        valid = self.grades >= 0
        awards = self.awards if valid.all() else self.awards[:, valid]
        return tuple(map(exact_sum, awards)), self.points

    def group(self, id: str) -> Array:
        """The awards of a group, in quanta."""
        return self.awards[list(self.program.plan.groups[id].leaves)].sum(axis=0)


@frozen(eq=False)
class _Alike:
    """Rows that set the same points, and the ruleset with those."""

    ruleset: Ruleset
    rows: Array
    #: they do not add up: the exact backend says how
    wrong: bool


def evaluate_columns(
    ruleset: Ruleset, table: Any, *, threads: int | None = None, chunk: int = CHUNK, findings: bool = False,
    refused: Mapping[int, JmrulesError] | None = None,
) -> Scores:  # fmt: skip
    """Score every row of a table; each row's awards are those of :func:`jmrules.evaluate`, to the last digit.

    Args:
        ruleset: a loaded ruleset.
        table: anything with the Arrow PyCapsule interface (pyarrow, Polars, pandas): a column per fact, lists as list<struct>.
            Numbers are integers, float64 (the shortest decimal that reads as the double) or decimals. Other columns are ignored.
        threads: how many threads share the work; all processors unless given.
        chunk: rows that are scored together.
        findings: also which rules fire. A row of which a signal cannot be decided then has an error. Rules that look at the
            indicators as a list, or at bounds, are decided row by row.
        refused: rows that have no score whatever the table says, and why.

    Raises:
        FactsError: columns that are missing or of a type that cannot hold the fact; all of them.
    """
    if not setting_facts(ruleset):
        return _columns(ruleset, table, threads, chunk, findings, refused)
    arrow = prepared(ruleset, table)
    return _together_again(ruleset, arrow, [
        (alike, _columns(alike.ruleset, arrow.take(alike.rows), threads, chunk, findings, _of_rows(refused, alike.rows), alike.wrong))
        for alike in _by_points(ruleset, arrow)
    ])  # fmt: skip


def _by_points(ruleset: Ruleset, arrow: pa.Table) -> list[_Alike]:
    """The rows, by the points that they set for indicators."""
    names = [fact.id for fact in ruleset.facts if fact.id in setting_facts(ruleset)]
    codes = [
        np.asarray(arrow.column(name).combine_chunks().dictionary_encode().indices.fill_null(-1)) for name in names
    ]
    _, first, which = np.unique(np.stack(codes), axis=1, return_index=True, return_inverse=True)
    found = []
    for number, row in enumerate(first.tolist()):
        facts = {name: arrow.column(name)[row].as_py() for name in names}
        alike = ruleset_for_facts(ruleset, {name: value for name, value in facts.items() if value is not None})
        found.append(_Alike(alike, np.flatnonzero(which.reshape(-1) == number), any(unequal(alike))))
    return found


def _of_rows(refused: Mapping[int, JmrulesError] | None, rows: Array) -> dict[int, JmrulesError]:
    place = {row: at for at, row in enumerate(rows.tolist())}
    return {place[row]: error for row, error in (refused or {}).items() if row in place}


def _together_again(ruleset: Ruleset, arrow: pa.Table, found: list[tuple[_Alike, Scores]]) -> Scores:
    """Scores of some rows each as those of the table."""
    whole = _columns(ruleset, arrow.slice(0, 0), 1, CHUNK, any(each.findings is not None for _, each in found), None)
    count = arrow.num_rows
    wide = [
        np.result_type(whole.awards, *(each.awards for _, each in found)),
        np.result_type(whole.totals, *(each.totals for _, each in found)),
    ]
    awards, totals = np.zeros((len(whole.awards), count), dtype=wide[0]), np.zeros(count, dtype=wide[1])
    grades, errors = np.full(count, -1, dtype=np.int8), dict[int, JmrulesError]()
    fired: Found | None = None if whole.findings is None else [None] * count
    for alike, each in found:
        awards[:, alike.rows], totals[alike.rows], grades[alike.rows] = each.awards, each.totals, each.grades
        errors |= {int(alike.rows[at]): error for at, error in each.errors.items()}
        if fired is not None and each.findings is not None:
            for row, rules in zip(alike.rows.tolist(), each.findings, strict=True):
                fired[row] = rules
    return Scores(
        whole.program, awards, totals, grades, dict(sorted(errors.items())), sum(each.scalar for _, each in found),
        sum(each.doubtful for _, each in found), tuple(map(sum, zip(whole.points, *(each.points for _, each in found), strict=True))), fired,
    )  # fmt: skip


def _columns(
    ruleset: Ruleset, table: Any, threads: int | None, chunk: int, findings: bool, refused: Mapping[int, JmrulesError] | None,
    one_by_one: bool = False,
) -> Scores:  # fmt: skip
    """Score the rows of a table that set the same points, if any; ``one_by_one``: by the exact backend alone."""
    program = program_of(plan_of(ruleset))
    arrow = prepared(ruleset, table)
    count = arrow.num_rows
    plan = program.plan
    largest = max(sum(leaf.quanta for leaf in plan.leaves), most_sum(plan))
    awards = np.empty((len(plan.leaves), count), dtype=_narrowest(largest))
    pieces = list(_pieces(arrow, chunk))
    points: list[Sequence[int]] = [[0] * len(plan.leaves)]
    aside = np.zeros(count, dtype=bool)
    rounding = ruleset.rounding
    totals = np.empty(count, dtype=_narrowest(largest * 10 ** max(0, rounding.total - rounding.leaf)))
    grades = np.empty(count, dtype=np.int8)
    filled = Filled(awards, totals, grades)
    barred = np.zeros(count, dtype=bool)
    barred[list(refused or ())] = True
    found: Found | None = [None] * count if findings else None
    if one_by_one:
        barred[:] = True

    def work(piece: tuple[int, pa.RecordBatch]) -> int:
        start, batch = piece
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        end = start + batch.num_rows
        scored = score(program, columns, slice(start, end), filled, refused=barred[start:end], findings=findings)
        if found is not None and scored.findings is not None:
            found[start:end] = scored.findings
        aside[start:end] = scored.aside
        points.append(scored.points)
        return scored.doubtful

    workers = threads or os.cpu_count() or 1
    if workers > 1 and len(pieces) > 1:
        with ThreadPoolExecutor(workers) as pool:
            doubtful = sum(pool.map(work, pieces))
    else:
        doubtful = sum(map(work, pieces))
    scores = Scores(program, awards, totals, grades, {}, 0, doubtful, (), found)
    errors = _finish(scores, pieces, aside, points, refused or {})
    alone = int(aside.sum()) - sum(map(bool, aside[list(errors)]))
    return evolve(scores, errors=errors, scalar=alone, points=tuple(map(sum, zip(*points, strict=True))))


def exact_sum(values: Array) -> int:
    """The sum of whole numbers, which over many departments may be more than 64 bits hold."""
    high = values.astype(np.int64) >> 32
    low = values.astype(np.int64) & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


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
    scores: Scores, pieces: list[tuple[int, pa.RecordBatch]], aside: Array, points: list[Sequence[int]],
    refused: Mapping[int, JmrulesError],
) -> dict[int, JmrulesError]:  # fmt: skip
    """Score the departments set aside one by one; why those that have no score have none."""
    errors: dict[int, JmrulesError] = {}
    for start, batch in pieces:
        end = start + batch.num_rows
        rows = np.flatnonzero(aside[start:end])
        if scores.findings is not None:
            rows = np.array(unknown(scores.findings[start:end], aside[start:end]), dtype=np.int64)
        if not len(rows):
            continue
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        for row in rows.tolist():
            at = start + row
            counted = not aside[at]
            evaluation, error = _one(scores, row_of(columns, row), at, refused.get(at))
            if error is not None:
                errors[at] = error
                scores.awards[:, at], scores.totals[at], scores.grades[at] = 0, 0, -1
            if evaluation is not None and counted is not (error is None):
                quanta = evaluation.outcome.allocation.quanta
                points.append([-each for each in quanta] if counted else quanta)
    return errors


def _one(
    scores: Scores, facts: Mapping[str, Any], at: int, refused: JmrulesError | None
) -> tuple[Evaluation | None, JmrulesError | None]:
    """Score a department by the exact backend into its place; or why it has no score."""
    plan = scores.program.plan
    try:
        evaluation = scalar(plan.ruleset, facts)
    except JmrulesError as error:
        return None, error if refused is None else _together(refused, error)
    if refused is not None:
        return evaluation, refused
    scores.awards[:, at] = evaluation.outcome.awards
    scores.totals[at] = int(evaluation.total.scaleb(plan.ruleset.rounding.total))
    scores.grades[at] = plan.ruleset.grades.index(evaluation.grade)
    if scores.findings is not None:
        try:
            scores.findings[at] = tuple(dict.fromkeys(finding.rule for finding in evaluation.findings))
        except JmrulesError as error:
            return evaluation, error
    return evaluation, None


def _together(refused: JmrulesError, other: JmrulesError) -> JmrulesError:
    """Both errors; that a fact which was refused is missing then, need not be said."""
    facts = {(problem.place.pointer or "").strip("/") for problem in refused.problems}
    more = (
        problem for problem in other.problems
        if not isinstance(problem, MissingFact) or problem.fact not in facts
    )  # fmt: skip
    return FactsError([*refused.problems, *more])


def scalar(ruleset: Ruleset, facts: Mapping[str, Any]) -> Evaluation:
    """The score of one department by the exact backend; raises as :func:`jmrules.evaluate`."""
    with localcontext(EXACT):
        return run(plan_of(ruleset), bind(ruleset, facts), facts)

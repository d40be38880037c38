"""One chunk of departments: its columns as facts, its scores, its rejects, and what the summary needs of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from jmrules.backends.columns import evaluate_columns
from jmrules.backends.columns.output import scores_table
from jmrules.batch.lists import as_text
from jmrules.batch.text import typed
from jmrules.errors import FactsError, JmrulesError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.backends.columns import Scores
    from jmrules.batch.mapping import Columns
    from jmrules.errors import Language, Problem
    from jmrules.ruleset.model import Ruleset


@frozen
class Reject:
    """A department that has no score."""

    #: counted from 1 in the file, without its head
    row: int
    key: str | None
    problems: tuple[Problem, ...]


@frozen
class Tally:
    """What a summary adds up: whole numbers of quanta, so that sums are exact."""

    scored: int
    rejected: int
    #: total, in units of its last decimal -> departments
    totals: Counter[int]
    #: by number of the grade
    grades: Counter[int]
    #: per leaf, over all departments
    awarded: tuple[int, ...]
    points: tuple[int, ...]
    #: departments at either end: (total, row, key)
    best: tuple[tuple[int, int, str | None], ...] = ()
    worst: tuple[tuple[int, int, str | None], ...] = ()


@frozen
class Chunk:
    """A chunk, scored."""

    table: pa.Table = field(repr=False)
    rejects: tuple[Reject, ...]
    tally: Tally
    keys: Any = field(repr=False, default=None)


#: departments named at each end
ENDS = 10


def facts_of(
    ruleset: Ruleset, raw: pa.Table, columns: Columns, lists: Mapping[str, Any], *, is_text: bool
) -> tuple[pa.Table, dict[int, list[Problem]]]:
    """The facts' columns of a chunk, and what is wrong in which row."""
    arrays, names = [], []
    problems: dict[int, list[Problem]] = {}
    for declaration in ruleset.facts:
        if declaration.id in lists:
            arrays.append(lists[declaration.id])
        elif declaration.id in columns.facts:
            column = raw.column(columns.facts[declaration.id])
            if is_text:
                column, wrong = typed(declaration, column)
                for row, problem in wrong.items():
                    problems.setdefault(row, []).append(problem)
            arrays.append(column)
        else:
            continue
        names.append(declaration.id)
    if not arrays:
        return pa.table({"": pa.nulls(raw.num_rows)}), problems
    return pa.table(arrays, names=names), problems


def score_chunk(
    ruleset: Ruleset,
    raw: pa.Table,
    columns: Columns,
    facts: pa.Table,
    problems: Mapping[int, list[Problem]],
    *,
    start: int,
    language: Language,
    threads: int | None,
    findings: bool = False,
) -> Chunk:
    """Score a chunk whose first department is row ``start`` (from 0) of the file."""
    refused = {row: FactsError(found) for row, found in problems.items()}
    scores = evaluate_columns(ruleset, facts, threads=threads, findings=findings, refused=refused)
    errors = scores.errors
    table = scores_table(scores, language)
    keys = None if columns.key is None else as_text(raw.column(columns.key)).combine_chunks()
    kept = {name: keys if name == columns.key else raw.column(name) for name in columns.kept}
    if not kept:
        kept = {"row": pa.array(np.arange(start + 1, start + 1 + raw.num_rows))}
    made = pa.table([*kept.values(), *table.columns], names=[*kept, *table.column_names])
    rejects = tuple(
        Reject(start + row + 1, None if keys is None else keys[row].as_py(), _problems(error))
        for row, error in sorted(errors.items())
    )
    return Chunk(made, rejects, _tally(scores, start, keys), keys)


def _problems(error: JmrulesError) -> tuple[Problem, ...]:
    return error.problems


def _tally(scores: Scores, start: int, keys: Any) -> Tally:
    valid = scores.grades >= 0
    totals = scores.totals[valid]
    units, counts = np.unique(totals, return_counts=True)
    grades, grade_counts = np.unique(scores.grades[valid], return_counts=True)
    rows = np.flatnonzero(valid)
    order = np.argsort(totals, kind="stable")

    def named(places: Any) -> tuple[tuple[int, int, str | None], ...]:
        return tuple(
            (int(totals[place]), start + int(rows[place]) + 1, None if keys is None else keys[int(rows[place])].as_py())
            for place in places
        )

    best = np.argsort(-totals.astype(np.int64), kind="stable")[:ENDS]
    awarded, points = scores.sums()
    return Tally(
        scored=int(valid.sum()),
        rejected=int((~valid).sum()),
        totals=Counter(dict(zip(map(int, units), map(int, counts), strict=True))),
        grades=Counter(dict(zip(map(int, grades), map(int, grade_counts), strict=True))),
        awarded=awarded,
        points=points,
        best=named(best),
        worst=named(order[:ENDS]),
    )

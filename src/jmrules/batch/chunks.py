"""One chunk of departments: its columns as facts, its scores, its rejects, and what the summary needs of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from jmrules.batch.lists import as_text, gathered
from jmrules.batch.scores import scores_table
from jmrules.batch.sources import row_numbers
from jmrules.batch.table import evaluate_columns
from jmrules.batch.text import typed
from jmrules.errors import FactsError, JmrulesError
from jmrules.facts import MissingFact
from jmrules.score.columns import type_of
from jmrules.tables import NUMBER_OF_ROW, fault_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jmrules.batch.mapping import Columns
    from jmrules.batch.sources import Source
    from jmrules.batch.table import Scores
    from jmrules.errors import Language, Problem
    from jmrules.ruleset import Ruleset


@frozen
class Reject:
    """A department that has no score."""

    #: as the file counts it
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


#: departments named at each end
ENDS = 10


def names_read(source: Source, columns: Columns) -> list[str]:
    """The columns of the departments' file that are read; one at least, since it tells how many departments there are."""
    return list(dict.fromkeys([*columns.facts.values(), *columns.kept])) or list(source.names[:1])


def facts_of(
    ruleset: Ruleset, raw: pa.Table, source: Source, columns: Columns, parts: Path, number: int, start: int
) -> tuple[pa.Table, dict[int, list[Problem]]]:
    """The facts' columns of a chunk, and what is wrong in which of its rows.

    Args:
        raw: the columns read of the departments' file.
        parts: the folder that lists of their own files were spread to.
        number, start: of the chunk, and its first row (from 0).
    """
    lists, problems = gathered(columns, {fact.id: fact for fact in ruleset.facts}, parts, number, start, raw.num_rows)
    facts, more = _columns_of(ruleset, raw, source, columns, lists)
    for row, found in more.items():
        problems.setdefault(row, []).extend(found)
    return facts, problems


def _columns_of(
    ruleset: Ruleset, raw: pa.Table, source: Source, columns: Columns, lists: Mapping[str, Any]
) -> tuple[pa.Table, dict[int, list[Problem]]]:
    arrays, names = [], []
    problems: dict[int, list[Problem]] = {}
    for declaration in ruleset.facts:
        if declaration.id in lists:
            arrays.append(lists[declaration.id])
        elif declaration.id in columns.facts:
            column = raw.column(columns.facts[declaration.id])
            if not source.typed:
                column, wrong = typed(declaration, column, columns.reading[declaration.id], row_numbers(raw, 0))
                for row, problem in wrong.items():
                    problems.setdefault(row, []).append(problem)
            arrays.append(column)
        else:
            continue
        names.append(declaration.id)
    if not arrays:
        return pa.table({"": pa.nulls(raw.num_rows)}), problems
    return pa.table(arrays, names=names), problems


def empty_facts(ruleset: Ruleset, source: Source, columns: Columns) -> pa.Table:
    """The facts' columns of no department, and the file's other columns: to look at names and types before anything is scored."""
    names = list(dict.fromkeys([*columns.facts.values(), *columns.kept]))
    if source.schema is not None:
        raw = source.schema.empty_table().select(names)
    else:
        raw = pa.table({name: pa.array([], pa.string()) for name in names})
        raw = raw.append_column(NUMBER_OF_ROW, pa.array([], pa.int64()))
    declared = {fact.id: fact for fact in ruleset.facts}
    lists = {}
    for table in columns.lists:
        fields = [pa.field(part.id, type_of(part)) for part in declared[table.fact].item if part.id in table.columns]
        lists[table.fact] = pa.array([], pa.list_(pa.struct(fields)))
    facts, _ = _columns_of(ruleset, raw, source, columns, lists)
    for name in [name for name in source.names if name not in facts.column_names]:
        facts = facts.append_column(name, pa.nulls(0))
    return facts


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
    numbers = row_numbers(raw, start)
    kept = {name: keys if name == columns.key else _shown(raw.column(name)) for name in columns.kept}
    if not kept:
        kept = {"row": pa.array(numbers)}
    made = pa.table([*kept.values(), *table.columns], names=[*kept, *table.column_names])
    rejects = tuple(
        Reject(
            int(numbers[row]),
            None if keys is None else keys[row].as_py(),
            _placed(error, columns, int(numbers[row]), problems.get(row, ())),
        )
        for row, error in sorted(errors.items())
    )
    return Chunk(made, rejects, _tally(scores, numbers, keys))


def _shown(column: Any) -> Any:
    """A column that is handed on, without cells that have no text to trust."""
    if not pa.types.is_string(column.type):
        return column
    return pa.array([None if each is None or fault_in(each) else each for each in column.to_pylist()], pa.string())


def _placed(error: JmrulesError, columns: Columns, row: int, refused: Sequence[Problem]) -> tuple[Problem, ...]:
    """What is wrong with a department, each with the cell of the fact that it is about."""
    lists = {table.fact for table in columns.lists} & {(each.place.pointer or "").strip("/") for each in refused}
    made = []
    for problem in error.problems:
        fact, _, inside = (problem.place.pointer or "").strip("/").partition("/")
        if inside and fact in lists and isinstance(problem, MissingFact):
            # a field whose cell was refused: that has been told
            continue
        if not fact and isinstance(problem, MissingFact):
            fact = problem.fact
        read = columns.reading.get(fact)
        if problem.place.cell is not None or read is None or read.source.layout is None:
            made.append(problem)
            continue
        cell = read.source.layout.sheet.cell(row, read.source.head(read.name).column)
        made.append(problem.at(evolve(problem.place, file=str(read.source.path), cell=cell)))
    return tuple(made)


def _tally(scores: Scores, numbers: Any, keys: Any) -> Tally:
    valid = scores.grades >= 0
    totals = scores.totals[valid]
    units, counts = np.unique(totals, return_counts=True)
    grades, grade_counts = np.unique(scores.grades[valid], return_counts=True)
    rows = np.flatnonzero(valid)
    order = np.argsort(totals, kind="stable")

    def named(places: Any) -> tuple[tuple[int, int, str | None], ...]:
        return tuple(
            (int(totals[place]), int(numbers[rows[place]]), None if keys is None else keys[int(rows[place])].as_py())
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

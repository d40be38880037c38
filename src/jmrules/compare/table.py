"""What a new ruleset would do to the departments of a table: by columns, chunk by chunk, in bounded memory.

Totals and grades are the exact ones of both rulesets. Sums over all departments are made by columns; departments that columns cannot tell
everything of, and those that are named, are scored one by one, as those of facts documents are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import contextmanager
from decimal import Context, Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from attrs import evolve, field, frozen

from jmrules.batch import evaluate_columns
from jmrules.compare.departments import Department, compared
from jmrules.compare.fit_columns import constants, fitted_columns, with_missing
from jmrules.compare.impact import NAMED, Impact
from jmrules.compare.sums import add_sums, both_scored, change_of
from jmrules.compare.totals import Candidate, Tally, kept, shortlist
from jmrules.errors import FactsError, JmrulesError, Problem, Text
from jmrules.feel import CONTEXT
from jmrules.ruleset import setting_facts
from jmrules.score.columns import as_table, prepared, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jmrules.batch import Columns, Source
    from jmrules.ruleset import Ruleset

#: departments that are read and scored together
ROWS = 200_000

#: more digits than a column's decimals have
_MANY = Context(prec=100)

Refused = Mapping[int, JmrulesError]


@frozen
class Piece:
    """A run of departments as facts for both rulesets, as the table has them."""

    #: the first department, from 0
    start: int
    before: pa.Table = field(repr=False)
    after: pa.Table = field(repr=False)
    #: departments whose text is no value of the fact, for each ruleset
    refused: tuple[Refused, Refused] = field(factory=lambda: ({}, {}))
    keys: Sequence[str | None] | None = field(repr=False, default=None)
    #: the numbers that the file's own rows have; None where they are counted
    numbers: Any = field(repr=False, default=None)


@frozen
class Table:
    """A table of departments."""

    name: str
    #: where it stands, if in a file
    file: str | None
    count: int | None
    #: its departments from the first on; every call begins anew
    pieces: Callable[[], Iterator[Piece]] = field(repr=False)
    #: how the columns of a file are read for each ruleset
    columns: tuple[Columns, ...] = field(repr=False, default=())


def impact_table(
    before: Ruleset, after: Ruleset, table: Any, assumed: Mapping[str, Any] | None = None, *, named: int = NAMED
) -> Impact:
    """As :func:`jmrules.impact`, for the departments of a table in memory.

    Args:
        before, after: the rulesets.
        table: anything with the Arrow PyCapsule interface, a column per fact; see :func:`jmrules.evaluate_table`. A fact that only
            ``after`` declares may have a column too.
        assumed: values, in the units of ``after``, for facts that have no column or are null.
        named: how many departments to name.

    Raises:
        FactsError: columns that are missing or mistyped for either ruleset; all of them.
    """
    arrow = as_table(table)
    check_columns(before, after, (arrow, arrow), assumed or {})

    def pieces() -> Iterator[Piece]:
        for start in range(0, arrow.num_rows, ROWS):
            part = arrow.slice(start, ROWS)
            yield Piece(start, part, part)

    return impact_of(before, after, Table("table", None, arrow.num_rows, pieces), assumed or {}, named)


@contextmanager
def table_of_file(
    before: Ruleset, after: Ruleset, source: Source, pairs: Sequence[str] = (), lists: Sequence[str] = (),
    key: str | None = None, assumed: Mapping[str, Any] | None = None, rows: int = ROWS,
) -> Iterator[Table]:  # fmt: skip
    """The departments of a file, as ``jmrules batch`` reads them; lists of their own files are sorted on disk meanwhile.

    Args:
        source: the opened file.
        pairs, lists, key: as :func:`jmrules.batch.mapping.mapped`, for facts of either ruleset.

    Raises:
        BatchError: a file that cannot be read, names that are none, orphans.
        FactsError: columns that are missing or mistyped for either ruleset; all of them.
    """
    from tempfile import TemporaryDirectory

    from jmrules.batch import (
        as_text,
        empty_facts,
        facts_of,
        mapped_for,
        names_read,
        refused_keys,
        row_numbers,
        spread_all,
        tables,
    )

    both = (before, after)
    columns = mapped_for(both, source, pairs, lists, key)
    owner = columns[0].key
    empty = tuple(empty_facts(ruleset, source, each) for ruleset, each in zip(both, columns, strict=True))
    check_columns(before, after, (empty[0], empty[1]), assumed or {})
    names = list(dict.fromkeys(name for each in columns for name in names_read(source, each)))
    with TemporaryDirectory() as folder:
        folders = [Path(folder, "before"), Path(folder, "after")]
        for each, place in zip(columns, folders, strict=True):
            spread_all(source, each, rows, place)

        def pieces() -> Iterator[Piece]:
            start = 0
            doubled = {} if owner is None else refused_keys(source, owner, rows)
            for number, raw in enumerate(tables(source, names, rows)):
                read = [
                    facts_of(ruleset, raw, source, each, place, number, start)
                    for ruleset, each, place in zip(both, columns, folders, strict=True)
                ]
                for row in range(raw.num_rows) if doubled else ():
                    for _, problems in read if start + row in doubled else ():
                        problems.setdefault(row, []).append(doubled[start + row])
                refused = [{row: FactsError(found) for row, found in problems.items()} for _, problems in read]
                keys = None if owner is None else as_text(raw.column(owner)).to_pylist()
                yield Piece(start, read[0][0], read[1][0], (refused[0], refused[1]), keys, row_numbers(raw, start))
                start += raw.num_rows

        yield Table(source.path.name, str(source.path), source.rows, pieces, columns)


def check_columns(
    before: Ruleset, after: Ruleset, tables: tuple[pa.Table, pa.Table], assumed: Mapping[str, Any]
) -> None:
    """Raise FactsError for columns that are missing or mistyped for either ruleset; all of them, each with who wants it."""
    ready, misfits = constants(after, assumed)
    found: dict[tuple[str, str], tuple[Problem, list[Ruleset]]] = {}
    for ruleset, table, more in ((before, tables[0], {}), (after, tables[1], ready)):
        try:
            prepared(ruleset, with_missing(table.slice(0, 0), more))
        except FactsError as error:
            for problem in error.problems:
                found.setdefault((problem.code, problem.message.zh), (problem, []))[1].append(ruleset)
    told = [
        _wanted(problem, rulesets, after)
        for problem, rulesets in found.values()
        # of a fact for which something was assumed that does not fit, that is told
        if not (rulesets == [after] and problem.code == "missing-column" and _fact_of(problem) in assumed)
    ]
    if misfits or told:
        raise FactsError([*misfits, *told])


def _fact_of(problem: Problem) -> str:
    return (problem.place.pointer or "").strip("/")


def _wanted(problem: Problem, by: list[Ruleset], after: Ruleset) -> Problem:
    names = [ruleset.reference for ruleset in by]
    message = Text(
        f"{problem.message.zh}，{'和'.join(names)} 需要",
        f"{problem.message.say('en')}; {' and '.join(names)} need{'s' if len(names) == 1 else ''} it",
    )
    hint, fact = problem.hint, _fact_of(problem)
    if hint is not None and problem.code == "missing-column" and by == [after] and "/" not in fact:
        hint = Text(
            f"{hint.zh}；或用 --assume {fact}=值 给所有部门设同一个值",
            f"{hint.say('en')}; or give all departments the same value by --assume {fact}=VALUE",
        )
    return evolve(problem, message=message, hint=hint)


def impact_of(before: Ruleset, after: Ruleset, table: Table, assumed: Mapping[str, Any], named: int = NAMED) -> Impact:
    """As :func:`impact_table`, for a table that is read piece by piece."""
    run = _Run((before, after), table, assumed)
    tally = Tally(before, after)
    candidates: list[Candidate[_Given]] = []
    count = 0
    for piece in table.pieces():
        with localcontext(CONTEXT):
            candidates = kept([*candidates, *run.add(piece, tally, named)], named)
        count = piece.start + piece.before.num_rows
    with localcontext(CONTEXT):
        chosen = tuple(run.department(each.entry) for each in shortlist(candidates, named))
        totals = tally.totals()
    return Impact(before, after, _Departments(run, count), chosen, totals)


@frozen
class _Given:
    """One department of a table."""

    row: int
    key: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    #: why it has no score whatever else is said, for each ruleset
    refused: tuple[JmrulesError | None, JmrulesError | None] = (None, None)


class _Run:
    """Scores the departments of a table under both rulesets."""

    def __init__(self, rulesets: tuple[Ruleset, Ruleset], table: Table, assumed: Mapping[str, Any]) -> None:
        self.rulesets, self.table, self.assumed = rulesets, table, assumed
        self.constants, _ = constants(rulesets[1], assumed)

    def fitted(self, piece: Piece) -> tuple[pa.Table, pa.Table, Any]:
        """The columns of both rulesets, and the mask of departments whose facts columns cannot hold."""
        before, after = self.rulesets
        fitted, odd = fitted_columns(before.facts, after, piece.after, self.constants)
        if setting_facts(before) or setting_facts(after):
            # Each department has points of its own.
            odd = np.ones(piece.before.num_rows, dtype=bool)
        return prepared(before, piece.before), fitted, odd

    def add(self, piece: Piece, tally: Tally, named: int) -> list[Candidate[_Given]]:
        """Add a piece to the totals; those of its departments that might be named."""
        before, after = self.rulesets
        facts, fitted, odd = self.fitted(piece)
        scores = (
            evaluate_columns(before, facts, refused=piece.refused[0]),
            evaluate_columns(after, fitted, refused=piece.refused[1]),
        )
        read = _Rows(self, piece, facts, fitted)
        sure = add_sums(tally, scores, (facts, fitted), both_scored(scores) & ~odd)
        candidates = [
            Candidate(change, regraded, piece.start + row, read.given(row))
            for row, change, regraded in change_of(scores, sure, named)
        ]
        for row in np.flatnonzero(~sure).tolist():
            given = read.given(row)
            department = self.department(given)
            tally.add(department, exactly=False)
            if department.scored:
                candidates.append(Candidate(department.change, department.regraded, piece.start + row, given))
        return candidates

    def department(self, given: _Given) -> Department:
        """One department, exactly."""
        name = given.key or f"{self.table.name}:{given.row}"
        unknown = Department(name, self.table.file, row=given.row)
        if given.refused[0] is not None:
            return evolve(unknown, problems=given.refused[0].problems)
        made = compared(unknown, self.rulesets, (given.before, given.after), self.assumed)
        if given.refused[1] is not None and made.before is not None:
            return Department(name, self.table.file, made.before, problems=given.refused[1].problems, row=given.row)
        return made


class _Rows:
    """Single departments of a piece."""

    def __init__(self, run: _Run, piece: Piece, facts: pa.Table, fitted: pa.Table) -> None:
        self._piece = piece
        before, after = run.rulesets
        self._refused = (
            _all_errors(before, facts, piece.refused[0]),
            _all_errors(after, fitted, piece.refused[1]),
        )
        given = set(piece.after.column_names)
        table = prepared(after, with_missing(piece.after, run.constants))
        # what is assumed is not given
        self._columns = _arrays(facts), {name: array for name, array in _arrays(table).items() if name in given}

    def given(self, row: int) -> _Given:
        before, after = (_plain(row_of(columns, row)) for columns in self._columns)
        key = None if self._piece.keys is None else self._piece.keys[row]
        refused = self._refused[0].get(row), self._refused[1].get(row)
        numbers = self._piece.numbers
        number = self._piece.start + row + 1 if numbers is None else int(numbers[row])
        return _Given(number, key, before, after, refused)


def _all_errors(ruleset: Ruleset, facts: pa.Table, refused: Refused) -> Mapping[int, JmrulesError]:
    """Everything that is wrong with departments that are refused."""
    rows = sorted(refused)
    if not rows:
        return {}
    own = {place: refused[row] for place, row in enumerate(rows)}
    errors = evaluate_columns(ruleset, facts.take(pa.array(rows)), refused=own).errors
    return {row: errors[place] for place, row in enumerate(rows)}


def _arrays(table: pa.Table) -> dict[str, pa.Array]:
    return {name: table.column(name).combine_chunks() for name in table.column_names}


def _plain(value: Any) -> Any:
    """Numbers as the decimals they stand for, without the zeros that the type of a column adds."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        value = Decimal(repr(value))
    return value.normalize(_MANY) if isinstance(value, Decimal) else value


class _Departments(Collection[Department]):
    """All departments of a table, each scored when it is come to."""

    def __init__(self, run: _Run, count: int) -> None:
        self._run, self._count = run, count

    def __len__(self) -> int:
        return self._count

    def __contains__(self, department: object) -> bool:
        return any(each == department for each in self)

    def __iter__(self) -> Iterator[Department]:
        for piece in self._run.table.pieces():
            rows = _Rows(self._run, piece, *self._run.fitted(piece)[:2])
            for row in range(piece.before.num_rows):
                yield self._run.department(rows.given(row))

"""Values among departments, computed over a whole table or file before it is scored a chunk at a time."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jmrules.batch.sources import tables
from jmrules.batch.text import typed
from jmrules.facts import across_all, compared
from jmrules.score.columns import as_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.batch.mapping import Columns
    from jmrules.batch.sources import Source
    from jmrules.ruleset import Ruleset


def with_across(ruleset: Ruleset, table: Any) -> pa.Table:
    """A table of departments with what is computed over all of them, where it has no column of its own for that."""
    arrow = as_table(table)
    wanted = compared(ruleset, arrow.column_names)
    numbers = {
        fact.across.of: _numbers(arrow.column(fact.across.of))
        for fact in wanted
        if fact.across is not None and arrow.column_names.count(fact.across.of) == 1
    }
    return appended(arrow, across_all(ruleset, numbers, arrow.column_names), 0)


def across_file(ruleset: Ruleset, source: Source, columns: Columns, rows: int) -> dict[str, list[Decimal | None]]:
    """What is computed over all departments of a file; reads only the columns that this takes."""
    wanted = compared(ruleset, columns.facts)
    needed = {fact.across.of for fact in wanted if fact.across is not None} & columns.facts.keys()
    if not needed:
        return {}
    declared = {fact.id: fact for fact in ruleset.facts}
    numbers: dict[str, list[Decimal | None]] = {name: [] for name in needed}
    for raw in tables(source, list(dict.fromkeys(columns.facts[name] for name in needed)), rows):
        for name in needed:
            column = raw.column(columns.facts[name])
            if not source.typed:
                column, _ = typed(declared[name], column)
            numbers[name] += _numbers(column)
    return across_all(ruleset, numbers, columns.facts)


def appended(table: pa.Table, computed: Mapping[str, Sequence[Decimal | None]], start: int) -> pa.Table:
    """The table, whose first row is ``start``, with the columns of what was computed."""
    for name, values in computed.items():
        part = list(values[start : start + table.num_rows])
        kind = None if any(value is not None for value in part) else pa.decimal128(1, 0)
        table = table.append_column(name, pa.array(part, kind))
    return table


def _numbers(column: Any) -> list[Decimal | None]:
    """Numbers exactly, a double as the shortest decimal that reads as it; None for what is no number."""
    return [_number(value) for value in column.to_pylist()]


def _number(value: Any) -> Decimal | None:
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else None
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None

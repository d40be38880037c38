"""One department of a file as facts, for its full trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.batch.chunks import facts_of, names_read
from jmrules.batch.errors import BatchError, batch_error
from jmrules.batch.lists import as_text, spread_all
from jmrules.batch.sources import row_numbers, tables
from jmrules.facts import load_facts
from jmrules.score.columns import prepared, row_of

if TYPE_CHECKING:
    from jmrules.batch.mapping import Columns
    from jmrules.batch.sources import Source
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset


def facts_of_row(ruleset: Ruleset, source: Source, columns: Columns, row: int, rows: int) -> Facts:
    """The facts of the department in a row, as the file counts it; raises BatchError where there is none or it cannot be read."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    start = number = 0
    for raw in tables(source, names_read(source, columns), rows):
        numbers = row_numbers(raw, start).tolist()
        if row in numbers:
            break
        start += raw.num_rows
        number += 1
    else:
        raise batch_error(
            "no-such-row",
            f"第 {row} 行没有部门，共 {start} 个",
            f"row {row} holds no department: the file has {start}",
            file=source.path,
        )
    with TemporaryDirectory() as folder:
        spread_all(source, columns, rows, Path(folder))
        facts, problems = facts_of(ruleset, raw, source, columns, Path(folder), number, start)
    at = numbers.index(row)
    wrong = problems.get(at)
    if wrong:
        raise BatchError(wrong)
    table = prepared(ruleset, facts.slice(at, 1))
    values = row_of({name: table.column(name).combine_chunks() for name in table.column_names}, 0)
    key = None if columns.key is None else as_text(raw.column(columns.key))[at].as_py()
    subject = {"name": key or f"{source.path.name}:{row}"}
    return load_facts(
        {"ruleset": ruleset.id, "fiscal_year": ruleset.fiscal_year, "subject": subject, "facts": _dated(values)}
    )


def _dated(value: Any) -> Any:
    """Dates as a facts document writes them; floats as the decimals they stand for."""
    import datetime
    from decimal import Decimal

    if isinstance(value, dict):
        return {name: _dated(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_dated(part) for part in value]
    if isinstance(value, float):
        return Decimal(repr(value))
    return value.isoformat() if isinstance(value, datetime.date) else value

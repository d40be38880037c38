"""Lists from a file of their own: its rows go to the chunk of their department, on disk, and are grouped chunk by chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve

from jmrules.batch.errors import BatchError, writing
from jmrules.batch.sources import Source, tables
from jmrules.batch.text import typed
from jmrules.errors import Place, Problem, Text
from jmrules.tables import NUMBER_OF_ROW

if TYPE_CHECKING:
    from pathlib import Path

    from jmrules.batch.mapping import Columns, ListTable
    from jmrules.batch.text import Wrong
    from jmrules.ruleset import FactDeclaration

_PLACE = "__row__"
_SHOWN = 10


def keys_of(source: Source, key: str, rows: int) -> pa.Array:
    """The departments' keys, in order, as text."""
    parts = [as_text(part.column(key)) for part in tables(source, [key], rows)]
    return pa.concat_arrays([chunk for part in parts for chunk in part.chunks]) if parts else pa.array([], pa.string())


def as_text(column: Any) -> Any:
    """Keys as text, so that 7 in one file is "7" in another."""
    made = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.or_(pc.equal(made, ""), pc.starts_with(made, "\x00")), None, made)


def spread_all(source: Source, columns: Columns, rows: int, directory: Path) -> None:
    """Write the items of all list tables to ``directory``; see :func:`spread`."""
    if columns.lists:
        assert columns.key is not None
        keys = keys_of(source, columns.key, rows)
        for table in columns.lists:
            spread(table, keys, rows, directory)


def spread(table: ListTable, keys: pa.Array, rows: int, directory: Path) -> None:
    """Write the items of a list table to a folder per chunk of ``rows`` departments; raises BatchError for orphans."""
    orphans: dict[str, None] = {}
    count = 0
    columns = list(dict.fromkeys([table.key, *table.columns.values()]))
    for number, part in enumerate(tables(table.source, columns, 200_000, fill=[table.key])):
        place = pc.index_in(as_text(part.column(table.key)), value_set=keys).combine_chunks()
        lost = pc.is_null(place).to_numpy(zero_copy_only=False)
        if lost.any():
            count += int(lost.sum())
            some = as_text(part.column(table.key)).filter(pa.array(lost)).slice(0, _SHOWN).to_pylist()
            orphans |= dict.fromkeys(str(key) for key in some)
            continue
        owners = place.to_numpy(zero_copy_only=False).astype(np.int64)
        # a column may be two fields
        items = pa.table([part.column(name) for name in table.columns.values()], names=list(table.columns))
        items = items.append_column(_PLACE, pa.array(owners))
        if NUMBER_OF_ROW in part.column_names:
            items = items.append_column(NUMBER_OF_ROW, part.column(NUMBER_OF_ROW))
        for chunk in np.unique(owners // rows):
            chosen = items.filter(pa.array(owners // rows == chunk))
            target = directory / table.fact / f"{chunk:08d}" / f"{number:08d}.arrow"
            with writing(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                with pa.OSFile(str(target), "wb") as opened, pa.ipc.new_file(opened, chosen.schema) as writer:
                    writer.write_table(chosen)
    if count:
        shown = list(orphans)[:_SHOWN]
        raise BatchError(
            Problem(
                "orphan-items",
                Text(
                    f"“{table.fact}”的 {count} 行不属于任何部门：{'、'.join(shown)}{'……' if count > len(shown) else ''}",
                    f"{count} rows of {table.fact} belong to no department: {', '.join(shown)}{', …' if count > len(shown) else ''}",
                ),
                Text("请核对两个文件的部门编号", "compare the keys of the two files"),
                Place(str(table.source.path)),
            )
        )


def gathered(
    columns: Columns, declarations: dict[str, FactDeclaration], directory: Path, chunk: int, start: int, count: int
) -> tuple[dict[str, Any], dict[int, list[Problem]]]:
    """The list columns of a chunk of departments, and what is wrong in which of its rows."""
    made: dict[str, Any] = {}
    problems: dict[int, list[Problem]] = {}
    for table in columns.lists:
        parts = sorted((directory / table.fact / f"{chunk:08d}").glob("*.arrow"))
        declaration = declarations[table.fact]
        if not parts:
            made[table.fact] = _lists(np.zeros(count, dtype=np.int64), pa.StructArray.from_arrays([], []))
            continue
        items = pa.concat_tables(
            [pa.ipc.open_file(pa.memory_map(str(part))).read_all() for part in parts]
        ).combine_chunks()
        owners = items.column(_PLACE).to_numpy() - start
        order = np.argsort(owners, kind="stable")
        items, owners = items.take(pa.array(order)), owners[order]
        fields, arrays = [], []
        for part in declaration.item:
            if part.id not in table.columns:
                continue
            array = items.column(part.id).combine_chunks()
            wrong: Wrong = {}
            if not table.source.typed:
                rows = items.column(NUMBER_OF_ROW).to_numpy()
                array, wrong = typed(part, array, table.reading[part.id], rows)
            for row, problem in wrong.items():
                # told of the list, as what is wrong in a cell that holds all of it is
                place = evolve(problem.place, pointer=f"/{declaration.id}")
                problems.setdefault(int(owners[row]), []).append(problem.at(place))
            fields.append(part.id)
            arrays.append(array)
        made[table.fact] = _lists(np.bincount(owners, minlength=count), pa.StructArray.from_arrays(arrays, fields))
    return made, problems


def _lists(counts: Any, items: pa.StructArray) -> pa.Array:
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), items)

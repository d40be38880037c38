"""Files of departments as runs of Arrow tables: Parquet, CSV, Arrow and Excel."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from attrs import evolve, field, frozen

from jmrules.batch.errors import batch_error, reading
from jmrules.formats import FORMATS
from jmrules.tables import NUMBER_OF_ROW, Head, head_of, lines, open_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from jmrules.tables import Layout


@frozen
class Source:
    """A file of departments."""

    path: Path
    format: str
    #: the columns, as the file has them; text for CSV, which knows no types
    names: tuple[str, ...]
    #: rows, where the file tells without being read
    rows: int | None
    schema: pa.Schema | None = field(repr=False, default=None)
    #: where the table stands in a file of text
    layout: Layout | None = field(repr=False, default=None)
    heads: tuple[Head, ...] = field(repr=False, default=())

    def head(self, name: str) -> Head:
        """The head of a column by its name."""
        return next(head for head in self.heads if head.name == name)

    @property
    def typed(self) -> bool:
        """Whether values have types, rather than being text, as those of CSV and Excel are."""
        return self.layout is None


#: what spreadsheets write besides .xlsx
_SHEETS = (".xls", ".xlsm", ".xlsb", ".xltx", ".et", ".ods", ".numbers")


def format_of(path: Path) -> str:
    """The format of a file by its name; raises BatchError for an unknown ending."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise batch_error(
            "unknown-format",
            f"不认识的文件类型“{path.suffix}”",
            f"unknown kind of file {path.suffix!r}",
            ("请在 Excel 或 WPS 中另存为 .xlsx", "save it as .xlsx in Excel or WPS")
            if path.suffix.lower() in _SHEETS
            else (f"可用：{'、'.join(FORMATS)}", f"known: {', '.join(FORMATS)}"),
            path,
        )
    return found


def open_source(
    path: Path, *, sheet: str | None = None, header_row: int | None = None, wanted: Set[str] = frozenset()
) -> Source:
    """Look at a file.

    Args:
        sheet, header_row, wanted: as :func:`jmrules.tables.open_table`, for CSV and Excel.

    Raises:
        BatchError, TableError: it cannot be read, or it is not clear where in it the table is.
    """
    if path.is_dir():
        raise batch_error("is-a-folder", "这是文件夹，不是文件", "this is a folder, not a file",
                          ("请写明其中的一个文件", "name one of the files in it"), path)  # fmt: skip
    kind = format_of(path)
    with reading(path):
        if kind in ("csv", "excel"):
            layout = open_table(path, kind, sheet=sheet, header_row=header_row, wanted=wanted)
            names = tuple(head.name for head in layout.heads)
            return Source(path, kind, names, layout.count, layout=layout, heads=layout.heads)
        if sheet is not None or header_row is not None:
            raise batch_error("no-sheets", "--sheet、--header-row 只用于 Excel 和 CSV",
                              "--sheet and --header-row are for Excel and CSV", file=path)  # fmt: skip
        if kind == "parquet":
            import pyarrow.parquet as pq

            file = pq.ParquetFile(path)
            return _typed(path, kind, file.metadata.num_rows, file.schema_arrow)
        with pa.OSFile(str(path)) as opened:
            return _typed(path, kind, None, pa.ipc.open_file(opened).schema)


def _typed(path: Path, kind: str, rows: int | None, schema: pa.Schema) -> Source:
    heads = tuple(evolve(head_of(name, column), name=name) for column, name in enumerate(schema.names))
    return Source(path, kind, tuple(schema.names), rows, schema, heads=heads)


def tables(source: Source, columns: list[str], rows: int, fill: Sequence[str] = ()) -> Iterator[pa.Table]:
    """The rows of some columns, ``rows`` at a time (the last fewer); raises BatchError where the file is damaged.

    Of a table of text the columns are text, and beside them stand its own row numbers. ``fill``: columns in which a merged cell
    stands for all its rows.
    """
    with reading(source.path):
        if source.layout is not None:
            yield from _lines(source, columns, rows, fill)
        else:
            yield from _regular({"parquet": _parquet, "arrow": _arrow}[source.format](source, columns, rows), rows)


def _regular(parts: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The same rows in tables of exactly ``rows``, but for the last."""
    waiting: list[pa.Table] = []
    count = 0
    for part in parts:
        rest = part
        while rest.num_rows:
            piece = rest.slice(0, rows - count)
            rest = rest.slice(piece.num_rows)
            waiting.append(piece)
            count += piece.num_rows
            if count == rows:
                yield pa.concat_tables(waiting)
                waiting, count = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def _parquet(source: Source, columns: list[str], rows: int) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(source.path, memory_map=True) as file:
        for batch in file.iter_batches(batch_size=rows, columns=columns):
            yield pa.Table.from_batches([batch])


def _arrow(source: Source, columns: list[str], rows: int) -> Iterator[pa.Table]:
    with pa.memory_map(str(source.path)) as opened:
        reader = pa.ipc.open_file(opened)
        for index in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(index)]).select(columns)


def _lines(source: Source, columns: list[str], rows: int, fill: Sequence[str] = ()) -> Iterator[pa.Table]:
    """The rows of a table of text, with their own numbers beside them."""
    assert source.layout is not None
    places = [source.head(name).column for name in columns]
    filled = frozenset(source.head(name).column for name in fill)
    every = lines(source.layout, filled)
    while waiting := list(islice(every, rows)):
        arrays = [pa.array([row.cells[place] for row in waiting], pa.string()) for place in places]
        numbers = pa.array([row.number for row in waiting], pa.int64())
        yield pa.table([*arrays, numbers], names=[*columns, NUMBER_OF_ROW])


def row_numbers(raw: pa.Table, start: int) -> Any:
    """The numbers that a file's own rows have; of a file that knows no heads and no blank rows, counted from 1."""
    import numpy as np

    if NUMBER_OF_ROW in raw.column_names:
        return raw.column(NUMBER_OF_ROW).to_numpy()
    return np.arange(start + 1, start + 1 + raw.num_rows)

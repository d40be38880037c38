"""Files of departments as runs of Arrow tables: Parquet, CSV, Arrow and Excel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from attrs import field, frozen

from jmrules.batch.errors import batch_error, reading
from jmrules.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator


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

    @property
    def typed(self) -> bool:
        """Whether values have types, rather than being text, as those of CSV and Excel are."""
        return self.format not in ("csv", "excel")


def format_of(path: Path) -> str:
    """The format of a file by its name; raises BatchError for an unknown ending."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise batch_error(
            "unknown-format",
            f"不认识的文件类型“{path.suffix}”",
            f"unknown kind of file {path.suffix!r}",
            (f"可用：{'、'.join(FORMATS)}", f"known: {', '.join(FORMATS)}"),
            path,
        )
    return found


def open_source(path: Path) -> Source:
    """Look at a file; raises BatchError where it cannot be read."""
    if path.is_dir():
        raise batch_error("is-a-folder", "这是文件夹，不是文件", "this is a folder, not a file",
                          ("请写明其中的一个文件", "name one of the files in it"), path)  # fmt: skip
    kind = format_of(path)
    with reading(path):
        if kind == "parquet":
            import pyarrow.parquet as pq

            file = pq.ParquetFile(path)
            return Source(path, kind, tuple(file.schema_arrow.names), file.metadata.num_rows, file.schema_arrow)
        if kind == "arrow":
            with pa.OSFile(str(path)) as opened:
                reader = pa.ipc.open_file(opened)
                return Source(path, kind, tuple(reader.schema.names), None, reader.schema)
        if kind == "csv":
            names = _csv_reader(path, 1 << 16).schema.names
            return Source(path, kind, tuple(names), None)
        return Source(path, kind, tuple(_excel_head(path)), None)


def tables(source: Source, columns: list[str], rows: int) -> Iterator[pa.Table]:
    """The rows of some columns, ``rows`` at a time (the last fewer); raises BatchError where the file is damaged."""
    parts = {"parquet": _parquet, "arrow": _arrow, "csv": _csv, "excel": _excel}[source.format](source, columns, rows)
    with reading(source.path):
        yield from _regular(parts, rows)


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


def _csv_reader(path: Path, block: int) -> Any:
    """A reader that takes everything as text: what a numeral means is for the facts to say."""
    import csv as csv_lines

    from pyarrow import csv

    with path.open("rb") as opened:
        head = opened.read(1 << 20).split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    names: list[str] = next(iter(csv_lines.reader([head.rstrip("\r")], delimiter=delimiter)), [])
    return csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=block),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
        ),
    )


def _csv(source: Source, columns: list[str], rows: int) -> Iterator[pa.Table]:
    for batch in _csv_reader(source.path, 1 << 24):
        yield pa.Table.from_batches([batch]).select(columns)


def _workbook(path: Path) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise batch_error(
            "needs-openpyxl",
            "读 Excel 需要 openpyxl",
            "reading Excel needs openpyxl",
            ("pip install openpyxl", "pip install openpyxl"),
        ) from None
    try:
        return load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise batch_error(
            "unreadable-file",
            f"不是能读的 Excel 文件：{error}",
            f"not an Excel file that can be read: {error}",
            file=path,
        ) from None


def _excel_head(path: Path) -> list[str]:
    rows = _workbook(path).worksheets[0].iter_rows(values_only=True)
    return [str(value) if value is not None else f"column_{index}" for index, value in enumerate(next(rows, ()))]


def _excel(source: Source, columns: list[str], rows: int) -> Iterator[pa.Table]:
    places = [source.names.index(name) for name in columns]
    lines = _workbook(source.path).worksheets[0].iter_rows(values_only=True, min_row=2)
    waiting: list[list[Any]] = []
    for line in lines:
        if all(value is None for value in line):
            continue
        waiting.append([line[place] if place < len(line) else None for place in places])
        if len(waiting) == rows:
            yield _of_cells(columns, waiting)
            waiting = []
    if waiting:
        yield _of_cells(columns, waiting)


def _of_cells(columns: list[str], lines: list[list[Any]]) -> pa.Table:
    """Cells as text: a workbook's cells have each their own type, and the facts say which it should be."""
    return pa.table(
        {name: pa.array([_text(line[place]) for line in lines], pa.string()) for place, name in enumerate(columns)}
    )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if hasattr(value, "date") and hasattr(value, "hour"):
        return str(value.date())
    return str(value).strip() or None

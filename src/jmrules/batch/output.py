"""The files that a batch leaves: scores, in the format that the file's name says, and rejects."""

from __future__ import annotations

import csv
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jmrules.batch.errors import batch_error, writing
from jmrules.batch.scores import FINDINGS, TOTAL
from jmrules.batch.sources import format_of
from jmrules.batch.summary import ranks_of
from jmrules.formats import inert, seen

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from jmrules.errors import Language

RANK = "rank"
_EXCEL_ROWS = 1_048_575
_HEADS = {"row": "行", "key": "部门", "code": "代码", "place": "位置", "message": "原因", "hint": "办法"}


def assemble(output: Path, parts: list[Path], totals: Counter[int], empty: pa.Schema) -> None:
    """Write all parts into the output, under another name first; the totals tell everyone's rank."""
    temporary = output.with_name(f".{output.name}.tmp{output.suffix}")
    with writing(output):
        try:
            _WRITERS[format_of(output)](temporary, _ranked(parts, totals, empty))
            _settle(temporary)
            os.replace(temporary, output)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _ranked(parts: list[Path], totals: Counter[int], empty: pa.Schema) -> Iterator[pa.Table]:
    units = np.array(sorted(totals), dtype=np.int64)
    ranks = ranks_of(totals)
    by_place = np.array([ranks[each] for each in units.tolist()] or [0], dtype=np.int64)
    if not parts:
        yield _with_rank(empty.empty_table(), units, by_place)
    for part in parts:
        with pa.memory_map(str(part)) as opened:
            yield _with_rank(pa.ipc.open_file(opened).read_all(), units, by_place)


def _with_rank(table: pa.Table, units: Any, ranks: Any) -> pa.Table:
    column = table.column(TOTAL).combine_chunks()
    kind = np.int32 if column.type.bit_width == 32 else np.int64
    values = (
        np.frombuffer(
            column.buffers()[1], dtype=kind, count=len(column), offset=column.offset * np.dtype(kind).itemsize
        )
        if len(column)
        else np.empty(0, kind)
    )
    place = np.minimum(np.searchsorted(units, values), max(len(units) - 1, 0))
    missing = np.asarray(column.is_null())
    array = pa.array(ranks[place], pa.int64(), mask=missing)
    return table.add_column(table.column_names.index(TOTAL) + 1, RANK, array)


def _settle(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _parquet(file: Path, tables: Iterator[pa.Table]) -> None:
    import pyarrow.parquet as pq

    writer = None
    try:
        for table in tables:
            writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer:
            writer.close()


def _arrow(file: Path, tables: Iterator[pa.Table]) -> None:
    with pa.OSFile(str(file), "wb") as opened:
        writer = None
        try:
            for table in tables:
                writer = writer or pa.ipc.new_file(opened, table.schema)
                writer.write_table(table)
        finally:
            if writer:
                writer.close()


def _csv(file: Path, tables: Iterator[pa.Table]) -> None:
    from pyarrow import csv as arrow_csv

    with file.open("wb") as opened:
        # the mark by which spreadsheets know UTF-8
        opened.write(b"\xef\xbb\xbf")
        for number, table in enumerate(tables):
            arrow_csv.write_csv(_texts(_flat(table), inert), opened, arrow_csv.WriteOptions(include_header=not number))


def _flat(table: pa.Table) -> pa.Table:
    """Findings as words with spaces between, for formats that have no lists."""
    if FINDINGS not in table.column_names:
        return table
    place = table.column_names.index(FINDINGS)
    return table.set_column(place, FINDINGS, pc.binary_join(table.column(FINDINGS), " "))


#: a text that has to be looked at before it is written to a spreadsheet
_DOUBTFUL = (
    r"^[=+@＝＋－＠\t\r-]|[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{7f}-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
)


def _texts(table: pa.Table, safe: Callable[[str], str]) -> pa.Table:
    """The table with its texts as ``safe`` makes them."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if pa.types.is_string(field.type) and pc.any(pc.match_substring_regex(column, _DOUBTFUL)).as_py():
            texts = [None if text is None else safe(text) for text in column.to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table.rename_columns([safe(name) for name in table.column_names])


def _excel(file: Path, tables: Iterator[pa.Table]) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise batch_error(
            "needs-openpyxl",
            "写 Excel 需要 openpyxl",
            "writing Excel needs openpyxl",
            ("pip install openpyxl", "pip install openpyxl"),
        ) from None
    book = Workbook(write_only=True)
    sheet = book.create_sheet("scores")

    def as_cell(text: str) -> Any:
        # a text that begins with = or # stays a text
        if not text.startswith(("=", "#")):
            return text
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        return cell

    written = 0
    for number, table in enumerate(tables):
        flat = _texts(_flat(table), seen)
        if not number:
            sheet.append([as_cell(name) for name in flat.column_names])
        written += table.num_rows
        if written > _EXCEL_ROWS:
            raise batch_error(
                "too-many-rows",
                f"Excel 最多 {_EXCEL_ROWS:,} 行",
                f"Excel holds at most {_EXCEL_ROWS:,} rows",
                ("请改写成 .parquet 或 .csv", "write .parquet or .csv"),
                file,
            )
        for line in zip(*(column.to_pylist() for column in flat.columns), strict=True):
            sheet.append([as_cell(value) if isinstance(value, str) else value for value in line])
    book.save(file)


_WRITERS = {"parquet": _parquet, "arrow": _arrow, "csv": _csv, "excel": _excel}


def write_rejects(file: Path, parts: Iterable[list[dict[str, Any]]], count: int, language: Language) -> None:
    """Write why departments have no score, a line per reason; no file where all have one."""
    with writing(file):
        if not count:
            file.unlink(missing_ok=True)
            return
        temporary = file.with_name(f".{file.name}.tmp")
        with temporary.open("w", encoding="utf-8-sig", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(_HEADS.values() if language == "zh" else _HEADS)
            for part in parts:
                writer.writerows([inert(str(line[name] or "")) for name in _HEADS] for line in part)
        os.replace(temporary, file)

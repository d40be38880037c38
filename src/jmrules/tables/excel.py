"""Excel as Excel and WPS write it: what a cell shows, from what it stores and its number format.

openpyxl reads the parts; the rows are walked here, since its own walk trusts the size that a file states, and does not tell a formula
without a result from an empty cell. (python-calamine, measured beside it, tells neither that nor a percentage from a ratio.)
"""

from __future__ import annotations

import datetime
import errno
import re
import warnings
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Problem, Text
from jmrules.tables.archive import check_archive
from jmrules.tables.heads import known_unit
from jmrules.tables.model import Row, Sheet, TableError, clean, faulty, kept, table_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: digits that a double is written with
_DIGITS = 17
#: cells that a merged cell may cover
_MOST = 1_000_000


def excel_sheets(file: Path) -> list[Sheet]:
    """The sheets of a workbook, hidden ones too; raises TableError where it cannot be read."""
    book = _opened(file)
    return [_sheet(file, book, sheet) for sheet in book.worksheets]


def _opened(file: Path) -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        hint = Text('pip install "jmrules[batch]"', 'pip install "jmrules[batch]"')
        raise TableError(
            Problem("needs-openpyxl", Text("读 Excel 需要 openpyxl", "reading Excel needs openpyxl"), hint)
        ) from None
    check_archive(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # from memory, so that the file is not held open: Windows would let nobody save it
            return load_workbook(BytesIO(file.read_bytes()), read_only=True, data_only=True)
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> TableError:
    zh, en = _what_it_is(file, error)
    return table_error(
        "unreadable-file", f"不是能读的 Excel 文件：{zh}", f"not an Excel file that can be read: {en}",
        ("请在 Excel 或 WPS 中打开，去掉密码，另存为 .xlsx", "open it in Excel or WPS, remove its password, and save it as .xlsx"), file,
    )  # fmt: skip


def _what_it_is(file: Path, error: Exception) -> tuple[str, str]:
    """What a file is that is no workbook, by its first bytes."""
    with file.open("rb") as stream:
        start = stream.read(8)
    if not start:
        return "文件是空的", "it is empty"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "它有密码，或是旧的 .xls 格式", "it has a password, or is of the old .xls format"
    if not start.startswith(b"PK"):
        return "内容不是 .xlsx", "what is in it is no .xlsx"
    if isinstance(error, MemoryError):
        return "它太大", "it is too large"
    return "内容已损坏或不完整", "it is damaged or not whole"


def _sheet(file: Path, book: Any, sheet: Any) -> Sheet:
    covered: dict[tuple[int, int], tuple[int, int]] = {}

    def rows() -> Iterator[Row]:
        try:
            yield from _rows(book, sheet, covered)
        except (OSError, MemoryError):
            raise
        except Exception as error:
            # damage shows in as many ways as there are parsers below
            raise _unreadable(file, error) from None

    return Sheet(file, sheet.title, kept(rows), hidden=sheet.sheet_state != "visible", covered=lambda: covered)


def _rows(book: Any, sheet: Any, covered: dict[tuple[int, int], tuple[int, int]]) -> Iterator[Row]:
    from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser, iterparse

    class Parser(WorkSheetParser):  # type: ignore[misc]
        """Cells with what tells a formula without a result, and the number as it is written."""

        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["data_type"] == "n" and cell["value"] is not None:
                cell["value"] = element.findtext(VALUE_TAG)
            elif cell["value"] is None and element.find(FORMULA_TAG) is not None:
                # a result that is an empty text is a result
                empty = element.get("t") == "str" and element.find(VALUE_TAG) is not None
                cell["data_type"] = "s" if empty else "f"
            return cell

    formats = _Formats(book)
    with book._archive.open(sheet._worksheet_path) as source:
        parser = Parser(source, sheet._shared_strings, data_only=True, epoch=book.epoch)
        for _, element in iterparse(source):
            if element.tag == ROW_TAG:
                number, cells = parser.parse_row(element)
                made: list[str | None] = []
                for cell in cells:
                    place = cell["column"] - 1
                    made += [None] * (place + 1 - len(made))
                    made[place] = _text(cell, formats)
                yield Row(number, made, element.get("hidden") in ("1", "true"))
                element.clear()
            elif element.tag == MERGE_TAG:
                _cover(element, covered)


def _cover(element: Any, covered: dict[tuple[int, int], tuple[int, int]]) -> None:
    from openpyxl.utils import range_boundaries

    for part in element:
        left, top, right, bottom = range_boundaries(part.get("ref"))
        if (right - left + 1) * (bottom - top + 1) > _MOST:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    covered[row, column - 1] = (top, left - 1)


class _Formats:
    """Number formats by the number of a cell's style; and which of them show days."""

    def __init__(self, book: Any) -> None:
        self.epoch, self.days, self.spans = (
            book.epoch,
            frozenset(book._date_formats),
            frozenset(book._timedelta_formats),
        )
        from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

        def code(id: int) -> str:
            if id < BUILTIN_FORMATS_MAX_SIZE:
                return str(BUILTIN_FORMATS.get(id, "General"))
            return str(book._number_formats[id - BUILTIN_FORMATS_MAX_SIZE])

        self._read = [number_format(code(style.numFmtId)) for style in book._cell_styles]

    def __getitem__(self, style: int) -> NumberFormat:
        return self._read[style] if style < len(self._read) else number_format("General")


@frozen
class NumberFormat:
    """What a number format adds to a number that is more than looks."""

    #: shown a hundred times as large, with %
    percent: bool = False
    #: shown smaller by thousands, so that what is seen is not what is stored
    scaled: bool = False
    #: digits to which a code is filled with zeros
    zeros: int = 0
    #: a unit in words behind the digits
    unit: str | None = None


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """Read a number format: 0.00%, #,##0.00"万元", 000000, 0.0,."""
    first = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", code)[0]
    first = re.sub(r"\[[^\]]*\]", "", first)
    bare = re.sub(r'"[^"]*"|[\\!_*].', "", first)
    literal = re.search(r"(?:\"([^\"]*)\"|((?:[\\!].)+))\s*$", first)
    said = (
        None if literal is None else re.sub(r"[\\!]", "", literal[1] if literal[1] is not None else literal[2]).strip()
    )
    digits = bare.strip()
    return NumberFormat(
        percent="%" in bare,
        scaled=re.search(r"[0#?],+(?![0#?,])", bare) is not None,
        zeros=len(digits) if re.fullmatch(r"0{2,}", digits) else 0,
        unit=said if said and "%" not in bare and known_unit(said) is not None else None,
    )


def _text(cell: dict[str, Any], formats: _Formats) -> str | None:
    """What a cell says, as text."""
    from openpyxl.utils.escape import unescape

    value, kind = cell["value"], cell["data_type"]
    if kind == "f":
        return faulty("formula")
    if value is None:
        return None
    if kind == "n" and cell["style_id"] in formats.days:
        return _day(value, formats, span=cell["style_id"] in formats.spans)
    if kind == "n":
        return _number(value, formats[cell["style_id"]])
    if kind == "b":
        return "TRUE" if value else "FALSE"
    if kind == "d":
        return _moment(value)
    if kind == "e":
        return faulty("error", str(value))
    # characters that XML does not hold are written as _x000D_
    return clean(unescape(str(value)))


def _day(written: str, formats: _Formats, *, span: bool) -> str:
    """What a stored count of days is, where its number format shows a day."""
    from openpyxl.utils.datetime import from_excel

    try:
        return _moment(from_excel(float(written), formats.epoch, timedelta=span))
    except (OverflowError, ValueError):
        return faulty("date", written)


def _moment(value: Any) -> str:
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


def _number(written: str, form: NumberFormat) -> str:
    """A stored double as the shortest decimal that reads as it, and as its number format shows it."""
    double = float(written)
    exact = Decimal(repr(double))
    if not exact.is_finite():
        return faulty("error", written)
    if exact != Decimal(written) and len(Decimal(written).normalize().as_tuple().digits) > _DIGITS:
        return faulty("imprecise", written)
    if form.scaled:
        return faulty("scaled", f"{exact:f}")
    if form.percent:
        return f"{exact.scaleb(2):f}%"
    whole = exact == exact.to_integral_value()
    text = (
        str(int(exact))
        if whole and exact.adjusted() < 40
        else f"{exact:f}"
        if abs(exact.adjusted()) < 40
        else str(exact)
    )
    if form.zeros and whole and exact >= 0:
        return text.zfill(form.zeros)
    return text if form.unit is None else f"{text}{form.unit}"

"""A workbook being written: looks, sheets by name, cells that are never formulas unless said so; the same input gives the same bytes."""

from __future__ import annotations

import datetime
import io
import os
import re
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.formats import seen

if TYPE_CHECKING:
    from jmrules.errors import Language

#: what a file says of when it was made: nothing that differs from run to run
_MADE = datetime.datetime(2000, 1, 1)
FONT = "宋体"
_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST = 31
#: characters of a cell
_MOST = 32_767


@frozen(eq=False)
class Book:
    """A workbook in memory."""

    language: Language
    made: Any = field(repr=False)
    _stream: io.BytesIO = field(repr=False)
    _looks: dict[tuple[Any, ...], Any] = field(factory=dict, repr=False)
    _names: set[str] = field(factory=set, repr=False)

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return zh if self.language == "zh" else en

    def look(self, **looks: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(looks.items()))
        if key not in self._looks:
            self._looks[key] = self.made.add_format({**_BASE, **looks})
        return self._looks[key]

    def sheet(self, name: str) -> Any:
        """A new sheet of that name, or one as near to it as a name of a sheet can be."""
        return self.made.add_worksheet(self.free(name))

    def free(self, name: str) -> str:
        """A name that no sheet has yet."""
        wanted = _FORBIDDEN.sub(" ", seen(name)).strip(" '")[:_LONGEST].strip(" '") or "_"
        made, number = wanted, 1
        while made.lower() in self._names or made.lower() == "history":
            number += 1
            made = f"{wanted[: _LONGEST - len(str(number)) - 2]}（{number}）"[:_LONGEST]
        self._names.add(made.lower())
        return made

    def data(self) -> bytes:
        """The file."""
        self.made.close()
        return self._stream.getvalue()


def new_book(language: Language, title: str) -> Book:
    """An empty workbook; raises JmrulesError where what writes Excel is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        hint = Text('pip install "jmrules[report]"', 'pip install "jmrules[report]"')
        raise JmrulesError(
            Problem("needs-xlsxwriter", Text("写 Excel 需要 XlsxWriter", "writing Excel needs XlsxWriter"), hint)
        ) from None
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    made = Workbook(stream, options)
    made.set_properties({"title": seen(title)[:200], "created": _MADE})
    made.set_calc_mode("auto")
    return Book(language, made, stream)


def put(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    """Write a value: a number as a number, a day as a day, a text as a text whatever it looks like, None as a blank cell."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, float(value), look)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime(value.year, value.month, value.day), look)
    else:
        sheet.write_string(row, column, str(value)[:_MOST], look)


def shown(text: str) -> str:
    """A text for people to read in a cell: control characters and overrides of direction shown rather than obeyed."""
    return seen(text)


def quoted(name: str) -> str:
    """A sheet's name in a formula."""
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def width(text: str) -> int:
    """How many columns of a fixed font a text takes."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def height(text: str, columns: float, line: float = 15) -> float:
    """Points that a text takes, wrapped to so many columns."""
    lines = sum(max(1, -(-width(part) // max(1, int(columns) - 1))) for part in text.split("\n"))
    return min(400, max(1, lines) * line + 4)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file through a temporary one beside it, so that it is there whole or not at all."""
    target = Path(path)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # a temporary file is its writer's alone; what is handed in is for others to read
        Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

"""CSV as it comes: its encoding and its separator found by what fits, never by what is likely."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from jmrules.errors import Text
from jmrules.tables.heads import key_of
from jmrules.tables.model import Row, Sheet, TableError, clean, kept, table_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: beginnings of files that are no text, whatever their names say
_OTHERS = ((b"PK\x03\x04", ".xlsx"), (b"\xd0\xcf\x11\xe0", ".xls"), (b"PAR1", ".parquet"), (b"ARROW1", ".arrow"))
_SEPARATORS = {",": ("逗号", "commas"), "\t": ("制表符", "tabs"), ";": ("分号", "semicolons"), "|": ("竖线", "bars")}
_LOOKED_AT = 60
_BLOCK = 1 << 20


def csv_sheet(file: Path, wanted: Set[str] = frozenset()) -> Sheet:
    """The rows of a CSV file.

    Args:
        file: CSV of any encoding and separator named in docs/batch.md.
        wanted: keys of heads that are looked for; they tell separators apart.

    Raises:
        TableError: not text, in no encoding that is known, or with a quote that is not closed.
    """
    encoding = encoding_of(file)
    separator, first = _separator(file, encoding, wanted)
    notes = []
    if encoding == "gb18030":
        notes.append(Text("按 GB18030（GBK）编码读取", "read as GB18030 (GBK)"))
    usual = "\t" if file.suffix.lower() == ".tsv" else ","
    if separator != usual:
        zh, en = _SEPARATORS.get(separator, (f"“{separator}”", repr(separator)))
        notes.append(Text(f"以{zh}分隔", f"cells are separated by {en}"))

    def rows() -> Iterator[Row]:
        for number, cells in enumerate(_records(file, encoding, separator), 1):
            yield Row(number, [] if number == 1 and first else [clean(cell) for cell in cells])

    return Sheet(file, None, kept(rows), notes=tuple(notes), decimal_commas=separator == ";")


def encoding_of(file: Path) -> str:
    """The only encoding that all of a file is valid in: by its mark, else UTF-8, else UTF-16 or GB18030."""
    with file.open("rb") as opened:
        start = opened.read(4096)
    for other, ending in _OTHERS:
        if start.startswith(other):
            raise table_error(
                "unreadable-file", f"不是文本，而像是 {ending} 文件", f"no text: it looks like {ending}",
                (f"请把文件名改为以 {ending} 结尾，或另存为 CSV", f"let its name end in {ending}, or save it as CSV"), file,
            )  # fmt: skip
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if marked is not None:
        tried = [marked]
    elif b"\x00" in start:
        # UTF-16 has a zero byte in every separator and line end, and all on one side
        odd, even = start[1::2].count(0), start[0::2].count(0)
        wide = "utf-16-le" if odd >= even else "utf-16-be"
        tried = [wide] if 10 * max(odd, even) > len(start) and not min(odd, even) else ["utf-8", wide]
    else:
        tried = ["utf-8", "gb18030"]
    reached = [_valid_up_to(file, name) for name in tried]
    for name, at in zip(tried, reached, strict=True):
        if at is None:
            return name
    raise table_error(
        "unreadable-file",
        f"第 {max(filter(None, reached), default=0) + 1:,} 个字节起不是 UTF-8、UTF-16 或 GB18030 的文本",
        f"from byte {max(filter(None, reached), default=0) + 1:,} on it is no text in UTF-8, UTF-16 or GB18030",
        ("请另存为“CSV UTF-8（逗号分隔）”", "save it as CSV UTF-8"), file,
    )  # fmt: skip


def _valid_up_to(file: Path, encoding: str) -> int | None:
    """Where a file stops being valid in an encoding; None where all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    at = 0
    with file.open("rb") as opened:
        while True:
            block = opened.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return max(at, at + len(block) - len(error.object) + error.start)
            if not block:
                return None
            at += len(block)


def _separator(file: Path, encoding: str, wanted: Set[str]) -> tuple[str, bool]:
    """What separates cells, and whether the first row only says so (sep=;)."""
    with file.open(encoding=encoding, newline="") as opened:
        start = opened.readline(64).strip()
    if start.lower().startswith("sep=") and len(start) == 5:
        return start[4], True
    best, found = (0, 0, 0), "\t" if file.suffix.lower() == ".tsv" else ","
    for separator in dict.fromkeys((found, *_SEPARATORS)):
        try:
            records = list(islice(_records(file, encoding, separator), _LOOKED_AT))
        except TableError:
            # quotes that do not fit are a sign that it is another
            continue
        named = max((len({key_of(cell) for cell in record} & wanted) for record in records), default=0)
        widths = Counter(len(record) for record in records if len(record) > 1)
        width, count = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        if (named, count, width) > best:
            best, found = (named, count, width), separator
    return found, False


def _records(file: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    if csv.field_size_limit() < 1 << 30:
        csv.field_size_limit(1 << 30)
    with file.open(encoding=encoding, newline="") as opened:
        reader = csv.reader(opened, delimiter=separator, strict=True)
        try:
            yield from reader
        except csv.Error as error:
            raise table_error(
                "unreadable-file", f"第 {reader.line_num} 行的双引号不成对：{error}",
                f"the double quotes of line {reader.line_num} do not match: {error}",
                ("请在 Excel 或 WPS 中打开并重新导出", "open it in Excel or WPS, and export it again"), file,
            ) from None  # fmt: skip

"""Formats by name: of files that hold tables, and of strings in documents that are in a language of their own."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: formats by the ending of a file's name
FORMATS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".xlsx": "excel",
}

#: how the name of a reviewers' file ends that stands beside facts; it, and an expected score, are no facts themselves
REVIEW_ENDING = ".review.json"
NO_FACTS = (".expected.json", REVIEW_ENDING)

#: format of a string in a JSON Schema -> its parser, which raises a JmrulesError; the room that has the language puts it here
LANGUAGES: dict[str, Callable[[str], object]] = {}


#: name of the sheet, never shown, by which a workbook to fill facts into is known
FORM_MARK = "_jmrules"
#: bytes that are looked at of a workbook's list of sheets
_MOST = 1 << 20


def is_table(path: str | Path) -> bool:
    """Whether a file is a table by its name, and no workbook that the facts of one department were filled into."""
    return Path(path).suffix.lower() in FORMATS and not is_form(path)


def is_form(path: str | Path) -> bool:
    """Whether a file is a workbook to fill the facts of one department into."""
    if Path(path).suffix.lower() != ".xlsx":
        return False
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as stream:
            return re.search(rb"""\bname=["']%b["']""" % FORM_MARK.encode(), stream.read(_MOST)) is not None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
        return False


#: what a spreadsheet takes for the beginning of a formula, in whichever width
_STARTS = frozenset("=+-@\t\r＝＋－＠")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
#: characters that are not seen, or turn the order of what is: control characters, overrides of direction, what is no character
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def inert(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet runs as a formula: what looks like one gets an apostrophe; a number stays one."""
    text = seen(text)
    return f"'{text}" if text[:1] in _STARTS and not _PLAIN.fullmatch(text) else text


def seen(text: str) -> str:
    """The text with its control characters shown rather than sent: ␀, ⟨U+202E⟩."""
    return _UNSEEN.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"

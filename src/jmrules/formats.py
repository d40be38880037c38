"""Formats by name: of files that hold tables, and of strings in documents that are in a language of their own."""

from __future__ import annotations

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

#: format of a string in a JSON Schema -> its parser, which raises a JmrulesError; the room that has the language puts it here
LANGUAGES: dict[str, Callable[[str], object]] = {}


def is_table(path: str | Path) -> bool:
    """Whether a file is a table by its name."""
    return Path(path).suffix.lower() in FORMATS

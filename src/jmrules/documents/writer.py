"""Write JSON: numbers as plain exact decimals, files whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any


def plain(number: int | Decimal) -> str:
    """The number in plain decimal digits, with the decimals it has."""
    return str(number) if isinstance(number, int) else format(number, "f")


def normalised(number: int | Decimal) -> str:
    """The number in plain decimal digits without trailing zeros; one text for every way of writing it."""
    text = plain(number)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def canonical(value: Any) -> str:
    """The canonical text of a JSON value: RFC 8785's order and escapes, numbers normalised (its own are doubles)."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_string(name)}:{canonical(item)}" for name, item in members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    return _scalar(value, normalised)


def pretty(value: Any, width: int = 120, indent: int = 0) -> str:
    """A JSON value for people to read: members in their order, short objects and arrays on one line."""
    flat = _flat(value)
    if indent + len(flat) <= width or not isinstance(value, dict | list | tuple) or not value:
        return flat
    inner = indent + 2
    pad = " " * inner
    if isinstance(value, dict):
        lines = [f"{pad}{_string(name)}: {pretty(item, width, inner)}" for name, item in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(pad + pretty(item, width, inner) for item in value) + "\n" + " " * indent + "]"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(name)}: {_flat(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return _scalar(value, plain)


def _scalar(value: Any, number: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | Decimal):
        return str(number(value))
    if isinstance(value, str):
        return _string(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_whole(path: str | Path, text: str) -> None:
    """Write a UTF-8 file through a temporary one beside it, so that it is there whole or not at all."""
    target = Path(path)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

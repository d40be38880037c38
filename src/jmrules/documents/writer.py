"""Write JSON: numbers as plain exact decimals, files whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from decimal import Decimal
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from attrs import frozen


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
    return _laid_out(_built(value, width), width, indent)


def flat(value: Any) -> str:
    """A JSON value on one line, without spaces."""
    if isinstance(value, dict):
        return "{" + ",".join([f"{_string(name)}:{flat(item)}" for name, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([flat(item) for item in value]) + "]"
    return _scalar(value, plain)


@frozen
class _Built:
    """A container that may be broken into lines: its parts, each with its member name, and its text where one line holds it."""

    brackets: str
    names: list[str]
    parts: list[str | _Built]
    flat: str | None


def _built(value: Any, width: int) -> str | _Built:
    """The text of a scalar or an empty container; of another container, what laying it out takes. Each text is made once."""
    if isinstance(value, dict):
        brackets, names = "{}", [f"{_string(name)}: " for name in value]
        parts = [_built(item, width) for item in value.values()]
    elif isinstance(value, list | tuple):
        brackets, parts = "[]", [_built(item, width) for item in value]
        names = [""] * len(parts)
    else:
        return _scalar(value, plain)
    if not parts:
        return brackets
    texts = [part if isinstance(part, str) else part.flat for part in parts]
    short = None
    if None not in texts:
        joined = ", ".join([f"{name}{text}" for name, text in zip(names, texts, strict=True)])
        short = f"{brackets[0]}{joined}{brackets[1]}" if len(joined) + 2 <= width else None
    return _Built(brackets, names, parts, short)


def _laid_out(built: str | _Built, width: int, indent: int) -> str:
    if isinstance(built, str):
        return built
    if built.flat is not None and indent + len(built.flat) <= width:
        return built.flat
    inner = indent + 2
    pad = " " * inner
    lines = [f"{pad}{name}{_laid_out(part, width, inner)}" for name, part in zip(built.names, built.parts, strict=True)]
    return f"{built.brackets[0]}\n" + ",\n".join(lines) + f"\n{' ' * indent}{built.brackets[1]}"


def _scalar(value: Any, number: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | Decimal):
        return str(number(value))
    if isinstance(value, str):
        return _string(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _string(value: str) -> str:
    return encode_basestring(value)


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

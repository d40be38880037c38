"""Write JSON: numbers as plain exact decimals, files whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from decimal import Decimal
from json.encoder import encode_basestring as _string
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable


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
    return _written(value, normalised, ordered=True)


def compact(value: Any) -> str:
    """A JSON value on one line without blanks, members in their order."""
    return _written(value, plain, ordered=False)


#: what stands around a number while the text is written; where texts have them too, each part is written by itself
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
#: a number with a fraction or an exponent that no Decimal wrote
_FLOAT = re.compile(r"[:\[,]-?(?:[0-9]+[.e]|NaN|Infinity)|^-?[0-9]+[.e]")


def _written(value: Any, number: Callable[[Any], str], *, ordered: bool) -> str:
    """Python's own writer is quick, and knows no Decimal: one is written as a marked string, whose marks then go."""
    numbers = 0

    def marked(part: Any) -> str:
        nonlocal numbers
        if type(part) is not Decimal:
            raise TypeError
        numbers += 1
        return f"{_OPEN}{number(part)}{_CLOSE}"

    try:
        text = json.dumps(
            value, ensure_ascii=False, check_circular=False, separators=(",", ":"), default=marked, sort_keys=ordered
        )
    except (TypeError, RecursionError):
        numbers = -1
    # The order of characters beyond the first plane is another; and what looks like a float may be one, which is refused.
    others = ordered and not text.isascii() and _has_pairs(text)
    if numbers < 0 or text.count(_OPEN) != numbers or others or _FLOAT.search(text):
        parts: list[str] = []
        _compact(value, number, parts.append, ordered=ordered)
        return "".join(parts)
    return text.replace(f'"{_OPEN}', "").replace(f'{_CLOSE}"', "") if numbers else text


def _has_pairs(text: str) -> bool:
    """Whether there is a character that takes two code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def _compact(value: Any, number: Callable[[Any], str], write: Callable[[str], None], *, ordered: bool) -> None:
    kind = type(value)
    if kind is str:
        write(_string(value))
    elif isinstance(value, dict):
        opening = "{"
        for name in _in_order(value) if ordered else value:
            write(f"{opening}{_string(name)}:")
            _compact(value[name], number, write, ordered=ordered)
            opening = ","
        write("{}" if opening == "{" else "}")
    elif isinstance(value, list | tuple):
        opening = "["
        for item in value:
            write(opening)
            _compact(item, number, write, ordered=ordered)
            opening = ","
        write("[]" if opening == "[" else "]")
    else:
        write(_scalar(value, number))


def _in_order(names: Any) -> list[str]:
    # by UTF-16 code units, which is the order of the characters but for those beyond the first plane
    return sorted(names) if all(map(str.isascii, names)) else sorted(names, key=lambda name: name.encode("utf-16-be"))


def pretty(value: Any, width: int = 120, indent: int = 0) -> str:
    """A JSON value for people to read: members in their order, short objects and arrays on one line."""
    return _Pretty(width).text(value, indent)[0]


@frozen
class _Pretty:
    """Lays a value out in one pass: each part is written once, on one line where it fits."""

    width: int

    def text(self, value: Any, indent: int) -> tuple[str, bool]:
        """The text of a value that begins at ``indent``, and whether it is one line."""
        if isinstance(value, dict):
            names = [f"{_string(name)}: " for name in value]
            return self._laid_out("{}", names, list(value.values()), indent)
        if isinstance(value, list | tuple):
            return self._laid_out("[]", [""] * len(value), list(value), indent)
        return _scalar(value, plain), True

    def _laid_out(self, brackets: str, names: list[str], items: list[Any], indent: int) -> tuple[str, bool]:
        inner = indent + 2
        texts, flat = [], True
        for name, item in zip(names, items, strict=True):
            text, one_line = self.text(item, inner)
            texts.append(name + text)
            flat = flat and one_line
        line = f"{brackets[0]}{', '.join(texts)}{brackets[1]}" if flat else ""
        if flat and (indent + len(line) <= self.width or not items):
            return line, True
        pad = "\n" + " " * inner
        return f"{brackets[0]}{pad}{f',{pad}'.join(texts)}\n{' ' * indent}{brackets[1]}", False


def _scalar(value: Any, number: Callable[[Any], str]) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int | Decimal):
        return number(value)
    if isinstance(value, str):
        return _string(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


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

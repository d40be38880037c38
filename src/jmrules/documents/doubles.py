"""Numbers for readers whose numbers are doubles, as JavaScript's are: what a double does not hold is written as a text."""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Any

from jmrules.documents.reader import MAX_DIGITS
from jmrules.documents.writer import normalised

if TYPE_CHECKING:
    from collections.abc import Collection

_NUMERAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_SHORT = Context(prec=MAX_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)
#: whole numbers up to it are all doubles
_WHOLE = 2**53
#: characters of plain digits of which a double holds any number
_SURE = 15
#: from here on a number in plain digits has more of them than a document may
_LONG = Decimal(10) ** MAX_DIGITS


def is_double(number: int | Decimal) -> bool:
    """Whether a reader that holds doubles writes the same number again: its shortest text as a double is the number.

    Numbers whose plain digits are too many for a document are told to be none.
    """
    if type(number) is int:
        if -_WHOLE <= number <= _WHOLE:
            return True
    elif len(text := str(number)) <= _SURE and "E" not in text:
        return True
    return -_LONG < number < _LONG and Decimal(repr(float(number))) == number


def portable(value: Any, anything: Collection[str], *, inside: bool = False) -> Any:
    """A JSON value whose numbers are doubles, and the others texts in plain digits.

    Under the members named ``anything`` a text may stand for itself: there such a number is marked as ``{"@": text}``, but for
    the value of what says that its type is number.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if isinstance(value, dict):
        plain = "value" if not inside and value.get("type") == "number" else None
        return {
            name: part
            if type(part) is str
            else portable(part, anything, inside=inside or (name in anything and name != plain))
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [portable(part, anything, inside=inside) for part in value]
    if is_double(value):
        return value
    return {"@": normalised(value)} if inside else normalised(value)


def exact(value: Any, *, typed: bool = True) -> Any:
    """The JSON value with the marked numbers in it as numbers; the value of a number too, where it is a text and ``typed``."""
    if isinstance(value, dict):
        if value.keys() == {"@"}:
            number = _number(value["@"])
            return value if number is None else number
        found = {name: exact(part, typed=typed) for name, part in value.items()}
        if typed and found.get("type") == "number" and (number := _number(found.get("value"))) is not None:
            found["value"] = number
        return found
    return [exact(part, typed=typed) for part in value] if isinstance(value, list | tuple) else value


def _number(text: Any) -> Decimal | None:
    """The number of a text that :func:`portable` writes for one; None for any other text."""
    if not isinstance(text, str) or not _NUMERAL.fullmatch(text):
        return None
    if len(text.lstrip("-").replace(".", "").strip("0")) > MAX_DIGITS:
        return None
    number = _SHORT.plus(Decimal(text))
    return None if is_double(number) else number

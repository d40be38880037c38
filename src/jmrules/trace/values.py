"""FEEL values in JSON's terms, and back."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException
from fractions import Fraction
from typing import Any

from jmrules.documents import fraction_text
from jmrules.errors import LimitError
from jmrules.feel import CONTEXT, LONG_DIGITS, Quotient, is_number, quotient_of, string_of, temporal

_PLAIN = frozenset((str, bool, int, type(None)))
_NUMERAL = re.compile(r"-?[0-9]+(?:\.[0-9]+|/[0-9]+)?", re.ASCII)
#: characters of the longest number there is
_LONGEST = 4 * LONG_DIGITS


def json_value(value: Any) -> Any:
    """A FEEL value in JSON's terms.

    A number that a JSON number of 34 digits is not, such as a third, is its text: ``1/3``; a date or duration is its text
    too. Inside a list or context such a text is marked as ``{"@": text}``.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Decimal:
        short = _short(value)
        return f"{value:f}" if short is None else short
    if isinstance(value, list | tuple):
        return [_inner(item) for item in value]
    if isinstance(value, dict):
        return {name: _inner(item) for name, item in value.items()}
    return fraction_text(value) if kind is Quotient else string_of(value)


def _inner(value: Any) -> Any:
    plain = json_value(value)
    return {"@": plain} if isinstance(plain, str) and not isinstance(value, str) else plain


def _short(value: Decimal) -> Decimal | None:
    """The number in 34 digits, as documents hold them; None where it has more."""
    try:
        short = CONTEXT.plus(value)
    except DecimalException:
        return None
    if short != value:
        return None
    return value if short.same_quantum(value) else short.normalize(CONTEXT)


def fraction_of(text: str) -> Fraction:
    """The fraction of such a text."""
    top, _, bottom = text.partition("/")
    return Fraction(int(Decimal(top)), int(Decimal(bottom or "1")))


def type_name(value: Any) -> str:
    """The kind of a FEEL value, as :func:`feel_of` takes it."""
    if isinstance(value, bool):
        return "boolean"
    if is_number(value):
        return "number"
    if isinstance(value, list | dict):
        return "list" if isinstance(value, list) else "context"
    return "string" if isinstance(value, str) or value is None else "temporal"


def feel_of(value: Any, kind: str) -> Any:
    """The FEEL value of a JSON value of this kind; None for a text that names no number, date or duration."""
    if isinstance(value, str) and kind in ("number", "date", "temporal"):
        return _of_text(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list):
        return [feel_of(item, "") for item in value]
    if isinstance(value, dict):
        if value.keys() == {"@"}:
            return _of_text(value["@"])
        return {name: feel_of(item, "") for name, item in value.items()}
    return value


def _of_text(text: str) -> Any:
    if len(text) > _LONGEST or not _NUMERAL.fullmatch(text):
        return temporal.parse_date(text) or temporal.parse_literal(text)
    if "/" not in text:
        return Decimal(text)
    try:
        return quotient_of(fraction_of(text))
    except (ArithmeticError, LimitError):
        return None

"""FEEL values in JSON's terms, and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jmrules.feel import string_of, temporal

JSON_TYPES = str | bool | int | Decimal
_PLAIN = frozenset((str, bool, int, Decimal, type(None)))


def json_value(value: Any) -> Any:
    """A FEEL value in JSON's terms: a date or duration as its text, inside a list or context as ``{"@": text}``."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list | tuple):
        return [item.copy() if type(item) is dict and _all_plain(item) else _inner(item) for item in value]
    if isinstance(value, dict):
        return value.copy() if _all_plain(value) else {name: _inner(item) for name, item in value.items()}
    return value if value is None or isinstance(value, JSON_TYPES) else string_of(value)


def _all_plain(members: dict[str, Any]) -> bool:
    return _PLAIN.issuperset(map(type, members.values()))


def _inner(value: Any) -> Any:
    plain = json_value(value)
    return plain if value is None or isinstance(value, JSON_TYPES | list | tuple | dict) else {"@": plain}


def type_name(value: Any) -> str:
    """The kind of a FEEL value, as :func:`feel_of` takes it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "number"
    if isinstance(value, list | dict):
        return "list" if isinstance(value, list) else "context"
    return "string" if isinstance(value, str) or value is None else "temporal"


def feel_of(value: Any, kind: str) -> Any:
    """The FEEL value of a JSON value of this kind."""
    if isinstance(value, str) and kind in ("date", "temporal"):
        return temporal.parse_date(value) or temporal.parse_literal(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list):
        return [feel_of(item, "") for item in value]
    if isinstance(value, dict):
        if value.keys() == {"@"}:
            return temporal.parse_literal(value["@"])
        return {name: feel_of(item, "") for name, item in value.items()}
    return value

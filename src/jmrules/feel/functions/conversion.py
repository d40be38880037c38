"""Built-in functions that convert to strings, numbers and ranges (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jmrules.feel import types as ft
from jmrules.feel.functions.registry import NoValue, builtin
from jmrules.feel.numbers import number_of_text
from jmrules.feel.values import string_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

_NUMERAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def _text(kinds: Sequence[ft.Type]) -> ft.Type:
    """The text of null is null, not "null"."""
    return ft.Nullable(ft.STRING) if not kinds or ft.may_be_null(kinds[0]) else ft.STRING


@builtin("string", "from: any", _text)
def string(value: Any) -> str | None:
    return None if value is None else string_of(value)


@builtin("number", "from: string", ft.NUMBER)
def number(text: str) -> Decimal:
    return _number(text)


@builtin("number", "from: string, grouping separator: string!, decimal separator: string!", ft.NUMBER)
def number_with_separators(text: str, grouping: str | None, point: str | None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise NoValue(
            "分组符应为空格、逗号或句点，小数点应为逗号或句点",
            "the grouping separator must be a space, comma or period, the decimal separator a comma or period",
        )
    if grouping is not None and grouping == point:
        raise NoValue("分组符与小数点相同", "the grouping and the decimal separator are the same")
    plain = text.replace(grouping, "") if grouping else text
    return _number(plain.replace(point, ".") if point else plain)


def _number(text: str) -> Decimal:
    value = number_of_text(text) if _NUMERAL.fullmatch(text) else None
    if value is None:
        raise NoValue(f"“{text}”不是数", f'"{text}" is not a number')
    return +value

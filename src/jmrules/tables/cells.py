"""What the text of a cell says: a number, yes or no, a day; None where it says none of them, or may say two things."""

from __future__ import annotations

import re
from decimal import Decimal

from jmrules.units import unit_of

#: full-width forms as the signs they stand for; nothing else is changed, since ² and ① are not 2 and 1
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
_NUMBER = re.compile(
    r"([+-]?)(?:([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|(\.[0-9]+))([eE][+-]?[0-9]{1,4})?\s*([^0-9.,\s+-][^0-9]*)?"
)
_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})[日号]|([0-9]{2})([0-9]{2}))(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)
_TRUE = frozenset(("true", "yes", "y", "是", "有", "对", "√", "✓", "✔", "☑", "1"))
_FALSE = frozenset(("false", "no", "n", "否", "无", "没有", "错", "×", "✗", "✘", "0"))
_NOTHING = frozenset(("无", "没有", "/", "-", "--", "—", "——", "–", "―", "n/a", "不适用", "不涉及"))


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs as the common ones."""
    return text.translate(_HALF).strip()


def number(text: str, *, decimal_commas: bool = False) -> tuple[Decimal, str | None] | None:
    """A number and the unit written behind it: 21,573.15 · 98% · １２ · 120万元; None where it is none, or may be two.

    ``decimal_commas``: where a comma may be a decimal point, a number that has one may be two.
    """
    found = _NUMBER.fullmatch(half_width(text))
    if found is None:
        return None
    sign, whole, rest, fraction, exponent, unit = found.groups()
    if decimal_commas and whole and "," in whole:
        return None
    if unit is not None and unit_of(unit) is None:
        return None
    digits = (whole or "").replace(",", "") + (rest or fraction or "")
    return Decimal(f"{sign}{digits}{exponent or ''}"), unit


def truth(text: str) -> bool | None:
    """Yes or no: 是 否 √ × 有 无 true false 1 0."""
    word = half_width(text).lower()
    return True if word in _TRUE else False if word in _FALSE else None


def day(text: str) -> str | None:
    """A day, as 2024-06-30; from 2024/6/30, 2024.6.30, 2024年6月30日 and 20240630, with or without the time of day."""
    found = _DAY.fullmatch(half_width(text).replace("年 ", "年").replace("月 ", "月"))
    if found is None:
        return None
    year, *parts = found.groups()
    month, date = [part for part in parts if part]
    return f"{year}-{month:0>2}-{date:0>2}"


def nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: 无 — /."""
    return half_width(text).lower() in _NOTHING

"""What methods yield and what they refuse: exact quotients, and values that there is no share for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.errors import Problem, Text, Undefined
from jmrules.feel import NUMBERS, Number

if TYPE_CHECKING:
    from fractions import Fraction

#: numerator and denominator, not always in lowest terms
Share = tuple[int, int]

NOTHING: Share = (0, 1)
ALL: Share = (1, 1)


class Indeterminate(Undefined):
    """A method met a value that it has no share for."""


def indeterminate(code: str, zh: str, en: str) -> Indeterminate:
    """The error that makes a leaf undefined."""
    return Indeterminate(Problem(code, Text(zh, en)))


def number(value: Any) -> Number:
    """The value, which must be a number."""
    if type(value) in NUMBERS:
        return value  # type: ignore[no-any-return]
    if value is None:
        raise indeterminate("null-value", "没有填写", "it is not given")
    raise indeterminate("not-a-number", f"不是数：{value}", f"it is not a number: {value}")


def truth(value: Any) -> bool:
    """The value, which must be true or false."""
    if value is True or value is False:
        return value
    raise indeterminate("null-condition", "条件无法判定", "the condition cannot be decided")


def pair(share: Fraction) -> Share:
    """A fraction as a quotient."""
    return share.numerator, share.denominator

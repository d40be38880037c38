"""FEEL numbers: decimals of 34 significant digits, rounded half to even (DMN 1.5, 10.3.2.3.1; IEEE 754 decimal128)."""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

#: significant digits of every result
PRECISION = 34
#: largest exponent of a number in scientific notation
MAX_EXPONENT = 6144

#: the decimal context in which FEEL computes
CONTEXT = Context(
    prec=PRECISION,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=MAX_EXPONENT,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

#: for intermediate results that are rounded once at the end
WIDE = Context(
    prec=80,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def in_context(function: Callable[P, R]) -> Callable[P, R]:
    """The function under :data:`CONTEXT`, whatever decimal context its caller has set."""

    @wraps(function)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        with localcontext(CONTEXT):
            return function(*arguments, **options)

    return run


def number_of_text(text: str) -> Decimal | None:
    """The number that a numeral stands for, rounded to 34 digits; None where its exponent is out of range."""
    try:
        return CONTEXT.create_decimal(text)
    except DecimalException:
        return None


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """``base ** exponent``, correct to 34 digits; raises a DecimalException where it is no number. 0 ** 0 is 1."""
    if not exponent:
        return Decimal(1)
    if not base and exponent < 0:
        # Python's decimal gives infinity here without a signal; it is a division by zero.
        raise DivisionByZero
    return CONTEXT.plus(WIDE.power(base, exponent))


def is_whole(value: Decimal) -> bool:
    """Whether a number has no fraction."""
    return value == value.to_integral_value()


def truncated(value: Decimal) -> int:
    """The whole part of a number, as a position or a length; beyond all lists and strings it is ±10^15."""
    return int(max(-_FAR, min(_FAR, value)))


_FAR = Decimal(10**15)


def text_of_number(value: Decimal) -> str:
    """The canonical numeral: no exponent, no trailing zeros after the point."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

"""FEEL numbers, in one of two arithmetics: which one is in force, the thread's decimal context says.

Under :data:`CONTEXT` numbers are decimals of 34 significant digits, rounded half to even (DMN 1.5, 10.3.2.3.1; IEEE 754
decimal128). Under :data:`EXACT` they are rationals, as inside a ruleset: a number that a finite decimal holds is a
``Decimal``, any other a :class:`Quotient`, and what would have to be rounded reaches a bound instead. Python's
own ``+ - *`` and comparisons do for both; ``/`` is :func:`divide`.
"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Underflow,
    localcontext,
)
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeGuard, TypeVar

from jmrules.feel.quotients import EXACT_DIGITS, LONG_DIGITS, Quotient, is_exact, quotient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

P = ParamSpec("P")
R = TypeVar("R")

Number = Decimal | Quotient
#: the classes of numbers; no number is of a class below them
NUMBERS = frozenset((Decimal, Quotient))

#: significant digits of every result of standard FEEL
PRECISION = 34
#: largest exponent of a number in scientific notation, in standard FEEL
MAX_EXPONENT = 6144

#: the decimal context in which standard FEEL computes
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


def _exact(digits: int) -> Context:
    traps = [InvalidOperation, DivisionByZero, Overflow, Underflow, Inexact]
    return Context(
        digits, ROUND_HALF_EVEN, Emin=-LONG_DIGITS, Emax=LONG_DIGITS, capitals=1, clamp=0, flags=[], traps=traps
    )


#: the decimal context in which a ruleset computes: nothing is rounded, and few numbers are longer
EXACT = _exact(EXACT_DIGITS)
#: the same with ten times as many digits; only the careful reading uses it, which counts them as work
LONG = _exact(LONG_DIGITS)

#: for intermediate results that are rounded once at the end
WIDE = Context(
    prec=80,
    rounding=ROUND_HALF_EVEN,
    Emin=-999_999,
    Emax=999_999,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
#: for rounding an exact number to fewer digits, which is nothing inexact
_FEWER = Context(LONG_DIGITS + 50, ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, flags=[], traps=[InvalidOperation])


def in_context(function: Callable[P, R]) -> Callable[P, R]:
    """The function under :data:`CONTEXT`, whatever decimal context its caller has set."""
    return _under(CONTEXT, function)


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """The function under :data:`EXACT`, whatever decimal context its caller has set."""
    return _under(EXACT, function)


def _under(context: Context, function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        with localcontext(context):
            return function(*arguments, **options)

    return run


def is_number(value: object) -> TypeGuard[Number]:
    """Whether a FEEL value is a number."""
    return type(value) in NUMBERS


def number_of_text(text: str) -> Decimal | None:
    """The number that a numeral stands for, with all its digits; None where its exponent is out of range.

    Standard FEEL has 34 of them: whoever computes takes ``+value``. What is too small for it is 0.
    """
    try:
        rounded = CONTEXT.create_decimal(text)
        return Decimal(text) if rounded else rounded
    except DecimalException:
        return None


def divide(top: Number, bottom: Number) -> Number:
    """``top / bottom``; raises DivisionByZero, or another DecimalException, where it is no number."""
    if not is_exact():
        return top / bottom
    if type(top) is Decimal and type(bottom) is Decimal:
        try:
            short = CONTEXT.divide(top, bottom)
            if short * bottom == top:
                return short
        except Inexact:
            pass
    (one, under), (over, two) = top.as_integer_ratio(), bottom.as_integer_ratio()
    return quotient(one * two, under * over)


def total(items: Sequence[Number]) -> Number:
    """The sum; quotients are added in pairs and pairs of pairs, so that few of the terms are long."""
    if Quotient not in set(map(type, items)):
        return sum(items, _ZERO)
    tops: dict[int, int] = {}
    for item in items:
        if type(item) is Quotient:
            tops[item.denominator] = tops.get(item.denominator, 0) + item.numerator
    whole = sum((item for item in items if type(item) is not Quotient), _ZERO)
    parts: list[Number] = [quotient(top, bottom) for bottom, top in tops.items()]
    while len(parts) > 1:
        pairs: list[Number] = [one + other for one, other in zip(parts[::2], parts[1::2])]  # noqa: B905
        parts = pairs + parts[2 * len(pairs) :]
    return parts[0] + whole


def mean(items: Sequence[Number]) -> Number:
    """The mean of some numbers, one at least."""
    return divide(total(items), Decimal(len(items)))


def power(base: Number, exponent: Number) -> Number:
    """``base ** exponent``; raises a DecimalException where it is no number. 0 ** 0 is 1.

    Correct to 34 digits, or exact where numbers are and the exponent is whole.
    """
    if not exponent:
        return Decimal(1)
    if not base and exponent < 0:
        # Python's decimal gives infinity here without a signal; it is a division by zero.
        raise DivisionByZero
    if is_exact() and is_whole(exponent):
        return _whole_power(base, exponent)
    return CONTEXT.plus(WIDE.power(wide(base), wide(exponent)))


def _whole_power(base: Number, exponent: Number) -> Number:
    top, bottom = base.as_integer_ratio()
    if bottom == 1 and abs(top) <= 1:
        return Decimal(top if int(exponent) % 2 else abs(top))
    times = int(exponent)
    if abs(times) * (max(top.bit_length(), bottom.bit_length()) - 1) > 4 * LONG_DIGITS:
        raise Overflow
    return quotient(top**times, bottom**times) if times > 0 else quotient(bottom**-times, top**-times)


def wide(value: Number) -> Decimal:
    """The number to 80 digits, for functions whose values are rounded to 34 at the end."""
    if isinstance(value, Decimal):
        return WIDE.plus(value)
    return WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def short(value: Number) -> Decimal:
    """The number to FEEL's 34 digits."""
    return CONTEXT.plus(wide(value))


def quantized(value: Number, quantum: Decimal, rounding: str) -> Decimal:
    """The number as a multiple of ``quantum``, a power of ten; InvalidOperation where standard FEEL lacks the digits."""
    if isinstance(value, Decimal):
        return value.quantize(quantum, rounding, _FEWER if is_exact() else None)
    exponent: Any = quantum.as_tuple().exponent
    top, bottom = value.as_integer_ratio()
    if exponent < 0:
        top *= 10**-exponent
    else:
        bottom *= 10**exponent
    whole, rest = divmod(abs(top), bottom)
    if _AWAY[rounding](top < 0, 2 * rest - bottom, bool(rest), whole % 2 == 1):
        whole += 1
    return _FEWER.scaleb(Decimal(-whole if top < 0 else whole), exponent)


#: whether to round away from zero, by: is it negative, how far beyond the middle, is there a rest, is the digit odd
_AWAY: dict[str, Callable[[bool, int, bool, bool], bool]] = {
    ROUND_UP: lambda negative, middle, rest, odd: rest,
    ROUND_DOWN: lambda negative, middle, rest, odd: False,
    ROUND_CEILING: lambda negative, middle, rest, odd: rest and not negative,
    ROUND_FLOOR: lambda negative, middle, rest, odd: rest and negative,
    ROUND_HALF_UP: lambda negative, middle, rest, odd: middle >= 0,
    ROUND_HALF_DOWN: lambda negative, middle, rest, odd: middle > 0,
    ROUND_HALF_EVEN: lambda negative, middle, rest, odd: middle > 0 or (middle == 0 and odd),
}


def is_whole(value: Number) -> bool:
    """Whether a number has no fraction."""
    return isinstance(value, Decimal) and value == value.to_integral_value()


def truncated(value: Number) -> int:
    """The whole part of a number, as a position or a length; beyond all lists and strings it is ±10^15."""
    return int(max(-_FAR, min(_FAR, value)))


_FAR = Decimal(10**15)
_ZERO = Decimal(0)


def text_of_number(value: Number) -> str:
    """The canonical numeral: no exponent, no trailing zeros after the point; 34 digits of a number that no decimal holds."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

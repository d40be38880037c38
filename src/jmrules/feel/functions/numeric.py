"""Built-in functions on numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    InvalidOperation,
)
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.feel import temporal
from jmrules.feel import types as ft
from jmrules.feel.functions.registry import NoValue, builtin
from jmrules.feel.numbers import CONTEXT, WIDE, Number, quantized, wide
from jmrules.feel.quotients import is_exact, quotient

if TYPE_CHECKING:
    from collections.abc import Sequence

_MIN_SCALE, _MAX_SCALE = -6111, 6176


def rounded(n: Number, scale: Number, rounding: str) -> Decimal:
    """``n`` to ``scale`` digits after the point; scale is a whole number from -6111 to 6176."""
    if not _MIN_SCALE <= scale <= _MAX_SCALE:
        raise NoValue(
            f"小数位数应在 {_MIN_SCALE} 至 {_MAX_SCALE} 之间", f"the scale must be from {_MIN_SCALE} to {_MAX_SCALE}"
        )
    exponent = -int(scale)
    quantum = Decimal((0, (1,), exponent))
    if not isinstance(n, Decimal):
        return quantized(n, quantum, rounding)
    own = n.as_tuple().exponent
    if isinstance(own, int) and own >= exponent:
        return n
    if is_exact():
        return quantized(n, quantum, rounding)
    return CONTEXT.plus(n.quantize(quantum, rounding=rounding, context=WIDE))


@builtin("decimal", "n: number, scale: number", ft.NUMBER)
def decimal(n: Number, scale: Number) -> Decimal:
    return rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale: number?", ft.NUMBER)
def floor(n: Number, scale: Number = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number, scale: number?", ft.NUMBER)
def ceiling(n: Number, scale: Number = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_CEILING)


@builtin("round up", "n: number, scale: number?", ft.NUMBER)
def round_up(n: Number, scale: Number = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_UP)


@builtin("round down", "n: number, scale: number?", ft.NUMBER)
def round_down(n: Number, scale: Number = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_DOWN)


@builtin("round half up", "n: number, scale: number?", ft.NUMBER)
def round_half_up(n: Number, scale: Number = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number?", ft.NUMBER)
def round_half_down(n: Number, scale: Number = Decimal(0)) -> Decimal:
    return rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number", ft.NUMBER)
def absolute_number(n: Number) -> Number:
    return -n if n < 0 else +n


def _duration(kinds: Sequence[ft.Type]) -> ft.Type:
    """The type of the duration given, or of the only item of the list given."""
    kind = ft.bare(kinds[0]) if kinds else ft.ANY
    return ft.bare(kind.item) if isinstance(kind, ft.ListType) else kind


@builtin("abs", "n: durations", _duration)
def absolute_duration(n: Any) -> Any:
    return temporal.absolute(n)


@builtin("modulo", "dividend: number, divisor: number", ft.NUMBER)
def modulo(dividend: Number, divisor: Number) -> Number:
    if not divisor:
        raise NoValue("modulo 的除数是 0", "the divisor of modulo is 0")
    if is_exact():
        (one, under), (over, two) = dividend.as_integer_ratio(), divisor.as_integer_ratio()
        return quotient(one * two % (over * under), under * two)
    return _remainder(dividend, divisor)  # type: ignore[arg-type]


def _remainder(dividend: Decimal, divisor: Decimal) -> Decimal:
    try:
        rest = WIDE.remainder(dividend, divisor)
    except InvalidOperation:
        exact = Fraction(dividend) % Fraction(divisor)
        return CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    if rest and (rest < 0) != (divisor < 0):
        rest = WIDE.add(rest, divisor)
    return CONTEXT.plus(rest)


@builtin("sqrt", "number: number", ft.NUMBER)
def sqrt(number: Number) -> Decimal:
    if number < 0:
        raise NoValue("负数没有平方根", "a negative number has no square root")
    return CONTEXT.sqrt(wide(number))


@builtin("log", "number: number", ft.NUMBER)
def log(number: Number) -> Decimal:
    if number <= 0:
        raise NoValue("log 只对正数有值", "log has a value for positive numbers only")
    return CONTEXT.ln(wide(number))


@builtin("exp", "number: number", ft.NUMBER)
def exp(number: Number) -> Decimal:
    return CONTEXT.exp(wide(number))


@builtin("odd", "number: number", ft.BOOLEAN)
def odd(number: Number) -> bool:
    return Fraction(number) % 2 == 1


@builtin("even", "number: number", ft.BOOLEAN)
def even(number: Number) -> bool:
    return Fraction(number) % 2 == 0

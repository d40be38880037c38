"""The numbers of the naive FEEL, which are Fractions, and its built-in functions: exact but for a handful.

Only a square root, an exponential, a logarithm, a power that is not whole and a standard deviation are rounded, half
even, to FEEL's 34 digits; what comes out counts as that fraction.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import ceil, floor, prod

DECIMAL128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emax=6144, Emin=-6143)
#: far more digits than are kept, so that rounding twice is rounding once
WIDE = Context(prec=200, rounding=ROUND_HALF_EVEN)


class Undefined(Exception):
    """A division by zero, a null where a value is needed, or a value that a method does not allow."""


def number(value):
    if type(value) is not Fraction:
        raise Undefined(f"{value!r} is not a number")
    return value


def listed(value):
    if type(value) is not list:
        raise Undefined(f"{value!r} is not a list")
    return value


def truth(value):
    if type(value) is not bool:
        raise Undefined(f"the condition is {value!r}")
    return value


def power(base, exponent):
    if (base == 0 and exponent < 0) or (base < 0 and exponent.denominator != 1):
        raise Undefined(f"{base} ** {exponent}")
    if exponent.denominator == 1:
        return base**exponent.numerator
    return _digits(WIDE.power(_wide(base), _wide(exponent)))


def _numbers(arguments):
    values = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)
    return [number(value) for value in values]


def _of(function, least=1):
    """A function of a list of numbers, given as a list or one by one, that has no value for fewer than ``least``."""

    def applied(*arguments):
        values = _numbers(arguments)
        if len(values) < least:
            raise Undefined(f"of {len(values)} numbers")
        return Fraction(function(values))

    return applied


def _median(values):
    middle = sorted(values)[(len(values) - 1) // 2 : len(values) // 2 + 1]
    return sum(middle) / len(middle)


def _stddev(values):
    centre = sum(values) / len(values)
    variance = sum((value - centre) ** 2 for value in values) / (len(values) - 1)
    return _digits(WIDE.sqrt(_wide(variance)))


def _wide(value):
    return WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def _digits(value):
    """What a function without rational values comes to: 34 digits, which then are the number."""
    return Fraction(DECIMAL128.plus(value))


def _irrational(function, defined):
    def applied(value):
        if not defined(number(value)):
            raise Undefined(f"of {value}")
        return _digits(function(_wide(value)))

    return applied


def _rounded(rounding):
    """A function of a number and, perhaps, of how many decimals to keep; ``rounding`` makes it a whole number."""
    return lambda value, scale=Fraction(0): rounding(number(value) * Fraction(10) ** scale) / Fraction(10) ** scale


def _away(value):
    return ceil(value) if value > 0 else floor(value)


def _toward(value):
    return floor(value) if value > 0 else ceil(value)


def _half(value, towards):
    """The nearest whole number; halfway, the one that ``towards`` picks."""
    return towards(value) if value % 1 == Fraction(1, 2) else floor(value + Fraction(1, 2))


def _modulo(dividend, divisor):
    if number(divisor) == 0:
        raise Undefined("modulo 0")
    return number(dividend) % divisor


FUNCTIONS = {
    "sum": _of(sum),
    "mean": _of(lambda values: sum(values) / len(values)),
    "min": _of(min),
    "max": _of(max),
    "median": _of(_median),
    "product": _of(prod),
    "stddev": _of(_stddev, least=2),
    "count": lambda value: Fraction(len(listed(value))),
    "abs": lambda value: abs(number(value)),
    "modulo": _modulo,
    "floor": _rounded(floor),
    "ceiling": _rounded(ceil),
    "decimal": _rounded(round),
    "round up": _rounded(_away),
    "round down": _rounded(_toward),
    "round half up": _rounded(lambda value: _half(value, _away)),
    "round half down": _rounded(lambda value: _half(value, _toward)),
    "sqrt": _irrational(WIDE.sqrt, lambda value: value >= 0),
    "exp": _irrational(WIDE.exp, lambda value: True),
    "log": _irrational(WIDE.ln, lambda value: value > 0),
    "not": lambda value: None if value is None else not truth(value),
    "date": lambda *given: date.fromisoformat(*given) if len(given) == 1 else date(*map(int, given)),
    "duration": lambda text: timedelta(days=int(text.removeprefix("P").removesuffix("D"))),
}

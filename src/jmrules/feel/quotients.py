"""Numbers that no finite decimal holds, such as a third."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, getcontext
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Any

from jmrules.errors import LimitError
from jmrules.feel import limits

if TYPE_CHECKING:
    from collections.abc import Callable

#: digits of an exact number, where digits are not counted as work and where they are. A decimal context of one of these
#: precisions, which nobody else has reason to choose, is what puts exact arithmetic in force.
EXACT_DIGITS, LONG_DIGITS = 2_003, 20_011

#: precision -> bits of a numerator or a denominator
_BITS = {digits: digits * 10 // 3 for digits in (EXACT_DIGITS, LONG_DIGITS)}
#: numbers of fewer bits cost nothing beside the step that made them
_FREE_BITS = 1024

_SHOWN = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, flags=[], traps=[])
_AS_IT_IS = Context(prec=LONG_DIGITS * 20, Emin=-999_999, Emax=999_999, flags=[], traps=[])

_FIVES = {5**power: power for power in range(128)}
_LAST_FIVE = 5**127


def is_exact() -> bool:
    """Whether exact arithmetic is in force in this thread."""
    return getcontext().prec in _BITS


class Quotient(Fraction):
    """A number that no finite decimal holds: in lowest terms, a prime other than 2 and 5 divides its denominator.

    Operators with it and Decimals, or ints, give the exact number: a Decimal wherever one holds it. Beside a plain
    Fraction it is a Fraction. Made by :func:`quotient`.
    """

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        if type(other) not in _FEEL:
            return Fraction.__add__(self, other)
        (a, b), (c, d) = self.as_integer_ratio(), other.as_integer_ratio()
        return quotient(a * d + c * b, b * d)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if type(other) not in _FEEL:
            return Fraction.__sub__(self, other)
        (a, b), (c, d) = self.as_integer_ratio(), other.as_integer_ratio()
        return quotient(a * d - c * b, b * d)

    def __rsub__(self, other: Any) -> Any:
        if type(other) not in _FEEL:
            return Fraction.__rsub__(self, other)
        (a, b), (c, d) = self.as_integer_ratio(), other.as_integer_ratio()
        return quotient(c * b - a * d, b * d)

    def __mul__(self, other: Any) -> Any:
        if type(other) not in _FEEL:
            return Fraction.__mul__(self, other)
        (a, b), (c, d) = self.as_integer_ratio(), other.as_integer_ratio()
        return quotient(a * c, b * d)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if type(other) not in _FEEL:
            return Fraction.__truediv__(self, other)
        (a, b), (c, d) = self.as_integer_ratio(), other.as_integer_ratio()
        return quotient(a * d, b * c)

    def __rtruediv__(self, other: Any) -> Any:
        if type(other) not in _FEEL:
            return Fraction.__rtruediv__(self, other)
        (a, b), (c, d) = self.as_integer_ratio(), other.as_integer_ratio()
        return quotient(c * b, d * a)

    def __neg__(self) -> Quotient:
        return _made(-self.numerator, self.denominator)

    def __pos__(self) -> Quotient:
        return self

    def __abs__(self) -> Quotient:
        return _made(abs(self.numerator), self.denominator)

    def __str__(self) -> str:
        return str(self._shown)

    def __format__(self, spec: str, /) -> str:
        return format(self._shown, spec)

    def __repr__(self) -> str:
        return f"Quotient({Decimal(self.numerator):f}, {Decimal(self.denominator):f})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[int, int]]:
        return Quotient, (self.numerator, self.denominator)

    @property
    def _shown(self) -> Decimal:
        """The number to 34 digits, for people."""
        return _SHOWN.divide(Decimal(self.numerator), Decimal(self.denominator))


_FEEL = frozenset((Decimal, Quotient, int))


def quotient(top: int, bottom: int) -> Decimal | Quotient:
    """``top / bottom`` exactly: a Decimal where one holds it.

    Raises DivisionByZero, and LimitError where it has too many digits.
    """
    if not bottom:
        raise DivisionByZero
    common = gcd(top, bottom)
    if bottom < 0:
        common = -common
    if common != 1:
        top //= common
        bottom //= common
    if (bits := max(top.bit_length(), bottom.bit_length())) > _FREE_BITS:
        _check(bits)
    twos = (bottom & -bottom).bit_length() - 1
    odd = bottom >> twos
    fives = _FIVES.get(odd)
    if fives is None and (odd < _LAST_FIVE or (fives := _power_of_five(odd)) is None):
        return _made(top, bottom)
    if not twos and not fives:
        return Decimal(top)
    places = max(twos, fives)
    if places * 4 > _FREE_BITS:
        _check(top.bit_length() + places)
    top *= 5 ** (places - fives) << (places - twos)
    return _AS_IT_IS.scaleb(Decimal(top), -places)


def quotient_of(value: Fraction) -> Decimal | Quotient:
    """The FEEL number that a fraction is."""
    return quotient(value.numerator, value.denominator)


def _made(top: int, bottom: int) -> Quotient:
    made: Any = object.__new__(Quotient)
    made._numerator, made._denominator = top, bottom
    found: Quotient = made
    return found


def _power_of_five(number: int) -> int | None:
    power = int(number.bit_length() * 0.43067655807339306)
    return next((each for each in (power - 1, power, power + 1) if 5**each == number), None)


def _check(bits: int) -> None:
    """Charge the work that a long number is; raises LimitError beyond what the arithmetic in force allows."""
    if bits > _BITS.get(getcontext().prec, _BITS[LONG_DIGITS]):
        raise too_long()
    limits.spend(bits >> 5)


def too_long() -> LimitError:
    """That an exact number has more digits than are computed with."""
    return limits.limit_reached(
        f"精确的数超过 {LONG_DIGITS:,} 位", f"an exact number has more than {LONG_DIGITS:,} digits"
    )

"""FEEL numbers as exact rationals, where a temporal value is made of them or scaled by them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

#: no FEEL number is larger, or closer to 0, than ten to this power; it bounds the work that a huge exponent could cause
_MAX_EXPONENT = 41_000


def as_fraction(value: object) -> Fraction | None:
    """The number's exact value; None for what is no FEEL number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, Fraction):
        return Fraction(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    return Fraction(value) if abs(value.adjusted()) <= _MAX_EXPONENT else None


def as_whole(value: object, scale: int = 1) -> int | None:
    """The number times ``scale``; None where that is not whole, or where ``value`` is no FEEL number."""
    number = as_fraction(value)
    if number is None:
        return None
    whole, rest = divmod(number.numerator * scale, number.denominator)
    return None if rest else whole

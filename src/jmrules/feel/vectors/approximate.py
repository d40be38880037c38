"""Arithmetic in float64 with a bound, for each number, on how far it is from the exact one.

A number v is held as x with |x - v| <= error. ``U`` stands for one rounding, 2^-53, with room for the roundings of the bounds themselves.
Numbers read from a table are *raw*: x is the double nearest to a decimal of at most 15 digits, or v is the shortest decimal that reads as x.
Either way equal doubles mean equal decimals, and comparing raw numbers is exact. What floats cannot hold (too large, too small, too near to
a tie) has a bound that decides nothing: infinite, or not a number.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf, log2
from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.feel.quotients import quotient_of
from jmrules.feel.vectors.vectors import LONGEST, Approx, Array, Mask, full, of_both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel.vectors.vectors import Items

U = 1.2e-16
#: room for the roundings of a bound, over as many terms as a list has
SLACK = 1 + 1e-6
WHOLE = 2.0**53
#: smaller results are not within one rounding; ``LOST`` is more than what they then miss
SMALLEST, LOST = 1e-280, 1e-270
#: digits of a decimal that its nearest double tells from all others
DIGITS = 15


def mask_of(mask: Array) -> Mask:
    """The mask, or None where it is nowhere."""
    return mask if np.any(mask) else None


@lru_cache(maxsize=4096)
def constant(value: Decimal | Fraction) -> Approx:
    """A number of the ruleset, the same for all rows."""
    exact = Fraction(value)
    bits = max(exact.numerator.bit_length(), exact.denominator.bit_length())
    try:
        x = exact.numerator / exact.denominator
    except OverflowError:
        return Approx(np.float64(inf if exact > 0 else -inf), inf, bits=bits)
    error = 0.0 if Fraction(x) == exact else U * abs(x) + (LOST if abs(x) < SMALLEST else 0.0)
    raw = not exact or (SMALLEST < abs(x) < 1 / SMALLEST and _is_short(exact))
    return Approx(np.float64(x), error, raw=raw, whole=exact.denominator == 1 and abs(x) < WHOLE, bits=bits)


def _is_short(value: Fraction) -> bool:
    """Whether a decimal of few digits holds it."""
    made = quotient_of(value)
    return isinstance(made, Decimal) and len("".join(map(str, made.as_tuple().digits)).rstrip("0")) <= DIGITS


def column(x: Array) -> Approx:
    """Numbers of a table, each the double nearest to its decimal."""
    x = np.asarray(x)
    size = np.abs(x)
    integers = (np.rint(x) == x) & (size < WHOLE)
    bits = 64 + int(log2(max(1.0, float(size.max(initial=1.0)))))
    if integers.all():
        return Approx(x, 0.0, raw=True, whole=True, bits=bits)
    least = float(np.where(integers, 1.0, size).min(initial=1.0))
    error = np.where(integers, 0.0, size * U + (LOST if least < SMALLEST else 0.0))
    return Approx(x, error, raw=True, bits=bits + int(-log2(least)))


def counts(x: Array) -> Approx:
    """Whole numbers below 2^53."""
    return Approx(np.asarray(x, dtype=np.float64), raw=True, whole=True)


def add(a: Approx, b: Approx, sign: int = 1) -> Approx:
    """The sum, or with ``sign`` -1 the difference."""
    z = a.x + b.x if sign > 0 else a.x - b.x
    bits = a.bits + b.bits + 1
    if a.whole and b.whole and _all_whole(z):
        return Approx(z, raw=True, whole=True, bits=bits)
    return Approx(z, a.error + b.error + U * np.abs(z), bits=bits)


def _all_whole(z: Array) -> bool:
    return bool(np.all(np.abs(z) < WHOLE))


def negative(a: Approx) -> Approx:
    """The numbers with the other sign."""
    return Approx(-a.x, a.error, raw=a.raw, whole=a.whole, bits=a.bits)


def magnitude(a: Approx) -> Approx:
    """The numbers without their sign."""
    return Approx(np.abs(a.x), a.error, raw=a.raw, whole=a.whole, bits=a.bits)


def multiply(a: Approx, b: Approx) -> Approx:
    """The product."""
    z = a.x * b.x
    bits = a.bits + b.bits
    if a.whole and b.whole and _all_whole(z):
        return Approx(z, raw=True, whole=True, bits=bits)
    error = np.abs(a.x) * b.error + np.abs(b.x) * a.error + a.error * b.error + U * np.abs(z)
    return Approx(z, _if_lost(z, error, _not_zero(a) & _not_zero(b)), bits=bits)


def _not_zero(a: Approx) -> Array:
    return (a.x != 0) | (a.error != 0)


def _if_lost(z: Array, error: Array, where: Array) -> Array:
    small = (np.abs(z) < SMALLEST) & where
    return np.where(small, error + LOST, error) if small.any() else error


def divide(a: Approx, b: Approx) -> tuple[Approx, Mask, Mask]:
    """The quotient, where it has no value, and where it is in doubt whether it has."""
    size = np.abs(b.x)
    zero = b.x == 0 if b.raw else (b.x == 0) & (b.error == 0)
    doubt = ~(size > 2 * b.error) & ~zero
    bad = zero | doubt
    bottom, off = (np.where(bad, 1.0, b.x), np.where(bad, 0.0, b.error)) if bad.any() else (b.x, b.error)
    z = a.x / bottom
    size = np.abs(z)
    error = (a.error + size * off) / (np.abs(bottom) - off) + U * size
    error = _if_lost(z, error, _not_zero(a))
    same = (
        (a.error == 0) & (off == 0) & (np.abs(a.x) < WHOLE) & (np.abs(bottom) < WHOLE)
        & (np.rint(z) == z) & (np.rint(bottom) == bottom) & (z * bottom == a.x)
    )  # fmt: skip
    if a.raw and b.raw:
        same = same | (a.x == bottom)
    error = np.where(same, 0.0, error)
    return Approx(z, error, bits=a.bits + b.bits), mask_of(zero), mask_of(doubt)


def extreme(numbers: Sequence[Approx], *, greatest: bool) -> Approx:
    """The greatest or least of some numbers, row by row."""
    pick = np.maximum if greatest else np.minimum
    made = numbers[0]
    for other in numbers[1:]:
        # where one is surely picked, its own bound would do; the greater one does always
        made = of_both(made, other, pick(made.x, other.x), np.maximum(made.error, other.error))
    return made


def clipped(a: Approx) -> Approx:
    """The numbers, or 0 or 1 where they are beyond; those that surely are have no error."""
    off = a.error * SLACK
    sure = (a.x - 1 >= off) | (-a.x >= off)
    return Approx(np.clip(a.x, 0.0, 1.0), np.where(sure, 0.0, a.error), bits=a.bits)


def extreme_item(a: Approx, items: Items, *, greatest: bool) -> Approx:
    """The greatest or least item of each list; 1 where it is empty."""
    pick = np.maximum if greatest else np.minimum
    x, error = _reduced(pick, a.x, items, 1.0), _reduced(np.maximum, a.error, items, 0.0)
    return Approx(x, error, raw=a.raw, whole=a.whole, bits=a.bits)


def compare(operator: str, a: Approx, b: Approx) -> tuple[Array, Mask]:
    """Truth values, and where they are in doubt."""
    holds = COMPARE[operator](a.x, b.x)
    if a.raw and b.raw:
        return holds, None
    error = (a.error + b.error) * SLACK
    # two exact numbers are told apart by their doubles
    return holds, mask_of(~((error == 0) | (np.abs(a.x - b.x) * (1 - 1e-12) > error)))


def rounded(a: Approx, scale: int, mode: str) -> tuple[Approx, Mask]:
    """To ``scale`` decimals, and where that is in doubt."""
    if a.whole and scale >= 0:
        return a, None
    factor = 10.0**scale
    y = a.x * factor
    error = (a.error * factor + 2 * U * np.abs(y)) * SLACK
    nearest = mode.startswith("half")
    whole = np.rint(y) if nearest else _TO_WHOLE[mode](y)
    away = np.abs(y - np.rint(y)) if not nearest else 0.5 - np.abs(y - whole)
    # a number without error that is whole already stays as it is
    sure = ((away > error) | ((a.error == 0) & (np.rint(a.x) == a.x) & (scale >= 0))) & (np.abs(whole) < 10.0**DIGITS)
    x = whole / factor
    return Approx(x, 0.0 if not scale else U * np.abs(x), raw=True, whole=not scale, bits=a.bits + 64), mask_of(~sure)


def total(a: Approx, items: Items) -> tuple[Approx, Mask]:
    """The sum of each list's numbers (0 where it is empty), and where exact arithmetic might find it too long."""
    x = full(a.x, items.size)
    z = _reduced(np.add, x, items, 0.0)
    size = _reduced(np.add, np.abs(x), items, 0.0)
    most = int(items.counts.max(initial=0))
    bits = a.bits + most.bit_length() if a.raw else a.bits * min(most, LONGEST // a.bits)
    doubt = None if a.raw else mask_of(items.counts > LONGEST // a.bits)
    if a.whole and _all_whole(size):
        return Approx(z, raw=True, whole=True, bits=bits), doubt
    error = _reduced(np.add, a.error, items, 0.0) + U * items.counts * size
    # sums of whole numbers are exact also where other rows have others
    other = _reduced(np.add, (a.error != 0) | (np.rint(x) != x), items, 0)
    return Approx(z, np.where((other == 0) & (size < WHOLE), 0.0, error), bits=bits), doubt


def _reduced(function: Any, x: Array, items: Items, empty: float) -> Array:
    """The items of each list, put together."""
    result = np.full(len(items.offsets) - 1, empty)
    filled = items.counts > 0
    if filled.any():
        values = np.ascontiguousarray(full(x, items.size), dtype=np.float64)
        result[filled] = function.reduceat(values, items.offsets[:-1][filled])
    return result


def awarded(share: Approx, quanta: Array, mode: str, out: Array, unit: int = 1) -> Mask:
    """Fill in the points that shares earn of ``quanta`` (one number, or one a row), in multiples of ``unit``; where they are in doubt."""
    share = clipped(share)
    x = share.x
    points = quanta.astype(np.float64) / unit
    y = x * points
    error = (share.error * points + 3e-16 * y) * SLACK
    near = np.rint(y)
    if mode in NEAREST:
        sure = np.abs(y - near) + error < 0.5
    else:
        sure = np.abs(y - near) > error
        near = np.ceil(y) if mode == "up" else np.floor(y)
    if unit != 1:
        # all the points need be no multiple
        sure = sure & ((x + share.error * SLACK < 1) | (quanta % unit == 0))
        near = np.minimum(near * unit, quanta)
    everything, nothing = ((share.error == 0) & (x == edge) for edge in (1, 0))
    near = np.where(sure & ~everything & ~nothing, near, 0.0).astype(np.int64)
    out[:] = np.where(everything, quanta, near)
    return mask_of(~full(sure | everything | nothing, len(out)))


#: modes of the rounding of awards that only a tie leaves in doubt
NEAREST = frozenset(("half up", "half down", "half even"))
COMPARE: dict[str, Any] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_TO_WHOLE: dict[str, Any] = {
    "floor": np.floor,
    "ceiling": np.ceil,
    "up": lambda y: np.sign(y) * np.ceil(np.abs(y)),
    "down": np.trunc,
}

"""Exact arithmetic over the few rows that floats leave in doubt: quotients of whole numbers, in 64 bits as long as these surely hold them.

Where 64 bits might not, the numbers are Python's integers, in arrays of objects: ten times slower, and still far from asking for a
department at a time. A number that is the same for all rows is an array of one entry.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from jmrules.rounding import ROUND

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Array = Any

#: products and sums below are held in 64 bits
_MOST = 2.0**62
#: numbers that are no worse for being written in lower terms
_LARGE = 2**24
#: decimals that the figures of a table are looked for in, fewest first
_SCALES = (2, 4, 6, 12)
_DIGITS = 1e15


class Quotients(NamedTuple):
    """top / bottom; every bottom is greater than 0."""

    top: Array
    bottom: Array


def integers(*values: int) -> Array:
    """Whole numbers as an array, of 64 bits where these hold them."""
    held = all(abs(value) < _MOST for value in values)
    return np.array(values, dtype=np.int64 if held else object)


def quotients_of(*values: Fraction) -> Quotients:
    """Numbers of a ruleset."""
    return Quotients(
        integers(*(value.numerator for value in values)), integers(*(value.denominator for value in values))
    )


ONE = integers(1)


def decimals_of(x: NDArray[np.float64]) -> Quotients:
    """Numbers of a table: the shortest decimals that read as these doubles."""
    x = np.atleast_1d(x)
    size = np.abs(x)
    if (size < _DIGITS).all():
        if (np.rint(x) == x).all():
            return Quotients(x.astype(np.int64), ONE)
        for scale in _SCALES:
            units = np.rint(x * 10.0**scale)
            if (units / 10.0**scale == x).all() and (np.abs(units) <= _DIGITS).all():
                return _lower(Quotients(units.astype(np.int64), integers(10**scale)))
    made = [Fraction(Decimal(repr(each))) if abs(each) < inf else Fraction(0) for each in x.tolist()]
    return quotients_of(*made)


def _most(a: Array) -> float:
    return float(np.abs(a).max(initial=0))


def _wide(a: Array) -> Array:
    return a.astype(object)


def _product(a: Array, b: Array) -> Array:
    if object in (a.dtype, b.dtype) or _most(a) * _most(b) >= _MOST:
        return _wide(a) * _wide(b)
    return a * b


def _sum(a: Array, b: Array, sign: int = 1) -> Array:
    if object in (a.dtype, b.dtype) or _most(a) + _most(b) >= _MOST:
        a, b = _wide(a), _wide(b)
    return a + b if sign > 0 else a - b


def _lower(a: Quotients) -> Quotients:
    """In lowest terms, where the numbers are large."""
    if object not in (a.top.dtype, a.bottom.dtype) and max(_most(a.top), _most(a.bottom)) < _LARGE:
        return a
    common = np.gcd(*np.broadcast_arrays(a.top, a.bottom))
    return Quotients(_narrow(a.top // common), _narrow(a.bottom // common))


def _narrow(a: Array) -> Array:
    """Objects as 64 bits again, where these hold them."""
    return a.astype(np.int64) if a.dtype == object and all(-(2**62) < each < 2**62 for each in a.tolist()) else a


def plus(a: Quotients, b: Quotients, sign: int = 1) -> Quotients:
    """The sum, or the difference."""
    if np.array_equal(a.bottom, b.bottom):
        return Quotients(_sum(a.top, b.top, sign), a.bottom)
    top = _sum(_product(a.top, b.bottom), _product(b.top, a.bottom), sign)
    return _lower(Quotients(top, _product(a.bottom, b.bottom)))


def times(a: Quotients, b: Quotients) -> Quotients:
    """The product."""
    return _lower(Quotients(_product(a.top, b.top), _product(a.bottom, b.bottom)))


def over(a: Quotients, b: Quotients) -> Quotients:
    """The quotient; anything where ``b`` is 0."""
    sign = np.sign(b.top).astype(np.int64)
    top = _product(_product(a.top, b.bottom), sign)
    bottom = _product(a.bottom, np.where(sign == 0, 1, np.abs(b.top)))
    return _lower(Quotients(top, bottom))


def minus(a: Quotients) -> Quotients:
    """With the other sign."""
    return Quotients(-a.top, a.bottom)


def size_of(a: Quotients) -> Quotients:
    """Without the sign."""
    return Quotients(np.abs(a.top), a.bottom)


def where(chosen: Array, a: Quotients, b: Quotients) -> Quotients:
    """Those of ``a`` where ``chosen``, else of ``b``."""
    return Quotients(np.where(chosen, a.top, b.top), np.where(chosen, a.bottom, b.bottom))


def compares(operator: Callable[[Array, Array], Array], a: Quotients, b: Quotients) -> Array:
    """Truth values of a comparison."""
    return np.asarray(operator(_product(a.top, b.bottom), _product(b.top, a.bottom))).astype(bool)


def extreme(a: Quotients, b: Quotients, *, greatest: bool) -> Quotients:
    """The greater, or the lesser."""
    return where(compares(np.greater_equal if greatest else np.less_equal, a, b), a, b)


def floats(a: Quotients) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """As doubles, with a bound on the error of each."""
    if object not in (a.top.dtype, a.bottom.dtype):
        x = a.top / a.bottom
    else:
        x = np.array([_float(int(top), int(bottom)) for top, bottom in np.broadcast(a.top, a.bottom)])
    error = np.where(np.isinf(x), inf, 4e-16 * np.abs(x) + np.where((np.abs(x) < 1e-280) & (a.top != 0), 1e-270, 0.0))
    return x, np.where((a.top % a.bottom == 0) & (np.abs(x) < 2.0**53), 0.0, error)


def _float(top: int, bottom: int) -> float:
    try:
        return top / bottom
    except OverflowError:
        return inf if top > 0 else -inf


def _half_even(top: Array, bottom: Array) -> Array:
    whole = top // bottom
    rest = _sum(_product(top - whole * bottom, integers(2)), -bottom)
    return whole + ((rest > 0) | ((rest == 0) & (whole % 2 == 1)))


_MODES: dict[str, Callable[[Array, Array], Array]] = {**ROUND, "half even": _half_even}  # type: ignore[dict-item]


def to_whole(a: Quotients, mode: str) -> Array:
    """To whole numbers. ``mode``: of ``rounding``, by size, the sign left aside; or ``floor`` or ``ceiling``."""
    top, bottom = a
    if mode == "floor":
        return top // bottom
    if mode == "ceiling":
        return -(-top // bottom)
    if object not in (top.dtype, bottom.dtype) and 2 * (_most(top) + _most(bottom)) >= _MOST:
        top, bottom = _wide(top), _wide(bottom)
    return np.sign(top) * _MODES[mode](np.abs(top), bottom)


def sums(a: Quotients, counts: NDArray[np.int64]) -> Quotients:
    """The sum of each list's numbers, of which there are so many (0 where there are none); the numbers are one an item."""
    top, bottom = (np.broadcast_to(each, int(counts.sum())) for each in a)
    filled = counts > 0
    begins = (np.cumsum(counts) - counts)[filled]
    common: Array = ONE
    if len(begins):
        common = _common(bottom, begins, counts[filled])
        top = _product(top, np.repeat(common, counts[filled]) // bottom)
        if top.dtype != object and _most(top) * float(counts.max()) >= _MOST:
            top = _wide(top)
        top = np.add.reduceat(top, begins)
    made = Quotients(np.zeros(len(counts), dtype=top.dtype), np.ones(len(counts), dtype=common.dtype))
    made.top[filled], made.bottom[filled] = top, common
    return _lower(made)


def extremes(a: Quotients, counts: NDArray[np.int64], *, greatest: bool) -> Quotients:
    """The greatest or least of each list's numbers (1 where there are none)."""
    top, bottom = (np.broadcast_to(each, int(counts.sum())) for each in a)
    begins = np.cumsum(counts) - counts
    made = Quotients(np.ones(len(counts), dtype=top.dtype), np.ones(len(counts), dtype=bottom.dtype))
    for place in range(int(counts.max(initial=0))):
        here = np.flatnonzero(counts > place)
        item = Quotients(top[begins[here] + place], bottom[begins[here] + place])
        if place:
            item = extreme(Quotients(made.top[here], made.bottom[here]), item, greatest=greatest)
        made.top[here], made.bottom[here] = item
    return made


def _common(bottom: Array, begins: NDArray[np.int64], counts: NDArray[np.int64]) -> Array:
    """Least common multiples of the bottoms of lists, none of which is empty."""
    if bottom.dtype != object:
        common = bottom[begins]
        for place in range(1, int(counts.max())):
            here = np.flatnonzero(counts > place)
            mine, other = common[here], bottom[begins[here] + place]
            other = other // np.gcd(mine, other)
            if _most(mine.astype(np.float64) * other) >= _MOST:
                break
            common[here] = mine * other
        else:
            return common
    return np.lcm.reduceat(_wide(bottom), begins)

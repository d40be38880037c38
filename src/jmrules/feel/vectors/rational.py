"""Exact arithmetic on quotients of int64, for the rows that floats leave in doubt.

A number is ``top / bottom``, where no product has overflowed; rows where one would have are in doubt. FEEL keeps 34 digits of a quotient that
does not end: then ``ends`` is false for the row and the FEEL value may lie up to ``error`` beside the quotient, so that an equality with a
threshold is in doubt while an inequality is certain if it is wider.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from jmrules.feel.vectors.approximate import COMPARE
from jmrules.feel.vectors.kernels import endless, products
from jmrules.feel.vectors.vectors import Array, Mask, NotColumnar, either, full, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.feel.vectors.vectors import Items

#: a little below 2^63, as floats tell
LIMIT = 9.0e18
#: relative distance of a 34-digit result from the exact one, with room
_LAST_DIGIT = 1e-33
#: digits that FEEL holds, with room
_HELD = 32
_SCALES = (2, 4, 6, 8, 10, 12)
_DIGITS = 10.0**15


class Exact:
    """Numbers as quotients; see the module."""

    __slots__ = ("_ends", "_places", "bottom", "direct", "error", "top")

    def __init__(
        self,
        top: Array,
        bottom: Array,
        ends: Mask = None,
        error: float = 0.0,
        *,
        direct: bool = False,
        places: int | None = None,
    ) -> None:
        self.top, self.bottom = top, bottom
        self._places = places
        self._ends = ends
        #: greatest distance of FEEL's value where the quotient does not end
        self.error = error
        #: a FEEL quotient of numbers that it holds exactly: whether it ends has not been looked at
        self.direct = direct

    @property
    def ends(self) -> Mask:
        """Where FEEL's value is the quotient itself; None: everywhere."""
        if self.direct:
            self.direct = False
            self._ends, self._places = _fitting(self)
            if self._ends is None:
                self.error = 0.0
        return self._ends

    @property
    def places(self) -> int | None:
        """No number that ends has more decimals; None: not known."""
        _ = self.ends
        return self._places

    def take(self, rows: Array) -> Exact:
        return Exact(
            taken(self.top, rows),
            taken(self.bottom, rows),
            taken(self._ends, rows),
            self.error,
            direct=self.direct,
            places=self._places,
        )

    def select(self, other: Exact, chosen: Array) -> Exact:
        ends = None
        direct = (self.direct or other.direct) and self._ends is None and other._ends is None
        if not direct and (self.ends is not None or other.ends is not None):
            ends = np.where(
                chosen, True if self.ends is None else self.ends, True if other.ends is None else other.ends
            )
        return Exact(
            np.where(chosen, self.top, other.top),
            np.where(chosen, self.bottom, other.bottom),
            ends,
            max(self.error, other.error),
            direct=direct,
            places=None if self._places is None or other._places is None else max(self._places, other._places),
        )

    @property
    def most(self) -> float:
        """Greatest magnitude, nearly."""
        size = np.abs(np.asarray(self.top, dtype=np.float64)) / self.bottom
        return float(size.max(initial=0.0)) if np.ndim(size) else float(size)


def product(a: Array, b: Array) -> tuple[Array, Mask]:
    """The product of whole numbers, and where it overflows (and is 1)."""
    count = max(np.size(a), np.size(b))
    result, over = np.empty(count, dtype=np.int64), np.empty(count, dtype=bool)
    found = products(np.atleast_1d(a), np.atleast_1d(b), result, over)
    if np.ndim(a) == 0 and np.ndim(b) == 0:
        return result[0], over[0] if found else None
    return result, over if found else None


def _sum(a: Array, b: Array) -> tuple[Array, Mask]:
    largest = float(np.max(np.abs(a), initial=0)) + float(np.max(np.abs(b), initial=0))
    if largest < LIMIT:
        return a + b, None
    over = np.asarray(np.abs(np.asarray(a, dtype=np.float64) + np.asarray(b, dtype=np.float64)) > LIMIT)
    return np.where(over, 1, np.where(over, 0, a) + np.where(over, 0, b)), over if over.any() else None


def reduced(number: Exact) -> Exact:
    """The same quotients in lowest terms."""
    divisor = np.gcd(number.top, number.bottom)
    return Exact(
        number.top // divisor,
        number.bottom // divisor,
        number._ends,
        number.error,
        direct=number.direct,
        places=number._places,
    )


def _fitting(number: Exact) -> tuple[Mask, int]:
    """Where a quotient is a decimal that FEEL holds entirely (None: everywhere), and the most decimals of those."""
    count = max(np.size(number.top), np.size(number.bottom))
    mask = np.empty(count, dtype=bool)
    found, places = endless(np.broadcast_to(number.top, count), np.atleast_1d(number.bottom), mask)
    if not found:
        return None, places
    return (~mask if np.ndim(number.top) or np.ndim(number.bottom) else ~mask[0]), places


def _common(a: Exact, b: Exact, *, least: bool = False) -> tuple[tuple[Array, Array, Array], Mask]:
    """The numerators over a common denominator, that denominator, and where they overflow."""
    divisor = np.gcd(a.bottom, b.bottom) if least else np.int64(1)
    bottom, over = product(a.bottom, b.bottom // divisor)
    one, over_one = product(a.top, b.bottom // divisor)
    two, over_two = product(b.top, a.bottom // divisor)
    return (one, two, bottom), either(over, over_one, over_two)


def _most_places(a: Exact, b: Exact, together: Callable[[int, int], int]) -> int | None:
    one, other = a.places, b.places
    return None if one is None or other is None else together(one, other)


def _is_held(number: Exact) -> bool:
    """Whether the numbers are decimals that FEEL holds, without looking at any quotient."""
    return not number.direct and number._ends is None


def _both(a: Mask, b: Mask) -> Mask:
    return b if a is None else a if b is None else a & b


class Rational:
    """The operations, as those of ``Floating``."""

    exact = True

    def __init__(self, *, limited: bool) -> None:
        #: results have 34 digits, as in FEEL
        self.limited = limited

    @property
    def unlimited(self) -> Rational:
        """The same without a bound on digits."""
        return UNLIMITED

    def _settled(self, number: Exact, ends: Mask, error: float, places: int | None) -> Exact:
        """The result of an operation: where FEEL's digits hold it all. ``ends``, ``error`` and ``places`` come from its operands."""
        if not self.limited and ends is None:
            return number
        size = number.most
        if not self.limited:
            fits, places = None, None
        elif places is not None and size < 10.0 ** (_HELD - places):
            # so few digits that all are held
            fits = None
        else:
            fits, places = _fitting(number)
        held = _both(ends, fits)
        return Exact(
            number.top,
            number.bottom,
            held,
            0.0 if held is None else (error + size * _LAST_DIGIT) * 1.01,
            places=places,
        )

    @staticmethod
    @lru_cache(maxsize=4096)
    def constant(value: Decimal) -> Exact:
        fraction = Fraction(value)
        if max(abs(fraction.numerator), fraction.denominator) > LIMIT:
            raise NotColumnar("常数的位数过多", "a constant with too many digits")
        exponent = value.as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else None
        return Exact(np.int64(fraction.numerator), np.int64(fraction.denominator), places=places)

    def column(self, x: Array, *, whole: bool) -> tuple[Exact, Mask]:
        """The decimals that raw doubles stand for, and the rows that have too many digits."""
        scales = (0,) if whole else _SCALES
        for each in scales:
            factor = 10.0**each
            top = np.rint(x * factor)
            wrong = (top / factor != x) | (np.abs(top) > (2.0**53 if whole else _DIGITS))
            if not wrong.any():
                break
        return Exact(np.where(wrong, 0, top).astype(np.int64), np.int64(10**each), places=each), (
            wrong if wrong.any() else None
        )

    def counts(self, x: Array) -> Exact:
        return Exact(np.asarray(x, dtype=np.int64), np.int64(1), places=0)

    def add(self, a: Exact, b: Exact, sign: int = 1) -> tuple[Exact, Mask]:
        if np.ndim(a.bottom) == 0 and np.ndim(b.bottom) == 0:
            bottom = np.lcm(a.bottom, b.bottom)
            over = None if 0 < bottom < LIMIT else np.True_
            one, over_one = product(a.top, bottom // a.bottom)
            two, over_two = product(b.top, bottom // b.bottom)
            doubt = either(over, over_one, over_two)
        else:
            (one, two, bottom), doubt = _common(a, b)
            if doubt is not None:
                (one, two, bottom), doubt = _common(reduced(a), reduced(b), least=True)
        top, over = _sum(one, two if sign > 0 else -two)
        made = self._settled(Exact(top, bottom), _both(a.ends, b.ends), a.error + b.error, _most_places(a, b, max))
        return made, either(doubt, over)

    def negative(self, a: Exact) -> Exact:
        return Exact(-a.top, a.bottom, a._ends, a.error, direct=a.direct, places=a._places)

    def multiply(self, a: Exact, b: Exact) -> tuple[Exact, Mask]:
        top, over = product(a.top, b.top)
        bottom, over_bottom = product(a.bottom, b.bottom)
        doubt = either(over, over_bottom)
        if doubt is not None:
            first, second = reduced(Exact(a.top, b.bottom)), reduced(Exact(b.top, a.bottom))
            top, over = product(first.top, second.top)
            bottom, over_bottom = product(first.bottom, second.bottom)
            doubt = either(over, over_bottom)
        error = 0.0
        if a.error or b.error:
            error = a.error * b.most + b.error * a.most + a.error * b.error
        return self._settled(Exact(top, bottom), _both(a.ends, b.ends), error, _most_places(a, b, int.__add__)), doubt

    def divide(self, a: Exact, b: Exact) -> tuple[Exact, Mask, Mask]:
        zero = np.asarray(b.top == 0)
        undef = zero if zero.any() else None
        divisor = b.top if undef is None else np.where(zero, 1, b.top)
        top, over = product(a.top, b.bottom)
        bottom, over_bottom = product(a.bottom, divisor)
        doubt = either(over, over_bottom)
        if doubt is not None:
            first, second = reduced(Exact(a.top, np.abs(divisor))), reduced(Exact(b.bottom, a.bottom))
            top, over = product(first.top, second.top)
            bottom, over_bottom = product(first.bottom, second.bottom)
            bottom = np.where(divisor < 0, -bottom, bottom)
            doubt = either(over, over_bottom)
        negative = bottom < 0
        made = Exact(np.where(negative, -top, top), np.where(negative, -bottom, bottom))
        ends, error = _both(a.ends, b.ends), 0.0
        if ends is None and self.limited:
            made.error, made.direct = made.most * _LAST_DIGIT * 1.01, True
            return made, undef, doubt
        if a.error or b.error:
            size = np.abs(np.asarray(divisor, dtype=np.float64)) / b.bottom
            least = float(np.min(size, initial=np.inf)) if np.ndim(size) else float(size)
            if b.error and least < b.error * 1e6:
                doubt = either(doubt, np.True_)
            error = (a.error + b.error * made.most) / max(least, 1e-300)
        return self._settled(made, ends, error, None), undef, doubt

    def extreme(self, numbers: Sequence[Exact], *, greatest: bool) -> Exact:
        made = numbers[0]
        for other in numbers[1:]:
            first, _, over = _difference(made, other)
            if over is not None:
                raise NotColumnar("数值的位数过多", "numbers with too many digits")
            made = made.select(other, first > 0 if greatest else first < 0)
        return made

    def magnitude(self, a: Exact) -> Exact:
        return Exact(np.abs(a.top), a.bottom, a._ends, a.error, direct=a.direct, places=a._places)

    def compare(self, operator: str, a: Exact, b: Exact) -> tuple[Array, Mask]:
        direct = (a.direct and _is_held(b)) or (b.direct and _is_held(a))
        difference, bottom, over = _difference(a, b)
        doubt = over
        if a.error or b.error:
            near = np.abs(np.asarray(difference, dtype=np.float64)) / bottom <= (a.error + b.error) * 1.01
            if direct:
                # a quotient that equals a decimal ends: FEEL holds both
                near = near & (difference != 0)
            if near.any():
                ends = _both(a.ends, b.ends)
                doubt = doubt if ends is None else either(doubt, ~np.asarray(ends) & near)
        return COMPARE[operator](difference, 0), doubt

    def rounded(self, a: Exact, scale: int, mode: str) -> tuple[Exact, Mask]:
        top, over = product(a.top, np.int64(10**scale))
        whole, edge = to_whole(top, a.bottom, mode, signed=True)
        doubt = over
        if a.ends is not None:
            doubt = either(over, ~np.asarray(a.ends) & (edge <= a.error * 10.0**scale * 1.01))
        return Exact(whole, np.int64(10**scale), places=scale), doubt

    def total(self, a: Exact, items: Items) -> tuple[Exact, Mask]:
        top = full(a.top, items.size)
        if np.ndim(a.bottom):
            if not items.size:
                return Exact(np.zeros(len(items.offsets) - 1, dtype=np.int64), np.int64(1)), None
            bottom = np.lcm.reduce(a.bottom)
            if not 0 < bottom < LIMIT:
                raise NotColumnar("数值的位数过多", "numbers with too many digits")
            top, over = product(top, bottom // a.bottom)
        else:
            bottom, over = a.bottom, None
        result = np.zeros(len(items.offsets) - 1, dtype=np.int64)
        size = np.zeros(len(result))
        filled = items.counts > 0
        if filled.any():
            begins = items.offsets[:-1][filled]
            result[filled] = np.add.reduceat(top, begins)
            size[filled] = np.add.reduceat(np.abs(top.astype(np.float64)), begins)
        ends, error = None, 0.0
        if a.ends is not None:
            most = int(items.counts.max(initial=0))
            ends = ~items.any_of(~np.asarray(a.ends))
            error = (a.error + a.most * _LAST_DIGIT * most) * most
        return Exact(result, bottom, ends, error, places=a.places), either(
            items.any_of(over), size > LIMIT if (size > LIMIT).any() else None
        )


def _difference(a: Exact, b: Exact) -> tuple[Array, Array, Mask]:
    made, over = UNLIMITED.add(Exact(a.top, a.bottom), Exact(b.top, b.bottom), -1)
    return made.top, made.bottom, over


def to_whole(top: Array, bottom: Array, mode: str, *, signed: bool = False) -> tuple[Array, Array]:
    """top / bottom as a whole number, and how far (as a float) it is from where the mode would change its mind.

    Twice ``bottom`` and ``top`` must not overflow together.
    """
    if signed and mode in _BY_MAGNITUDE:
        whole, edge = to_whole(np.abs(top), bottom, mode)
        return np.sign(top) * whole, edge
    floor, rest = np.floor_divide(top, bottom), np.remainder(top, bottom)
    if mode in ("up", "ceiling", "down", "floor"):
        whole = floor + (rest > 0) if mode in ("up", "ceiling") else floor
        edge = np.minimum(rest, bottom - rest) / np.asarray(bottom, dtype=np.float64)
        return whole, edge
    above = rest - (bottom - rest)
    tie = above == 0
    if mode == "half up":
        whole = floor + (above >= 0)
    elif mode == "half down":
        whole = floor + (above > 0)
    else:
        whole = floor + ((above > 0) | (tie & (floor % 2 == 1)))
    return whole, np.abs(above) / (2.0 * np.asarray(bottom, dtype=np.float64))


#: modes that treat negative numbers as the mirror image of positive ones
_BY_MAGNITUDE = ("up", "down", "half up", "half down", "half even")

#: as FEEL computes
RATIONAL = Rational(limited=True)
#: as the methods compute
UNLIMITED = Rational(limited=False)

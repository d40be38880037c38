"""Arithmetic in float64 with a bound on how far each number is from the exact one.

A number v is held as x with |x - v| <= rel * |x| + abs, both bounds plain floats for the whole vector. ``U`` stands for one rounding,
2^-53, with room for the products of small terms that the bounds leave out. Numbers read from a table are *raw*: x is the double nearest
to a decimal of at most 15 digits, or v is the shortest decimal that reads as x. Either way equal doubles mean equal decimals and
comparing raw numbers is exact.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.feel.vectors.kernels import extent, tiny
from jmrules.feel.vectors.vectors import Array, Mask, NotColumnar, either, full, taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel.vectors.vectors import Items

U = 1.2e-16
#: room for products of relative errors
SLACK = 1 + 1e-9
WHOLE = float(2**53)
#: powers of ten that hold every non-zero number of a table
LARGEST, SMALLEST = 30, -30
DEEPEST = 280
#: nearest 15 digits
DIGITS = 15


class Approx:
    """Numbers with the error bounds of the module."""

    __slots__ = ("_extent", "_small", "abs", "big", "raw", "rel", "whole", "x")

    def __init__(
        self,
        x: Array,
        rel: float = 0.0,
        abs: float = 0.0,
        *,
        raw: bool = False,
        whole: bool = False,
        span: tuple[int | None, int] = (SMALLEST, LARGEST),
        extent: tuple[float, float] | None = None,
    ) -> None:
        self.x, self.rel, self.abs, self.raw = x, rel, abs, raw
        #: exact whole numbers below 2^53
        self.whole = whole
        #: power of ten above every magnitude
        self.big = span[1]
        self._small = span[0]
        if self.big > DEEPEST or (self._small is not None and self._small < -DEEPEST):
            raise NotColumnar("乘除过多，超出浮点数的范围", "products too deep for the range of floats")
        self._extent = extent

    @property
    def small(self) -> int:
        """Power of ten below every magnitude but 0; of a column it is looked up when first needed."""
        if self._small is None:
            if tiny(np.atleast_1d(self.x), 10.0**SMALLEST):
                raise NotColumnar("数值过小，超出浮点数的范围", "numbers too small for the range of floats")
            self._small = SMALLEST
        return self._small

    @property
    def exact(self) -> bool:
        """No error at all."""
        return not self.rel and not self.abs

    @property
    def extent(self) -> tuple[float, float]:
        """Least and greatest x."""
        if self._extent is None:
            self._extent = extent(self.x.ravel()) if np.ndim(self.x) else (float(self.x), float(self.x))
        return self._extent

    @property
    def most(self) -> float:
        """Greatest magnitude of x."""
        low, high = self.extent
        return max(abs(low), abs(high))

    def take(self, rows: Array) -> Approx:
        return Approx(
            taken(self.x, rows), self.rel, self.abs, raw=self.raw, whole=self.whole, span=(self._small, self.big)
        )

    def select(self, other: Approx, chosen: Array) -> Approx:
        return Approx(
            np.where(chosen, self.x, other.x),
            max(self.rel, other.rel),
            max(self.abs, other.abs),
            raw=self.raw and other.raw,
            whole=self.whole and other.whole,
            span=_wider(self, other),
        )

    def error(self) -> Array:
        """The bound of each number."""
        if not self.rel:
            return self.abs
        return self.rel * np.abs(self.x) + self.abs


def _wider(a: Approx, b: Approx) -> tuple[int, int]:
    return min(a.small, b.small), max(a.big, b.big)


def _is_whole(value: Decimal) -> bool:
    return abs(value) < WHOLE and value == value.to_integral_value()


class Floating:
    """The operations; each answers with the numbers and the rows where it has no value or cannot tell."""

    exact = False

    @property
    def unlimited(self) -> Floating:
        """The same: floats know nothing of digits."""
        return self

    @staticmethod
    @lru_cache(maxsize=4096)
    def constant(value: Decimal) -> Approx:
        if value and not SMALLEST <= value.adjusted() < LARGEST:
            raise NotColumnar("常数过大或过小", "a constant too large or too small")
        x = float(value)
        return Approx(
            np.float64(x),
            0.0 if Fraction(x) == Fraction(value) else U,
            raw=len(value.normalize().as_tuple().digits) <= DIGITS,
            whole=_is_whole(value),
        )

    @staticmethod
    def column(x: Array, *, whole: bool) -> tuple[Approx, Mask]:
        return Approx(x, 0.0 if whole else U, raw=True, whole=whole, span=(SMALLEST if whole else None, LARGEST)), None

    @staticmethod
    def counts(x: Array) -> Approx:
        return Approx(np.asarray(x, dtype=np.float64), raw=True, whole=True)

    @staticmethod
    def add(a: Approx, b: Approx, sign: int = 1) -> tuple[Approx, Mask]:
        z = a.x + b.x if sign > 0 else a.x - b.x
        span = min(a.small, b.small) - 17, max(a.big, b.big) + 1
        if a.whole and b.whole:
            made = Approx(z, raw=True, whole=True, span=span)
            if made.most < WHOLE:
                return made, None
        (low_a, high_a), (low_b, high_b) = a.extent, b.extent
        if sign < 0:
            low_b, high_b = -high_b, -low_b
        absolute = (a.abs + b.abs) * SLACK
        if (low_a >= 0 and low_b >= 0) or (high_a <= 0 and high_b <= 0):
            return Approx(z, max(a.rel, b.rel) * SLACK + U, absolute, span=span), None
        return Approx(z, U, (absolute + a.rel * a.most + b.rel * b.most) * SLACK, span=span), None

    @staticmethod
    def negative(a: Approx) -> Approx:
        return Approx(-a.x, a.rel, a.abs, raw=a.raw, whole=a.whole, span=(a.small, a.big))

    @staticmethod
    def multiply(a: Approx, b: Approx) -> tuple[Approx, Mask]:
        z = a.x * b.x
        span = a.small + b.small, a.big + b.big
        if a.whole and b.whole:
            made = Approx(z, raw=True, whole=True, span=span)
            if made.most < WHOLE:
                return made, None
        absolute = 0.0
        if a.abs or b.abs:
            absolute = (a.abs * b.most + b.abs * a.most + a.abs * b.abs) * SLACK
        return Approx(z, (a.rel + b.rel) * SLACK + U, absolute, span=span), None

    @staticmethod
    def divide(a: Approx, b: Approx) -> tuple[Approx, Mask, Mask]:
        """The quotient, where it has no value, and where it is in doubt."""
        span = a.small - b.big, a.big - b.small
        undef = doubt = None
        divisor, rel = b.x, b.rel
        low, high = b.extent
        least = min(abs(low), abs(high)) if low > 0 or high < 0 else 0.0
        if b.abs:
            if least <= b.abs * 2**24:
                threshold = b.abs * 2**30
                doubt = np.asarray(np.abs(divisor) <= threshold)
                divisor = np.where(doubt, 1.0, divisor)
                least = min(threshold, 1.0)
            rel += b.abs / least
            # what is left of the absolute error is relative to the least divisor
        elif not least:
            zero = np.asarray(divisor == 0)
            if zero.any():
                undef, divisor = zero, np.where(zero, 1.0, divisor)
        absolute = 0.0
        if a.abs:
            if not least:
                tiny = np.asarray(np.abs(divisor) < 2.0**-30)
                if tiny.any():
                    doubt, divisor = either(doubt, tiny), np.where(tiny, 1.0, divisor)
                least = 2.0**-30
            absolute = a.abs / least * (1 + 2 * rel) * SLACK
        return Approx(a.x / divisor, (a.rel + rel) * (1 + 2 * rel) * SLACK + U, absolute, span=span), undef, doubt

    @staticmethod
    def extreme(numbers: Sequence[Approx], *, greatest: bool) -> Approx:
        pick = np.maximum if greatest else np.minimum
        made = numbers[0]
        for other in numbers[1:]:
            made = Approx(
                pick(made.x, other.x),
                max(made.rel, other.rel) * SLACK,
                max(made.abs, other.abs) * SLACK,
                raw=made.raw and other.raw,
                whole=made.whole and other.whole,
                span=_wider(made, other),
            )
        return made

    @staticmethod
    def magnitude(a: Approx) -> Approx:
        return Approx(np.abs(a.x), a.rel, a.abs, raw=a.raw, whole=a.whole, span=(a.small, a.big))

    @staticmethod
    def compare(operator: str, a: Approx, b: Approx) -> tuple[Array, Mask]:
        """Truth values, and where they are in doubt."""
        holds = COMPARE[operator](a.x, b.x)
        if (a.raw and b.raw) or (a.exact and b.exact):
            return holds, None
        error = (a.error() + b.error()) * SLACK + 1e-290
        return holds, ~np.asarray(np.abs(a.x - b.x) * (1 - 1e-12) > error)

    @staticmethod
    def rounded(a: Approx, scale: int, mode: str) -> tuple[Approx, Mask]:
        """To ``scale`` decimals, and where that is in doubt."""
        if a.whole and scale >= 0:
            return a, None
        factor = 10.0**scale
        y = a.x * factor
        error = ((a.rel + 2 * U) * np.abs(y) + a.abs * factor) * SLACK
        nearest = mode.startswith("half")
        whole = np.rint(y) if nearest else _TO_WHOLE[mode](y)
        away = np.abs(y - np.rint(y)) if not nearest else 0.5 - np.abs(y - whole)
        doubt = ~np.asarray((away > error) & (np.abs(whole) < 10.0**DIGITS))
        return Approx(whole / factor, 0.0 if not scale else U, raw=True, whole=not scale), doubt

    @staticmethod
    def total(a: Approx, items: Items) -> tuple[Approx, Mask]:
        """The sum of each list's numbers; 0 where it is empty."""
        x = full(a.x, items.size)
        z = _sums(x, items)
        most = int(items.counts.max(initial=0))
        span = a.small - 17, a.big + 6
        low, _ = extent(x) if items.size else (0.0, 0.0)
        if low >= 0:
            made = Approx(z, a.rel + most * U, a.abs * most * SLACK, span=span)
            size = made.most
        else:
            size = float(_sums(np.abs(x), items).max(initial=0.0))
            made = Approx(z, 0.0, ((a.rel + most * U) * size + a.abs * most) * SLACK, span=span)
        if a.whole and size < WHOLE:
            return Approx(z, raw=True, whole=True, span=span), None
        return made, None


def _sums(x: Array, items: Items) -> Array:
    result = np.zeros(len(items.offsets) - 1)
    filled = items.counts > 0
    if filled.any():
        result[filled] = np.add.reduceat(x, items.offsets[:-1][filled])
    return result


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

FLOATING = Floating()

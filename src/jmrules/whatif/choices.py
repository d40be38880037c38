"""The values that a fact could be changed to: numbers on a grid of decimals, or a list of values; with what a change costs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.facts import domain_of
from jmrules.feel import EVERYTHING, ends_on_grid, temporal
from jmrules.feel.possible import Known, Possible, Span, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.feel import Interval
    from jmrules.ruleset import FactDeclaration

#: decimals of a number whose declaration gives none and that has no more itself: hundredths, and those of a percent
DECIMALS, RATIO_DECIMALS = 2, 4
#: a number without an end is looked at up to this many digits
_DIGITS, _MOST_DIGITS = 24, 32


@frozen
class Grid:
    """The numbers ``n * 10**-decimals`` for ``n`` from ``low`` to ``high``, all on one side of the present value."""

    low: int
    high: int
    decimals: int
    #: the present value, on the same grid; None where there is none
    now: int | None
    #: what one unit of change costs; all of the change where there is no present value
    rate: Decimal

    @property
    def single(self) -> bool:
        """Whether it holds one value."""
        return self.low == self.high

    @property
    def size(self) -> int:
        """How many values it holds."""
        return self.high - self.low + 1

    @property
    def _near(self) -> int:
        return min(max(self.now or 0, self.low), self.high)

    @property
    def nearest(self) -> Decimal:
        """The value that costs least."""
        return self._at(self._near)

    @property
    def cost(self) -> Decimal:
        """The least that a change to one of the values costs."""
        return self.rate if self.now is None else self.rate * self._at(abs(self._near - self.now))

    def _at(self, number: int) -> Decimal:
        value = Decimal(number).scaleb(-self.decimals)
        whole = value.to_integral_value()
        return whole if value == whole else value.normalize()

    @property
    def possible(self) -> Value:
        """Any of the values."""
        if self.single:
            return Known(self._at(self.low))
        return Possible(Span(self._at(self.low), self._at(self.high), self.decimals == 0))

    def split(self) -> tuple[Grid, Grid]:
        """Two parts, the nearer one first: halves, or where it reaches far, halves by magnitude."""
        near = self._near
        origin = (self.now or 0) if self.now is not None or self.low <= 0 <= self.high else near
        upwards = self.high - near >= near - self.low
        start, end = abs(near - origin) + 1, abs((self.high if upwards else self.low) - origin) + 1
        reach = isqrt(start * end) if end > 8 * start else (start + end) // 2
        cut = min(max(reach - start, 0), end - start - 1)
        if upwards:
            middle = near + cut
            return self._part(self.low, middle), self._part(middle + 1, self.high)
        middle = near - cut
        return self._part(middle, self.high), self._part(self.low, middle - 1)

    def _part(self, low: int, high: int) -> Grid:
        return Grid(low, high, self.decimals, self.now, self.rate)


@frozen
class Listed:
    """A few values, each at the same cost."""

    values: tuple[Any, ...]
    cost: Decimal

    @property
    def single(self) -> bool:
        """Whether it holds one value."""
        return len(self.values) == 1

    @property
    def size(self) -> int:
        """How many values it holds."""
        return len(self.values)

    @property
    def nearest(self) -> Any:
        """A value that costs least."""
        return self.values[0]

    @property
    def possible(self) -> Value:
        """Any of the values."""
        if self.single:
            return Known(self.values[0])
        return any_of(self.values)

    def split(self) -> tuple[Listed, Listed]:
        """Two parts."""
        return Listed(self.values[:1], self.cost), Listed(self.values[1:], self.cost)


Choice = Grid | Listed


def any_of(values: Iterable[Any]) -> Possible:
    """One of these truths, strings, dates or None."""
    given = list(values)
    return Possible(
        truths=frozenset(value for value in given if isinstance(value, bool)),
        texts=frozenset(value for value in given if isinstance(value, str)),
        date=any(isinstance(value, temporal.Date) for value in given),
        null=None in given,
    )


def decimals_of(declaration: FactDeclaration, now: Decimal | None) -> int:
    """The decimals that a number keeps to: those declared, else those it has, and at least those of a small unit."""
    if declaration.decimals is not None:
        return declaration.decimals
    exponent = 0 if now is None else now.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) else 0
    return max(own, RATIO_DECIMALS if declaration.unit == "ratio" else DECIMALS)


def grids(declaration: FactDeclaration, now: Decimal | None, rate: Decimal) -> tuple[Grid, ...]:
    """Every number that the fact could be changed to, below the present value and above it."""
    decimals = decimals_of(declaration, now)
    scale = 10**decimals
    here = None if now is None else int(Fraction(now) * scale)
    ranges = domain_of(declaration).ranges
    found: list[Grid] = []
    for interval in EVERYTHING if ranges is None else ranges:
        low, high = _ends(interval, scale, decimals)
        sides = [(low, high)] if here is None else [(low, min(high, here - 1)), (max(low, here + 1), high)]
        found += [Grid(start, end, decimals, here, rate) for start, end in sides if start <= end]
    return tuple(found)


def _ends(interval: Interval, scale: int, decimals: int) -> tuple[int, int]:
    far = scale * 10 ** max(min(_DIGITS, _MOST_DIGITS - decimals), 0)
    least, most = ends_on_grid(interval, decimals)
    if least is None:
        least = -far if most is None else min(-far, most - far)
    return least, max(far, least + far) if most is None else most

"""The seven shapes that methods come to. Backends compute these and know no method; here stands what each means.

Shares are exact fractions of the leaf's points; a share outside 0..1 counts as the nearer end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.feel import CONTEXT, Number, is_whole
from jmrules.frozen import frozen_mapping
from jmrules.methods.calls import BaseShape
from jmrules.methods.calls import Call as Call  # noqa: PLC0414 - told on
from jmrules.methods.mean import Mean as Mean  # noqa: PLC0414 - told on
from jmrules.methods.shares import Indeterminate, indeterminate, number, truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.feel import Intervals


@frozen(eq=False)
class Grid:
    """A number moved to whole steps beyond a bound; within it, onto the bound."""

    bound: Fraction
    step: Fraction
    #: 1 where beyond is above the bound, -1 below
    sign: int
    #: whether a part of a step counts as a whole one, or as none
    up: bool

    def steps(self, value: Number | Fraction) -> int:
        """How many whole steps the value lies beyond the bound."""
        steps = max(Fraction(0), (Fraction(value) - self.bound) * self.sign) / self.step
        return ceil(steps) if self.up else floor(steps)

    def at(self, steps: int) -> Fraction:
        """The number so many steps beyond the bound."""
        return self.bound + self.sign * steps * self.step


@frozen(eq=False)
class Line(BaseShape):
    """Piecewise linear in one number through (number, share) knots that increase, level beyond them."""

    value: Call
    knots: tuple[tuple[Fraction, Fraction], ...]
    #: first the number is moved
    grid: Grid | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The number."""
        return (self.value,)

    @property
    def turns(self) -> tuple[Fraction, ...]:
        """The knots."""
        return tuple(at for at, _ in self.knots)

    @property
    def ends(self) -> tuple[Fraction, Fraction] | None:
        """(where it earns nothing, where it earns all) of a straight line from one to the other."""
        if len(self.knots) == 2 and self.grid is None:
            shares = {share: at for at, share in self.knots}
            if shares.keys() == {0, 1}:
                return shares[Fraction(0)], shares[Fraction(1)]
        return None

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """The share at its number."""
        return self.share(number(read(self.value)))

    def share(self, value: Number | Fraction) -> Fraction:
        """The share at a number."""
        at, knots = Fraction(value), self.knots
        if self.grid is not None:
            at = self.grid.at(self.grid.steps(at))
        if at <= knots[0][0]:
            return knots[0][1]
        for (low, below), (high, above) in pairwise(knots):
            if at <= high:
                return below + (above - below) * (at - low) / (high - low)
        return knots[-1][1]

    def shares_by_steps(self, most: int) -> tuple[Fraction, ...] | None:
        """The share after 0, 1, … steps, until no more changes it; None where that takes more than ``most``."""
        assert self.grid is not None
        last = self.knots[-1 if self.grid.sign > 0 else 0][0]
        count = max(0, ceil((last - self.grid.bound) * self.grid.sign / self.grid.step))
        if count >= most:
            return None
        return tuple(self.share(self.grid.at(steps)) for steps in range(count + 1))


@frozen(eq=False)
class Table(BaseShape):
    """The first entry whose ranges hold the number, else ``otherwise``; without that, the share is undefined."""

    value: Call
    entries: tuple[tuple[Intervals, Fraction], ...]
    otherwise: Fraction | None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The number."""
        return (self.value,)

    @property
    def turns(self) -> tuple[Fraction, ...]:
        """The edges of the ranges."""
        ranges = [each for entry, _ in self.entries for each in entry]
        return tuple(Fraction(edge.at) for each in ranges for edge in (each.low, each.high) if edge.at is not None)

    def entry(self, value: Number) -> int | None:
        """Index of the entry that holds the number."""
        for index, (intervals, _) in enumerate(self.entries):
            if in_intervals(value, intervals):
                return index
        return None

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """The share of the entry."""
        found = number(read(self.value))
        index = self.entry(found)
        if index is not None:
            return self.entries[index][1]
        if self.otherwise is None:
            raise outside_bands(found)
        return self.otherwise


def outside_bands(value: Number) -> Indeterminate:
    """The number is in no entry, and nothing is said of others."""
    return indeterminate("outside-bands", f"值 {value:f} 不在任何一档", f"the value {value:f} lies in no band")


def in_intervals(value: Number, intervals: Intervals) -> bool:
    """Whether one of the intervals holds the value."""
    for interval in intervals:
        low, high = interval.low, interval.high
        if low.at is not None and (value < low.at or (low.above and value == low.at)):
            continue
        if high.at is not None and (value > high.at or (not high.above and value == high.at)):
            continue
        return True
    return False


@frozen(eq=False)
class Weight:
    """A condition, and the share that it earns where it holds."""

    id: str
    label: Text
    when: Call
    share: Fraction


@frozen(eq=False)
class Weigh(BaseShape):
    """The sum of the shares of the conditions that hold."""

    items: tuple[Weight, ...]

    @property
    def calls(self) -> tuple[Call, ...]:
        """The conditions."""
        return tuple(item.when for item in self.items)

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """The sum."""
        return sum((item.share for item in self.items if truth(read(item.when))), Fraction(0))


@frozen(eq=False)
class Taking:
    """A counted thing: the share that each beyond the free ones takes away (None: all that is left), and the most they can take."""

    id: str
    label: Text
    count: Call
    loss: Fraction | None
    at_most: Fraction | None
    #: so many take nothing
    free: int = 0

    def cost(self, count: int, left: Fraction) -> Fraction:
        """What so many take of what is left."""
        count = max(0, count - self.free)
        cost = (left if count else Fraction(0)) if self.loss is None else count * self.loss
        return min(cost, left) if self.at_most is None else min(cost, self.at_most, left)


@frozen(eq=False)
class Take(BaseShape):
    """All, less what counted things take away in order, down to nothing."""

    items: tuple[Taking, ...]

    @property
    def calls(self) -> tuple[Call, ...]:
        """The counts."""
        return tuple(item.count for item in self.items)

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """What is left."""
        left = Fraction(1)
        for item in self.items:
            left -= item.cost(count_of(read(item.count)), left)
        return left


def count_of(value: Any) -> int:
    """The value, which must be a whole number, not negative."""
    count = number(value)
    if count < 0 or not is_whole(count):
        raise indeterminate("not-a-count", f"{count:f} 不是计数", f"{count:f} is not a count")
    return int(count)


@frozen(eq=False)
class Lookup(BaseShape):
    """A share by a word; or by a word the range that a chosen share must lie in."""

    word: Call
    shares: Mapping[str, Fraction | tuple[Fraction, Fraction]] = field(converter=frozen_mapping)
    chosen: Call | None
    #: what is chosen is a share of so much
    whole: Fraction = Fraction(1)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The word, and the chosen share."""
        return (self.word,) if self.chosen is None else (self.word, self.chosen)

    def found(self, value: Any) -> Fraction | tuple[Fraction, Fraction]:
        """What the word earns: a share, or the range to choose in."""
        found = self.shares.get(value) if isinstance(value, str) else None
        if found is None:
            known = "、".join(self.shares)
            raise indeterminate(
                "no-such-level",
                f"{value} 不是所列等次（{known}）之一",
                f"{value} is not one of the levels: {known.replace('、', ', ')}",
            )
        return found

    @property
    def branching(self) -> bool:
        """Only a level with a range asks what is chosen."""
        return self.chosen is not None

    def path(self, read: Callable[[Call], Any]) -> None:
        """The word, and what is chosen where the word leaves a choice."""
        if not isinstance(self.found(read(self.word)), Fraction):
            assert self.chosen is not None
            read(self.chosen)

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """That of the word, or the chosen one."""
        found = self.found(read(self.word))
        if isinstance(found, Fraction):
            return found
        assert self.chosen is not None
        return chosen_in(found, read(self.chosen), self.whole)


def chosen_in(span: tuple[Fraction, Fraction], value: Any, whole: Fraction = Fraction(1)) -> Fraction:
    """The chosen share, which must lie in the range."""
    share = Fraction(number(value)) / whole
    low, high = span
    if not low <= share <= high:
        raise indeterminate(
            "outside-level",
            f"所选 {value:f} 不在该等次的范围内",
            f"the chosen {value:f} lies outside the level's range",
        )
    return share


@frozen(eq=False)
class Component:
    """A part of a composition."""

    id: str
    label: Text
    #: of the first that holds: whether it does; None: always
    when: Call | None
    #: all that it can earn, as a share of the whole
    worth: Fraction
    #: how it earns that; None: it earns all
    shape: Shape | None

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """What it earns of the whole."""
        return self.worth if self.shape is None else self.worth * self.shape.at(read)


@frozen(eq=False)
class Compose(BaseShape):
    """Shapes together: their sum, the best or the worst of them, or the first whose condition holds."""

    how: Literal["sum", "best", "worst", "first"]
    parts: tuple[Component, ...]

    @property
    def calls(self) -> tuple[Call, ...]:
        """Those of the parts, each after its condition."""
        found: list[Call] = []
        for part in self.parts:
            found += [] if part.when is None else [part.when]
            found += () if part.shape is None else part.shape.calls
        return tuple(found)

    @property
    def simple(self) -> tuple[Any, ...]:
        """Those of the parts."""
        return tuple(inner for part in self.parts if part.shape is not None for inner in part.shape.simple)

    @property
    def fields_read(self) -> frozenset[str]:
        """Those of the parts."""
        return frozenset[str]().union(*(inner.fields_read for inner in self.simple))

    @property
    def turns(self) -> tuple[Fraction, ...]:
        """Those of the parts."""
        return tuple(turn for inner in self.simple for turn in inner.turns)

    @property
    def branching(self) -> bool:
        """What comes after the first that holds is not read."""
        return self.how == "first" or any(part.shape is not None and part.shape.branching for part in self.parts)

    def first(self, read: Callable[[Call], Any]) -> int:
        """Index of the first part whose condition holds."""
        for index, part in enumerate(self.parts):
            if part.when is None or truth(read(part.when)):
                return index
        raise no_case()

    def path(self, read: Callable[[Call], Any]) -> None:
        """Of the first that holds, the conditions up to it."""
        for part in (self.parts[self.first(read)],) if self.how == "first" else self.parts:
            if part.shape is not None:
                part.shape.path(read)

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """The parts taken together."""
        if self.how == "first":
            return self.parts[self.first(read)].at(read)
        return TOGETHER[self.how]([part.at(read) for part in self.parts])


#: how the parts of a composition are taken together
TOGETHER: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {"sum": sum, "best": max, "worst": min}  # type: ignore[dict-item]


def no_case() -> Indeterminate:
    """No condition of a composition holds."""
    return indeterminate("no-case", "所列情形都不成立", "none of the cases holds")


Shape = Line | Table | Weigh | Take | Lookup | Mean | Compose


def decimal_of(value: Fraction) -> Decimal:
    """The nearest number of a ruleset's or a fact's digits."""
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))

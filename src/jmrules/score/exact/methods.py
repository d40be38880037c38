"""The share that each method yields, as an exact quotient (numerator, denominator).

Each planned method becomes one function of the slots, built once. FEEL numbers say their numerator and denominator; sums of
quotients are kept as integer pairs and never reduced, which is exact and quick.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any

from jmrules.feel.numbers import Number, is_whole
from jmrules.feel.quotients import quotient_of
from jmrules.plan.model import (
    Banded,
    Call,
    Checked,
    Computed,
    Deducted,
    Interpolated,
    Judged,
    Linear,
    MeanCompletion,
    PlannedMethod,
    Stepped,
)
from jmrules.score.exact.completion import completion_function
from jmrules.score.exact.shares import ALL, NOTHING, Share, indeterminate, number, pair, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.feel.intervals import Intervals


def share_function(
    method: PlannedMethod, read: Callable[[Call], Callable[[Sequence[Any]], Any]]
) -> Callable[[Sequence[Any]], Share]:
    """The method as a function of the slots; ``read`` turns its calls into functions of the slots.

    The function raises a JmrulesError where the share is undefined.
    """
    match method:
        case Linear():
            return _linear(method, read(method.value))
        case MeanCompletion():
            return completion_function(method, read(method.items))
        case Banded():
            return _banded(method, read(method.value))
        case Stepped():
            return _stepped(method, read(method.value))
        case Deducted():
            return _deducted(method, [read(item.count) for item in method.items])
        case Checked():
            return _checked([(read(call), share) for call, share in method.items])
        case Judged():
            return _judged(method, read(method.level), read(method.chosen) if method.chosen else None)
        case Interpolated():
            return _interpolated(method, read(method.value))
        case Computed():
            return _computed(method, read(method.points))


def _linear(method: Linear, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    # share = (value - zero_at) / width, as value = t / b: (t * p - b * q) / (b * r) with integers p, q, r
    width = method.full_at - method.zero_at
    zero_top, zero_bottom = pair(method.zero_at)
    width_top, width_bottom = pair(width)
    full, rises = quotient_of(method.full_at), width > 0

    def share(slots: Sequence[Any]) -> Share:
        found = value(slots)
        if type(found) is not Decimal:
            found = number(found)
        if (found >= full) if rises else (found <= full):
            return ALL
        top, bottom = found.as_integer_ratio()
        top = (top * zero_bottom - zero_top * bottom) * width_bottom
        bottom *= zero_bottom * width_top
        if bottom < 0:
            top, bottom = -top, -bottom
        if top <= 0:
            return NOTHING
        return (top, bottom) if top < bottom else ALL

    return share


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


def band_of(method: Banded, value: Number) -> int | None:
    """Index of the band that holds the value."""
    for index, (intervals, _) in enumerate(method.bands):
        if in_intervals(value, intervals):
            return index
    return None


def _banded(method: Banded, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    shares = [pair(share) for _, share in method.bands]
    otherwise = None if method.otherwise is None else pair(method.otherwise)

    def share(slots: Sequence[Any]) -> Share:
        found = number(value(slots))
        index = band_of(method, found)
        if index is not None:
            return shares[index]
        if otherwise is None:
            raise indeterminate("outside-bands", f"值 {found:f} 不在任何一档", f"the value {found:f} lies in no band")
        return otherwise

    return share


def steps_beyond(method: Stepped, value: Number) -> Fraction:
    """How many steps ``value`` lies beyond the bound, parts of a step counted as the ruleset says."""
    excess = max(Fraction(0), (Fraction(value) - method.bound) * method.sign)
    steps = excess / method.step
    if method.partial == "ignore":
        return Fraction(steps.numerator // steps.denominator)
    if method.partial == "full":
        return Fraction(-(-steps.numerator // steps.denominator))
    return steps


def _stepped(method: Stepped, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    def share(slots: Sequence[Any]) -> Share:
        steps = steps_beyond(method, number(value(slots)))
        return ALL if not steps else pair(max(Fraction(0), 1 - steps * method.loss))

    return share


def count_of(value: Any) -> int:
    """The value, which must be a whole number, not negative."""
    count = number(value)
    if count < 0 or not is_whole(count):
        raise indeterminate("not-a-count", f"{count:f} 不是计数", f"{count:f} is not a count")
    return int(count)


def deduction(item: Any, count: int, left: Fraction) -> Fraction:
    """What a counted problem costs of what is left."""
    cost = (left if count else Fraction(0)) if item.loss is None else count * item.loss
    return min(cost, left) if item.at_most is None else min(cost, item.at_most, left)


def _deducted(method: Deducted, counts: list[Callable[[Sequence[Any]], Any]]) -> Callable[[Sequence[Any]], Share]:
    costs = [cost for item in method.items for cost in (item.loss, item.at_most) if cost is not None]
    bottom = lcm(*(cost.denominator for cost in costs))

    def whole(cost: Fraction | None) -> int | None:
        return None if cost is None else cost.numerator * (bottom // cost.denominator)

    items = [(read, whole(item.loss), whole(item.at_most)) for item, read in zip(method.items, counts, strict=True)]

    def share(slots: Sequence[Any]) -> Share:
        left = bottom
        for read, loss, most in items:
            count = count_of(read(slots))
            if count:
                cost = left if loss is None else count * loss
                left -= min(cost, left) if most is None else min(cost, most, left)
        return ALL if left == bottom else (left, bottom)

    return share


def _checked(items: list[tuple[Callable[[Sequence[Any]], Any], Fraction]]) -> Callable[[Sequence[Any]], Share]:
    bottom = lcm(*(worth.denominator for _, worth in items))
    parts = [(read, worth.numerator * (bottom // worth.denominator)) for read, worth in items]

    def share(slots: Sequence[Any]) -> Share:
        top = 0
        for read, worth in parts:
            if truth(read(slots)):
                top += worth
        return top, bottom

    return share


def level_of(method: Judged, value: Any) -> Fraction | tuple[Fraction, Fraction]:
    """What the judged level earns: a share, or the range to choose in."""
    found = method.levels.get(value) if isinstance(value, str) else None
    if found is None:
        known = "、".join(method.levels)
        raise indeterminate(
            "no-such-level",
            f"{value} 不是所列等次（{known}）之一",
            f"{value} is not one of the levels: {known.replace('、', ', ')}",
        )
    return found


def chosen_in(span: tuple[Fraction, Fraction], value: Any) -> Fraction:
    """The chosen share, which must lie in the level's range."""
    share = Fraction(number(value))
    low, high = span
    if not low <= share <= high:
        raise indeterminate(
            "outside-level",
            f"所选 {value:f} 不在该等次的范围内",
            f"the chosen {value:f} lies outside the level's range",
        )
    return share


def _judged(
    method: Judged, level: Callable[[Sequence[Any]], Any], chosen: Callable[[Sequence[Any]], Any] | None
) -> Callable[[Sequence[Any]], Share]:
    def share(slots: Sequence[Any]) -> Share:
        found = level_of(method, level(slots))
        if isinstance(found, Fraction):
            return pair(found)
        assert chosen is not None
        return pair(chosen_in(found, chosen(slots)))

    return share


def interpolated(method: Interpolated, value: Number) -> Fraction:
    """The share at ``value``."""
    at, knots = Fraction(value), method.knots
    if at <= knots[0][0]:
        return knots[0][1]
    for (low, below), (high, above) in pairwise(knots):
        if at <= high:
            return below + (above - below) * (at - low) / (high - low)
    return knots[-1][1]


def _interpolated(method: Interpolated, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    def share(slots: Sequence[Any]) -> Share:
        return pair(interpolated(method, number(value(slots))))

    return share


def _computed(method: Computed, points: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    points_top, points_bottom = pair(method.leaf_points)

    def share(slots: Sequence[Any]) -> Share:
        top, bottom = number(points(slots)).as_integer_ratio()
        top, bottom = top * points_bottom, bottom * points_top
        if top <= 0:
            return NOTHING
        return (top, bottom) if top < bottom else ALL

    return share

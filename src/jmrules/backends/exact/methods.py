"""The share that each method yields, as an exact quotient (numerator, denominator).

Each planned method becomes one function of the slots, built once. FEEL values are Decimals, which are fractions with a
power of ten below; sums of quotients are kept as integer pairs and never reduced, which is exact and quick.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any

from jmrules.backends.rounding import ROUND
from jmrules.errors import JmrulesError, Problem, Text
from jmrules.feel import CONTEXT
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.ruleset.ranges import Intervals

Share = tuple[int, int]

NOTHING: Share = (0, 1)
ALL: Share = (1, 1)
_ZERO = Decimal(0)
_ONLY_DICTS = frozenset((dict,))


class Indeterminate(JmrulesError):
    """A method met a value that it has no share for."""


def indeterminate(code: str, zh: str, en: str) -> Indeterminate:
    """The error that makes a leaf undefined."""
    return Indeterminate(Problem(code, Text(zh, en)))


def number(value: Any) -> Decimal:
    """The value, which must be a number."""
    if type(value) is not Decimal:
        if value is None:
            raise indeterminate("null-value", "表达式的值为空（null）", "the expression's value is null")
        raise indeterminate(
            "not-a-number", f"表达式的值不是数：{value}", f"the expression's value is not a number: {value}"
        )
    return value


def truth(value: Any) -> bool:
    """The value, which must be true or false."""
    if value is True or value is False:
        return value
    raise indeterminate("null-condition", "条件无法判定（null）", "the condition cannot be decided (null)")


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


def pair(share: Fraction) -> Share:
    """A fraction as a quotient."""
    return share.numerator, share.denominator


def _decimal(value: Fraction) -> Decimal:
    """A fraction that was made from a Decimal as that Decimal."""
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _linear(method: Linear, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    # share = (value - zero_at) / width, as value = t / b: (t * p - b * q) / (b * r) with integers p, q, r
    width = method.full_at - method.zero_at
    zero_top, zero_bottom = pair(method.zero_at)
    width_top, width_bottom = pair(width)
    full, rises = _decimal(method.full_at), width > 0

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


def in_intervals(value: Decimal, intervals: Intervals) -> bool:
    """Whether one of the intervals holds the value."""
    for interval in intervals:
        low, high = interval.low, interval.high
        if low.at is not None and (value < low.at or (low.above and value == low.at)):
            continue
        if high.at is not None and (value > high.at or (not high.above and value == high.at)):
            continue
        return True
    return False


def band_of(method: Banded, value: Decimal) -> int | None:
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


def steps_beyond(method: Stepped, value: Decimal) -> Fraction:
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
    if count < 0 or count != count.to_integral_value():
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


def interpolated(method: Interpolated, value: Decimal) -> Fraction:
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


def item_completion(method: MeanCompletion, item: dict[str, Any]) -> Share:
    """The completion of one item; see the ruleset reference, "completion"."""
    if method.share is not None:
        stated = item[method.share]
        if stated is not None:
            if not 0 <= stated <= 1:
                raise indeterminate(
                    "share-outside", f"完成率 {stated:f} 不在 0 至 1 之间", f"the completion {stated:f} is not in 0..1"
                )
            share: Share = stated.as_integer_ratio()
            return share
    target, actual = item.get(method.target), item.get(method.actual)
    if target is None or actual is None:
        raise indeterminate("no-actual", "指标缺少目标值或实际值", "an item lacks its target or its actual value")
    if target <= 0:
        raise indeterminate("bad-target", f"目标值 {target:f} 不是正数", f"the target {target:f} is not positive")
    less = method.less_is_better is not None and item[method.less_is_better] is True
    exceeded = actual < target if less else actual > target
    if exceeded and method.set_too_low is not None and item[method.set_too_low] is True:
        deviation = abs(Fraction(actual) - Fraction(target)) / Fraction(target)
        return pair(max(Fraction(0), 1 - max(Fraction(0), deviation - method.tolerance)))
    if exceeded or actual == target:
        return ALL
    top, bottom = (target, actual) if less else (actual, target)
    if top <= 0:
        return NOTHING
    (one, two), (three, four) = top.as_integer_ratio(), bottom.as_integer_ratio()
    return one * four, two * three


def item_weights(method: MeanCompletion, items: Sequence[dict[str, Any]]) -> list[Decimal] | None:
    """Weight (or own points) of each item; None where all weigh the same."""
    field = method.points if method.points is not None else method.weight
    if field is None:
        return None
    weights = [item[field] for item in items]
    if any(weight is None for weight in weights):
        raise indeterminate("no-weight", "指标缺少权重或分值", "an item lacks its weight or points")
    if any(weight < 0 for weight in weights):
        raise indeterminate("negative-weight", "权重或分值为负", "a weight or an item's points are negative")
    total = sum(map(Fraction, weights), Fraction(0))
    if method.points is not None and total != method.leaf_points:
        shown = f"{Decimal(total.numerator) / Decimal(total.denominator):f}"
        raise indeterminate(
            "item-points-sum",
            f"各指标分值合计 {shown}，与该项分值不符",
            f"the items' points add up to {shown}, not to the leaf's points",
        )
    if not total:
        raise indeterminate("no-weight", "权重合计为 0", "the weights add up to 0")
    return weights


def completion_function(
    method: MeanCompletion, read: Callable[[Sequence[Any]], Any]
) -> Callable[[Sequence[Any]], Share]:
    """Completion of a list as a function of the slots."""
    plain = method.weight is None and method.points is None and method.item_rounding is None
    if not plain:
        return lambda slots: weighted(method, listed(read(slots)))

    def share(slots: Sequence[Any]) -> Share:
        items = listed(read(slots))
        # Items that are met count as one each; the others are added as quotients.
        met, top, bottom = 0, 0, 1
        for item in items:
            one, over = item_completion(method, item)
            if one == over:
                met += 1
            elif one:
                top, bottom = top * over + one * bottom, bottom * over
        return top + met * bottom, bottom * len(items)

    simple = method.less_is_better is None and method.set_too_low is None
    return _simple_completion(method, read, share) if simple else share


def _simple_completion(
    method: MeanCompletion,
    read: Callable[[Sequence[Any]], Any],
    careful: Callable[[Sequence[Any]], Share],
) -> Callable[[Sequence[Any]], Share]:
    """Completion as targets and actual values that are all there and positive say it; ``careful`` for anything else."""
    target, actual, stated = method.target, method.actual, method.share

    def share(slots: Sequence[Any]) -> Share:
        items = read(slots)
        if type(items) is not list or not items:
            return careful(slots)
        met, top, bottom = 0, 0, 1
        try:
            for item in items:
                goal, done = item[target], item[actual]
                if stated is not None and item[stated] is not None:
                    return careful(slots)
                if done >= goal > _ZERO:
                    met += 1
                elif goal > done > _ZERO:
                    (one, two), (three, four) = done.as_integer_ratio(), goal.as_integer_ratio()
                    two *= three
                    top, bottom = top * two + one * four * bottom, bottom * two
                else:
                    return careful(slots)
        except (KeyError, TypeError):
            return careful(slots)
        return top + met * bottom, bottom * len(items)

    return share


def listed(value: Any) -> list[dict[str, Any]]:
    """The items of a completion, at least one."""
    if type(value) is not list or not _ONLY_DICTS.issuperset(map(type, value)):
        raise indeterminate("not-items", "表达式的值不是指标列表", "the expression's value is not a list of items")
    if not value:
        raise indeterminate("no-items", "指标列表为空", "the list of items is empty")
    return value


def item_points(method: MeanCompletion, items: Sequence[dict[str, Any]]) -> list[Fraction]:
    """Points of each item, adding up to the leaf's stated points."""
    weights = item_weights(method, items)
    if weights is None:
        return [method.leaf_points / len(items)] * len(items)
    total = sum(map(Fraction, weights), Fraction(0))
    return [method.leaf_points * Fraction(weight) / total for weight in weights]


def item_award(method: MeanCompletion, points: Fraction, completion: Share) -> Fraction:
    """What an item earns of the leaf's stated points, rounded where the ruleset rounds items."""
    exact = points * Fraction(*completion)
    if method.item_rounding is None:
        return exact
    scale = 10**method.item_rounding
    return Fraction(ROUND[method.mode](exact.numerator * scale, exact.denominator), scale)


def weighted(method: MeanCompletion, items: Sequence[dict[str, Any]]) -> Share:
    """Completion with weights, own points or item rounding."""
    points = item_points(method, items)
    earned = sum(
        (item_award(method, worth, item_completion(method, item)) for worth, item in zip(points, items, strict=True)),
        Fraction(0),
    )
    return pair(min(Fraction(1), earned / method.leaf_points))

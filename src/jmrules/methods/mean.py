"""What the shape ``Mean`` means: how far each target of a list is met, and what that earns."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel import quotient_of
from jmrules.methods.calls import BaseShape
from jmrules.methods.shares import ALL, NOTHING, Indeterminate, Share, indeterminate, pair
from jmrules.methods.targets import reached
from jmrules.rounding import ROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.methods.calls import Call
    from jmrules.methods.targets import Direction, Targets
    from jmrules.rounding import Mode

#: rows that a message names
MOST_NAMED = 20
_ONLY_DICTS = frozenset((dict,))


@frozen(eq=False)
class Mean(BaseShape):
    """The mean completion of a list of targets; fields by their names in the items."""

    items: Call
    target: str
    actual: str
    share: str | None
    less_is_better: str | None
    weight: str | None
    points: str | None
    set_too_low: str | None
    tolerance: Fraction
    item_rounding: int | None
    #: the leaf's stated points
    leaf_points: Fraction
    #: of the rounding of items
    mode: Mode
    #: kinds of target beside figures of which more, or less, is better
    targets: Targets | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The list."""
        return (self.items,)

    def at(self, read: Callable[[Call], Any]) -> Fraction:
        """The mean."""
        return Fraction(*weighted(self, listed(read(self.items))))

    @property
    def fields_read(self) -> frozenset[str]:
        """The named fields."""
        optional = (self.share, self.less_is_better, self.weight, self.points, self.set_too_low)
        more = () if self.targets is None else self.targets.fields_read
        return frozenset((self.target, self.actual, *more, *(name for name in optional if name is not None)))


def item_completion(method: Mean, item: dict[str, Any]) -> Share:
    """The completion of one item; see the ruleset reference, "completion"."""
    targets = method.targets
    if targets is not None and not has_figures(method, item):
        late, level = targets.days_late(item), targets.level(item)
        if late is not None:
            return pair(targets.of_days(late))
        if level is not None:
            return pair(targets.of_level(level, None if method.share is None else item[method.share]))
    stated = stated_completion(method, item)
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
    direction = None if targets is None else targets.stated_direction(item)
    if targets is not None and direction is not None:
        upper = None if targets.upper is None else item[targets.upper]
        met = reached(direction, Fraction(target), None if upper is None else Fraction(upper), Fraction(actual))
        return pair(_not_set_too_low(method, item, met, target, actual, direction))
    if target <= 0:
        raise indeterminate("bad-target", f"目标值 {target:f} 不是正数", f"the target {target:f} is not positive")
    less = method.less_is_better is not None and item[method.less_is_better] is True
    exceeded = actual < target if less else actual > target
    if exceeded and is_set_too_low(method, item):
        return pair(_reduced(method, target, actual))
    if exceeded or actual == target:
        return ALL
    top, bottom = (target, actual) if less else (actual, target)
    if top <= 0:
        return NOTHING
    (one, two), (three, four) = top.as_integer_ratio(), bottom.as_integer_ratio()
    return one * four, two * three


def _not_set_too_low(
    method: Mean, item: dict[str, Any], share: Fraction, target: Any, actual: Any, direction: Direction
) -> Fraction:
    """The share; of a target that was set too low and exceeded, what is left of it."""
    exceeded = actual > target if direction == "more" else direction == "less" and actual < target
    return _reduced(method, target, actual) if exceeded and target > 0 and is_set_too_low(method, item) else share


def _reduced(method: Mean, target: Any, actual: Any) -> Fraction:
    deviation = abs(Fraction(actual) - Fraction(target)) / Fraction(target)
    return max(Fraction(0), 1 - max(Fraction(0), deviation - method.tolerance))


def is_set_too_low(method: Mean, item: dict[str, Any]) -> bool:
    """Whether an item says that its target was set too low."""
    return method.set_too_low is not None and item[method.set_too_low] is True


def has_figures(method: Mean, item: dict[str, Any]) -> bool:
    """Whether an item has both target and actual value, which beat whatever else it states."""
    return item.get(method.target) is not None and item.get(method.actual) is not None


def stated_completion(method: Mean, item: dict[str, Any]) -> Any:
    """The completion that an item states, None where it states none; figures beat it, so where both are given it does not count."""
    if method.share is None or has_figures(method, item):
        return None
    return item[method.share]


def item_weights(method: Mean, items: Sequence[dict[str, Any]]) -> list[Any] | None:
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
        raise _not_adding_up(method, items, weights, total)
    if not total:
        raise indeterminate("no-weight", "权重合计为 0", "the weights add up to 0")
    return weights


def _not_adding_up(method: Mean, items: Sequence[dict[str, Any]], weights: list[Any], total: Fraction) -> Indeterminate:
    """The rows with their points, and what they should come to."""
    are, should = (f"{quotient_of(number):f}" for number in (total, method.leaf_points))
    rows = [
        (item.get("name"), number, f"{weight:f}")
        for number, (item, weight) in enumerate(zip(items, weights, strict=True), 1)
    ]
    more = len(rows) - MOST_NAMED
    zh = "、".join(f"{name or f'第 {number} 行'} {points}" for name, number, points in rows[:MOST_NAMED])
    en = ", ".join(f"{name or f'row {number}'} {points}" for name, number, points in rows[:MOST_NAMED])
    return indeterminate(
        "item-points-sum",
        f"各行分值合计 {are} 分，应为 {should} 分：{zh}{f' 等 {len(rows)} 行' if more > 0 else ''}",
        f"the rows' points add up to {are}, not to {should}: {en}{f' and {more} more' if more > 0 else ''}",
    )


def listed(value: Any) -> list[dict[str, Any]]:
    """The items of a completion, at least one."""
    if type(value) is not list or not _ONLY_DICTS.issuperset(map(type, value)):
        raise indeterminate("not-items", "没有列出指标", "no indicators are listed")
    if not value:
        raise indeterminate("no-items", "没有列出指标", "no indicators are listed")
    return value


def item_points(method: Mean, items: Sequence[dict[str, Any]]) -> list[Fraction]:
    """Points of each item, adding up to the leaf's stated points."""
    weights = item_weights(method, items)
    if weights is None:
        return [method.leaf_points / len(items)] * len(items)
    total = sum(map(Fraction, weights), Fraction(0))
    return [method.leaf_points * Fraction(weight) / total for weight in weights]


def item_award(method: Mean, points: Fraction, completion: Share) -> Fraction:
    """What an item earns of the leaf's stated points, rounded where the ruleset rounds items."""
    exact = points * Fraction(*completion)
    if method.item_rounding is None:
        return exact
    scale = 10**method.item_rounding
    return Fraction(ROUND[method.mode](exact.numerator * scale, exact.denominator), scale)


def weighted(method: Mean, items: Sequence[dict[str, Any]]) -> Share:
    """Completion with weights, own points or item rounding."""
    points = item_points(method, items)
    earned = sum(
        (item_award(method, worth, item_completion(method, item)) for worth, item in zip(points, items, strict=True)),
        Fraction(0),
    )
    return pair(min(Fraction(1), earned / method.leaf_points))

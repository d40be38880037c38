"""What the shape ``Mean`` means: how far each target of a list is met, and what that earns."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel.quotients import quotient_of
from jmrules.methods.calls import BaseShape
from jmrules.methods.shares import ALL, NOTHING, Share, indeterminate, pair
from jmrules.rounding import ROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.methods.calls import Call
    from jmrules.rounding import Mode

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
    mode: Mode

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
        return frozenset((self.target, self.actual, *(name for name in optional if name is not None)))


def item_completion(method: Mean, item: dict[str, Any]) -> Share:
    """The completion of one item; see the ruleset reference, "completion"."""
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


def stated_completion(method: Mean, item: dict[str, Any]) -> Any:
    """The completion that an item states, None where it states none; figures beat it, so where both are given it does not count."""
    if method.share is None or (item.get(method.target) is not None and item.get(method.actual) is not None):
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
        shown = f"{quotient_of(total):f}"
        raise indeterminate(
            "item-points-sum",
            f"各指标分值合计 {shown}，与该项分值不符",
            f"the items' points add up to {shown}, not to the leaf's points",
        )
    if not total:
        raise indeterminate("no-weight", "权重合计为 0", "the weights add up to 0")
    return weights


def listed(value: Any) -> list[dict[str, Any]]:
    """The items of a completion, at least one."""
    if type(value) is not list or not _ONLY_DICTS.issuperset(map(type, value)):
        raise indeterminate("not-items", "表达式的值不是指标列表", "the expression's value is not a list of items")
    if not value:
        raise indeterminate("no-items", "指标列表为空", "the list of items is empty")
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

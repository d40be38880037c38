"""Completion of targets of which not all is known: the hull of the weighted mean over what each item may come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from jmrules.errors import JmrulesError, Undefined
from jmrules.feel.possible import Items, Known, Possible, Span, Value, operators, spread
from jmrules.feel.possible.operators import no_value
from jmrules.memo import kept
from jmrules.methods import reached
from jmrules.methods.mean import item_award, item_completion
from jmrules.methods.shares import pair
from jmrules.score.bounds.shares import NO_SHARES, Shares, exactly

if TYPE_CHECKING:
    from jmrules.methods import Direction, Targets
    from jmrules.methods.shapes import Mean

NO_ITEMS = no_value("指标列表可能为空", "the list of items may be empty")
NOT_ITEMS = no_value("可能没有列出指标", "perhaps no indicators are listed")
NO_ACTUAL = no_value("指标可能缺少目标值或实际值", "an item may lack its target or its actual value")
BAD_TARGET = no_value("目标值可能不是正数", "a target may not be positive")
SHARE_OUTSIDE = no_value("完成率可能不在 0 至 1 之间", "a completion may not be in 0..1")
NO_WEIGHT = no_value("权重可能缺失、为负或合计为 0", "weights may be lacking, negative, or add up to 0")
POINTS_SUM = no_value("各指标分值合计可能与该项分值不符", "the items' points may not add up to the leaf's points")

ZERO, ONE = Fraction(0), Fraction(1)


@frozen(eq=False)
class _Part:
    """Items alike: the completion that each has, and the weight that they have together."""

    low: Fraction
    high: Fraction
    light: Fraction
    heavy: Fraction
    #: how many items there may be
    most: int


def completion_shares(method: Mean, value: Value) -> Shares:
    """What the completion of the list may be."""
    p = spread(value)
    error = p.error if operators.kinds(p) == ("list",) else p.error or NOT_ITEMS
    items = p.items
    if items is not None and items.like is not None and error is None and not p.other:
        found = _like(method, items, *items.like)
        if found is not None:
            return found
    if p.other or (items is not None and any(spread(item).other for item in items.all())):
        # Any list may be among it, or any context among its items: nothing is known of their figures.
        return Shares(ZERO, ONE, error or NOT_ITEMS)
    if items is None or not items.longest:
        return Shares(error=error or NO_ITEMS)
    if not items.shortest:
        error = error or NO_ITEMS
    rows = [(item, int(certain), 1) for item, certain in items.entries]
    if items.rest is not None and items.most:
        rows.append((items.rest, items.least, items.most))
    parts: list[_Part] = []
    for item, least, most in rows:
        part = _part(method, item, least, most)
        error = error or part[1]
        if part[0] is not None:
            parts.append(part[0])
        elif least:
            # This item is there, and has no completion.
            return Shares(error=error)
    if not parts:
        return Shares(error=error or NO_ITEMS)
    return _mean(method, parts).failing_too(error)


@frozen(eq=False)
class _Sums:
    """A list whose items have each a completion and a weight that is known."""

    parts: tuple[_Part, ...]
    #: of completion times weight, least and greatest, and of weights
    low: Fraction
    high: Fraction
    weight: Fraction


@kept
def _sums(items: Items, method: Mean) -> _Sums | None:
    """None where an item may have no completion, or its weight is open, or items are rounded."""
    if not items.fixed or method.item_rounding is not None:
        return None
    parts = [_plain(method, item) for item, _ in items.entries]
    plain = [part for part in parts if part is not None]
    if len(plain) < len(parts):
        return None
    return _Sums(
        tuple(plain),
        sum((part.low * part.light for part in plain), ZERO),
        sum((part.high * part.light for part in plain), ZERO),
        sum((part.light for part in plain), ZERO),
    )


def _plain(method: Mean, item: Value) -> _Part | None:
    if isinstance(item, Possible) and item.other:
        return None
    part, error = _part(method, item, 1, 1)
    return None if part is None or error is not None or part.light != part.heavy else part


def _like(method: Mean, items: Items, base: Items, places: tuple[int, ...]) -> Shares | None:
    """What the completion of a list may be that differs from another in a few items; None where that takes a closer look."""
    sums = _sums(base, method)
    if sums is None:
        return None
    low, high, weight = sums.low, sums.high, sums.weight
    for index in places:
        new, old = _plain(method, items.entries[index][0]), sums.parts[index]
        if new is None:
            return None
        low += new.low * new.light - old.low * old.light
        high += new.high * new.light - old.high * old.light
        weight += new.light - old.light
    if not weight or (method.points is not None and weight != method.leaf_points):
        return None
    return Shares(low / weight, high / weight)


def _part(method: Mean, item: Value, least: int, most: int) -> tuple[_Part | None, JmrulesError | None]:
    shares = item_shares(method, item)
    if shares.low is None or shares.high is None:
        return None, shares.error
    field = method.points if method.points is not None else method.weight
    light = heavy = ONE
    error = shares.error
    if field is not None:
        span, failure = operators.numeric(_field(item, field))
        error = error or failure
        if span is None or span.high < 0:
            return None, error or NO_WEIGHT
        if span.low < 0:
            error = error or NO_WEIGHT
        light, heavy = Fraction(max(span.low, Decimal(0))), Fraction(span.high)
    return _Part(shares.low, shares.high, light * least, heavy * most, most), error


def _mean(method: Mean, parts: list[_Part]) -> Shares:
    """The least and the greatest mean."""
    fixed = all(part.light == part.heavy and part.most == 1 for part in parts)
    if method.points is not None:
        light, heavy = (sum((getattr(part, end) for part in parts), ZERO) for end in ("light", "heavy"))
        if not light <= method.leaf_points <= heavy:
            return Shares(error=POINTS_SUM)
        error = None if light == heavy else POINTS_SUM
        low = -_fill(method.leaf_points, [(-part.low, part) for part in parts])
        high = _fill(method.leaf_points, [(part.high, part) for part in parts])
        means = Shares(low, high, error)
    else:
        total = sum((part.heavy for part in parts), ZERO)
        if not total:
            return Shares(error=NO_WEIGHT)
        error = None if any(part.light for part in parts) else NO_WEIGHT
        low = -_best([(-part.low, part) for part in parts])
        high = _best([(part.high, part) for part in parts])
        means = Shares(low, high, error)
    return means if method.item_rounding is None else _rounded(method, parts, means, fixed)


def _fill(amount: Fraction, parts: list[tuple[Fraction, _Part]]) -> Fraction:
    """The greatest mean where weights add up to ``amount``: what is left over goes to the best first."""
    left = amount - sum((part.light for _, part in parts), ZERO)
    gained = sum((rate * part.light for rate, part in parts), ZERO)
    for rate, part in sorted(parts, key=lambda pair: -pair[0]):
        more = min(left, part.heavy - part.light)
        gained += rate * more
        left -= more
    return gained / amount


def _best(parts: list[tuple[Fraction, _Part]]) -> Fraction:
    """The greatest weighted mean: the best parts as heavy, the others as light as they may be."""
    ordered = sorted(parts, key=lambda pair: -pair[0])
    top = sum((rate * part.light for rate, part in ordered), ZERO)
    bottom = sum((part.light for _, part in ordered), ZERO)
    best = top / bottom if bottom else None
    for rate, part in ordered:
        if best is not None and rate <= best:
            break
        top += rate * (part.heavy - part.light)
        bottom += part.heavy - part.light
        if bottom:
            best = top / bottom
    assert best is not None
    return best


def _rounded(method: Mean, parts: list[_Part], means: Shares, fixed: bool) -> Shares:
    """With each item's points rounded: exactly where the weights are known, else within a unit an item."""
    assert method.item_rounding is not None and means.low is not None and means.high is not None
    if fixed:
        total = method.leaf_points if method.points is not None else sum((part.light for part in parts), ZERO)
        low = high = ZERO
        for part in parts:
            worth = method.leaf_points * part.light / total
            low += item_award(method, worth, pair(part.low))
            high += item_award(method, worth, pair(part.high))
        return Shares(min(ONE, low / method.leaf_points), min(ONE, high / method.leaf_points), means.error)
    unit = Fraction(1, 10**method.item_rounding) * sum(part.most for part in parts) / method.leaf_points
    return Shares(max(ZERO, means.low - unit), min(ONE, means.high + unit), means.error)


def _field(item: Value, name: str) -> Value:
    members = spread(item).members or {}
    return members.get(name, Known(None))


def item_shares(method: Mean, item: Value) -> Shares:
    """What the completion of one item may be."""
    if isinstance(item, Known) and isinstance(item.value, dict):
        try:
            return exactly(Fraction(*item_completion(method, item.value)))
        except Undefined as error:
            return Shares(error=error)
    p = spread(item)
    reason = p.error if operators.kinds(p) == ("context",) else p.error or NOT_ITEMS
    if p.members is None:
        return Shares(error=reason)
    result = NO_SHARES.failing_too(reason)
    if method.targets is not None:
        return result.joined(_of_kind(method, method.targets, item))
    target, actual = (spread(_field(item, name)) for name in (method.target, method.actual))
    if method.share is None or not (target.null or actual.null):
        return result.joined(_from_figures(method, item, target, actual))
    # Figures beat what is stated: it counts only where one of them may be missing.
    stated = spread(_field(item, method.share))
    result = result.failing_too(stated.error)
    if stated.span is not None:
        result = result.joined(_stated(stated.span))
    if stated.null:
        return result.joined(_from_figures(method, item, target, actual))
    if target.span is not None and actual.span is not None:
        result = result.joined(_from_figures(method, item, evolve(target, null=False), evolve(actual, null=False)))
    return result


def _of_kind(method: Mean, targets: Targets, item: Value) -> Shares:
    """Of a target of any kind: tight where only figures are not known, else anything."""
    given = {name: spread(_field(item, name)) for name in (method.target, method.actual, *targets.fields_read)}
    target, actual = given[method.target], given[method.actual]
    direction = given.get(targets.direction or "")
    upper = given.get(targets.upper or "")
    low = True in _flags(item, method.set_too_low)
    plain = target.span is not None and actual.span is not None and not (target.null or actual.null)
    if (
        not plain
        or target.span is None
        or actual.span is None
        or low
        or direction is None
        or direction.null
        or not direction.texts
    ):
        return Shares(ZERO, ONE, NO_ACTUAL)
    found = NO_SHARES
    for word in direction.texts:
        kind = targets.words.get(word)
        ends = None if upper is None or upper.span is None or upper.null else upper.span
        if kind is None or (kind == "range" and ends is None):
            return Shares(ZERO, ONE, NO_ACTUAL)
        found = found.joined(_directed(kind, target.span, actual.span, ends or target.span))
    return found


def _directed(kind: Direction, target: Span, actual: Span, upper: Span) -> Shares:
    """The greater the target, the less is met of at least so much, and the more of at most so much."""
    least, most = _fractions(target), _fractions(actual)
    top = least if kind == "equal" else _fractions(upper)
    over = tuple(reached("more", least[1 - end], None, most[end]) for end in (0, 1))
    under = tuple(reached("less", (least if kind == "less" else top)[end], None, most[1 - end]) for end in (0, 1))
    if kind == "more":
        return Shares(over[0], over[1])
    if kind == "less":
        return Shares(under[0], under[1])
    error = BAD_TARGET if kind == "range" and top[0] < least[1] else None
    return Shares(min(over[0], under[0]), min(over[1], under[1]), error)


def _fractions(span: Span) -> tuple[Fraction, Fraction]:
    return Fraction(span.low), Fraction(span.high)


def _stated(span: Span) -> Shares:
    low, high = max(ZERO, Fraction(span.low)), min(ONE, Fraction(span.high))
    if low > high:
        return Shares(error=SHARE_OUTSIDE)
    return Shares(low, high, None if span.low >= 0 and span.high <= 1 else SHARE_OUTSIDE)


def _from_figures(method: Mean, item: Value, goal: Value, reached: Value) -> Shares:
    target, no_target = operators.numeric(goal)
    actual, no_actual = operators.numeric(reached)
    if target is None or actual is None:
        return Shares(error=NO_ACTUAL)
    if target.high <= 0:
        return Shares(error=BAD_TARGET)
    error = NO_ACTUAL if no_target or no_actual else BAD_TARGET if target.low <= 0 else None
    result = Shares(error=error)
    for less in _flags(item, method.less_is_better):
        for low in _flags(item, method.set_too_low):
            result = result.joined(_range(method, target, actual, less=less, too_low=low))
    return result


def _flags(item: Value, name: str | None) -> list[bool]:
    """What a flag may say; null and absent say no."""
    if name is None:
        return [False]
    p = spread(_field(item, name))
    return [flag for flag in (True, False) if flag in p.truths or (not flag and (p.null or p.other))]


def _range(method: Mean, target: Span, actual: Span, *, less: bool, too_low: bool) -> Shares:
    """Completion over the box of a positive target and an actual value, for one setting of the flags."""
    least = None if target.low <= 0 else Fraction(actual.low) / Fraction(target.high if actual.low >= 0 else target.low)
    most = (
        None if target.low <= 0 else Fraction(actual.high) / Fraction(target.low if actual.high >= 0 else target.high)
    )
    if least is None:
        # The target may be as small as one likes.
        least = Fraction(actual.low) / Fraction(target.high) if actual.low >= 0 else None
        most = ZERO if actual.high <= 0 else None
    # least..most: the quotients actual / target that are possible; None where they have no end
    return _of_quotients(method, least, most, less=less, too_low=too_low)


def _of_quotients(method: Mean, least: Fraction | None, most: Fraction | None, *, less: bool, too_low: bool) -> Shares:
    found: list[Fraction] = []
    low = ZERO if least is None else max(ZERO, least)
    if less:
        missed = most is None or most > 1
        exceeded = least is None or least < 1
        if missed:
            found += [ZERO if most is None else 1 / most, 1 / max(ONE, low)]
    else:
        missed = least is None or least < 1
        exceeded = most is None or most > 1
        if missed:
            found += [min(ONE, low), ONE if most is None else min(ONE, max(ZERO, most))]
    if (least is None or least <= 1) and (most is None or most >= 1):
        found.append(ONE)
    if exceeded:
        far: Fraction | None
        if less:
            far, near = (None if least is None else 1 - least), (ZERO if most is None else max(ZERO, 1 - most))
        else:
            far, near = (None if most is None else most - 1), (ZERO if least is None else max(ZERO, least - 1))
        for deviation in (far, near) if too_low else ():
            kept = ZERO if deviation is None else 1 - max(ZERO, deviation - method.tolerance)
            found.append(max(ZERO, kept))
        if not too_low:
            found.append(ONE)
    return Shares(min(found), max(found))

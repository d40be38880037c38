"""The completion method over lists of targets; the meaning is that of ``score.exact.completion``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jmrules.feel.vectors import (
    Approx,
    Array,
    Context,
    Empty,
    Items,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Truth,
    Vector,
    add,
    clipped,
    column,
    compare,
    constant,
    divide,
    either,
    extreme,
    full,
    listed,
    magnitude,
    mask_of,
    multiply,
    rounded,
    total,
    within,
)
from jmrules.feel.vectors import counts as whole_numbers

if TYPE_CHECKING:
    from jmrules.feel.vectors import Rows
    from jmrules.methods.shapes import Mean

ZERO, ONE = constant(Fraction(0)), constant(Fraction(1))


def completion_share(method: Mean, value: Vector, rows: Rows) -> tuple[Approx, Mask, Mask]:
    """Shares, where they are undefined, and where they are in doubt."""
    if method.targets is not None:
        raise NotColumnar("各指标有各自的目标方向、期限或等次", "targets with directions, dates or levels of their own")
    if isinstance(value, Nothing):
        value = Empty(undef=np.ones(rows.count, dtype=bool), doubt=value.doubt)
    items = listed(rows, value)
    if not isinstance(items.item, Context | Nothing):
        raise NotColumnar("列表的项没有字段", "the items have no fields")
    undef = either(items.undef, items.null, items.counts == 0)
    if not items.size:
        return Approx(np.zeros(rows.count)), undef, items.doubt
    assert isinstance(items.item, Context)
    done, wrong, unsure = _completions(method, items.item, items.size)
    share, undefined, doubt = _together(method, items, done)
    return (
        share,
        either(undef, undefined, items.any_of(wrong)),
        either(items.doubt, doubt, items.any_of(unsure)),
    )


def _number(item: Context, name: str | None, size: int) -> tuple[Approx, Mask, Mask]:
    """The numbers of a field, where there are none, and where they are in doubt."""
    vector = item.member(name) if name is not None and name in item.members else None
    if vector is None or isinstance(vector, Nothing):
        return ZERO, np.ones(size, dtype=bool), None
    if not isinstance(vector, Number):
        raise NotColumnar(f"字段 {name} 不是数", f"the field {name} is not a number")
    return vector.value, either(vector.null, vector.undef), vector.doubt


def _flag(item: Context, name: str | None) -> tuple[Array, Mask]:
    """Where a field is true, and where that is in doubt."""
    if name is None:
        return np.False_, None
    vector = item.member(name)
    if isinstance(vector, Nothing):
        return np.False_, None
    if not isinstance(vector, Truth) or vector.undef is not None:
        raise NotColumnar(f"字段 {name} 不是真或假", f"the field {name} is not true or false")
    return (vector.holds if vector.null is None else vector.holds & ~vector.null), vector.doubt


def _completions(method: Mean, item: Context, size: int) -> tuple[Approx, Mask, Mask]:
    """The completion of each item, where it is undefined, and where it is in doubt."""
    target, no_target, doubt = _number(item, method.target, size)
    actual, no_actual, more = _number(item, method.actual, size)
    positive, unsure = compare(">", target, ZERO)
    doubt = either(doubt, more, unsure)
    wrong = either(no_target, no_actual, ~positive if not np.all(positive) else None)
    top, bottom, exceeded = actual, target, None
    if method.less_is_better is not None:
        less, more = _flag(item, method.less_is_better)
        doubt = either(doubt, more)
        if np.any(less):
            top, bottom = target.select(actual, less), actual.select(target, less)
            # of an actual value that is not positive, where less is better, there is no quotient
            exceeded, more = compare("<", bottom, top)
            doubt = either(doubt, more)
    quotient, none, more = divide(top, bottom)
    made = clipped(quotient)
    if exceeded is not None:
        made = ONE.select(made, exceeded)
        none, more = _outside(none, exceeded), _outside(more, exceeded)
    wrong, doubt = either(wrong, none), either(doubt, more)
    made = _of_size(made, size)
    if method.set_too_low is not None:
        low, more = _flag(item, method.set_too_low)
        doubt = either(doubt, more)
        if np.any(low):
            beyond, unsure = compare("<", bottom, top) if exceeded is None else (exceeded, None)
            lowered = np.flatnonzero(full(low & beyond, size))
            made = made.replaced(lowered, _lowered(actual.take(lowered), target.take(lowered), method))
            doubt = either(doubt, within(unsure, low))
    if method.share is not None:
        made, wrong, doubt = _stated(method, item, made, (no_target, no_actual, wrong, doubt), size)
    return made, wrong, doubt


def _lowered(actual: Approx, target: Approx, method: Mean) -> Approx:
    """Completions of targets that were set too low and are exceeded."""
    away, _, _ = divide(magnitude(add(actual, target, -1)), target)
    over = extreme([add(away, constant(method.tolerance), -1), ZERO], greatest=True)
    return clipped(add(ONE, over, -1))


def _stated(
    method: Mean, item: Context, made: Approx, masks: tuple[Mask, Mask, Mask, Mask], size: int
) -> tuple[Approx, Mask, Mask]:
    """Completions as they are stated. Figures beat what is stated: it counts only where one of them is missing."""
    no_target, no_actual, wrong, doubt = masks
    stated, missing, more = _number(item, method.share, size)
    figures = either(no_target, no_actual)
    given = None if figures is None else figures if missing is None else figures & ~missing
    if given is None or not given.any():
        return made, wrong, doubt
    places = np.flatnonzero(given)
    part = stated.take(places)
    below, one = compare("<", part, ZERO)
    above, two = compare(">", part, ONE)
    outside, unsure = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    outside[places] = below | above
    if (one := either(one, two)) is not None:
        unsure[places] = one
    made = made.replaced(places, part)
    wrong = mask_of(outside) if wrong is None else (wrong & ~given) | outside
    return made, wrong, either(_outside(doubt, given), mask_of(unsure), within(more, given))


def _outside(mask: Mask, rows: Array) -> Mask:
    return None if mask is None else mask & ~rows


def _together(method: Mean, items: Items, done: Approx) -> tuple[Approx, Mask, Mask]:
    """The share that items of these completions earn, where it is undefined, and where it is in doubt."""
    counts = whole_numbers(items.counts)
    undef = doubt = None
    field = method.points if method.points is not None else method.weight
    if field is None and method.item_rounding is None:
        sums, _ = total(_of_size(done, items.size), items)
        share, _, _ = divide(sums, counts.select(ONE, items.counts > 0))
        return share, None, None
    owners = items.owners()
    if field is None:
        part, _, _ = divide(ONE, counts.take(owners))
    else:
        assert isinstance(items.item, Context)
        size, missing, unsure = _number(items.item, field, items.size)
        size, unit = _whole(_of_size(size, items.size))
        negative, more = compare("<", size, ZERO)
        sums, _ = total(size, items)
        undef, doubt = items.any_of(either(missing, negative)), items.any_of(either(unsure, more))
        if method.points is not None:
            differs, more = compare("!=", sums, constant(method.leaf_points * unit))
            undef, doubt = either(undef, differs), either(doubt, more)
        part, none, more = divide(size, sums.take(owners))
        undef, doubt = either(undef, items.any_of(none)), either(doubt, items.any_of(more))
    earned = multiply(part, _of_size(done, items.size))
    if method.item_rounding is not None:
        leaf = constant(method.leaf_points)
        points, unsure = rounded(multiply(earned, leaf), method.item_rounding, method.mode)
        earned, _, _ = divide(points, leaf)
        doubt = either(doubt, items.any_of(unsure))
    sums, _ = total(earned, items)
    return extreme([sums, ONE], greatest=False), undef, doubt


def _of_size(number: Approx, size: int) -> Approx:
    """The numbers, one for each item; how long their exact sums are does not matter, since methods add without bounds."""
    x, error = full(number.x, size), None if number.part is not None else lambda: number.error
    return Approx(x, error, part=number.part, exact=number.exact, raw=number.raw, whole=number.whole, bits=1)


#: what weights and points are counted in where all have few decimals, so that their sums are exact
_UNIT = 10**6


def _whole(size: Approx) -> tuple[Approx, int]:
    """Sizes in whole numbers of a unit, where they are such, and how many of the units make one."""
    units = np.rint(size.x * _UNIT)
    if size.whole or not size.raw or not np.all((units / _UNIT == size.x) & (np.abs(units) <= 1e15)):
        return size, 1
    return column(units), _UNIT


__all__ = ["completion_share"]

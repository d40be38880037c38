"""The share that each method yields, for many departments at once; the meaning is that of ``score.exact.methods``."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from jmrules.feel.vectors import (
    SLACK,
    Approx,
    Array,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Rows,
    Truth,
    U,
    Words,
    add,
    clipped,
    compare,
    constant,
    counts,
    divide,
    either,
    evaluate,
    exactly,
    extreme,
    full,
    mask_of,
    multiply,
    negative,
    outside,
    rounded,
    settled,
    taken,
    within,
)
from jmrules.feel.vectors.exactly import Quotients
from jmrules.methods.shapes import Compose, Grid, Line, Lookup, Mean, Shape, Table, Take, Weigh
from jmrules.score.columns.completion import completion_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel import Intervals
    from jmrules.methods.shapes import Call


#: entries of a table of shares
LONGEST = 4096


@frozen(eq=False)
class Share:
    """Shares of a leaf: numbers (``value``), or entries of a short table (``index``, ``table``)."""

    undef: Mask = None
    doubt: Mask = None
    value: Approx | None = None
    index: Array = None
    table: tuple[Fraction, ...] = ()


def share_of(shape: Shape, rows: Rows) -> Share:
    """The shares that a shape yields; raises NotColumnar where an expression is not evaluated by columns."""
    match shape:
        case Line():
            return _line(shape, rows)
        case Table():
            return _table_of(shape, rows)
        case Weigh():
            return _weigh(shape, rows)
        case Take():
            return _take(shape, rows)
        case Lookup():
            return _lookup(shape, rows)
        case Compose():
            return _compose(shape, rows)
        case Mean():
            value, undef, doubt = completion_share(shape, evaluate(shape.items.expression.tree, rows), rows)
            return Share(undef, doubt, value)


def number_of(call: Call, rows: Rows) -> Number:
    """A call's numbers; a null is undefined."""
    vector = evaluate(call.expression.tree, rows)
    if isinstance(vector, Nothing):
        return Number(counts(np.zeros(rows.count)), undef=np.ones(rows.count, dtype=bool))
    if not isinstance(vector, Number):
        raise NotColumnar("表达式的值不是数", "the expression does not yield numbers")
    return Number(vector.value, undef=either(vector.undef, vector.null), doubt=vector.doubt)


def truth_of(call: Call, rows: Rows) -> Truth:
    """A call's truth values; a null is undefined."""
    vector = evaluate(call.expression.tree, rows)
    if isinstance(vector, Nothing):
        return Truth(np.zeros(rows.count, dtype=bool), undef=np.ones(rows.count, dtype=bool), doubt=vector.doubt)
    if not isinstance(vector, Truth):
        raise NotColumnar("表达式的值不是真或假", "the expression does not yield true or false")
    return Truth(vector.holds, undef=either(vector.undef, vector.null), doubt=vector.doubt)


def _line(shape: Line, rows: Rows) -> Share:
    number = number_of(shape.value, rows)
    if shape.grid is not None:
        return _by_steps(shape, shape.grid, number, rows)
    if shape.ends is not None:
        zero, full_at = shape.ends
        return _straight(number, zero, full_at - zero)
    return _between(shape, number)


def _straight(number: Number, zero: Fraction, width: Fraction) -> Share:
    """(value - zero) / width."""
    value = number.value
    if zero:
        value = add(value, constant(zero), -1)
    if width == 1:
        return Share(number.undef, number.doubt, value)
    share, _, unsure = divide(value, constant(width))
    return Share(number.undef, either(number.doubt, unsure), share)


def _inside(value: Approx, intervals: Intervals) -> tuple[Array, Mask]:
    holds: Array = np.False_
    doubt = None
    for interval in intervals:
        inside: Array = np.True_
        for edge, within_edge, beyond in ((interval.low, ">=", ">"), (interval.high, "<=", "<")):
            if edge.at is None:
                continue
            closed = edge.above is (within_edge == "<=")
            side, unsure = compare(within_edge if closed else beyond, value, constant(edge.at))
            inside, doubt = inside & side, either(doubt, unsure)
        holds = holds | inside
    return holds, doubt


def _table_of(shape: Table, rows: Rows) -> Share:
    number = number_of(shape.value, rows)
    index = np.full(rows.count, len(shape.entries), dtype=np.int64)
    doubt = number.doubt
    for position in reversed(range(len(shape.entries))):
        holds, unsure = _inside(number.value, shape.entries[position][0])
        index = np.where(holds, position, index)
        doubt = either(doubt, unsure)
    table = tuple(share for _, share in shape.entries)
    if shape.otherwise is not None:
        return Share(number.undef, doubt, index=index, table=(*table, shape.otherwise))
    return Share(either(number.undef, mask_of(index == len(table))), doubt, index=index, table=(*table, Fraction(0)))


def _by_steps(shape: Line, grid: Grid, number: Number, rows: Rows) -> Share:
    table = shape.shares_by_steps(LONGEST)
    if table is None:
        raise NotColumnar("每步扣分过少", "a step costs too little")
    excess = add(number.value, constant(grid.bound), -1)
    steps, _, unsure = divide(excess if grid.sign > 0 else negative(excess), constant(grid.step))
    doubt = either(number.doubt, unsure)
    whole, unsure = rounded(steps, 0, "ceiling" if grid.up else "floor")
    below, perhaps = compare("<=", steps, constant(Fraction(0)))
    unsure = outside(unsure, below if perhaps is None else below & ~perhaps)
    index = np.clip(np.nan_to_num(whole.x), 0, len(table) - 1)
    return Share(number.undef, either(doubt, unsure), index=full(index, rows.count).astype(np.int64), table=table)


def _between(shape: Line, number: Number) -> Share:
    """Continuous, so an error in the value is at most that times the steepest slope in the share."""
    value = number.value
    ats, shares = ([constant(each) for each in side] for side in zip(*shape.knots, strict=True))
    slopes = [abs((above - below) / (high - low)) for (low, below), (high, above) in pairwise(shape.knots)]
    steepest = constant(max(slopes, default=Fraction(0))).x * SLACK
    largest = max(abs(at.x) for at in ats)
    if not largest < 1e300 or not steepest < 1e300:
        raise NotColumnar("折线的端点过大", "knots too far out")
    x = np.interp(value.x, [at.x for at in ats], [share.x for share in shares])
    # value, knots and their difference each carry an error; so do slope, product and sum
    error = steepest * (value.error + 8 * U * largest) + 16 * U
    for end, share, operator in ((ats[0], shares[0], "<="), (ats[-1], shares[-1], ">=")):
        beyond, unsure = compare(operator, value, end)
        error = np.where(beyond if unsure is None else beyond & ~unsure, share.error, error)

    def exact(rows: Array) -> Quotients:
        return _along(shape.knots, value.at(rows))

    return Share(number.undef, number.doubt, Approx(x, error, exact=exact, bits=value.bits + 64))


def _along(knots: Sequence[tuple[Fraction, Fraction]], at: Quotients) -> Quotients:
    made = exactly.quotients_of(knots[0][1])
    for (low, below), (high, above) in pairwise(knots):
        start, slope = exactly.quotients_of(low), exactly.quotients_of((above - below) / (high - low))
        part = exactly.extreme(at, exactly.quotients_of(high), greatest=False)
        within_it = exactly.plus(part, start, -1)
        risen = exactly.plus(exactly.quotients_of(below), exactly.times(within_it, slope))
        made = exactly.where(exactly.compares(np.greater, at, start), risen, made)
    return made


def _weigh(shape: Weigh, rows: Rows) -> Share:
    bottom, worths = common_parts(tuple(item.share for item in shape.items))
    top: Array = np.zeros(rows.count, dtype=np.int64)
    undef = doubt = None
    for item, worth in zip(shape.items, worths, strict=True):
        holds = truth_of(item.when, rows)
        top = top + np.asarray(holds.holds) * np.int64(worth)
        undef, doubt = either(undef, holds.undef), either(doubt, holds.doubt)
    return _parts(top, bottom, undef, doubt)


#: whole numbers that are surely held, as doubles and with others added
_MOST_PARTS = 2**50


@lru_cache(maxsize=1024)
def common_parts(amounts: tuple[Fraction, ...]) -> tuple[int, tuple[int, ...]]:
    """The least common denominator, and the amounts in its units; raises NotColumnar where they are too large."""
    bottom = lcm(1, *(amount.denominator for amount in amounts))
    parts = tuple(int(amount * bottom) for amount in amounts)
    if bottom + sum(map(abs, parts)) > _MOST_PARTS:
        raise NotColumnar("各项分值的公分母过大", "amounts whose common denominator is too large")
    return bottom, parts


def _parts(top: Array, bottom: int, undef: Mask, doubt: Mask) -> Share:
    """Shares of ``top`` parts out of ``bottom``."""
    if bottom < LONGEST:
        return Share(undef, doubt, index=top, table=all_parts(bottom))
    share, _, _ = divide(counts(top), constant(Fraction(bottom)))
    return Share(undef, doubt, share)


# A few megabytes at most; they are made in less time than rows are read.
@lru_cache(maxsize=64)
def all_parts(bottom: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(top, bottom) for top in range(bottom + 1))


def _take(shape: Take, rows: Rows) -> Share:
    one = Fraction(1)
    # whatever costs more than everything costs everything
    losses = [None if item.loss is None else min(item.loss, one) for item in shape.items]
    limits = [one if item.at_most is None else min(item.at_most, one) for item in shape.items]
    bottom, _ = common_parts((*(loss for loss in losses if loss is not None), *limits))
    left: Array = np.full(rows.count, bottom, dtype=np.int64)
    undef = doubt = None
    for item, loss, limit in zip(shape.items, losses, limits, strict=True):
        number = number_of(item.count, rows)
        count, wrong, unsure = _counted(number.value)
        undef, doubt = either(undef, number.undef, wrong), either(doubt, number.doubt, unsure)
        count = np.maximum(count - item.free, 0) if item.free else count
        if loss is None:
            cost = np.where(count > 0, left, 0)
        else:
            # beyond 1 / loss problems nothing is left
            cost = np.minimum(count, int(1 / loss) + 1 if loss else 0) * int(loss * bottom)
        left = left - np.minimum(np.minimum(cost, int(limit * bottom)), left)
    return _parts(left, bottom, undef, doubt)


def _counted(value: Approx) -> tuple[Array, Mask, Mask]:
    """Whole counts, where the value is none, and where that is in doubt (nowhere: that is settled here)."""
    whole = np.rint(value.x)
    wrong = (value.x < 0) | (whole != value.x)
    if not value.raw:
        unsure = ~(np.asarray(value.error) == 0)
        whole = settled(whole, unsure, lambda rows: exactly.floats(value.at(rows))[0])
        wrong = settled(wrong, unsure, lambda rows: _is_no_count(value.at(rows)))
    return np.clip(np.nan_to_num(whole), 0, 1e15).astype(np.int64), mask_of(wrong), None


def _is_no_count(exact: Quotients) -> Array:
    return np.asarray((exact.top < 0) | (exact.top % exact.bottom != 0)).astype(bool)


def _lookup(shape: Lookup, rows: Rows) -> Share:
    vector = evaluate(shape.word.expression.tree, rows)
    if isinstance(vector, Nothing):
        vector = Words(np.zeros(rows.count, dtype=np.int64), ("",), undef=np.ones(rows.count, dtype=bool))
    if not isinstance(vector, Words):
        raise NotColumnar("表达式的值不是字符串", "the expression does not yield strings")
    levels = list(shape.shares)
    place = np.array([levels.index(word) if word in shape.shares else len(levels) for word in vector.words])
    index = full(place[vector.codes], rows.count)
    unknown = index == len(levels)
    undef = either(vector.undef, vector.null, unknown if unknown.any() else None)
    shares = [shape.shares[level] for level in levels]
    fixed = (*(share if isinstance(share, Fraction) else Fraction(0) for share in shares), Fraction(0))
    spans = [position for position, share in enumerate(shares) if not isinstance(share, Fraction)]
    ranged = np.isin(index, spans)
    if shape.chosen is None or not ranged.any():
        return Share(undef, vector.doubt, index=index, table=fixed)
    chosen = number_of(shape.chosen, rows)
    value, doubt, wrong = chosen.value, chosen.doubt, chosen.undef
    if shape.whole != 1:
        value, _, unsure = divide(value, constant(shape.whole))
        doubt = either(doubt, unsure)
    for position in spans:
        span = shares[position]
        assert isinstance(span, tuple)
        here = index == position
        for operator, edge in (("<", span[0]), (">", span[1])):
            beyond, unsure = compare(operator, value, constant(edge))
            wrong, doubt = either(wrong, here & beyond), either(doubt, within(unsure, here))
    made = value.select(_table(fixed, index), ranged)
    return Share(either(undef, within(wrong, ranged)), either(vector.doubt, within(doubt, ranged)), made)


def _value(share: Share) -> Approx:
    """Shares as numbers between 0 and 1."""
    return clipped(
        _table(share.table, np.clip(share.index, 0, len(share.table) - 1)) if share.value is None else share.value
    )


def _compose(shape: Compose, rows: Rows) -> Share:
    found: list[Share] = []
    for part in shape.parts:
        share = Share(index=np.zeros(rows.count, dtype=np.int64), table=(Fraction(1),))
        share = share if part.shape is None else share_of(part.shape, rows)
        found.append(Share(share.undef, share.doubt, multiply(_value(share), constant(part.worth))))
    if shape.how == "first":
        return _first(shape, found, rows)
    undef, doubt = (either(*masks) for masks in zip(*((share.undef, share.doubt) for share in found), strict=True))
    values = [share.value for share in found if share.value is not None]
    made = reduce(add, values) if shape.how == "sum" else extreme(values, greatest=shape.how == "best")
    return Share(undef, doubt, made)


def _first(shape: Compose, found: list[Share], rows: Rows) -> Share:
    """The share of the first part whose condition holds; what comes after it is neither undefined nor in doubt."""
    left: Array = np.ones(rows.count, dtype=bool)
    made, undef, doubt = constant(Fraction(0)), None, None
    for part, share in zip(shape.parts, found, strict=True):
        holds: Array = left
        if part.when is not None:
            truth = truth_of(part.when, rows)
            undef, doubt = either(undef, within(truth.undef, left)), either(doubt, within(truth.doubt, left))
            holds = left & np.asarray(truth.holds)
            if truth.undef is not None:
                left = left & ~truth.undef
        assert share.value is not None
        made = share.value.select(made, holds)
        undef, doubt = either(undef, within(share.undef, holds)), either(doubt, within(share.doubt, holds))
        left = left & ~holds
    spread = Approx(full(made.x, rows.count), full(made.error, rows.count), exact=made.at)
    return Share(either(undef, mask_of(left)), doubt, spread)


def _table(shares: tuple[Fraction, ...], index: Array) -> Approx:
    held = [constant(share) for share in shares]
    all_of_them = exactly.quotients_of(*shares)

    def exact(rows: Array) -> Quotients:
        chosen = taken(index, rows)
        return Quotients(all_of_them.top[chosen], all_of_them.bottom[chosen])

    return Approx(
        np.array([each.x for each in held])[index], np.array([each.error for each in held])[index], exact=exact
    )

"""The share that each method yields, for many departments at once; the meaning is that of ``score.exact.methods``."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from jmrules.feel.intervals import END, START
from jmrules.feel.vectors import kernels
from jmrules.feel.vectors.approximate import DIGITS, SLACK, Approx, U
from jmrules.feel.vectors.expressions import Rows, evaluate
from jmrules.feel.vectors.rational import Exact, product, to_whole
from jmrules.feel.vectors.vectors import (
    Array,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Truth,
    Words,
    either,
    full,
    within,
)
from jmrules.plan.model import (
    Banded,
    Checked,
    Computed,
    Deducted,
    Interpolated,
    Judged,
    Linear,
    MeanCompletion,
    Stepped,
)
from jmrules.score.columns.completion import completion_share

if TYPE_CHECKING:
    from jmrules.feel.intervals import Intervals
    from jmrules.plan.model import Call, PlannedMethod


#: entries of a table of shares
LONGEST = 4096


@frozen(eq=False)
class Share:
    """Shares of a leaf: numbers (``value``), or entries of a short table (``index``, ``table``)."""

    undef: Mask = None
    doubt: Mask = None
    value: Approx | Exact | None = None
    index: Array = None
    table: tuple[Fraction, ...] = ()


def share_of(method: PlannedMethod, rows: Rows) -> Share:
    """The shares that a method yields; raises NotColumnar where an expression is not evaluated by columns."""
    match method:
        case Linear(value=call, zero_at=zero, full_at=top):
            return _line(number_of(call, rows), zero, top - zero, rows)
        case Computed(points=call, leaf_points=points):
            return _line(number_of(call, rows), Fraction(0), points, rows)
        case Banded():
            return _banded(method, rows)
        case Stepped():
            return _stepped(method, rows)
        case Interpolated():
            return _interpolated(method, rows)
        case Checked(items=items):
            return _checked(items, rows)
        case Deducted():
            return _deducted(method, rows)
        case Judged():
            return _judged(method, rows)
        case MeanCompletion():
            value, undef, doubt = completion_share(method, evaluate(method.items.expression.tree, rows), rows)
            return Share(undef, doubt, value)


def number_of(call: Call, rows: Rows) -> Number:
    """A call's numbers; a null is undefined."""
    vector = evaluate(call.expression.tree, rows)
    if isinstance(vector, Nothing):
        return Number(rows.arithmetic.counts(np.zeros(rows.count)), undef=np.ones(rows.count, dtype=bool))
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


def _constant(value: Fraction, rows: Rows) -> Any:
    return _held(value, rows.arithmetic.exact)


@lru_cache(maxsize=4096)
def _held(value: Fraction, exact: bool) -> Any:
    if exact:
        return Exact(np.int64(value.numerator), np.int64(value.denominator))
    x = value.numerator / value.denominator
    # a constant of the ruleset, not of the table: nothing bounds how small it is but the ruleset's own check
    return Approx(np.float64(x), 0.0 if Fraction(x) == value else U)


def _line(number: Number, zero: Fraction, width: Fraction, rows: Rows) -> Share:
    """(value - zero) / width."""
    arithmetic = rows.arithmetic.unlimited
    value, doubt = number.value, number.doubt
    if zero:
        value, more = arithmetic.add(value, _constant(zero, rows), -1)
        doubt = either(doubt, more)
    if width != 1:
        value, _, more = arithmetic.divide(value, _constant(width, rows))
        doubt = either(doubt, more)
    return Share(number.undef, doubt, value)


def _inside(value: Any, intervals: Intervals, rows: Rows) -> tuple[Array, Mask]:
    holds: Array = np.False_
    doubt = None
    for interval in intervals:
        inside: Array = np.True_
        for edge, within_edge, beyond in ((interval.low, ">=", ">"), (interval.high, "<=", "<")):
            if edge.at is None:
                continue
            closed = edge.above is (within_edge == "<=")
            side, unsure = rows.arithmetic.compare(within_edge if closed else beyond, value, _edge(edge.at, rows))
            inside, doubt = inside & side, either(doubt, unsure)
        holds = holds | inside
    return holds, doubt


def _edge(at: Decimal, rows: Rows) -> Any:
    return rows.arithmetic.constant(at)


def _banded(method: Banded, rows: Rows) -> Share:
    number = number_of(method.value, rows)
    cutting = cutting_of(method)
    if isinstance(number.value, Approx) and cutting is not None:
        index, unsure = _by_cuts(number.value, cutting, rows.count)
    else:
        index, unsure = _by_ranges(method, number.value, rows)
    doubt = either(number.doubt, unsure)
    table = tuple(share for _, share in method.bands)
    if method.otherwise is not None:
        return Share(number.undef, doubt, index=index, table=(*table, method.otherwise))
    beyond = index == len(table) if cutting is None or cutting.leaky else None
    return Share(
        either(number.undef, beyond if beyond is not None and beyond.any() else None),
        doubt, index=index, table=(*table, Fraction(0)),
    )  # fmt: skip


def _by_ranges(method: Banded, value: Any, rows: Rows) -> tuple[Array, Mask]:
    index = np.full(rows.count, len(method.bands), dtype=np.int64)
    doubt = None
    for position in reversed(range(len(method.bands))):
        holds, unsure = _inside(value, method.bands[position][0], rows)
        index = np.where(holds, position, index)
        doubt = either(doubt, unsure)
    return index, doubt


@frozen(eq=False)
class Cutting:
    """Bands as cuts of the number line."""

    #: as the ruleset has them, and as doubles
    ats: tuple[Decimal, ...]
    cuts: Array
    above: Array
    #: the band below the first cut, between the first two, …; as many as there are bands: none
    entries: Array
    #: some number is in no band
    leaky: bool


@lru_cache(maxsize=1024)
def cutting_of(method: Banded) -> Cutting | None:
    """The cuts of bands whose edges doubles hold; None for others."""
    edges = sorted(
        {edge for ranges, _ in method.bands for each in ranges for edge in (each.low, each.high) if edge.at is not None}
    )
    if any(edge.at is None or len(edge.at.normalize().as_tuple().digits) > DIGITS for edge in edges):
        return None
    entries = []
    for low, high in pairwise([START, *edges, END]):
        holding = (
            position
            for position, (ranges, _) in enumerate(method.bands)
            if any(each.low <= low and high <= each.high for each in ranges)
        )
        entries.append(next(holding, len(method.bands)))
    ats = tuple(edge.at or Decimal(0) for edge in edges)
    return Cutting(
        ats,
        np.array([float(at) for at in ats]),
        np.array([edge.above for edge in edges], dtype=bool),
        np.array(entries, dtype=np.int64),
        len(method.bands) in entries,
    )


def _by_cuts(value: Approx, cutting: Cutting, count: int) -> tuple[Array, Mask]:
    index, doubt = np.empty(count, dtype=np.int64), np.empty(count, dtype=bool)
    rel, slip = (0.0, 0.0) if value.raw else (value.rel, value.abs + (1e-290 if value.rel or value.abs else 0.0))
    x = np.ascontiguousarray(full(value.x, count))
    found = kernels.bands(x, rel, slip, cutting.cuts, cutting.above, cutting.entries, index, doubt)
    return index, doubt if found else None


def _stepped(method: Stepped, rows: Rows) -> Share:
    number = number_of(method.value, rows)
    arithmetic = rows.arithmetic.unlimited
    excess, doubt = arithmetic.add(number.value, _constant(method.bound, rows), -1)
    if method.sign < 0:
        excess = arithmetic.negative(excess)
    steps, _, more = arithmetic.divide(excess, _constant(method.step, rows))
    doubt = either(number.doubt, doubt, more)
    if method.partial == "proportional":
        lost, more = arithmetic.multiply(steps, _constant(method.loss, rows))
        zero = _constant(Fraction(0), rows)
        lost = arithmetic.extreme([lost, zero], greatest=True)
        left, last = arithmetic.add(_constant(Fraction(1), rows), lost, -1)
        return Share(number.undef, either(doubt, more, last), left)
    whole, unsure = arithmetic.rounded(steps, 0, "floor" if method.partial == "ignore" else "ceiling")
    most = -(-method.loss.denominator // method.loss.numerator)
    if most >= LONGEST:
        raise NotColumnar("每步扣分过少", "a step costs too little")
    index = np.clip(whole.top if isinstance(whole, Exact) else whole.x, 0, most)
    return Share(
        number.undef,
        either(doubt, unsure),
        index=full(index, rows.count).astype(np.int64),
        table=shares_by_steps(method.loss, most),
    )


@lru_cache(maxsize=1024)
def shares_by_steps(loss: Fraction, most: int) -> tuple[Fraction, ...]:
    return tuple(max(Fraction(0), 1 - count * loss) for count in range(most + 1))


def _interpolated(method: Interpolated, rows: Rows) -> Share:
    number = number_of(method.value, rows)
    arithmetic = rows.arithmetic.unlimited
    if isinstance(number.value, Approx):
        return Share(number.undef, number.doubt, _interpolation(method, number.value))
    value, doubt = _constant(method.knots[0][1], rows), number.doubt
    for (low, below), (high, above) in zip(method.knots, method.knots[1:], strict=False):
        beyond, unsure = arithmetic.compare(">", number.value, _constant(low, rows))
        offset, one = arithmetic.add(number.value, _constant(low, rows), -1)
        rise, two = arithmetic.multiply(offset, _constant((above - below) / (high - low), rows))
        reached, three = arithmetic.add(rise, _constant(below, rows))
        value = reached.select(value, beyond)
        doubt = either(doubt, unsure, within(either(one, two, three), np.asarray(beyond)))
    last, unsure = arithmetic.compare(">=", number.value, _constant(method.knots[-1][0], rows))
    value = _constant(method.knots[-1][1], rows).select(value, last)
    return Share(number.undef, either(doubt, unsure), value)


def _interpolation(method: Interpolated, value: Approx) -> Approx:
    """Continuous, so an error in the value is at most that times the steepest slope in the share."""
    ats = np.array([float(at) for at, _ in method.knots])
    shares = np.array([float(share) for _, share in method.knots])
    slopes = [
        abs((above - below) / (high - low))
        for (low, below), (high, above) in zip(method.knots, method.knots[1:], strict=False)
    ]
    steepest = float(max(slopes)) * SLACK
    largest = float(np.abs(ats).max())
    # the value, the knot and their difference each carry an error; so do slope, product and sum
    moved = (value.rel + 4 * U) * largest * 2 + value.abs
    return Approx(np.interp(value.x, ats, shares), 0.0, steepest * moved * SLACK + 16 * U)


def _checked(items: tuple[tuple[Call, Fraction], ...], rows: Rows) -> Share:
    bottom, worths = common_parts(tuple(worth for _, worth in items))
    top: Array = np.zeros(rows.count, dtype=np.int64)
    undef = doubt = None
    for (call, _), worth in zip(items, worths, strict=True):
        holds = truth_of(call, rows)
        top = top + np.asarray(holds.holds) * np.int64(worth)
        undef, doubt = either(undef, holds.undef), either(doubt, holds.doubt)
    return _parts(top, bottom, undef, doubt)


@lru_cache(maxsize=1024)
def common_parts(amounts: tuple[Fraction, ...]) -> tuple[int, tuple[int, ...]]:
    """The least common denominator, and the amounts in its units."""
    bottom = lcm(1, *(amount.denominator for amount in amounts))
    return bottom, tuple(int(amount * bottom) for amount in amounts)


def _parts(top: Array, bottom: int, undef: Mask, doubt: Mask) -> Share:
    """Shares of ``top`` parts out of ``bottom``."""
    if bottom < LONGEST:
        return Share(undef, doubt, index=top, table=all_parts(bottom))
    return Share(undef, doubt, Exact(top, np.int64(bottom)))


@lru_cache(maxsize=1024)
def all_parts(bottom: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(top, bottom) for top in range(bottom + 1))


def _deducted(method: Deducted, rows: Rows) -> Share:
    amounts = [amount for item in method.items for amount in (item.loss, item.at_most) if amount is not None]
    bottom, _ = common_parts(tuple(amounts))
    left: Array = np.full(rows.count, bottom, dtype=np.int64)
    undef = doubt = None
    for item in method.items:
        number = number_of(item.count, rows)
        count, wrong, unsure = _counted(number.value)
        undef, doubt = either(undef, number.undef, wrong), either(doubt, number.doubt, unsure)
        most = bottom if item.at_most is None else int(min(item.at_most, Fraction(1)) * bottom)
        if item.loss is None:
            left = left - np.minimum(np.where(count > 0, left, 0), most)
        else:
            # beyond 1 / loss problems nothing is left
            enough = int(1 / item.loss) + 1 if item.loss else 0
            kernels.deduct(left, full(count, rows.count), int(item.loss * bottom), most, enough)
    return _parts(left, bottom, undef, doubt)


def _counted(value: Any) -> tuple[Array, Mask, Mask]:
    """Whole counts, where the value is none, and where that is in doubt."""
    if isinstance(value, Exact):
        none = np.asarray((value.top < 0) | (value.top % value.bottom != 0))
        whole = np.where(none, 0, value.top // value.bottom)
        return whole, none if none.any() else None, None if value.ends is None else ~np.asarray(value.ends)
    if not value.whole and not value.raw:
        return np.zeros(np.shape(value.x), dtype=np.int64), None, np.ones(np.shape(value.x), dtype=bool)
    x = np.atleast_1d(value.x)
    count = np.empty(len(x), dtype=np.int64)
    found = kernels.counts(x, 1e15, count)
    wrong = np.asarray((value.x < 0) | (value.x != np.rint(value.x))) if found else None
    return count if np.ndim(value.x) else count[0], wrong, None


def _judged(method: Judged, rows: Rows) -> Share:
    vector = evaluate(method.level.expression.tree, rows)
    if isinstance(vector, Nothing):
        vector = Words(np.zeros(rows.count, dtype=np.int64), ("",), undef=np.ones(rows.count, dtype=bool))
    if not isinstance(vector, Words):
        raise NotColumnar("表达式的值不是字符串", "the expression does not yield strings")
    levels = list(method.levels)
    place = np.array([levels.index(word) if word in method.levels else len(levels) for word in vector.words])
    index = full(place[vector.codes], rows.count)
    unknown = index == len(levels)
    undef = either(vector.undef, vector.null, unknown if unknown.any() else None)
    shares = [method.levels[level] for level in levels]
    fixed = (*(share if isinstance(share, Fraction) else Fraction(0) for share in shares), Fraction(0))
    spans = [position for position, share in enumerate(shares) if not isinstance(share, Fraction)]
    ranged = np.isin(index, spans)
    if method.chosen is None or not ranged.any():
        return Share(undef, vector.doubt, index=index, table=fixed)
    chosen = number_of(method.chosen, rows)
    value, doubt, outside = chosen.value, chosen.doubt, chosen.undef
    for position in spans:
        span = shares[position]
        assert isinstance(span, tuple)
        here = index == position
        for operator, edge in (("<", span[0]), (">", span[1])):
            beyond, unsure = rows.arithmetic.compare(operator, value, _share_edge(edge, rows))
            outside, doubt = either(outside, here & beyond), either(doubt, within(unsure, here))
    made = value.select(_table(fixed, index, rows), ranged)
    return Share(either(undef, within(outside, ranged)), either(vector.doubt, within(doubt, ranged)), made)


def _share_edge(share: Fraction, rows: Rows) -> Any:
    return rows.arithmetic.constant(Decimal(share.numerator) / Decimal(share.denominator))


def _table(shares: tuple[Fraction, ...], index: Array, rows: Rows) -> Any:
    if rows.arithmetic.exact:
        bottom = lcm(*(share.denominator for share in shares))
        return Exact(np.array([int(share * bottom) for share in shares], dtype=np.int64)[index], np.int64(bottom))
    return Approx(np.array([float(share) for share in shares])[index], U)


def exact_awards(value: Exact, quanta: Array, mode: str) -> tuple[Array, Mask]:
    """Points in quanta, and the rows in doubt."""
    top = np.clip(value.top, 0, value.bottom)
    scaled, over = product(top, quanta)
    small = np.asarray(np.asarray(value.bottom, dtype=np.float64) < 4e18)
    whole, edge = to_whole(scaled, value.bottom, mode)
    doubt = either(over, None if small.all() else ~small)
    if value.ends is not None:
        doubt = either(
            doubt, ~np.asarray(value.ends) & (edge <= value.error * np.asarray(quanta, dtype=np.float64) * 1.01)
        )
    return whole, doubt

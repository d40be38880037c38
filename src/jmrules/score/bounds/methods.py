"""The shares that a shape may yield, for what the values of its expressions may be."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, Undefined
from jmrules.feel.possible import Known, Span, Value, operators, spread
from jmrules.feel.possible.operators import no_value
from jmrules.methods.shapes import (
    TOGETHER,
    Component,
    Compose,
    Line,
    Lookup,
    Mean,
    Shape,
    Table,
    Take,
    Weigh,
    chosen_in,
    in_intervals,
)
from jmrules.score.bounds.completion import completion_shares
from jmrules.score.bounds.shares import NO_SHARES, Shares, exactly
from jmrules.score.exact.methods import share_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel import Interval, Intervals
    from jmrules.methods.shapes import Call

OUTSIDE = no_value("值可能不在任何一档", "the value may lie in no band")
NOT_A_COUNT = no_value("值可能不是计数", "the value may be no count")
NO_LEVEL = no_value("可能不是所列等次之一", "it may be none of the levels")
OUTSIDE_LEVEL = no_value("所选值可能不在该等次的范围内", "the chosen value may lie outside the level's range")


def shares_of(shape: Shape, read: Callable[[Call], Value]) -> Shares:
    """What the shape may yield; ``read`` says what each of its expressions may come to."""
    if isinstance(shape, Compose):
        return _compose(shape, read)
    values = {id(call): read(call) for call in shape.calls}
    if all(isinstance(value, Known) for value in values.values()):
        known = {key: value.value for key, value in values.items() if isinstance(value, Known)}
        try:
            share = share_function(shape, lambda call: lambda _slots: known[id(call)])(())
        except Undefined as failure:
            return Shares(error=failure)
        return exactly(Fraction(*share))
    match shape:
        case Mean():
            return completion_shares(shape, values[id(shape.items)])
        case Take():
            return _take(shape, [values[id(item.count)] for item in shape.items])
        case Weigh():
            return _weigh([(values[id(item.when)], item.share) for item in shape.items])
        case Lookup():
            return _lookup(shape, values[id(shape.word)], values[id(shape.chosen)] if shape.chosen else None)
    span, error = operators.numeric(values[id(shape.value)])
    if span is None:
        return Shares(error=error)
    return (_line(shape, span) if isinstance(shape, Line) else _table(shape, span)).failing_too(error)


def _line(shape: Line, span: Span) -> Shares:
    """The share moves one way between knots, so the ends and the knots between are all that counts."""
    ends = shape.share(span.low), shape.share(span.high)
    shares = [share for _, share in shape.knots]
    if shares in (sorted(shares), sorted(shares, reverse=True)):
        return _hull([*ends])
    return _hull([*ends, *(share for at, share in shape.knots if span.low < at < span.high)])


def _hull(shares: list[Fraction]) -> Shares:
    return Shares(min(shares), max(shares))


def _table(shape: Table, span: Span) -> Shares:
    if span.single:
        for intervals, share in shape.entries:
            if in_intervals(span.low, intervals):
                return exactly(share)
        return Shares(error=OUTSIDE) if shape.otherwise is None else exactly(shape.otherwise)
    found = [share for intervals, share in shape.entries if _meets(span, intervals)]
    if _covers([part for intervals, _ in shape.entries for part in intervals], span):
        return _hull(found) if found else NO_SHARES
    if shape.otherwise is not None:
        return _hull([*found, shape.otherwise])
    return _hull(found).failing_too(OUTSIDE) if found else Shares(error=OUTSIDE)


def _meets(span: Span, intervals: Intervals) -> bool:
    return any(
        (part.low.at is None or part.low.at < span.high or (part.low.at == span.high and not part.low.above))
        and (part.high.at is None or span.low < part.high.at or (part.high.at == span.low and part.high.above))
        for part in intervals
    )


def _covers(parts: list[Interval], span: Span) -> bool:
    """Whether the parts together hold every number of the span."""
    from jmrules.feel import between, complement, merge

    # Edges are compared only, which a number that no decimal holds can be too.
    low: Any = span.low
    high: Any = span.high
    return not complement(merge(parts), between(low, high))


def _take(shape: Take, counts: list[Value]) -> Shares:
    """The more problems, the less is left: the ends are at the fewest and at the most."""
    least, most = Fraction(1), Fraction(1)
    error: JmrulesError | None = None
    for item, value in zip(shape.items, counts, strict=True):
        span, failure = operators.numeric(value)
        error = error or failure
        if span is not None and (span.low < 0 or not (span.whole or span.low == span.high == int(span.low))):
            error = error or NOT_A_COUNT
        low = 0 if span is None else max(0, ceil(span.low))
        high = -1 if span is None else floor(span.high)
        if high < low:
            return Shares(error=error or NOT_A_COUNT)
        least -= item.cost(high, least) if high else 0
        most -= item.cost(low, most) if low else 0
    return Shares(least, most, error)


def _weigh(items: list[tuple[Value, Fraction]]) -> Shares:
    low = high = Fraction(0)
    error: JmrulesError | None = None
    for value, worth in items:
        truths, failure = operators.condition(value)
        error = error or failure
        if not truths:
            return Shares(error=error)
        low += worth if truths == {True} else 0
        high += worth if True in truths else 0
    return Shares(low, high, error)


def _lookup(shape: Lookup, word: Value, chosen: Value | None) -> Shares:
    p = spread(word)
    ids = list(shape.shares) if p.texts is None else [id for id in shape.shares if id in p.texts]
    error = p.error
    if set(operators.kinds(p)) != {"string"} or p.texts is None or len(ids) < len(p.texts):
        error = error or NO_LEVEL
    result = NO_SHARES
    for id in ids:
        worth = shape.shares[id]
        result = result.joined(exactly(worth) if isinstance(worth, Fraction) else _chosen(worth, chosen, shape.whole))
    return result.failing_too(error)


def _chosen(worth: tuple[Fraction, Fraction], chosen: Value | None, whole: Fraction) -> Shares:
    if isinstance(chosen, Known):
        try:
            return exactly(chosen_in(worth, chosen.value, whole))
        except Undefined as failure:
            return Shares(error=failure)
    span, error = (None, OUTSIDE_LEVEL) if chosen is None else operators.numeric(chosen)
    if span is None:
        return Shares(error=error)
    least, most = Fraction(span.low) / whole, Fraction(span.high) / whole
    low, high = max(worth[0], least), min(worth[1], most)
    if low > high:
        return Shares(error=error or OUTSIDE_LEVEL)
    inside = worth[0] <= least and most <= worth[1]
    return Shares(low, high, error if inside else error or OUTSIDE_LEVEL)


NO_CASE = no_value("可能所列情形都不成立", "it may be that none of the cases holds")


def _compose(shape: Compose, read: Callable[[Call], Value]) -> Shares:
    if shape.how == "first":
        return _first(shape, read)
    parts = [_component(part, read) for part in shape.parts]
    error = next((part.error for part in parts if part.error is not None), None)
    lows, highs = (
        [part.low for part in parts if part.low is not None],
        [part.high for part in parts if part.high is not None],
    )
    if len(lows) < len(parts):
        return Shares(error=error)
    together = TOGETHER[shape.how]
    return Shares(together(lows), together(highs), error)


def _component(part: Component, read: Callable[[Call], Value]) -> Shares:
    if part.shape is None:
        return exactly(part.worth)
    found = shares_of(part.shape, read)
    if found.low is None or found.high is None:
        return found
    return Shares(found.low * part.worth, found.high * part.worth, found.error)


def _first(shape: Compose, read: Callable[[Call], Value]) -> Shares:
    """Each part that may be the first, as long as those before it may not hold."""
    found, error = NO_SHARES, None
    for part in shape.parts:
        truths, failure = (frozenset((True,)), None) if part.when is None else operators.condition(read(part.when))
        error = error or failure
        if True in truths:
            found = found.joined(_component(part, read))
        if False not in truths:
            return found.failing_too(error)
    return found.failing_too(error or NO_CASE)

"""The shares that a method may yield, for what the values of its expressions may be."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, Undefined
from jmrules.feel.possible import operators
from jmrules.feel.possible.operators import no_value
from jmrules.feel.possible.values import Known, Span, Value, spread
from jmrules.plan.model import (
    Banded,
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
from jmrules.score.bounds.completion import completion_shares
from jmrules.score.bounds.shares import NO_SHARES, Shares, exactly
from jmrules.score.exact.methods import (
    chosen_in,
    deduction,
    in_intervals,
    interpolated,
    share_function,
    steps_beyond,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.intervals import Interval, Intervals
    from jmrules.plan.model import Call

OUTSIDE = no_value("值可能不在任何一档", "the value may lie in no band")
NOT_A_COUNT = no_value("值可能不是计数", "the value may be no count")
NO_LEVEL = no_value("可能不是所列等次之一", "it may be none of the levels")
OUTSIDE_LEVEL = no_value("所选值可能不在该等次的范围内", "the chosen value may lie outside the level's range")


def calls_of(method: PlannedMethod) -> tuple[Call, ...]:
    """The expressions that a method reads, in order."""
    match method:
        case Linear() | Banded() | Stepped() | Interpolated():
            return (method.value,)
        case MeanCompletion():
            return (method.items,)
        case Deducted():
            return tuple(item.count for item in method.items)
        case Checked():
            return tuple(call for call, _ in method.items)
        case Judged():
            return (method.level,) if method.chosen is None else (method.level, method.chosen)
        case Computed():
            return (method.points,)


def shares_of(method: PlannedMethod, read: Callable[[Call], Value]) -> Shares:
    """What the method may yield; ``read`` says what each of its expressions may come to."""
    values = {id(call): read(call) for call in calls_of(method)}
    if all(isinstance(value, Known) for value in values.values()):
        known = {key: value.value for key, value in values.items() if isinstance(value, Known)}
        try:
            share = share_function(method, lambda call: lambda _slots: known[id(call)])(())
        except Undefined as failure:
            return Shares(error=failure)
        return exactly(Fraction(*share))
    match method:
        case MeanCompletion():
            return completion_shares(method, values[id(method.items)])
        case Deducted():
            return _deducted(method, [values[id(item.count)] for item in method.items])
        case Checked():
            return _checked([(values[id(call)], worth) for call, worth in method.items])
        case Judged():
            return _judged(method, values[id(method.level)], values[id(method.chosen)] if method.chosen else None)
    span, error = operators.numeric(values[id(calls_of(method)[0])])
    if span is None:
        return Shares(error=error)
    return _of_number(method, span).failing_too(error)


def _of_number(method: PlannedMethod, span: Span) -> Shares:
    match method:
        case Linear():
            width = method.full_at - method.zero_at
            return _hull([_bounded((Fraction(end) - method.zero_at) / width) for end in (span.low, span.high)])
        case Banded():
            return _banded(method, span)
        case Stepped():
            ends = (steps_beyond(method, end) for end in (span.low, span.high))
            return _hull([max(Fraction(0), 1 - steps * method.loss) for steps in ends])
        case Interpolated():
            inside = [share for at, share in method.knots if span.low < at < span.high]
            return _hull([interpolated(method, span.low), interpolated(method, span.high), *inside])
        case Computed():
            return _hull([_bounded(Fraction(end) / method.leaf_points) for end in (span.low, span.high)])
    raise AssertionError(method)


def _bounded(share: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(0), share))


def _hull(shares: list[Fraction]) -> Shares:
    return Shares(min(shares), max(shares))


def _banded(method: Banded, span: Span) -> Shares:
    if span.single:
        for intervals, share in method.bands:
            if in_intervals(span.low, intervals):
                return exactly(share)
        return Shares(error=OUTSIDE) if method.otherwise is None else exactly(method.otherwise)
    found = [share for intervals, share in method.bands if _meets(span, intervals)]
    if _covers([part for intervals, _ in method.bands for part in intervals], span):
        return _hull(found) if found else NO_SHARES
    if method.otherwise is not None:
        return _hull([*found, method.otherwise])
    return _hull(found).failing_too(OUTSIDE) if found else Shares(error=OUTSIDE)


def _meets(span: Span, intervals: Intervals) -> bool:
    return any(
        (part.low.at is None or part.low.at < span.high or (part.low.at == span.high and not part.low.above))
        and (part.high.at is None or span.low < part.high.at or (part.high.at == span.low and part.high.above))
        for part in intervals
    )


def _covers(parts: list[Interval], span: Span) -> bool:
    """Whether the parts together hold every number of the span."""
    from jmrules.feel.intervals import between, complement, merge

    # Edges are compared only, which a number that no decimal holds can be too.
    low: Any = span.low
    high: Any = span.high
    return not complement(merge(parts), between(low, high))


def _deducted(method: Deducted, counts: list[Value]) -> Shares:
    """The more problems, the less is left: the ends are at the fewest and at the most."""
    least, most = Fraction(1), Fraction(1)
    error: JmrulesError | None = None
    for item, value in zip(method.items, counts, strict=True):
        span, failure = operators.numeric(value)
        error = error or failure
        if span is not None and (span.low < 0 or not (span.whole or span.low == span.high == int(span.low))):
            error = error or NOT_A_COUNT
        low = 0 if span is None else max(0, ceil(span.low))
        high = -1 if span is None else floor(span.high)
        if high < low:
            return Shares(error=error or NOT_A_COUNT)
        least -= deduction(item, high, least) if high else 0
        most -= deduction(item, low, most) if low else 0
    return Shares(least, most, error)


def _checked(items: list[tuple[Value, Fraction]]) -> Shares:
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


def _judged(method: Judged, level: Value, chosen: Value | None) -> Shares:
    p = spread(level)
    ids = list(method.levels) if p.texts is None else [id for id in method.levels if id in p.texts]
    error = p.error
    if set(operators.kinds(p)) != {"string"} or p.texts is None or len(ids) < len(p.texts):
        error = error or NO_LEVEL
    result = NO_SHARES
    for id in ids:
        worth = method.levels[id]
        result = result.joined(exactly(worth) if isinstance(worth, Fraction) else _chosen(worth, chosen))
    return result.failing_too(error)


def _chosen(worth: tuple[Fraction, Fraction], chosen: Value | None) -> Shares:
    if isinstance(chosen, Known):
        try:
            return exactly(chosen_in(worth, chosen.value))
        except Undefined as failure:
            return Shares(error=failure)
    span, error = (None, OUTSIDE_LEVEL) if chosen is None else operators.numeric(chosen)
    if span is None:
        return Shares(error=error)
    low, high = max(worth[0], Fraction(span.low)), min(worth[1], Fraction(span.high))
    if low > high:
        return Shares(error=error or OUTSIDE_LEVEL)
    inside = worth[0] <= Fraction(span.low) and Fraction(span.high) <= worth[1]
    return Shares(low, high, error if inside else error or OUTSIDE_LEVEL)

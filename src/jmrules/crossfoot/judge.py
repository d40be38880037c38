"""Whether figures agree: exact comparison, and the leeway that printed digits give."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from jmrules.crossfoot.printed import Measured
    from jmrules.crossfoot.results import Status


@frozen
class Verdict:
    """How two figures compare."""

    status: Status
    #: stated less computed
    difference: Fraction | None = None
    #: greatest difference that the digits allow
    tolerance: Fraction | None = None
    #: what the stated figure should be, where it is computed from several
    computed: Fraction | None = None


NOT_CHECKED = Verdict("not-checked")


@frozen
class _Interval:
    value: Fraction | None
    low: Fraction
    high: Fraction


def _interval(measured: Measured) -> _Interval:
    value = None if measured.value is None else Fraction(measured.value)
    return _Interval(value, Fraction(measured.low), Fraction(measured.high))


def total_of(terms: tuple[Measured, ...]) -> _Interval:
    """The sum of several figures, each as far off as it may be."""
    parts = [_interval(term) for term in terms]
    values = [part.value for part in parts]
    known = [value for value in values if value is not None]
    return _Interval(
        sum(known, Fraction(0)) if len(known) == len(values) else None,
        sum((part.low for part in parts), Fraction(0)),
        sum((part.high for part in parts), Fraction(0)),
    )


def judge_sum(total: Measured, parts: tuple[Measured, ...], *, exhaustive: bool) -> Verdict:
    """Whether parts make up a total; where there are further parts, whether they leave room for them."""
    stated, computed = _interval(total), total_of(parts)
    verdict = _compare(stated, computed)
    if exhaustive or verdict.status != "contradicts":
        return verdict
    if verdict.difference is not None and verdict.difference < 0:
        return verdict
    return Verdict("remainder", verdict.difference, verdict.tolerance, verdict.computed)


def judge_equal(stated: Measured, figures: Measured) -> Verdict:
    """Whether a stated figure is what others make of it."""
    return _compare(_interval(stated), _interval(figures))


def judge_at_most(part: Measured, whole: Measured) -> Verdict:
    """Whether a part stays within the whole; the difference is the part less the whole."""
    one, other = _interval(part), _interval(whole)
    verdict = _compare(one, other)
    within = one.high <= other.high if None in (one.value, other.value) else one.value <= other.value  # type: ignore[operator]
    if within:
        return Verdict("agrees", verdict.difference, verdict.tolerance, verdict.computed)
    if one.low <= other.high:
        return Verdict("within-rounding", verdict.difference, verdict.tolerance, verdict.computed)
    return Verdict("contradicts", verdict.difference, verdict.tolerance, verdict.computed)


def judge_ratio(stated: Measured, part: Measured, whole: Measured) -> Verdict:
    """Whether a stated rate is part / whole. It agrees where the exact quotient rounds to it."""
    one, top, bottom = _interval(stated), _interval(part), _interval(whole)
    if bottom.low <= 0:
        return NOT_CHECKED
    corners = [a / b for a in (top.low, top.high) for b in (bottom.low, bottom.high)]
    exact = None if top.value is None or bottom.value is None else top.value / bottom.value
    quotient = _Interval(exact, min(corners), max(corners))
    verdict = _compare(one, quotient)
    if exact is not None and one.low <= exact <= one.high:
        return Verdict("agrees", verdict.difference, verdict.tolerance, exact)
    return verdict


def _compare(stated: _Interval, computed: _Interval) -> Verdict:
    difference = None if stated.value is None or computed.value is None else stated.value - computed.value
    tolerance = (stated.high - stated.low + computed.high - computed.low) / 2
    apart = stated.low > computed.high or computed.low > stated.high
    if apart:
        status: Status = "contradicts"
    elif difference:
        status = "within-rounding"
    else:
        status = "agrees"
    return Verdict(status, difference, tolerance, computed.value)

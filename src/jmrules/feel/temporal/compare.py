"""Equality, order and identity of temporal values (DMN 1.5, tables 53 and 54, and ``is``)."""

from __future__ import annotations

from typing import TypeVar

from jmrules.feel.temporal.timeline import clock_nanoseconds, clock_position, day_of, position
from jmrules.feel.temporal.values import Date, DateTime, DaysTimeDuration, Temporal, Time, YearsMonthsDuration

_Place = TypeVar("_Place", int, tuple[int, int, int])


def compare(left: object, right: object) -> int | None:
    """-1, 0 or 1 as ``left`` is less than, equal to or more than ``right``; None where their kinds differ.

    Times and dates and times compare as instants. Where one of two is local, it takes the offset or zone of the other,
    so that both compare by their clocks.
    """
    match left, right:
        case (Date(), Date()):
            return _sign((left.year, left.month, left.day), (right.year, right.month, right.day))
        case (Time(), Time()):
            if left.is_local or right.is_local:
                return _sign(clock_nanoseconds(left), clock_nanoseconds(right))
            return _sign(position(left), position(right))
        case (DateTime(), DateTime()):
            if left.is_local or right.is_local:
                return _sign(clock_position(left), clock_position(right))
            return _sign(position(left), position(right))
        case (DaysTimeDuration(), DaysTimeDuration()):
            return _sign(left.nanoseconds, right.nanoseconds)
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return _sign(left.months, right.months)
    return None


def equal(left: object, right: object) -> bool | None:
    """``left = right``: equal values; None where their kinds differ."""
    order = compare(left, right)
    return None if order is None else order == 0


def is_same(left: object, right: object) -> bool:
    """``is(left, right)``: the same element of FEEL's domain; equal instants in different offsets or zones are not.

    False where either is no temporal value.
    """
    return isinstance(left, Temporal) and type(left) is type(right) and left == right


def order_key(value: Temporal) -> int:
    """A key that sorts values of one kind, in the order of :func:`compare` where all are local or none is.

    Local times sort as if in UTC, for :func:`compare` itself cannot order a mixture.
    """
    match value:
        case Date():
            return day_of(value)
        case Time() | DateTime():
            return position(value)
        case DaysTimeDuration():
            return value.nanoseconds
        case YearsMonthsDuration():
            return value.months


def _sign(left: _Place, right: _Place) -> int:
    return (left > right) - (left < right)

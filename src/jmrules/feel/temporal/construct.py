"""FEEL's conversion functions that make temporal values (DMN 1.5, 10.3.4.1).

Arguments are FEEL values; None (FEEL's null) comes back wherever an argument is outside its domain.
"""

from __future__ import annotations

from attrs import evolve

from jmrules.feel.temporal.calendar import is_date
from jmrules.feel.temporal.numbers import as_whole
from jmrules.feel.temporal.parse import parse_date, parse_date_time, parse_duration, parse_time
from jmrules.feel.temporal.timeline import UTC_MIDNIGHT, as_date_time
from jmrules.feel.temporal.values import (
    MAX_OFFSET,
    NANOSECONDS,
    Date,
    DateTime,
    DaysTimeDuration,
    Duration,
    Time,
    YearsMonthsDuration,
)


def date_from(value: object) -> Date | None:
    """``date(from)``: a date string, a date, or the date of a date and time."""
    match value:
        case str():
            return parse_date(value)
        case Date():
            return value
        case DateTime():
            return value.date
    return None


def date_of_parts(year: object, month: object, day: object) -> Date | None:
    """``date(year, month, day)`` of whole numbers."""
    y, m, d = as_whole(year), as_whole(month), as_whole(day)
    if y is None or m is None or d is None or not is_date(y, m, d):
        return None
    return Date(y, m, d)


def time_from(value: object) -> Time | None:
    """``time(from)``: a time string, a time, the time of a date and time, or a date's UTC midnight."""
    match value:
        case str():
            return parse_time(value)
        case Time():
            return value
        case DateTime():
            return value.time
        case Date():
            return UTC_MIDNIGHT
    return None


def time_of_parts(hour: object, minute: object, second: object, offset: object = None) -> Time | None:
    """``time(hour, minute, second, offset)``: seconds may have a fraction; without offset the time is local."""
    h, m, nanoseconds = as_whole(hour), as_whole(minute), as_whole(second, NANOSECONDS)
    if h is None or m is None or nanoseconds is None:
        return None
    if not (0 <= h <= 23 and 0 <= m <= 59 and 0 <= nanoseconds < 60 * NANOSECONDS):
        return None
    local = Time(h, m, *divmod(nanoseconds, NANOSECONDS))
    return local if offset is None else _at_offset(local, offset)


def date_time_from(value: object) -> DateTime | None:
    """``date and time(from)``: a date time string, a date and time, or a date's UTC midnight."""
    match value:
        case str():
            return parse_date_time(value)
        case Date() | DateTime():
            return as_date_time(value)
    return None


def date_time_of_parts(date: object, time: object) -> DateTime | None:
    """``date and time(date, time)``: the date may be a date and time, whose own time is ignored."""
    if not isinstance(date, Date | DateTime) or not isinstance(time, Time):
        return None
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


def duration_from(value: object) -> Duration | None:
    """``duration(from)``: a duration string, of either kind."""
    return parse_duration(value) if isinstance(value, str) else None


def years_months_between(start: object, end: object) -> YearsMonthsDuration | None:
    """``years and months duration(from, to)``: the whole months from one date to the other, towards zero.

    A date and time counts by its date; time of day and offset play no part.
    """
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonthsDuration(months)


def _at_offset(local: Time, offset: object) -> Time | None:
    if not isinstance(offset, DaysTimeDuration):
        return None
    seconds, rest = divmod(offset.nanoseconds, NANOSECONDS)
    return None if rest or abs(seconds) > MAX_OFFSET else evolve(local, offset_seconds=seconds)


def _day(value: object) -> Date | None:
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, Date) else None

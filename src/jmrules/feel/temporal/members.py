"""The named parts of temporal values (DMN 1.5, tables 65 and 66), and the calendar functions (10.3.4.8)."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Final

from jmrules.feel.temporal import calendar
from jmrules.feel.temporal.timeline import day_of, offset_of
from jmrules.feel.temporal.values import (
    NANOSECONDS,
    NANOSECONDS_IN_DAY,
    Date,
    DateTime,
    DaysTimeDuration,
    Duration,
    Temporal,
    Time,
    YearsMonthsDuration,
)


class NoMember(Enum):
    """The type of :data:`NO_MEMBER`."""

    NO_MEMBER = "no member"


#: what :func:`member` gives for a name that values of the kind do not have
NO_MEMBER: Final = NoMember.NO_MEMBER

#: the names that :func:`member` knows, per kind
MEMBERS: Final[dict[type[Temporal], tuple[str, ...]]] = {
    Date: ("year", "month", "day", "weekday"),
    Time: ("hour", "minute", "second", "time offset", "timezone"),
    DateTime: ("year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone"),
    DaysTimeDuration: ("days", "hours", "minutes", "seconds", "years", "months"),
    YearsMonthsDuration: ("years", "months", "days", "hours", "minutes", "seconds"),
}


def member(value: Temporal, name: str) -> Decimal | str | Duration | NoMember | None:
    """The part of a value that a path expression names: a number, a zone's name, or an offset as a duration.

    None is FEEL's null: a local time's ``timezone`` and ``time offset``, and the parts of the other kind of duration.
    Parts of a negative duration are negative. :data:`NO_MEMBER` where the kind has no such part.
    """
    if name not in MEMBERS[type(value)]:
        return NO_MEMBER
    match value:
        case Date():
            return _of_date(value, name)
        case Time():
            return _of_time(value, value, name)
        case DateTime():
            return _of_date(value.date, name) if name in MEMBERS[Date] else _of_time(value.time, value, name)
        case DaysTimeDuration():
            return _of_days_time(value.nanoseconds, name)
        case YearsMonthsDuration():
            return _of_years_months(value.months, name)


def day_of_year(value: object) -> Decimal | None:
    """``day of year(date)``: 1..366; None for what is neither date nor date and time."""
    date = _date(value)
    return None if date is None else Decimal(calendar.day_of_year(date.year, date.month, date.day))


def day_of_week(value: object) -> str | None:
    """``day of week(date)``: ``"Monday"``..``"Sunday"``; None for what is neither date nor date and time."""
    date = _date(value)
    return None if date is None else calendar.WEEKDAYS[calendar.weekday(day_of(date)) - 1]


def month_of_year(value: object) -> str | None:
    """``month of year(date)``: ``"January"``..``"December"``; None for what is neither date nor date and time."""
    date = _date(value)
    return None if date is None else calendar.MONTHS[date.month - 1]


def week_of_year(value: object) -> Decimal | None:
    """``week of year(date)``: the ISO 8601 week, 1..53; None for what is neither date nor date and time."""
    date = _date(value)
    return None if date is None else Decimal(calendar.week_of_year(day_of(date)))


def _date(value: object) -> Date | None:
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, Date) else None


def _of_date(date: Date, name: str) -> Decimal:
    match name:
        case "year":
            return Decimal(date.year)
        case "month":
            return Decimal(date.month)
        case "day":
            return Decimal(date.day)
    return Decimal(calendar.weekday(day_of(date)))


def _of_time(time: Time, value: Time | DateTime, name: str) -> Decimal | str | DaysTimeDuration | None:
    match name:
        case "hour":
            return Decimal(time.hour)
        case "minute":
            return Decimal(time.minute)
        case "second":
            return _seconds(time.second * NANOSECONDS + time.nanosecond)
        case "timezone":
            return time.zone
    offset = offset_of(value)
    return None if offset is None else DaysTimeDuration(offset * NANOSECONDS)


def _of_days_time(nanoseconds: int, name: str) -> Decimal | None:
    sign = -1 if nanoseconds < 0 else 1
    days, rest = divmod(abs(nanoseconds), NANOSECONDS_IN_DAY)
    minutes, seconds = divmod(rest, 60 * NANOSECONDS)
    hours, minutes = divmod(minutes, 60)
    match name:
        case "days":
            return Decimal(sign * days)
        case "hours":
            return Decimal(sign * hours)
        case "minutes":
            return Decimal(sign * minutes)
        case "seconds":
            return _seconds(sign * seconds)
    return None


def _of_years_months(count: int, name: str) -> Decimal | None:
    sign = -1 if count < 0 else 1
    years, months = divmod(abs(count), 12)
    match name:
        case "years":
            return Decimal(sign * years)
        case "months":
            return Decimal(sign * months)
    return None


def _seconds(nanoseconds: int) -> Decimal:
    """Seconds as a number without trailing zeros; built from text, which no decimal context rounds."""
    whole, fraction = divmod(abs(nanoseconds), NANOSECONDS)
    digits = f"{whole}.{fraction:09d}".rstrip("0").rstrip(".")
    return Decimal(f"-{digits}" if nanoseconds < 0 else digits)

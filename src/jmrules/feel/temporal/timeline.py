"""Where a value stands on a line of nanoseconds, and what stands at a place on it: DMN's value functions.

Local times are counted as their clocks show them, times with an offset or a zone as the instant in UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.feel.temporal.calendar import MAX_YEAR, MIN_YEAR, date_of_day, day_number
from jmrules.feel.temporal.values import (
    NANOSECONDS,
    NANOSECONDS_IN_DAY,
    Date,
    DateTime,
    TemporalError,
    Time,
    no_such_zone,
)
from jmrules.feel.temporal.zones import (
    offset_at_instant,
    offset_at_local,
    standard_offset,
    zone_named,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FIRST_DAY = day_number(MIN_YEAR, 1, 1)
LAST_DAY = day_number(MAX_YEAR, 12, 31)
UTC_MIDNIGHT = Time(0, 0, offset_seconds=0)


def day_of(date: Date) -> int:
    """The day number of a date."""
    return day_number(date.year, date.month, date.day)


def date_at(day: int) -> Date | None:
    """The date of a day number; None outside FEEL's years."""
    return Date(*date_of_day(day)) if FIRST_DAY <= day <= LAST_DAY else None


def clock_nanoseconds(time: Time) -> int:
    """Nanoseconds since midnight on the time's own clock."""
    return ((time.hour * 60 + time.minute) * 60 + time.second) * NANOSECONDS + time.nanosecond


def with_clock(time: Time, nanoseconds: int) -> Time:
    """The time of day at so many nanoseconds since midnight, modulo a day, in the offset or zone of ``time``."""
    seconds, nanosecond = divmod(nanoseconds % NANOSECONDS_IN_DAY, NANOSECONDS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return evolve(time, hour=hour, minute=minute, second=second, nanosecond=nanosecond)


def zone_of(time: Time) -> ZoneInfo | None:
    """The zone of a time; None where it has none.

    Raises TemporalError for a time pickled where there was such a zone and read where there is none.
    """
    if time.zone is None:
        return None
    zone = zone_named(time.zone)
    if zone is None:
        raise TemporalError(no_such_zone(time.zone))
    return zone


def offset_of(value: Time | DateTime) -> int | None:
    """Seconds east of UTC; None for a local time.

    A time of day without a date has its zone's standard offset.
    """
    time = value if isinstance(value, Time) else value.time
    zone = zone_of(time)
    if zone is None:
        return time.offset_seconds
    if isinstance(value, Time):
        return standard_offset(zone)
    return offset_at_local(zone, day_of(value.date), clock_nanoseconds(time) // NANOSECONDS)


def clock_position(value: DateTime) -> int:
    """Nanoseconds since the start of day 0 on the value's own clock."""
    return day_of(value.date) * NANOSECONDS_IN_DAY + clock_nanoseconds(value.time)


def position(value: Time | DateTime) -> int:
    """DMN's value_t or value_dt in nanoseconds: in UTC, or on its own clock where the value is local."""
    clock = clock_nanoseconds(value) if isinstance(value, Time) else clock_position(value)
    return clock - (offset_of(value) or 0) * NANOSECONDS


def date_time_at(instant: int, like: Time) -> DateTime | None:
    """The inverse of :func:`position`: date and time there, in the offset or zone of ``like``; None if out of range."""
    zone = zone_of(like)
    if zone is None:
        offset = like.offset_seconds or 0
    else:
        day, rest = divmod(instant, NANOSECONDS_IN_DAY)
        offset = offset_at_instant(zone, day, rest // NANOSECONDS)
    day, rest = divmod(instant + offset * NANOSECONDS, NANOSECONDS_IN_DAY)
    date = date_at(day)
    return None if date is None else DateTime(date, with_clock(like, rest))


def as_date_time(value: Date | DateTime) -> DateTime:
    """A date as the date and time that it is where one is needed: at UTC midnight (DMN 1.5, 10.3.2.3.5)."""
    return value if isinstance(value, DateTime) else DateTime(value, UTC_MIDNIGHT)

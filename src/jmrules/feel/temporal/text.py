"""From temporal values to text: what FEEL's ``string`` gives, and what the parsers read back to the same value."""

from __future__ import annotations

from jmrules.feel.temporal.values import (
    NANOSECONDS,
    NANOSECONDS_IN_DAY,
    Date,
    DateTime,
    DaysTimeDuration,
    Temporal,
    Time,
    YearsMonthsDuration,
)


def string_of(value: Temporal) -> str:
    """The canonical text of a value, in the lexical forms of XML Schema, with ``@zone`` where there is a zone.

    An offset of nothing is ``Z``; a duration of nothing is ``PT0S`` or ``P0M``; fractions have no trailing zeros.
    """
    match value:
        case Date():
            return _date(value)
        case Time():
            return _time(value)
        case DateTime():
            return f"{_date(value.date)}T{_time(value.time)}"
        case DaysTimeDuration():
            return _days_time(value.nanoseconds)
        case YearsMonthsDuration():
            return _years_months(value.months)


def _date(date: Date) -> str:
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def _time(time: Time) -> str:
    clock = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}{_fraction(time.nanosecond)}"
    if time.zone is not None:
        return f"{clock}@{time.zone}"
    return clock if time.offset_seconds is None else clock + _offset(time.offset_seconds)


def _offset(seconds: int) -> str:
    if seconds == 0:
        return "Z"
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    text = f"{'-' if seconds < 0 else '+'}{hour:02d}:{minute:02d}"
    return f"{text}:{second:02d}" if second else text


def _fraction(nanosecond: int) -> str:
    return f".{nanosecond:09d}".rstrip("0") if nanosecond else ""


def _days_time(nanoseconds: int) -> str:
    days, rest = divmod(abs(nanoseconds), NANOSECONDS_IN_DAY)
    seconds, nanosecond = divmod(rest, NANOSECONDS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    parts = [f"{hour}H" if hour else "", f"{minute}M" if minute else ""]
    if second or nanosecond:
        parts.append(f"{second}{_fraction(nanosecond)}S")
    clock = "".join(parts)
    if not days and not clock:
        return "PT0S"
    return ("-P" if nanoseconds < 0 else "P") + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def _years_months(count: int) -> str:
    years, months = divmod(abs(count), 12)
    if not count:
        return "P0M"
    return ("-P" if count < 0 else "P") + (f"{years}Y" if years else "") + (f"{months}M" if months else "")

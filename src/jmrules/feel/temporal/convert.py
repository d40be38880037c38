"""To and from the types of Python's ``datetime``, where nothing is lost."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from jmrules.errors import Problem, Text
from jmrules.feel.temporal.text import string_of
from jmrules.feel.temporal.timeline import zone_of
from jmrules.feel.temporal.values import (
    Date,
    DateTime,
    DaysTimeDuration,
    Temporal,
    TemporalError,
    Time,
)

_NANOSECONDS_IN_MICROSECOND = 1_000


def from_python(value: date | time | datetime | timedelta) -> Temporal:
    """The FEEL value of a Python one: a ZoneInfo is kept as a zone, any other tzinfo as its offset.

    Raises TemporalError for an offset that FEEL does not have, and for the second reading (``fold=1``) of a time that
    comes twice in its zone, or not at all, when clocks change.
    """
    if isinstance(value, datetime):
        return DateTime(Date(value.year, value.month, value.day), _time(value.timetz(), value))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _time(value, value)
    microseconds = value // timedelta(microseconds=1)
    return DaysTimeDuration(microseconds * _NANOSECONDS_IN_MICROSECOND)


def to_python(value: Temporal) -> date | time | datetime | timedelta:
    """The Python value of a FEEL one.

    Raises TemporalError for years outside 1..9999, for parts of a microsecond, for days-time durations beyond
    timedelta's range, and for years-months durations, which Python has no type for.
    """
    try:
        match value:
            case Date():
                return date(value.year, value.month, value.day)
            case Time():
                return _python_time(value)
            case DateTime():
                day = date(value.date.year, value.date.month, value.date.day)
                return datetime.combine(day, _python_time(value.time))
            case DaysTimeDuration():
                return timedelta(microseconds=_microseconds(value.nanoseconds))
    except (ValueError, OverflowError):
        raise TemporalError(_not_in_python(value)) from None
    raise TemporalError(_not_in_python(value))


def _python_time(value: Time) -> time:
    zone: tzinfo | None = zone_of(value)
    if value.offset_seconds is not None:
        zone = timezone(timedelta(seconds=value.offset_seconds))
    return time(value.hour, value.minute, value.second, _microseconds(value.nanosecond), zone)


def _microseconds(nanoseconds: int) -> int:
    whole, rest = divmod(nanoseconds, _NANOSECONDS_IN_MICROSECOND)
    if rest:
        raise ValueError("part of a microsecond")
    return whole


def _time(clock: time, moment: time | datetime) -> Time:
    parts = (clock.hour, clock.minute, clock.second, clock.microsecond * _NANOSECONDS_IN_MICROSECOND)
    if clock.tzinfo is None:
        return Time(*parts)
    if isinstance(clock.tzinfo, ZoneInfo) and clock.tzinfo.key:
        if moment.utcoffset() != moment.replace(fold=0).utcoffset():
            raise TemporalError(_second_reading(moment))
        return Time(*parts, zone=clock.tzinfo.key)
    offset = moment.utcoffset()
    if offset is None or offset.microseconds:
        raise TemporalError(_no_offset(moment))
    return Time(*parts, offset_seconds=offset // timedelta(seconds=1))


def _second_reading(moment: time | datetime) -> Problem:
    return Problem(
        "ambiguous-local-time",
        Text(
            f"{moment} 在该时区有两种读法，fold=1 的读法 FEEL 无法表示",
            f"{moment} has two readings in its zone, and FEEL cannot hold the one with fold=1",
        ),
        Text("请用与 UTC 的偏移代替时区", "give an offset from UTC in place of the zone"),
    )


def _no_offset(moment: time | datetime) -> Problem:
    return Problem(
        "no-such-offset",
        Text(f"{moment!r} 与 UTC 没有以整秒计的偏移", f"{moment!r} has no offset from UTC in whole seconds"),
        Text("请用 datetime.timezone 或 zoneinfo.ZoneInfo", "use datetime.timezone or zoneinfo.ZoneInfo"),
    )


def _not_in_python(value: Temporal) -> Problem:
    shown = string_of(value)
    return Problem(
        "not-in-python",
        Text(f"Python 的 datetime 类型装不下 {shown}", f"Python's datetime types cannot hold {shown}"),
        Text(
            "它们的年份为 1 至 9999，精度为微秒，且没有按年月计的时长；请直接使用 FEEL 的值或其文本",
            "their years are 1 to 9999, they keep microseconds, and they have no duration in years and months: "
            "use the FEEL value itself, or its text",
        ),
    )

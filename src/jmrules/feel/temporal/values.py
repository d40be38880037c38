"""FEEL's temporal values: dates, times, dates and times, two kinds of duration (DMN 1.5, 10.3.2.3.4 - 10.3.2.3.8).

Python's equality of these classes is FEEL's *identity* (``is``): ``10:00:00+01:00`` and ``09:00:00Z`` differ, and so do
``@Europe/Paris`` and the offset that Paris has that day. FEEL's ``=`` is :func:`jmrules.feel.temporal.compare.equal`.
"""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import instance_of, optional

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.feel.temporal.calendar import MAX_YEAR, MIN_YEAR, is_date
from jmrules.feel.temporal.zones import SECONDS_IN_DAY, zone_named

NANOSECONDS = 1_000_000_000
NANOSECONDS_IN_DAY = SECONDS_IN_DAY * NANOSECONDS
#: XML Schema's bound on offsets, 14 hours, in seconds
MAX_OFFSET = 14 * 3600
#: a duration is counted in at most as many digits as a FEEL number has
MAX_COUNT = 10**34 - 1

_is_int = instance_of(int)


class TemporalError(JmrulesError):
    """A date, time or duration that does not exist, or that the type asked for cannot hold."""


@frozen
class Date:
    """A day of the proleptic Gregorian calendar.

    Raises TemporalError where there is no such day.
    """

    #: -999,999,999..999,999,999; year 0 is the year before year 1
    year: int = field(validator=_is_int)
    #: 1..12
    month: int = field(validator=_is_int)
    #: 1..31
    day: int = field(validator=_is_int)

    def __attrs_post_init__(self) -> None:
        if not is_date(self.year, self.month, self.day):
            raise TemporalError(_no_such_date(self.year, self.month, self.day))


@frozen
class Time:
    """A time of day: local, or with an offset from UTC, or with the name of a zone.

    Raises TemporalError where there is no such time, offset or zone, or where both an offset and a zone are given.
    """

    #: 0..23
    hour: int = field(validator=_is_int)
    #: 0..59
    minute: int = field(validator=_is_int)
    #: 0..59
    second: int = field(default=0, validator=_is_int)
    #: 0..999,999,999
    nanosecond: int = field(default=0, validator=_is_int)
    #: seconds east of UTC, at most 14 hours either way
    offset_seconds: int | None = field(default=None, validator=optional(_is_int))
    #: name in the IANA time zone database
    zone: str | None = None

    def __attrs_post_init__(self) -> None:
        problems = [*_clock_problems(self), *_zone_problems(self)]
        if problems:
            raise TemporalError(problems)

    @property
    def is_local(self) -> bool:
        """Whether neither offset nor zone says how the time relates to UTC."""
        return self.offset_seconds is None and self.zone is None


@frozen
class DateTime:
    """A date and time of day; the offset or zone, if any, is the time's.

    In a zone, a time that comes twice when clocks go back is the first of the two, and one that is skipped when clocks
    go forward is read with the offset before the gap, as in Python with ``fold=0``.
    """

    date: Date
    time: Time

    @property
    def is_local(self) -> bool:
        """Whether neither offset nor zone says how the date and time relates to UTC."""
        return self.time.is_local


@frozen
class DaysTimeDuration:
    """A duration in days, hours, minutes and seconds: one exact count, positive or negative.

    Raises TemporalError beyond 34 digits.
    """

    nanoseconds: int = field(validator=_is_int)

    def __attrs_post_init__(self) -> None:
        if abs(self.nanoseconds) > MAX_COUNT:
            raise TemporalError(_too_long())


@frozen
class YearsMonthsDuration:
    """A duration in years and months: one count of months, positive or negative.

    Raises TemporalError beyond 34 digits.
    """

    months: int = field(validator=_is_int)

    def __attrs_post_init__(self) -> None:
        if abs(self.months) > MAX_COUNT:
            raise TemporalError(_too_long())


Duration = DaysTimeDuration | YearsMonthsDuration
Temporal = Date | Time | DateTime | DaysTimeDuration | YearsMonthsDuration


def _no_such_date(year: int, month: int, day: int) -> Problem:
    return Problem(
        "no-such-date",
        Text(
            f"没有这一天：{year} 年 {month} 月 {day} 日",
            f"there is no such date: year {year}, month {month}, day {day}",
        ),
        Text(
            f"年份须在 {MIN_YEAR} 与 {MAX_YEAR} 之间，月份为 1 至 12，日期须在该月之内",
            f"give a year from {MIN_YEAR} to {MAX_YEAR}, a month from 1 to 12 and a day that the month has",
        ),
    )


def _clock_problems(time: Time) -> list[Problem]:
    in_range = (
        0 <= time.hour <= 23
        and 0 <= time.minute <= 59
        and 0 <= time.second <= 59
        and 0 <= time.nanosecond < NANOSECONDS
    )
    if in_range:
        return []
    clock = f"{time.hour}:{time.minute}:{time.second} + {time.nanosecond} ns"
    return [
        Problem(
            "no-such-time",
            Text(f"没有这个时刻：{clock}", f"there is no such time of day: {clock}"),
            Text(
                "小时为 0 至 23，分、秒为 0 至 59，纳秒为 0 至 999999999",
                "give an hour from 0 to 23, minute and second from 0 to 59, nanosecond from 0 to 999999999",
            ),
        )
    ]


def _zone_problems(time: Time) -> list[Problem]:
    problems = []
    if time.offset_seconds is not None and time.zone is not None:
        problems.append(
            Problem(
                "offset-and-zone",
                Text(
                    f"时刻同时带有偏移（{time.offset_seconds} 秒）和时区 {time.zone}",
                    f"a time has both an offset ({time.offset_seconds} s) and the time zone {time.zone}",
                ),
                Text("两者只留其一", "keep one of them"),
            )
        )
    if time.offset_seconds is not None and abs(time.offset_seconds) > MAX_OFFSET:
        problems.append(
            Problem(
                "no-such-offset",
                Text(
                    f"与 UTC 的偏移不能是 {time.offset_seconds} 秒",
                    f"an offset from UTC cannot be {time.offset_seconds} seconds",
                ),
                Text("偏移须在 -14:00 与 +14:00 之间", "give an offset from -14:00 to +14:00"),
            )
        )
    if time.zone is not None and zone_named(time.zone) is None:
        problems.append(no_such_zone(time.zone))
    return problems


def no_such_zone(name: str) -> Problem:
    """The problem of a zone that the time zone database of this system does not have."""
    return Problem(
        "no-such-time-zone",
        Text(f"没有名为“{name}”的时区", f"there is no time zone named '{name}'"),
        Text(
            "请用 IANA 时区数据库中的名称，区分大小写，例如 Asia/Shanghai；若系统没有该数据库，请安装 tzdata",
            "use a name of the IANA time zone database, in its upper and lower case, such as Asia/Shanghai; "
            "where the system has no such database, install tzdata",
        ),
    )


def _too_long() -> Problem:
    return Problem(
        "duration-too-long",
        Text("时长超出范围", "a duration is out of range"),
        Text("月数或纳秒数最多 34 位", "its months, or its nanoseconds, have at most 34 digits"),
    )

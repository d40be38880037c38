"""From text to temporal values: XML Schema's lexical forms, and DMN's ``@zone`` (DMN 1.5, 10.3.4.1).

Every function gives None for text that is not of its form; none raises.
"""

from __future__ import annotations

import re

from jmrules.feel.temporal.calendar import is_date
from jmrules.feel.temporal.timeline import date_at, day_of
from jmrules.feel.temporal.values import (
    MAX_COUNT,
    MAX_OFFSET,
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
from jmrules.feel.temporal.zones import zone_named

_OFFSET = r"(?P<utc>[Zz])|(?P<sign>[+-])(?P<oh>[0-9]{2}):(?P<om>[0-5][0-9])(?::(?P<os>[0-5][0-9]))?"
_DATE = re.compile(r"(-?(?:[1-9][0-9]{3,8}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    rf"(?:{_OFFSET}|@(?P<zone>[A-Za-z0-9_+/-]+))?"
)
_DATE_IN_ZONE = re.compile(rf"(?P<date>-?[0-9]+-[0-9]+-[0-9]+)(?:{_OFFSET})")
_YEARS_MONTHS = re.compile(r"(-)?P(?=[0-9])(?:([0-9]{1,40})Y)?(?:([0-9]{1,40})M)?")
_DAYS_TIME = re.compile(
    r"(-)?P(?=[0-9]|T)(?:([0-9]{1,40})D)?"
    r"(?:T(?=\.?[0-9])(?:([0-9]{1,40})H)?(?:([0-9]{1,40})M)?(?:(?=\.?[0-9])([0-9]{0,40})(?:\.([0-9]*))?S)?)?"
)


def parse_date(text: str) -> Date | None:
    """``2024-12-31``, ``-0044-03-15``: at least four digits of year, no leading zero beyond four, no sign ``+``.

    An offset after it, which XML Schema allows, is not taken: a FEEL date has nowhere to keep it.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    return Date(year, month, day) if is_date(year, month, day) else None


def parse_time(text: str) -> Time | None:
    """``10:30:00``, ``10:30:00.5Z``, ``10:30:00+08:00``, ``10:30:00@Asia/Shanghai``.

    ``24:00:00`` is midnight. Offsets may have seconds, as ``string`` writes them. Digits beyond nanoseconds must be 0.
    """
    clock = _clock(text)
    return None if clock is None else clock[1]


def parse_date_time(text: str) -> DateTime | None:
    """A date, ``T`` and a time; or a date alone, or with an offset, for its midnight.

    ``24:00:00`` is the midnight that ends the day.
    """
    before, separator, after = text.partition("T")
    if not separator:
        return _midnight(text)
    date, clock = parse_date(before), _clock(after)
    if date is None or clock is None:
        return None
    days, time = clock
    shifted = date_at(day_of(date) + days)
    return None if shifted is None else DateTime(shifted, time)


def parse_duration(text: str) -> Duration | None:
    """``P1Y2M`` is years and months, ``P1DT2H3M4.5S`` days and time; a mixture is neither.

    Seconds may begin or end with their point, ``PT.5S`` and ``PT5.S``, as XML Schema has it.
    """
    return _years_months(text) or _days_time(text)


def parse_literal(text: str) -> Temporal | None:
    """What ``@"..."`` means: whichever of date, time, date and time, or duration the text is (grammar rule 65)."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def _clock(text: str) -> tuple[int, Time] | None:
    """Days to carry (1 for 24:00:00) and the time of day."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(match[name]) for name in ("hour", "minute", "second"))
    nanosecond = _fraction(match["fraction"])
    offset = _offset(match)
    if nanosecond is None or offset is _NO_OFFSET or minute > 59 or second > 59:
        return None
    days = 0
    if hour == 24 and not (minute or second or nanosecond):
        days, hour = 1, 0
    if hour > 23 or (match["zone"] is not None and zone_named(match["zone"]) is None):
        return None
    return days, Time(hour, minute, second, nanosecond, offset, match["zone"])


_NO_OFFSET = MAX_OFFSET + 1


def _offset(match: re.Match[str]) -> int | None:
    """Seconds east of UTC, None where there is no offset, _NO_OFFSET where it is beyond the bounds."""
    if match["utc"]:
        return 0
    if not match["sign"]:
        return None
    seconds = (int(match["oh"]) * 60 + int(match["om"])) * 60 + int(match["os"] or 0)
    if seconds > MAX_OFFSET:
        return _NO_OFFSET
    return -seconds if match["sign"] == "-" else seconds


def _fraction(digits: str | None) -> int | None:
    """Nanoseconds of a fraction of a second; None where they are not whole."""
    if digits is None:
        return 0
    return None if digits[9:].strip("0") else int(digits[:9].ljust(9, "0"))


def _midnight(text: str) -> DateTime | None:
    match = _DATE_IN_ZONE.fullmatch(text)
    date = parse_date(text if match is None else match["date"])
    offset = None if match is None else _offset(match)
    if date is None or offset is _NO_OFFSET:
        return None
    return DateTime(date, Time(0, 0, offset_seconds=offset))


def _years_months(text: str) -> YearsMonthsDuration | None:
    match = _YEARS_MONTHS.fullmatch(text)
    if match is None:
        return None
    sign, years, months = match.groups()
    count = int(years or 0) * 12 + int(months or 0)
    if count > MAX_COUNT:
        return None
    return YearsMonthsDuration(-count if sign else count)


def _days_time(text: str) -> DaysTimeDuration | None:
    match = _DAYS_TIME.fullmatch(text)
    if match is None:
        return None
    sign, days, hours, minutes, seconds, fraction = match.groups()
    nanosecond = _fraction(fraction)
    if nanosecond is None:
        return None
    clock = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    count = int(days or 0) * NANOSECONDS_IN_DAY + clock * NANOSECONDS + nanosecond
    if count > MAX_COUNT:
        return None
    return DaysTimeDuration(-count if sign else count)

"""IANA time zones: which names there are, and what offset from UTC each has at a time of any year."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from jmrules.feel.temporal.calendar import date_of_day, day_number

SECONDS_IN_DAY = 86_400

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
#: files in a zoneinfo folder that are no zones of the IANA database, or count leap seconds
_NOT_ZONES = re.compile(r"(?:posix|right)/.*|posixrules|localtime|Factory")
#: the calendar and the weekdays repeat every 400 years: a far year's rules are those of its like among these
_FAR_YEAR = 9_200


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name in the IANA database, or None. Names are case-sensitive, as the database has them."""
    if not _NAME.fullmatch(name) or _NOT_ZONES.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder such as "Europe", a file that is no zone, no such file
        return None


def _stand_in(day: int, second_of_day: int) -> datetime:
    """A datetime for which a zone gives the offset that it gives at this time of any year."""
    year, month, day_of_month = date_of_day(day)
    if year < 2:  # before there was zone time: local mean time throughout
        return datetime(2, 1, 1)
    if year >= _FAR_YEAR:
        year = _FAR_YEAR + year % 400
    minutes, second = divmod(second_of_day, 60)
    return datetime(year, month, day_of_month, *divmod(minutes, 60), second)


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * SECONDS_IN_DAY + offset.seconds


def offset_at_local(zone: ZoneInfo, day: int, second_of_day: int) -> int:
    """Seconds east of UTC at a local time: the earlier offset where clocks go back and the time comes twice."""
    return _seconds(zone.utcoffset(_stand_in(day, second_of_day)))


def offset_at_instant(zone: ZoneInfo, day: int, second_of_day: int) -> int:
    """Seconds east of UTC at an instant that is given in UTC."""
    moment = _stand_in(day, second_of_day).replace(tzinfo=UTC)
    return _seconds(moment.astimezone(zone).utcoffset())


@lru_cache(maxsize=1024)
def standard_offset(zone: ZoneInfo) -> int:
    """Seconds east of UTC without summer time: what a time of day without a date takes its zone to mean.

    DMN leaves open on which day such a time is. Read on today's date, a comparison would change with the seasons.
    """
    winter_and_summer = (day_number(2000, month, 1) for month in (1, 7))
    return min(offset_at_local(zone, day, 0) for day in winter_and_summer)

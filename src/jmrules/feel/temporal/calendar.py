"""The proleptic Gregorian calendar in integers, for any year, with a year 0 (XML Schema 1.1, ISO 8601).

A day number counts days from 0001-01-01, which is day 1, as ``datetime.date.toordinal`` does within its range.
"""

from __future__ import annotations

from bisect import bisect_right

MIN_YEAR = -999_999_999
MAX_YEAR = 999_999_999

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_DAYS_IN_400_YEARS = 146_097
_DAYS_IN_100_YEARS = 36_524
_DAYS_IN_4_YEARS = 1_461
_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
_DAYS_BEFORE_MONTH_IN_LEAP_YEAR = (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366)


def is_leap_year(year: int) -> bool:
    """Whether ``year`` has a 29 February; year 0 has one."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_before_month(year: int) -> tuple[int, ...]:
    return _DAYS_BEFORE_MONTH_IN_LEAP_YEAR if is_leap_year(year) else _DAYS_BEFORE_MONTH


def days_in_month(year: int, month: int) -> int:
    """The number of days of a month (1..12)."""
    before = _days_before_month(year)
    return before[month] - before[month - 1]


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day, within FEEL's years (DMN 1.5, 10.3.2.3.5)."""
    return MIN_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def day_number(year: int, month: int, day: int) -> int:
    """The day number of a date."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + day_of_year(year, month, day)


def date_of_day(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number: the inverse of :func:`day_number`."""
    cycles, rest = divmod(number - 1, _DAYS_IN_400_YEARS)
    # The last century of a cycle, and the last year of four, are a day longer than the others: hence min().
    centuries = min(rest // _DAYS_IN_100_YEARS, 3)
    rest -= centuries * _DAYS_IN_100_YEARS
    fours, rest = divmod(rest, _DAYS_IN_4_YEARS)
    years = min(rest // 365, 3)
    rest -= years * 365
    year = cycles * 400 + centuries * 100 + fours * 4 + years + 1
    before = _days_before_month(year)
    month = bisect_right(before, rest)
    return year, month, rest - before[month - 1] + 1


def day_of_year(year: int, month: int, day: int) -> int:
    """The day's place in its year, 1..366."""
    return _days_before_month(year)[month - 1] + day


def weekday(number: int) -> int:
    """The weekday of a day number, 1 (Monday) to 7 (Sunday), as in ISO 8601."""
    return (number - 1) % 7 + 1


def week_of_year(number: int) -> int:
    """The ISO 8601 week of a day number, 1..53: a week belongs to the year that has its Thursday."""
    thursday = number - weekday(number) + 4
    return (day_of_year(*date_of_day(thursday)) - 1) // 7 + 1

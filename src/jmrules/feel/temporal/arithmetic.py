"""Arithmetic on temporal values (DMN 1.5, tables 56 to 59 and 62).

Operands are FEEL values of any kind. None is FEEL's null: operands that the tables do not list, a division by zero,
a result out of range.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING

from jmrules.feel.quotients import Quotient, is_exact, quotient
from jmrules.feel.temporal.calendar import MAX_YEAR, MIN_YEAR, days_in_month
from jmrules.feel.temporal.numbers import as_fraction
from jmrules.feel.temporal.timeline import (
    as_date_time,
    clock_nanoseconds,
    date_at,
    date_time_at,
    day_of,
    offset_of,
    position,
    with_clock,
)
from jmrules.feel.temporal.values import (
    MAX_COUNT,
    NANOSECONDS_IN_DAY,
    Date,
    DateTime,
    DaysTimeDuration,
    Duration,
    Temporal,
    Time,
    YearsMonthsDuration,
)

if TYPE_CHECKING:
    from fractions import Fraction

_FEEL_NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])


def add(left: object, right: object) -> Temporal | None:
    """``left + right``: a duration added to a date, time, date and time (in either order) or duration of its kind."""
    if isinstance(right, DaysTimeDuration | YearsMonthsDuration):
        return _shift(left, right)
    if isinstance(left, DaysTimeDuration | YearsMonthsDuration):
        return _shift(right, left)
    return None


def subtract(left: object, right: object) -> Temporal | None:
    """``left - right``: a duration taken away, or the days and time from ``right`` to ``left``.

    Dates and times differ only if both are local or neither is; a date counts as its UTC midnight beside one.
    """
    match left, right:
        case (_, DaysTimeDuration() | YearsMonthsDuration()):
            return _shift(left, negate(right))
        case (Date(), Date()):
            return _days_time((day_of(left) - day_of(right)) * NANOSECONDS_IN_DAY)
        case (Time(), Time()):
            return _difference(left, right)
        case (Date() | DateTime(), Date() | DateTime()):
            return _difference(as_date_time(left), as_date_time(right))
    return None


def multiply(left: object, right: object) -> Duration | None:
    """``left * right``: a duration times a number, in either order; parts of a month or nanosecond are dropped."""
    if isinstance(left, DaysTimeDuration | YearsMonthsDuration):
        return _scale(left, as_fraction(right))
    if isinstance(right, DaysTimeDuration | YearsMonthsDuration):
        return _scale(right, as_fraction(left))
    return None


def divide(left: object, right: object) -> Duration | Decimal | Quotient | None:
    """``left / right``: a duration by a number, or by a duration of its kind, which gives a number: of 34 digits, or
    exact where numbers are."""
    match left, right:
        case (DaysTimeDuration(), DaysTimeDuration()):
            return _ratio(left.nanoseconds, right.nanoseconds)
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return _ratio(left.months, right.months)
        case (DaysTimeDuration() | YearsMonthsDuration(), _):
            divisor = as_fraction(right)
            return _scale(left, 1 / divisor if divisor else None)
    return None


def negate(value: object) -> Duration | None:
    """``-value`` of a duration."""
    match value:
        case DaysTimeDuration():
            return DaysTimeDuration(-value.nanoseconds)
        case YearsMonthsDuration():
            return YearsMonthsDuration(-value.months)
    return None


def absolute(value: object) -> Duration | None:
    """``abs(value)`` of a duration."""
    match value:
        case DaysTimeDuration():
            return DaysTimeDuration(abs(value.nanoseconds))
        case YearsMonthsDuration():
            return YearsMonthsDuration(abs(value.months))
    return None


def _shift(value: object, by: Duration | None) -> Temporal | None:
    match value, by:
        case (Date(), DaysTimeDuration()):
            # A date is a midnight: less than a day taken away falls on the day before, less than a day added is lost.
            return date_at(day_of(value) + by.nanoseconds // NANOSECONDS_IN_DAY)
        case (Date(), YearsMonthsDuration()):
            return _months_later(value, by.months)
        case (Time(), DaysTimeDuration()):
            return with_clock(value, clock_nanoseconds(value) + by.nanoseconds)
        case (DateTime(), DaysTimeDuration()):
            return date_time_at(position(value) + by.nanoseconds, value.time)
        case (DateTime(), YearsMonthsDuration()):
            date = _months_later(value.date, by.months)
            return None if date is None else DateTime(date, value.time)
        case (DaysTimeDuration(), DaysTimeDuration()):
            return _days_time(value.nanoseconds + by.nanoseconds)
        case (YearsMonthsDuration(), YearsMonthsDuration()):
            return _years_months(value.months + by.months)
    return None


def _months_later(date: Date, months: int) -> Date | None:
    """The same day of the month, or the month's last where it is shorter."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not MIN_YEAR <= year <= MAX_YEAR:
        return None
    return Date(year, month + 1, min(date.day, days_in_month(year, month + 1)))


def _difference(left: Time | DateTime, right: Time | DateTime) -> DaysTimeDuration | None:
    if (offset_of(left) is None) != (offset_of(right) is None):
        return None
    return _days_time(position(left) - position(right))


def _scale(duration: Duration, factor: Fraction | None) -> Duration | None:
    if factor is None:
        return None
    if isinstance(duration, DaysTimeDuration):
        return _days_time(int(duration.nanoseconds * factor))
    return _years_months(int(duration.months * factor))


def _ratio(dividend: int, divisor: int) -> Decimal | Quotient | None:
    if not divisor:
        return None
    if is_exact():
        return quotient(dividend, divisor)
    return _FEEL_NUMBERS.divide(Decimal(dividend), Decimal(divisor))


def _days_time(nanoseconds: int) -> DaysTimeDuration | None:
    return DaysTimeDuration(nanoseconds) if abs(nanoseconds) <= MAX_COUNT else None


def _years_months(months: int) -> YearsMonthsDuration | None:
    return YearsMonthsDuration(months) if abs(months) <= MAX_COUNT else None

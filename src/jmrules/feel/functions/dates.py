"""Built-in functions that make and take apart dates, times and durations (DMN 1.5, 10.3.4.1 and 10.3.4.7)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from jmrules.feel import temporal
from jmrules.feel import types as ft
from jmrules.feel.constants import MAKERS
from jmrules.feel.functions.registry import NoValue, builtin

if TYPE_CHECKING:
    from collections.abc import Callable


def _made(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` with NoValue in the place of its None."""

    def made(*arguments: Any) -> Any:
        value = function(*arguments)
        if value is None:
            raise NoValue(f"这些参数不能构成 {name}", f"these arguments do not make a {name}")
        return value

    return made


_ANY_DURATION = ft.ANY

builtin("date", "from: string|dates", ft.DATE)(_made("date", MAKERS["date"]))
builtin("date", "year: number, month: number, day: number", ft.DATE)(_made("date", temporal.date_of_parts))
builtin("time", "from: string|time|dates", ft.TIME)(_made("time", MAKERS["time"]))
builtin("time", "hour: number, minute: number, second: number, offset: days?!", ft.TIME)(
    _made("time", temporal.time_of_parts)
)
builtin("date and time", "from: string|dates", ft.DATE_TIME)(_made("date and time", MAKERS["date and time"]))
builtin("date and time", "date: dates, time: time", ft.DATE_TIME)(_made("date and time", temporal.date_time_of_parts))
builtin("duration", "from: string|durations", _ANY_DURATION)(_made("duration", MAKERS["duration"]))
builtin("years and months duration", "from: dates, to: dates", ft.YEARS_MONTHS_DURATION)(
    _made("years and months duration", temporal.years_months_between)
)
builtin("day of year", "date: dates", ft.NUMBER)(_made("day of year", temporal.day_of_year))
builtin("day of week", "date: dates", ft.STRING)(_made("day of week", temporal.day_of_week))
builtin("month of year", "date: dates", ft.STRING)(_made("month of year", temporal.month_of_year))
builtin("week of year", "date: dates", ft.NUMBER)(_made("week of year", temporal.week_of_year))


@builtin("now", "", ft.DATE_TIME, constant=False)
def now() -> Any:
    return temporal.from_python(datetime.datetime.now(datetime.UTC))


@builtin("today", "", ft.DATE, constant=False)
def today() -> Any:
    return temporal.from_python(datetime.datetime.now(datetime.UTC).date())

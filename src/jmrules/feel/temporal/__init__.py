"""FEEL's dates, times and durations: values, their text, parts, arithmetic, comparison and conversion.

- values, frozen and hashable: :class:`Date`, :class:`Time`, :class:`DateTime`, :class:`DaysTimeDuration`,
  :class:`YearsMonthsDuration`. Their constructors raise :class:`TemporalError`; FEEL's functions and operators below
  give None, FEEL's null, instead.
- from text: :func:`parse_date`, :func:`parse_time`, :func:`parse_date_time`, :func:`parse_duration`, and
  :func:`parse_literal` for ``@"..."``; to text: :func:`string_of`.
- FEEL's ``date``, ``time``, ``date and time``, ``duration`` and ``years and months duration``: :func:`date_from`,
  :func:`date_of_parts`, :func:`time_from`, :func:`time_of_parts`, :func:`date_time_from`, :func:`date_time_of_parts`,
  :func:`duration_from`, :func:`years_months_between`.
- ``value.name``: :func:`member`, with :data:`NO_MEMBER`, and the names of each kind in :data:`MEMBERS`; the calendar:
  :func:`day_of_year`, :func:`day_of_week`, :func:`month_of_year`, :func:`week_of_year`.
- operators, on FEEL values of any kind: :func:`add`, :func:`subtract`, :func:`multiply`, :func:`divide`,
  :func:`negate`, :func:`absolute`; :func:`compare`, :func:`equal`, :func:`is_same`, :func:`order_key`.
- Python's datetime types: :func:`from_python`, :func:`to_python`.
"""

from jmrules.feel.temporal.arithmetic import absolute, add, divide, multiply, negate, subtract
from jmrules.feel.temporal.compare import compare, equal, is_same, order_key
from jmrules.feel.temporal.construct import (
    date_from,
    date_of_parts,
    date_time_from,
    date_time_of_parts,
    duration_from,
    time_from,
    time_of_parts,
    years_months_between,
)
from jmrules.feel.temporal.convert import from_python, to_python
from jmrules.feel.temporal.members import (
    MEMBERS,
    NO_MEMBER,
    NoMember,
    day_of_week,
    day_of_year,
    member,
    month_of_year,
    week_of_year,
)
from jmrules.feel.temporal.parse import parse_date, parse_date_time, parse_duration, parse_literal, parse_time
from jmrules.feel.temporal.text import string_of
from jmrules.feel.temporal.values import (
    Date,
    DateTime,
    DaysTimeDuration,
    Duration,
    Temporal,
    TemporalError,
    Time,
    YearsMonthsDuration,
)

__all__ = [
    "MEMBERS",
    "NO_MEMBER",
    "Date",
    "DateTime",
    "DaysTimeDuration",
    "Duration",
    "NoMember",
    "Temporal",
    "TemporalError",
    "Time",
    "YearsMonthsDuration",
    "absolute",
    "add",
    "compare",
    "date_from",
    "date_of_parts",
    "date_time_from",
    "date_time_of_parts",
    "day_of_week",
    "day_of_year",
    "divide",
    "duration_from",
    "equal",
    "from_python",
    "is_same",
    "member",
    "month_of_year",
    "multiply",
    "negate",
    "order_key",
    "parse_date",
    "parse_date_time",
    "parse_duration",
    "parse_literal",
    "parse_time",
    "string_of",
    "subtract",
    "time_from",
    "time_of_parts",
    "to_python",
    "week_of_year",
    "years_months_between",
]

"""Laws of FEEL's temporal values, over the whole range of years and down to nanoseconds."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.feel import temporal
from jmrules.feel.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration, calendar, timeline

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
ZONES = ("Asia/Shanghai", "Europe/Paris", "Australia/Melbourne", "America/St_Johns", "Etc/UTC", "Pacific/Apia")

day_numbers = st.integers(timeline.FIRST_DAY, timeline.LAST_DAY) | st.integers(700_000, 760_000)
dates = day_numbers.map(lambda day: Date(*calendar.date_of_day(day)))
offsets = st.integers(-50_400, 50_400) | st.integers(-14, 14).map(lambda hours: hours * 3600)


def times_of(offset: st.SearchStrategy[int | None], zone: st.SearchStrategy[str | None]) -> st.SearchStrategy[Time]:
    minutes = st.integers(0, 59)
    nanoseconds = st.integers(0, SECOND - 1) | st.just(0)
    return st.builds(Time, st.integers(0, 23), minutes, minutes, nanoseconds, offset, zone)


local_times = times_of(st.none(), st.none())
offset_times = times_of(offsets, st.none())
zoned_times = times_of(st.none(), st.sampled_from(ZONES))
times = local_times | offset_times | zoned_times
date_times = st.builds(DateTime, dates, times)
days_times = st.builds(DaysTimeDuration, st.integers(-(10**34) + 1, 10**34 - 1) | st.integers(-400 * DAY, 400 * DAY))
small_days_times = st.builds(DaysTimeDuration, st.integers(-(10**15), 10**15) | st.integers(-900, 900).map(DAY.__mul__))
years_months = st.builds(YearsMonthsDuration, st.integers(-(10**34) + 1, 10**34 - 1) | st.integers(-300, 300))
values = st.one_of(dates, times, date_times, days_times, years_months)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.integers(-(10**6), 10**6).map(Decimal)
anything = st.one_of(
    values,
    st.none(),
    st.booleans(),
    st.text(max_size=12),
    st.decimals(),
    st.sampled_from([Decimal("1E+6144"), Decimal("-1E-6176"), Decimal("1E+999999999"), Decimal("1E-999999999")]),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
)


@given(values)
def test_text_reads_back_to_the_same_value(value):
    assert temporal.parse_literal(temporal.string_of(value)) == value


@given(dates, local_times | offset_times)
def test_dates_and_times_are_made_of_their_parts(date, time):
    parts = [temporal.member(date, name) for name in ("year", "month", "day")]
    assert temporal.date_of_parts(*parts) == date
    parts = [temporal.member(time, name) for name in ("hour", "minute", "second", "time offset")]
    assert temporal.time_of_parts(*parts) == time
    assert temporal.date_time_of_parts(date, time) == DateTime(date, time)


@given(dates, times)
def test_each_parser_reads_its_own_kind_and_no_other(date, time):
    texts = {
        temporal.parse_date: temporal.string_of(date),
        temporal.parse_time: temporal.string_of(time),
        temporal.parse_date_time: temporal.string_of(DateTime(date, time)),
    }
    for parse, text in texts.items():
        assert parse(text) is not None
        assert [other for other in texts if other(text) is not None and other is not parse] in (
            [],
            [temporal.parse_date_time] if parse is temporal.parse_date else [],
        )


@given(st.text("0123456789-+:.TZzPYMDHS@/aE٣\n ", max_size=40))
def test_parsers_are_total_and_what_they_read_has_a_canonical_text(text):
    for parse in (
        temporal.parse_date,
        temporal.parse_time,
        temporal.parse_date_time,
        temporal.parse_duration,
        temporal.parse_literal,
    ):
        value = parse(text)
        assert value is None or parse(temporal.string_of(value)) == value


@given(values)
def test_values_hash_pickle_and_are_frozen(value):
    copy = pickle.loads(pickle.dumps(value))
    assert copy == value
    assert hash(copy) == hash(value)
    with pytest.raises(AttributeError):
        value.year = 1


@given(day_numbers)
def test_day_numbers_and_dates_correspond(day):
    year, month, day_of_month = calendar.date_of_day(day)
    assert calendar.is_date(year, month, day_of_month) or not timeline.FIRST_DAY <= day <= timeline.LAST_DAY
    assert calendar.day_number(year, month, day_of_month) == day


@given(dates)
def test_the_next_day_number_is_the_next_day(date):
    year, month, day = date.year, date.month, date.day + 1
    if day > calendar.days_in_month(year, month):
        month, day = month + 1, 1
    if month > 12:
        year, month = year + 1, 1
    assert calendar.date_of_day(timeline.day_of(date) + 1) == (year, month, day)


@given(dates)
def test_the_calendar_repeats_every_400_years(date):
    later = calendar.day_number(date.year + 400, date.month, date.day)
    assert later - timeline.day_of(date) == 146_097
    assert calendar.weekday(later) == calendar.weekday(timeline.day_of(date))
    assert calendar.week_of_year(later) == calendar.week_of_year(timeline.day_of(date))


@given(anything, anything)
def test_operators_are_total(left, right):
    for operator in (
        temporal.add,
        temporal.subtract,
        temporal.multiply,
        temporal.divide,
        temporal.compare,
        temporal.equal,
        temporal.is_same,
        temporal.date_time_of_parts,
        temporal.years_months_between,
    ):
        operator(left, right)


@given(anything, anything, anything, anything)
def test_functions_are_total(first, second, third, fourth):
    for function in (
        temporal.negate,
        temporal.absolute,
        temporal.date_from,
        temporal.time_from,
        temporal.date_time_from,
        temporal.duration_from,
        temporal.day_of_year,
        temporal.day_of_week,
        temporal.month_of_year,
        temporal.week_of_year,
    ):
        function(first)
    temporal.date_of_parts(first, second, third)
    temporal.time_of_parts(first, second, third, fourth)


@given(dates, dates)
def test_the_difference_of_dates_leads_from_one_to_the_other(first, second):
    difference = temporal.subtract(second, first)
    assert difference.nanoseconds % DAY == 0
    assert temporal.add(first, difference) == second
    assert temporal.subtract(first, second) == temporal.negate(difference)


@given(st.builds(DateTime, dates, local_times | offset_times), small_days_times)
def test_a_duration_added_to_a_date_and_time_is_taken_away_again(value, duration):
    later = temporal.add(value, duration)
    if later is not None:
        assert temporal.subtract(later, duration) == value
        assert temporal.subtract(later, value) == duration
        assert temporal.add(duration, value) == later


@given(date_times, date_times)
def test_differences_need_both_values_or_neither_to_have_an_offset(first, second):
    difference = temporal.subtract(first, second)
    assert (difference is None) == (first.is_local != second.is_local)
    if difference is not None:
        assert temporal.compare(first, second) == (difference.nanoseconds > 0) - (difference.nanoseconds < 0)


@given(times, small_days_times, small_days_times)
def test_times_of_day_wrap(time, first, second):
    assert temporal.add(temporal.add(time, first), second) == temporal.add(time, temporal.add(first, second))
    assert temporal.add(time, DaysTimeDuration(DAY)) == time
    assert temporal.subtract(temporal.add(time, first), first) == time


@given(dates, small_days_times)
def test_a_date_moves_by_whole_days_counted_from_its_midnight(date, duration):
    later = temporal.add(date, duration)
    at_midnight = temporal.add(DateTime(date, Time(0, 0)), duration)
    assert later == (None if at_midnight is None else at_midnight.date)


@given(dates, st.integers(-5_000, 5_000))
def test_months_keep_the_day_or_take_the_last_of_a_shorter_month(date, months):
    later = temporal.add(date, YearsMonthsDuration(months))
    index = date.year * 12 + date.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not calendar.MIN_YEAR <= year <= calendar.MAX_YEAR:
        assert later is None
        return
    assert later == Date(year, month, min(date.day, calendar.days_in_month(year, month)))
    moment = temporal.add(DateTime(date, Time(23, 59, 59)), YearsMonthsDuration(months))
    assert moment == DateTime(later, Time(23, 59, 59))
    if date.day <= 28:
        assert temporal.subtract(later, YearsMonthsDuration(months)) == date
        assert temporal.years_months_between(date, later) == YearsMonthsDuration(months)


@given(dates, dates)
def test_years_and_months_between_are_whole_and_symmetric(first, second):
    between = temporal.years_months_between(first, second)
    assert temporal.years_months_between(second, first) == temporal.negate(between)
    start, end = sorted((first, second), key=temporal.order_key)
    months = abs(between.months)
    reached = temporal.add(start, YearsMonthsDuration(months))
    beyond = temporal.add(start, YearsMonthsDuration(months + 1))
    assert temporal.compare(reached, end) <= 0
    # A day that the end's month lacks is reached only in the month after it.
    assert beyond is None or temporal.compare(beyond, end) > 0 or beyond.day < start.day


@given(small_days_times | st.builds(YearsMonthsDuration, st.integers(-(10**9), 10**9)), numbers)
def test_scaled_durations_are_the_exact_product_cut_towards_zero(duration, factor):
    scaled = temporal.multiply(duration, factor)
    assert temporal.multiply(factor, duration) == scaled
    count = duration.months if isinstance(duration, YearsMonthsDuration) else duration.nanoseconds
    exact = Fraction(count) * Fraction(factor)
    if abs(exact) < 10**34:
        got = scaled.months if isinstance(scaled, YearsMonthsDuration) else scaled.nanoseconds
        assert abs(got) <= abs(exact) < abs(got) + 1
        assert got * exact >= 0
    else:
        assert scaled is None


@given(days_times | years_months, st.integers(-(10**6), 10**6).filter(bool).map(Decimal))
def test_division_undoes_multiplication(duration, number):
    scaled = temporal.multiply(duration, number)
    if scaled is not None:
        assert temporal.divide(scaled, number) == duration
        zero = temporal.subtract(duration, duration)
        assert (temporal.divide(scaled, duration) == number) == (duration != zero)
        assert temporal.divide(duration, zero) is None
    assert temporal.divide(duration, Decimal(0)) is None
    assert temporal.divide(number, duration) is None


@given(days_times | years_months)
def test_negation_and_absolute_value(duration):
    zero = temporal.subtract(duration, duration)
    assert temporal.add(duration, temporal.negate(duration)) == zero
    assert temporal.absolute(duration) == temporal.absolute(temporal.negate(duration))
    assert temporal.compare(temporal.absolute(duration), zero) >= 0


@given(days_times)
def test_parts_of_a_days_time_duration_add_up(duration):
    days, hours, minutes, seconds = (
        Fraction(temporal.member(duration, name)) for name in ("days", "hours", "minutes", "seconds")
    )
    assert abs(hours) <= 23
    assert abs(minutes) <= 59
    assert abs(seconds) < 60
    assert ((days * 24 + hours) * 60 + minutes) * 60 + seconds == Fraction(duration.nanoseconds, SECOND)


@given(years_months)
def test_parts_of_a_years_months_duration_add_up(duration):
    years, months = (int(temporal.member(duration, name)) for name in ("years", "months"))
    assert abs(months) <= 11
    assert years * 12 + months == duration.months


@given(values)
def test_every_listed_member_is_there_and_no_other(value):
    for name in {name for names in temporal.MEMBERS.values() for name in names} | {"nanosecond", ""}:
        found = temporal.member(value, name) is not temporal.NO_MEMBER
        assert found == (name in temporal.MEMBERS[type(value)])


@given(st.one_of(*(st.lists(kind, min_size=3, max_size=3) for kind in (dates, local_times, days_times, years_months))))
def test_values_of_a_kind_are_totally_ordered(items):
    check_order(*items)


@given(st.lists(offset_times | zoned_times, min_size=3, max_size=3))
def test_times_with_offsets_are_totally_ordered(items):
    check_order(*items)


@given(st.lists(st.builds(DateTime, dates, offset_times | zoned_times), min_size=3, max_size=3))
def test_dates_and_times_with_offsets_are_totally_ordered(items):
    check_order(*items)


def check_order(a, b, c):
    first, second, third = sorted((a, b, c), key=temporal.order_key)
    assert temporal.compare(first, second) <= 0
    assert temporal.compare(second, third) <= 0
    assert temporal.compare(first, third) <= 0
    for left, right in ((a, b), (b, c), (a, a)):
        order = temporal.compare(left, right)
        assert order == -temporal.compare(right, left)
        assert (order == 0) == (temporal.order_key(left) == temporal.order_key(right)) == temporal.equal(left, right)
        assert temporal.equal(left, right) or not temporal.is_same(left, right)


@given(st.builds(DateTime, dates, local_times), times)
def test_a_local_value_takes_the_offset_of_the_other(local, time):
    other = DateTime(local.date, time)
    clocks = temporal.compare(local.time, timeline.with_clock(Time(0, 0), timeline.clock_nanoseconds(time)))
    assert temporal.compare(local, other) == clocks
    assert temporal.compare(local.time, time) == clocks


@given(values, values)
def test_values_of_different_kinds_do_not_compare(left, right):
    assert (temporal.compare(left, right) is None) == (type(left) is not type(right))
    assert (temporal.equal(left, right) is None) == (type(left) is not type(right))
    assert type(left) is type(right) or not temporal.is_same(left, right)

"""FEEL's temporal values beside Python's datetime, where both have them, and the way from one to the other."""

from __future__ import annotations

import datetime as py
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jmrules.feel import temporal
from jmrules.feel.temporal import Date, DateTime, DaysTimeDuration, TemporalError, Time, YearsMonthsDuration, calendar

ZONES = ("Asia/Shanghai", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "UTC")

zones = st.sampled_from(ZONES).map(ZoneInfo)
fixed = st.integers(-50_400, 50_400).map(lambda seconds: py.timezone(py.timedelta(seconds=seconds)))
modern = {"min_value": py.datetime(1850, 1, 1), "max_value": py.datetime(2150, 1, 1), "allow_imaginary": False}
moments = st.datetimes(timezones=st.none() | fixed, allow_imaginary=False) | st.datetimes(timezones=zones, **modern)
spans = st.timedeltas(min_value=py.timedelta(days=-40_000), max_value=py.timedelta(days=40_000))


@given(st.dates())
def test_the_calendar_is_datetimes(day):
    date = temporal.from_python(day)
    number = calendar.day_number(day.year, day.month, day.day)
    assert number == day.toordinal()
    assert calendar.date_of_day(number) == (day.year, day.month, day.day)
    assert temporal.member(date, "weekday") == day.isoweekday()
    assert temporal.week_of_year(date) == day.isocalendar().week
    assert temporal.day_of_year(date) == day.timetuple().tm_yday
    assert temporal.day_of_week(date) == day.strftime("%A")
    assert temporal.month_of_year(date) == day.strftime("%B")


@given(st.dates(), st.dates(), spans)
def test_dates_calculate_as_datetimes_do(first, second, span):
    left, right = temporal.from_python(first), temporal.from_python(second)
    assert temporal.subtract(left, right) == temporal.from_python(first - second)
    assert temporal.compare(left, right) == (first > second) - (first < second)
    days = span - span % py.timedelta(days=1)
    try:
        later = first + days
    except OverflowError:
        return
    assert temporal.to_python(temporal.add(left, temporal.from_python(span))) == later


@given(moments, moments)
def test_instants_compare_and_differ_as_datetimes_do(first, second):
    assume((first.tzinfo is None) == (second.tzinfo is None))
    assume(not any(map(needs_fold, (first, second))))
    left, right = temporal.from_python(first), temporal.from_python(second)
    if first.tzinfo is not None:
        try:
            first, second = first.astimezone(py.UTC), second.astimezone(py.UTC)
        except OverflowError:
            return
    assert temporal.subtract(left, right) == temporal.from_python(first - second)
    assert temporal.compare(left, right) == (first > second) - (first < second)


@given(moments, spans)
def test_durations_move_instants_as_datetimes_do(moment, span):
    assume(not needs_fold(moment))
    try:
        start = moment if moment.tzinfo is None else moment.astimezone(py.UTC)
        later = start + span
        later = later if moment.tzinfo is None else later.astimezone(moment.tzinfo)
    except OverflowError:
        return
    moved = temporal.add(temporal.from_python(moment), temporal.from_python(span))
    assert temporal.to_python(moved).replace(tzinfo=None) == later.replace(tzinfo=None, fold=0)


# Up to 2087 the database lists Casablanca's changes one by one; rules that repeat begin after that.
by_rule = {"min_value": py.datetime(2100, 1, 1), "max_value": py.datetime(2499, 12, 31), "allow_imaginary": False}


@given(st.datetimes(timezones=zones, **by_rule), st.integers(18, 2_400_000))
def test_a_zones_rules_hold_in_far_years(moment, cycles):
    assume(not needs_fold(moment))
    near = temporal.from_python(moment)
    far = DateTime(Date(near.date.year + 400 * cycles, near.date.month, near.date.day), near.time)
    assert temporal.member(far, "time offset") == temporal.member(near, "time offset")
    hour = DaysTimeDuration(3600 * 10**9)
    moved, moved_far = temporal.add(near, hour), temporal.add(far, hour)
    assert (moved.time, moved.date.month, moved.date.day) == (moved_far.time, moved_far.date.month, moved_far.date.day)


def needs_fold(moment: py.datetime) -> bool:
    return moment.utcoffset() != moment.replace(fold=0).utcoffset()


@given(st.one_of(st.dates(), st.times(timezones=st.none() | fixed | zones), moments, st.timedeltas()))
def test_what_python_has_comes_back_as_it_was(value):
    assume(not isinstance(value, py.datetime) or not needs_fold(value))
    back = temporal.to_python(temporal.from_python(value))
    assert back == (value.replace(fold=0) if isinstance(value, py.time | py.datetime) else value)
    if isinstance(value, py.time | py.datetime):
        assert back.utcoffset() == value.utcoffset()
        assert str(back.tzinfo) == str(value.tzinfo)


def test_the_second_reading_of_a_time_in_a_zone_is_refused():
    moment = py.datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert temporal.string_of(temporal.from_python(moment)) == "2024-10-27T02:30:00@Europe/Paris"
    with pytest.raises(TemporalError, match="fold=1") as caught:
        temporal.from_python(moment.replace(fold=1))
    assert "fold=1" in caught.value.say("zh")


class OddZone(py.tzinfo):
    def utcoffset(self, moment):
        return None if moment is None else py.timedelta(hours=1, microseconds=5)

    def dst(self, moment):
        return None


@pytest.mark.parametrize(
    "value",
    [
        py.datetime(2024, 1, 1, tzinfo=OddZone()),
        py.time(10, tzinfo=OddZone()),
        py.time(10, tzinfo=py.timezone(py.timedelta(hours=15))),
    ],
)
def test_offsets_that_feel_lacks_are_refused(value):
    with pytest.raises(TemporalError) as caught:
        temporal.from_python(value)
    assert [problem.code for problem in caught.value.problems] == ["no-such-offset"]


@pytest.mark.parametrize(
    "value",
    [
        Date(0, 1, 1),
        Date(10_000, 1, 1),
        DateTime(Date(-44, 3, 15), Time(12, 0)),
        Time(1, 2, 3, 1),
        DateTime(Date(2024, 1, 1), Time(1, 2, 3, 4)),
        DaysTimeDuration(1),
        DaysTimeDuration(10**34 - 1),
        YearsMonthsDuration(1),
    ],
)
def test_what_python_lacks_is_refused_with_the_value_and_a_way_out(value):
    with pytest.raises(TemporalError) as caught:
        temporal.to_python(value)
    (problem,) = caught.value.problems
    assert problem.code == "not-in-python"
    for language in ("zh", "en"):
        assert temporal.string_of(value) in problem.message.say(language)
    assert problem.hint.en is not None


def test_values_are_made_of_whole_numbers_only():
    for make in (
        lambda: Date(2024.0, 1, 1),
        lambda: Time(10, 30.5),
        lambda: DaysTimeDuration(1.5),
        lambda: YearsMonthsDuration(Decimal(1)),
    ):
        with pytest.raises(TypeError):
            make()

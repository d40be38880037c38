"""Known answers: examples of the standards, edges of the forms, and what a finance bureau asks of dates."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from jmrules.errors import JmrulesError
from jmrules.feel import temporal
from jmrules.feel.temporal import (
    NO_MEMBER,
    Date,
    DateTime,
    DaysTimeDuration,
    TemporalError,
    Time,
    YearsMonthsDuration,
)

read = temporal.parse_literal


def text(value):
    return None if value is None else temporal.string_of(value)


@pytest.mark.parametrize(
    "form",
    [
        "0000-02-29",
        "-0004-02-29",
        "2000-02-29",
        "999999999-12-31",
        "-999999999-01-01",
        "00:00:00",
        "23:59:59.999999999",
        "10:30:00Z",
        "10:30:00+14:00",
        "10:30:00-14:00",
        "10:30:00+02:45:55",
        "10:30:00@Asia/Shanghai",
        "10:30:00@Etc/GMT+8",
        "10:30:00@America/Argentina/Buenos_Aires",
        "2024-12-31T10:30:00.000000001+08:00",
        "999999999-12-31T23:59:59.999999999@Europe/Paris",
        "-999999999-01-01T00:00:00+02:00",
        "P1DT2H3M4.5S",
        "-P1D",
        "-PT0.000000001S",
        "PT0S",
        "P1Y2M",
        "-P11M",
        "P0M",
        "P833333333333333333333333333333333Y3M",
        "-P115740740740740740740DT17H46M39.999999999S",
    ],
)
def test_canonical_texts_stand_for_themselves(form):
    assert text(read(form)) == form


@pytest.mark.parametrize(
    ("form", "canonical"),
    [
        ("-0000-01-01", "0000-01-01"),
        ("10:30:00.5000000000", "10:30:00.5"),
        ("10:30:00.000", "10:30:00"),
        ("10:30:00z", "10:30:00Z"),
        ("10:30:00-00:00", "10:30:00Z"),
        ("10:30:00+00:00", "10:30:00Z"),
        ("24:00:00", "00:00:00"),
        ("2024-02-28T24:00:00.0", "2024-02-29T00:00:00"),
        ("-0001-12-31T24:00:00Z", "0000-01-01T00:00:00Z"),
        ("PT24H", "P1D"),
        ("P0DT25H", "P1DT1H"),
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
        ("P001D", "P1D"),
        ("-P0D", "PT0S"),
        ("-P0Y", "P0M"),
        ("P26M", "P2Y2M"),
        ("P" + "9" * 34 + "M", "P833333333333333333333333333333333Y3M"),
        ("-PT" + "9" * 25 + ".999999999S", "-P115740740740740740740DT17H46M39.999999999S"),
        ("P999999999M", "P83333333Y3M"),
    ],
)
def test_other_texts_become_canonical(form, canonical):
    assert text(read(form)) == canonical


@pytest.mark.parametrize(
    "form",
    [
        "",
        "foo",
        "2017-1-1",
        "2017-01-1",
        "998-12-31",
        "01211-12-31",
        "9999999999-12-25",
        "+2012-12-02",
        "--2012-12-02",
        "2012-02-30",
        "2023-02-29",
        "1900-02-29",
        "2017-00-10",
        "2017-13-10",
        "2017-12-00",
        "2017-12-32",
        "2012-12-25T",
        "2012-12-25Z",
        " 2012-12-25",
        "2012-12-25\n",
        "２０１２-12-25",
        "٢٠١٢-12-25",
        "7:00:00",
        "07:1:00",
        "07:01:2",
        "07:01",
        "24:00:01",
        "24:00:00.1",
        "24:01:00",
        "25:00:00",
        "00:60:00",
        "00:00:60",
        "00:00:61",
        "10:00:00.",
        "10:00:00.0000000001",
        "13:20:00+19:00",
        "13:20:00+14:01",
        "13:20:00+5:00",
        "13:20:00+05",
        "13:20:00+05:60",
        "13:20:00+02:00@Europe/Paris",
        "13:20:00Z@Europe/Paris",
        "13:20:00@xyz/abc",
        "13:20:00@europe/paris",
        "13:20:00@Europe",
        "13:20:00@../Europe/Paris",
        "13:20:00@/etc/localtime",
        "13:20:00@posix/Europe/Paris",
        "13:20:00@right/Europe/Paris",
        "13:20:00@localtime",
        "13:20:00@tzdata.zi",
        "13:20:00@zone1970",
        "13:20:00@",
        "2012-12-25T10:00:00+15:00",
        "2012-12-25 10:00:00",
        "2012-12-25t10:00:00",
        "999999999-12-31T24:00:00",
        "P",
        "-P",
        "+P1D",
        "P-1D",
        "PT",
        "P1DT",
        "P1H",
        "P1S",
        "PT1D",
        "P1W",
        "P1.5D",
        "PT.S",
        "P1DT.S",
        "PT1S1M",
        "P1M1Y",
        "P1Y1D",
        "P1YT1H",
        "PT0.0000000001S",
        "P" + "9" * 40 + "D",
        "P" + "9" * 5000 + "D",
        "PT" + "9" * 34 + "S",
        "P" + "9" * 34 + "Y",
    ],
)
def test_what_is_not_of_a_form_is_null(form):
    assert read(form) is None


def test_each_kind_has_its_parser():
    assert temporal.parse_date("2024-12-31") == Date(2024, 12, 31)
    assert temporal.parse_time("08:30:00+08:00") == Time(8, 30, 0, 0, 28_800)
    assert temporal.parse_date_time("2024-12-31T08:30:00") == DateTime(Date(2024, 12, 31), Time(8, 30))
    assert temporal.parse_date_time("2024-12-31") == DateTime(Date(2024, 12, 31), Time(0, 0))
    assert temporal.parse_date_time("2012-03-07Z") == DateTime(Date(2012, 3, 7), Time(0, 0, offset_seconds=0))
    assert temporal.parse_date_time("2012-03-07-02:00") == DateTime(Date(2012, 3, 7), Time(0, 0, offset_seconds=-7200))
    assert temporal.parse_date_time("2012-03-07+19:00") is None
    assert temporal.parse_date_time("11:00:00") is None
    assert temporal.parse_duration("PT1.5S") == DaysTimeDuration(1_500_000_000)
    assert temporal.parse_duration("-P1Y2M") == YearsMonthsDuration(-14)
    assert temporal.parse_date("2024-12-31T08:30:00") is None
    assert temporal.parse_time("2024-12-31") is None


def test_values_are_made_from_other_values():
    moment = read("2017-08-14T14:25:00.5@Asia/Dhaka")
    assert temporal.date_from(moment) == temporal.date_from("2017-08-14") == Date(2017, 8, 14)
    assert temporal.date_from(Date(2017, 8, 14)) == Date(2017, 8, 14)
    assert temporal.time_from(moment) == temporal.time_from("14:25:00.5@Asia/Dhaka") == moment.time
    assert temporal.time_from(moment.time) == moment.time
    assert text(temporal.time_from(Date(2017, 8, 10))) == "00:00:00Z"
    assert temporal.date_time_from(moment) == temporal.date_time_from("2017-08-14T14:25:00.5@Asia/Dhaka") == moment
    assert text(temporal.date_time_from(Date(2017, 8, 10))) == "2017-08-10T00:00:00Z"
    assert temporal.date_time_of_parts(moment, read("09:15:30Z")) == read("2017-08-14T09:15:30Z")
    assert temporal.date_time_of_parts(Date(2017, 1, 1), read("23:59:01@Europe/Paris")) == read(
        "2017-01-01T23:59:01@Europe/Paris"
    )
    assert temporal.duration_from("P26M") == YearsMonthsDuration(26)
    for function in (temporal.date_from, temporal.time_from, temporal.date_time_from, temporal.duration_from):
        for other in (None, Decimal(2017), True, [], {}, YearsMonthsDuration(1)):
            assert function(other) is None
    assert temporal.date_from(Time(1, 2)) is None
    assert temporal.date_time_from(Time(1, 2)) is None
    assert temporal.date_time_of_parts(Date(2017, 8, 10), None) is None
    assert temporal.date_time_of_parts(None, Time(1, 2)) is None
    assert temporal.date_time_of_parts("2017-08-10", Time(1, 2)) is None


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("2017", "8", "30"), "2017-08-30"),
        (("2.017E+3", "8.00", "30"), "2017-08-30"),
        (("-999999999", "12", "31"), "-999999999-12-31"),
        (("0", "2", "29"), "0000-02-29"),
        (("-1000999999", "12", "1"), None),
        (("2017", "13", "1"), None),
        (("2017", "2", "29"), None),
        (("2017", "8", "30.5"), None),
        (("1E+6000", "1", "1"), None),
        (("1E+999999999999", "1", "1"), None),
        (("NaN", "1", "1"), None),
    ],
)
def test_dates_from_numbers(parts, expected):
    assert text(temporal.date_of_parts(*map(Decimal, parts))) == expected


@pytest.mark.parametrize(
    ("parts", "offset", "expected"),
    [
        (("11", "59", "0"), None, "11:59:00"),
        (("11", "59", "45.000000001"), None, "11:59:45.000000001"),
        (("11", "59", "45"), "PT2H45M55S", "11:59:45+02:45:55"),
        (("11", "59", "45"), "-PT2H45M55S", "11:59:45-02:45:55"),
        (("11", "59", "0"), "PT0S", "11:59:00Z"),
        (("11", "59", "0"), "-PT14H", "11:59:00-14:00"),
        (("11", "59", "0"), "PT14H1S", None),
        (("11", "59", "0"), "PT0.5S", None),
        (("11", "59", "0"), "P1Y", None),
        (("24", "0", "0"), None, None),
        (("23", "60", "0"), None, None),
        (("23", "59", "60"), None, None),
        (("23", "59", "-1"), None, None),
        (("23.5", "0", "0"), None, None),
        (("23", "59", "0.0000000001"), None, None),
    ],
)
def test_times_from_numbers(parts, offset, expected):
    duration = None if offset is None else read(offset)
    assert text(temporal.time_of_parts(*map(Decimal, parts), duration)) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        # the fiscal year, and what a notice's deadlines ask
        ("2024-12-31", "P1M", "2025-01-31"),
        ("2025-01-31", "P1M", "2025-02-28"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "-P4Y", "2020-02-29"),
        ("2024-03-31", "-P1M", "2024-02-29"),
        ("2024-12-20", "P20D", "2025-01-09"),
        ("2021-01-01", "PT36H", "2021-01-02"),
        ("2021-01-02", "-PT1S", "2021-01-01"),
        ("0001-01-01", "-P1D", "0000-12-31"),
        ("999999999-12-31", "P1D", None),
        ("999999999-12-31", "P1M", None),
        ("-999999999-01-01", "-PT1S", None),
        ("-999999999-01-01", "-P1M", None),
        ("999999999-12-31", "PT23H", "999999999-12-31"),
        ("2021-01-01T24:00:00", "PT1S", "2021-01-02T00:00:01"),
        ("2021-01-01T24:00:00", "-PT1S", "2021-01-01T23:59:59"),
        ("999999999-12-31T23:59:59", "PT1S", None),
        ("2021-01-12T10:10:10+11:00", "P1DT1H", "2021-01-13T11:10:10+11:00"),
        ("2021-01-31T10:10:10@Europe/Paris", "P1M", "2021-02-28T10:10:10@Europe/Paris"),
        # clocks go forward, and back
        ("2024-03-30T12:00:00@Europe/Paris", "P1D", "2024-03-31T13:00:00@Europe/Paris"),
        ("2024-03-31T01:59:59@Europe/Paris", "PT1S", "2024-03-31T03:00:00@Europe/Paris"),
        ("2024-10-26T12:00:00@Europe/Paris", "P1D", "2024-10-27T11:00:00@Europe/Paris"),
        ("12024-03-31T01:59:59@Europe/Paris", "PT1S", "12024-03-31T03:00:00@Europe/Paris"),
        ("1850-01-01T00:00:00@Europe/Paris", "PT1S", "1850-01-01T00:00:01@Europe/Paris"),
        ("-0044-03-15T00:00:00@Europe/Paris", "PT1S", "-0044-03-15T00:00:01@Europe/Paris"),
        ("10:15:00@Australia/Melbourne", "P1DT14H", "00:15:00@Australia/Melbourne"),
        ("10:15:00", "-PT11H", "23:15:00"),
        ("10:15:00", "P1M", None),
        ("P1Y", "-P2M", "P10M"),
        ("-P1D", "PT2H", "-PT22H"),
        ("P1Y", "P1D", None),
        ("2024-01-01", "2024-01-01", None),
        ("2024-01-01", "10:00:00", None),
    ],
)
def test_addition_in_either_order(left, right, expected):
    assert text(temporal.add(read(left), read(right))) == expected
    assert text(temporal.add(read(right), read(left))) == expected


def test_sums_beyond_34_digits_are_null():
    most = DaysTimeDuration(10**34 - 1)
    assert temporal.add(most, DaysTimeDuration(1)) is None
    assert temporal.subtract(temporal.negate(most), DaysTimeDuration(1)) is None
    assert temporal.multiply(YearsMonthsDuration(10**34 - 1), Decimal("1.1")) is None
    assert temporal.add(Date(2024, 1, 1), most) is None
    assert temporal.add(read("2024-01-01T00:00:00@Europe/Paris"), most) is None
    assert temporal.add(Date(2024, 1, 1), YearsMonthsDuration(10**34 - 1)) is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2025-01-15", "2024-12-31", "P15D"),
        ("2024-12-31", "2025-01-15", "-P15D"),
        ("999999999-12-31", "-999999999-01-01", "P730484999633D"),
        ("2012-12-24T23:59:00", "2012-12-22T03:45:00", "P2DT20H14M"),
        ("2021-01-02T10:10:10@Europe/Paris", "2021-01-01T10:10:10@Asia/Dhaka", "P1DT5H"),
        ("2024-04-01T00:00:00@Europe/Paris", "2024-03-31T00:00:00@Europe/Paris", "PT23H"),
        ("2021-01-02T10:10:10+01:00", "2021-01-01", "P1DT9H10M10S"),
        ("2021-01-02", "2021-01-02T00:00:00Z", "PT0S"),
        ("2021-01-02T10:10:10", "2021-01-01T10:10:10@Europe/Paris", None),
        ("2021-01-01T00:00:00", "2021-01-02", None),
        ("10:10:10+11:00", "11:10:10+11:00", "-PT1H"),
        ("10:00:00+02:00", "10:00:00Z", "-PT2H"),
        ("10:00:00@Asia/Shanghai", "10:00:00+08:00", "PT0S"),
        ("10:00:00", "10:00:00Z", None),
        ("2021-01-01", "10:10:10", None),
        ("2021-03-31", "P1M", "2021-02-28"),
        ("2020-03-01", "PT24H", "2020-02-29"),
        ("P1D", "2021-01-01", None),
        ("P1Y", "P2M", "P10M"),
        ("P1Y", "P1D", None),
    ],
)
def test_subtraction(left, right, expected):
    assert text(temporal.subtract(read(left), read(right))) == expected


@pytest.mark.parametrize(
    ("duration", "number", "product", "quotient"),
    [
        ("P10D", "-1", "-P10D", "-P10D"),
        ("P10DT23H", "2.5", "P27DT9H30M", "P4DT9H12M"),
        ("P2M", "-1.5", "-P3M", "-P1M"),
        ("P10Y11M", "-2.5", "-P27Y3M", "-P4Y4M"),
        ("P1D", "0", "PT0S", None),
        ("PT0.000000001S", "0.9", "PT0S", "PT0.000000001S"),
        ("P1D", "1E-6176", "PT0S", None),
        ("P1D", "1E+6144", None, "PT0S"),
        ("P1D", "1E+999999999999", None, None),
        ("P1D", "1E-999999999999", None, None),
    ],
)
def test_multiplication_and_division_by_numbers(duration, number, product, quotient):
    value, factor = read(duration), Decimal(number)
    assert text(temporal.multiply(value, factor)) == product
    assert text(temporal.divide(value, factor)) == quotient


def test_division_of_durations_has_34_digits():
    assert temporal.divide(read("P10Y"), read("P5Y")) == 2
    assert temporal.divide(read("P1D"), read("PT7H")) == Decimal("3.428571428571428571428571428571429")
    assert temporal.divide(read("P2M"), read("P3M")) == Decimal("0.6666666666666666666666666666666667")
    assert temporal.divide(read("P1D"), read("P1M")) is None
    assert temporal.multiply(read("P1D"), read("P1D")) is None


def test_only_durations_have_a_negative_and_an_absolute_value():
    assert temporal.negate(read("-P1D")) == read("P1D")
    assert temporal.absolute(read("-P1Y")) == read("P1Y")
    for other in (read("2024-01-01"), read("10:00:00"), read("2024-01-01T10:00:00"), Decimal(1), None):
        assert temporal.negate(other) is None
        assert temporal.absolute(other) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2011-12-22", "2013-08-24", "P1Y8M"),
        ("2016-01-21", "2015-01-21", "-P1Y"),
        ("2017-02-28T23:59:59", "2019-07-23", "P2Y4M"),
        ("2014-12-31T23:59:59", "2016-12-31T00:00:01", "P2Y"),
        ("2017-12-31T13:00:00", "2017-12-31T12:00:00", "P0M"),
        ("-2016-01-30T09:05:00", "-2017-02-28T02:02:02", "-P11M"),
        ("2017-09-05T10:20:00-01:00", "-2019-10-01T12:32:59+02:00", "-P4035Y11M"),
        ("2024-01-31", "2024-02-29", "P0M"),
        ("2024-02-29", "2024-01-31", "P0M"),
        ("2024-01-31", "2024-03-01", "P1M"),
        ("2017-09-05", "10:00:00", None),
    ],
)
def test_years_and_months_between(start, end, expected):
    assert text(temporal.years_months_between(read(start), read(end))) == expected
    assert temporal.years_months_between(start, end) is None


@pytest.mark.parametrize(
    ("left", "right", "order", "same"),
    [
        ("2024-12-31", "2024-12-31", 0, True),
        ("-0001-12-31", "0000-01-01", -1, False),
        ("10:30:00Z", "10:30:00+00:00", 0, True),
        ("20:00:50+00:00", "21:00:50+01:00", 0, False),
        ("10:30:00@Europe/Paris", "10:30:00@Asia/Dhaka", 1, False),
        ("23:59:00Z", "23:59:00@Etc/UTC", 0, False),
        ("10:30:00", "10:30:00Z", 0, False),
        ("10:30:00", "10:31:00+08:00", -1, False),
        ("2018-10-08T00:00:00+02:00", "2018-10-08T00:00:00@Europe/Paris", 0, False),
        ("2018-12-08T00:00:00+02:00", "2018-12-08T00:00:00@Europe/Paris", -1, False),
        ("2002-04-02T12:00:00@Australia/Melbourne", "2002-04-02T12:00:00@Australia/Sydney", 0, False),
        ("2002-04-02T23:00:00-04:00", "2002-04-03T02:00:00-01:00", 0, False),
        ("2018-12-08T00:00:00", "2018-12-08T00:00:00@Asia/Shanghai", 0, False),
        ("P1D", "PT24H", 0, True),
        ("P0D", "-P0D", 0, True),
        ("P1Y", "P13M", -1, False),
        ("P1Y", "P365D", None, False),
        ("P0Y", "P0D", None, False),
        ("2018-12-08", "2018-12-08T00:00:00Z", None, False),
    ],
)
def test_comparison_and_identity(left, right, order, same):
    assert temporal.compare(read(left), read(right)) == order
    assert temporal.equal(read(left), read(right)) is (None if order is None else order == 0)
    assert temporal.is_same(read(left), read(right)) is same


def test_values_do_not_compare_with_others():
    for value in map(read, ("2018-12-08", "10:30:00", "P1D", "P1M")):
        for other in (None, Decimal(100), "2018-12-08", True):
            assert temporal.compare(value, other) is None
            assert temporal.equal(other, value) is None
            assert not temporal.is_same(value, other)
            assert not temporal.is_same(other, other)


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("2018-12-10", "weekday", 1),
        ("2018-12-16", "weekday", 7),
        ("-0044-03-15", "year", -44),
        ("2018-12-10", "hour", NO_MEMBER),
        ("2018-12-10", "time offset", NO_MEMBER),
        ("2018-12-10T10:30:01.25", "second", Decimal("1.25")),
        ("2018-12-10T10:30:01.25", "day", 10),
        ("10:30:00", "year", NO_MEMBER),
        ("10:30:00", "time offset", None),
        ("10:30:00", "timezone", None),
        ("10:30:00+05:00", "time offset", "PT5H"),
        ("10:30:00+05:00", "timezone", None),
        ("10:30:00@Europe/Paris", "time offset", "PT1H"),
        ("10:30:00@Australia/Melbourne", "time offset", "PT10H"),
        ("2018-07-01T10:30:00@Europe/Paris", "time offset", "PT2H"),
        ("2018-12-10T10:30:00@Etc/UTC", "time offset", "PT0S"),
        ("2018-12-10T10:30:00@Asia/Shanghai", "timezone", "Asia/Shanghai"),
        ("P1Y2M", "years", 1),
        ("-P1Y2M", "months", -2),
        ("P1Y", "days", None),
        ("P1D", "years", None),
        ("-P1DT2H", "hours", -2),
        ("-PT1.000000001S", "seconds", Decimal("-1.000000001")),
        ("PT90M", "minutes", 30),
        ("P1D", "weeks", NO_MEMBER),
    ],
)
def test_members(value, name, expected):
    found = temporal.member(read(value), name)
    assert (temporal.string_of(found) if isinstance(found, DaysTimeDuration) else found) == expected


@pytest.mark.parametrize(
    ("date", "week"),
    [
        ("2019-09-17", 38),
        ("2003-12-29", 1),
        ("2004-01-04", 1),
        ("2005-01-01", 53),
        ("2005-01-03", 1),
        ("2010-01-01", 53),
        ("2024-12-30T10:00:00", 1),
    ],
)
def test_weeks_of_the_year(date, week):
    assert temporal.week_of_year(read(date)) == week


def test_the_calendar_reads_dates_and_dates_and_times_only():
    assert temporal.day_of_year(read("2020-12-31T10:10:10")) == 366
    assert temporal.day_of_week(read("2019-09-17")) == "Tuesday"
    assert temporal.month_of_year(read("2019-09-17T00:00:00Z")) == "September"
    for other in (None, "2019-09-17", Decimal(1), read("10:00:00"), read("P1D")):
        assert temporal.day_of_year(other) is None
        assert temporal.day_of_week(other) is None
        assert temporal.month_of_year(other) is None
        assert temporal.week_of_year(other) is None


def test_a_zone_that_a_pickled_time_lost_on_its_way_is_an_error():
    sent = pickle.dumps(DateTime(Date(2024, 1, 1), Time(8, 0, zone="Asia/Shanghai")))
    received = pickle.loads(sent.replace(b"Asia/Shanghai", b"Asia/Jiangmen"))
    for use in (
        lambda: temporal.compare(received, received),
        lambda: temporal.order_key(received.time),
        lambda: temporal.add(received, DaysTimeDuration(1)),
        lambda: temporal.to_python(received),
    ):
        with pytest.raises(TemporalError, match="Asia/Jiangmen"):
            use()


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: Date(2023, 2, 29), ["no-such-date"]),
        (lambda: Date(1_000_000_000, 1, 1), ["no-such-date"]),
        (lambda: Time(24, 0), ["no-such-time"]),
        (lambda: Time(0, 0, 0, 1_000_000_000), ["no-such-time"]),
        (lambda: Time(0, 0, offset_seconds=50_401), ["no-such-offset"]),
        (lambda: Time(0, 0, zone="Asia/Jiangmen"), ["no-such-time-zone"]),
        (
            lambda: Time(0, 60, offset_seconds=99_999, zone="Asia/Jiangmen"),
            ["no-such-time", "offset-and-zone", "no-such-offset", "no-such-time-zone"],
        ),
        (lambda: DaysTimeDuration(10**34), ["duration-too-long"]),
        (lambda: YearsMonthsDuration(-(10**34)), ["duration-too-long"]),
    ],
)
def test_constructors_say_all_that_is_wrong_in_two_languages(make, codes):
    with pytest.raises(TemporalError) as caught:
        make()
    assert isinstance(caught.value, JmrulesError)
    assert [problem.code for problem in caught.value.problems] == codes
    for problem in caught.value.problems:
        assert problem.message.en is not None
        assert problem.hint is not None
        assert problem.say("zh") != problem.say("en")

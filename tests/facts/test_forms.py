"""A cell says what was written into it: every value, text, figure and interval, in both languages."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

from jmrules.facts.forms import cells
from jmrules.facts.forms.fields import Field
from jmrules.report.book import put
from jmrules.tables.excel import excel_sheets

LABEL = ("数", "number")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "未知",
        "是",
        "",
        " a ",
        '"',
        '"a"',
        "1",
        "0.5",
        "95%",
        "=1+1",
        "_x000D_",
        "\u202e某局",
        "（空）",
        "a\r\nb",
        "\ufeff",
        "至",
    ]
)
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**25), max_value=10**25
) | st.integers(-(10**30), 10**30)
LANGUAGES = st.sampled_from(["zh", "en"])


def stored(value, folder, form="General"):
    """What the reader of workbooks makes of a cell that holds ``value``."""
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    put(
        book.add_worksheet(),
        0,
        0,
        value,
        book.add_format({"num_format": "yyyy-mm-dd" if isinstance(value, datetime.date) else form}),
    )
    book.close()
    path = folder / "a.xlsx"
    path.write_bytes(stream.getvalue())
    rows = list(excel_sheets(path)[0].rows())
    return rows[0].cells[0] if rows and rows[0].cells else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("forms")


@given(TEXTS)
def test_a_text_is_read_as_it_was_written(folder, text):
    assert cells.text_of(stored(cells.text_in(text), folder)) == text


@given(TEXTS, LANGUAGES)
def test_a_string_is_read_as_it_was_written_also_where_a_word_means_something_else(folder, text, language):
    field = Field("string", LABEL, words={"cut": ("压减", "cut back"), "压减": ("其他", "other")})
    assert cells.value_of(stored(cells.value_in({"value": text}, field, language), folder), field) == {"value": text}


@given(NUMBERS, st.sampled_from([None, "ratio", "CNY_10k"]), LANGUAGES)
def test_a_number_is_read_exactly_however_many_digits_it_has(folder, number, unit, language):
    field = Field("number", LABEL, unit)
    form = "0.00%" if unit == "ratio" else "General"
    assert cells.value_of(stored(cells.value_in({"value": number}, field, language), folder, form), field) == {
        "value": number
    }


@given(NUMBERS, NUMBERS, st.sampled_from([None, "ratio", "CNY_10k"]), LANGUAGES)
def test_an_interval_is_read_exactly(folder, low, high, unit, language):
    field = Field("number", LABEL, unit)
    written = cells.value_in({"between": [low, high]}, field, language)
    assert cells.value_of(stored(written, folder), field) == {"between": [low, high]}


@given(st.dates() | st.just(datetime.date(1900, 2, 28)), LANGUAGES)
def test_a_day_is_read_as_it_was_written(folder, day, language):
    field = Field("date", LABEL)
    written = cells.value_in({"value": day.isoformat()}, field, language)
    assert cells.value_of(stored(written, folder), field) == {"value": day.isoformat()}


@given(NUMBERS | TEXTS)
def test_a_figure_of_a_source_is_a_number_or_the_words_that_it_was(folder, value):
    found = cells.figure_of(stored(cells.figure_in(value), folder))
    assert found == value
    assert isinstance(found, str) == isinstance(value, str)


@pytest.mark.parametrize(
    ("cell", "unit", "own", "value"),
    [
        ("95%", "ratio", None, {"value": Decimal("0.95")}),
        ("0.02", "ratio", "%", {"value": Decimal("0.02")}),
        ("2%", "ratio", "%", {"value": Decimal(2)}),
        ("1.5亿元", "CNY_10k", None, {"value": Decimal(15000)}),
        ("21,573.15", "CNY_10k", None, {"value": Decimal("21573.15")}),
        ("95～100%", "ratio", None, {"between": [Decimal("0.95"), 1]}),
        ("未知", "ratio", None, {"unknown": True}),
    ],
)
def test_what_people_write(cell, unit, own, value):
    assert cells.value_of(cell, Field("number", LABEL, unit), own) == value


def test_nothing_that_is_typed_becomes_a_formula(folder):
    stored("=1+1", folder)
    assert load_workbook(folder / "a.xlsx").active["A1"].data_type == "s"

"""What a cell says: read where there is one meaning, else not at all."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.tables import day, number, truth
from jmrules.tables.cells import half_width

WIDE = str.maketrans("0123456789.,-+%", "０１２３４５６７８９．，－＋％")
DECIMALS = st.decimals(min_value=-(10**14), max_value=10**14, places=4, allow_nan=False, allow_infinity=False)


@given(DECIMALS, st.sampled_from(["f", ",f"]), st.booleans(), st.sampled_from(["", "%", "万元", " 万元", "个", "‰"]))
def test_a_number_is_read_however_it_is_spelt(value, form, wide, unit):
    text = format(value, form)
    text = text.translate(WIDE) if wide else text
    read, said = number(f" {text}{unit}")
    assert read == value
    assert (said or "") == unit.strip()


@given(st.text(st.sampled_from("0123456789.,-+eE%() 一二²①/"), max_size=8))
def test_what_is_read_as_a_number_is_the_digits_that_stand_there(text):
    found = number(text)
    if found is not None:
        bare = text.replace(",", "").strip().removesuffix("%").strip()
        assert found[0] == D(bare)


@pytest.mark.parametrize(
    "text",
    ["", "-", "—", "无", "一百", "1,23", "12,34,567", "1.2.3", "5²", "①", "(5)", "约100", "1 000", "12亿", "1e99999", "０x1", "98%%", "1-2", "∞", "nan"],
)  # fmt: skip
def test_what_is_no_number_or_may_be_two(text):
    assert number(text) is None


def test_a_comma_is_doubtful_where_semicolons_separate():
    assert number("1,200") == (D(1200), None)
    assert number("1,200", decimal_commas=True) is None
    assert number("1200.5", decimal_commas=True) == (D("1200.5"), None)


@given(st.dates())
def test_a_day_is_read_however_it_is_written(date):
    y, m, d = f"{date.year:04}", date.month, date.day
    for text in (
        date.isoformat(),
        f"{y}/{m}/{d}",
        f"{y}.{m:02}.{d:02}",
        f"{y}年{m}月{d}日",
        f"{y}{m:02}{d:02}",
        f"{y}-{m}-{d} 00:00:00",
    ):
        assert day(text) == date.isoformat(), text
        assert day(text.translate(WIDE)) == date.isoformat()


@pytest.mark.parametrize(
    "text", ["", "45473", "2024年6月", "6/30/2024", "30.6.24", "2024/6-30", "二〇二四年六月", "20240630123"]
)
def test_what_is_no_day(text):
    assert day(text) is None


@pytest.mark.parametrize(("word", "value"), [("是", True), ("√", True), ("有", True), ("Ｙ", True), ("1", True), ("TRUE", True),
                                             ("否", False), ("×", False), ("无", False), ("0", False), ("—", None), ("", None),
                                             ("大概", None), ("2", None)])  # fmt: skip
def test_yes_and_no(word, value):
    assert truth(word) is value


@given(st.text())
def test_only_full_width_signs_change(text):
    made = half_width(text)
    assert half_width(made) == made
    assert "²" in made or "²" not in text.strip()

"""Where the table is: titles, units, heads, totals and notes are what they are."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jmrules.tables import TableError, lines, open_table
from jmrules.tables.heads import apart, key_of, known_unit, units_on_page

WANTED = frozenset(("部门", "年初预算", "支出", "budget"))


def read(tmp_path, text, **options):
    (tmp_path / "in.csv").write_text(text, "utf-8")
    layout = open_table(tmp_path / "in.csv", "csv", wanted=WANTED, **options)
    return layout, [(row.number, row.cells[0]) for row in lines(layout)]


TITLES = st.lists(
    st.sampled_from(["2024 年度绩效情况表,,", ",,", "编制部门：某局,,", ",,单位：千元", "说明 年初预算 见附表,,"]),
    max_size=4,
)
AROUND = st.lists(
    st.sampled_from(
        ["合计,3,4", "合 计,3,4", "总计：,3,4", ",,", "部门,年初预算,支出", "注：以上为决算数,,", "填表人：某某,,"]
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TITLES, st.sampled_from(["", "栏次,1,2", "甲,1,2,3"]), AROUND)
def test_what_stands_around_the_rows_is_never_a_row(tmp_path, titles, numbered, around):
    under = [numbered] if numbered else []
    text = "\n".join([*titles, "部门,年初预算,支出", *under, "甲局,1,2", *around, "乙局,2,3", *around])
    layout, rows = read(tmp_path, text)
    assert [name for _, name in rows] == ["甲局", "乙局"]
    assert layout.first == len(titles) + 1
    assert layout.count == 2
    assert layout.units == (("千元",) if any("单位" in title for title in titles) else ())
    told = " ".join(note.zh for note in layout.notes)
    assert ("合计" in told) is any(line.startswith(("合", "总")) for line in around)
    assert (f"表头在第 {layout.first} 行" in told) is bool(titles)


def test_a_row_of_units_below_the_heads(tmp_path):
    layout, rows = read(tmp_path, "部门,年初预算,支出\n,万元,元\n甲局,1,2\n")
    assert [head.unit for head in layout.heads] == [None, "万元", "元"]
    assert rows == [(3, "甲局")]


def test_two_rows_that_may_be_the_heads_are_asked_about(tmp_path):
    text = "部门,年初预算\n甲局,1\n部门,支出\n乙局,2\n"
    with pytest.raises(TableError) as caught:
        read(tmp_path, text)
    assert "1、3" in caught.value.say("zh") and "--header-row" in caught.value.say("zh")
    assert read(tmp_path, text, header_row=3)[1] == [(4, "乙局")]
    with pytest.raises(TableError):
        read(tmp_path, text, header_row=9)


def test_without_a_name_that_is_known_the_first_row_that_is_no_title_is_taken(tmp_path):
    layout, rows = read(tmp_path, "附表一,,\na,b,c\n甲,1,2\n")
    assert layout.first == 2 and rows == [(3, "甲")]


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("支出（千元）", "支出", "千元"), ("支出(单位：百万元)", "支出", "百万元"), ("支出 [CNY]", "支出", "cny"), ("支出【亿元】", "支出", "亿元"),
        ("支出\n（人民币万元）", "支出", "万元"), ("支出/万元", "支出", "万元"), ("支出：元", "支出", "元"), ("支出万元", "支出", "万元"),
        ("执行率（％）", "执行率", "%"), ("执行率%", "执行率", "%"), ("支出，单位：元", "支出", "元"), ("支出（金额单位：元）", "支出", "元"),
        ("支出（美元）", "支出", "美元"), ("支出（万）", "支出", "万"), ("支出（2024年）", "支出(2024年)", None), ("支出（含税）", "支出(含税)", None),
        ("单元", "单元", None), ("元", "元", None), ("（万元）", "(万元)", "万元"),
    ],
)  # fmt: skip
def test_the_unit_that_a_head_says(text, name, unit):
    assert apart(key_of(text)) == (name, unit)


def test_every_unit_is_known_by_its_id_in_any_case():
    assert known_unit("cny_10k") == "CNY_10k" and known_unit("美元") is None


@pytest.mark.parametrize(
    ("text", "units"),
    [("单位：万元", ("万元",)), ("金额单位:人民币元", ("元",)), ("单位：万元、人", ("万元", "人")), ("填报单位：教育局", ()), ("单位：教育局  单位", ()),
     ("（单位：千元）", ("千元",)), ("单位：美元", ("美元",)), ("支出情况", ())],
)  # fmt: skip
def test_the_unit_of_a_page(text, units):
    assert units_on_page(text) == units

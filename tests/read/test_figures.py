"""Figures in sentences: numbers as they are written, what they are of, and what the words leave open."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.read import audit, paper_of_text, read_figures, speech


def figures(text):
    return read_figures(paper_of_text(text), speech()).figures


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("全年总支出完成 11,440.64 万元。", "11440.64", "CNY_10k"),
        ("全年总支出完成１１，４４０．６４万元。", "11440.64", "CNY_10k"),
        ("全年支出 3.2亿元。", "3.2", "CNY_100M"),
        ("补助资金 5 百万元。", "5", "CNY_1M"),
        ("全年支出￥1,200元。", "1200", "CNY"),
        ("安排资金一百二十万元。", "1200000", "CNY"),
        ("安排资金两千零五元。", "2005", "CNY"),
        ("完成率 98.5％。", "98.5", "percent"),
        ("满意率百分之九十五。", "95", "percent"),
        ("较上年提高 3.2 个百分点。", "3.2", "percentage_point"),
        ("服务群众 1.2 万人次。", "1.2", "person_10k"),
        ("自评得分为 96.5 分。", "96.5", "point"),
        ("新增床位 320 张。", "320", "count"),
        ("造林 3.5 公顷。", "3.5", "hectare"),
        ("支出减少-12.5万元。", "-12.5", "CNY_10k"),
        ("支出 11261.32 万，占比不高。", "11261.32", "CNY_10k"),
        ("安排资金一亿二千万元。", "120000000", "CNY"),
        ("安排资金１１，４００万元。", "11400", "CNY_10k"),
        ("粮食面积 2.4 万亩。", "24000", "count"),
        ("组织会议四十二次。", "42", "count"),
        ("群众满意率九成以上。", "90", "percent"),
        ("成本控制在 100—120 万元之间。", "100", "CNY_10k"),
        ("培训 5 至 8 人。", "5", "person"),
        ("完成 3 项目标。", "3", "count"),
    ],
)
def test_a_number_is_read_as_it_is_written(text, value, unit):
    (figure,) = figures(text)
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "2024 年度工作总结。",
        "根据江财绩函〔2025〕1 号文件。",
        "于 2024 年 12 月 31 日前完成。",
        "分别为甲、乙、丙三类。",
        "落实“1310”具体部署。",
        "一方面加强管理，一个中心。",
        "预算科 3 分管领导签字。",
        "2.1 支出进度",
        "表1 部门预算表",
        "见附表 2 项目情况。",
        "第 3 项规定。",
        "服务期 3 个月。",
        "十分重视，第十二条规定，一成不变。",
    ],
)
def test_what_is_no_figure_is_not_read(text):
    assert figures(text) == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("支出率接近 100%。", 95, 100),
        ("支出约 200 万元。", 190, 210),
        ("成本控制在 50 万元以内。", 0, 50),
        ("支出率不低于 95%。", 95, None),
        ("服务企业 300 余家。", 300, None),
        ("出动人员超过 400 人。", 400, None),
    ],
)
def test_words_of_about_how_much_are_bounds_and_never_a_number(text, low, high):
    (figure,) = figures(text)
    assert figure.between == (Fraction(low), None if high is None else Fraction(high))


def test_a_figure_knows_what_it_is_of_its_year_and_its_whole():
    text = "一、情况\n（四）支出\n2024 年市财政批复我局预算 100 万元，其中基本支出 40 万元，项目支出 60 万元。"
    reading = read_figures(paper_of_text(text), speech())
    assert [reading.path(figure) for figure in reading.figures] == [
        ("budget",),
        ("budget", "基本支出"),
        ("budget", "项目支出"),
    ]
    assert {figure.year for figure in reading.figures} == {2024}
    assert {figure.spot.section for figure in reading.figures} == {"一（四）"}


def test_a_number_broken_by_the_end_of_a_line_or_page_is_one():
    (figure,) = figures("全年市财政批复我局的各项项目支出预算合计为人民币 19076.\n70 万元。")
    assert figure.value == Decimal("19076.70")


amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


@given(amounts, st.sampled_from([",", ""]), st.sampled_from(["", " "]), st.booleans())
def test_separators_blanks_and_wide_digits_change_nothing(amount, separator, blank, wide):
    text = f"{amount:{separator}.2f}{blank}万元"
    if wide:
        text = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    (figure,) = figures(f"全年总支出完成{text}。")
    assert figure.value == amount


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read_without_an_error(text):
    audit(paper_of_text(text))


pieces = st.sampled_from(
    ["其中", "主要包括：", "占", "12.5", "3,400", "万元", "%", "（", "）", "，", "。", "2024年", "基本支出", "批复我局预算", "总支出完成", "分", "自评得分",
     "一、", "（二）", "3.", "\n", "\n\n", "接近", "按项目分类统计", "个", "得分率", "等级为优", "剔除", "百分之五", "一百万元"]
)  # fmt: skip


@given(st.lists(pieces, max_size=60).map("".join))
def test_any_string_of_what_reports_are_made_of_is_read_without_an_error(text):
    audit(paper_of_text(text))

"""A report held against itself: what a matter is, from the text alone."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.read import audit, marked, paper_of_text


def matters(text):
    return {
        (matter.status, matter.label.zh) for matter in audit(paper_of_text(text)).matters if matter.status != "agrees"
    }


def statuses(text):
    return sorted(status for status, _ in matters(text))


CLEAN = (
    "2024 年市财政批复我局预算 100.00 万元，其中基本支出 40.00 万元，项目支出 60.00 万元。"
    "2024 年全年总支出完成 90.00 万元，其中基本支出 40.00 万元，项目支出 50.00 万元。预算执行率 90.00%。"
    "绩效自评得分为 92 分，绩效等级为“优”。"
)


def test_a_report_whose_figures_agree_raises_nothing():
    assert matters(CLEAN) == set()


@pytest.mark.parametrize(
    ("was", "printed", "status", "words"),
    [
        ("项目支出 60.00", "项目支出 62.00", "contradicts", "年初预算与各部分之和"),
        ("执行率 90.00%", "执行率 92.00%", "contradicts", "支出率"),
        ("等级为“优”", "等级为“良”", "contradicts", "等级"),
        ("项目支出 50.00 万元", "项目支出 50.01 万元", "rounding", "决算支出与各部分之和"),
    ],
)
def test_a_planted_error_is_one_matter(was, printed, status, words):
    found = matters(CLEAN.replace(was, printed))
    assert [each for each, label in found if words in label] == [status]
    assert len(found) == 1


def test_what_a_list_of_some_leaves_open_is_a_remainder():
    assert matters("我局项目支出 100 万元，其中信息化建设 30 万元，大楼运维 20 万元。") == {
        ("remainder", "项目支出与各部分之和")
    }


def test_the_same_figure_of_another_year_is_a_misprint_and_another_figure_contradicts():
    first = "2024 年市财政批复我局预算 100.5 万元。2024 年批复我局预算 100.5 万元。\n"
    assert statuses(first + "2025 年市财政批复我局预算 100.5 万元。") == ["misprint"]
    assert statuses(first + "2024 年市财政批复我局预算 105.5 万元。") == ["contradicts"]


def test_points_are_held_against_points():
    assert statuses("该指标反映合理性（5分）、明确性（5分），指标分值 12 分，自评得分 10 分，得分率 83.33%。") == [
        "contradicts"
    ]
    assert statuses("该指标反映合理性（5分）、明确性（5分），指标分值 10 分，自评得分 11 分，得分率 110%。") == [
        "contradicts"
    ]
    assert statuses("该指标反映合理性（5分）、明确性（5分），指标分值 10 分，自评得分 8 分，得分率 90%。") == [
        "contradicts"
    ]


def test_a_number_of_things_is_held_against_those_named():
    assert statuses("我局下设事业单位 4 个：信息中心、服务中心、交易中心。") == ["question"]
    assert statuses("我局下设事业单位 3 个：信息中心、服务中心、交易中心。") == []


def test_nothing_in_a_report_is_markup():
    page = marked("<b>", audit(paper_of_text("<script>alert(1)</script>预算 5 万元，其中甲 3 万元，乙 4 万元。")), "zh")
    assert "<script>" not in page
    assert "&lt;b&gt;" in page


def test_every_link_of_the_page_leads_to_one_place():
    import re

    page = marked("报告", audit(paper_of_text(CLEAN.replace("60.00", "61.00").replace("“优”", "“良”"))), "zh")
    places = re.findall(r' id="(\w+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#(\w+)"', page)) <= set(places)


parts = st.lists(st.decimals(min_value="0.01", max_value=9999, places=2), min_size=2, max_size=6)


def listed(total, amounts):
    names = "甲乙丙丁戊己"
    told = "，".join(f"{names[number]}类项目 {amount} 万元" for number, amount in enumerate(amounts))
    return f"专项资金共安排 {total} 万元，分别为{told}。"


@given(parts)
def test_parts_that_make_up_their_total_agree_and_any_other_total_is_found(amounts):
    total = sum(amounts)
    assert matters(listed(total, amounts)) == set()
    off = total + 1
    assert statuses(listed(off, amounts)) == ["contradicts"]


@given(st.lists(st.decimals(min_value=100, max_value=9999, places=2), min_size=2, max_size=6))
def test_a_share_is_a_slip_exactly_where_it_is_not_the_quotient_rounded(amounts):
    total = sum(Fraction(amount) for amount in amounts)
    shares = [round(Fraction(amount) / total * 10000) for amount in amounts]
    names = "甲乙丙丁戊己"

    def text(printed):
        told = "；".join(
            f"{names[number]}类项目 {amount} 万元，占 {share // 100}.{share % 100:02}%"
            for number, (amount, share) in enumerate(zip(amounts, printed, strict=True))
        )
        return f"专项资金共安排 {sum(amounts)} 万元，其中，{told}。"

    assert not [label for status, label in matters(text(shares)) if "的占比" in label and status != "rounding"]
    wrong = [shares[0] + 37, *shares[1:]]
    assert [label for status, label in matters(text(wrong)) if status == "misprint"] == ["甲类项目的占比"]


def test_the_table_of_words_and_every_audit_fit_their_schemas():
    import json

    from jmrules.documents import pretty
    from jmrules.read import audit_document, audits_document
    from jmrules.resources import shipped
    from laws.schemas import schema_errors

    assert schema_errors("reading", json.loads((shipped("schemas") / "reading.zh.json").read_text("utf-8"))) == []
    found = audit(
        paper_of_text(
            CLEAN.replace("60.00", "61.00")
            + "支出率接近 100%。2023-2025 年安排资金 5 万元，其中甲类 3 万元，乙类 2 万元。"
        )
    )
    for document in (audit_document("report", found), audits_document([("report", found)])):
        assert schema_errors("audit", json.loads(pretty(document))) == []


@pytest.mark.parametrize(
    "text",
    [
        "一、预算\n\n2024年部门预算 900 万元，实际支出 855 万元，执行率 95%。\n\n二、项目\n\n宣传培训经费预算 60 万元，实际支出 54 万元，执行率 90%。",
        "2024年安排经费 100 万元，甲、乙分别为 30 万元、20 万元。",
        "在职 142 人，其中公务员 64 人、事业人员 78 人；另有编外人员 35 人。",
        "2024年支出合计 86 万元，比上年减少 4 万元。其中：甲 50 万元，乙 36 万元，比上年减少 1 万元。",
    ],
)
def test_what_a_figure_is_of_is_not_guessed(text):
    assert matters(text) == set()


def test_names_and_figures_told_side_by_side_belong_together():
    assert {status for status, _ in matters("甲补助、乙补助分别为 3 万元、5 万元，合计 9 万元。")} == {"contradicts"}
    assert matters("甲补助、乙补助分别为 3 万元、5 万元，合计 8 万元。") == set()


def test_an_evaluation_of_another_period_than_a_year_is_a_question():
    assert statuses("评价期间为2022年7月1日至2023年6月30日。") == ["question"]
    assert statuses("评价期间为2023年1月1日至2023年12月31日。") == []

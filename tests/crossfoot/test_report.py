"""The real report: every matter that its figures hold, once, with the status it has; and each of its slips when mended."""

from fractions import Fraction as F

import pytest

from crossfoot.report import department, ruleset
from jmrules.crossfoot import cross_foot
from jmrules.crossfoot.words import said

# The report's own figures, in 万元, with its sections.
BUDGET, BASIC, PROJECT = F("21573.15"), F("2496.45"), F("19076.70")  # 一（四）, 二（二）2
OUTTURN, OUTTURN_BASIC, OUTTURN_PROJECT = F("11440.64"), F("2733.36"), F("8707.29")  # 一（四）, 二（二）2
LISTED = {  # 一（四）: budget, outturn
    "“数字政府”建设专项资金": (F(14400), F("4616.26")),
    "政务服务管理监督专项经费": (F("1087.78"), F("1063.58")),
    "公共资源交易运作经费": (F("412.16"), F("364.16")),
    "大楼后勤运作经费": (F("344.93"), F("344.93")),
    "江门市-省数字政府基础能力均衡化发展奖补资金": (F("2650.65"), F("2130.65")),
}
#: cut or transferred out without an amount, 一（四）
CUT = [name for name in LISTED if not name.startswith("大楼")]
ADDED = F("4.9")  # 二（三）4
FUND = F(29540)  # 二（二）3
CATEGORY = {  # amount, share printed in percent
    "依合同支付类项目": ("24040.26", "81.39"),
    "基础运维类项目": ("4133.78", "13.99"),
    "新建或升级类项目": ("785.96", "2.66"),
    "工作经费": ("580", "1.96"),
}
NATURE = {
    "营商环境类项目": ("863.3", "2.92"),
    "民生保障类项目": ("1953.40", "6.61"),
    "政务服务类项目": ("868.69", "2.94"),
    "社会治理类项目": ("7704.39", "26.08"),
    "政府协同类项目": ("4974.89", "16.86"),
    "基础设施建设类项目": ("11261.32", "38.11"),
    "部门管理系统类项目": ("1914.01", "6.48"),
}


def matters(facts=None):
    return cross_foot(ruleset(), facts or department())


def by_id(found):
    assert len({matter.id for matter in found if matter.item is None}) == sum(matter.item is None for matter in found)
    return {matter.id: matter for matter in found}


def amiss(found):
    return {matter.id: matter.status for matter in found if matter.status != "agrees"}


def test_every_matter_of_the_report_is_told_once():
    assert amiss(matters()) == {
        "outturn_parts": "rounding",
        "projects_budget": "remainder",
        "projects_outturn": "remainder",
        "additions_implied": "question",
        "execution_rate": "cannot-be-computed",
        "large_balances_as_stated": "cannot-be-computed",
        "breakdowns.2.share.0": "rounding",
        "breakdowns.3.share.4": "misprint",
        "breakdowns.3.share.5": "misprint",
        "budget_initial.years": "misprint",
        "breakdowns.2.period": "question",
    }


def test_no_two_matters_say_the_same():
    found = [matter for matter in matters() if matter.stated is not None and matter.computed is not None]
    told = [(matter.label.zh, matter.item) for matter in found]
    assert len(told) == len(set(told))


def test_a_statement_is_held_against_another_place():
    for matter in matters():
        if matter.kind == "statements":
            assert not set(matter.stated.sections) & set(matter.computed.sections)
    # 年中追加 and its ratio are stated in one place: there is nothing to hold them against.
    assert "added_mid_year.statements" not in by_id(matters())


def test_outturn_is_off_by_a_cent_from_its_parts():
    matter = by_id(matters())["outturn_parts"]
    assert matter.difference == OUTTURN - OUTTURN_BASIC - OUTTURN_PROJECT == F("-0.01")


def test_each_remainder_is_told_once_though_two_tables_show_it():
    found = by_id(matters())
    budget, outturn = (sum(row[index] for row in LISTED.values()) for index in (0, 1))
    assert found["projects_budget"].difference == PROJECT - budget == F("181.18")
    assert found["projects_outturn"].difference == OUTTURN_PROJECT - outturn == F("187.71")
    assert "breakdowns" in found["projects_budget"].facts and "breakdowns.0.sum" not in found


def test_shares_are_two_slips_and_one_that_took_up_what_rounding_left():
    def due(amount):
        return F(round(F(amount) / FUND * 10000), 100)

    assert {name for name, (amount, share) in NATURE.items() if due(amount) != F(share)} == {
        "政府协同类项目",
        "基础设施建设类项目",
    }
    assert [name for name, (amount, share) in CATEGORY.items() if due(amount) != F(share)] == ["依合同支付类项目"]
    # Rightly rounded the four are 99.99; the largest is printed as 100 less the others.
    assert sum(due(amount) for amount, _ in CATEGORY.values()) == F("99.99")
    assert sum(F(share) for _, share in CATEGORY.values()) == 100
    found = by_id(matters())
    assert found["breakdowns.2.share.0"].status == "rounding" and found["breakdowns.2.share.0"].reason is not None
    assert found["breakdowns.3.share.4"].computed.value == F("4974.89") / FUND


def test_what_was_spent_beyond_budgets_is_one_question_and_the_points_stand():
    matter = by_id(matters())["additions_implied"]
    unlisted = (
        OUTTURN_PROJECT - sum(row[1] for row in LISTED.values()) - PROJECT + sum(row[0] for row in LISTED.values())
    )
    assert [side.value for side in matter.figures] == [OUTTURN_BASIC - BASIC, unlisted] == [F("236.91"), F("6.53")]
    assert (matter.computed.value, matter.stated.value, matter.difference) == (F("243.44"), ADDED, F("238.54"))
    assert matter.effect.value == F("243.44") and not matter.effect.moves and matter.doubted == ()
    assert matter.effect.derived[0].value == F("243.44") / BUDGET  # 1.13 %
    assert [(each.id, each.before, each.after) for each in matter.effect.indicators] == [
        ("budget_constraint", (2, 2), (2, 2))
    ]
    assert "1.13%" in said(matter).zh


def test_a_department_that_lists_no_adjustments_has_the_question_too():
    assert by_id(matters(department({"adjustments": None})))["additions_implied"].difference == F("238.54")


def test_to_withhold_an_outturn_leaves_the_additions_open():
    found = by_id(matters(department({"outturn_basic": {"unknown": True}})))
    matter = found["additions_implied"]
    assert (matter.status, matter.doubted) == ("cannot-be-computed", ("added_mid_year",))
    assert "决算支出·基本支出" in matter.open.missing.zh
    assert "outturn_within_budget" not in amiss(found.values())


def test_additions_that_would_cost_points_are_doubted():
    # 3,000 spent beyond the basic budget: 3,006.53 of 21,573.15 is 13.94 %, which the ruleset no longer gives full marks.
    facts = {"outturn_basic": {"value": 5496.45, "basis": "figure"}}
    matter = by_id(matters(department(facts)))["additions_implied"]
    assert matter.status == "question" and matter.effect.moves and matter.doubted == ("added_mid_year",)


def test_the_adjusted_rate_cannot_be_computed():
    matter = by_id(matters())["execution_rate"]
    most = sum(LISTED[name][0] - LISTED[name][1] for name in CUT)
    assert (matter.open.low, matter.open.high) == (OUTTURN / BUDGET, OUTTURN / (BUDGET - most))
    assert (round(matter.open.low * 100, 2), round(matter.open.high * 100, 2)) == (F("53.03"), F("102.17"))
    assert (matter.open.reaches, matter.open.needed, matter.open.most) == (1, F("10132.51"), F("10375.94"))
    # What is declared may be doubted, the figures that it is computed from are not.
    assert set(matter.doubted) <= {"execution_rate_adjusted"} and "压减" in matter.open.missing.zh


def amounts(*given):
    document = department().source.value["facts"]["adjustments"]["value"]
    rows = [dict(row) for row in document if row["kind"] in ("cut", "transfer_out")]
    for row, amount in zip(rows, given, strict=True):
        row["amount"] = {"value": amount, "basis": "figure"}
    return {"adjustments": {"value": rows, "basis": "figure"}}


def test_with_amounts_the_adjusted_rate_is_computed():
    # 10,132.51 left out: 11440.64 of 11440.64.
    found = by_id(matters(department(amounts(9000, 20, 40, 700, 372.51))))
    assert found["execution_rate"].status == "agrees"
    # Far less left out than a rate of 95 to 105 % takes.
    found = by_id(matters(department(amounts(1, 1, 1, 1, 1))))
    assert found["execution_rate"].status == "contradicts"


def test_the_funds_rate_is_held_against_the_fund_where_it_is_stated():
    stated = {"fund_execution_rate_adjusted": {"between": [0.95, 1], "basis": "assertion"}}
    projects = [dict(row) for row in department().source.value["facts"]["projects"]["value"]]
    for row in projects:
        row["special_fund"] = row["name"].startswith("“数字政府”")
    found = by_id(matters(department({**stated, "projects": {"value": projects, "basis": "figure"}})))
    matter = found["fund_execution_rate"]
    assert matter.status == "cannot-be-computed"
    assert matter.open.low == F("4616.26") / 14400 and round(matter.open.low * 100, 2) == F("32.06")
    assert (matter.open.reaches, matter.open.needed, matter.open.most) == (1, F("9783.74"), F("9783.74"))
    assert "fund_execution_rate" not in by_id(matters())


def test_the_year_slip_is_one_though_three_figures_bear_it():
    matter = by_id(matters())["budget_initial.years"]
    assert matter.facts == ("budget_initial", "budget_basic", "budget_project")
    assert (matter.stated.value, matter.stated.sections, matter.computed.value) == (2025, ("二（二）2",), 2024)
    assert [side.value for side in matter.figures] == [BUDGET, BASIC, PROJECT]


def test_a_table_of_three_years_is_not_of_the_year():
    matter = by_id(matters())["breakdowns.2.period"]
    assert "2023-2025" in matter.stated.label.zh and "按项目性质" in matter.label.zh


def changed(name, change):
    value = department().source.value["facts"][name]
    rows = [dict(row) for row in value["value"]]
    change(rows)
    return {name: {**value, "value": rows}}


def test_a_projects_figure_and_the_same_figure_in_a_breakdown_are_held_together():
    def slip(rows):
        rows[1]["outturn"] = {"value": 1036.58, "basis": "figure"}

    found = by_id(matters(department(changed("projects", slip))))
    wrong = {id: status for id, status in amiss(found.values()).items() if status == "contradicts"}
    assert list(wrong) == ["breakdowns.1.projects_outturn.1"]
    matter = found["breakdowns.1.projects_outturn.1"]
    assert matter.item == "政务服务管理监督专项经费" and matter.difference == F("27")


def test_a_count_and_its_list_are_held_together():
    found = by_id(matters(department(changed("outputs", lambda rows: rows.pop()))))
    assert found["counts.0.listed"].status == "contradicts"
    assert (found["counts.0.listed"].stated.value, found["counts.0.listed"].computed.value) == (14, 13)


@pytest.mark.parametrize(
    "claims, id",
    [
        # One group is not claimed: what is below it says what it comes to.
        (
            {"total": 100, "indicators": {"duty_effectiveness": 50, "budget_preparation": 10, "target_setting": 10}},
            None,
        ),
        ({"total": 100, "indicators": {"duty_effectiveness": 49}}, "claims.sum.total"),
        ({"total": 40, "indicators": {"duty_effectiveness": 50}}, "claims.sum.total"),
        ({"indicators": {"duty_effectiveness": 50, "output_completion": 10}}, "claims.sum.duty_effectiveness"),
        ({"indicators": {"output_completion": 16}}, "claims.points.output_completion"),
        ({"indicators": {"output_completion": -1}}, "claims.points.output_completion"),
        ({"total": 85, "grade": "优"}, "claims.grade"),
    ],
)
def test_claims_that_cannot_stand_together_are_told(claims, id):
    found = {m.id for m in matters(department(claims=claims)) if m.status == "contradicts"}
    assert found == ({id} if id else set())


def test_an_earlier_grade_that_its_score_does_not_earn_has_to_be_explained():
    history = [{"fiscal_year": 2023, "total": 88.85, "grade": "优", "section": "四"}]
    assert by_id(matters(department(history=history)))["history.0.grade"].status == "question"
    assert by_id(matters())["history.0.grade"].status == "agrees"

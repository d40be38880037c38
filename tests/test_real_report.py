"""The real report's figures, typed from it with their sections, worked out again with fractions alone: nothing here asks jmrules.

What the report's figures say of each other is what cross-footing must find, and what the shipped case holds must be these figures.
"""

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

CASE = Path(__file__).parents[1] / "rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"

#: section -> figures in the order in which they stand there
FIGURES = {
    "一（四）": {
        "budget": "21573.15", "budget_basic": "2496.45", "budget_project": "19076.70",
        "outturn": "11440.64", "outturn_basic": "2733.36", "outturn_project": "8707.29",
    },
    "二（二）2": {
        "budget": "21573.15", "budget_basic": "2496.45", "budget_project": "19076.70",
        "outturn": "11440.64", "outturn_basic": "2733.36", "outturn_project": "8707.29",
    },
    "二（三）4": {"added": "4.9", "budget": "21573.15", "added_share": "0.02"},
    "二（二）1": {"outputs": "14", "benefits": "4"},
}  # fmt: skip
#: name -> initial budget and outturn, both 一（四）
PROJECTS = {
    "“数字政府”建设专项资金": ("14400", "4616.26"),
    "政务服务管理监督专项经费": ("1087.78", "1063.58"),
    "公共资源交易运作经费": ("412.16", "364.16"),
    "大楼后勤运作经费": ("344.93", "344.93"),
    "江门市-省数字政府基础能力均衡化发展奖补资金": ("2650.65", "2130.65"),
}
#: the department says that it is in charge of these
FUNDS = ("“数字政府”建设专项资金", "江门市-省数字政府基础能力均衡化发展奖补资金")
#: asked to be left out, without an amount: cut, or moved to the departments that spend it
ASKED = [
    ("cut", "“数字政府”建设专项资金"), ("cut", "政务服务管理监督专项经费"), ("cut", "公共资源交易运作经费"),
    ("transfer_out", "“数字政府”建设专项资金"), ("transfer_out", "江门市-省数字政府基础能力均衡化发展奖补资金"),
]  # fmt: skip
#: 二（二）3, for 2023 to 2025: amount and share in percent as printed
ARRANGED = "29540"
BY_CATEGORY = {
    "依合同支付类项目": ("24040.26", "81.39"), "基础运维类项目": ("4133.78", "13.99"),
    "新建或升级类项目": ("785.96", "2.66"), "工作经费": ("580", "1.96"),
}  # fmt: skip
BY_NATURE = {
    "营商环境类项目": ("863.3", "2.92"), "民生保障类项目": ("1953.40", "6.61"), "政务服务类项目": ("868.69", "2.94"),
    "社会治理类项目": ("7704.39", "26.08"), "政府协同类项目": ("4974.89", "16.86"),
    "基础设施建设类项目": ("11261.32", "38.11"), "部门管理系统类项目": ("1914.01", "6.48"),
}  # fmt: skip
OUTPUTS, BENEFITS = (
    {"数量指标": 6, "质量指标": 5, "时效指标": 3},
    {"社会效益指标": 2, "生态效益指标": 1, "可持续性效益指标": 1},
)
#: 二（二）, 二（三）
CLAIMED = {
    "output_completion": 15, "benefit_completion": 15, "special_fund": 20, "budget_rationality": 8, "new_project_appraisal": 2,
    "target_rationality": 5, "indicator_clarity": 5, "input_cost": 7, "cost_control": 7, "budget_constraint": 2,
    "financial_compliance": 4, "performance_system": 5, "result_application": 3, "budget_disclosure": 1, "performance_disclosure": 1,
}  # fmt: skip
CLAIMED_GROUPS = {
    "duty_effectiveness": 50, "budget_preparation": 10, "target_setting": 10, "cost_management": 14, "budget_execution": 6,
    "performance_management": 8, "disclosure": 2,
}  # fmt: skip

BUDGET, BASIC, PROJECT, SPENT, SPENT_BASIC, SPENT_PROJECT = (Fraction(text) for text in FIGURES["一（四）"].values())
ADDED = Fraction(FIGURES["二（三）4"]["added"])


def percent(share, places=2):
    """A share as it is printed: percent, half up."""
    scaled = share * 100 * 10**places
    return Decimal((scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)).scaleb(-places)


def left(name):
    budget, outturn = map(Fraction, PROJECTS[name])
    return budget - outturn


def test_budget_and_outturn_are_their_parts():
    assert BASIC + PROJECT == BUDGET
    assert Fraction("-0.01") == SPENT - (SPENT_BASIC + SPENT_PROJECT)


def test_the_projects_listed_leave_remainders():
    budgets, outturns = (sum(Fraction(pair[side]) for pair in PROJECTS.values()) for side in (0, 1))
    assert (budgets, outturns) == (Fraction("18895.52"), Fraction("8519.58"))
    assert (PROJECT - budgets, SPENT_PROJECT - outturns) == (Fraction("181.18"), Fraction("187.71"))


def test_more_was_added_than_is_stated():
    """Basic spending above its budget, and unlisted projects above theirs, imply additions; the points stand all the same."""
    basic = SPENT_BASIC - BASIC
    unlisted = Fraction("187.71") - Fraction("181.18")
    assert (basic, unlisted) == (Fraction("236.91"), Fraction("6.53"))
    assert basic + unlisted == Fraction("243.44")
    assert basic + unlisted - ADDED == Fraction("238.54")
    assert percent((basic + unlisted) / BUDGET) == Decimal("1.13")
    assert percent(ADDED / BUDGET) == Decimal("0.02")


def test_what_is_to_be_left_out_decides_the_rate():
    asked = sum(left(name) for name in {name for _, name in ASKED})
    assert percent(SPENT / BUDGET) == Decimal("53.03")
    assert asked == Fraction("10375.94")
    assert percent(SPENT / (BUDGET - asked)) == Decimal("102.17")
    assert BUDGET - SPENT == Fraction("10132.51") < asked


def test_the_funds_spent_less_than_half():
    rates = [Fraction(PROJECTS[name][1]) / Fraction(PROJECTS[name][0]) for name in FUNDS]
    assert list(map(percent, rates)) == [Decimal("32.06"), Decimal("80.38")]
    budget, outturn = (sum(Fraction(PROJECTS[name][side]) for name in FUNDS) for side in (0, 1))
    assert (budget, outturn) == (Fraction("17050.65"), Fraction("6746.91"))
    assert percent(outturn / budget) == Decimal("39.57")
    assert percent(outturn / budget * 10 / 100) == Decimal("3.96")


def test_three_projects_left_more_than_a_tenth():
    large = [name for name, (budget, _) in PROJECTS.items() if left(name) > Fraction(budget) / 10]
    assert large == [FUNDS[0], "公共资源交易运作经费", FUNDS[1]]


@pytest.mark.parametrize(
    ("parts", "slips"),
    [
        # rounded they add up to 99.99, and the largest bears the difference
        (BY_CATEGORY, {"依合同支付类项目": "81.38"}),
        (BY_NATURE, {"政府协同类项目": "16.84", "基础设施建设类项目": "38.12"}),
    ],
)
def test_the_shares_of_what_was_arranged(parts, slips):
    whole = Fraction(ARRANGED)
    assert sum(Fraction(amount) for amount, _ in parts.values()) == whole
    assert sum(Fraction(share) for _, share in parts.values()) == 100
    computed = {name: percent(Fraction(amount) / whole) for name, (amount, _) in parts.items()}
    assert sum(computed.values()) == Decimal("99.99")
    wrong = {name: str(share) for name, share in computed.items() if share != Decimal(parts[name][1])}
    assert wrong == slips


def test_the_counts_and_the_points_add_up():
    assert (sum(OUTPUTS.values()), sum(BENEFITS.values())) == (14, 4)
    assert sum(CLAIMED.values()) == sum(CLAIMED_GROUPS.values()) == 100


@pytest.fixture(scope="module")
def case():
    return json.loads(CASE.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)


def told(fact):
    """A figure of the case and the one section where it was looked up."""
    (place,) = fact["evidence"]
    assert (fact["basis"], place["document"]) == ("figure", "report")
    return fact["value"], place["section"]


def test_the_case_holds_the_figures_where_they_stand(case):
    names = {
        "budget": "budget_initial", "budget_basic": "budget_basic", "budget_project": "budget_project", "outturn": "outturn",
        "outturn_basic": "outturn_basic", "outturn_project": "outturn_project", "added": "added_mid_year",
        "added_share": "addition_ratio_stated",
    }  # fmt: skip
    stated = {
        (place["section"], name): place["value"]
        for name, fact in case["facts"].items()
        for place in fact.get("statements", ())
        if isinstance(place["value"], Decimal) and "period" not in place
    }
    assert stated == {
        (section, names[name]): Decimal(value)
        for section, figures in FIGURES.items()
        for name, value in figures.items()
        if name in names
    }
    for name, fact in case["facts"].items():
        if name in names.values():
            assert fact["value"] in {place["value"] for place in fact["statements"]}
    assert (told(case["facts"]["outputs"] | {"value": case["facts"]["outputs"]["length"]})) == (14, "二（二）1")
    assert (told(case["facts"]["benefits"] | {"value": case["facts"]["benefits"]["length"]})) == (4, "二（二）1")


def test_the_case_holds_the_projects_and_what_is_asked_for(case):
    projects = case["facts"]["projects"]["value"]
    assert {
        row["name"]["value"]: (told(row["budget_initial"]), told(row["outturn"])) for row in projects
    } == {
        name: ((Decimal(budget), "一（四）"), (Decimal(outturn), "一（四）")) for name, (budget, outturn) in PROJECTS.items()
    }  # fmt: skip
    assert tuple(row["name"]["value"] for row in projects if row["special_fund"]["value"]) == FUNDS
    rows = case["facts"]["adjustments"]["value"]
    asked = [row for row in rows if row["kind"]["value"] != "addition"]
    assert [(row["kind"]["value"], row["project"]["value"]) for row in asked] == ASKED
    # Asked for is not accepted, and no amount is given.
    assert all(row["amount"] == row["accepted"] == {"unknown": True} for row in asked)
    (added,) = [row for row in rows if row["kind"]["value"] == "addition"]
    assert told(added["amount"]) == (Decimal("4.9"), "二（三）4")


def test_the_case_holds_the_breakdowns_and_their_period(case):
    breakdowns = case["facts"]["breakdowns"]["value"]
    assert [(each["period"], told(each["total"])) for each in breakdowns] == [("2023-2025", (29540, "二（二）3"))] * 2
    for each, parts in zip(breakdowns, (BY_CATEGORY, BY_NATURE), strict=True):
        assert [
            (part["label"], str(part["amount"]["value"]), str(part["share"]["value"])) for part in each["parts"]
        ] == [(name, amount, share) for name, (amount, share) in parts.items()]
    counts = case["facts"]["counts"]["value"]
    assert [{part["label"]: part["amount"]["value"] for part in each["parts"]} for each in counts] == [
        OUTPUTS,
        BENEFITS,
    ]
    results = case["facts"]["fund_targets"]
    assert results["unknown"] is True
    assert [(place["value"], place["period"]) for place in results["statements"]] == [
        (161, "2023-2025"),
        (37, "2023-2025"),
    ]


def test_the_case_claims_what_the_report_claims(case):
    assert case["claims"] == {"total": 100, "grade": "优", "indicators": CLAIMED | CLAIMED_GROUPS}


def test_the_case_fills_nothing_in(case):
    """What the report does not say is unknown; whatever is given says where the report says it."""
    facts = case["facts"]
    unknown = {name for name, fact in facts.items() if "unknown" in fact or "length" in fact}
    assert unknown == {
        "outputs", "benefits", "fund_targets", "allocation_rule_written", "detailed_share", "internal_transfers",
        "targets_without_tasks", "targets_without_budget", "indicators_unmeasurable", "indicators_unquantified",
        "targets_ungrounded", "targets_published",
    }  # fmt: skip
    # Nothing is said of the fund's own rate, so nothing of it is declared.
    assert "fund_execution_rate_adjusted" not in facts
    assert all(
        place.get("section") for name, fact in facts.items() if name not in unknown for place in fact["evidence"]
    )
    # Rules are named without dates, and what is close to 100 % is not 100 %.
    assert all(
        rule["issued"] == {"unknown": True}
        for rule in facts["performance_rules"]["value"] + facts["cost_rules"]["value"]
    )
    assert facts["execution_rate_adjusted"]["between"] == [Decimal("0.95"), 1]
    assert Counter(fact.get("basis") for fact in facts.values())["verified"] == 0

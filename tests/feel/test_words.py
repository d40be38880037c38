"""Expressions as reviewers read them: what is told once, in the unit that it has, and not in the language's own signs."""

from decimal import Decimal as D

import pytest

from jmrules.errors import JmrulesError, Text
from jmrules.feel import Meaning, Vocabulary, Words, interpret, parse, said_tests

KINDS = {"add": Text("追加", "addition")}
MEANINGS = {
    "a": Meaning(Text("甲", "a"), "CNY_10k"),
    "b": Meaning(Text("乙", "b"), "CNY_10k"),
    "rate": Meaning(Text("支出率", "rate"), "ratio"),
    "kind": Meaning(Text("类别", "kind"), values=KINDS),
    "fund": Meaning(Text("专项资金", "special fund")),
    "gone": Meaning(Text("调整数", "adjusted"), "CNY_10k"),
    "rows": Meaning(Text("项目", "projects")),
}
FIELDS = {"rows": {"spent": Meaning(Text("支出", "spent"), "CNY_10k"), "late": Meaning(Text("迟报", "late"))}}
VALUES = {
    "a": D(84),
    "b": D(80),
    "rate": D("0.4988"),
    "kind": "add",
    "fund": False,
    "gone": None,
    "rows": [{"spent": D(3), "late": False}, {"spent": D(4), "late": False}],
}


def said(text):
    tree = parse(text)

    def find(part, whole):
        try:
            return interpret(part, whole, VALUES, strict=True)[0]
        except JmrulesError:
            return None

    return Words(Vocabulary(MEANINGS, FIELDS), VALUES.get, find).both(tree, text)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        # What is so is said once; what is not is said with what it is held against.
        ('kind = "add"', "类别 追加", "kind addition"),
        ('kind = "cut"', "类别 追加 = “cut”", "kind addition = “cut”"),
        ('kind != "cut"', "类别 追加 ≠ “cut”", "kind addition ≠ “cut”"),
        ("fund != true", "专项资金 否", "special fund no"),
        ("gone = null", "调整数 未填", "adjusted not given"),
        # A comparison that does not hold is told as the one that does.
        ("not(a <= b)", "甲 84.00 万元 > 乙 80.00 万元", "a 84.00 CNY 10k > b 80.00 CNY 10k"),
        ("not(fund)", "专项资金 否", "special fund no"),
        # A rate is rounded to so many percent.
        ("round half up(rate, 2)", "支出率 49.88% 四舍五入到 1%", "rate 49.88% rounded half up to 1%"),
        ("round half up(rate, 3)", "支出率 49.88% 四舍五入到 0.1%", "rate 49.88% rounded half up to 0.1%"),
        ("round half up(a, 1)", "甲 84.00 万元 四舍五入到 1 位小数", "a 84.00 CNY 10k rounded half up to 1 decimals"),
        # Sums are in the unit of what they are of.
        ("sum(rows.spent)", "项目的支出合计 7.00 万元", "sum of spent of projects 7.00 CNY 10k"),
        (
            "sum(for r in rows return if r.spent > 3 then r.spent else 0)",
            "项目各项的（若 支出 > 3.00 万元 则 支出，否则 0）合计 4.00 万元",
            "sum of (spent if spent > 3.00 CNY 10k, else 0) of each of projects 4.00 CNY 10k",
        ),
        ("max(a, b)", "甲 84.00 万元、乙 80.00 万元中的最大值 84.00 万元", None),
        # The less usual functions, parts of dates, types and ranges of days have words too.
        ("list contains(rows.late, fund)", "项目的迟报中有专项资金 否", "special fund no among late of projects"),
        ("count(distinct values(rows.spent)) = 2", "项目的支出去重后项数 2", "number of distinct spent of projects 2"),
        ('starts with(kind, "a")', "类别 追加以“a”开头", "kind addition begins with “a”"),
        ("string(a)", "甲 84.00 万元", "a 84.00 CNY 10k"),
        ("a instance of number", "甲 84.00 万元 是数", "a 84.00 CNY 10k is a number"),
        ('date("2024-05-01").year = 2024', "2024-05-01的年份 = 2024", "year of 2024-05-01 = 2024"),
        # A constant is told with what leads to it, but where it adds nothing.
        ("if fund then a / b else 1", "1（专项资金 否）", "1 (special fund no)"),
        # A value that is the one asked for is told once.
        ("a = 84", "甲 84.00 万元", "a 84.00 CNY 10k"),
        ("count(rows) = 2", "项目项数 2", "number of projects 2"),
        ("a = 83", "甲 84.00 万元 = 83.00 万元", "a 84.00 CNY 10k = 83.00 CNY 10k"),
        # Of conditions that do not hold together, those that do not.
        ("not(a <= b and rate < 1)", "甲 84.00 万元 > 乙 80.00 万元", "a 84.00 CNY 10k > b 80.00 CNY 10k"),
        (
            "not(a <= b and fund)",
            "甲 84.00 万元 > 乙 80.00 万元 且 专项资金 否",
            "a 84.00 CNY 10k > b 80.00 CNY 10k and special fund no",
        ),
        ("count(rows[not(late)])", "项目（并非迟报）项数 2", "number of projects (where not late) 2"),
        ("some row in rows satisfies row.late", "项目中有一项满足（迟报）", "some of projects (where late)"),
        # What is divided by its like is a rate, and so is how far that is from 1.
        (
            "abs(a / b - 1)",
            "（甲 84.00 万元 ÷ 乙 80.00 万元 − 1）的绝对值 5%",
            "absolute value of (a 84.00 CNY 10k ÷ b 80.00 CNY 10k − 1) 5%",
        ),
        ("a - (if gone = null then 0 else gone)", "甲 84.00 万元", "a 84.00 CNY 10k"),
    ],
)
def test_words(text, zh, en):
    found = said(text)
    assert found.zh == zh
    assert en is None or found.en == en


@pytest.mark.parametrize(
    ("tests", "zh"),
    [
        ("[date(2024, 1, 1)..date(2025, 3, 31)]", "≥ 2024-01-01 且 ≤ 2025-03-31"),
        ('<= date("2024-12-31") + duration("P20D")', "≤ 2025-01-20"),
        ("> 1, < 0", "> 1 或 < 0"),
    ],
)
def test_ends_that_are_computed_from_constants_are_told_by_their_values(tests, zh):
    assert said_tests(tests, None).zh == zh

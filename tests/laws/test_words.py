"""What a trace says in words of a leaf's points, and what it awards, are the same."""

import re
from decimal import Decimal as D
from fractions import Fraction as F

import pytest
from hypothesis import assume, given, settings

from jmrules import EvaluationError
from laws.common import score, single_leaf
from strategies import Case, cases

NUMBER = r"-?\d[\d,]*(?:\.\d+)?"


def points_said(explanation, language):
    """The numbers of points in what the leaf is said to earn, but for the points that it is worth, in the notice or as set."""
    text = re.sub(r"（分值由本单位定为[^）]*）$| \(the department set [^)]*\)$", "", explanation.say(language))
    if language == "zh":
        ending = re.findall(rf"(不得分|得满分 .*|得 (?={NUMBER}).*)", re.sub("(不得分|得)", r"\n\1", text))[-1]
        ending = re.sub(rf"（满分 {NUMBER} 分）", "", "0" if ending.startswith("不得分") else ending)
    else:
        ending = re.sub(rf" of {NUMBER} points?\b", "", text.rsplit(": ", 1)[-1])
    return [F(number.replace(",", "")) for number in re.findall(NUMBER, ending)]


@settings(max_examples=2 * settings.default.max_examples)
@given(cases())
def test_the_last_points_named_are_the_award(case):
    """Where rounding makes an award of what the method gives, the text names both, the award last."""
    result = score(case)
    assume(not isinstance(result, EvaluationError))
    for leaf in result.trace.leaves:
        if leaf.outcome in ("excluded", "absent"):
            assert leaf.awarded == 0
            continue
        for language in ("zh", "en"):
            assert points_said(leaf.explanation, language)[-1:] == [F(leaf.awarded)], (language, leaf.explanation)


@pytest.mark.parametrize(
    ("value", "points", "digits", "awarded"),
    [
        ("0.862", 10, 2, "8.62"),
        ("1100 / 2400", 15, 2, "6.88"),
        ("223 / 1200", 6, 2, "1.12"),
        ("2 / 3", 10, 2, "6.67"),
        ("0.8123456", 10, 6, "8.123456"),
        ("1 / 3 + 1 / 3 + 1 / 3", 10, 2, "10"),
    ],
)
def test_the_award_is_said_with_all_its_decimals(value, points, digits, awarded):
    leaf = only_leaf(value, points, digits)
    assert leaf.awarded == D(awarded)
    assert {points_said(leaf.explanation, language)[-1] for language in ("zh", "en")} == {F(awarded)}


@pytest.mark.parametrize(
    ("value", "exact", "awarded"), [("0.862", "8.62", 9), ("0.996", "9.96", 10), ("0.004", "0.04", 0)]
)
def test_rounding_to_whole_points_is_said(value, exact, awarded):
    leaf = only_leaf(value, 10, 0)
    assert leaf.awarded == awarded
    for language in ("zh", "en"):
        assert points_said(leaf.explanation, language) == [F(exact), awarded]


def only_leaf(value, points, digits):
    ruleset = single_leaf({"kind": "ratio", "value": value}, {})
    ruleset["indicators"][0]["points"] = points
    ruleset["rounding"] = {"leaf": digits, "total": 0}
    return score(Case(ruleset, {})).trace.leaves[0]

"""Points are exact: quotients meet ties and edges as the rationals that they are, in scores, traces and words alike."""

import json
from decimal import Decimal as D
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import (
    DocumentError,
    EvaluationError,
    RulesetError,
    bounds,
    evaluate,
    load_facts,
    load_ruleset,
    parse_trace,
    replay,
)
from laws.common import single_leaf

ROOT = Path(__file__).parents[2]
NUMBER = {"type": "number", "label": {"zh": "数"}}
LIST = {"type": "list", "label": {"zh": "专项"}, "item": {"spent": NUMBER}}


def scored(method, facts, *, points=10, digits=2, **more):
    """The evaluation of one leaf; its trace is read back from JSON and derived again on the way."""
    document = single_leaf(method, {name: LIST if isinstance(value, list) else NUMBER for name, value in facts.items()})
    document["indicators"][0]["points"] = points
    document["rounding"]["leaf"] = digits
    result = evaluate(load_ruleset(document | more), facts)
    assert replay(result.trace) == replay(parse_trace(result.to_json())) == ()
    assert parse_trace(result.to_json()) == result.trace
    return result


def only(result):
    (leaf,) = result.trace.leaves
    return leaf


def test_a_quotient_on_a_tie_is_rounded_as_the_tie_that_it_is():
    leaf = only(scored({"kind": "ratio", "value": "spent / budget"}, {"spent": 1100, "budget": 2400}, points=15))
    assert leaf.awarded == D("6.88")
    assert leaf.explanation.zh.endswith("得 6.88 分（满分 15 分）")
    assert leaf.readings[0].value == "11/24"


def test_three_thirds_are_one():
    bands = {"kind": "bands", "value": "rate", "bands": [{"in": ">= 1", "points": 10}, {"in": "< 1", "points": 6}]}
    rate = {"value": "sum(for f in funds return f.spent / plan)", "unit": "ratio", "label": {"zh": "支出率"}}
    result = scored(bands, {"plan": 3, "funds": [{"spent": 1}] * 3}, derived={"rate": rate})
    assert result.total == 10
    rate["value"] = "sum(for f in funds return f.spent / plan) - 1 / 3"
    result = scored(bands, {"plan": 3, "funds": [{"spent": 1}] * 3}, derived={"rate": rate})
    assert result.total == 6
    assert next(each.value for each in only(result).inputs if each.name == "rate") == "2/3"


def test_a_tie_of_a_shipped_notice():
    """223 of 1,200 tasks on time, of 6 points: 1.115."""
    ruleset = load_ruleset(ROOT / "rulesets/mof/department-common-framework/2013.json")
    case = ROOT / "rulesets/mof/department-common-framework/cases/2013/pingyuan-forestry.json"
    document = json.loads(case.read_text(encoding="utf-8"), parse_float=D)
    document["facts"] |= {"work_planned": 1200, "work_done": 1200, "work_on_time": 223, "work_to_standard": 223}
    trace = evaluate(ruleset, load_facts(document)).trace
    found = {leaf.id: leaf for leaf in trace.leaves}
    for id in ("work_on_time_share", "work_quality"):
        assert (found[id].points, found[id].awarded) == (6, D("1.12"))
        assert found[id].explanation.zh.endswith("得 1.12 分（满分 6 分）")
    assert replay(trace) == ()


@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 30), st.integers(0, 3))
def test_an_award_is_the_exact_share_rounded_once(top, bottom, points, digits):
    leaf = only(scored({"kind": "ratio", "value": "a / b"}, {"a": top, "b": bottom}, points=points, digits=digits))
    exact = min(F(1), F(top, bottom)) * points
    assert leaf.awarded == F(
        (2 * exact.numerator * 10**digits + exact.denominator) // (2 * exact.denominator), 10**digits
    )
    assert leaf.share == min(F(1), F(top, bottom))


@pytest.mark.parametrize(
    ("mode", "digits", "said"),
    [
        ("half up", 2, "得 6.88 分（满分 15 分）"),
        ("half down", 2, "得 6.875 分（满分 15 分），取到 2 位小数为 6.87 分"),
        ("half even", 2, "得 6.88 分（满分 15 分）"),
        ("down", 2, "得 6.875 分（满分 15 分），取到 2 位小数为 6.87 分"),
        ("half up", 0, "得 6.88 分（满分 15 分），取整为 7 分"),
        ("half up", 3, "得 6.875 分（满分 15 分）"),
    ],
)
def test_rounding_is_said_where_it_shows(mode, digits, said):
    rounding = {"leaf": digits, "total": digits, "mode": mode}
    document = single_leaf({"kind": "ratio", "value": "11 / 24"}, {}) | {"rounding": rounding}
    document["indicators"][0]["points"] = 15
    assert only(evaluate(load_ruleset(document), {})).explanation.zh.endswith(said)


def test_a_value_beside_an_edge_does_not_look_like_it():
    bands = {"kind": "bands", "value": "a / b", "bands": [{"in": ">= 1", "share": 1}, {"in": "< 1", "share": 0}]}
    said = only(scored(bands, {"a": 999999, "b": 1000000})).explanation.zh
    assert "0.999999" in said
    assert "0.999999" in only(scored({"kind": "ratio", "value": "a / b"}, {"a": 999999, "b": 1000000})).explanation.zh


def test_the_rate_of_a_score_is_exact():
    document = single_leaf({"kind": "ratio", "value": "a / 3"}, {"a": NUMBER})
    first = {**document["indicators"][0], "id": "first"}
    second = {**first, "id": "second", "method": {"kind": "ratio", "value": "scores.first.rate * 3"}}
    document |= {"indicators": [first, second], "rounding": {"leaf": 0, "total": 0}}
    first["points"] = 3
    trace = evaluate(load_ruleset(document), {"a": 1}).trace
    assert [leaf.awarded for leaf in trace.leaves] == [1, 10]
    assert [each.value for each in trace.leaves[1].inputs] == ["1/3"]
    assert replay(parse_trace(evaluate(load_ruleset(document), {"a": 1}).to_json())) == ()


@pytest.mark.parametrize("value", ["2/6", "1/4", "1/0", "0.3333", None, "x", "1e99", "2024-01-01"])
def test_replay_notices_an_altered_quotient(value):
    rate = {"value": "a / 3", "label": {"zh": "率"}}
    document = json.loads(scored({"kind": "ratio", "value": "rate"}, {"a": 1}, derived={"rate": rate}).to_json())
    (given,) = (each for each in document["indicators"][0]["inputs"] if each["name"] == "rate")
    assert given["value"] == "1/3"
    given["value"] = value
    try:
        assert replay(parse_trace(json.dumps(document)))
    except DocumentError:
        assert value in ("x", "1e99", "2024-01-01")


def test_quotients_inside_lists_and_long_numbers_survive_json():
    shares = {"value": "for f in funds return {part: f.spent / 3, whole: f.spent}", "label": {"zh": "份额"}}
    long = {"value": "total ** 4 / 10 ** 100", "label": {"zh": "长数"}}
    method = {"kind": "formula", "points": "sum(shares.part) * 3 + 0 * long"}
    facts = {"total": D("1234567890.123456789"), "funds": [{"spent": 1}, {"spent": 2}]}
    result = scored(method, facts, derived={"shares": shares, "long": long})
    inputs = {each.name: each.value for each in only(result).inputs}
    assert result.total == 3
    assert inputs["shares"] == [{"part": {"@": "1/3"}, "whole": 1}, {"part": {"@": "2/3"}, "whole": 2}]
    assert F(inputs["long"]) == F(facts["total"]) ** 4 / 10**100


def test_what_is_not_known_is_bounded_exactly():
    document = single_leaf({"kind": "ratio", "value": "a / 3 + b / 3"}, {"a": NUMBER, "b": NUMBER})
    found = bounds(load_ruleset(document), {"a": {"between": [1, 2]}, "b": 1})
    assert (found.low, found.high, found.tight) == (D("6.67"), 10, True)


WHERE = {
    "/indicators/0/method/bands/1/in": lambda tests: {"bands": tests},
    "/grades/0/in": lambda tests: {"grade": tests},
    "/facts/x/in": lambda tests: {"fact": tests},
    "/facts/l/item/spent/in": lambda tests: {"field": tests},
    "/derived/d/value": lambda tests: {"derived": f"x in {tests}"},
    "/indicators/0/applies/when": lambda tests: {"applies": f"x in ({tests}, 5)"},
}


def with_range(bands="(10..20]", grade=">= 8", fact="-", field="-", derived="true", applies="true"):
    method = {
        "kind": "bands",
        "value": "x",
        "bands": [{"in": "<= 10", "share": 1}, {"in": bands, "share": 0.5}],
        "otherwise": {"share": 0},
    }
    text, field_of = {"zh": "甲"}, {**NUMBER, "in": field}
    document = single_leaf(method, {"x": {**NUMBER, "in": fact}, "l": {**LIST, "item": {"spent": field_of}}})
    document["derived"] = {"d": {"value": derived, "label": text}}
    document["indicators"][0]["applies"] = {"when": applies, "otherwise": "zero", "reason": text}
    rest = {"id": "rest", "label": text, "in": "< 8"}
    return document | {"grades": [{"id": "any", "label": text, "in": grade}, rest]}


@pytest.mark.parametrize("tests", ["(20..10]", "(8..8)", "[8..8)", "[-1..-2]"])
@pytest.mark.parametrize("pointer", WHERE)
def test_an_empty_range_is_refused_with_its_place(pointer, tests):
    load_ruleset(with_range())
    with pytest.raises(RulesetError) as caught:
        load_ruleset(with_range(**WHERE[pointer](tests)))
    assert (("empty-range", pointer)) in {(each.code, each.place.pointer) for each in caught.value.problems}


@pytest.mark.parametrize("tests", ['[date("2024-02-01")..date("2024-01-01")]', '(@"2024-01-01"..@"2024-01-01")'])
def test_an_empty_range_of_dates_is_refused(tests):
    day = {"type": "date", "label": {"zh": "日"}, "in": tests}
    with pytest.raises(RulesetError) as caught:
        load_ruleset(single_leaf({"kind": "formula", "points": "1"}, {"d": day}))
    assert [each.code for each in caught.value.problems] == ["empty-range"]


@pytest.mark.parametrize("where", ["bands", "grade", "fact"])
def test_tests_that_let_no_number_through_are_refused(where):
    with pytest.raises(RulesetError) as caught:
        load_ruleset(with_range(**{where: "not(< 5, >= 5)"}))
    assert "empty-range" in {each.code for each in caught.value.problems}


@pytest.mark.parametrize("value", ["1.0000001 ** 100000", "long + x / 3"])
def test_too_much_work_is_an_error_and_not_an_undefined_value(value):
    """What is undefined may earn full marks; what was not computed may not."""
    document = single_leaf({"kind": "ratio", "value": value}, {"x": NUMBER})
    document["derived"] = {"long": {"value": "(x / 3) ** 99999", "label": {"zh": "长"}}}
    document["indicators"][0]["undefined"] = {"share": 1, "reason": {"zh": "未定"}}
    with pytest.raises(EvaluationError) as caught:
        evaluate(load_ruleset(document), {"x": 1})
    assert [each.code for each in caught.value.problems] == ["feel-limit"]
    assert "digits" in caught.value.say("en")
    document["derived"]["long"]["value"] = "x / 0"
    document["indicators"][0]["method"]["value"] = "long"
    assert evaluate(load_ruleset(document), {"x": 1}).total == 10

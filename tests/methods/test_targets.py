"""Targets of every kind in a completion: directions, zero and negative targets, ranges, dates, judged levels; rounding of rows and leaves."""

from decimal import Decimal as D
from fractions import Fraction as F

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import bounds, evaluate, evaluate_table, load_ruleset, replay
from jmrules.methods.targets import reached
from laws.common import single_leaf

NUMBERS = st.fractions(-20, 20, max_denominator=12)
SIGNS = {"≥": "more", "≤": "less", "=": "equal", "区间": "range"}


def optional(kind):
    return {"type": kind, "optional": True, "label": {"zh": kind}}


ROWS = {
    "type": "list",
    "label": {"zh": "指标"},
    "item": {
        "name": {"type": "string", "label": {"zh": "名称"}},
        "sign": optional("string"),
        "target": optional("number"),
        "upper": optional("number"),
        "actual": optional("number"),
        "share": optional("number"),
        "due": optional("date"),
        "done": optional("date"),
        "judged": optional("string"),
        "points": optional("number"),
    },
}
LATE = [{"within": 30, "share": D("0.5")}, {"within": 60, "share": D("0.2")}]
LEVELS = [
    {"id": "achieved", "label": {"zh": "达成", "en": "achieved"}, "range": [D("0.8"), 1]},
    {"id": "partly", "label": {"zh": "部分达成", "en": "partly"}, "range": [D("0.6"), D("0.8")]},
    {"id": "none", "label": {"zh": "未达成", "en": "not"}, "share": 0},
]
METHOD = {
    "kind": "completion",
    "items": "rows",
    "share": "share",
    "direction": {"field": "sign", "words": SIGNS},
    "upper": "upper",
    "dates": {"due": "due", "done": "done", "late": LATE},
    "judged": {"field": "judged", "levels": LEVELS},
}


def loaded(**changed):
    return load_ruleset(
        single_leaf({key: each for key, each in (METHOD | changed).items() if each is not None}, {"rows": ROWS})
    )


def leaf_of(*rows, **changed):
    facts = {"rows": [{"name": "甲", **row} for row in rows]}
    evaluation = evaluate(loaded(**changed), facts)
    assert replay(evaluation.trace) == ()
    return evaluation.trace.leaves[0]


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_more_is_never_worse_and_met_is_all(target, other, actual, better):
    low, high = sorted((actual, better))
    assert 0 <= reached("more", target, None, low) <= reached("more", target, None, high) <= 1
    assert 1 >= reached("less", target, None, low) >= reached("less", target, None, high) >= 0
    least, most = sorted((target, other))
    assert (reached("range", least, most, actual) == 1) == (least <= actual <= most)
    assert (reached("equal", target, None, actual) == 1) == (actual == target)
    # a higher target is harder to reach, and easier not to exceed
    assert reached("more", least, None, actual) >= reached("more", most, None, actual)
    assert reached("less", least, None, actual) <= reached("less", most, None, actual)


@pytest.mark.parametrize(
    ("row", "awarded", "branch", "said"),
    [
        ({"sign": "≥", "target": 95, "actual": 57}, 6, "short", "目标 ≥ 95，实际 57，完成 60%"),
        ({"sign": "≤", "target": 3, "actual": 4}, D("7.5"), "less is better: short", "目标 ≤ 3，实际 4，完成 75%"),
        # zero errors
        ({"sign": "≤", "target": 0, "actual": 0}, 10, "less is better: met", "目标 ≤ 0，实际 0，完成 100%"),
        ({"sign": "≤", "target": 0, "actual": 1}, 0, "less is better: short", "目标 ≤ 0，实际 1，完成 0%"),
        # down by 5 % at least
        ({"sign": "≤", "target": -5, "actual": -6}, 10, "less is better: met", "目标 ≤ −5，实际 −6，完成 100%"),
        ({"sign": "≤", "target": -5, "actual": -3}, 6, "less is better: short", "完成 60%"),
        ({"sign": "≤", "target": -5, "actual": 1}, 0, "less is better: short", "完成 0%"),
        # down by no more than 5 %
        ({"sign": "≥", "target": -5, "actual": -10}, 5, "short", "完成 50%"),
        ({"sign": "=", "target": 4, "actual": 5}, 8, "equal to the target: short", "目标 = 4，实际 5，完成 80%"),
        ({"sign": "区间", "target": 3, "upper": 5, "actual": 4}, 10, "within a range: met", "目标 3–5，实际 4"),
        ({"sign": "区间", "target": 3, "upper": 5, "actual": D("2.4")}, 8, "within a range: short", "完成 80%"),
        ({"due": "2024-06-30", "done": "2024-06-30"}, 10, "on time", "期限 2024-06-30，2024-06-30 完成，完成 100%"),
        ({"due": "2024-06-30", "done": "2024-07-30"}, 5, "late 30", "迟 30 天，完成 50%"),
        ({"due": "2024-06-30", "done": "2024-07-31"}, 2, "late 60", "迟 31 天，完成 20%"),
        ({"due": "2024-06-30", "done": "2024-12-31"}, 0, "too late", "完成 0%"),
        ({"judged": "partly", "share": D("0.7")}, 7, "judged partly", "评定为“部分达成”，完成 70%"),
        ({"judged": "none"}, 0, "judged none", "评定为“未达成”，完成 0%"),
        ({"share": D("0.9")}, 9, "stated", "完成率 90%"),
        # figures beat what is stated
        ({"target": 4, "actual": 3, "judged": "achieved", "share": 1}, D("7.5"), "short", "目标 4，实际 3"),
    ],
)
def test_each_kind_of_target(row, awarded, branch, said):
    leaf = leaf_of(row)
    assert (leaf.awarded, leaf.branch) == (awarded, branch)
    assert said in leaf.parts[0].shown.zh


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"sign": "大于", "target": 1, "actual": 1}, "none of the directions"),
        ({"sign": "区间", "target": 3, "actual": 4}, "lacks its upper end"),
        ({"sign": "区间", "target": 3, "upper": 2, "actual": 4}, "ends before it starts"),
        ({"target": 0, "actual": 0}, "not positive"),
        ({"judged": "partly", "share": 1}, "outside the level's range"),
        ({"judged": "partly"}, "lacking"),
        ({"judged": "good"}, "not one of the levels"),
        ({"due": "2024-06-30"}, "lacks its target"),
    ],
)
def test_what_a_row_does_not_say_is_undefined(row, why):
    with pytest.raises(Exception, match=why):
        leaf_of(row)


@pytest.mark.parametrize(
    ("changed", "why", "at"),
    [
        ({"upper": None}, "say by `upper`", "/direction"),
        ({"share": None}, "say by `share`", "/judged/levels/0/range"),
        ({"dates": {"due": "due", "done": "done", "late": LATE[::-1]}}, "must increase", "/dates/late/1/within"),
        ({"dates": {"due": "due", "done": "target"}}, "must be a date", "/dates/done"),
        ({"direction": {"field": "due", "words": SIGNS}}, "must be a string", "/direction/field"),
    ],
)
def test_what_does_not_fit_together_is_refused(changed, why, at):
    with pytest.raises(Exception, match=why) as refused:
        loaded(**changed)
    assert any(each.place.pointer == f"/indicators/0/method{at}" for each in refused.value.problems)


def test_rows_are_rounded_in_their_own_mode():
    rows = [
        {"sign": "≥", "target": 100, "actual": 98, "points": 5},
        {"sign": "≥", "target": 100, "actual": 98, "points": 5},
    ]
    own = {"points": "points", "item_rounding": {"digits": 0, "mode": "down"}}
    assert leaf_of(*rows, **own).awarded == 8
    assert leaf_of(*rows, points="points", item_rounding=0).awarded == 10


def test_a_leaf_is_rounded_as_it_says():
    document = single_leaf({"kind": "ratio", "value": "x"}, {"x": {"type": "number", "label": {"zh": "率"}}})
    document["indicators"][0]["rounding"] = {"digits": 0, "mode": "down"}
    evaluation = evaluate(load_ruleset(document), {"x": D("0.98")})
    assert evaluation.total == 9
    leaf = evaluation.trace.leaves[0]
    assert leaf.explanation.zh.endswith("得 9.8 分（满分 10 分），取整为 9 分")
    assert [loss.points for loss in leaf.losses] == [1]
    assert replay(evaluation.trace) == ()
    document["indicators"][0] |= {"points": D("2.5")}
    assert evaluate(load_ruleset(document), {"x": 1}).total == D("2.5")
    values = [D(each) for each in ("0.3", "0.39", "0.4", "0.99", "1", "2")]
    table = pa.table({"x": pa.array(values, pa.decimal128(10, 2))})
    assert evaluate_table(load_ruleset(document), table)["total"].to_pylist() == [0, 0, 1, 2, D("2.5"), D("2.5")]
    document["indicators"][0]["rounding"]["digits"] = 3
    with pytest.raises(Exception, match="rounded to 3 decimals"):
        load_ruleset(document)


@given(st.data())
def test_bounds_hold_what_may_be(data):
    sign = data.draw(st.sampled_from(list(SIGNS)))
    target, first, second = (D(data.draw(st.integers(-6, 6))) for _ in range(3))
    low, high = sorted((first, second))
    upper = {"upper": target + 2} if sign == "区间" else {}
    row = {"name": "甲", "sign": sign, "target": target, **upper}
    ruleset = loaded()
    possible = bounds(ruleset, {"rows": [{**row, "actual": {"between": [low, high]}}]})
    found = [evaluate(ruleset, {"rows": [{**row, "actual": low + step}]}).total for step in range(int(high - low) + 1)]
    assert possible.low <= min(found) and max(found) <= possible.high
    if sign in "≥≤":
        assert (possible.low, possible.high) == (min(found), max(found))


def test_batches_agree_row_by_row():
    ruleset = loaded()
    rows = [
        {"name": "甲", "sign": "≤", "target": D(0), "actual": D(0)},
        {"name": "乙", "judged": "partly", "share": D("0.7")},
        {"name": "丙", "sign": "=", "target": D(4), "actual": D(5)},
    ]
    number = pa.decimal128(10, 2)
    fields = {
        "name": pa.string(),
        "sign": pa.string(),
        "target": number,
        "upper": number,
        "actual": number,
        "share": number,
    }
    fields |= {"due": pa.date32(), "done": pa.date32(), "judged": pa.string(), "points": number}
    lists = [rows[:1], rows[1:], rows]
    table = pa.table({"rows": pa.array(lists, pa.list_(pa.struct([pa.field(*each) for each in fields.items()])))})
    alone = [evaluate(ruleset, {"rows": each}).total for each in lists]
    assert evaluate_table(ruleset, table)["total"].to_pylist() == alone
    assert alone[0] == 10 and F(alone[1]) == F("7.5")

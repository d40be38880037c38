"""The naive evaluator against examples worked out by hand from docs/ruleset.md."""

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from naive import Outcome, evaluate, feel, round_to, share_out
from naive.functions import Undefined


def leaf(name, points, method, **more):
    return {"id": name, "points": points, "method": method, **more}


def group(name, *children):
    return {"id": name, "children": list(children)}


def ruleset(*indicators, facts=None, derived=None, leaf=2, total=2, mode="half up", grades=None):
    return {
        "rounding": {"leaf": leaf, "total": total, "mode": mode},
        "grades": grades or [{"id": "good", "in": ">= 5"}, {"id": "poor", "in": "< 5"}],
        "facts": facts or {},
        "derived": {name: {"value": text} for name, text in (derived or {}).items()},
        "indicators": list(indicators),
    }


def items(*fields, **kinds):
    return {"type": "list", "item": {name: {"type": kinds.get(name, "number")} for name in fields}}


def award(method, points=10, facts=None, values=None, **more):
    """What a single leaf called x earns; None where it is undefined."""
    outcome = evaluate(ruleset(leaf("x", points, method), facts=facts, **more), values or {})
    assert outcome.failing <= {"x"}
    return None if outcome.failing else outcome.nodes["x"].awarded


def constant(kind, value, **more):
    return {"kind": kind, "value": str(value), **more}


def test_exact_mean_of_sevenths_and_twelfths_rounds_half_up():
    facts = {"outputs": items("target", "actual")}
    values = {"outputs": [{"target": 14, "actual": 7}, {"target": 12, "actual": 7}]}
    assert award({"kind": "completion", "items": "outputs"}, 15, facts, values) == F("8.13")
    assert award({"kind": "completion", "items": "outputs"}, 15, facts, values, mode="half down") == F("8.12")


@pytest.mark.parametrize(
    ("value", "digits", "mode", "rounded"),
    [
        ("0.125", 2, "half up", "0.13"),
        ("0.125", 2, "half even", "0.12"),
        ("0.135", 2, "half even", "0.14"),
        ("0.125", 2, "half down", "0.12"),
        ("0.1251", 2, "half down", "0.13"),
        ("0.121", 2, "up", "0.13"),
        ("0.129", 2, "down", "0.12"),
        ("2.5", 0, "half even", "2"),
        ("0.12", 2, "up", "0.12"),
    ],
)
def test_rounding(value, digits, mode, rounded):
    assert round_to(F(value), digits, mode) == F(rounded)


@pytest.mark.parametrize(
    ("value", "more", "expected"),
    [
        ("0.98", {}, "9.8"),
        ("1.2", {}, "10"),
        ("-1", {}, "0"),
        ("2 / 3", {}, "6.67"),
        ("0.95", {"zero_at": D("0.9")}, "5"),
        ("0.15", {"full_at": D("0.1"), "zero_at": D("0.2")}, "5"),
        ("1 / 0", {}, None),
    ],
)
def test_ratio(value, more, expected):
    assert award(constant("ratio", value, **more)) == (expected and F(expected))


@pytest.mark.parametrize(
    ("item", "options", "expected"),
    [
        ({"target": 10, "actual": 7}, {}, "7"),
        ({"target": 10, "actual": 12}, {}, "10"),
        ({"target": 10, "actual": -2}, {}, "0"),
        ({"target": 0, "actual": 1}, {}, None),
        ({"target": 10, "actual": None}, {}, None),
        ({"target": 10, "actual": 16, "flag": True}, {"less_is_better": "flag"}, "6.25"),
        ({"target": 10, "actual": 0, "flag": True}, {"less_is_better": "flag"}, "10"),
        ({"target": 10, "actual": 16, "flag": None}, {"less_is_better": "flag"}, "10"),
        (
            {"target": 10, "actual": 16, "flag": True},
            {"over_achievement": {"when": "flag", "tolerance": D("0.2")}},
            "6",
        ),
        (
            {"target": 10, "actual": 12, "flag": True},
            {"over_achievement": {"when": "flag", "tolerance": D("0.2")}},
            "10",
        ),
        ({"target": 10, "actual": 40, "flag": True}, {"over_achievement": {"when": "flag"}}, "0"),
        ({"target": 10, "actual": 40, "flag": False}, {"over_achievement": {"when": "flag"}}, "10"),
        ({"number": D("0.25")}, {"share": "number"}, "2.5"),
        ({"number": D("1.25")}, {"share": "number"}, None),
        ({"target": 4, "actual": 1}, {"share": "number"}, "2.5"),
        ({"target": 10, "actual": 6, "number": 10}, {"points": "number"}, "6"),
        ({"target": 10, "actual": 6, "number": 9}, {"points": "number"}, None),
        ({"target": 10, "actual": 6, "number": 0}, {"weight": "number"}, None),
        ({"target": 10, "actual": 6, "number": None}, {"weight": "number"}, None),
        ({"target": 3, "actual": 2}, {"item_rounding": 1}, "6.7"),
    ],
)
def test_completion_of_one_item(item, options, expected):
    facts = {"outputs": items("target", "actual", "number", "flag", flag="boolean")}
    method = {"kind": "completion", "items": "outputs", **options}
    assert award(method, 10, facts, {"outputs": [item]}) == (expected and F(expected))


def test_completion_less_is_better_and_too_low_a_target():
    facts = {"outputs": items("target", "actual", "less", "low", less="boolean", low="boolean")}
    method = {"kind": "completion", "items": "outputs", "less_is_better": "less", "over_achievement": {"when": "low"}}
    values = {"outputs": [{"target": 10, "actual": 7, "less": True, "low": True}]}
    assert award(method, 10, facts, values) == 7


def test_completion_weights_and_item_rounding():
    facts = {"outputs": items("target", "actual", "weight")}
    values = {"outputs": [{"target": 3, "actual": 1, "weight": 1}, {"target": 3, "actual": 3, "weight": 2}]}
    method = {"kind": "completion", "items": "outputs", "weight": "weight"}
    assert award(method, 10, facts, values) == F("7.78")  # 10/3 x 1/3 + 20/3 = 70/9
    assert award({**method, "item_rounding": 1}, 10, facts, values) == F("7.8")  # 1.1 + 6.7
    assert award({**method, "item_rounding": 0}, 10, facts, values) == 8  # 1 + 7
    assert award(method, 10, facts, {"outputs": []}) is None


BANDS = [{"in": "<= 0.10", "share": 1}, {"in": "(0.10..0.20]", "share": D("0.5")}, {"in": "> 0.20", "points": 1}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.1", 10), ("0.10000001", 5), ("0.2", 5), ("0.3", 1), ("-7", 10), ("null", None)],
)
def test_bands(value, expected):
    assert award(constant("bands", value, bands=BANDS)) == expected


def test_bands_otherwise():
    bands = [{"in": "]1..2], 5", "share": 1}]
    earned = [award(constant("bands", v, bands=bands, otherwise={"points": 3})) for v in (1, 2, 5, 6)]
    assert earned == [3, 10, 10, 3]


@pytest.mark.parametrize(
    ("value", "direction", "partial", "expected"),
    [
        ("0.1", "above", "ignore", "10"),
        ("0.129", "above", "ignore", "8"),
        ("0.129", "above", "full", "7"),
        ("0.129", "above", "proportional", "7.1"),
        ("0.13", "above", "full", "7"),
        ("9", "above", "ignore", "0"),
        ("0.05", "above", "full", "10"),
        ("0.05", "below", "full", "5"),
        ("0.0501", "below", "ignore", "6"),
    ],
)
def test_steps(value, direction, partial, expected):
    method = constant("steps", value, bound=D("0.1"), step=D("0.01"), loss=1, direction=direction, partial=partial)
    assert award(method) == F(expected)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0), 10),
        ((1, 0, 0), 8),
        ((3, 1, 0), F("2.5")),
        ((0, 9, 0), 7),
        ((1, 0, 2), 0),
        ((0, -1, 0), None),
        ((0.5, 0, 0), None),
    ],
)
def test_deductions(counts, expected):
    losses = [{"loss": 2}, {"loss": D("1.5"), "at_most": 3}, {"loss": "all"}]
    losses = [{**item, "count": name} for item, name in zip(losses, "abc", strict=True)]
    facts = {name: {"type": "number"} for name in "abc"}
    values = dict(zip("abc", counts, strict=True))
    assert award({"kind": "deductions", "items": losses}, 10, facts, values) == expected


def test_checklist():
    met = [{"when": "1 < 2", "points": 3}, {"when": "2 < 1", "points": 3}, {"when": "null = null", "points": 4}]
    assert award({"kind": "checklist", "items": met}) == 7
    assert award({"kind": "checklist", "items": [*met[:2], {"when": "null", "points": 4}]}) is None


@pytest.mark.parametrize(
    ("level", "chosen", "expected"),
    [
        ('"good"', "null", 10),
        ('"fair"', "0.6", 6),
        ('"fair"', "0.8", 8),
        ('"fair"', "0.81", None),
        ('"bad"', "0", None),
    ],
)
def test_levels(level, chosen, expected):
    shares = [{"id": "good", "share": 1}, {"id": "fair", "range": [D("0.6"), D("0.8")]}]
    assert award({"kind": "levels", "level": level, "levels": shares, "chosen": chosen}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", "2"), ("0.5", "2"), ("0.75", "5"), ("1", "8"), ("1.5", "9"), ("2", "10"), ("3", "10"), ("0.8", "5.6")],
)
def test_interpolate(value, expected):
    knots = [{"at": D("0.5"), "share": D("0.2")}, {"at": 1, "points": 8}, {"at": 2, "share": 1}]
    assert award(constant("interpolate", value, knots=knots)) == F(expected)


@pytest.mark.parametrize(("points", "expected"), [("7.125", "7.13"), ("11", "10"), ("0 - 1", "0"), ("null", None)])
def test_formula(points, expected):
    assert award({"kind": "formula", "points": points}) == (expected and F(expected))


def test_expressions_and_methods_keep_all_digits():
    assert award({"kind": "formula", "points": "(1 / 3) * 3"}, mode="down") == 1
    facts = {"outputs": items("target", "actual")}
    values = {"outputs": [{"target": 3, "actual": 1}] * 3}
    assert award({"kind": "completion", "items": "outputs"}, 3, facts, values, mode="down") == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 / 3 + 2 / 3", 1),
        ("15 * (1100 / 2400)", F("6.875")),
        ("(1 / 3) ** 2", F(1, 9)),
        ("(2 / 3) ** -2", F(9, 4)),
        ("9 ** 0.5", 3),
        ("2 ** 0.5", F("1.414213562373095048801688724209698")),
        ("mean([1 / 3, 1 / 6])", F(1, 4)),
        ("mean(for i in [1, 2] return i / 3)", F(1, 2)),
        ("median([1 / 3, 2 / 3, 7, -1])", F(1, 2)),
        ("product([2 / 3, 6])", 4),
        ("stddev([1 / 3, 1 / 3 + 1, 1 / 3 + 2])", 1),
        ("modulo(5 / 3, 2 / 3)", F(1, 3)),
        ("modulo(-1 / 3, 1)", F(2, 3)),
        ("floor(-1 / 3)", -1),
        ("ceiling(1 / 3, 2)", F("0.34")),
        ("round up(-1 / 3, 1)", F("-0.4")),
        ("round down(-2 / 3)", 0),
        ("round half up(-1 / 3 - 1 / 6)", -1),
        ("round half up(2 / 3)", 1),
        ("round half down(1 / 3 + 1 / 6)", 0),
        ("decimal(2 / 3 + 11 / 6)", 2),
        ("abs(-1 / 3)", F(1, 3)),
        ("sqrt(1 / 9)", F("0.3333333333333333333333333333333333")),
        ("log(exp(0))", 0),
    ],
)
def test_every_digit_is_kept_but_of_roots_and_the_like(text, value):
    assert feel.evaluate(text, None) == value


@pytest.mark.parametrize("text", ["1 / 0", "mean([])", "0 ** -1", "(-2) ** 0.5", "modulo(1, 0)", "sqrt(-1)", "log(0)"])
def test_no_value(text):
    with pytest.raises(Undefined):
        feel.evaluate(text, None)


def test_feel_logic_paths_and_lists():
    facts = {"yes": {"type": "boolean"}, "gone": {"type": "number"}, "xs": items("a", "b")}
    values = {"yes": True, "xs": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}
    worth_of = {
        "sum(xs.a) + sum(xs[a > 1].b)": 8,
        "if gone = null then 1 else 1 / 0": 1,
        "if yes or 1 / 0 > 1 then 2 else 3": 2,
        "if gone < 1 then 2 else 3": None,
        "if gone < 1 or yes then 2 else 3": 2,
        "if every x in xs satisfies x.b = x.a + 1 then count(xs) else 0": 2,
        "if some x in xs satisfies x.b > 9 then 1 else 0": 0,
        "if 3 in [1..3] and not(3 in (1..3)) then -2 + 3 * 2 else 0": 4,
        "gone + 1": None,
        "max(1, min(xs.b), 0 - 4) / 4": F("0.5"),
        'if date("2024-12-31") < @"2025-01-01" then 1 else 0': 1,
        "sum(xs[a > 5].b)": None,
    }
    for text, expected in worth_of.items():
        assert award({"kind": "formula", "points": text}, 10, facts, values) == expected, text


def test_applies_full_zero_and_undefined():
    half = {"kind": "formula", "points": "2"}
    outcome = evaluate(
        ruleset(
            leaf("a", 4, half, applies={"when": "no", "otherwise": "full"}),
            leaf("b", 4, half, applies={"when": "no", "otherwise": "zero"}),
            leaf("c", 4, half, applies={"when": "gone", "otherwise": "zero"}, undefined={"share": D("0.75")}),
            facts={"no": {"type": "boolean"}, "gone": {"type": "boolean"}},
        ),
        {"no": False},
    )
    assert [outcome.nodes[name].awarded for name in "abc"] == [4, 0, 3]
    assert (outcome.total, outcome.grade) == (7, "good")


def test_share_out_by_largest_remainder():
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    assert share_out(5, [3, 3, 1]) == [2, 2, 1]
    assert share_out(1, [2, 3]) == [0, 1]


def out(*to):
    return {"applies": {"when": "no", "otherwise": "exclude", **({"to": list(to)} if to else {})}}


def sheet(*indicators, digits=2):
    outcome = evaluate(ruleset(*indicators, facts={"no": {"type": "boolean"}}, leaf=digits), {"no": False})
    return outcome if outcome.nothing_applies else {name: node.points for name, node in outcome.nodes.items()}


FULL = {"kind": "formula", "points": "100"}


def test_excluded_points_stay_in_the_group():
    points = sheet(group("g", leaf("a", 4, FULL), leaf("b", 6, FULL), leaf("c", 5, FULL, **out())), leaf("d", 5, FULL))
    assert points == {"g": 15, "a": 6, "b": 9, "c": 0, "d": 5}


def test_excluded_group_hands_on_one_level_up_and_down_again():
    points = sheet(
        group("g", leaf("a", 1, FULL, **out()), leaf("b", 2, FULL, **out())),
        group("h", leaf("c", 1, FULL), leaf("d", 1, FULL)),
        leaf("e", 1, FULL),
        digits=0,
    )
    assert points == {"g": 0, "a": 0, "b": 0, "h": 4, "c": 2, "d": 2, "e": 2}


def test_remainders_go_in_document_order():
    points = sheet(leaf("a", 1, FULL), leaf("b", 1, FULL), leaf("c", 1, FULL), leaf("d", 1, FULL, **out()), digits=0)
    assert points == {"a": 2, "b": 1, "c": 1, "d": 0}


def test_recipients_are_leaves_wherever_they_stand():
    points = sheet(
        group("g", leaf("a", 2, FULL), leaf("b", 3, FULL, **out("h"))),
        group("h", leaf("c", 1, FULL), leaf("d", 2, FULL)),
    )
    assert points == {"g": 2, "a": 2, "b": 0, "h": 6, "c": 2, "d": 4}


def test_recipients_that_do_not_apply_leave_the_points_in_the_group():
    points = sheet(
        group("g", leaf("a", 2, FULL), leaf("b", 3, FULL, **out("c"))),
        group("h", leaf("c", 1, FULL, **out()), leaf("d", 2, FULL)),
    )
    assert points == {"g": 5, "a": 5, "b": 0, "h": 3, "c": 0, "d": 3}


def test_moved_points_do_not_weigh_when_the_rest_is_shared():
    points = sheet(
        group("g", leaf("a", 2, FULL), leaf("b", 8, FULL, **out("e"))),
        leaf("d", 2, FULL),
        leaf("e", 2, FULL),
        leaf("f", 3, FULL, **out()),
    )
    assert points == {"g": 3, "a": 3, "b": 0, "d": 3, "e": 11, "f": 0}


def test_nothing_applies():
    assert sheet(leaf("a", 2, FULL, **out())) == Outcome(nothing_applies=True)


def test_amounts_in_points_scale_with_the_points():
    loss = {"kind": "deductions", "items": [{"count": "1", "loss": 1}]}
    points = evaluate(
        ruleset(leaf("a", 4, loss), leaf("b", 4, FULL, **out()), facts={"no": {"type": "boolean"}}), {"no": False}
    )
    assert points.nodes["a"].awarded == 6


def test_scores_are_read_in_dependency_order():
    outcome = evaluate(
        ruleset(
            leaf("a", 4, {"kind": "formula", "points": "scores.g.rate * 4"}),
            group(
                "g",
                leaf("b", 3, {"kind": "formula", "points": "twice"}),
                leaf("c", 3, {"kind": "formula", "points": "2"}),
            ),
            derived={"twice": "scores.c.awarded / scores.c.points"},
        ),
        {},
    )
    assert [outcome.nodes[name].awarded for name in "bca"] == [F("0.67"), 2, F("1.78")]


def test_failing_leaves_and_those_that_read_them():
    wrong = {"kind": "formula", "points": "bad"}
    outcome = evaluate(
        ruleset(
            leaf("a", 4, wrong),
            leaf("b", 4, wrong, undefined={"share": 1}),
            leaf("c", 4, {"kind": "formula", "points": "scores.a.awarded"}, undefined={"share": 1}),
            leaf("d", 4, {"kind": "formula", "points": "if 1 < 2 then 1 else bad"}),
            derived={"bad": "1 / 0"},
        ),
        {},
    )
    assert (outcome.failing, outcome.blocked, outcome.total) == ({"a"}, {"c"}, None)


def test_rate_of_an_excluded_leaf_is_null():
    outcome = evaluate(
        ruleset(
            leaf("a", 4, FULL, **out()),
            leaf("b", 4, {"kind": "formula", "points": "scores.a.rate * 1"}, undefined={"share": D("0.5")}),
            facts={"no": {"type": "boolean"}},
        ),
        {"no": False},
    )
    assert outcome.nodes["b"].awarded == 4


def test_total_is_rounded_last_and_graded():
    awards = [leaf(name, 5, {"kind": "formula", "points": "2.45"}) for name in "ab"]
    outcome = evaluate(ruleset(*awards, leaf("c", 5, {"kind": "formula", "points": "0.05"}), total=0), {})
    assert (outcome.total, outcome.grade) == (5, "good")
    assert evaluate(ruleset(*awards, total=0, mode="down"), {}).grade == "poor"

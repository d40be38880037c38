"""Kinds of department, scaled sheets, lines beside the sheet: what a ruleset may say of them, and what it comes to."""

from decimal import Decimal as D

import pytest
from hypothesis import given

from jmrules import RulesetError, bounds, evaluate, load_ruleset, replay
from jmrules.ruleset.expressions import analyse
from jmrules.ruleset.variants import kind_in_words, variants
from strategies import cases

STATED = {"status": "stated", "clause": "一"}
KIND = {
    "type": "string",
    "in": '"agriculture", "water"',
    "label": {"zh": "单位"},
    "values": {"water": {"zh": "水利局"}},
}


def leaf(id, points, value="done", when=None, otherwise="absent", **more):
    """A leaf that is earned where a yes/no fact holds; with ``when``, for some departments alone."""
    made = {"id": id, "label": {"zh": id}, "points": points, "source": STATED, **more}
    made["method"] = {"kind": "ratio", "value": f"if {value} then 1 else 0"}
    if when is not None:
        made["applies"] = {"when": when, "otherwise": otherwise, "reason": {"zh": "非本单位职责"}}
    return made


def document(*indicators, **more):
    return {
        "id": "somewhere/kinds",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "official",
        "title": {"zh": "分类考核"},
        "notice": {"issuer": {"zh": "某局"}},
        "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "any", "label": {"zh": "等"}, "in": ">= -1000"}],
        "facts": {"kind": KIND, "done": {"type": "boolean", "label": {"zh": "完成"}}, "n": {"type": "number", "label": {"zh": "数"}}},
        "indicators": list(indicators),
        **more,
    }  # fmt: skip


FARM, WATER = 'kind = "agriculture"', 'kind = "water"'
TWO_KINDS = (
    leaf("common", 40),
    leaf("livestock", 45, when=FARM),
    leaf("fishing", 15, when=FARM),
    leaf("shore", 60, when=WATER),
)


def codes(given):
    with pytest.raises(RulesetError) as refused:
        load_ruleset(given)
    return [(problem.code, problem.place.pointer) for problem in refused.value.problems]


def of(given, **facts):
    return evaluate(load_ruleset(given), {"kind": "water", "done": True, "n": 0, **facts})


# ---- kinds of department


def test_each_kind_is_scored_on_its_own_indicators_with_their_own_points():
    farm = of(document(*TWO_KINDS, points=100), kind="agriculture")
    assert [(leaf.id, leaf.points, leaf.outcome) for leaf in farm.trace.leaves] == [
        ("common", 40, "scored"),
        ("livestock", 45, "scored"),
        ("fishing", 15, "scored"),
        ("shore", 0, "absent"),
    ]
    assert farm.total == 100 and replay(farm.trace) == ()
    assert farm.trace["shore"].explanation.zh == "不在评分范围：非本单位职责"


@given(cases())
def test_the_points_of_every_kind_add_up_to_the_sheets(case):
    ruleset = load_ruleset(case.ruleset)
    if ruleset.scale is None:
        assert {kind.points for kind in variants(ruleset, analyse(ruleset))} == {ruleset.points}


def test_all_kinds_are_listed_with_what_they_are_scored_on():
    loaded = load_ruleset(document(*TWO_KINDS, points=100))
    found = variants(loaded, analyse(loaded))
    assert [(kind_in_words(loaded, each).zh, each.leaves, each.points) for each in found] == [
        ("单位为“agriculture”", ("common", "livestock", "fishing"), 100),
        ("单位为“水利局”", ("common", "shore"), 100),
    ]


@pytest.mark.parametrize(
    ("missing", "kind", "points"),
    [(1, "单位为“agriculture”", 55), (2, "单位为“agriculture”", 85), (3, "单位为“水利局”", 40)],
)
def test_a_kind_whose_points_do_not_add_up_is_refused(missing, kind, points):
    kinds = [each for place, each in enumerate(TWO_KINDS) if place != missing]
    with pytest.raises(RulesetError) as refused:
        load_ruleset(document(*kinds, points=100))
    (problem,) = refused.value.problems
    assert problem.message.zh == f"对{kind}，全表标明 100 分，下级指标合计 {points} 分"


def test_a_group_that_states_points_has_them_for_every_kind_that_has_any():
    own = {"id": "own", "label": {"zh": "履职"}, "points": 60, "children": list(TWO_KINDS[1:])}
    assert of(document(TWO_KINDS[0], own, points=100)).total == 100
    assert load_ruleset(document(TWO_KINDS[0], own, points=100)).indicators[1].points == 60
    assert (
        codes(document(TWO_KINDS[0], {**own, "points": 50}, points=100))
        == [("points-do-not-add-up", "/indicators/1/points")] * 2
    )


def test_a_group_is_there_for_some_kinds_with_all_that_is_in_it():
    reason = {"zh": "农业部门"}
    farm = {"id": "farm", "label": {"zh": "农业"}, "applies": {"when": FARM, "otherwise": "absent", "reason": reason}}
    farm["children"] = [leaf("livestock", 45), leaf("fishing", 15)]
    given = document(TWO_KINDS[0], farm, TWO_KINDS[3], points=100)
    assert [leaf.outcome for leaf in of(given).trace.leaves] == ["scored", "absent", "absent", "scored"]
    assert replay(of(given).trace) == ()
    farm["children"][0]["applies"] = {"when": "done", "otherwise": "full", "reason": reason}
    assert codes(given) == [("applies-within-absent", "/indicators/1/children/0/applies")]
    del farm["children"][0]["applies"]
    farm["applies"]["when"] = "n"
    assert codes(given) == [("wrong-type", "/indicators/1/applies/when")]


@pytest.mark.parametrize(
    ("more", "code", "at"),
    [
        ({}, "points-not-stated", "/indicators"),
        ({"points": 90}, "points-do-not-add-up", "/points"),
        ({"scale": {"to": 100}, "points": 100}, "points-of-scaled", "/points"),
    ],
)
def test_the_points_of_a_sheet_with_kinds_are_stated(more, code, at):
    assert set(codes(document(*TWO_KINDS, **more))) == {(code, at)}


def test_the_points_of_a_sheet_may_be_stated_where_there_are_no_kinds():
    assert codes(document(leaf("one", 40), points=50)) == [("points-do-not-add-up", "/points")]
    assert of(document(leaf("one", 40), points=40)).total == 40


@pytest.mark.parametrize("when", ["n > 3", "other"])
def test_kinds_that_cannot_be_listed_are_refused(when):
    derived = {"other": {"value": "done", "label": {"zh": "别"}}}
    given = document(leaf("one", 40, when=when), leaf("two", 40, when=f"not({when})"), points=40, derived=derived)
    assert codes(given) == [("kinds-not-listed", f"/indicators/{place}/applies/when") for place in (0, 1)]


# ---- scaling


@pytest.mark.parametrize(("done", "n", "total"), [(True, 0, "100.00"), (False, 0, "0.00"), (True, 5, "100.00")])
def test_a_scaled_total_is_of_what_is_there(done, n, total):
    given = document(leaf("one", 90), leaf("two", 10, when="n > 3"), scale={"to": 100})
    assert str(of(given, done=done, n=n).total) == total


def test_a_scaled_total_is_rounded_once():
    """15 x 1/3 of 90 applicable points, six times: 30 / 90 x 100 is 33.33."""
    thirds = [leaf(f"i{place}", 15) | {"method": {"kind": "ratio", "value": "1 / 3"}} for place in range(6)]
    scored = of(document(*thirds, leaf("seventh", 10, when="n > 3"), scale={"to": 100}))
    assert (scored.total, [(line.kind, line.points) for line in scored.trace.adjustments]) == (
        D("33.33"),
        [("scale", D("3.33"))],
    )
    assert replay(scored.trace) == ()


# ---- beside the sheet


def line(effect, points, count, **more):
    method = {"kind": "ratio", "value": f"{count} / {points}"}
    if effect == "penalty":
        item = {"id": "each", "loss": 0.5, "count": count, "label": {"zh": "通报"}}
        method = {"kind": "deductions", "items": [item]}
    return {
        "id": f"the_{effect}",
        "effect": effect,
        "points": points,
        "label": {"zh": "获奖" if effect == "bonus" else "通报"},
        "method": method,
        "source": STATED,
        **more,
    }


@pytest.mark.parametrize(
    ("n", "clamp", "total", "lines"),
    [
        (0, False, "10", [("bonus", 0), ("penalty", 0)]),
        (3, False, "11.50", [("bonus", 3), ("penalty", "-1.5")]),
        (9, False, "12.00", [("bonus", 5), ("penalty", -3)]),
        (9, {"to": 10}, "10.00", [("bonus", 5), ("penalty", -3), ("clamp", -2)]),
        (9, {"from": 20}, "20.00", [("bonus", 5), ("penalty", -3), ("clamp", 8)]),
    ],
)
def test_lines_beside_the_sheet_add_and_take_within_their_points(n, clamp, total, lines):
    given = document(leaf("one", 10), adjustments=[line("bonus", 5, "n"), line("penalty", 3, "n")], clamp=clamp)
    scored = of(given, n=n)
    assert scored.total == D(total)
    assert [(each.kind, each.points) for each in scored.trace.adjustments] == [(kind, D(p)) for kind, p in lines]
    assert replay(scored.trace) == ()


def test_a_penalty_may_leave_less_than_nothing():
    """A published total of -4.5: a sheet that earns 5.5 less 10 for a grave accident."""
    penalty = line("penalty", 10, "n")
    penalty["method"]["items"][0]["loss"] = "all"
    given = document(leaf("one", 5.5), leaf("two", 3.5, value="not(done)"), adjustments=[penalty], clamp=False)
    assert of(given, n=1).total == D("-4.50")
    said = of(given, n=1).trace.beside[0].explanation
    assert said.zh == "通报：1 个，扣完全部分值，倒扣 10 分（至多 10 分）"
    assert (bounds(load_ruleset(given), {"kind": "water", "done": True, "n": {"unknown": True}}).low) == D("-4.50")


def test_adjustments_say_whether_the_total_is_clamped():
    given = document(leaf("one", 10), adjustments=[line("bonus", 5, "n")])
    assert codes(given)[0][0] == "schema" or codes(given)
    assert of({**given, "clamp": False}, n=2).total == 12


def test_grades_cover_what_the_lines_beside_the_sheet_leave_possible():
    given = document(leaf("one", 10), adjustments=[line("penalty", 3, "n")], clamp=False)
    given["grades"] = [{"id": "any", "label": {"zh": "等"}, "in": ">= 0"}]
    assert codes(given) == [("uncovered-total", "/grades")]
    assert of({**given, "clamp": {"from": 0}}, n=9, done=False).total == 0


def test_grades_cover_totals_as_they_are_rounded():
    penalty = line("penalty", 5.5, "n")
    penalty["method"]["items"][0]["loss"] = "all"
    given = document(leaf("one", 1), adjustments=[penalty], clamp=False, rounding={"leaf": 2, "total": 0})
    given["grades"] = [{"id": "any", "label": {"zh": "等"}, "in": ">= -5.5"}]
    assert codes(given) == [("uncovered-total", "/grades")]
    given["grades"][0]["in"] = ">= -6"
    assert of(given, n=1, done=False).total == -6


def test_no_expression_reads_what_stands_beside_the_sheet():
    given = document(
        leaf("one", 10, value="scores.the_bonus.awarded > 1"), adjustments=[line("bonus", 5, "n")], clamp=False
    )
    assert codes(given)

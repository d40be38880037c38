"""Methods made of methods: parts, best, worst, cases."""

from decimal import Decimal as D

import pyarrow as pa
import pytest
from hypothesis import given

from jmrules import EvaluationError, bounds, evaluate, evaluate_table, load_ruleset, replay
from jmrules.cases.branches import branches_of
from jmrules.cases.hits import hits
from jmrules.cases.mutants import mutants_of
from jmrules.compare.criteria import criterion
from jmrules.plan.build import plan_of
from laws.common import leaves, single_leaf
from strategies import cases

RATIO = {"type": "number", "unit": "ratio", "label": {"zh": "结余率", "en": "balance"}}
CHANGE = {"type": "number", "unit": "ratio", "label": {"zh": "变动率", "en": "change"}}
FACTS = {"rate": RATIO, "change": CHANGE}


def part(id, zh, en, **more):
    return {"id": id, "label": {"zh": zh, "en": en}, **more}


LEVEL = part("level", "结余水平", "level", method={"kind": "ratio", "value": "rate", "full_at": 0, "zero_at": 0.2})
MOVE = part("move", "结余变动", "movement", method={"kind": "ratio", "value": "change", "full_at": -0.3, "zero_at": 0})
EITHER = {"kind": "best", "parts": [LEVEL, MOVE]}
BOTH = {"kind": "parts", "parts": [LEVEL | {"share": 0.6}, MOVE | {"points": 4}]}
BY_CASE = {
    "kind": "cases",
    "parts": [
        part("large", "结余大", "large", when="rate > 0.5", points=2),
        part("small", "结余小", "small", when="rate <= 0.1", method=MOVE["method"]),
        part("other", "其他", "other", share=0.7, method=EITHER),
    ],
}


def loaded(method, facts=None):
    return load_ruleset(single_leaf(method, facts or FACTS))


def leaf_of(method, **facts):
    evaluation = evaluate(loaded(method), facts)
    assert replay(evaluation.trace) == ()
    return evaluation.trace.leaves[0]


def share(case, method):
    """The exact share of a case's only leaf by another method; None where it is not scored."""
    (leaf,) = [leaf for _, leaf in leaves(case.ruleset["indicators"])]
    changed = single_leaf(method, case.ruleset["facts"]) | {"derived": case.ruleset.get("derived", {})}
    changed["indicators"][0] |= {"points": leaf["points"]}
    changed["rounding"] = case.ruleset["rounding"]
    try:
        return evaluate(load_ruleset(changed), case.facts).trace.leaves[0].share
    except EvaluationError:
        return None


@given(cases(most_leaves=1, kinds=("best", "worst")))
def test_the_best_is_no_less_and_the_worst_no_more_than_any_part(case):
    (leaf,) = [leaf for _, leaf in leaves(case.ruleset["indicators"])]
    parts = leaf["method"]["parts"]
    high, low = (share(case, {"kind": kind, "parts": parts}) for kind in ("best", "worst"))
    alone = [share(case, part["method"]) for part in parts if not {"share", "points"} & set(part)]
    assert (high is None) == (low is None)
    if high is None or low is None:
        assert None in [share(case, {"kind": "cases", "parts": [part]}) for part in parts]
    else:
        assert all(each is not None and low <= each <= high for each in alone)
        assert {high, low} <= {share(case, {"kind": "cases", "parts": [part]}) for part in parts}


@given(cases(most_leaves=1, kinds=("parts",)))
def test_parts_earn_what_they_earn_alone(case):
    (leaf,) = [leaf for _, leaf in leaves(case.ruleset["indicators"])]
    parts = leaf["method"]["parts"]
    alone = [share(case, {"kind": "cases", "parts": [part]}) for part in parts]
    together = share(case, leaf["method"])
    assert together == (None if None in alone else sum(alone))


@pytest.mark.parametrize(("kind", "awarded", "taken"), [("best", D("7.5"), "level"), ("worst", D(1), "move")])
def test_one_of_two_counts_and_the_other_is_told(kind, awarded, taken):
    leaf = leaf_of({**EITHER, "kind": kind}, rate=D("0.05"), change=D("-0.03"))
    assert leaf.awarded == awarded
    assert f"{taken}: taken" in leaf.branch.split("+")
    assert ("得 7.5 分（满分 10 分）" in leaf.explanation.zh) and ("得 1 分（满分 10 分）" in leaf.explanation.zh)
    assert ("取较高者“结余水平”：" if kind == "best" else "取较低者“结余变动”：") in leaf.explanation.zh
    assert sum(loss.points for loss in leaf.losses) == 10 - awarded


def test_parts_add_up_and_each_says_what_it_earned():
    leaf = leaf_of(BOTH, rate=D("0.05"), change=D("-0.03"))
    assert leaf.awarded == D("4.9")
    assert [(each.id, each.points, each.awarded) for each in leaf.parts] == [
        ("level", 6, D("4.5")),
        ("move", 4, D("0.4")),
    ]
    assert leaf.explanation.zh.endswith("合计得 4.9 分（满分 10 分）")
    assert [loss.part for loss in leaf.losses] == ["level", "move"]


@pytest.mark.parametrize(
    ("rate", "change", "awarded", "branch"),
    [
        ("0.6", "0", 2, "large: taken"),
        ("0.1", "-0.15", 5, "small: between"),
        ("0.15", "-0.3", 7, "other: level: between+other: move: taken+other: move: full"),
    ],
)
def test_the_first_case_that_holds_counts(rate, change, awarded, branch):
    leaf = leaf_of(BY_CASE, rate=D(rate), change=D(change))
    assert (leaf.awarded, leaf.branch) == (awarded, branch)


def test_what_no_case_holds_for_is_undefined():
    method = {"kind": "cases", "parts": BY_CASE["parts"][:2]}
    with pytest.raises(Exception, match="none of the cases holds"):
        evaluate(loaded(method), {"rate": D("0.3"), "change": 0})


def test_cases_after_the_one_that_holds_are_not_read():
    facts = {"rate": RATIO, "change": CHANGE | {"optional": True}}
    evaluation = evaluate(loaded(BY_CASE, facts), {"rate": D("0.6")})
    assert evaluation.total == 2
    assert [each.name for each in evaluation.trace.leaves[0].inputs] == ["rate"]


def test_what_is_wrong_in_a_part_is_said_at_its_place():
    with pytest.raises(Exception, match="add up to 9 points") as refused:
        loaded({"kind": "parts", "parts": [LEVEL | {"points": 5}, MOVE | {"points": 4}]})
    assert refused.value.problems[0].place.pointer == "/indicators/0/method/parts"
    flat = LEVEL | {"method": {"kind": "ratio", "value": "rate", "full_at": 1, "zero_at": 1}}
    with pytest.raises(Exception, match="same number") as refused:
        loaded({"kind": "best", "parts": [flat, MOVE]})
    assert refused.value.problems[0].place.pointer == "/indicators/0/method/parts/0/method"
    with pytest.raises(Exception, match="never reached"):
        loaded({"kind": "cases", "parts": BY_CASE["parts"][::-1]})


def test_the_criterion_shows_weights_as_they_are_stated():
    ruleset = loaded(BOTH)
    said = criterion(ruleset, ruleset.indicators[0])
    assert said.zh.startswith("“结余水平”（60%，即 6 分）：") and "“结余变动”（4 分）：" in said.zh
    ruleset = loaded(EITHER)
    assert criterion(ruleset, ruleset.indicators[0]).zh.startswith("取较高者：“结余水平”：")


@pytest.mark.parametrize("method", [EITHER, BOTH, BY_CASE], ids=["best", "parts", "cases"])
def test_every_branch_can_be_taken_and_every_mutant_loads(method):
    ruleset = loaded(method)
    listed = {f"{branch.owner}: {branch.key}" for branch in branches_of(plan_of(ruleset)) if not branch.unreachable}
    values = [D(each) for each in ("-0.4", "-0.3", "-0.2", "0", "0.05", "0.1", "0.15", "0.2", "0.3", "0.6")]
    seen = set()
    for rate in values:
        for change in values:
            seen |= hits(evaluate(ruleset, {"rate": rate, "change": change}))
    # by the case itself the balance is above 10 % there
    assert listed - seen <= {"only: other: level: full"}
    assert seen <= listed
    inner = [mutant for mutant in mutants_of(plan_of(ruleset)) if "/parts/" in mutant.pointer]
    assert {"/full_at", "/zero_at"} <= {mutant.pointer[mutant.pointer.rindex("/") :] for mutant in inner}


def test_bounds_follow_the_parts():
    facts = {"rate": RATIO | {"in": "[0.05..0.1]"}, "change": CHANGE | {"in": "[-0.15..0]"}}
    unknown = {"rate": {"unknown": True}, "change": {"unknown": True}}
    for method, low, high in (
        (EITHER, 5, "7.5"),
        ({**EITHER, "kind": "worst"}, 0, 5),
        (BOTH, 3, "6.5"),
        (BY_CASE, 0, 5),
    ):
        possible = bounds(loaded(method, facts), unknown)
        assert (possible.low, possible.high) == (low, D(high)), method["kind"]


@pytest.mark.parametrize(
    "method", [EITHER, {**EITHER, "kind": "worst"}, BOTH, BY_CASE], ids=["best", "worst", "parts", "cases"]
)
def test_batches_agree(method):
    rows = [(D(rate), D(change)) for rate in ("0", "0.05", "0.1", "0.13", "0.6") for change in ("-0.4", "-0.1", "0.1")]
    table = pa.table({name: pa.array([row[at] for row in rows], pa.decimal128(10, 2)) for at, name in enumerate(FACTS)})
    ruleset = loaded(method)
    alone = [evaluate(ruleset, {"rate": rate, "change": change}).total for rate, change in rows]
    assert evaluate_table(ruleset, table)["total"].to_pylist() == alone

"""Points that a department or a project sets for whole indicators: within bounds, adding up, the same in every reading."""

from __future__ import annotations

import copy
import json
from decimal import Decimal as D
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import FactsError, RulesetError, bounds, evaluate, evaluate_table, load_ruleset, replay, what_if
from jmrules.cases.mutants import mutants_of
from jmrules.cases.mutation import load_mutant
from jmrules.documents import check as check_schema
from jmrules.documents import document_of
from jmrules.plan import plan_of
from jmrules.ruleset import diff
from jmrules.trace import trace_document
from jmrules.whatif import reach, sensitivity


def points(label: str, tests: str, **more: Any) -> dict[str, Any]:
    return {"type": "number", "unit": "point", "decimals": 0, "in": tests, "label": {"zh": label}, **more}


def leaf(id: str, worth: Any, method: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "points": worth,
        "label": {"zh": id},
        "method": method,
        "source": {"status": "stated", "clause": "一"},
        **more,
    }


ROW = {name: {"type": "number", "label": {"zh": name}} for name in ("points", "target", "actual")}
NOTICE: dict[str, Any] = {
    "id": "somewhere/project", "fiscal_year": 2024, "revision": "1.0.0", "status": "official",
    "title": {"zh": "项目支出绩效自评表"}, "notice": {"issuer": {"zh": "某局"}},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "good", "label": {"zh": "良"}, "in": ">= 60"}, {"id": "poor", "label": {"zh": "差"}, "in": "< 60"}],
    "facts": {
        "rate": {"type": "number", "unit": "ratio", "in": "[0..1]", "label": {"zh": "执行率"}},
        "output_points": points("产出分值", "[30..60]", optional=True),
        "benefit_points": points("效益分值", "[20..45]", optional=True),
        "outputs": {"type": "list", "label": {"zh": "产出指标"}, "item": ROW},
        "mistakes": {"type": "number", "decimals": 0, "in": ">= 0", "label": {"zh": "差错"}},
        "well": {"type": "number", "unit": "ratio", "in": "[0..1]", "label": {"zh": "效果"}},
    },
    "indicators": [
        leaf("execution", 10, {"kind": "ratio", "value": "rate"}),
        leaf("outputs_done", 50, {"kind": "completion", "items": "outputs", "points": "points"}, set_by="output_points"),
        {"id": "benefits", "points": 40, "set_by": "benefit_points", "label": {"zh": "效益指标"}, "children": [
            leaf("effect", 20, {"kind": "ratio", "value": "well"}),
            leaf("quality", 20, {"kind": "deductions", "items": [{"id": "m", "loss": 0.5, "count": "mistakes", "label": {"zh": "差错"}}]})]},
    ],
}  # fmt: skip
RULESET = load_ruleset(NOTICE)


def written(output: int, benefit: int) -> Any:
    """The same notice where these points are the stated ones."""
    made = copy.deepcopy(NOTICE)
    _, outputs, benefits = made["indicators"]
    outputs["points"], benefits["points"] = output, benefit
    del outputs["set_by"], benefits["set_by"]
    for child in benefits["children"]:
        child["points"] = D(benefit) / 2
    return load_ruleset(made)


def facts(output: int | None = 60, benefit: int | None = 30, **more: Any) -> dict[str, Any]:
    first = (50 if output is None else output) - 20
    rows = [{"points": first, "target": 10, "actual": 5}, {"points": 20, "target": 10, "actual": 10}]
    made = {
        "rate": D("0.9"),
        "output_points": output,
        "benefit_points": benefit,
        "outputs": rows,
        "mistakes": 3,
        "well": D("0.5"),
        **more,
    }
    return {name: value for name, value in made.items() if value is not None}


AGREED = st.integers(45, 60).map(lambda output: (output, 90 - output)) | st.just((None, None))
FIGURES = st.fixed_dictionaries(
    {
        "rate": st.integers(0, 100).map(lambda n: D(n) / 100),
        "well": st.integers(0, 100).map(lambda n: D(n) / 100),
        "mistakes": st.integers(0, 50),
    }
)


@given(AGREED, FIGURES)
def test_it_scores_as_the_notice_that_has_these_points(agreed, figures):
    given = facts(*agreed, **figures)
    found, by = evaluate(RULESET, given), written(*(agreed if agreed[0] is not None else (50, 40)))
    expected = evaluate(by, given)
    assert (found.total, found.grade.id) == (expected.total, expected.grade.id)
    assert [(leaf.points, leaf.awarded) for leaf in found.trace.leaves] == [
        (leaf.points, leaf.awarded) for leaf in expected.trace.leaves
    ]
    assert found.trace.root.points == 100
    assert replay(found.trace) == ()
    assert not check_schema(document_of(trace_document(found.trace)), "trace")


@given(AGREED, FIGURES)
def test_bounds_of_what_is_known_are_the_score(agreed, figures):
    given = facts(*agreed, **figures)
    found = bounds(RULESET, given)
    assert found.low == found.high == evaluate(RULESET, given).total
    # what is agreed on needs no proof
    least = bounds(RULESET, given, trust="figure")
    assert least.low <= found.low and {each.points[1] for each in least.leaves} == {
        leaf.points for leaf in evaluate(RULESET, given).trace.leaves
    }


@given(
    st.lists(st.tuples(AGREED | st.tuples(st.integers(30, 60), st.integers(20, 45)), FIGURES), min_size=1, max_size=12)
)
def test_a_table_of_departments_is_each_of_them(rows):
    given = [facts(*agreed, **figures) for agreed, figures in rows]
    table = pa.Table.from_pylist([{name: each.get(name) for name in RULESET_NAMES} for each in given], schema=SCHEMA)
    found = evaluate_table(RULESET, table)
    scored = found.to_pylist()
    for number, each in enumerate(given):
        try:
            expected = evaluate(RULESET, each)
        except FactsError as error:
            assert scored[number]["total"] is None and scored[number]["error"] == error.say("zh")
        else:
            assert scored[number]["error"] is None and scored[number]["total"] == expected.total
            awarded = [scored[number][f"awarded.{leaf.id}"] for leaf in expected.trace.leaves]
            assert awarded == [leaf.awarded for leaf in expected.trace.leaves]


RULESET_NAMES = [fact.id for fact in RULESET.facts]
SCHEMA = pa.schema(
    [
        ("rate", pa.decimal128(10, 4)),
        ("output_points", pa.int64()),
        ("benefit_points", pa.int64()),
        ("outputs", pa.list_(pa.struct([(name, pa.int64()) for name in ROW]))),
        ("mistakes", pa.int64()),
        ("well", pa.decimal128(10, 4)),
    ]
)


def test_a_table_without_the_columns_has_the_stated_points():
    given = facts(None, None)
    whole = pa.Table.from_pylist([{name: given.get(name) for name in RULESET_NAMES}], schema=SCHEMA)
    left = whole.drop_columns(["output_points", "benefit_points"])
    for table in (left, left.slice(0, 0)):
        assert (
            evaluate_table(RULESET, table).column("total").to_pylist()
            == [evaluate(RULESET, given).total] * table.num_rows
        )


def refused(given: dict[str, Any]) -> list[Any]:
    with pytest.raises(FactsError) as caught:
        evaluate(RULESET, given)
    return list(caught.value.problems)


def test_points_that_do_not_add_up_are_refused_and_each_row_is_named():
    (problem,) = refused(facts(60, 35))
    assert problem.code == "points-do-not-add-up"
    assert (
        problem.message.zh
        == "全表应为 100 分，而各指标分值合计 105 分：execution 10 分、outputs_done 60 分、效益指标 35 分"
    )
    with pytest.raises(FactsError):
        bounds(RULESET, facts(60, 35))
    assert [each.code for each in refused(facts(65, 25))] == ["out-of-domain"]


def test_points_within_a_group_that_states_its_own_add_up_to_those():
    made = copy.deepcopy(NOTICE)
    made["indicators"][2].pop("set_by")
    made["facts"] |= {"effect_points": points("效果分值", "[5..35]"), "quality_points": points("质量分值", "[5..35]")}
    del made["facts"]["benefit_points"]
    made["indicators"][1].pop("set_by")
    del made["facts"]["output_points"]
    for child, name in zip(made["indicators"][2]["children"], ("effect_points", "quality_points"), strict=True):
        child["set_by"] = name
    ruleset = load_ruleset(made)
    figures = facts(None, None)
    assert evaluate(ruleset, {**figures, "effect_points": 30, "quality_points": 10}).trace.root.points == 100
    with pytest.raises(FactsError) as caught:
        evaluate(ruleset, {**figures, "effect_points": 30, "quality_points": 15})
    assert (
        "效益指标应为 40 分，而各指标分值合计 45 分：effect 30 分、quality 15 分" in caught.value.problems[0].message.zh
    )


def test_unknown_points_are_no_interval():
    with pytest.raises(FactsError) as caught:
        bounds(RULESET, {**facts(), "output_points": {"unknown": True}})
    assert "unknown-points" in [problem.code for problem in caught.value.problems]


def test_a_group_shares_its_points_out_to_the_last_quantum():
    made = copy.deepcopy(NOTICE)
    made["rounding"]["leaf"] = 0
    made["indicators"][2]["children"][1]["method"]["items"][0]["loss"] = 1
    found = evaluate(load_ruleset(made), facts(55, 35)).trace
    assert [leaf.points for leaf in found.leaves][2:] == [18, 17]


def test_the_trace_says_which_points_are_the_departments_own():
    found = {leaf.id: leaf for leaf in evaluate(RULESET, facts()).trace.leaves}
    assert (found["outputs_done"].stated, found["outputs_done"].set, found["outputs_done"].points) == (50, 60, 60)
    assert "分值由本单位定为 60 分，办法所列为 50 分" in found["outputs_done"].explanation.zh
    assert found["execution"].set is None and "定为" not in found["execution"].explanation.zh


def test_an_altered_setting_does_not_replay():
    from jmrules.frozen import thawed
    from jmrules.replaying import replay_document

    document = thawed(trace_document(evaluate(RULESET, facts()).trace))
    document["given"]["facts"]["facts"]["output_points"] = 55
    assert replay_document(document_of(json.loads(json.dumps(document, default=str)))).problems


def test_what_if_sets_other_points_and_reach_leaves_them_alone():
    found = what_if(RULESET, facts(), {"output_points": 50, "benefit_points": 40, "outputs[1].points": 30})
    assert found.after.trace.leaves[1].points == 50
    agreed = {"output_points", "benefit_points"}
    assert not agreed & {str(each.path) for each in sensitivity(RULESET, facts())}
    assert all(
        str(change.path) not in agreed for way in reach(RULESET, facts(), total=90).ways for change in way.changes
    )


def test_a_mutant_without_it_is_made_and_a_difference_is_told():
    mutants = [mutant for mutant in mutants_of(plan_of(RULESET)) if mutant.pointer.endswith("/set_by")]
    assert len(mutants) == 2
    other = load_mutant(RULESET, mutants[0])
    assert other is not None
    assert any(
        each.id == "outputs_done" and each.kind == "changed"
        for each in diff(RULESET, load_ruleset(mutants[0].applied(NOTICE)))
    )


def without(change: Any) -> list[str]:
    made = copy.deepcopy(NOTICE)
    change(made)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(made)
    return [problem.code for problem in caught.value.problems]


def put(*path: Any) -> Any:
    *way, last, value = path

    def change(made: Any) -> None:
        for step in way:
            made = made[step]
        made[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put("facts", "output_points", "in", ">= 30"), "set-by-no-points"),
        (put("facts", "output_points", "in", "[0..60]"), "set-by-no-points"),
        (put("facts", "output_points", "decimals", 3), "set-by-no-points"),
        (put("facts", "output_points", "unit", "count"), "set-by-no-points"),
        (put("indicators", 1, "set_by", "rate"), "set-by-no-points"),
        (put("indicators", 1, "set_by", "nothing"), "set-by-no-points"),
        (put("indicators", 1, "set_by", "benefit_points"), "set-twice"),
        (put("indicators", 2, "children", 0, "set_by", "output_points"), "set-twice"),
        (put("indicators", 0, "applies", {"when": "mistakes = 0", "otherwise": "absent", "reason": {"zh": "无"}}), "set-and-absent"),
        (
            put("indicators", 1, "method", {"kind": "levels", "level": "if well > 0.5 then \"a\" else \"b\"", "levels": [
                {"id": "a", "points": 50, "label": {"zh": "甲"}}, {"id": "b", "points": 0, "label": {"zh": "乙"}}]}),
            "set-in-points",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_refused(change, code):
    assert code in without(change)

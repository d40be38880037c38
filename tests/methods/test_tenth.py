"""A tenth method is one record and a schema fragment: everything else finds it in the list."""

import json
from decimal import Decimal as D
from fractions import Fraction

import pyarrow as pa
import pytest
from attrs import frozen

from jmrules import bounds, evaluate, evaluate_table, load_ruleset, replay
from jmrules.cases.branches import branches_of
from jmrules.cases.hits import hits
from jmrules.cases.mutants import mutants_of
from jmrules.cases.mutation import load_mutant
from jmrules.compare.criteria import criterion
from jmrules.documents import schema
from jmrules.errors import Text
from jmrules.methods import METHODS
from jmrules.methods.base import Branch, Fields, Method, Told, problem, value_site
from jmrules.methods.changes import moved
from jmrules.methods.shapes import Line
from jmrules.methods.wording import fill, lost_for, sentence
from jmrules.plan.build import plan_of
from jmrules.resources import shipped
from laws.common import single_leaf


@frozen
class Near(Fields):
    """偏离计分: all within a distance of the goal, linearly less beyond, nothing from another distance on."""

    value: str
    goal: D
    within: D
    gone: D


def _problems(fields, _checking):
    if fields.gone <= fields.within:
        yield "/gone", problem("nothing-between", "两个偏离须递增", "the distances must increase")


def _shape(fields, _points, _mode, call):
    goal, within, gone = map(Fraction, (fields.goal, fields.within, fields.gone))
    knots = (goal - gone, 0), (goal - within, 1), (goal + within, 1), (goal + gone, 0)
    return Line(call("/value"), tuple((at, Fraction(share)) for at, share in knots))


def _branches(_fields, _shape):
    yield Branch("near", Text("接近目标", "near the goal"), "/within")
    yield Branch("off", Text("偏离目标", "off the goal"))
    yield Branch("far", Text("远离目标", "far off the goal"), "/gone")


def _taken(_fields, _shape, _read, share):
    yield "near" if share == 1 else "off" if share else "far"


def _ruled_out(_fields, shape, key, known):
    low, high = known(shape.value)
    apart = (low is not None and low >= shape.turns[2]) or (high is not None and high <= shape.turns[1])
    return shape.value if key == "near" and apart else None


def _mutations(method, _points, _quantum):
    yield from moved("/goal", method["goal"], D(1), "目标", "the goal")


def _criterion(fields, speaker):
    return fill(
        "{value}接近 {goal}", "{value} near {goal}",
        value=speaker.expression(fields.value), goal=speaker.number(fields.goal, speaker.unit(fields.value)),
    )  # fmt: skip


def _explain(view, _fields, shape, share):
    said = view.said(shape.value, view.read(shape.value))
    return Told(sentence(view, said, share), lost_for(share, said))


NEAR = Method(
    "near", Near, value_site, _shape, _branches, _taken, _criterion, _explain,
    problems=_problems, ruled_out=_ruled_out, mutations=_mutations,
)  # fmt: skip
NUMBER = {"$ref": "#/$defs/number"}
FRAGMENT = {
    "type": "object",
    "properties": {"kind": {}, "value": {"$ref": "#/$defs/feel"}, "goal": NUMBER, "within": NUMBER, "gone": NUMBER},
    "required": ["kind", "value", "goal", "within", "gone"],
    "additionalProperties": False,
}
UNKNOWN = {"x": {"unknown": True}}
STATED = {"kind": "near", "value": "x", "goal": 10, "within": 2, "gone": 6}
X = {"x": {"type": "number", "label": {"zh": "数", "en": "number"}}}


def _schema_document():
    return json.loads((shipped("schemas") / "ruleset.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def tenth(monkeypatch):
    """The method and its schema fragment, for one test."""
    document = _schema_document()
    method = document["$defs"]["method"]
    method["properties"]["kind"]["enum"].append("near")
    chosen = {"properties": {"kind": {"const": "near"}}, "required": ["kind"]}
    method["allOf"].append({"if": chosen, "then": {"$ref": "#/$defs/near"}})
    document["$defs"]["near"] = FRAGMENT
    text, known = json.dumps(document), schema.schema_text
    monkeypatch.setitem(METHODS, "near", NEAR)
    monkeypatch.setattr(schema, "schema_text", lambda name: text if name == "ruleset" else known(name))
    schema._validator.cache_clear()
    yield
    monkeypatch.undo()
    schema._validator.cache_clear()


def loaded(facts=None, **changed):
    return load_ruleset(single_leaf({**STATED, **changed}, facts or X))


AWARDS = {D(10): D(10), D(12): D(10), D(13): D("7.5"), D("4.4"): D("1"), D(4): D(0), D(99): D(0)}
TAKEN = {D(10): "near", D(12): "near", D(13): "off", D("4.4"): "off", D(4): "far", D(99): "far"}


def test_it_loads_and_is_checked():
    assert loaded().indicators[0].method == Near("x", D(10), D(2), D(6))
    with pytest.raises(Exception, match="must increase") as refused:
        loaded(gone=1)
    assert refused.value.problems[0].place.pointer == "/indicators/0/method/gone"
    with pytest.raises(Exception, match="goal"):
        load_ruleset(single_leaf({"kind": "near", "value": "x", "within": 2, "gone": 6}, X))
    with pytest.raises(Exception, match="must yield a number"):
        loaded(value='"x"')


@pytest.mark.parametrize("x", AWARDS)
def test_it_scores_explains_and_takes_its_branches(x):
    evaluation = evaluate(loaded(), {"x": x})
    assert evaluation.total == AWARDS[x]
    leaf = evaluation.trace.leaves[0]
    assert leaf.branch == TAKEN[x]
    assert leaf.explanation.zh.startswith(f"数 {x}，")
    assert [reading.expression for reading in leaf.readings] == ["x"]
    assert sum(loss.points for loss in leaf.losses) == 10 - AWARDS[x]
    assert hits(evaluation) == {f"only: {TAKEN[x]}", "total: grade any"}
    assert replay(evaluation.trace) == ()


def test_it_is_shown_and_its_branches_are_listed():
    ruleset = loaded()
    assert criterion(ruleset, ruleset.indicators[0]) == Text("数接近 10", "number near 10")
    listed = {branch.key: branch for branch in branches_of(plan_of(ruleset)) if branch.owner == "only"}
    assert list(listed) == ["near", "off", "far"]
    assert listed["far"].pointer == "/indicators/0/method/gone"
    apart = loaded({"x": {**X["x"], "in": ">= 14"}})
    ruled_out = [branch.key for branch in branches_of(plan_of(apart)) if branch.unreachable]
    assert ruled_out == ["near"]


def test_it_is_mutated():
    ruleset = loaded()
    goals = [mutant for mutant in mutants_of(plan_of(ruleset)) if mutant.pointer.endswith("/method/goal")]
    assert [mutant.after for mutant in goals] == ["11", "9"]
    moved_goal = load_mutant(ruleset, goals[0])
    assert evaluate(moved_goal, {"x": 13}).total == 10


def test_it_is_bounded():
    possible = bounds(loaded({"x": {**X["x"], "in": "[3..13]"}}), UNKNOWN)
    assert (possible.low, possible.high) == (0, 10)
    possible = bounds(loaded({"x": {**X["x"], "in": "[13..15]"}}), UNKNOWN)
    assert (possible.low, possible.high) == (D("2.5"), D("7.5"))


def test_it_is_scored_in_batches():
    table = evaluate_table(loaded(), pa.table({"x": pa.array(list(AWARDS), pa.decimal128(10, 2))}))
    assert table["total"].to_pylist() == list(AWARDS.values())

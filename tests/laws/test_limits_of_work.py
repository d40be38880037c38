"""A bound on work ends an evaluation: it is no value, not undefined, and earns nothing, however the facts are read."""

from decimal import localcontext

import pyarrow as pa
import pytest

from jmrules import bounds, evaluate, load_ruleset
from jmrules.batch.table import evaluate_columns
from jmrules.errors import EvaluationError, LimitError, Undefined
from jmrules.facts.bind import bind
from jmrules.feel import CONTEXT, FeelError, compile, limits
from jmrules.feel import evaluate as feel_value
from jmrules.plan.build import plan_of
from jmrules.score.exact.read import careful as careful_reading
from laws.common import single_leaf

FACTS = {"x": 3, "xs": [{"a": 1}, {"a": 5}], "s": "a" * 30 + "b"}
DECLARED = {
    "x": {"type": "number", "label": {"zh": "数"}},
    "xs": {"type": "list", "label": {"zh": "表"}, "item": {"a": {"type": "number", "label": {"zh": "列"}}}},
    "s": {"type": "string", "label": {"zh": "字"}},
}
#: an expression beyond each bound, as a number
BEYOND = {
    "work": "count(for i in 1..100000, j in 1..100000 return i)",
    "items": "count(for i in 1..1000000000 return i)",
    "string": 'string length(string join(for i in 1..100000 return "0123456789ab", ""))',
    "regular expression": 'if matches(string join(for i in 1..40 return s, ""), "(x+x+)+y|(a|a|aa)+$") then 1 else 2',
    "calls": "(function(f) f(f))(function(f) f(f))",
}


def ruleset(**leaf):
    """One leaf on 10 points, that earns all of them where its value is undefined."""
    made = single_leaf({"kind": "formula", "points": "x"}, DECLARED)
    made["indicators"][0] |= {"undefined": {"share": 1, "reason": {"zh": "不涉及"}}} | leaf
    return made


def points(text):
    return {"method": {"kind": "formula", "points": text}}


def table(*rows):
    return pa.Table.from_pylist(list(rows))


def is_limit(error):
    return isinstance(error, LimitError) and [problem.code for problem in error.problems] == ["feel-limit"]


def test_a_limit_is_an_error_of_an_evaluation_and_not_an_undefined_value():
    assert issubclass(LimitError, EvaluationError)
    assert issubclass(FeelError, Undefined)
    assert not issubclass(LimitError, Undefined)


@pytest.mark.parametrize("text", BEYOND.values(), ids=BEYOND)
def test_a_limit_ends_an_expression_strict_or_not(text):
    for strict in (True, False):
        with pytest.raises(LimitError) as caught:
            feel_value(text, FACTS, strict=strict)
        assert is_limit(caught.value)
        assert caught.value.problems[0].hint.zh


@pytest.mark.parametrize("text", BEYOND.values(), ids=BEYOND)
def test_a_limit_earns_nothing_in_any_reading(text):
    made = load_ruleset(ruleset(**points(text)))
    with pytest.raises(LimitError) as caught:
        evaluate(made, FACTS)
    assert is_limit(caught.value)
    problem = caught.value.problems[0]
    assert problem.place.pointer == "/indicators/0/method/points"
    assert "only" in problem.message.zh and "only" in problem.message.say("en")
    with pytest.raises(LimitError):
        bounds(made, {**FACTS, "x": {"between": [1, 2]}})
    scores = evaluate_columns(made, table(FACTS))
    assert scores.errors[0].problems == caught.value.problems
    assert scores.grades[0] == -1


@pytest.mark.parametrize("otherwise", ["full", "zero"])
def test_a_condition_beyond_a_limit_does_not_say_that_a_leaf_does_not_apply(otherwise):
    condition = {"when": f"{BEYOND['work']} > 0", "otherwise": otherwise, "reason": {"zh": "不涉及"}}
    made = load_ruleset(ruleset(applies=condition))
    with pytest.raises(LimitError):
        evaluate(made, FACTS)
    with pytest.raises(LimitError):
        bounds(made, FACTS)
    assert is_limit(evaluate_columns(made, table(FACTS)).errors[0])


def test_a_derived_value_beyond_a_limit_ends_what_reads_it_and_nothing_else():
    derived = {"big": {"label": {"zh": "大"}, "value": BEYOND["work"]}}
    read = load_ruleset(ruleset(**points("if x > 2 then big else 10")) | {"derived": derived})
    with pytest.raises(LimitError) as caught:
        evaluate(read, FACTS)
    assert caught.value.problems[0].place.pointer == "/derived/big/value"
    small = {**FACTS, "x": 1}
    assert evaluate(read, small).total == 10
    assert evaluate(read, small).trace.total == 10
    scores = evaluate_columns(read, table(FACTS, small))
    assert is_limit(scores.errors[0])
    assert 1 not in scores.errors
    assert bounds(read, small).low == 10


def test_a_signal_beyond_a_limit_does_not_hold_and_is_not_undecided():
    signal = {"label": {"zh": "信号"}, "when": f"{BEYOND['work']} > 0", "undefined": True}
    rule = {
        "id": "capped", "label": {"zh": "封顶"}, "when": {"all": ["heavy"]}, "source": {"status": "stated", "clause": "一"},
        "then": {"severity": "serious", "message": {"zh": "限制"}, "veto": True},
    }  # fmt: skip
    made = load_ruleset(ruleset() | {"signals": {"heavy": signal}, "rules": [rule]})
    with pytest.raises(LimitError) as caught:
        evaluate(made, FACTS)
    assert caught.value.problems[0].place.pointer == "/signals/heavy"
    assert is_limit(evaluate_columns(made, table(FACTS)).errors[0])


def test_the_bound_on_work_is_of_one_evaluation(monkeypatch):
    monkeypatch.setattr(limits, "MAX_WORK", 1800)
    compiled = compile("sum(for i in 1..900 return i)", {})
    with localcontext(CONTEXT):
        assert [compiled.function() for _ in range(3)] == [405450] * 3
        assert [compiled.strict({}) for _ in range(3)] == [405450] * 3


#: expressions whose work does not depend on x, and all of whose items are gone through
WORK = (
    "count(xs[a + x > 0])",
    "sum(xs.a) + x",
    "count(for i in xs return i.a * x)",
    "if some i in xs satisfies i.a < 0 - x then 1 else 2",
    "if every i in xs satisfies i.a + x >= 0 then 1 else 2",
    "count(for i in xs return count(xs[a + i.a + x > 0]))",
    "count(xs[some i in xs satisfies i.a + x < 0])",
    "count(for i in xs return count(xs[a = i.a and a + x > 0]))",
    "count(xs[every i in xs satisfies i.a != a or i.a + x > 0])",
    "count(for i in xs return sum(xs[x = 3 or a > i.a].a))",
    "if list contains(xs.a, x) then 1 else 2",
)
MANY = {"x": 3, "xs": [{"a": n} for n in range(40)], "s": ""}


def readings(made):
    """Whether each way of reading the facts has a score, and the one who reads by the tree alone."""
    yield lambda: evaluate(made, MANY).total
    yield lambda: careful(made)
    yield lambda: bounds(made, MANY).low
    yield lambda: bounds(made, {**MANY, "x": {"between": [2, 3]}}).low


def careful(made):
    plan = plan_of(made)
    with localcontext(CONTEXT):
        return careful_reading(plan.leaves[0].calls[0], plan)(bind(made, MANY))


def enough(made):
    """The least work that is enough for a score."""
    low, high = 0, 100_000
    while low < high:
        limits.MAX_WORK = middle = (low + high) // 2
        try:
            evaluate(made, MANY)
            high = middle
        except LimitError:
            low = middle + 1
    return low


@pytest.mark.parametrize("text", WORK)
def test_every_reading_counts_the_same_work(text, monkeypatch):
    made = load_ruleset(ruleset(**points(text)))
    monkeypatch.setattr(limits, "MAX_WORK", 0)
    work = enough(made)
    assert work >= 40
    for read in readings(made):
        limits.MAX_WORK = work
        read()
        limits.MAX_WORK = work - 1
        with pytest.raises(LimitError):
            read()


@pytest.mark.parametrize("text", WORK)
def test_a_table_has_a_score_where_the_department_alone_has_one(text, monkeypatch):
    made = load_ruleset(ruleset(**points(text)))
    monkeypatch.setattr(limits, "MAX_WORK", 0)
    work = enough(made)
    few = {**MANY, "xs": MANY["xs"][:3]}
    limits.MAX_WORK = work
    assert evaluate_columns(made, table(few, MANY)).errors == {}
    limits.MAX_WORK = work - 1
    errors = evaluate_columns(made, table(few, MANY)).errors
    assert list(errors) == [1]
    assert is_limit(errors[1])


def test_many_projects_by_many_adjustments_are_a_join_and_lose_what_they_should():
    declared = {
        "projects": {
            "type": "list", "label": {"zh": "项目"},
            "item": {"id": {"type": "string", "label": {"zh": "编号"}}, "done": {"type": "boolean", "label": {"zh": "完成"}}},
        },
        "adjustments": {
            "type": "list", "label": {"zh": "调整"},
            "item": {
                "project": {"type": "string", "label": {"zh": "项目"}}, "amount": {"type": "number", "label": {"zh": "金额"}}
            },
        },
    }  # fmt: skip
    text = "if some p in projects satisfies some a in adjustments satisfies a.project = p.id and a.amount > 10 then 3 else 7"
    document = single_leaf({"kind": "formula", "points": text}, declared)
    document["indicators"][0]["undefined"] = {"share": 1, "reason": {"zh": "不涉及"}}
    made = load_ruleset(document)

    def facts(count, last):
        return {
            "projects": [{"id": f"p{n}", "done": True} for n in range(count)],
            "adjustments": [{"project": f"p{n}", "amount": 1} for n in range(count - 1)]
            + [{"project": f"p{count - 1}", "amount": last}],
        }

    for count in (3, 250, 10_000):
        for last, total in ((10, 7), (11, 3)):
            assert evaluate(made, facts(count, last)).total == total
            assert bounds(made, facts(count, last)).low == total
    rows = table(*(facts(count, last) for count in (3, 250, 1000) for last in (10, 11)))
    scores = evaluate_columns(made, rows)
    assert (scores.errors, list(scores.totals)) == ({}, [700, 300] * 3)

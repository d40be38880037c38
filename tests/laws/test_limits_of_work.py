"""A bound on work ends an evaluation: it is no value, not undefined, and earns nothing, however the facts are read."""

from decimal import localcontext

import pyarrow as pa
import pytest

from jmrules import bounds, evaluate, load_ruleset
from jmrules.batch.table import evaluate_columns
from jmrules.errors import EvaluationError, LimitError, Undefined
from jmrules.feel import CONTEXT, FeelError, compile, limits
from jmrules.feel import evaluate as feel_value
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
    monkeypatch.setattr(limits, "MAX_WORK", 5000)
    compiled = compile("sum(for i in 1..900 return i)", {})
    with localcontext(CONTEXT):
        assert [compiled.function() for _ in range(3)] == [405450] * 3
        assert [compiled.strict({}) for _ in range(3)] == [405450] * 3

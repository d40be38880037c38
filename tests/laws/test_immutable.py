"""Nothing that is handed out can be poisoned, and what is kept goes with what it is kept on."""

import copy
import gc
import pickle
import weakref
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, reject, settings

import jmrules
from jmrules import (
    EvaluationError,
    bounds,
    diff,
    evaluate,
    impact,
    load_facts,
    load_ruleset,
    parse_trace,
    reach,
    sensitivity,
    what_if,
)
from jmrules.errors import Problem, Text
from jmrules.frozen import FrozenDict, FrozenList, frozen_value, thawed
from jmrules.plan import build
from jmrules.review import evidence_report, review
from jmrules.ruleset import expressions
from strategies import cases

RULESET = {
    "id": "somewhere/department-overall",
    "fiscal_year": 2024,
    "revision": "1.0.0",
    "status": "reconstructed",
    "title": {"zh": "甲" * 300},
    "notice": {"issuer": {"zh": "乙"}},
    "rounding": {"leaf": 2, "total": 2},
    "grades": [{"id": "all", "label": {"zh": "级"}, "in": ">= 0"}],
    "facts": {
        "n": {"type": "number", "in": "[0..10]", "decimals": 0, "label": {"zh": "数"}},
        "items": {"type": "list", "label": {"zh": "表"}, "item": {"x": {"type": "number", "label": {"zh": "值"}}}},
    },
    "derived": {"xs": {"value": "items.x", "label": {"zh": "各值"}}},
    "indicators": [
        {
            "id": "one",
            "label": {"zh": "一"},
            "points": 10,
            "method": {"kind": "formula", "points": "n"},
            "source": {"status": "stated", "clause": "一"},
        },
        {
            "id": "two",
            "label": {"zh": "二"},
            "points": 5,
            "method": {"kind": "formula", "points": "sum(xs) + count(items)"},
            "source": {"status": "stated", "clause": "二"},
        },
    ],
}
FACTS = {
    "ruleset": RULESET["id"],
    "fiscal_year": 2024,
    "subject": {"name": "甲局"},
    "facts": {
        "n": {"value": 4, "basis": "figure", "evidence": [{"document": "r", "section": "1"}]},
        "items": [{"x": 1}, {"x": 1}],
    },
    "documents": {"r": {"title": "报告"}},
    "claims": {"total": 14, "indicators": {"one": 10}},
}

BARE = {"n": 4, "items": [{"x": 1}, {"x": 1}]}


def results():
    """A result of every kind."""
    ruleset, facts = load_ruleset(RULESET), load_facts(FACTS)
    other = load_ruleset({**RULESET, "revision": "1.0.1", "rounding": {"leaf": 2, "total": 1}})
    evaluation = evaluate(ruleset, facts)
    return {
        "bare": evaluate(ruleset, copy.deepcopy(BARE)),
        "review": review(ruleset, facts),
        "evidence": evidence_report(ruleset, facts),
        "document": load_facts(FACTS).source,
        "ruleset": ruleset,
        "facts": facts,
        "evaluation": evaluation,
        "trace": evaluation.trace,
        "parsed": parse_trace(evaluation.to_json()),
        "bounds": bounds(ruleset, {"n": {"unknown": True}, "items": [{"x": 1}]}),
        "what_if": what_if(ruleset, facts, {"n": 9}),
        "reach": reach(ruleset, facts, total=10),
        "sensitivity": sensitivity(ruleset, facts),
        "diff": diff(ruleset, other),
        "impact": impact(ruleset, other, [facts]),
    }


def said(found):
    """All that results say: later, as they said it at first."""
    made = {name: repr(attrs.asdict(found[name])) for name in ("trace", "parsed", "review", "evidence", "document")}
    made |= {name: found[name].to_json() for name in ("ruleset", "facts", "evaluation", "bare", "bounds", "review")}
    again = [evaluate(found["ruleset"], facts).to_json() for facts in (found["facts"], found["bare"].facts, BARE)]
    return made, found["facts"].digest, found["ruleset"].digest, again, repr(found["diff"])


def reached(value, seen, meet):
    """Every object that public attributes lead to, each met before what lies behind it is looked at."""
    if id(value) in seen or isinstance(value, str | int | Decimal | bytes | type | type(None)) or callable(value):
        return
    seen[id(value)] = value
    meet(value)
    if isinstance(value, Mapping):
        names, parts = (), value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        names, parts = (), value
    elif type(value).__module__.startswith("jmrules"):
        names, parts = [name for name in dir(value) if not name.startswith("_")], ()
    else:
        return
    for part in [*parts]:
        reached(part, seen, meet)
    for name in names:
        part = getattr(value, name, None)
        # What is made anew for each who asks is his to change.
        assert type(part) not in (dict, list, set) or getattr(value, name) is not part, name
        reached(part, seen, meet)


def ways_to_change(value):
    """What somebody might try."""
    if isinstance(value, dict):
        return [lambda: value.update(x=1), value.clear, lambda: value.__setitem__("x", 1)]
    if isinstance(value, list):
        return [lambda: value.append(1), value.clear, lambda: value.extend([1])]
    if isinstance(value, set):
        return [value.clear]
    if attrs.has(type(value)):
        return [lambda name=field.name: setattr(value, name, None) for field in attrs.fields(type(value))]
    return []


def test_no_attempt_to_change_what_is_reached_changes_anything():
    untouched, found, tried = results(), results(), []

    def meet(value):
        for attempt in ways_to_change(value):
            tried.append(value)
            with suppress(AttributeError, TypeError):  # FrozenInstanceError is an AttributeError
                attempt()

    for value in found.values():
        reached(value, {}, meet)
    assert len(tried) > 1000
    assert said(found) == said(untouched)


def test_what_a_caller_does_with_his_mapping_later_does_not_show():
    ruleset_document, facts_document = copy.deepcopy(RULESET), copy.deepcopy(FACTS)
    ruleset, facts = load_ruleset(ruleset_document), load_facts(facts_document)
    before = evaluate(ruleset, facts).to_json(), facts.digest
    ruleset_document["facts"].clear()
    facts_document["facts"]["items"].append({"x": 3})
    facts_document["claims"]["indicators"].clear()
    assert (evaluate(ruleset, facts).to_json(), facts.digest) == before


def emptied(value):
    """What a caller may do with all that he gave."""
    for part in list(value.values() if isinstance(value, dict) else value):
        if isinstance(part, dict | list):
            emptied(part)
    value.clear()


@settings(max_examples=30)
@given(cases())
def test_a_score_holds_the_facts_that_it_was_made_of(case):
    ruleset, given = load_ruleset(case.ruleset), copy.deepcopy(case.facts)
    try:
        untouched, touched = evaluate(ruleset, case.facts), evaluate(ruleset, given)
    except EvaluationError:
        reject()
    emptied(given)
    assert touched.to_json() == untouched.to_json()
    assert touched.facts == untouched.facts
    assert evaluate(ruleset, touched.facts).to_json() == untouched.to_json()


def test_what_is_frozen_is_pickled_copied_and_compared_as_what_it_is():
    plain = {"a": [1, {"b": [Decimal("1.5")]}], "c": {}}
    frozen = frozen_value(plain)
    assert frozen == plain == thawed(frozen) and type(thawed(frozen)) is dict
    for made in (copy.copy(frozen), copy.deepcopy(frozen), pickle.loads(pickle.dumps(frozen))):
        assert made == plain and type(made) is FrozenDict and type(made["a"]) is FrozenList
    for name in ("ruleset", "facts", "trace"):
        value = results()[name]
        assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value


@pytest.mark.parametrize(
    "name", ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort", "__iadd__"]
)
def test_a_frozen_list_refuses(name):
    with pytest.raises(TypeError):
        getattr(frozen_value([1]), name)()


def test_each_ruleset_is_compiled_once_and_goes_when_nobody_holds_it(monkeypatch):
    counted = []
    inner = build.analyse
    monkeypatch.setattr(build, "analyse", lambda ruleset: counted.append(ruleset.revision) or inner(ruleset))
    rulesets = [load_ruleset({**RULESET, "revision": f"1.0.{number}"}) for number in range(300)]
    facts = load_facts(FACTS)
    for _ in range(3):
        assert {evaluate(ruleset, facts).total for ruleset in rulesets} == {Decimal("8.00")}
    assert len(counted) == len(set(counted)) == 300
    assert all(expressions.analyse(ruleset) is expressions.analyse(ruleset) for ruleset in rulesets)
    references = [weakref.ref(ruleset) for ruleset in rulesets]
    del rulesets
    gc.collect()
    assert sum(reference() is not None for reference in references) <= 1  # the loop's own last one


def test_every_result_is_one_line():
    found = results()
    shown = [*found.values(), found["trace"]["one"], *found["diff"], *found["sensitivity"]]
    shown += [
        Problem("a-code", Text("字" * 500)),
        found["trace"].root,
        found["bounds"].root,
        found["bounds"].root.children[0],
    ]
    shown += [found["review"].doubts, found["evaluation"].plan, found["evaluation"].plan.leaves[0], found["reach"].goal]
    problems = [Problem("a-code", Text("长\n" * 300))] * 5
    errors = [getattr(jmrules, name) for name in jmrules.__all__ if name.endswith("Error")]
    shown += [error(problems) for error in errors]
    for value in shown:
        if not isinstance(value, tuple):
            assert len(repr(value)) <= 200 and "\n" not in repr(value)
            assert type(value).__name__ in repr(value)
    reached(found, {}, lambda value: "\n" in repr(value) and pytest.fail(repr(value)))
    public = {getattr(jmrules, name) for name in jmrules.__all__ if isinstance(getattr(jmrules, name), type)}
    assert public - {jmrules.MonitorSession} <= {type(value) for value in shown}

"""Caps, vetoes and what they do to the score: lines after the sum, the lowest wins, the books still close."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings.common import FACTS, GRADES, base, rule
from jmrules import EvaluationError, evaluate, load_ruleset, parse_trace, replay
from jmrules.rules import reference
from jmrules.rules.plan import rule_plan
from jmrules.ruleset.rule_texts import bodies

FLAGS = ("a", "b", "c", "d")
RANK = {grade["id"]: rank for rank, grade in enumerate(reversed(GRADES))}


def flagged(rules):
    """A ruleset whose score is a fact, and whose signals are flags."""
    document = base()
    document["facts"] = {"points": {"type": "number", "label": {"zh": "得分"}}}
    document["facts"] |= {flag: {"type": "boolean", "label": {"zh": flag}} for flag in FLAGS}
    document["derived"] = {}
    document["indicators"][0]["method"] = {"kind": "formula", "points": "points"}
    document["signals"] = {f"is_{flag}": {"when": flag, "label": {"zh": flag}} for flag in FLAGS}
    document["rules"] = rules
    return document


@st.composite
def limiting_rules(draw):
    names = [f"is_{flag}" for flag in FLAGS]
    rules = []
    for index in range(draw(st.integers(1, 5))):
        then = draw(
            st.sampled_from(
                (
                    {},
                    {"cap": {"total": 75}},
                    {"cap": {"total": 60}},
                    {"cap": {"grade": "fair"}},
                    {"cap": {"grade": "poor"}},
                    {"veto": True},
                )
            )
        )
        parts = {
            part: found
            for part in ("all", "any", "none")
            if (found := draw(st.lists(st.sampled_from(names), max_size=2, unique=True)))
        }
        rules.append(rule(f"r{index}", parts or {"none": [draw(st.sampled_from(names))]}, **then))
        names.append(f"r{index}")
    return rules


@given(limiting_rules(), st.decimals(0, 100, places=2), st.tuples(*[st.booleans()] * len(FLAGS)))
def test_total_and_grade_are_those_of_the_lowest_caps(rules, points, flags):
    ruleset = load_ruleset(flagged(rules))
    facts = {"points": points, **dict(zip(FLAGS, flags, strict=True))}
    evaluation = evaluate(ruleset, facts)
    holding = frozenset((f"is_{flag}", None) for flag, holds in zip(FLAGS, flags, strict=True) if holds)
    fired = {name for name, _ in reference.conclude(rule_plan(bodies(ruleset)[0]), holding, {})}
    thens = [each["then"] for each in rules if each["id"] in fired]
    caps = [D(0) if "veto" in then else then["cap"].get("total") for then in thens if "veto" in then or "cap" in then]
    total = min([points, *(cap for cap in caps if cap is not None)])
    grade = "good" if total >= 90 else "fair" if total >= 60 else "poor"
    limits = [then["cap"]["grade"] for then in thens if "grade" in then.get("cap", {})]
    assert evaluation.total == total
    assert evaluation.grade.id == min([grade, *limits], key=RANK.__getitem__)
    assert [finding.rule for finding in evaluation.findings] == [each["id"] for each in rules if each["id"] in fired]


@given(limiting_rules(), st.decimals(0, 100, places=2), st.tuples(*[st.booleans()] * len(FLAGS)))
def test_the_books_close_and_replay(rules, points, flags):
    facts = {"points": points, **dict(zip(FLAGS, flags, strict=True))}
    evaluation = evaluate(load_ruleset(flagged(rules)), facts)
    trace = evaluation.trace
    assert trace.root.awarded == points
    assert trace.root.awarded + sum(line.points for line in trace.adjustments) == trace.total
    assert sum(line.points < 0 for line in trace.adjustments) <= 1
    assert {line.rule for line in trace.adjustments} == {
        finding.rule for finding in trace.findings if finding.cap or finding.veto
    }
    assert parse_trace(evaluation.to_json()) == trace
    assert replay(trace) == ()


def test_a_cap_on_the_grade_leaves_the_total():
    evaluation = evaluate(load_ruleset(base()), FACTS)
    assert (evaluation.total, evaluation.grade.id) == (D("97.00"), "fair")
    (line,) = evaluation.trace.adjustments
    assert (line.kind, line.points, line.decides, line.grade) == ("grade", 0, True, "fair")
    assert line.reason.zh == "等级至多为“中”：审计限制"


def test_a_veto_leaves_nothing():
    document = base()
    document["rules"].append(rule("veto", {"all": ["audit"]}, "grave", veto=True))
    evaluation = evaluate(load_ruleset(document), FACTS)
    assert (evaluation.total, evaluation.grade.id) == (D(0), "poor")
    assert [(line.kind, line.points, line.decides) for line in evaluation.trace.adjustments] == [
        ("grade", 0, False),
        ("veto", D("-97.00"), True),
    ]


def test_limits_read_scores_before_limits():
    document = base()
    document["signals"]["high"] = {"when": "result.total > 90 and scores.execution.rate > 0.9", "label": {"zh": "高"}}
    document["rules"] = [
        rule("first", {"all": ["audit"]}, cap={"total": 50}),
        rule("second", {"all": ["high"]}, cap={"total": 70}),
    ]
    evaluation = evaluate(load_ruleset(document), FACTS)
    assert evaluation.total == D("50.00")
    assert [limit.rule for limit in evaluation.limits] == ["first", "second"]


def test_an_undecided_signal_under_a_limit_is_an_error_and_may_be_declared():
    document = base()
    document["facts"]["problem"]["optional"] = True
    facts = {**FACTS, "problem": None}
    with pytest.raises(EvaluationError) as caught:
        evaluate(load_ruleset(document), facts)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.pointer) == ("undefined-signal", "/signals/audit")
    document["signals"]["audit"]["undefined"] = True
    assert evaluate(load_ruleset(document), facts).grade.id == "fair"
    document["signals"]["audit"]["undefined"] = False
    assert evaluate(load_ruleset(document), facts).grade.id == "good"


def tampered(trace_json, old, new):
    assert old in trace_json
    return replay(parse_trace(trace_json.replace(old, new, 1)))


def test_replay_tells_a_limit_that_was_tampered_with():
    document = base()
    document["rules"][-1]["then"]["cap"] = {"total": 60}
    text = evaluate(load_ruleset(document), FACTS).to_json()
    assert replay(parse_trace(text)) == ()
    assert tampered(text, '"points": -37.00', '"points": -36.00')
    assert tampered(text, '"total": 60.00,', '"total": 61.00,')
    assert tampered(text, '"cap": {"total": 60}', '"veto": false')

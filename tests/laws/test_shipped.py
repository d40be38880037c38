"""The naive evaluator and the engine agree on the rulesets that ship, on their own cases and on facts beside those."""

import copy
import json
import re
from decimal import Decimal as D
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

import naive
from jmrules import EvaluationError, FactsError, evaluate, load_ruleset
from laws.common import leaves
from laws.test_agreement import compare
from laws.test_coverage import texts
from strategies import Case

ROOT = Path(__file__).parents[2] / "rulesets"
RULESETS = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.glob("*/*/[0-9][0-9][0-9][0-9].json"))}


@cache
def loaded(name):
    return load_ruleset(RULESETS[name])


@cache
def document(name):
    """The ruleset as it stands when what it extends is put in."""
    return json.loads(loaded(name).to_json(), parse_float=D)


@cache
def real_facts(name):
    """Name to plain value, for each of the ruleset's cases that can be scored."""
    path = RULESETS[name]
    found = []
    for file in sorted((path.parent / "cases" / path.stem).glob("*.json")):
        facts = json.loads(file.read_text("utf-8"), parse_float=D)
        if not file.name.endswith(".expected.json") and fits(name, plain(facts["facts"])):
            found.append(plain(facts["facts"]))
    return found


def plain(given):
    """Facts without how they are known. The one unit that cases give facts in, beside the declared ones, is percent."""
    if isinstance(given, dict) and "value" in given:
        return given["value"] / D(100) if given.get("unit") == "%" else plain(given["value"])
    if isinstance(given, dict):
        return {name: plain(part) for name, part in given.items()}
    return [plain(part) for part in given] if isinstance(given, list) else given


def evaluated(name, facts):
    try:
        return evaluate(loaded(name), facts)
    except FactsError:
        return None
    except EvaluationError as error:
        return error


def fits(name, facts):
    return evaluated(name, facts) is not None


@st.composite
def near(draw, name):
    """A real case with a figure or two altered: nudged, set to a bound that the rules name, or so that a quotient of two is on a tie."""
    facts = copy.deepcopy(draw(st.sampled_from(real_facts(name))))
    measured = [(leaf, places) for leaf, names in reads(name) if (places := figures(facts, names))]
    for _ in range(draw(st.integers(1, 3))):
        leaf, places = draw(st.sampled_from(measured))
        row, field = draw(st.sampled_from(places))
        value, form = D(row[field]), draw(st.sampled_from(("tie", "tie", "bound", "nudge")))
        others = [(other, key) for other, key in places if other is row and key != field]
        if form == "nudge" or (form == "tie" and not others):
            row[field] = draw(st.sampled_from((value + 1, value - 1, value + D("0.01"), value * 3, value / 8, D(0))))
        elif form == "bound":
            by = D(draw(st.sampled_from(others))[0][field]) if others and draw(st.booleans()) else D(1)
            row[field] = by * draw(st.sampled_from(constants(leaf)))
        else:
            other, key = draw(st.sampled_from(others))
            own = row.get(leaf["method"].get("points")) if row is not facts else None
            points = D(own) if own and own > 1 else D(leaf["points"])
            row[field], other[key] = draw(ties(points, document(name)["rounding"]["leaf"]))
    return facts


@st.composite
def ties(draw, points, digits):
    """Two figures whose quotient, or what it lacks of 1, is worth a tie of the points."""
    quantum = D(1).scaleb(-digits)
    tie = (draw(st.integers(0, int(points / quantum) - 1)) + D("0.5")) * quantum
    times = D(draw(st.sampled_from((1, 3, 7, 100, 160))))
    return tie * times, points * times


def constants(leaf):
    """The numbers that the leaf's method names: bounds, steps, knots."""
    return [D(1), *(D(number) for number in re.findall(r"\d+(?:\.\d+)?", json.dumps(leaf["method"], default=str)))]


@cache
def reads(name):
    """Each leaf with the names that it reads."""
    return [(leaf, read_by(document(name), leaf)) for _, leaf in leaves(document(name)["indicators"])]


def read_by(ruleset, leaf):
    """The names that a leaf's expressions mention, also by way of derived values."""
    found, waiting = set(), texts(leaf["method"])
    while waiting:
        for word in set(re.findall(r"[a-z_][a-z0-9_]*", waiting.pop())) - found:
            found.add(word)
            waiting += [ruleset["derived"][word]["value"]] if word in ruleset.get("derived", {}) else []
    return found


def figures(facts, names):
    """The places of the numbers among these facts: what holds one, and under which name."""
    found = [(facts, name) for name in sorted(names & set(facts)) if is_number(facts[name])]
    for name in sorted(names & set(facts)):
        if isinstance(facts[name], list):
            found += [(row, field) for row in facts[name] for field in row if is_number(row[field])]
    return found


def is_number(value):
    return isinstance(value, int | D) and not isinstance(value, bool)


@pytest.mark.parametrize("name", RULESETS)
def test_the_cases(name):
    path = RULESETS[name].with_suffix("")
    expected = (path.parent / "cases" / path.name).glob("*.expected.json")
    assert len(real_facts(name)) == sum("total" in json.loads(file.read_text("utf-8")) for file in expected)
    for facts in real_facts(name):
        compare(Case(document(name), facts), evaluated(name, facts))


@pytest.mark.parametrize("name", RULESETS)
def test_facts_near_the_cases(name):
    @settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
    @given(near(name))
    def agreeing(facts):
        actual = evaluated(name, facts)
        assume(actual is not None)
        event("a tie" if on_tie(name, facts) else "no tie")
        compare(Case(document(name), facts), actual)

    agreeing()


def on_tie(name, facts):
    scored = naive.evaluate(document(name), facts).nodes.values()
    quanta = 10 ** document(name)["rounding"]["leaf"]
    return any(node.exact is not None and (node.exact * quanta * 2) % 2 == 1 for node in scored)


@pytest.mark.parametrize("name", RULESETS)
def test_many_of_those_facts_fit_and_some_come_to_ties(name):
    seen = []

    @settings(max_examples=150, derandomize=True, database=None, phases=[Phase.generate])
    @given(near(name))
    def count(facts):
        seen.append(on_tie(name, facts) if fits(name, facts) else None)

    count()
    # rows whose points must add up are broken by most changes of them
    assert len(seen) - seen.count(None) >= len(seen) / 5
    # what goes in steps or by counts comes to no tie; where items are rounded, they add up to a whole number of hundredths
    gradual = sum(bool(GRADUAL & set(kinds(leaf["method"]))) for leaf, _ in reads(name))
    assert seen.count(True) >= min(3, gradual // 2) or "item_rounding" in json.dumps(document(name), default=str)


GRADUAL = {"ratio", "formula", "interpolate", "completion"}


def kinds(method):
    """The kinds of a method and of those it is made of."""
    return re.findall(r'"kind": "([a-z]+)"', json.dumps(method, default=str))

"""The compiled machine: what it takes on, and that its whole numbers are FEEL's."""

import json
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from bench.columns import table_of, ties, uniform
from jmrules import evaluate, load_ruleset
from jmrules.batch.table import evaluate_columns
from jmrules.facts.domain import MAX_ITEMS
from jmrules.feel import CONTEXT
from jmrules.plan.build import plan_of
from jmrules.score.columns.machine import codes
from jmrules.score.columns.machine.feed import feed
from jmrules.score.columns.machine.quotients import (
    DIRECT,
    FINE,
    NEAR,
    UNKNOWN,
    decimal_of,
    looked_at,
    operated,
    ordered,
)
from jmrules.score.columns.prepare import prepared
from jmrules.score.columns.program import program_of

DOCUMENT = json.loads((Path(__file__).parents[2] / "bench" / "peers.json").read_text("utf-8"))
DECIMALS = st.builds(lambda top, places: D(top).scaleb(-places), st.integers(-(10**9), 10**9), st.integers(0, 6))
OPERATIONS = {codes.ADD: "__add__", codes.SUBTRACT: "__sub__", codes.MULTIPLY: "__mul__", codes.DIVIDE: "__truediv__"}
IN_FEEL = {codes.ADD: CONTEXT.add, codes.SUBTRACT: CONTEXT.subtract, codes.MULTIPLY: CONTEXT.multiply,
           codes.DIVIDE: CONTEXT.divide}  # fmt: skip


def compiled(ruleset, table):
    plan = plan_of(ruleset)
    batch = prepared(ruleset, table).to_batches()[0]
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    return program_of(plan).machine(feed(ruleset, columns)).leaves


def test_the_usual_leaves_are_compiled():
    ruleset = load_ruleset(DOCUMENT)
    assert compiled(ruleset, table_of(uniform(10, np.random.default_rng(1)))) == set(range(15))


def test_leaves_whose_facts_have_gaps_are_left_to_the_vectors():
    document = json.loads(json.dumps(DOCUMENT))
    document["facts"]["goal_level"]["optional"] = True
    ruleset = load_ruleset(document)
    table = table_of(uniform(10, np.random.default_rng(1))).to_pydict()
    table["goal_level"][3] = None
    assert compiled(ruleset, pa.table(table)) == set(range(15)) - {5}


@pytest.mark.parametrize("mode", ["half up", "half down", "half even", "up", "down"])
@pytest.mark.parametrize("digits", [0, 2, 4])
def test_departments_on_edges_and_ties(mode, digits):
    rounding = {"leaf": digits, "total": digits, "mode": mode}
    ruleset = load_ruleset(DOCUMENT | {"rounding": rounding})
    made = ties(120, np.random.default_rng(digits))
    table = table_of(made)
    scores = evaluate_columns(ruleset, table)
    assert scores.doubtful and not scores.errors
    for row, facts in enumerate(table.to_pylist()):
        exact = evaluate(ruleset, facts)
        assert scores.awards[:, row].tolist() == list(exact.outcome.awards)
        assert D(int(scores.totals[row])).scaleb(-digits) == exact.total
        assert ruleset.grades[scores.grades[row]] == exact.grade


def held(value):
    """A decimal as the machine holds it."""
    top, bottom = Fraction(value).numerator, Fraction(value).denominator
    places = max(0, -value.as_tuple().exponent)
    scale = 10**places // bottom
    return top * scale, bottom * scale, places, 0.0


@given(DECIMALS)
def test_a_double_stands_for_its_decimal(value):
    top, bottom, places = decimal_of(float(value), 0)
    assert Fraction(top, bottom) == Fraction(value)
    assert bottom == 10**places


@given(DECIMALS, DECIMALS)
def test_whether_a_quotient_ends_is_what_feel_says(a, b):
    assume(b > 0)
    exact = Fraction(a) / Fraction(b)
    places = looked_at(exact.numerator, exact.denominator)
    ends = Fraction(CONTEXT.divide(a, b)) == exact
    event(f"ends: {ends}")
    assert (places >= 0) <= ends
    if places >= 0:
        assert exact * 10**places % 1 == 0


@given(DECIMALS, DECIMALS, DECIMALS, st.sampled_from(sorted(OPERATIONS)), st.sampled_from(sorted(OPERATIONS)))
def test_two_operations_are_feels_or_as_near_as_is_said(a, b, c, first, second):
    assume((b or first != codes.DIVIDE) and (c or second != codes.DIVIDE))
    *once, outcome = operated(first, False, *held(a), *held(b))
    assume(outcome == FINE)
    exact = getattr(getattr(Fraction(a), OPERATIONS[first])(Fraction(b)), OPERATIONS[second])(Fraction(c))
    in_feel = Fraction(IN_FEEL[second](IN_FEEL[first](a, b), c))
    top, bottom, places, error, outcome = operated(second, False, *once, *held(c))
    event(("exact" if places >= 0 else "near") if outcome == FINE else "not known")
    assert outcome in (FINE, UNKNOWN)
    if outcome == FINE:
        assert Fraction(top, bottom) == exact
        if places == DIRECT:
            places = looked_at(top, bottom)
        assert abs(in_feel - exact) <= (0 if places >= 0 else Fraction(error))


@given(DECIMALS, DECIMALS, DECIMALS)
def test_an_order_is_feels_or_not_known(a, b, c):
    assume(b > 0)
    *quotient, outcome = operated(codes.DIVIDE, False, *held(a), *held(b))
    assume(outcome == FINE)
    in_feel = CONTEXT.divide(a, b)
    told = ordered(*quotient, *held(c))
    assert told == 2 or told == (in_feel > c) - (in_feel < c)
    # and where the quotient is the decimal itself, it is known
    *same, outcome = operated(codes.DIVIDE, False, *held(c * 7), *held(D(7)))
    assert outcome != FINE or ordered(*same, *held(c)) == 0


def test_a_number_that_may_be_zero_is_of_no_known_order():
    assert ordered(1, 10**18, NEAR, 1e-17, 0, 1, 0, 0.0) == 2
    assert ordered(1, 10**18, NEAR, 1e-19, 0, 1, 0, 0.0) == 1


def small_ruleset(**facts):
    leaf = {"id": "only", "label": {"zh": "一"}, "points": 10, "source": {"status": "stated", "clause": "一"}}
    return {
        "id": "test/machine", "fiscal_year": 2024, "revision": "1.0.0", "status": "official", "title": {"zh": "机器"},
        "notice": {"issuer": {"zh": "财政局"}}, "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "any", "label": {"zh": "任何"}, "in": ">= 0"}], "facts": facts, "indicators": [leaf],
    }  # fmt: skip


def test_a_figure_that_does_not_fit_leaves_the_others_certain():
    number = {"type": "number", "label": {"zh": "数"}}
    document = small_ruleset(spent=number, budget=number | {"in": "> 0"})
    document["indicators"][0]["method"] = {"kind": "ratio", "value": "1 - (spent / budget - 0.3)"}
    table = pa.table({"spent": [3.7, 2.9, 5.0], "budget": [10.1, 7.3, -1.0]})
    scores = evaluate_columns(load_ruleset(document), table)
    assert (scores.doubtful, set(scores.errors)) == (0, {2})
    assert [str(total) for total in (scores.totals[0], scores.totals[1])] == ["934", "903"]


@pytest.mark.parametrize("value", ["count(items)", "1"])
def test_lists_that_are_too_long_are_refused_whoever_reads_them(value):
    items = {"type": "list", "label": {"zh": "项"}, "item": {"x": {"type": "number", "label": {"zh": "数"}}}}
    document = small_ruleset(items=items)
    document["indicators"][0]["method"] = {"kind": "ratio", "value": value}
    struct = pa.StructArray.from_arrays([pa.array(np.ones(MAX_ITEMS + 2))], ["x"])
    table = pa.table({"items": pa.ListArray.from_arrays(pa.array([0, 1, MAX_ITEMS + 2], pa.int32()), struct)})
    assert set(evaluate_columns(load_ruleset(document), table).errors) == {1}

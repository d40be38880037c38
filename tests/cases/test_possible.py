"""What an expression comes to lies within the bounds that the declared domains leave, and only declared ends give ends."""

from decimal import localcontext
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from cases.sheets import number, ruleset_document, text
from facts.declarations import ranges
from jmrules import load_ruleset
from jmrules.cases.possible import Possible
from jmrules.errors import LimitError, Undefined
from jmrules.facts.domain import domain_of
from jmrules.feel import EXACT
from jmrules.feel.numbers import is_number
from jmrules.plan.build import plan_of

NAMES = ("x", "y", "z")
_LEAVES = st.sampled_from([*NAMES, *NAMES, "0", "1", "2.5", "100"])
EXPRESSIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("++-**/"), inner),
        st.builds("-({})".format, inner),
        st.builds("(if {} > {} then {} else {})".format, inner, _LEAVES, inner, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "sum"]), inner, inner),
        st.builds("{}({})".format, st.sampled_from(["abs", "floor", "ceiling"]), inner),
    ),
    max_leaves=5,
)


def planned(facts, value, derived=None):
    """A plan, and the call of its one leaf's value."""
    document = ruleset_document(facts, {"kind": "formula", "points": value})
    if derived:
        document["derived"] = {name: {"value": of, "label": text("值")} for name, of in derived.items()}
    plan = plan_of(load_ruleset(document))
    return plan, plan.leaves[0].shape.value


def bounds_of(facts, value, derived=None):
    plan, call = planned(facts, value, derived)
    return Possible(plan).bounds(call)


@st.composite
def declared(draw):
    return {name: number(**({"in": draw(ranges())} if draw(st.integers(0, 2)) else {})) for name in NAMES}


@given(declared(), EXPRESSIONS, st.lists(st.decimals(-200, 200, places=2), min_size=3, max_size=3))
def test_no_value_lies_outside_the_bounds(facts, expression, near):
    plan, call = planned(facts, expression)
    low, high = Possible(plan).bounds(call)
    values = {fact.id: domain_of(fact).nearest(each) for fact, each in zip(plan.ruleset.facts, near, strict=True)}
    if None in values.values():
        return
    try:
        with localcontext(EXACT):
            value = call.expression.strict(values)
    except (Undefined, LimitError):
        return
    if is_number(value):
        event(f"{'low' if low is not None else 'no'} end, {'high' if high is not None else 'no'} end")
        assert low is None or low <= Fraction(value)
        assert high is None or Fraction(value) <= high


@pytest.mark.parametrize(
    ("tests", "value", "low", "high"),
    [
        (("[0..4]", None), "x", 0, 4),
        (("> 0", None), "x", 0, None),
        ((None, None), "x", None, None),
        ((None, None), "x * 0", 0, 0),
        ((">= 0", ">= 0"), "x + y", 0, None),
        ((">= 0", ">= 0"), "x * y", 0, None),
        ((">= 2", "<= -3"), "x * y", None, -6),
        (("[-1..2]", None), "x * y", None, None),
        ((">= 0", "> 0"), "x / y", 0, None),
        (("[1..10]", ">= 2"), "x / y", 0, 5),
        (("[-4..10]", ">= 2"), "x / y", -2, 5),
        ((">= 0", "[0..1]"), "x - y", -1, None),
        ((">= 0", "[0..1]"), "if y > 0.5 then x else y", 0, None),
        ((">= 0", "[0..1]"), "if y > 0.5 then y else 1 - y", "0.5", 1),
        ((None, None), "abs(x)", 0, None),
        ((">= 1", None), "max(x, y)", 1, None),
        (("[0..1]", "[0..1]"), "min(x, y) + floor(10 * x)", 0, 11),
        (("[0..1]", None), "d + 1", 1, 3),
        (("[0..1e100]", None), "x", 0, 10**100),
        ((None, "[1..2]"), "count(for i in [x, y] return i)", 2, 2),
        ((None, "[1..2]"), "count(distinct values([x, y]))", 0, None),
    ],
)
def test_bounds_of_expressions(tests, value, low, high):
    facts = {name: number(**({"in": each} if each else {})) for name, each in zip("xy", tests, strict=True)}
    found = bounds_of(facts, value, {"d": "2 * x"})
    assert found[0] == (None if low is None else Fraction(low))
    assert found[1] == (None if high is None else Fraction(high))


def test_the_items_of_a_list_count_as_any_that_their_fields_allow():
    item = {"spent": number(**{"in": "[0..5]"})}
    facts = {"funds": {"type": "list", "label": text("资金"), "item": item, "count": "[1..3]"}}
    assert bounds_of(facts, "sum(funds.spent)") == (0, 15)
    assert bounds_of(facts, "count(funds)") == (1, 3)
    assert bounds_of(facts, "count(funds[spent > 7])") == (0, 0)

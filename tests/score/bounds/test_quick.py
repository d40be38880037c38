"""The quick reading of numbers between two ends says nothing that the careful one does not say."""

from decimal import Decimal as D
from decimal import localcontext

import pytest
from hypothesis import event, given

from jmrules import feel
from jmrules.feel import EXACT, FeelError
from jmrules.feel.possible import (
    NO_NAME,
    Known,
    Outermost,
    Possible,
    Reader,
    Span,
    Unsure,
    quick_of,
    quick_value,
    spread,
)
from score.bounds.test_expressions import holds, readings


def quickly(text, possible):
    """What the quick reading says of an expression whose names may be these."""
    with localcontext(EXACT):
        return quick_value(feel.compile(text), lambda name: quick_of(possible[name]) if name in possible else NO_NAME)


def carefully(text, possible):
    """What the careful reading says."""
    with localcontext(EXACT):
        return Reader(text).whole(feel.parse(text), Outermost(possible.get, lambda name: None))


@given(readings())
def test_it_says_what_the_careful_reading_says(case):
    text, _, possible = case
    try:
        found = quickly(text, possible)
    except Unsure:
        event("unsure")
        return
    careful = carefully(text, possible)
    if type(found) is tuple:
        event("between two ends")
        assert (spread(careful).span.low, spread(careful).span.high) == found
    elif not isinstance(found, list | dict):
        event("known")
        assert holds(careful, found)
        assert isinstance(careful, Known) or not isinstance(found, D)


@given(readings())
def test_a_value_lies_between_its_ends(case):
    text, values, possible = case
    try:
        found = quickly(text, possible)
        with localcontext(EXACT):
            value = feel.evaluate(text, values, strict=True)
    except (Unsure, FeelError):
        return
    if type(found) is tuple:
        assert found[0] <= value <= found[1]
    elif not isinstance(found, list | dict):
        assert found == value


BETWEEN = {
    "a": Possible(Span(D(1), D(2))),
    "b": Possible(Span(D(-1), D(4))),
    "n": Known(None),
    "xs": Known([{"v": D(3), "on": True}, {"v": D(5), "on": False}]),
}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a + b", 0, 6),
        ("a - b", -3, 3),
        ("a * b", -2, 8),
        ("-a", -2, -1),
        ("b / a", -1, 4),
        ("max(a, b)", 1, 4),
        ("sum(for x in xs return if x.on then x.v * a else x.v)", 8, 11),
        ("sum(xs[on = true].v) + a", 4, 5),
    ],
)
def test_ends(text, low, high):
    assert quickly(text, BETWEEN) == (low, high)


@pytest.mark.parametrize(
    "text",
    ["a / b", "a < b", "a = b", "if a > 1 then 1 else 2", "n + 1", "n < 1", "xs[1]", "q", "sum([])", "a.v", "abs(a)"],
)
def test_what_is_not_simple_is_left_to_the_careful_reading(text):
    with pytest.raises(Unsure):
        quickly(text, BETWEEN)


def test_a_fact_that_bears_the_name_of_a_function_is_no_function():
    with pytest.raises(Unsure):
        quickly("max(a, 1)", {**BETWEEN, "max": Known(D(1))})


def test_long_loops_are_left_to_the_careful_reading_which_counts_its_work():
    many = {"xs": Known([{"v": D(1)}] * 200)}
    assert quickly("count(for x in xs return x.v)", many) == 200
    with pytest.raises(Unsure):
        quickly("count(for x in xs, y in xs return x.v + y.v)", many)

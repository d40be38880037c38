"""Loops within loops: an index over the items that match is never seen in a value, an error or a diagnostic."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feel.loops import KEYS, NUMBERS, ODD_ITEMS, TYPES, VALUES, loops
from jmrules.feel import (
    CONTEXT,
    Compiled,
    FeelError,
    LimitError,
    compile,
    evaluate_with_diagnostics,
    joins,
    limits,
    parse,
)
from jmrules.feel.values import literal_of

if TYPE_CHECKING:
    from collections.abc import Callable


def outcome(function: Callable[..., Any], *arguments: Any, **options: Any) -> tuple[str, Any]:
    try:
        with localcontext(CONTEXT):
            value = function(*arguments, **options)
    except FeelError as error:
        return "error", error.problems
    except LimitError as error:
        return "limit", error.problems
    return "value", literal_of(value)


def quick(compiled: Compiled, values: dict[str, Any]) -> tuple[str, Any]:
    return outcome(compiled.function, *(values[path[0]] for path in compiled.names))


def without_joins() -> Any:
    return patch.object(joins, "FEW", 10**9)


@pytest.fixture(autouse=True, scope="module")
def few():
    """Lists of few items are joined too."""
    with patch.object(joins, "FEW", 2):
        yield


def is_generated(compiled: Compiled) -> bool:
    return compiled.function.__code__.co_filename == "<feel>"


@settings(max_examples=300)
@given(loops(), VALUES)
def test_a_join_is_all_the_items_gone_through(text: str, values: dict[str, Any]) -> None:
    compiled = compile(text, TYPES)
    joined = outcome(compiled.strict, values)
    assert quick(compiled, values) == joined
    with without_joins():
        assert outcome(compiled.strict, values) == joined
        assert quick(compiled, values) == joined


@settings(max_examples=300)
@given(loops(), st.fixed_dictionaries({"ones": ODD_ITEMS, "others": ODD_ITEMS, "limit": NUMBERS | KEYS}), st.booleans())
@example(
    "for o in ones return count(others[key = o.key])", {"ones": [{"key": 1}] * 3, "others": [{"key": 1}] * 3}, False
)
def test_a_join_says_the_same_of_items_that_do_not_fit(text: str, values: dict[str, Any], strict: bool) -> None:
    def value() -> Any:
        found, diagnostics = evaluate_with_diagnostics(text, values, strict=strict)
        return [found, [problem.say("en") for problem in diagnostics]]

    joined = outcome(value)
    with without_joins():
        assert outcome(value) == joined


@settings(max_examples=200)
@given(loops(), VALUES, st.integers(0, 400))
def test_the_same_work_is_too_much_in_generated_code(text: str, values: dict[str, Any], most: int) -> None:
    compiled = compile(text, TYPES)
    with patch.object(limits, "MAX_WORK", most):
        assert quick(compiled, values) == outcome(compiled.strict, values)


@pytest.mark.parametrize(
    "text",
    [
        "some o in ones satisfies some i in others satisfies i.key = o.key and i.number > limit",
        "every o in ones satisfies every i in others satisfies i.key != o.key or i.number > limit",
        "count(ones[some i in others satisfies i.key = key])",
        "sum(for o in ones return count(others[key = o.key and number > 1]))",
        "sum(for o in ones, i in others return o.number * i.number)",
        "sum(for o in ones return sum(others[number > o.number].number))",
        "every o in ones satisfies (some n in 1..3 satisfies n = o.number)",
        "count(for o in ones return for i in others return if i.flag then o.number else 0)",
        "max(for o in ones return count(others[number > mean(ones[flag].number)]))",
    ],
)
def test_loops_within_loops_are_generated(text: str) -> None:
    assert is_generated(compile(text, TYPES))


def items(count: int, keys: int) -> list[dict[str, Any]]:
    return [{"key": f"k{n % keys}", "number": Decimal(n), "day": None, "flag": True} for n in range(count)]


@pytest.mark.parametrize(
    "text",
    [
        "every o in ones satisfies some i in others satisfies i.key = o.key and i.number >= 0",
        "every o in ones satisfies every i in others satisfies i.key != o.key or i.number >= 0",
        "every o in ones satisfies count(others[key = o.key]) = 1",
        "every o in ones satisfies count(others[flag = true and o.key = item.key]) = 1",
    ],
)
def test_a_join_of_two_long_lists_is_as_much_work_as_they_are_long(text: str) -> None:
    many = 3000
    compiled = compile(text, TYPES)
    values = {"ones": items(many, many), "others": items(many, many), "limit": Decimal(0)}
    with patch.object(limits, "MAX_WORK", 8 * many):
        assert outcome(compiled.strict, values) == ("value", "true")
        assert quick(compiled, values) == ("value", "true")


def test_matches_are_work_too() -> None:
    compiled = compile("every o in ones satisfies count(others[key = o.key]) > 0", TYPES)
    values = {"ones": items(300, 1), "others": items(300, 1), "limit": Decimal(0)}
    with patch.object(limits, "MAX_WORK", 300 * 300):
        assert outcome(compiled.strict, values)[0] == quick(compiled, values)[0] == "limit"


def test_a_thousand_by_a_thousand_are_gone_through() -> None:
    compiled = compile("count(ones[some i in others satisfies i.number > number + 1 and i.flag])", TYPES)
    values = {"ones": items(1000, 10), "others": items(1000, 10), "limit": Decimal(0)}
    assert quick(compiled, values) == outcome(compiled.strict, values) == ("value", "998")


def test_an_equality_that_reads_the_item_joins_nothing() -> None:
    names = ("i.key = i.key", "limit = 1", "i.number > 1 and i.key = o.key", "i.key = string(i.number)")
    loops_ = [parse(f"some i in others satisfies {condition}") for condition in names]
    assert [joins.join_of_quantified(loop) for loop in loops_] == [None] * len(names)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "condition",
    [
        "some i in others satisfies i.flag",
        "count(others.flag) > 1",
        "if count(others) > 1 then number > 1 else true",
        "list contains(others.key, key)",
        "count(others) in [1..5]",
    ],
)
def test_a_filter_of_nothing_is_no_work(condition: str) -> None:
    compiled = compile(f"count(ones[{condition}])", TYPES)
    values = {"ones": [], "others": items(50, 2), "limit": Decimal(0)}
    with patch.object(limits, "MAX_WORK", 0):
        assert quick(compiled, values) == outcome(compiled.strict, values) == ("value", "0")

"""The two readings of a tree, careful and generated, agree: on values, and on errors with their places."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feel.expressions import EXPRESSIONS, NUMBERS, TYPES, UNARY_TESTS, VALUES
from jmrules.feel import CONTEXT, FeelError, compile, evaluate_with_diagnostics
from jmrules.feel import types as ft
from jmrules.feel.values import literal_of

if TYPE_CHECKING:
    from collections.abc import Callable


def outcome(function: Callable[..., Any], *arguments: Any) -> tuple[str, Any]:
    """What a call gives: a value by its text, with its type; or the problems it raises."""
    try:
        with localcontext(CONTEXT):
            value = function(*arguments)
    except FeelError as error:
        return "error", error.problems
    return type(value).__name__, literal_of(value)


def at(values: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = values
    for name in path:
        value = value[name]
    return value


def is_generated(function: Callable[..., Any]) -> bool:
    return function.__code__.co_filename == "<feel>"


@settings(max_examples=300)
@given(EXPRESSIONS, VALUES)
@example("maybe + 1", {**dict.fromkeys(TYPES), "maybe": None})
@example("maybe ** 0", {**dict.fromkeys(TYPES), "maybe": None})
@example(
    "(a between b and (1 / 0))",
    {**dict.fromkeys(TYPES), "a": CONTEXT.create_decimal(1), "b": 2 * CONTEXT.create_decimal(1)},
)
def test_generated_code_is_the_careful_reading(text: str, values: dict[str, Any]) -> None:
    compiled = compile(text, TYPES)
    arguments = [at(values, path) for path in compiled.names]
    assert outcome(compiled.function, *arguments) == outcome(compiled.strict, values)


@settings(max_examples=150)
@given(UNARY_TESTS, NUMBERS | st.none(), VALUES)
def test_generated_unary_tests_are_the_careful_reading(text: str, value: Any, values: dict[str, Any]) -> None:
    compiled = compile(text, {**TYPES, "?": ft.Nullable(ft.NUMBER)}, unary=True)
    arguments = [at(values, path) for path in compiled.names]
    careful = outcome(compiled.strict, {**values, "?": value})
    assert outcome(compiled.function, value, *arguments) == careful
    assert careful[0] in ("bool", "NoneType", "error")


@settings(max_examples=150)
@given(EXPRESSIONS, VALUES)
def test_strict_and_lenient_agree_where_there_is_a_value(text: str, values: dict[str, Any]) -> None:
    strict = outcome(compile(text, TYPES).strict, values)
    value, diagnostics = evaluate_with_diagnostics(text, values)
    if strict[0] == "error":
        assert strict[1][0] == diagnostics[0]
    else:
        assert (type(value).__name__, literal_of(value)) == strict
        assert diagnostics == ()


@settings(max_examples=150)
@given(EXPRESSIONS, VALUES)
def test_a_result_is_of_the_inferred_type(text: str, values: dict[str, Any]) -> None:
    from jmrules.feel.coercion import is_instance

    compiled = compile(text, TYPES)
    try:
        value = compiled.strict(values)
    except FeelError:
        return
    assert is_instance(value, compiled.type) or (value is None and ft.may_be_null(compiled.type))


def test_typed_expressions_are_generated() -> None:
    texts = [
        "a / b <= 0.1",
        "if a in [0..5] then 2 else 1",
        "sum(for v in items return min(1, v.x / v.y)) / count(items)",
        "count(items[x >= y and met])",
        "every v in items satisfies v.x > 0",
        "round half up(a / b, 2)",
        'string(a) + s + upper case("x")',
        "scores.one.awarded + 1",
        "d.year - 1",
        "maybe = null or maybe > 5",
    ]
    assert [text for text in texts if not is_generated(compile(text, TYPES).function)] == []

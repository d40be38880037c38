"""The two readings of a tree, careful and generated, agree: on values, and on errors with their places."""

from __future__ import annotations

from decimal import localcontext
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feel.expressions import EXPRESSIONS, NUMBERS, TYPES, UNARY_TESTS, VALUES
from jmrules.feel import CONTEXT, FeelError, compile, evaluate, evaluate_with_diagnostics
from jmrules.feel import types as ft
from jmrules.feel.coercion import is_instance
from jmrules.feel.functions import BUILT_INS
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


def is_of(value: Any, kind: ft.Type) -> bool:
    """Whether a value is of a type, with null only where the type says so: also among items and members."""
    if value is None:
        return ft.may_be_null(kind)
    match ft.bare(kind):
        case ft.ListType(item):
            return isinstance(value, list) and all(is_of(each, item) for each in value)
        case ft.ContextType(fields):
            return isinstance(value, dict) and all(name in value and is_of(value[name], part) for name, part in fields)
    return is_instance(value, kind)


@settings(max_examples=500)
@given(EXPRESSIONS, VALUES)
@example("string(maybe)", {**dict.fromkeys(TYPES), "maybe": None})
@example("string(numbers[1])", {**dict.fromkeys(TYPES), "numbers": []})
def test_a_result_is_of_the_inferred_type(text: str, values: dict[str, Any]) -> None:
    assert_of_type(text, TYPES, values)


def assert_of_type(text: str, types: dict[str, ft.Type], values: dict[str, Any]) -> None:
    compiled = compile(text, types)
    if compiled.problems:
        return
    try:
        value = compiled.strict(values)
    except FeelError:
        return
    assert is_of(value, compiled.type), (text, value, str(compiled.type))


#: a name of each kind of value, with its type and values of it written in FEEL
KINDS: dict[str, tuple[ft.Type, list[str]]] = {
    "n": (ft.NUMBER, ["1", "2.5"]),
    "n0": (ft.Nullable(ft.NUMBER), ["null", "1"]),
    "s": (ft.STRING, ['"a"', '"2"']),
    "s0": (ft.Nullable(ft.STRING), ["null", '"a"']),
    "f0": (ft.Nullable(ft.BOOLEAN), ["null", "true"]),
    "d": (ft.DATE, ['date("2024-01-31")']),
    "dt": (ft.DATE_TIME, ['@"2024-01-31T10:00:00Z"']),
    "du": (ft.DAYS_TIME_DURATION, ['@"P1D"']),
    "ym": (ft.YEARS_MONTHS_DURATION, ['@"-P1Y"']),
    "ns": (ft.ListType(ft.NUMBER), ["[]", "[1]", "[1, 2]"]),
    "ns0": (ft.Nullable(ft.ListType(ft.NUMBER)), ["null", "[1]"]),
    "n0s": (ft.ListType(ft.Nullable(ft.NUMBER)), ["[null]", "[1, null]", "[3]"]),
    "nss": (ft.ListType(ft.ListType(ft.NUMBER)), ["[[1]]", "[[1], [2, 3]]", "[]"]),
    "dus": (ft.ListType(ft.DAYS_TIME_DURATION), ['[@"-P1D"]']),
    "c": (ft.ContextType({"key": ft.STRING, "value": ft.NUMBER}), ['{key: "a", value: 1}']),
    "cs": (ft.ListType(ft.ContextType({"key": ft.STRING, "value": ft.NUMBER})), ['[{key: "a", value: 1}]', "[]"]),
    "r": (ft.RangeType(ft.NUMBER), ["[1..3)", "(< 5)"]),
    "o": (ft.ANY, ["null", "1", '"a"', "[1]"]),
}
KIND_TYPES = {name: kind for name, (kind, _) in KINDS.items()}


def assert_of_type_for_all_values(text: str) -> None:
    names = [path[0] for path in compile(text, KIND_TYPES).names if path[0] in KINDS]
    for written in product(*(KINDS[name][1] for name in names)):
        values = {name: evaluate(each) for name, each in zip(names, written, strict=True)}
        assert_of_type(text, KIND_TYPES, values)


@pytest.mark.parametrize("name", sorted(BUILT_INS))
def test_what_a_built_in_gives_is_of_the_inferred_type(name: str) -> None:
    for count in (0, 1, 2):
        for arguments in product(KINDS, repeat=count):
            assert_of_type_for_all_values(f"{name}({', '.join(arguments)})")


@pytest.mark.parametrize(
    "pattern",
    [
        "{0}[1]",
        "{0}[n]",
        "{0}[n + 1]",
        "{0}[n0]",
        "{0}[item]",
        "{0}[value]",
        "{0}[item = {1}]",
        "{0}[1].value",
        "[{0}, {1}]",
        "[{0}, {1}][1]",
        "flatten([{0}, [{1}]])",
        "(if f0 = true then {0} else {1})",
        "(for v in {0} return {1})[1]",
        "some v in {0} satisfies v = {1}",
        "{0} in {1}",
        "{0} in ({1}, 5)",
        "{0} = {1}",
        "{0} < {1}",
        "{0} + {1}",
        "{0} - {1}",
        "{0} * {1}",
        "{0} / {1}",
        "append({0}, {1})",
        "(function(p) p)({0})",
        "(function(p: number) p)({0})",
        "(function(p: list<number>) p)({0})",
        "(function(p: list<number>) p[1])({0})",
        "(function(p: context<value: number>) p.value)({0})",
    ],
)
def test_what_an_expression_gives_is_of_the_inferred_type(pattern: str) -> None:
    for pair in product(KINDS, repeat=2 if "{1}" in pattern else 1):
        assert_of_type_for_all_values(pattern.format(*pair))


@pytest.mark.parametrize(
    "text",
    [
        "ns0 = null",
        "if ns0 = null then 0 else count(ns0[item > 1])",
        "ns0[item = n0]",
        "ns0[1]",
        "n0s[item > 1]",
        "n0s[item != null and item > 1]",
        "some v in n0s satisfies v > 1",
        "every v in n0s satisfies v > 1",
        "not(f0)",
        "not(f0 = true)",
        "ns[not(f0)]",
        "sum(n0s)",
        "mean(n0s)",
        "min(n0s)",
        "max(n0s)",
        "sum(for v in n0s return if v = null then 0 else v)",
        'sum(for v in cs return if v.key in ("a", "b") then v.value else n0)',
    ],
)
def test_what_may_be_null_is_generated_and_is_the_careful_reading(text: str) -> None:
    compiled = compile(text, KIND_TYPES)
    assert is_generated(compiled.function)
    names = [path[0] for path in compiled.names]
    for written in product(*(KINDS[name][1] for name in names)):
        values = {name: evaluate(each) for name, each in zip(names, written, strict=True)}
        assert outcome(compiled.function, *values.values()) == outcome(compiled.strict, values)


def test_a_position_in_an_empty_list_is_null_however_it_is_written() -> None:
    values = {"numbers": [], "a": CONTEXT.create_decimal(1), "maybe": None}
    for position in ("1", "a", "a + 1", "(if a = 1 then 2 else 3)", "-a"):
        assert compile(f"numbers[{position}]", TYPES).strict(values) is None
    assert compile("numbers[item > a]", TYPES).strict(values) == []
    assert compile("numbers[maybe]", TYPES).type == ft.ANY


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

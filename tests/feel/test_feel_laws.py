"""Laws of FEEL's values and functions, against independent oracles."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jmrules.errors import JmrulesError
from jmrules.feel import FeelSyntaxError, Range, compile, evaluate, evaluate_with_diagnostics, parse, unary_tests
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.numbers import power, text_of_number
from jmrules.feel.values import equal, literal_of
from jmrules.feel.vocabulary import BUILT_IN

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
VALUES = st.recursive(
    st.none() | st.booleans() | DECIMALS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_the_text_of_a_value_is_its_literal(value: Any) -> None:
    text = literal_of(value)
    again = evaluate(text, strict=True)
    assert literal_of(again) == text
    assert again == value


@given(DECIMALS, DECIMALS, st.sampled_from("+-*"))
def test_arithmetic_is_exact_within_34_digits(a: Decimal, b: Decimal, sign: str) -> None:
    exact = {"+": Fraction(a) + Fraction(b), "-": Fraction(a) - Fraction(b), "*": Fraction(a) * Fraction(b)}[sign]
    result = Fraction(evaluate(f"a {sign} b", {"a": a, "b": b}))
    digits = len(str(abs(exact.numerator * (10**12 // exact.denominator))))
    assert result == exact if digits <= 34 else abs(result - exact) <= abs(exact) / 10**33


@given(DECIMALS, DECIMALS.filter(bool))
def test_a_quotient_is_the_nearest_number_of_34_digits(a: Decimal, b: Decimal) -> None:
    result = evaluate("a / b", {"a": a, "b": b})
    exact = Fraction(a) / Fraction(b)
    step = Fraction(Decimal((0, (1,), result.as_tuple().exponent)))
    assert abs(Fraction(result) - exact) * 2 <= step


@given(st.integers(1, 10**6), st.integers(-30, 30))
def test_power_is_correct_to_the_last_digit(base: int, exponent: int) -> None:
    result = power(Decimal(base), Decimal(exponent))
    exact = Fraction(base) ** exponent
    step = Fraction(Decimal((0, (1,), result.adjusted() - 33)))
    assert abs(Fraction(result) - exact) * 2 <= step


@given(DECIMALS, st.integers(-3, 4))
def test_rounding_stays_within_one_step_and_on_its_side(n: Decimal, scale: int) -> None:
    step = Fraction(10) ** -scale
    exact = Fraction(n)
    names = {name: Fraction(evaluate(f"{name}(n, {scale})", {"n": n})) for name in ROUNDINGS}
    assert all(result % step == 0 for result in names.values())
    assert 0 <= exact - names["floor"] < step
    assert 0 <= names["ceiling"] - exact < step
    assert abs(names["round down"]) <= abs(exact) <= abs(names["round up"])
    for name in ("decimal", "round half up", "round half down"):
        assert abs(names[name] - exact) * 2 <= step
    if (exact / step) % 1 == Fraction(1, 2):
        assert abs(names["round half up"]) > abs(exact) > abs(names["round half down"])
        assert (names["decimal"] / step) % 2 == 0


ROUNDINGS = ("floor", "ceiling", "round up", "round down", "round half up", "round half down", "decimal")


@given(st.integers(-50, 50), st.integers(-50, 50).filter(bool))
def test_modulo_has_the_sign_of_the_divisor(a: int, b: int) -> None:
    assert evaluate("modulo(a, b)", {"a": a, "b": b}) == a % b


@pytest.mark.parametrize(("left", "right"), list(product([True, False, None], repeat=2)))
def test_three_valued_logic(left: bool | None, right: bool | None) -> None:
    order = {False: 0, None: 1, True: 2}
    names = {"left": left, "right": right}
    assert evaluate("left and right", names) is min(left, right, key=lambda value: order[value])
    assert evaluate("left or right", names) is max(left, right, key=lambda value: order[value])
    assert evaluate("not(left)", names) is (None if left is None else not left)


ENDS = st.integers(0, 4)
RANGES = st.builds(
    lambda low, size, start, end: Range(start, Decimal(low), Decimal(low + size), end),
    ENDS,
    ENDS,
    st.booleans(),
    st.booleans(),
)


def points(interval: Range) -> set[Fraction]:
    """The quarters in a range: enough to tell ranges with whole ends apart."""
    return {
        Fraction(n, 4)
        for n in range(-8, 48)
        if evaluate("x in r", {"x": Decimal(n) / 4, "r": interval})
    }  # fmt: skip


@settings(max_examples=60)
@given(RANGES, RANGES)
def test_relations_of_ranges_are_those_of_their_points(one: Range, other: Range) -> None:
    a, b = points(one), points(other)
    if not a or not b:
        return
    names = {"a": one, "b": other}
    assert evaluate("overlaps(a, b)", names) == bool(a & b)
    assert evaluate("includes(a, b)", names) == (b <= a)
    assert evaluate("during(a, b)", names) == (a <= b)
    assert evaluate("before(a, b)", names) == (max(a) < min(b))
    assert evaluate("after(a, b)", names) == (min(a) > max(b))
    assert evaluate("coincides(a, b)", names) == (a == b)
    assert evaluate("starts(a, b)", names) == (
        a <= b and min(a) == min(b) and one.start_included == other.start_included
    )
    assert evaluate("overlaps before(a, b)", names) == evaluate("overlaps after(b, a)", names)
    assert evaluate("meets(a, b)", names) == evaluate("met by(b, a)", names)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=8), st.integers(-10, 10))
def test_list_functions_are_those_of_python(items: list[int], n: int) -> None:
    names = {"l": items, "n": n}
    assert evaluate("sum(l)", names) == sum(items)
    assert evaluate("[min(l), max(l), count(l)]", names) == [min(items), max(items), len(items)]
    assert evaluate("sort(l)", names) == sorted(items)
    assert evaluate("sort(l, function(a, b) a > b)", names) == sorted(items, reverse=True)
    assert evaluate("distinct values(l)", names) == list(dict.fromkeys(items))
    assert evaluate("index of(l, n)", names) == [i for i, item in enumerate(items, 1) if item == n]
    assert evaluate("l[item > n]", names) == [item for item in items if item > n]
    assert evaluate("for x in l, y in l return x * y", names) == [x * y for x in items for y in items]
    assert evaluate("flatten([l, [l, [n]]])", names) == [*items, *items, n]
    ordered = sorted(items)
    middle = Fraction(ordered[(len(items) - 1) // 2] + ordered[len(items) // 2], 2)
    assert Fraction(evaluate("median(l)", names)) == middle


@given(st.text("ab.c", max_size=6), st.text("abc", max_size=6))
def test_matching_is_that_of_re_where_the_syntaxes_agree(pattern: str, text: str) -> None:
    assert evaluate("matches(t, p)", {"t": text, "p": pattern}) is bool(re.search(pattern, text))
    assert evaluate("replace(t, p, '')".replace("'", '"'), {"t": text, "p": pattern or "z"}) == re.sub(
        pattern or "z", "", text
    )


@given(DECIMALS)
def test_numbers_are_written_plainly(n: Decimal) -> None:
    text = text_of_number(n)
    assert "E" not in text
    assert Decimal(text) == n
    assert "." not in text or text[-1] not in "0."


TOKENS = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "<=",
        "=",
        "!=",
        "+",
        "-",
        "*",
        "/",
        "**",
        "..",
        ".",
        ",",
        ":",
        "@",
        '"',
        "?",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "instance",
        "of",
        "between",
        "and",
        "or",
        "not",
        "null",
        "true",
        "a",
        "b",
        "date",
        "time",
        '"x"',
        '@"P1D"',
        "1",
        "2.5",
        "1e5",
        "1e99999",
        "//",
        "/*",
        "*/",
        "\\",
        "'",
        "；",
        "（",
        "预算",
    ]
)


@settings(max_examples=400)
@given(st.lists(TOKENS, max_size=14).map(" ".join) | st.text(max_size=20))
@example("date . ?")
def test_any_text_ends_in_a_value_or_a_declared_error(text: str) -> None:
    for use in (lambda: evaluate(text, {"a b": 1}), lambda: unary_tests(text, 1), lambda: compile(text, {})):
        try:
            use()
        except JmrulesError as error:
            assert error.problems
            assert all(problem.message.en and problem.message.zh for problem in error.problems)


ARGUMENTS = st.sampled_from(
    [
        "null",
        "true",
        "0",
        "-1",
        "2.5",
        "1e6000",
        '"a"',
        '""',
        '"(a+)+$"',
        "[]",
        "[1,2]",
        "[null]",
        '["a",null]',
        "{}",
        "{a:1}",
        '[{key:"a",value:1}]',
        '@"2024-01-01"',
        '@"10:00:00@Europe/Paris"',
        '@"2024-01-01T00:00:00Z"',
        '@"P1D"',
        '@"P1Y"',
        "[1..3]",
        "abs",
    ]
)


@settings(max_examples=400)
@given(st.sampled_from(sorted(BUILT_INS)), st.lists(ARGUMENTS, max_size=4))
def test_any_call_of_a_built_in_has_a_value_or_a_diagnostic(name: str, arguments: list[str]) -> None:
    value, diagnostics = evaluate_with_diagnostics(f"{name}({', '.join(arguments)})")
    assert value is not None or diagnostics or name in ("not", "string", "get value", "all", "any", "abs", "context")


def test_the_reader_knows_the_names_of_all_built_ins() -> None:
    spaced = {name for name in BUILT_INS if " " in name}
    assert spaced | {"start included", "end included", "time offset"} == set(BUILT_IN)


@given(st.text(max_size=30))
def test_nodes_stand_inside_the_text(text: str) -> None:
    try:
        tree = parse(text)
    except FeelSyntaxError as error:
        place = error.problems[0].place
        assert place.line is not None
        assert 1 <= place.line <= text.count("\n") + 1
        return
    assert all(0 <= node.start <= node.end <= len(text) for node in t.walk(tree))


@given(VALUES, VALUES)
def test_equality_is_symmetric_and_reflexive(a: Any, b: Any) -> None:
    assert equal(a, a) is not False
    assert equal(a, b) is equal(b, a)

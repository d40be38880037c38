"""Under EXACT, as inside a ruleset, FEEL's numbers are rationals; under CONTEXT they are the standard's decimals."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feel.expressions import EXPRESSIONS, NUMBERS, TYPES, UNARY_TESTS, VALUES
from jmrules.feel import CONTEXT, EXACT, FeelError, LimitError, Quotient, compile, evaluate, string_of, temporal
from jmrules.feel import types as ft
from jmrules.feel.numbers import divide, quantized, total
from jmrules.feel.quotients import quotient
from jmrules.feel.values import literal_of

if TYPE_CHECKING:
    from collections.abc import Callable

HALF = Fraction(1, 2)
#: an expression, and what Python's Fractions make of it; None where it divides by zero
Sum = tuple[str, Fraction | None]


def _leaf(top: int, places: int) -> Sum:
    value = Fraction(top, 10**places)
    return f"{Decimal(top).scaleb(-places):f}", value


def _away(value: Fraction) -> int:
    return ceil(value) if value > 0 else floor(value)


def _half_up(value: Fraction) -> int:
    return floor(abs(value) + HALF) * (1 if value > 0 else -1)


def _half_down(value: Fraction) -> int:
    return ceil(abs(value) - HALF) * (1 if value > 0 else -1)


ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "floor": floor,
    "ceiling": ceil,
    "round up": _away,
    "round down": int,
    "round half up": _half_up,
    "round half down": _half_down,
    "decimal": round,
}


def _binary(operator: str, one: Sum, other: Sum) -> Sum:
    text = f"({one[0]} {operator} {other[0]})"
    if one[1] is None or other[1] is None or (operator == "/" and not other[1]):
        return text, None
    if operator == "/":
        return text, one[1] / other[1]
    return text, {"+": add, "-": sub, "*": mul}[operator](one[1], other[1])


def _aggregate(name: str, parts: list[Sum]) -> Sum:
    text = f"{name}([{', '.join(text for text, _ in parts)}])"
    values = [value for _, value in parts if value is not None]
    if len(values) < len(parts):
        return text, None
    if name == "median":
        ordered, middle = sorted(values), len(values) // 2
        return text, ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    if name in ("sum", "mean"):
        return text, sum(values, Fraction(0)) / (len(values) if name == "mean" else 1)
    return text, min(values) if name == "min" else max(values)


def _rounded(name: str, scale: int, of: Sum) -> Sum:
    power = Fraction(10) ** scale
    return f"{name}({of[0]}, {scale})", None if of[1] is None else ROUNDINGS[name](of[1] * power) / power


def _either(one: Sum, other: Sum, yes: Sum, no: Sum, sign: str) -> Sum:
    text = f"(if {one[0]} {sign} {other[0]} then {yes[0]} else {no[0]})"
    if one[1] is None or other[1] is None:
        return text, None
    return text, (yes if (one[1] < other[1] if sign == "<" else one[1] == other[1]) else no)[1]


def _absolute(of: Sum) -> Sum:
    return f"abs(-{of[0]})", None if of[1] is None else abs(of[1])


def _modulo(one: Sum, other: Sum) -> Sum:
    known = one[1] is not None and other[1]
    return f"modulo({one[0]}, {other[0]})", one[1] % other[1] if known else None  # type: ignore[operator]


def _power(of: Sum, exponent: int) -> Sum:
    undefined = of[1] is None or (exponent < 0 and not of[1])
    return f"({of[0]} ** {exponent})", None if undefined else of[1] ** exponent  # type: ignore[operator]


def _deeper(inner: st.SearchStrategy[Sum]) -> st.SearchStrategy[Sum]:
    some = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        st.builds(_binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(_binary, st.just("/"), inner, inner),
        st.builds(_aggregate, st.sampled_from(["sum", "mean", "min", "max", "median"]), some),
        st.builds(_rounded, st.sampled_from(sorted(ROUNDINGS)), st.integers(-1, 3), inner),
        st.builds(_either, inner, inner, inner, inner, st.sampled_from(["<", "="])),
        st.builds(_absolute, inner),
        st.builds(_modulo, inner, inner),
        st.builds(_power, inner, st.integers(-2, 3)),
    )


SUMS = st.recursive(st.builds(_leaf, st.integers(0, 3000), st.integers(0, 3)), _deeper, max_leaves=12)


@settings(max_examples=2 * settings.default.max_examples)
@given(SUMS)
@example(("round half up(15 * 1100 / 2400, 2)", Fraction("6.88")))
@example(("1 / 3 + 1 / 3 + 1 / 3", Fraction(1)))
@example(("sum(for n in 1..49 return 1 / 49)", Fraction(1)))
def test_arithmetic_is_that_of_fractions(expression: Sum) -> None:
    text, expected = expression
    with localcontext(EXACT):
        if expected is None:
            with pytest.raises(FeelError):
                evaluate(text, strict=True)
            return
        found = evaluate(text, strict=True)
        assert found == expected
        # a Decimal where one holds it
        assert type(found) is type(quotient(expected.numerator, expected.denominator))
        assert compile(text, {}).function() == found


def outcome(function: Callable[..., Any], *arguments: Any) -> tuple[str, Any]:
    try:
        value = function(*arguments)
    except FeelError as error:
        return "error", error.problems
    return type(value).__name__, value if type(value) in (Decimal, Quotient) else literal_of(value)


def at(values: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = values
    for name in path:
        value = value[name]
    return value


def thirds(value: Any) -> Any:
    """Numbers of a value over 3: most are quotients."""
    if isinstance(value, Decimal):
        return divide(value, Decimal(3))
    if isinstance(value, list):
        return [thirds(item) for item in value]
    return {name: thirds(item) for name, item in value.items()} if isinstance(value, dict) else value


@settings(max_examples=300)
@given(EXPRESSIONS, VALUES)
def test_generated_code_is_the_careful_reading(text: str, values: dict[str, Any]) -> None:
    compiled = compile(text, TYPES)
    with localcontext(EXACT):
        values = thirds(values)
        arguments = [at(values, path) for path in compiled.names]
        assert outcome(compiled.function, *arguments) == outcome(compiled.strict, values)


@given(UNARY_TESTS, NUMBERS, VALUES)
def test_generated_unary_tests_are_the_careful_reading(text: str, value: Decimal, values: dict[str, Any]) -> None:
    compiled = compile(text, {**TYPES, "?": ft.Nullable(ft.NUMBER)}, unary=True)
    with localcontext(EXACT):
        third = thirds(value)
        arguments = [at(values, path) for path in compiled.names]
        assert outcome(compiled.function, third, *arguments) == outcome(compiled.strict, {**values, "?": third})


PARTS = st.builds(quotient, st.integers(-99, 99), st.sampled_from([1, 2, 3, 7, 12, 14, 40, 5**200, 3**300]))


@given(PARTS, PARTS)
def test_python_s_own_operators_give_the_exact_number(one: Any, other: Any) -> None:
    a, b = Fraction(one), Fraction(other)
    with localcontext(EXACT):
        found = [one + other, one - other, one * other, -one, abs(one), *([divide(one, other)] if b else [])]
        exact = [a + b, a - b, a * b, -a, abs(a), *([a / b] if b else [])]
        assert found == exact
        assert [type(value) for value in found] == [type(quotient(*value.as_integer_ratio())) for value in exact]
        assert (one < other, one <= other, one == other, one > other) == (a < b, a <= b, a == b, a > b)
        assert hash(one) == hash(a)
    assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == copy.deepcopy(one) == one
    assert type(pickle.loads(pickle.dumps(one))) is type(one)


@given(st.lists(PARTS, min_size=1, max_size=30))
def test_a_total_does_not_depend_on_how_it_is_added(parts: list[Any]) -> None:
    with localcontext(EXACT):
        assert total(parts) == sum(map(Fraction, parts), Fraction(0))


@given(PARTS, st.sampled_from(["ROUND_FLOOR", "ROUND_CEILING", "ROUND_UP", "ROUND_DOWN"]), st.integers(-2, 4))
def test_rounding_a_quotient_is_rounding_its_digits(value: Any, mode: str, places: int) -> None:
    digits = CONTEXT.divide(*map(Decimal, value.as_integer_ratio()))
    with localcontext(EXACT):
        assert quantized(value, Decimal(1).scaleb(-places), mode) == digits.quantize(
            Decimal(1).scaleb(-places), mode, CONTEXT
        )


def test_standard_feel_keeps_to_34_digits() -> None:
    assert evaluate("1 / 3 + 1 / 3 + 1 / 3") == Decimal("0.9999999999999999999999999999999999")
    long = "1.23456789012345678901234567890123456789"
    assert evaluate(long) == evaluate(f'number("{long}")') == Decimal("1.234567890123456789012345678901235")
    assert evaluate(f"{long} in [{long}..{long}]") is True
    assert evaluate("x", {"x": Fraction(1, 3)}) == Decimal("0." + "3" * 34)


def test_a_numeral_keeps_its_digits_where_arithmetic_is_exact() -> None:
    long = "1.23456789012345678901234567890123456789"
    with localcontext(EXACT):
        for text in (long, f"-(-{long})", f'number("{long}")', f"[{long}..2].start"):
            assert evaluate(text) == Decimal(long)
            assert compile(text, {}).function() == Decimal(long)
        assert compile(f"in [{long}..2]".replace("in", "? in"), {"?": ft.NUMBER}, unary=True).function(
            Decimal("1.23456789012345678901234567890123456788")
        ) is False  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(1 / 9)", "0." + "3" * 34),
        ("2 ** 0.5", "1.414213562373095048801688724209698"),
        ("stddev(1 / 3, 2 / 3)", "0.2357022603955158414669481207016163"),
        ("exp(0)", "1"),
        ("(10 / 3) ** 2 * 9", "100"),
        ('duration("P1D") / duration("P3D") * 3', "1"),
        ("string(2 / 3)", '"0.' + "6" * 33 + '7"'),
        ("odd(1 / 3) or even(2 / 3)", "false"),
        ("[1, 2][1 / 3 + 2 / 3]", "1"),
        ("[1, 2][1 / 3]", "null"),
        ("distinct values([1 / 3, 2 / 6, 0.5])", "[0." + "3" * 34 + ", 0.5]"),
        ("sort([2 / 3, 0.5, 1 / 3])[2]", "0.5"),
        ("(1 / 3) instance of number", "true"),
        ("(1 / 3) in [0..0.33]", "false"),
        ("count(1 / 3)", "1"),
    ],
)
def test_functions_of_quotients(text: str, expected: str) -> None:
    with localcontext(EXACT):
        assert literal_of(evaluate(text)) == expected


def test_a_quotient_reads_as_34_digits() -> None:
    third = quotient(-1, 3)
    assert f"{third}" == string_of(third) == "-0." + "3" * 34
    assert f"{third:.2f}" == "-0.33"
    assert repr(third) == "Quotient(-1, 3)"


@pytest.mark.parametrize(
    "text",
    [
        "1.0000001 ** 100000",
        "(1 / 3) ** 100000",
        "10 ** 15000 * 10 ** 15000",
        "product(for n in 1..2000 return 1234567890123456789)",
        "sum(for n in 1..9000 return 1 / (10 ** 9 + n))",
        "2 ** 70000 + 1 / 2 ** 70000",
        "1E6000 ** 2 * 1E6000 ** 2",
    ],
)
def test_too_many_digits_are_a_bound_of_work(text: str) -> None:
    with localcontext(EXACT):
        for evaluated in (lambda: evaluate(text), compile(text, {}).function):
            with pytest.raises(LimitError) as error:
                evaluated()
            assert [problem.code for problem in error.value.problems] == ["feel-limit"]


@pytest.mark.parametrize(
    "text", ["sum(for n in 1..400 return 1 / (10 ** 9 + n)) < 1", "sum(for n in 1..2 return 3 ** 5000) > 0"]
)
def test_numbers_too_long_for_generated_code_are_computed_by_the_tree(text: str) -> None:
    compiled = compile(text, {})
    assert compiled.function.__code__.co_filename == "<feel>"
    with localcontext(EXACT):
        assert compiled.function() is compiled.strict({}) is True


def test_long_numbers_are_work() -> None:
    with localcontext(EXACT), pytest.raises(LimitError) as error:
        evaluate("for n in 1..100000 return 7 ** 20000 + n")
    assert [problem.code for problem in error.value.problems] == ["feel-limit"]


def test_division_by_zero_has_no_value() -> None:
    with localcontext(EXACT):
        for text in ("1 / 0", "0 / 0", "(1 / 3) / 0", "0 ** -1", "modulo(1 / 3, 0)"):
            assert evaluate(text) is None
    assert temporal.divide(temporal.parse_literal("P1D"), temporal.parse_literal("P0D")) is None

"""Typed FEEL expressions and values for their names, generated; the text is built beside its type, so that it fits."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from jmrules.feel import temporal
from jmrules.feel import types as ft

ITEM = ft.ContextType({"x": ft.NUMBER, "y": ft.NUMBER, "label": ft.STRING, "met": ft.BOOLEAN})
TYPES: dict[str, ft.Type] = {
    "a": ft.NUMBER,
    "b": ft.NUMBER,
    "maybe": ft.Nullable(ft.NUMBER),
    "s": ft.STRING,
    "word": ft.Nullable(ft.STRING),
    "flag": ft.BOOLEAN,
    "unsure": ft.Nullable(ft.BOOLEAN),
    "d": ft.DATE,
    "later": ft.Nullable(ft.DATE),
    "numbers": ft.ListType(ft.NUMBER),
    "items": ft.ListType(ITEM),
    "scores": ft.ContextType({"one": ft.ContextType({"awarded": ft.NUMBER, "rate": ft.NUMBER})}),
}

#: a third of all numbers are such that they meet one another: equal, zero, on the edge of a literal range
_EDGES = st.sampled_from([Decimal(text) for text in ("0", "1", "-1", "5", "10", "1.00", "0.1", "0.10", "1E+2")])
_ANY_NUMBER = st.decimals(-1000, 1000, places=2, allow_nan=False, allow_infinity=False)
NUMBERS = st.one_of(_EDGES, _ANY_NUMBER, st.integers(-20, 20).map(Decimal))
STRINGS = st.sampled_from(["", "a", "b", "优", "良", "ab", "😀"])
DATES = st.builds(temporal.Date, st.integers(2019, 2021), st.integers(1, 12), st.integers(1, 28))
ITEMS = st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS, "label": STRINGS, "met": st.booleans()})

VALUES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "a": NUMBERS,
        "b": NUMBERS,
        "maybe": st.none() | NUMBERS,
        "s": STRINGS,
        "word": st.none() | STRINGS,
        "flag": st.booleans(),
        "unsure": st.none() | st.booleans(),
        "d": DATES,
        "later": st.none() | DATES,
        "numbers": st.lists(NUMBERS, max_size=4),
        "items": st.lists(ITEMS, max_size=4),
        "scores": st.fixed_dictionaries({"one": st.fixed_dictionaries({"awarded": NUMBERS, "rate": NUMBERS})}),
    }
)

Text = st.SearchStrategy[str]

_NUMERALS = st.sampled_from(["0", "1", "2", "5", "10", "0.1", "1.5", "100"])
_RANGES = st.sampled_from(["[0..5]", "(0..5]", "[0..10)", "]1..5[", "(< 5)", "(>= 1)", "[-1..1]"])


def joined(*parts: str | Text) -> Text:
    """The texts put together."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


@cache
def numbers(depth: int) -> Text:
    leaf = st.one_of(_NUMERALS, st.sampled_from(["a", "b", "maybe", "scores.one.awarded", "scores.one.rate"]))
    if depth == 0:
        return leaf
    number, boolean, some = numbers(depth - 1), booleans(depth - 1), number_lists(depth - 1)
    return st.one_of(
        leaf,
        joined("(", number, st.sampled_from([" + ", " - ", " * ", " / "]), number, ")"),
        joined("(", number, " ** ", st.sampled_from(["2", "-1", "0.5", "0"]), ")"),
        joined("(-", number, ")"),
        joined("(if ", boolean, " then ", number, " else ", number, ")"),
        joined(st.sampled_from(["sum", "min", "max", "mean", "count", "median", "product"]), "(", some, ")"),
        joined(st.sampled_from(["min", "max", "sum", "mean"]), "(", number, ", ", number, ")"),
        joined(st.sampled_from(["floor", "ceiling", "abs", "round up"]), "(", number, ")"),
        joined(st.sampled_from(["decimal", "round half up", "round half down"]), "(", number, ", 2)"),
        joined("modulo(", number, ", ", number, ")"),
        joined("count(", items(depth - 1), ")"),
        joined("string length(", strings(depth - 1), ")"),
        joined(dates(depth - 1), st.sampled_from([".year", ".month", ".day"])),
        joined(some, "[", st.sampled_from(["1", "-1", "2"]), "]"),
    )


@cache
def strings(depth: int) -> Text:
    leaf = st.sampled_from(['""', '"a"', '"优"', "s", "word"])
    if depth == 0:
        return leaf
    inner = strings(depth - 1)
    return st.one_of(
        leaf,
        joined("(", inner, " + ", inner, ")"),
        joined("upper case(", inner, ")"),
        joined("string(", numbers(depth - 1), ")"),
        joined("substring(", inner, ", ", numbers(depth - 1), ")"),
        joined("(if ", booleans(depth - 1), " then ", inner, " else ", inner, ")"),
    )


@cache
def dates(depth: int) -> Text:
    leaf = st.sampled_from(["d", "later", '@"2020-02-29"', 'date("2020-01-31")'])
    if depth == 0:
        return leaf
    step = st.sampled_from(['@"P1D"', '@"-P1M"', 'duration("P1Y")'])
    return st.one_of(leaf, joined("(", dates(depth - 1), st.sampled_from([" + ", " - "]), step, ")"))


@cache
def booleans(depth: int) -> Text:
    leaf = st.sampled_from(["true", "false", "flag", "unsure"])
    if depth == 0:
        return leaf
    number, string, boolean = numbers(depth - 1), strings(depth - 1), booleans(depth - 1)
    order = st.sampled_from([" < ", " <= ", " > ", " >= ", " = ", " != "])
    tests = st.one_of(
        _RANGES,
        joined("(", _NUMERALS, ", ", _NUMERALS, ")"),
        joined("[", _NUMERALS, ", ", _NUMERALS, "]"),
        joined("(< ", number, ", ", _RANGES, ")"),
        joined("(? > ", number, ")"),
    )
    return st.one_of(
        leaf,
        joined("(", number, order, number, ")"),
        joined("(", string, order, string, ")"),
        joined("(", dates(depth - 1), order, dates(depth - 1), ")"),
        joined("(", boolean, st.sampled_from([" and ", " or "]), boolean, ")"),
        joined("not(", boolean, ")"),
        joined("(", number, " between ", number, " and ", number, ")"),
        joined("(", number, " in ", tests, ")"),
        joined("(", string, ' in ("a", "优"))'),
        joined("(", st.one_of(number, string), st.sampled_from([" = null", " != null"]), ")"),
        joined("(some v in ", number_lists(depth - 1), " satisfies v > ", number, ")"),
        joined("(every v in ", items(depth - 1), " satisfies v.x <= v.y)"),
        joined(st.sampled_from(["all", "any"]), "([", boolean, ", ", boolean, "])"),
        joined("list contains(", number_lists(depth - 1), ", ", number, ")"),
        joined("(", number, " instance of ", st.sampled_from(["number", "string"]), ")"),
    )


@cache
def number_lists(depth: int) -> Text:
    leaf = st.sampled_from(["numbers", "[]", "[1, 2, 5]"])
    if depth == 0:
        return leaf
    number = numbers(depth - 1)
    return st.one_of(
        leaf,
        joined("[", number, ", ", number, "]"),
        joined("(for v in ", number_lists(depth - 1), " return v ", st.sampled_from("+-*/"), " ", number, ")"),
        joined("(for v in 1..", st.sampled_from(["3", "0", "a"]), " return v * ", number, ")"),
        joined(number_lists(depth - 1), "[item ", st.sampled_from(["<", ">=", "="]), " ", number, "]"),
        joined(items(depth - 1), st.sampled_from([".x", ".y"])),
        joined("reverse(", number_lists(depth - 1), ")"),
    )


@cache
def items(depth: int) -> Text:
    if depth == 0:
        return st.just("items")
    return st.one_of(
        st.just("items"),
        joined("items[x ", st.sampled_from(["<", ">=", "="]), " ", numbers(depth - 1), "]"),
        joined("items[met and label ", st.sampled_from(["=", "!="]), " ", strings(depth - 1), "]"),
    )


EXPRESSIONS: Text = st.integers(0, 3).flatmap(
    lambda depth: st.one_of(numbers(depth), booleans(depth), strings(depth), number_lists(depth), dates(depth))
)

#: unary tests on a number
UNARY_TESTS: Text = st.one_of(
    st.just("-"),
    _RANGES,
    joined(st.sampled_from(["< ", "<= ", "> ", ">= ", "= ", "!= "]), numbers(1)),
    joined(_RANGES, ", ", _NUMERALS),
    joined("not(", _RANGES, ", ", _NUMERALS, ")"),
    joined("? > ", numbers(1), " and ? < ", numbers(1)),
)

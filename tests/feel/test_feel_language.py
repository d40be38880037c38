"""FEEL's language case by case: syntax and its errors, names, types, laziness, bounds."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules.feel import (
    CONTEXT,
    FeelError,
    FeelSyntaxError,
    LimitError,
    compile,
    evaluate,
    evaluate_with_diagnostics,
    free_names,
    parse,
    parse_unary_tests,
    unary_tests,
)
from jmrules.feel import tree as t
from jmrules.feel import types as ft

ITEM = ft.ContextType({"target": ft.NUMBER, "actual": ft.NUMBER, "name": ft.STRING})
TYPES: dict[str, ft.Type] = {
    "a": ft.NUMBER,
    "b": ft.NUMBER,
    "s": ft.STRING,
    "ok": ft.BOOLEAN,
    "day": ft.DATE,
    "outputs": ft.ListType(ITEM),
    "scores": ft.ContextType({"x": ft.ContextType({"awarded": ft.NUMBER})}),
    "optional": ft.Nullable(ft.NUMBER),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2 ** 2", 4),
        ("2 ** 3 ** 2", 64),
        ("-5 instance of number", True),
        ("-[1, 2][2]", -2),
        ("2 * -3 + 1", -5),
        ("2 + 3 * 4 - 1", 13),
        ("10 - 4 - 3", 3),
        ("1 = 1 and 2 > 1", True),
        ("[1..10[.start included", True),
        ("5 in ]1..5[", False),
        ("1 in [2, [0..1]]", True),
        ("3 in (1, > 2)", True),
        ("2 in (1 + 1) * 1", True),
        ("if true then 1 else 2 + 3", 1),
        ("{a b: 1, c: a b + 1}.c", 2),
        ("{f: function(x: number) x * 2}.f(x: 4)", 8),
        ('"\\u4f18" + "\\n"', "优\n"),
        ('matches("a1", "^\\p{L}\\d$")', True),
        ("1 // one\n + /* two */ 2", 3),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("[{item: 1}, {item: 2}][item >= 2]", [{"item": 2}]),
        ("0.1234567890123456789012345678901234567 * 10", Decimal("1.234567890123456789012345678901235")),
        ('days late + "!"', "7!"),
    ],
)
def test_value(text: str, value: object) -> None:
    assert evaluate(text, {"days late": "7"}, strict=True) == value


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ("1 +", 1, 4, None),
        ("a == b", 1, 4, "= for equality"),
        ("a && b", 1, 3, "and"),
        ("'x'", 1, 1, "double quotes"),
        ("10% + 1", 1, 3, "0.10"),
        ("(1 +\n 2", 2, 3, None),
        ("loan amount + 1", 1, 6, "not been declared"),
        ('"open', 1, 1, None),
        ("1 /* open", 1, 3, None),
        ("if a then b", 1, 12, None),
        ("", 1, 1, None),
        ("1e9999", 1, 1, None),
        ('"\\uD800"', 1, 1, None),
    ],
)
def test_syntax_error(text: str, line: int, column: int, hint: str | None) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert (problem.place.line, problem.place.column) == (line, column)
    assert hint is None or (problem.hint is not None and problem.hint.en is not None and hint in problem.hint.en)


@pytest.mark.parametrize(
    ("text", "code", "column", "word"),
    [
        ('"a" + 1', "feel-arithmetic", 1, "string(…)"),
        ("a + bb", "feel-unknown-name", 5, None),
        ("scores.x.awardd + 1", "feel-no-member", 10, "awarded"),
        ("outputs[actual > targett]", "feel-unknown-name", 18, "target"),
        ("s = 1", "feel-comparison", 1, None),
        ("a < null", "feel-comparison", 1, None),
        ("summ([1])", "feel-unknown-function", 1, "sum"),
        ("sum(s, 1)", "feel-arguments", 1, None),
        ("floor()", "feel-arguments", 1, None),
        ("substring(string: s, start: 1)", "feel-arguments", 1, None),
        ("if a then 1 else 2", "feel-condition", 4, None),
        ("a and ok", "feel-condition", 1, None),
        ('date("2024-02-30")', "feel-literal", 1, None),
        ('@"2024-13-01"', "feel-literal", 1, None),
        ("day.yaer", "feel-no-member", 5, "year"),
        ("a in [0..s]", "feel-range", 6, None),
        ("a instance of nmber", "feel-unknown-type", 15, "number"),
        ("day + 1", "feel-arithmetic", 1, None),
    ],
)
def test_what_types_show(text: str, code: str, column: int, word: str | None) -> None:
    (problem,) = compile(text, TYPES).problems
    assert (problem.code, problem.place.line, problem.place.column) == (code, 1, column)
    assert word is None or (problem.hint is not None and word in problem.hint.say("en"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a / b <= 0.1", ft.BOOLEAN),
        ("optional + 1", ft.NUMBER),
        ("if ok then a else null", ft.Nullable(ft.NUMBER)),
        ("outputs[actual > target].name", ft.ListType(ft.STRING)),
        ("outputs[1].name", ft.STRING),
        ("for o in outputs return o.actual", ft.ListType(ft.NUMBER)),
        ("day - day", ft.DAYS_TIME_DURATION),
        ('day + duration("P1Y")', ft.DATE),
        ("{x: a, y: s}", ft.ContextType({"x": ft.NUMBER, "y": ft.STRING})),
        ("a in [0..5)", ft.BOOLEAN),
        ("function(x: number) x + 1", ft.FunctionType((ft.NUMBER,), ft.NUMBER)),
    ],
)
def test_inferred_type(text: str, kind: ft.Type) -> None:
    compiled = compile(text, TYPES)
    assert compiled.problems == ()
    assert compiled.type == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + scores.x.awarded + a", (("a",), ("scores", "x", "awarded"))),
        ("for i in xs return i + y", (("xs",), ("y",))),
        ("some i in xs, j in i.ys satisfies j = z", (("xs",), ("z",))),
        ("xs[v > w]", (("xs",), ("v",), ("w",))),
        ("{a: 1, b: a + c}.b", (("c",),)),
        ("(function(x) x + y)(z)", (("y",), ("z",))),
        ("sum(xs)", (("xs",),)),
        ("f(1)", (("f",),)),
    ],
)
def test_free_names(text: str, names: tuple[tuple[str, ...], ...]) -> None:
    assert free_names(parse(text)) == names


def test_types_tell_members_from_names() -> None:
    assert free_names(parse("outputs[actual > a].name"), TYPES) == (("outputs",), ("a",))
    assert free_names(parse("day.year + scores.x.awarded"), TYPES) == (("day",), ("scores", "x", "awarded"))


class Recording(Mapping[str, Any]):
    def __init__(self, values: dict[str, Any]) -> None:
        self.values_given = values
        self.read: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.read.append(name)
        return self.values_given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_given)

    def __len__(self) -> int:
        return len(self.values_given)


def test_only_names_on_the_path_taken_are_read() -> None:
    names = Recording({"a": Decimal(1), "b": Decimal(2), "ok": True})
    assert compile("if ok then a else b", TYPES).strict(names) == 1
    assert names.read == ["ok", "a"]


def test_unary_tests_name_the_value() -> None:
    assert unary_tests("? > 5 and ? < limit", 7, {"limit": 8}) is True
    assert unary_tests("-", None) is True
    assert unary_tests('not("a", "b")', "c") is True
    assert unary_tests("not(true)", False) is True
    assert isinstance(parse_unary_tests("< 5, [1..2]").tests[0], t.Test)
    compiled = compile("[0..limit), > 20", {"?": ft.NUMBER, "limit": ft.NUMBER}, unary=True)
    assert compiled.names == (("limit",),)
    with localcontext(CONTEXT):
        assert compiled.function(Decimal(3), Decimal(5)) is True
    assert compiled.strict({"?": Decimal(7), "limit": Decimal(5)}) is False


def test_a_null_is_explained_and_strictly_raised() -> None:
    value, diagnostics = evaluate_with_diagnostics("1 +\n1 / zero", {"zero": 0})
    assert value is None
    assert [(each.code, each.place.line, each.place.column) for each in diagnostics] == [
        ("feel-division-by-zero", 2, 1),
        ("feel-arithmetic", 1, 1),
    ]
    with pytest.raises(FeelError, match="division by zero"):
        evaluate("1 / zero", {"zero": 0}, strict=True)
    for text in ("if null then 1 else 2", "[1][null]", "{a: 1}.b", "null + 1", "null < 1", "sqrt(-1)", "missing"):
        with pytest.raises(FeelError):
            evaluate(text, strict=True)
    assert evaluate("[null = null, null != 1, 1 = null]", strict=True) == [True, True, False]


def test_python_values_come_in_exactly() -> None:
    import datetime

    names = {"f": 0.1, "i": 3, "d": datetime.date(2024, 2, 29), "l": (1, 2)}
    assert evaluate("f * i", names) == Decimal("0.3")
    assert evaluate("string(d)", names) == "2024-02-29"
    assert evaluate("l[2]", names) == 2
    for bad in (float("nan"), float("inf"), object(), b"x"):
        with pytest.raises(FeelError):
            evaluate("x", {"x": bad})


def test_compiled_is_shared_pickled_and_from_a_tree() -> None:
    compiled = compile("a / b", TYPES)
    again = pickle.loads(pickle.dumps(compiled))
    assert (again.text, again.names, again.type) == (compiled.text, compiled.names, compiled.type)
    assert compile(parse("a / b"), TYPES).names == compiled.names
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda n: compiled.strict({"a": n, "b": 7}), range(200)))
    assert results == [CONTEXT.divide(Decimal(n), Decimal(7)) for n in range(200)]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000 + "1" + ")" * 1000,
        "[" * 1000,
        "[1.." * 100 + "1" + "[" * 100,
        "1" + " + 1" * 2000,
        "not(" * 500 + "a" + ")" * 500,
        "for i in 1..10**9 return i",
        "for i in 1..100000, j in 1..100000 return i",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$")',
        "for i in 1..100000 return partial",
        "1e99999",
        '"' + "a" * 100_000 + '"',
    ],
    ids=range(12),
)
def test_what_would_cost_too_much_is_refused(text: str) -> None:
    with pytest.raises((LimitError, FeelSyntaxError)) as caught:
        evaluate(text, {"a": True})
    assert caught.value.problems[0].hint is not None or caught.value.problems[0].place.column is not None


def test_the_nesting_that_is_allowed_is_evaluated() -> None:
    assert evaluate("(" * 150 + "1" + ")" * 150) == 1
    assert evaluate("1" + " + 1" * 150) == 151
    typed = compile("a" + " + a" * 150, TYPES)
    with localcontext(CONTEXT):
        assert typed.function(Decimal(1)) == 151


@pytest.mark.parametrize("text", ["__import__", "a.__class__", '"".__class__', "(1).real", "sum.call", "a.real"])
def test_nothing_reaches_python(text: str) -> None:
    assert evaluate(text, {"a": 1}) is None


def test_full_width_punctuation_is_pointed_out() -> None:
    (problem,) = compile("预算（年初）", {"预算": ft.NUMBER}).problems
    assert problem.hint is not None
    assert "for （ write (" in problem.hint.say("en")


@pytest.mark.parametrize(
    ("text", "column", "meant"),
    [
        ("（1 + 2）* 3", 1, "("), ("max(1，2)", 6, ","), ("3 ≥ 2", 3, ">="), ("3≤2", 2, "<="), ("3≠2", 2, "!="),
        ("3＜2", 2, "<"), ("3 × 2", 3, "*"), ("3÷2", 2, "/"), ("3－2", 2, "-"), ("3＋2", 2, "+"), ("3＝3", 2, "="),
        ("“优”", 1, '"'), ("[1、2]", 3, ","), ("[1…2]", 3, ".."), ("1．5", 2, "."), ("{a：1}", 3, ":"),
        ("true 且 false", 6, "and"), ("true 或者 false", 6, "or"), ('date（"2024-01-01"）', 5, "("),
    ],
)  # fmt: skip
def test_a_sign_of_chinese_is_shown_with_the_right_one(text: str, column: int, meant: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert problem.place.column == column and problem.hint is not None
    assert problem.hint.say("en").endswith(f"write {meant}") and "请写作" in problem.hint.zh


def test_signs_of_chinese_stay_in_strings_comments_and_declared_names() -> None:
    assert evaluate('"（≥）" + "，" // ÷') == "（≥），"
    assert evaluate("预算（年初） * 2", {"预算（年初）": 3}) == 6
    with pytest.raises(FeelSyntaxError, match="unexpected"):
        parse("预算（年初） 2", ["预算（年初）"])


@pytest.mark.parametrize("text", ["1,000", "21,573.15 + 1"])
def test_a_number_with_commas_is_pointed_out(text: str) -> None:
    with pytest.raises(FeelSyntaxError, match="without commas"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # one value, or all but one: ranges of their own kind, with the properties that the conformance kit states
        ("(=10) = [10..10]", False), ("(=10) = (=10)", True), ("(!=10) = (!=10)", True), ("(=10) = (!=10)", False),
        ("(=10) = (=11)", False), ("is((=10), [10..10])", False), ("(!=10) instance of range<number>", True),
        ("(!=10).start", 10), ("(!=10).start included", False), ("(=10).end included", True),
        ("5 in (!=10)", True), ("10 in (!=10)", False), ("10 in [(!=10), 4]", False), ("4 in [(!=5), 4]", True),
        ("null in (!=10)", True), ("some r in [(!=10), (=3)] satisfies 10 in r", False),
        ("distinct values([(=1), [1..1], (=1)]) = [(=1), [1..1]]", True),
        ("string((!=10))", "(!= 10)"), ("string((= 10))", "(= 10)"), ("before((!=10), 20)", None), ("before((=10), 20)", True),
        # an argument that is left out by name is null
        ('is(value1: @"2021-02-13")', False), ("is(value1: null)", True), ("list contains(list: [null])", True),
        ("list contains(list: [1])", False), ("abs()", None), ('contains(string: "a")', None), ("is(1)", None),
        # all lexical forms of durations
        ('duration("PT0.S") = duration("PT0S")', True), ('duration("PT.5S") = duration("PT0.5S")', True),
        ('@"-PT1.S" = @"-PT1S"', True), ('duration("PT.S")', None), ('duration("PT1.5M")', None), ('duration("P1DT")', None),
        # what differs below a millisecond differs
        ('time("10:00:00.0001") = time("10:00:00.0002")', False), ('time("10:00:00.10") = time("10:00:00.1")', True),
        ('date and time("2024-01-01T10:00:00.0001") < date and time("2024-01-01T10:00:00.0002")', True),
    ],
)  # fmt: skip
def test_the_edges_of_the_language(text: str, value: object) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@given(value=st.integers(8, 12))
def test_a_test_in_brackets_is_the_test(operator: str, value: int) -> None:
    alone = evaluate(f"{value} in {operator} 10")
    assert evaluate(f"{value} in ({operator} 10)") is alone
    assert evaluate(f"x in (({operator} 10))", {"x": value}) is alone
    assert evaluate(f"{value} in [({operator} 10)]") is alone
    assert evaluate(f"for r in [({operator} 10)] return {value} in r") == [alone]

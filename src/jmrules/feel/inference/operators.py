"""Types of arithmetic, comparison, logic and tests; operations that can never have a value are problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.inference.analysis import Environment, infers
from jmrules.feel.tree import mentions_input

if TYPE_CHECKING:
    from jmrules.feel.inference.analysis import Analysis
    from jmrules.feel.types import Type

_DAYS, _MONTHS = ft.DAYS_TIME_DURATION, ft.YEARS_MONTHS_DURATION
_MOMENTS = (ft.DATE, ft.DATE_TIME)

#: the results of arithmetic (DMN 1.5, tables 56 to 60)
_ARITHMETIC: dict[tuple[str, Type, Type], Type] = {
    **{(sign, ft.NUMBER, ft.NUMBER): ft.NUMBER for sign in ("+", "-", "*", "/", "**")},
    ("+", ft.STRING, ft.STRING): ft.STRING,
    **{(sign, moment, by): moment for sign in "+-" for moment in _MOMENTS for by in (_DAYS, _MONTHS)},
    **{("+", by, moment): moment for moment in _MOMENTS for by in (_DAYS, _MONTHS)},
    **{(sign, ft.TIME, _DAYS): ft.TIME for sign in "+-"},
    ("+", _DAYS, ft.TIME): ft.TIME,
    **{("-", one, other): _DAYS for one in _MOMENTS for other in _MOMENTS},
    ("-", ft.TIME, ft.TIME): _DAYS,
    **{(sign, kind, kind): kind for sign in "+-" for kind in (_DAYS, _MONTHS)},
    **{("*", ft.NUMBER, kind): kind for kind in (_DAYS, _MONTHS)},
    **{(sign, kind, ft.NUMBER): kind for sign in "*/" for kind in (_DAYS, _MONTHS)},
    **{("/", kind, kind): ft.NUMBER for kind in (_DAYS, _MONTHS)},
}


@infers(t.Binary)
def _binary(analysis: Analysis, node: t.Binary, environment: Environment) -> Type:
    left, right = analysis.type(node.left, environment), analysis.type(node.right, environment)
    if node.operator in ("and", "or"):
        boolean(analysis, node.left, left)
        boolean(analysis, node.right, right)
        return ft.BOOLEAN if left == right == ft.BOOLEAN else ft.Nullable(ft.BOOLEAN)
    if node.operator in ("+", "-", "*", "/", "**"):
        return _arithmetic(analysis, node, ft.bare(left), ft.bare(right))
    return comparison(analysis, node, node.operator, left, right)


def _arithmetic(analysis: Analysis, node: t.Binary, left: Type, right: Type) -> Type:
    result = _ARITHMETIC.get((node.operator, left, right))
    if result is not None:
        return result
    possible = {
        kind
        for (operator, one, other), kind in _ARITHMETIC.items()
        if operator == node.operator and left in (one, ft.ANY) and right in (other, ft.ANY)
    }
    if possible:
        return possible.pop() if len(possible) == 1 else ft.ANY
    hint = None
    if node.operator == "+" and ft.STRING in (left, right):
        hint = "用 string(…) 转成字符串再相接", "convert it by string(…) before joining strings"
    return analysis.report(
        node,
        "feel-arithmetic",
        f"{left} {node.operator} {right} 没有结果",
        f"{left} {node.operator} {right} has no result",
        hint,
    )


@infers(t.Negation)
def _negation(analysis: Analysis, node: t.Negation, environment: Environment) -> Type:
    kind = ft.bare(analysis.type(node.operand, environment))
    if kind in (ft.NUMBER, _DAYS, _MONTHS, ft.ANY):
        return kind
    return analysis.report(node, "feel-arithmetic", f"- 不能用于 {kind}", f"- has no result for a value of type {kind}")


def comparison(analysis: Analysis, node: t.Node, operator: str, left: Type, right: Type) -> Type:
    """The type of a comparison; one of different kinds is always null, and so is an order with null."""
    one, other = ft.bare(left), ft.bare(right)
    if operator in ("=", "!="):
        possible = ft.may_conform(one, other) or ft.may_conform(other, one)
        certain = one == other and (one in ft.ORDERED or one == ft.BOOLEAN)
        if possible:
            return ft.BOOLEAN if certain or ft.NULL in (one, other) else ft.Nullable(ft.BOOLEAN)
    elif ft.NULL not in (one, other) and (one == other or ft.ANY in (one, other)):
        ordered = ft.ORDERED | {ft.ANY}
        if one in ordered and other in ordered:
            return ft.BOOLEAN
    analysis.report(
        node,
        "feel-comparison",
        f"{one} 与 {other} 用 {operator} 比较，结果总是 null",
        f"comparing {one} with {other} by {operator} is always null",
    )
    return ft.Nullable(ft.BOOLEAN)


def boolean(analysis: Analysis, node: t.Node, kind: Type) -> None:
    """A condition must be able to be true or false."""
    if not ft.may_conform(kind, ft.BOOLEAN) or kind == ft.NULL:
        analysis.report(
            node,
            "feel-condition",
            f"条件应为真或假，而它是 {kind}",
            f"a condition must be true or false, and it is {kind}",
        )


@infers(t.Between)
def _between(analysis: Analysis, node: t.Between, environment: Environment) -> Type:
    value, low, high = (analysis.type(part, environment) for part in (node.value, node.low, node.high))
    first = comparison(analysis, node.low, ">=", value, low)
    second = comparison(analysis, node.high, "<=", value, high)
    return ft.union(first, second)


@infers(t.In)
def _in(analysis: Analysis, node: t.In, environment: Environment) -> Type:
    value = analysis.type(node.value, environment)
    inner = Environment({t.INPUT: value}, environment)
    kinds = [_test(analysis, test, value, inner) for test in node.tests]
    return ft.BOOLEAN if all(kind == ft.BOOLEAN for kind in kinds) else ft.Nullable(ft.BOOLEAN)


@infers(t.UnaryTests)
def _unary_tests(analysis: Analysis, node: t.UnaryTests, environment: Environment) -> Type:
    value = (analysis.declared or {}).get(t.INPUT, ft.ANY)
    inner = Environment({t.INPUT: value}, environment)
    kinds = [_test(analysis, test, value, inner) for test in node.tests]
    return ft.BOOLEAN if all(kind == ft.BOOLEAN for kind in kinds) else ft.Nullable(ft.BOOLEAN)


def _test(analysis: Analysis, test: t.Test | t.Expression, value: Type, environment: Environment) -> Type:
    if isinstance(test, t.Test):
        operand = analysis.type(test.operand, environment)
        kind = comparison(analysis, test, test.operator, value, operand)
        analysis.types[id(test)] = kind
        return kind
    wanted = analysis.type(test, environment)
    if mentions_input(test):
        boolean(analysis, test, wanted)
        return wanted
    return _membership(analysis, test, value, wanted)


def _membership(analysis: Analysis, test: t.Expression, value: Type, wanted: Type) -> Type:
    kind = ft.bare(wanted)
    if isinstance(kind, ft.RangeType) and not isinstance(ft.bare(value), ft.RangeType):
        return comparison(analysis, test, "<=", value, kind.of)
    if isinstance(kind, ft.ListType):
        return ft.BOOLEAN
    return comparison(analysis, test, "=", value, wanted)

"""Arithmetic, comparison, logic and tests (DMN 1.5, 10.3.2.14 and 10.3.2.15)."""

from __future__ import annotations

from decimal import DecimalException, DivisionByZero, InvalidOperation
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

from jmrules.feel import temporal
from jmrules.feel import tree as t
from jmrules.feel.interpreter.run import handles
from jmrules.feel.numbers import Number, divide, is_number, power
from jmrules.feel.quotients import too_long
from jmrules.feel.scope import Frame
from jmrules.feel.tree import mentions_input
from jmrules.feel.values import Range, compare, contains, equal, joined, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.interpreter.run import Run

_NUMERIC: dict[str, Callable[[Any, Any], Number]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": divide,
    "**": power,
}
_TEMPORAL: dict[str, Callable[[object, object], Any]] = {
    "+": temporal.add,
    "-": temporal.subtract,
    "*": temporal.multiply,
    "/": temporal.divide,
}
_ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


@handles(t.Binary)
def _binary(run: Run, node: t.Binary, frame: Frame) -> Any:
    operator = node.operator
    if operator in ("and", "or"):
        return _logic(run, node, frame)
    left, right = run.value(node.left, frame), run.value(node.right, frame)
    if operator in _NUMERIC:
        return _arithmetic(run, node, left, right)
    return compared(run, node, operator, left, right)


def _arithmetic(run: Run, node: t.Binary, left: Any, right: Any) -> Any:
    operator = node.operator
    if is_number(left) and is_number(right):
        try:
            value: Any = _NUMERIC[operator](left, right)
            run.weigh(value)
            return value
        except (DivisionByZero, InvalidOperation):
            if not right and operator == "/":
                divisor = run.text[node.right.start : node.right.end]
                run.fail(node, "feel-division-by-zero", "除数是 0", "division by zero", divisor=divisor)
                return None
            run.fail(node, "feel-arithmetic", f"{operator} 没有结果", f"{operator} has no result")
            return None
        except DecimalException:
            if run.exact:
                raise too_long() from None
            run.fail(node, "feel-overflow", f"{operator} 的结果超出数的范围", f"{operator} goes beyond all numbers")
            return None
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        return joined(left, right)
    value = _TEMPORAL[operator](left, right) if operator in _TEMPORAL else None
    if value is None:
        kinds = kind_of(left), kind_of(right)
        hint = None
        if "string" in kinds and operator == "+":
            hint = "用 string(…) 转成字符串再相接", "convert it by string(…) before joining strings"
        run.fail(
            node,
            "feel-arithmetic",
            f"{kinds[0]} {operator} {kinds[1]} 没有结果",
            f"{kinds[0]} {operator} {kinds[1]} has no result",
            hint,
        )
    return value


@handles(t.Negation)
def _negation(run: Run, node: t.Negation, frame: Frame) -> Any:
    value = run.value(node.operand, frame)
    if is_number(value):
        return -value
    negated = temporal.negate(value)
    if negated is None:
        run.fail(
            node,
            "feel-arithmetic",
            f"- 不能用于 {kind_of(value)}",
            f"- has no result for a value of type {kind_of(value)}",
        )
    return negated


def compared(run: Run, node: t.Node, operator: str, left: Any, right: Any) -> bool | None:
    """``left operator right``; a comparison of different kinds is null, and so is an order with null."""
    if operator in ("=", "!="):
        same = equal(left, right)
        if same is not None:
            return bool(same) is (operator == "=")
    else:
        order = compare(left, right)
        if order is not None:
            return bool(_ORDER[operator](order))
    kinds = kind_of(left), kind_of(right)
    run.fail(
        node,
        "feel-comparison",
        f"{kinds[0]} 与 {kinds[1]} 不能用 {operator} 比较",
        f"{kinds[0]} and {kinds[1]} cannot be compared by {operator}",
    )
    return None


def _logic(run: Run, node: t.Binary, frame: Frame) -> bool | None:
    """Three-valued ``and`` and ``or``; what is no boolean counts as null."""
    decisive = node.operator == "or"
    left = run.value(node.left, frame)
    if isinstance(left, bool) and left is decisive:
        return left
    right = run.value(node.right, frame)
    if isinstance(right, bool) and right is decisive:
        return right
    for side, value in ((node.left, left), (node.right, right)):
        if value is not None and not isinstance(value, bool):
            run.fail(
                side,
                "feel-condition",
                f"{node.operator} 的一边是 {kind_of(value)}",
                f"a side of {node.operator} is a {kind_of(value)}",
            )
            return None
    return None if left is None or right is None else not decisive


@handles(t.Between)
def _between(run: Run, node: t.Between, frame: Frame) -> bool | None:
    value, low, high = (run.value(part, frame) for part in (node.value, node.low, node.high))
    first = compared(run, node, ">=", value, low)
    second = compared(run, node, "<=", value, high)
    if first is None or second is None:
        return None
    return first and second


@handles(t.In)
def _in(run: Run, node: t.In, frame: Frame) -> bool | None:
    value = run.value(node.value, frame)
    return any_holds(run, node.tests, value, Frame({t.INPUT: value}, frame))


@handles(t.UnaryTests)
def _unary_tests(run: Run, node: t.UnaryTests, frame: Frame) -> bool | None:
    if not node.tests:
        return True
    holds = any_holds(run, node.tests, frame.find(t.INPUT), frame)
    return holds if holds is None or not node.negated else not holds


def any_holds(run: Run, tests: tuple[t.Test | t.Expression, ...], value: Any, frame: Frame) -> bool | None:
    """Whether one of ``tests`` holds for ``value``, which ``frame`` also knows as ``?``."""
    unknown = False
    for test in tests:
        holds = _holds(run, test, value, frame)
        if holds:
            return True
        unknown = unknown or holds is None
    return None if unknown else False


def _holds(run: Run, test: t.Test | t.Expression, value: Any, frame: Frame) -> bool | None:
    if isinstance(test, t.Test):
        return compared(run, test, test.operator, value, run.value(test.operand, frame))
    wanted = run.value(test, frame)
    if wanted is None and isinstance(test, t.Range):
        return None
    if mentions_input(test):
        if wanted is None or isinstance(wanted, bool):
            return wanted
        run.fail(
            test, "feel-condition", f"用 ? 的条件应为真或假，而它是 {kind_of(wanted)}",
            f"a test that uses ? must be true or false, and it is {kind_of(wanted)}",
        )  # fmt: skip
        return None
    if isinstance(wanted, Range) and not isinstance(value, Range):
        inside = contains(wanted, value)
        if inside is None:
            run.fail(
                test, "feel-comparison", f"{kind_of(value)} 不能与区间的两端比较",
                f"a {kind_of(value)} cannot be compared with the bounds of the range",
            )  # fmt: skip
        return inside
    if isinstance(wanted, list):
        return equal(value, wanted) is True or any(_matches(item, value) for item in wanted)
    return compared(run, test, "=", value, wanted)


def _matches(item: Any, value: Any) -> bool:
    if isinstance(item, Range) and not isinstance(value, Range):
        return contains(item, value) is True
    return equal(value, item) is True

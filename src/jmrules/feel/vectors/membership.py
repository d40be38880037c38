"""Whether a value is among others, by columns: ``between``, ``in`` and unary tests."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from jmrules.feel import tree as t
from jmrules.feel.tree import mentions_input
from jmrules.feel.vectors.expressions import Rows, compared, handles, logic
from jmrules.feel.vectors.vectors import (
    Context,
    Empty,
    Items,
    NotColumnar,
    Nothing,
    Truth,
    Vector,
    either,
    gathered,
    null_of,
    outside,
)


@handles(t.Between)
def _between(rows: Rows, node: t.Between) -> Vector:
    value = rows.value(node.value)
    low, high = rows.value(node.low), rows.value(node.high)
    return _and_both(compared(rows, ">=", value, low), compared(rows, "<=", value, high))


def _and_both(first: Vector, second: Vector) -> Vector:
    """Both, each computed whatever the other says."""
    both = logic("and", first, second)
    return evolve(both, **gathered((first, second)))


@handles(t.In)
def _in(rows: Rows, node: t.In) -> Vector:
    value = rows.value(node.value)
    return any_holds(rows, node.tests, value)


@handles(t.UnaryTests)
def _unary_tests(rows: Rows, node: t.UnaryTests) -> Vector:
    if not node.tests:
        return Truth(np.True_)
    value = rows.known(t.INPUT)
    assert value is not None
    holds = any_holds(rows, node.tests, value)
    if node.negated and isinstance(holds, Truth):
        return evolve(holds, holds=~np.asarray(holds.holds))
    return holds


def any_holds(rows: Rows, tests: tuple[t.Test | t.Expression, ...], value: Vector) -> Vector:
    """Whether one of the tests holds; later ones count only where no earlier one does."""
    inner = rows.with_names({t.INPUT: lambda: value})
    made: Vector | None = None
    for test in tests:
        holds = _test(inner, test, value)
        made = holds if made is None else logic("or", made, holds)
    assert made is not None
    return evolve(made, undef=either(made.undef, value.undef), doubt=either(made.doubt, value.doubt))


def _test(rows: Rows, test: t.Test | t.Expression, value: Vector) -> Vector:
    if isinstance(test, t.Test):
        return compared(rows, test.operator, value, rows.value(test.operand))
    if not _is_constant(test) and mentions_input(test):
        holds = rows.value(test)
        if isinstance(holds, Truth | Nothing):
            return holds
        raise NotColumnar("用 ? 的条件不是真或假", "a test that uses ? is not true or false")
    if isinstance(test, t.Range):
        return _inside(rows, test, value)
    if isinstance(test, t.ListLiteral):
        return _among(rows, test, value)
    wanted = rows.value(test)
    if isinstance(wanted, Items | Empty | Context):
        raise NotColumnar("这种检验不按列计算", "a test of this kind is not evaluated by columns")
    return compared(rows, "=", value, wanted)


def _is_constant(node: t.Node | None) -> bool:
    """Whether a node is a literal, or a range of such: the usual test, told apart without looking through it."""
    if isinstance(node, t.Range):
        return _is_constant(node.low) and _is_constant(node.high)
    return node is None or isinstance(node, t.Number | t.String | t.Boolean | t.AtLiteral)


def _inside(rows: Rows, test: t.Range, value: Vector) -> Vector:
    if test.equality and test.low is not None:
        return compared(rows, test.equality, value, rows.value(test.low))
    sides = []
    bounds = []
    if test.low is not None:
        bounds.append(rows.value(test.low))
        sides.append(compared(rows, ">=" if test.start_included else ">", value, bounds[0]))
    if test.high is not None:
        bounds.append(rows.value(test.high))
        sides.append(compared(rows, "<=" if test.end_included else "<", value, bounds[-1]))
    made = sides[0] if len(sides) == 1 else _and_both(*sides)
    if len(bounds) == 2:
        turned = compared(rows, ">", *bounds)
        reversed_ends = turned.holds if isinstance(turned, Truth) else np.True_
        undef = either(turned.undef, reversed_ends if np.any(reversed_ends) else None)
        made = evolve(made, undef=either(made.undef, undef), doubt=either(made.doubt, turned.doubt))
    return made


def _among(rows: Rows, test: t.ListLiteral, value: Vector) -> Vector:
    """An item of the list equals the value, or is a range that holds it; null and other kinds are not among it."""
    made: Vector = Truth(np.False_)
    for item in test.items:
        if isinstance(item, t.Range):
            inside = _inside(rows, item, value)
            if not isinstance(inside, Truth):
                continue
            missing = null_of(value)
            holds = inside.holds if missing is None else inside.holds & ~missing
            made = logic("or", made, Truth(holds, undef=outside(inside.undef, missing), doubt=inside.doubt))
        else:
            made = logic("or", made, compared(rows, "=", value, rows.value(item)))
    return made

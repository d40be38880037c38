"""What a FEEL expression may come to, for what its names may be.

Where everything that a part of it reads is known, FEEL's own evaluation gives the value. Elsewhere spans, sets and lists
take its place; what cannot be followed counts as any value, so that nothing that can occur is left out.
"""

from __future__ import annotations

from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.possible import operators
from jmrules.feel.possible.narrow import narrow
from jmrules.feel.possible.operators import NOT_A_CONDITION
from jmrules.feel.possible.reader import NO_MEMBER, NOT_FOLLOWED, Reader, handles
from jmrules.feel.possible.scope import Scope
from jmrules.feel.possible.values import (
    Items,
    Known,
    Possible,
    Value,
    error_of,
    failing,
    failing_too,
    join,
    spread,
    truth_of,
)


@handles(t.Name)
def _name(reader: Reader, node: t.Name, scope: Scope) -> Value:
    value = scope.find(node.name)
    return reader.give_up(node) if value is None else value


@handles(t.Path)
def _path(reader: Reader, node: t.Path, scope: Scope) -> Value:
    return member(reader, node, reader.value(node.of, scope))


def member(reader: Reader, node: t.Path, value: Value) -> Value:
    """``value.member``; of a list, the member of every item."""
    p = spread(value)
    if p.date or p.other:
        return reader.give_up(node, p.error)
    found: list[Value] = []
    error = p.error
    if p.members is not None:
        if node.member in p.members:
            found.append(p.members[node.member])
        else:
            error = error or NO_MEMBER
    if p.items is not None:
        limits.spend(max(p.items.shortest, len(p.items.entries)))
        entries = tuple((member(reader, node, item), certain) for item, certain in p.items.entries)
        rest = None if p.items.rest is None else member(reader, node, p.items.rest)
        items = Items(entries, rest, p.items.least, p.items.most)
        error = error or error_of(*items.all())
        found.append(Possible(items=items))
    if set(operators.kinds(p)) - {"context", "list"} or not found:
        error = error or NO_MEMBER
    return failing_too(join(found), error)


@handles(t.Negation)
def _negation(reader: Reader, node: t.Negation, scope: Scope) -> Value:
    return operators.negated(reader.value(node.operand, scope))


@handles(t.Binary)
def _binary(reader: Reader, node: t.Binary, scope: Scope) -> Value:
    operator = node.operator
    left = reader.value(node.left, scope)
    if operator in ("and", "or"):
        return _logic(reader, node, left, scope)
    right = reader.value(node.right, scope)
    if operator == "**":
        found = operators.raised(left, right)
        return reader.give_up(node, error_of(left, right)) if found is None else found
    if operator in ("+", "-", "*", "/"):
        return operators.arithmetic(operator, left, right)
    return operators.compared(operator, left, right)


def _logic(reader: Reader, node: t.Binary, left: Value, scope: Scope) -> Value:
    """The right side is read only where the left does not decide, and then more may be known of its names."""
    decisive = node.operator == "or"
    truths, unsure = operators.condition(left)
    if not unsure and truths == {decisive}:
        return left
    inner: Scope | None = scope
    if not unsure and not isinstance(left, Known):
        inner = narrow(reader, node.left, not decisive, scope)
    elif spread(left).empty:
        return left
    if inner is None:
        return truth_of({decisive}, error=error_of(left))
    return operators.both(left, reader.value(node.right, inner), decisive)


@handles(t.Between)
def _between(reader: Reader, node: t.Between, scope: Scope) -> Value:
    value, low, high = (reader.value(part, scope) for part in (node.value, node.low, node.high))
    first, second = operators.compared(">=", value, low), operators.compared("<=", value, high)
    return operators.both(first, second, False)


@handles(t.If)
def _if(reader: Reader, node: t.If, scope: Scope) -> Value:
    condition = reader.value(node.condition, scope)
    if isinstance(condition, Known) and isinstance(condition.value, bool):
        # It is so whatever the names may be: nothing more is known of them.
        return reader.value(node.then if condition.value else node.otherwise, scope)
    truths, error = operators.condition(condition)
    found: list[Value] = []
    for truth, branch in ((True, node.then), (False, node.otherwise)):
        if truth in truths:
            inner = narrow(reader, node.condition, truth, scope)
            if inner is not None:
                found.append(reader.value(branch, inner))
    if not found:
        return failing(error or NOT_A_CONDITION)
    return failing_too(join(found), error)


@handles(t.In)
def _in(reader: Reader, node: t.In, scope: Scope) -> Value:
    return tested(reader, node.tests, reader.value(node.value, scope), scope)


@handles(t.UnaryTests)
def _unary_tests(reader: Reader, node: t.UnaryTests, scope: Scope) -> Value:
    value = scope.find(t.INPUT)
    if value is None:
        return reader.give_up(node)
    holds = tested(reader, node.tests, value, scope)
    return operators.inverted(holds) if node.negated else holds


def tested(reader: Reader, tests: tuple[t.Test | t.Expression, ...], value: Value, scope: Scope) -> Value:
    """Whether one of ``tests`` holds for ``value``."""
    result: Value = truth_of((False,))
    for test in tests:
        one = _holds(reader, test, value, scope)
        result = operators.both(result, one, True)
    return result


def _holds(reader: Reader, test: t.Test | t.Expression, value: Value, scope: Scope) -> Value:
    if isinstance(test, t.Test):
        return operators.compared(test.operator, value, reader.value(test.operand, scope))
    if t.INPUT in reader.names(test):
        return reader.give_up(test)
    if isinstance(test, t.Range):
        return _in_range(reader, test, value, scope)
    wanted = reader.value(test, scope)
    if set(operators.kinds(spread(wanted))) & {"list", "other", "date", "context"}:
        return reader.give_up(test)
    return operators.compared("=", value, wanted)


def _in_range(reader: Reader, node: t.Range, value: Value, scope: Scope) -> Value:
    if node.equality and node.low is not None:
        return operators.compared(node.equality, value, reader.value(node.low, scope))
    low = None if node.low is None else reader.value(node.low, scope)
    high = None if node.high is None else reader.value(node.high, scope)
    result: Value = truth_of((True,))
    if low is not None:
        result = operators.both(result, operators.compared(">=" if node.start_included else ">", value, low), False)
    if high is not None:
        result = operators.both(result, operators.compared("<=" if node.end_included else "<", value, high), False)
    if low is not None and high is not None and operators.condition(operators.compared("<=", low, high))[0] != {True}:
        # A range whose start is after its end is none.
        return failing_too(result, NOT_FOLLOWED)
    return result


@handles(t.ListLiteral)
def _list(reader: Reader, node: t.ListLiteral, scope: Scope) -> Value:
    values = [reader.value(item, scope) for item in node.items]
    return failing_too(Possible(items=Items(tuple((value, True) for value in values))), error_of(*values))


@handles(t.ContextLiteral)
def _context(reader: Reader, node: t.ContextLiteral, scope: Scope) -> Value:
    made: dict[str, Value] = {}
    inner = Scope(made, scope)
    for entry in node.entries:
        if entry.key in made:
            return failing(NOT_FOLLOWED)
        made[entry.key] = reader.value(entry.value, inner)
    return failing_too(Possible(members=dict(made)), error_of(*made.values()))


def is_built_in(node: t.Call, scope: Scope) -> str | None:
    """The name of the built-in function that is called."""
    target = node.function
    if isinstance(target, t.Name) and target.name in BUILT_INS and scope.find(target.name) is None:
        return target.name
    return None

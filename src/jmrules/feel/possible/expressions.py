"""What a FEEL expression may come to, for what its names may be.

Where everything that a part of it reads is known, FEEL's own evaluation gives the value. Elsewhere spans, sets and lists
take its place; what cannot be followed counts as any value, so that nothing that can occur is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, LimitError, Text, Undefined
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.interpreter import interpret
from jmrules.feel.possible import operators
from jmrules.feel.possible.operators import NOT_A_CONDITION, no_value
from jmrules.feel.possible.scope import Settled
from jmrules.feel.possible.values import (
    Items,
    Known,
    Possible,
    Value,
    anything,
    error_of,
    failing,
    failing_too,
    join,
    spread,
    truth_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.possible.scope import Scope

    Handler = Callable[["Reader", Any, Scope], Value]

#: what each kind of node does; filled by the modules of this package
HANDLERS: dict[type[t.Node], Handler] = {}

NO_MEMBER = no_value("可能没有该成员", "there may be no such member")
NOT_FOLLOWED = no_value("无法推算其值", "its value cannot be followed")


def handles(*kinds: type[t.Node]) -> Callable[[Handler], Handler]:
    """Register a function as what to do at nodes of these kinds."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            HANDLERS[kind] = handler
        return handler

    return register


class Reader:
    """Reads one expression; the same one may be read many times, with other values."""

    def __init__(self, text: str) -> None:
        self.text = text
        #: parts that could not be followed and so count as any value
        self.lost: dict[str, Text] = {}
        self._names: dict[int, tuple[t.Node, tuple[str, ...]]] = {}

    def value(self, node: t.Expression | t.UnaryTests, scope: Scope) -> Value:
        """What ``node`` may come to."""
        if self.settled(node, scope):
            try:
                return Known(interpret(node, self.text, Settled(scope), strict=True)[0])
            except Undefined as error:
                return failing(error)
        handler = HANDLERS.get(type(node))
        return self.give_up(node) if handler is None else handler(self, node, scope)

    def settled(self, node: t.Node, scope: Scope) -> bool:
        """Whether all that ``node`` reads is known."""
        for name in self.names(node):
            try:
                value = scope.find(name)
            except LimitError:
                return False
            if value is not None and not isinstance(value, Known):
                return False
        return True

    def names(self, node: t.Node) -> tuple[str, ...]:
        """Every name that occurs in ``node``; ``item`` and ``?`` among them."""
        known = self._names.get(id(node))
        if known is None:
            found = {part.name for part in t.walk(node) if isinstance(part, t.Name)}
            known = self._names[id(node)] = node, tuple(found)
        return known[1]

    def give_up(self, node: t.Node, error: JmrulesError | None = None) -> Value:
        """Any value, and a note that this part could not be followed."""
        part = self.text[node.start : node.end] or self.text
        self.lost[part] = Text(f"“{part}”按任意值推算", f"`{part}` counts as any value")
        return anything(error or NOT_FOLLOWED)


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
    from jmrules.feel.possible.narrow import narrow

    decisive = node.operator == "or"
    truths, unsure = operators.condition(left)
    if not unsure and truths == {decisive}:
        return left
    inner: Scope | None = scope
    if not unsure:
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
    from jmrules.feel.possible.narrow import narrow

    truths, error = operators.condition(reader.value(node.condition, scope))
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
    from jmrules.feel.possible.scope import Scope as Frame

    made: dict[str, Value] = {}
    inner = Frame(made, scope)
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

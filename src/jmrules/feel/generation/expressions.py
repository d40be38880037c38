"""Literals, names, arithmetic, comparison, logic and tests as Python."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.feel import temporal
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.coercion import is_instance
from jmrules.feel.constants import NOT_CONSTANT, constant
from jmrules.feel.generation.writer import NotGenerable, irregular, not_null, writes
from jmrules.feel.numbers import CONTEXT, divide, power, short
from jmrules.feel.tree import mentions_input
from jmrules.feel.values import Range, compare, equal, joined, make_range

if TYPE_CHECKING:
    from jmrules.feel.generation.writer import Locals, Writer

#: types whose values Python itself compares as FEEL does
_NATIVE = (ft.NUMBER, ft.STRING)


@writes(t.Number, t.String)
def _constant(writer: Writer, node: t.Number | t.String, names: Locals) -> str:
    return writer.bind(literal(node))


@writes(t.Boolean)
def _boolean(writer: Writer, node: t.Boolean, names: Locals) -> str:
    return str(node.value)


@writes(t.Null)
def _null(writer: Writer, node: t.Null, names: Locals) -> str:
    return "None"


@writes(t.AtLiteral)
def _at_literal(writer: Writer, node: t.AtLiteral, names: Locals) -> str:
    return writer.bind(literal(node))


@writes(t.Name, t.Path)
def _path(writer: Writer, node: t.Name | t.Path, names: Locals) -> str:
    slot = writer.analysis.slots.get(id(node))
    if slot is not None:
        return writer.parameters[slot]
    if isinstance(node, t.Name):
        if node.name not in names:
            raise NotGenerable
        return names[node.name]
    kind = writer.analysis.types.get(id(node.of))
    if kind is None:
        raise NotGenerable
    write = writer.source if isinstance(ft.bare(kind), ft.ListType) else writer.write
    return _member(writer, node.member, write(node.of, names), kind)


def _member(writer: Writer, name: str, of: str, kind: ft.Type) -> str:
    match ft.bare(kind):
        case ft.ListType(item) if isinstance(ft.bare(item), ft.ContextType):
            return f"[i[{writer.bind(name)}] for i in {writer.listed(of)}]"
        case ft.ContextType():
            return f"{of}[{writer.bind(name)}]"
        case ft.DATE | ft.TIME | ft.DATE_TIME | ft.DAYS_TIME_DURATION | ft.YEARS_MONTHS_DURATION:
            return f"{writer.bind(temporal.member)}({of}, {writer.bind(name)})"
    raise NotGenerable


@writes(t.Binary)
def _binary(writer: Writer, node: t.Binary, names: Locals) -> str:
    if node.operator in ("and", "or"):
        return _logic(writer, node, names)
    if node.operator in ("=", "!=", "<", "<=", ">", ">="):
        left, right = writer.write(node.left, names), writer.write(node.right, names)
        return comparison(writer, node.operator, (left, writer.type(node.left)), (right, writer.type(node.right)))
    kinds = writer.bare(node.left), writer.bare(node.right)
    left, right = writer.write(node.left, names), writer.write(node.right, names)
    if kinds == (ft.NUMBER, ft.NUMBER):
        if node.operator == "**":
            # null ** 0 is no number, though whatever is raised to 0 is 1
            return f"{writer.bind(power)}({writer.guarded(left, node.left)}, {right})"
        if node.operator == "/":
            return f"{writer.bind(divide)}({left}, {right})"
        return f"({left} {node.operator} {right})"
    if kinds == (ft.STRING, ft.STRING) and node.operator == "+":
        writer.counts = True
        return f"{writer.bind(joined)}({left}, {right})"
    operation = {"+": temporal.add, "-": temporal.subtract, "*": temporal.multiply, "/": temporal.divide}
    if ft.ANY in kinds or node.operator not in operation:
        raise NotGenerable
    return f"{writer.bind(not_null)}({writer.bind(operation[node.operator])}({left}, {right}))"


@writes(t.Negation)
def _negation(writer: Writer, node: t.Negation, names: Locals) -> str:
    operand = writer.write(node.operand, names)
    if writer.bare(node.operand) == ft.NUMBER:
        return f"(-{operand})"
    if writer.bare(node.operand) == ft.ANY:
        raise NotGenerable
    return f"{writer.bind(not_null)}({writer.bind(temporal.negate)}({operand}))"


def comparison(writer: Writer, operator: str, left: tuple[str, ft.Type], right: tuple[str, ft.Type]) -> str:
    """The code of a comparison of two codes with their types."""
    one, other = ft.bare(left[1]), ft.bare(right[1])
    if operator in ("=", "!="):
        sign = "==" if operator == "=" else "!="
        if ft.NULL in (one, other):
            value = right[0] if one == ft.NULL else left[0]
            return f"({value} is {'not ' if operator == '!=' else ''}None)"
        if one == other and (one in _NATIVE or one == ft.BOOLEAN):
            return f"({left[0]} {sign} {right[0]})"
        writer.counts |= not {one, other} <= ft.ORDERED
        same = f"{writer.bind(surely_equal)}({left[0]}, {right[0]})"
        return same if operator == "=" else f"(not {same})"
    if one == other and one in _NATIVE:
        return f"({left[0]} {operator} {right[0]})"
    return f"({writer.bind(compare)}({left[0]}, {right[0]}) {operator} 0)"


def surely_equal(left: Any, right: Any) -> bool:
    """``left = right`` where that is true or false."""
    same: bool = not_null(equal(left, right))
    return same


def _logic(writer: Writer, node: t.Binary, names: Locals) -> str:
    kinds = writer.type(node.left), writer.type(node.right)
    left, right = writer.write(node.left, names), writer.write(node.right, names)
    if kinds == (ft.BOOLEAN, ft.BOOLEAN):
        return f"({left} {node.operator} {right})"
    if {ft.bare(kind) for kind in kinds} != {ft.BOOLEAN}:
        raise NotGenerable
    first, left = writer.once(left)
    second, right = writer.once(right)
    decisive = node.operator == "or"
    unknown = f"None if {left} is None or {right} is None else {not decisive}"
    return f"({decisive} if {first} is {decisive} else {decisive} if {second} is {decisive} else {unknown})"


@writes(t.Between)
def _between(writer: Writer, node: t.Between, names: Locals) -> str:
    value, low, high = (writer.write(part, names) for part in (node.value, node.low, node.high))
    kinds = {writer.bare(part) for part in (node.value, node.low, node.high)}
    if len(kinds) > 1 or not kinds.issubset(_NATIVE):
        raise NotGenerable
    if high.isidentifier() and not ft.may_be_null(writer.type(node.high)):
        return f"({low} <= {value} <= {high})"
    # both sides are compared, as the careful reading does, so that an error in either is seen
    kept, value = writer.once(value)
    return f"(({low} <= {kept}) & ({value} <= {high}))"


@writes(t.In)
def _in(writer: Writer, node: t.In, names: Locals) -> str:
    kept, value = writer.once(writer.write(node.value, names))
    tests = _any_of(writer, node.tests, value, writer.type(node.value), {**names, t.INPUT: value})
    # the value is computed before the first test asks for it
    return tests if kept == value else f"(({kept}, {tests})[1])"


@writes(t.UnaryTests)
def _unary_tests(writer: Writer, node: t.UnaryTests, names: Locals) -> str:
    value = writer.parameters[(t.INPUT,)]
    if not node.tests:
        return "True"
    kind = (writer.analysis.declared or {}).get(t.INPUT, ft.ANY)
    tests = _any_of(writer, node.tests, value, kind, {**names, t.INPUT: value})
    return f"(not {tests})" if node.negated else tests


def _any_of(writer: Writer, tests: tuple[t.Test | t.Expression, ...], value: str, kind: ft.Type, names: Locals) -> str:
    return f"({' or '.join(_test(writer, test, value, kind, names) for test in tests)})"


def _test(writer: Writer, test: t.Test | t.Expression, value: str, kind: ft.Type, names: Locals) -> str:
    if isinstance(test, t.Test):
        operand = writer.write(test.operand, names), writer.type(test.operand)
        return comparison(writer, test.operator, (value, kind), operand)
    if mentions_input(test):
        if writer.type(test) != ft.BOOLEAN:
            raise NotGenerable
        return writer.write(test, names)
    if isinstance(test, t.Range):
        return _within(writer, test, value, ft.bare(kind))
    if isinstance(test, t.ListLiteral):
        return _among(writer, test, value, ft.bare(kind))
    wanted = writer.bare(test)
    if wanted not in (*ft.ORDERED, ft.BOOLEAN, ft.NULL):
        raise NotGenerable
    return comparison(writer, "=", (value, kind), (writer.write(test, names), writer.type(test)))


def literal(node: t.Expression) -> Any:
    """The value of a literal that is not null; raises NotGenerable for anything else."""
    value = constant(node)
    if value is NOT_CONSTANT or value is None:
        raise NotGenerable
    if isinstance(value, Decimal) and short(value) != value:
        # Standard FEEL takes fewer digits of it than rulesets do.
        raise NotGenerable
    return value


def _end(node: t.Expression) -> Any:
    """The value of an end of a range: a literal, or a date of whole numbers, such as one in the year after the one that is scored."""
    match node:
        case t.Call(t.Name("date"), (t.Argument(None, year), t.Argument(None, month), t.Argument(None, day))):
            found = temporal.date_of_parts(_number(year), _number(month), _number(day))
            if found is None:
                raise NotGenerable
            return found
    return literal(node)


def _number(node: t.Expression) -> Decimal:
    match node:
        case t.Number(value):
            return value
        case t.Binary("+" | "-" as operator, left, right):
            one, other = _number(left), _number(right)
            return CONTEXT.add(one, other) if operator == "+" else CONTEXT.subtract(one, other)
    raise NotGenerable


def constant_range(node: t.Range) -> Range:
    """The value of a range of literals; raises NotGenerable for anything else."""
    if node.equality:
        raise NotGenerable
    low = None if node.low is None else _end(node.low)
    high = None if node.high is None else _end(node.high)
    if low is None or high is None:
        return Range(node.start_included, low, high, node.end_included)
    made = make_range(node.start_included, low, high, node.end_included)
    if made is None:
        raise NotGenerable
    return made


def _within(writer: Writer, node: t.Range, value: str, kind: ft.Type) -> str:
    interval = constant_range(node)
    if kind not in ft.ORDERED:
        raise NotGenerable
    bounds = [bound for bound in (interval.start, interval.end) if bound is not None]
    if not all(is_instance(bound, kind) for bound in bounds):
        raise NotGenerable
    if kind not in _NATIVE:
        sides = []
        if interval.start is not None:
            sides.append(
                comparison(
                    writer, ">=" if interval.start_included else ">", (value, kind), (writer.bind(interval.start), kind)
                )
            )
        if interval.end is not None:
            sides.append(
                comparison(
                    writer, "<=" if interval.end_included else "<", (value, kind), (writer.bind(interval.end), kind)
                )
            )
        return f"({' and '.join(sides)})"
    low = (
        f"{writer.bind(interval.start)} {'<=' if interval.start_included else '<'} "
        if bounds and interval.start is not None
        else ""
    )
    high = f" {'<=' if interval.end_included else '<'} {writer.bind(interval.end)}" if interval.end is not None else ""
    return f"({low}{value}{high})"


def _among(writer: Writer, node: t.ListLiteral, value: str, kind: ft.Type) -> str:
    if kind not in _NATIVE:
        raise NotGenerable
    tests: list[str] = []
    points: list[Any] = []
    for item in node.items:
        if isinstance(item, t.Range):
            tests.append(f"({value} is not None and {_within(writer, item, value, kind)})")
        else:
            points.append(literal(item))
    if points:
        tests.insert(0, f"{value} in {writer.bind(tuple(points))}")
    return f"({' or '.join(tests)})" if tests else "False"


@writes(t.If)
def _if(writer: Writer, node: t.If, names: Locals) -> str:
    condition = writer.write(node.condition, names)
    then, otherwise = writer.write(node.then, names), writer.write(node.otherwise, names)
    if writer.type(node.condition) == ft.BOOLEAN:
        return f"({then} if {condition} else {otherwise})"
    kept, again = writer.once(condition)
    return f"({then} if {kept} is True else {otherwise} if {again} is False else {writer.bind(irregular)}())"


@writes(t.InstanceOf)
def _instance_of(writer: Writer, node: t.InstanceOf, names: Locals) -> str:
    if node.type.arguments or node.type.name not in ft.NAMED:
        raise NotGenerable
    return f"{writer.bind(is_instance)}({writer.write(node.value, names)}, {writer.bind(ft.NAMED[node.type.name])})"

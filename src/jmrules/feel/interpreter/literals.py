"""Literals, names, paths, conditionals and types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.feel import limits, temporal
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.coercion import is_instance
from jmrules.feel.functions import BUILT_INS, built_in_value
from jmrules.feel.interpreter.run import handles
from jmrules.feel.problems import close_matches
from jmrules.feel.scope import MISSING, Frame
from jmrules.feel.signs import right_name
from jmrules.feel.values import TEMPORAL, Range, kind_of, make_range

if TYPE_CHECKING:
    from jmrules.feel.interpreter.run import Run


@handles(t.String, t.Boolean)
def _constant(run: Run, node: t.String | t.Boolean, frame: Frame) -> Any:
    return node.value


@handles(t.Number)
def _number(run: Run, node: t.Number, frame: Frame) -> Any:
    # To the digits that the arithmetic in force has.
    return +node.value


@handles(t.Null)
def _null(run: Run, node: t.Null, frame: Frame) -> None:
    return None


@handles(t.AtLiteral)
def _at_literal(run: Run, node: t.AtLiteral, frame: Frame) -> Any:
    value = temporal.parse_literal(node.text)
    if value is None:
        run.fail(
            node,
            "feel-literal",
            f"“{node.text}”不是日期、时间或时长",
            f'"{node.text}" is no date, time or duration',
            ('例如 @"2024-12-31"', 'for instance @"2024-12-31"'),
        )
    return value


@handles(t.Name)
def _name(run: Run, node: t.Name, frame: Frame) -> Any:
    value = frame.find(node.name)
    if value is not MISSING:
        return value
    if node.name in BUILT_INS:
        return built_in_value(node.name)
    run.fail(
        node,
        "feel-unknown-name",
        f"名称 {node.name} 没有值",
        f"the name {node.name} has no value",
        right_name(node.name) or close_matches(node.name, frame.visible()),
    )
    return None


@handles(t.Path)
def _path(run: Run, node: t.Path, frame: Frame) -> Any:
    return member(run, node, run.value(node.of, frame))


def member(run: Run, node: t.Path, value: Any) -> Any:
    """``value.member``; of a list, the member of every item."""
    name = node.member
    if isinstance(value, dict):
        if name in value:
            return value[name]
        return _no_member(run, node, value, [str(key) for key in value])
    if isinstance(value, list):
        limits.spend(len(value))
        return [member(run, node, item) for item in value]
    if isinstance(value, Range):
        parts = {
            "start": value.start,
            "end": value.end,
            "start included": value.start_included,
            "end included": value.end_included,
        }
        return parts[name] if name in parts else _no_member(run, node, value, list(parts))
    if isinstance(value, TEMPORAL):
        part = temporal.member(value, name)
        if part is temporal.NO_MEMBER:
            return _no_member(run, node, value, list(temporal.MEMBERS[type(value)]))
        return part
    return _no_member(run, node, value, [])


def _no_member(run: Run, node: t.Path, value: Any, known: list[str]) -> None:
    kind = kind_of(value)
    run.fail(
        node,
        "feel-no-member",
        f"{kind} 没有成员 {node.member}",
        f"a value of type {kind} has no member {node.member}",
        close_matches(node.member, known),
    )


@handles(t.If)
def _if(run: Run, node: t.If, frame: Frame) -> Any:
    condition = run.value(node.condition, frame)
    if condition is True:
        return run.value(node.then, frame)
    if condition is not False:
        not_boolean(run, node.condition, condition)
        if condition is not None:
            return None
    return run.value(node.otherwise, frame)


def not_boolean(run: Run, node: t.Node, value: Any) -> None:
    """A condition is null or no boolean: an error where the run is strict."""
    kind = kind_of(value)
    run.fail(
        node, "feel-condition", f"条件应为真或假，而它是 {kind}", f"a condition must be true or false, and it is {kind}"
    )


@handles(t.ListLiteral)
def _list(run: Run, node: t.ListLiteral, frame: Frame) -> list[Any]:
    return [run.value(item, frame) for item in node.items]


@handles(t.ContextLiteral)
def _context(run: Run, node: t.ContextLiteral, frame: Frame) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    inner = Frame(made, frame)
    for entry in node.entries:
        if entry.key in made:
            run.fail(entry, "feel-duplicate-key", f"键 {entry.key} 出现两次", f"the key {entry.key} occurs twice")
            return None
        made[entry.key] = run.value(entry.value, inner)
    return made


@handles(t.Range)
def _range(run: Run, node: t.Range, frame: Frame) -> Range | None:
    low = None if node.low is None else run.value(node.low, frame)
    high = low if node.equality else None if node.high is None else run.value(node.high, frame)
    if node.equality:
        made = None if low is None else Range(node.start_included, low, high, node.end_included, node.equality)
    elif node.low is None or node.high is None:
        bound = high if node.low is None else low
        made = Range(node.start_included, low, high, node.end_included) if bound is not None else None
    else:
        made = make_range(node.start_included, low, high, node.end_included)
    if made is None:
        run.fail(
            node,
            "feel-range",
            f"{kind_of(low)} 到 {kind_of(high)} 不构成区间",
            f"there is no range from this {kind_of(low)} to this {kind_of(high)}",
            ("两端应为同类的值，且起点不大于终点", "both ends must be of one kind, the start not above the end"),
        )
    return made


@handles(t.InstanceOf)
def _instance_of(run: Run, node: t.InstanceOf, frame: Frame) -> bool | None:
    value = run.value(node.value, frame)
    kind = type_named(run, node.type)
    if isinstance(value, list) and node.type.arguments:
        limits.spend(len(value))
    return None if kind is None else is_instance(value, kind)


def type_named(run: Run, node: t.TypeName) -> ft.Type | None:
    """The type that is written; None, with a diagnostic, where there is none of that name."""
    arguments = [type_named(run, argument) for argument in node.arguments]
    known = [argument for argument in arguments if argument is not None]
    if len(known) < len(arguments):
        return None
    match node.name, known:
        case "list", [item]:
            return ft.ListType(item)
        case "range", [of]:
            return ft.RangeType(of)
        case "context", [_, *_]:
            return ft.ContextType(tuple(zip(node.members, known, strict=True)))
        case "function", [*parameters, result]:
            return ft.FunctionType(tuple(parameters), result)
    kind = run.types.get(node.name) or ft.NAMED.get(node.name)
    if kind is None:
        run.fail(
            node,
            "feel-unknown-type",
            f"没有名为 {node.name} 的类型",
            f"there is no type named {node.name}",
            close_matches(node.name, [*run.types, *ft.NAMED]),
        )
    return kind

"""Types of literals, names and paths, and which outer names they read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel import temporal
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.inference.analysis import infers
from jmrules.feel.problems import close_matches
from jmrules.feel.signs import right_name
from jmrules.feel.values import kind_of

if TYPE_CHECKING:
    from jmrules.feel.inference.analysis import Analysis, Environment
    from jmrules.feel.types import Type


@infers(t.Number)
def _number(analysis: Analysis, node: t.Number, environment: Environment) -> Type:
    return ft.NUMBER


@infers(t.String)
def _string(analysis: Analysis, node: t.String, environment: Environment) -> Type:
    return ft.STRING


@infers(t.Boolean)
def _boolean(analysis: Analysis, node: t.Boolean, environment: Environment) -> Type:
    return ft.BOOLEAN


@infers(t.Null)
def _null(analysis: Analysis, node: t.Null, environment: Environment) -> Type:
    return ft.NULL


@infers(t.AtLiteral)
def _at_literal(analysis: Analysis, node: t.AtLiteral, environment: Environment) -> Type:
    value = temporal.parse_literal(node.text)
    if value is not None:
        return ft.NAMED[kind_of(value)]
    return analysis.report(
        node,
        "feel-literal",
        f"“{node.text}”不是日期、时间或时长",
        f'"{node.text}" is no date, time or duration',
        ('例如 @"2024-12-31"', 'for instance @"2024-12-31"'),
    )


@infers(t.Name, t.Path)
def _path(analysis: Analysis, node: t.Name | t.Path, environment: Environment) -> Type:
    root, steps = _chain(node)
    if not isinstance(root, t.Name):
        kind, rest = analysis.type(root, environment), steps
    else:
        local, maybe = environment.find(root.name)
        if local is not None:
            kind, rest = local, steps
            analysis.types[id(root)] = kind
        elif root.name in BUILT_INS and not (analysis.declared and root.name in analysis.declared):
            kind, rest = ft.FunctionType(None, ft.ANY), steps
        else:
            kind, rest = _outer(analysis, root, steps, environment.visible(), maybe=maybe)
    for step in rest:
        kind = member_type(analysis, step, kind)
        analysis.types[id(step)] = kind
    return kind


def _chain(node: t.Expression) -> tuple[t.Expression, list[t.Path]]:
    """What a path begins with, and its steps, innermost first."""
    steps: list[t.Path] = []
    while isinstance(node, t.Path):
        steps.append(node)
        node = node.of
    return node, steps[::-1]


def _outer(
    analysis: Analysis, root: t.Name, steps: list[t.Path], local: list[str], *, maybe: bool
) -> tuple[Type, list[t.Path]]:
    """Note what is read of an outer name; the type of what was read, and the steps that go on from there."""
    declared = analysis.declared
    kind: Type = ft.ANY
    if declared is not None and root.name in declared:
        kind = declared[root.name]
    elif declared is not None and not maybe:
        analysis.report(
            root,
            "feel-unknown-name",
            f"没有名为 {root.name} 的名称",
            f"there is nothing named {root.name}",
            right_name(root.name) or close_matches(root.name, [*local, *declared]),
        )
    node: t.Name | t.Path = root
    path = [root.name]
    analysis.types[id(root)] = kind
    while steps:
        if declared is not None:
            context = ft.bare(kind)
            if not isinstance(context, ft.ContextType) or isinstance(kind, ft.Nullable):
                break
            inner = context.member(steps[0].member)
            if inner is None:
                break
            kind = inner
        node, *steps = steps
        path.append(node.member)
        analysis.types[id(node)] = kind
    analysis.reads[tuple(path)] = None
    if not maybe:
        analysis.slots[id(node)] = tuple(path)
    return kind, steps


def member_type(analysis: Analysis, node: t.Path, of: Type) -> Type:
    """The type of ``of.member``; of a list, a list of it."""
    kind, name = ft.bare(of), node.member
    match kind:
        case ft.ListType(item):
            return ft.ListType(member_type(analysis, node, item))
        case ft.ContextType(fields):
            found = kind.member(name)
            if found is not None:
                return found
            if not fields:
                return ft.ANY
            known = [key for key, _ in fields]
        case ft.RangeType(point):
            parts: dict[str, Type] = {
                "start": ft.nullable(point),
                "end": ft.nullable(point),
                "start included": ft.BOOLEAN,
                "end included": ft.BOOLEAN,
            }
            if name in parts:
                return parts[name]
            known = list(parts)
        case _ if kind in _MEMBERS:
            if name in _MEMBERS[kind]:
                return _PARTS.get(name, ft.NUMBER)
            known = list(_MEMBERS[kind])
        case _ if kind == ft.ANY:
            return ft.ANY
        case _:
            known = []
    said = f"{kind} 没有成员 {name}", f"a value of type {kind} has no member {name}"
    if isinstance(kind, ft.ContextType):
        # the type of a context is as long as its members are many
        said = f"没有成员 {name}", f"there is no member {name}"
    return analysis.report(node, "feel-no-member", *said, right_name(name) or close_matches(name, known))


_MEMBERS: dict[Type, tuple[str, ...]] = {
    ft.DATE: temporal.MEMBERS[temporal.Date],
    ft.TIME: temporal.MEMBERS[temporal.Time],
    ft.DATE_TIME: temporal.MEMBERS[temporal.DateTime],
    ft.DAYS_TIME_DURATION: ("days", "hours", "minutes", "seconds"),
    ft.YEARS_MONTHS_DURATION: ("years", "months"),
}
_PARTS: dict[str, Type] = {
    "timezone": ft.Nullable(ft.STRING),
    "time offset": ft.Nullable(ft.DAYS_TIME_DURATION),
}

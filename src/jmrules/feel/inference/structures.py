"""Types of conditionals, iterations, filters, lists, contexts, ranges and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.inference.analysis import Environment, infers
from jmrules.feel.inference.operators import boolean
from jmrules.feel.problems import close_matches

if TYPE_CHECKING:
    from jmrules.feel.inference.analysis import Analysis
    from jmrules.feel.types import Type


@infers(t.If)
def _if(analysis: Analysis, node: t.If, environment: Environment) -> Type:
    boolean(analysis, node.condition, analysis.type(node.condition, environment))
    return ft.union(analysis.type(node.then, environment), analysis.type(node.otherwise, environment))


@infers(t.For)
def _for(analysis: Analysis, node: t.For, environment: Environment) -> Type:
    inner = _iterate(analysis, node.iterations, environment)
    inner = Environment({"partial": ft.ListType(ft.ANY)}, inner)
    return ft.ListType(analysis.type(node.result, inner))


@infers(t.Quantified)
def _quantified(analysis: Analysis, node: t.Quantified, environment: Environment) -> Type:
    kind = analysis.type(node.condition, _iterate(analysis, node.iterations, environment))
    boolean(analysis, node.condition, kind)
    return ft.BOOLEAN if kind == ft.BOOLEAN else ft.Nullable(ft.BOOLEAN)


def _iterate(analysis: Analysis, iterations: tuple[t.Iteration, ...], environment: Environment) -> Environment:
    for iteration in iterations:
        domain = iteration.domain
        if isinstance(domain, t.Span):
            item = _span(analysis, domain, environment)
        else:
            item = item_of(analysis.type(domain, environment))
        environment = Environment({iteration.name: item}, environment)
    return environment


def _span(analysis: Analysis, node: t.Span, environment: Environment) -> Type:
    low, high = (ft.bare(analysis.type(end, environment)) for end in (node.low, node.high))
    for end, kind in ((node.low, low), (node.high, high)):
        if kind not in (ft.NUMBER, ft.DATE, ft.ANY):
            analysis.report(
                end, "feel-iteration", f"不能从 {kind} 开始或到 {kind} 循环", f"an iteration cannot run over a {kind}"
            )
            return ft.ANY
    return low if low == high else ft.ANY


def item_of(kind: Type) -> Type:
    """The type of the items that a value of ``kind`` has when it is used as a list."""
    kind = ft.bare(kind)
    match kind:
        case ft.ListType(item):
            return item
        case ft.RangeType(of):
            return of
    return kind


@infers(t.Filter)
def _filter(analysis: Analysis, node: t.Filter, environment: Environment) -> Type:
    of = ft.bare(analysis.type(node.of, environment))
    item = of.item if isinstance(of, ft.ListType) else of
    context = ft.bare(item)
    inner = Environment({"item": item}, environment)
    if isinstance(context, ft.ContextType) and context.fields:
        inner = Environment(dict(context.fields), inner)
    elif context == ft.ANY or isinstance(context, ft.ContextType):
        inner = Environment({}, inner, open=True)
    condition = analysis.type(node.condition, inner)
    kind = ft.bare(condition)
    if kind == ft.NUMBER:
        # Of an empty list, a position that is null, or that the items would tell, is none: what is left is the list.
        certain = condition == ft.NUMBER and not _reads_item(node.condition, inner, environment)
        return ft.nullable(item) if certain else ft.ANY
    if kind == ft.BOOLEAN:
        return ft.ListType(item)
    if kind != ft.ANY:
        boolean(analysis, node.condition, kind)
    return ft.ANY


def _reads_item(condition: t.Expression, inner: Environment, outer: Environment) -> bool:
    """Whether a condition uses a name that it has from the items."""
    own: set[str] = set()
    environment: Environment | None = inner
    while environment is not None and environment is not outer:
        own |= set(environment.names)
        environment = environment.outer
    return any(isinstance(node, t.Name) and node.name in own for node in t.walk(condition))


@infers(t.ListLiteral)
def _list(analysis: Analysis, node: t.ListLiteral, environment: Environment) -> Type:
    kinds = [analysis.type(item, environment) for item in node.items]
    if not kinds:
        return ft.ListType(ft.ANY)
    item = kinds[0]
    for kind in kinds[1:]:
        item = ft.union(item, kind)
    return ft.ListType(item)


@infers(t.ContextLiteral)
def _context(analysis: Analysis, node: t.ContextLiteral, environment: Environment) -> Type:
    fields: dict[str, Type] = {}
    for entry in node.entries:
        if entry.key in fields:
            analysis.report(
                entry, "feel-duplicate-key", f"键 {entry.key} 出现两次", f"the key {entry.key} occurs twice"
            )
        fields[entry.key] = analysis.type(entry.value, Environment(dict(fields), environment))
    return ft.ContextType(fields)


@infers(t.Range)
def _range(analysis: Analysis, node: t.Range, environment: Environment) -> Type:
    ends = [end for end in (node.low, node.high) if end is not None]
    kinds = [ft.bare(analysis.type(end, environment)) for end in ends]
    for end, kind in zip(ends, kinds, strict=True):
        if kind not in ft.ORDERED and kind != ft.ANY:
            analysis.report(end, "feel-range", f"{kind} 不能作区间的一端", f"a {kind} cannot bound a range")
            return ft.RangeType(ft.ANY)
    if len(set(kinds) - {ft.ANY}) > 1:
        analysis.report(
            node,
            "feel-range",
            f"区间的两端是 {kinds[0]} 和 {kinds[1]}",
            f"the range has bounds of different kinds, {kinds[0]} and {kinds[1]}",
        )
        return ft.RangeType(ft.ANY)
    return ft.RangeType(next((kind for kind in kinds if kind != ft.ANY), ft.ANY))


@infers(t.FunctionLiteral)
def _function(analysis: Analysis, node: t.FunctionLiteral, environment: Environment) -> Type:
    kinds = tuple(
        ft.ANY if parameter.type is None else written_type(analysis, parameter.type) for parameter in node.parameters
    )
    # null is an argument of any type, and so is a list that holds it
    names = {parameter.name: ft.with_nulls(kind) for parameter, kind in zip(node.parameters, kinds, strict=True)}
    if node.external:
        return ft.FunctionType(kinds, ft.ANY)
    return ft.FunctionType(kinds, analysis.type(node.body, Environment(names, environment)))


@infers(t.InstanceOf)
def _instance_of(analysis: Analysis, node: t.InstanceOf, environment: Environment) -> Type:
    analysis.type(node.value, environment)
    written_type(analysis, node.type)
    return ft.BOOLEAN


def written_type(analysis: Analysis, node: t.TypeName) -> Type:
    """The type that is written."""
    arguments = [written_type(analysis, argument) for argument in node.arguments]
    match node.name, arguments:
        case "list", [item]:
            return ft.ListType(item)
        case "range", [of]:
            return ft.RangeType(of)
        case "context", [_, *_]:
            return ft.ContextType(tuple(zip(node.members, arguments, strict=True)))
        case "function", [*parameters, result]:
            return ft.FunctionType(tuple(parameters), result)
    if node.name in ft.NAMED:
        return ft.NAMED[node.name]
    return analysis.report(
        node,
        "feel-unknown-type",
        f"没有名为 {node.name} 的类型",
        f"there is no type named {node.name}",
        close_matches(node.name, list(ft.NAMED)),
    )

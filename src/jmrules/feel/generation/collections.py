"""Lists, contexts, iterations, filters and calls as Python."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from itertools import islice
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.constants import MAKERS, NOT_CONSTANT, constant
from jmrules.feel.functions import BUILT_INS, Forms, Signature
from jmrules.feel.functions.patterns import Pattern
from jmrules.feel.generation.expressions import literal
from jmrules.feel.generation.writer import NotGenerable, irregular, without_null, writes
from jmrules.feel.inference.calls import matched
from jmrules.feel.interpreter.iterations import at_position, steps
from jmrules.feel.joins import join_of_filter, join_of_quantified
from jmrules.feel.numbers import is_whole, mean, quantized, total, truncated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.feel.generation.writer import Locals, Writer
    from jmrules.feel.joins import Join


@writes(t.ListLiteral)
def _list(writer: Writer, node: t.ListLiteral, names: Locals) -> str:
    return f"[{', '.join(writer.write(item, names) for item in node.items)}]"


@writes(t.ContextLiteral)
def _context(writer: Writer, node: t.ContextLiteral, names: Locals) -> str:
    keys = [entry.key for entry in node.entries]
    if len(set(keys)) < len(keys):
        raise NotGenerable
    inner = dict(names)
    parts: list[str] = []
    for entry in node.entries:
        kept, inner[entry.key] = writer.once(writer.write(entry.value, inner))
        parts.append(f"{writer.bind(entry.key)}: {kept}")
    return f"{{{', '.join(parts)}}}"


@writes(t.For)
def _for(writer: Writer, node: t.For, names: Locals) -> str:
    if any(isinstance(each, t.Name) and each.name == "partial" for each in t.walk(node.result)):
        raise NotGenerable
    body = _loop(writer, node.iterations, node.result, None, names)
    # of one loop there are no more results than items
    return f"[{body}]" if len(node.iterations) == 1 else f"{writer.bind(_results)}({body})"


def _results(found: Iterator[Any]) -> list[Any]:
    """The results of loops within loops, as many as a list may have."""
    results = list(islice(found, limits.MAX_ITEMS + 1))
    limits.check_items(len(results))
    return results


@writes(t.Quantified)
def _quantified(writer: Writer, node: t.Quantified, names: Locals) -> str:
    if writer.bare(node.condition) != ft.BOOLEAN:
        raise NotGenerable
    quantifier = "any" if node.quantifier == "some" else "all"
    join = join_of_quantified(node)
    return f"{quantifier}({_loop(writer, node.iterations, node.condition, join, names, tested=True)})"


def _loop(
    writer: Writer, iterations: tuple[t.Iteration, ...], body: t.Expression, join: Join | None, names: Locals, *,
    tested: bool = False,
) -> str:  # fmt: skip
    """A body, and the loops that it stands in; one that is tested must be true or false."""
    loops: list[str] = []
    bodies = (*(each.domain for each in iterations[1:]), body)
    for depth, (iteration, inner) in enumerate(zip(iterations, bodies, strict=True)):
        with writer.inside(depth):
            items = _items(writer, iteration.domain, names)
            source = writer.domain(items, inner, join if inner is body else None, names)
        variable = writer.fresh("v")
        loops.append(f"for {variable} in {source}")
        names = {**names, iteration.name: variable}
    with writer.inside(len(iterations)):
        written = writer.decided(body, names) if tested else writer.write(body, names)
        return " ".join((written, *loops))


def _items(writer: Writer, domain: t.Expression | t.Span, names: Locals) -> str:
    if isinstance(domain, t.Span):
        return f"{writer.bind(steps)}({writer.source(domain.low, names)}, {writer.source(domain.high, names)})"
    if not isinstance(writer.bare(domain), ft.ListType):
        raise NotGenerable
    return writer.source(domain, names)


@writes(t.Filter)
def _filter(writer: Writer, node: t.Filter, names: Locals) -> str:
    of = writer.bare(node.of)
    if not isinstance(of, ft.ListType):
        raise NotGenerable
    position = constant(node.condition)
    if isinstance(position, Decimal):
        return f"{writer.bind(at_position)}({writer.some(node.of, names)}, {writer.bind(position)})"
    if writer.bare(node.condition) != ft.BOOLEAN:
        raise NotGenerable
    variable = writer.fresh("v")
    inner = {**names, "item": variable}
    item = ft.bare(of.item)
    join = join_of_filter(node)
    if isinstance(item, ft.ContextType):
        if not item.fields:
            raise NotGenerable
        members = {name: f"{variable}[{writer.bind(name)}]" for name, _ in item.fields}
        inner |= members
        join = None if join is None else join.only(members)
    elif item == ft.ANY:
        raise NotGenerable
    else:
        join = None if join is None else join.only(())
    domain = writer.domain(writer.source(node.of, names), node.condition, join, names)
    with writer.inside(1):
        return f"[{variable} for {variable} in {domain} if {writer.decided(node.condition, inner)}]"


@writes(t.Call)
def _call(writer: Writer, node: t.Call, names: Locals) -> str:
    target = node.function
    declared = writer.analysis.declared or {}
    if not isinstance(target, t.Name) or target.name in names or target.name in declared:
        raise NotGenerable
    if target.name not in BUILT_INS:
        raise NotGenerable
    if target.name in MAKERS and constant(node) is not NOT_CONSTANT:
        return writer.bind(literal(node))
    arguments = node.arguments
    short = _SHORT.get(target.name)
    if short is not None and not any(argument.name for argument in arguments):
        code = short(writer, [argument.value for argument in arguments], names)
        if code is not None:
            return str(code)
    return _implementation(writer, node, target.name, names)


def _implementation(writer: Writer, node: t.Call, name: str, names: Locals) -> str:
    """A call of the implementation, where the types alone tell which it is and that nothing is converted."""
    given = [argument.name for argument in node.arguments]
    kinds = [writer.type(argument.value) for argument in node.arguments]
    for signature in BUILT_INS[name].signatures:
        fitted = matched(signature, given, kinds)
        if fitted is None:
            continue
        if not all(_exact(parameter.types, kind) for parameter, kind in fitted):
            raise NotGenerable
        if any(given):
            return _named(writer, node, signature, names)
        codes = [writer.some(argument.value, names) for argument in node.arguments]
        if name in ("matches", "replace", "split") and isinstance(pattern := node.arguments[1].value, t.String):
            codes[1] = writer.bind(Pattern(pattern.value))
        return f"{writer.called(signature)}({', '.join(codes)})"
    raise NotGenerable


def _exact(wanted: tuple[ft.Type, ...], kind: ft.Type) -> bool:
    kind = ft.bare(kind)
    if kind in (ft.ANY, ft.NULL) or wanted == (ft.ANY,):
        return wanted == (ft.ANY,) and kind != ft.NULL
    return any(ft.conforms(kind, each) and (_may_hold_null(each) or not _may_hold_null(kind)) for each in wanted)


def _may_hold_null(kind: ft.Type) -> bool:
    return isinstance(kind, ft.ListType) and ft.may_be_null(kind.item)


def _named(writer: Writer, node: t.Call, signature: Signature, names: Locals) -> str:
    values = {argument.name: argument.value for argument in node.arguments}
    order = [parameter.name for parameter in signature.parameters]
    present = [name for name in order if name in values]
    if present != order[: len(present)]:
        raise NotGenerable
    codes = [writer.some(values[name], names) for name in present]
    return f"{writer.called(signature)}({', '.join(codes)})"


# ---- built-ins that Python has a shorter word for


def _numbers(writer: Writer, node: t.Expression) -> bool:
    """Whether a node gives a list of numbers, of which some may be null: Python adds no None to a number."""
    kind = writer.type(node)
    return isinstance(kind, ft.ListType) and ft.bare(kind.item) == ft.NUMBER


def _total(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
    if len(arguments) != 1 or not _numbers(writer, arguments[0]):
        return None
    kept, again = writer.once(writer.listed(writer.write(arguments[0], names)))
    return f"({writer.bind(total)}({again}) if {kept} else {writer.bind(irregular)}())"


def _count(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
    if len(arguments) != 1 or not isinstance(writer.bare(arguments[0]), ft.ListType):
        return None
    return f"{writer.bind(Decimal)}(len({writer.listed(writer.write(arguments[0], names))}))"


def _mean(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
    if len(arguments) != 1 or not _numbers(writer, arguments[0]):
        return None
    return f"{writer.bind(mean)}({writer.listed(writer.write(arguments[0], names))})"


def _extreme(word: str) -> Any:
    def write(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
        if len(arguments) == 1:
            if not _numbers(writer, arguments[0]):
                return None
            code = writer.listed(writer.write(arguments[0], names))
            # of one item, Python compares nothing, so that a null would not be seen
            return (
                f"{word}({writer.bind(without_null)}({code}))"
                if _may_hold_null(writer.type(arguments[0]))
                else f"{word}({code})"
            )
        # Python compares every argument of several, so that a null among them is seen
        if not arguments or {writer.bare(argument) for argument in arguments} != {ft.NUMBER}:
            return None
        return f"{word}({', '.join(writer.write(argument, names) for argument in arguments)})"

    return write


def _not(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
    if len(arguments) != 1 or writer.bare(arguments[0]) != ft.BOOLEAN:
        return None
    code = writer.write(arguments[0], names)
    if writer.type(arguments[0]) == ft.BOOLEAN:
        return f"(not {code})"
    kept, again = writer.once(code)
    return f"(None if {kept} is None else not {again})"


def _abs(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
    if len(arguments) != 1 or writer.bare(arguments[0]) != ft.NUMBER:
        return None
    return f"abs({writer.write(arguments[0], names)})"


def _rounding(mode: str, default: int | None) -> Any:
    """Rounding to a scale that is written in the expression; the exact result needs no more than one call."""

    def write(writer: Writer, arguments: list[t.Expression], names: Locals) -> str | None:
        scale = default
        if len(arguments) == 2 and isinstance(arguments[1], t.Number) and is_whole(arguments[1].value):
            scale = truncated(arguments[1].value)
        elif len(arguments) != 1:
            return None
        if scale is None or not 0 <= scale <= _MAX_SHORT_SCALE or writer.bare(arguments[0]) != ft.NUMBER:
            return None
        quantum = writer.bind(Decimal((0, (1,), -scale)))
        return f"{writer.bind(quantized)}({writer.write(arguments[0], names)}, {quantum}, {writer.bind(mode)})"

    return write


_MAX_SHORT_SCALE = 20

_SHORT: Forms[Any] = Forms(
    "generated",
    {
        "decimal": _rounding(ROUND_HALF_EVEN, None),
        "floor": _rounding(ROUND_FLOOR, 0),
        "ceiling": _rounding(ROUND_CEILING, 0),
        "round up": _rounding(ROUND_UP, 0),
        "round down": _rounding(ROUND_DOWN, 0),
        "round half up": _rounding(ROUND_HALF_UP, 0),
        "round half down": _rounding(ROUND_HALF_DOWN, 0),
        "sum": _total,
        "count": _count,
        "mean": _mean,
        "min": _extreme("min"),
        "max": _extreme("max"),
        "not": _not,
        "abs": _abs,
    },
)

"""``for``, ``some``, ``every`` and filters (DMN 1.5, 10.3.2.14)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits, temporal
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.interpreter.literals import not_boolean
from jmrules.feel.interpreter.run import handles
from jmrules.feel.joins import NO_KEY, join_of_filter, join_of_quantified
from jmrules.feel.numbers import Number, is_number, is_whole, truncated
from jmrules.feel.scope import MISSING, Frame
from jmrules.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.feel.interpreter.run import Run
    from jmrules.feel.joins import Joiner, Key

_PARTIAL = "partial"


class _NoDomain(Exception):
    """A domain that cannot be iterated; the diagnostic is recorded already."""


@handles(t.For)
def _for(run: Run, node: t.For, frame: Frame) -> list[Any] | None:
    results: list[Any] = []
    wants_partial = any(isinstance(each, t.Name) and each.name == _PARTIAL for each in t.walk(node.result))
    try:
        for bound in _bindings(run, node.iterations, node.result, frame, None):
            inner = bound
            if wants_partial:
                limits.spend(len(results))
                inner = Frame({_PARTIAL: list(results)}, bound)
            results.append(run.value(node.result, inner))
            limits.check_items(len(results))
    except _NoDomain:
        return None
    return results


@handles(t.Quantified)
def _quantified(run: Run, node: t.Quantified, frame: Frame) -> bool | None:
    decisive = node.quantifier == "some"
    answer: bool | None = not decisive
    try:
        for inner in _bindings(run, node.iterations, node.condition, frame, run.joiner(node, join_of_quantified)):
            holds = run.value(node.condition, inner)
            if isinstance(holds, bool) and holds is decisive:
                return holds
            if not isinstance(holds, bool):
                not_boolean(run, node.condition, holds)
                answer = None
                if holds is not None:
                    return None
    except _NoDomain:
        return None
    return answer


def _bindings(
    run: Run, iterations: tuple[t.Iteration, ...], body: t.Expression, frame: Frame, joiner: Joiner | None
) -> Iterator[Frame]:
    """A frame for every combination that can decide; a later domain may use the names of the earlier ones."""
    first, *rest = iterations
    items = _items(run, first.domain, frame)
    if joiner is not None and not rest:
        items = joiner.items(items, _reader(run, frame))
    limits.go_through(len(items), run.weight(rest[0].domain if rest else body))
    for item in items:
        inner = Frame({first.name: item}, frame)
        if rest:
            yield from _bindings(run, tuple(rest), body, inner, joiner)
        else:
            yield inner


def _reader(run: Run, frame: Frame) -> Callable[[Key], Any]:
    """Values for a join; where there is something to say of one, it must be said of every item, so there is no join."""

    def read(key: Key) -> Any:
        said = len(run.diagnostics)
        value = run.value(key.other, frame)
        if len(run.diagnostics) == said:
            return value
        del run.diagnostics[said:]
        return NO_KEY

    return read


def _items(run: Run, domain: t.Expression | t.Span, frame: Frame) -> list[Any]:
    if isinstance(domain, t.Span):
        low, high = run.value(domain.low, frame), run.value(domain.high, frame)
        items = steps(low, high)
    else:
        value = run.value(domain, frame)
        if isinstance(value, Range):
            items = steps(value.start, value.end)
            if items and not value.start_included:
                items = items[1:]
            if items and not value.end_included and items[-1] == value.end:
                items = items[:-1]
        elif value is None:
            items = None
        else:
            items = value if isinstance(value, list) else [value]
    if items is None:
        run.fail(
            domain,
            "feel-iteration",
            "这里没有可以循环的列表",
            "there is no list to iterate over",
            ("给出列表，或整数、日期的区间", "give a list, or a range of whole numbers or dates"),
        )
        raise _NoDomain
    return items


def steps(low: Any, high: Any) -> list[Any] | None:
    """The whole numbers or the days from ``low`` to ``high``, downwards where high is below low."""
    if is_number(low) and is_number(high):
        if not is_whole(low) or not is_whole(high):
            return None
        start, stop = truncated(low), truncated(high)
        limits.check_items(abs(stop - start) + 1)
        step = 1 if start <= stop else -1
        return [Decimal(number) for number in range(start, stop + step, step)]
    if isinstance(low, temporal.Date) and isinstance(high, temporal.Date):
        start, stop = temporal.order_key(low), temporal.order_key(high)
        limits.check_items(abs(stop - start) + 1)
        step = 1 if start <= stop else -1
        day = temporal.DaysTimeDuration(86_400_000_000_000)
        return [temporal.add(low, temporal.multiply(day, Decimal(n))) for n in range(0, stop - start + step, step)]
    return None


@handles(t.Filter)
def _filter(run: Run, node: t.Filter, frame: Frame) -> Any:
    value = run.value(node.of, frame)
    items = value if isinstance(value, list) else [] if value is None else [value]
    position = _position(node.condition)
    if position is not None:
        return at_position(items, position)
    if not items:
        return _of_nothing(run, node, frame)
    joiner = run.joiner(node, join_of_filter)
    if joiner is not None:
        items = joiner.items(items, _reader(run, frame))
    limits.go_through(len(items), run.weight(node.condition))
    kept: list[Any] = []
    for item in items:
        answer = run.value(node.condition, _item_frame(item, frame))
        if answer is True:
            kept.append(item)
        elif is_number(answer):
            return at_position(items, answer)
        elif answer is not False:
            not_boolean(run, node.condition, answer)
            if answer is not None:
                return None
    return kept


def _position(condition: t.Expression) -> Decimal | None:
    """The number that a condition is, where it is written out."""
    match condition:
        case t.Number(value):
            return value
        case t.Negation(t.Number(value)):
            return -value
    return None


def _item_frame(item: Any, frame: Frame) -> Frame:
    inner = Frame({"item": item}, frame)
    return Frame(item, inner) if isinstance(item, dict) else inner


def _of_nothing(run: Run, node: t.Filter, frame: Frame) -> list[Any] | None:
    """A filter of the empty list: the condition tells at most whether it was meant as a position."""
    if _is_never_a_number(node.condition, frame):
        return []
    quiet = type(run)(run.text, strict=False, types=run.types)
    return None if is_number(quiet.value(node.condition, Frame({"item": None}, frame))) else []


def _is_never_a_number(condition: t.Expression, frame: Frame) -> bool:
    """Whether that is seen without evaluating it: logic, a test, or a built-in whose results are of other types."""
    match condition:
        case t.Call(t.Name(name)) if name in BUILT_INS and frame.find(name) is MISSING:
            results = [signature.result for signature in BUILT_INS[name].signatures]
            return all(isinstance(kind, ft.Type) and ft.bare(kind) not in (ft.NUMBER, ft.ANY) for kind in results)
        case t.If():
            return _is_never_a_number(condition.then, frame) and _is_never_a_number(condition.otherwise, frame)
        case t.Binary(operator=operator):
            return operator not in ("+", "-", "*", "/", "**")
    return isinstance(condition, (t.Quantified, t.In, t.Between, t.Boolean, t.InstanceOf))


def at_position(items: list[Any], position: Number) -> Any:
    if not is_whole(position):
        return None
    index = truncated(position)
    if index == 0 or abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]

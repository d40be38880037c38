"""``for``, ``some``, ``every`` and filters (DMN 1.5, 10.3.2.14)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits, temporal
from jmrules.feel import tree as t
from jmrules.feel.interpreter.literals import not_boolean
from jmrules.feel.interpreter.run import handles
from jmrules.feel.numbers import Number, is_number, is_whole, truncated
from jmrules.feel.scope import Frame
from jmrules.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.feel.interpreter.run import Run

_PARTIAL = "partial"


class _NoDomain(Exception):
    """A domain that cannot be iterated; the diagnostic is recorded already."""


@handles(t.For)
def _for(run: Run, node: t.For, frame: Frame) -> list[Any] | None:
    results: list[Any] = []
    wants_partial = any(isinstance(each, t.Name) and each.name == _PARTIAL for each in t.walk(node.result))
    try:
        for bound in _bindings(run, node.iterations, frame):
            inner = bound
            if wants_partial:
                limits.check_items(len(results))
                inner = Frame({_PARTIAL: list(results)}, bound)
            results.append(run.value(node.result, inner))
            if len(results) > limits.MAX_ITEMS:
                limits.check_items(len(results))
    except _NoDomain:
        return None
    return results


@handles(t.Quantified)
def _quantified(run: Run, node: t.Quantified, frame: Frame) -> bool | None:
    decisive = node.quantifier == "some"
    answer: bool | None = not decisive
    try:
        for inner in _bindings(run, node.iterations, frame):
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


def _bindings(run: Run, iterations: tuple[t.Iteration, ...], frame: Frame) -> Iterator[Frame]:
    """A frame for every combination; a later domain may use the names of the earlier ones."""
    first, *rest = iterations
    for item in _items(run, first.domain, frame):
        inner = Frame({first.name: item}, frame)
        if rest:
            yield from _bindings(run, tuple(rest), inner)
        else:
            yield inner


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
    limits.check_items(len(items))
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
    if isinstance(node.condition, t.Number):
        return at_position(items, node.condition.value)
    limits.check_items(len(items))
    if not items:
        return _of_nothing(run, node, frame)
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


def _item_frame(item: Any, frame: Frame) -> Frame:
    inner = Frame({"item": item}, frame)
    return Frame(item, inner) if isinstance(item, dict) else inner


def _of_nothing(run: Run, node: t.Filter, frame: Frame) -> list[Any] | None:
    """A filter of the empty list: the condition tells at most whether it was meant as a position."""
    quiet = type(run)(run.text, strict=False, types=run.types)
    return None if is_number(quiet.value(node.condition, Frame({"item": None}, frame))) else []


def at_position(items: list[Any], position: Number) -> Any:
    if not is_whole(position):
        return None
    index = truncated(position)
    if index == 0 or abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]

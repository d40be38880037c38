"""FEEL's built-in functions on what values may be."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, LimitError, Undefined
from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.functions import BUILT_INS, Forms, NoValue, built_in_value
from jmrules.feel.numbers import Number, mean, total
from jmrules.feel.possible import operators
from jmrules.feel.possible.expressions import is_built_in
from jmrules.feel.possible.operators import no_value
from jmrules.feel.possible.reader import NOT_FOLLOWED, Reader, handles
from jmrules.feel.possible.values import (
    END,
    WHOLE_LINE,
    Items,
    Known,
    Possible,
    Span,
    Value,
    anything,
    error_of,
    failing,
    failing_too,
    is_end,
    join,
    number_of,
    opposite,
    spread,
    truth_of,
    without_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.possible.scope import Scope

EMPTY = no_value("列表可能是空的", "the list may be empty")
NOT_A_LIST = no_value("值可能不是列表", "the value may be no list")

#: functions of the arguments; None where they cannot be followed
FUNCTIONS: Forms[Callable[[list[Value]], Value | None]] = Forms("possible")


def follows(*names: str) -> Callable[[Any], Any]:
    """Register how built-ins are followed."""

    def register(function: Any) -> Any:
        for name in names:
            FUNCTIONS[name] = function
        return function

    return register


@handles(t.Call)
def _call(reader: Reader, node: t.Call, scope: Scope) -> Value:
    name = is_built_in(node, scope)
    if name is None:
        return reader.give_up(node)
    arguments = [reader.value(argument.value, scope) for argument in node.arguments]
    error = error_of(*arguments)
    for argument in arguments:
        if spread(argument).empty:
            return failing(error or NOT_FOLLOWED)
    for argument in arguments:
        _count_work(argument)
    named = {argument.name for argument in node.arguments} != {None}
    if all(isinstance(argument, Known) for argument in arguments):
        return _known(name, node, [argument.value for argument in arguments if isinstance(argument, Known)])
    if not named and name in FUNCTIONS:
        found = _followed(name, [without_error(argument) for argument in arguments])
        if found is not None:
            return failing_too(found, error)
    reader.give_up(node)
    return _of_type(name, error or NOT_FOLLOWED)


def _count_work(argument: Value) -> None:
    """A function goes through the lists that it is given; of those that are known it counts that itself."""
    if isinstance(argument, Possible) and argument.items is not None:
        limits.spend(max(argument.items.shortest, len(argument.items.entries)))


def _followed(name: str, arguments: list[Value]) -> Value | None:
    try:
        return FUNCTIONS[name](arguments)
    except (DecimalException, LimitError):
        # Beyond all numbers at one end.
        return None


def _known(name: str, node: t.Call, values: list[Any]) -> Value:
    names = [argument.name for argument in node.arguments]
    positional = [value for key, value in zip(names, values, strict=True) if key is None]
    named = {key: value for key, value in zip(names, values, strict=True) if key is not None}
    try:
        return Known(built_in_value(name).call(positional, named))
    except NoValue as reason:
        return failing(no_value(reason.zh, reason.en))
    except (DecimalException, Undefined):
        return failing(operators.NO_RESULT)


def _of_type(name: str, error: JmrulesError) -> Value:
    """Any value of the type that the function has, or null."""
    results = {signature.result for signature in BUILT_INS[name].signatures if isinstance(signature.result, ft.Type)}
    if results == {ft.NUMBER}:
        return Possible(WHOLE_LINE, null=True, error=error)
    if results == {ft.BOOLEAN}:
        return truth_of((True, False), null=True, error=error)
    if results == {ft.STRING}:
        return Possible(texts=None, null=True, error=error)
    return anything(error)


# Lists


def _list_of(value: Value) -> tuple[Items | None, JmrulesError | None]:
    """The items of a list argument, and why it may be none; a single value stands for a list of it."""
    p = spread(value)
    found = operators.kinds(p)
    if found == ("list",):
        return p.items, None
    if "list" in found:
        return (None, None) if set(found) - {"list", "null"} else (p.items, NOT_A_LIST)
    return None, NOT_A_LIST if found == ("null",) else None


def _variadic(arguments: list[Value]) -> tuple[Items | None, JmrulesError | None]:
    """The items of a function that takes a list or the items themselves."""
    if len(arguments) == 1:
        items, error = _list_of(arguments[0])
        kinds = operators.kinds(spread(arguments[0]))
        if items is None and "list" not in kinds and "null" not in kinds:
            return Items(((arguments[0], True),)), None
        return items, error
    return Items(tuple((argument, True) for argument in arguments)), None


@follows("count")
def _count(arguments: list[Value]) -> Value | None:
    if len(arguments) != 1:
        return None
    items, error = _list_of(arguments[0])
    if items is None:
        # Whatever it is, it is not fewer than none.
        return Possible(Span(Decimal(0), END, True), null=True, error=NOT_A_LIST)
    return number_of(Span(Decimal(items.shortest), Decimal(items.longest), True), error)


def _spans(items: Items) -> tuple[list[tuple[Span, bool]], Span | None, JmrulesError | None] | None:
    """Spans of the entries and of the further items; None where there may be something else than numbers and nulls."""
    error = None if items.shortest else EMPTY
    entries: list[tuple[Span, bool]] = []
    for item, certain in items.entries:
        span, failure = operators.numeric(item)
        error = error or failure
        if span is not None:
            entries.append((span, certain))
        elif certain:
            return None
    rest = None
    if items.rest is not None and items.most:
        rest, failure = operators.numeric(items.rest)
        error = error or failure
    return entries, rest, error


@follows("sum")
def _sum(arguments: list[Value]) -> Value | None:
    items, error = _variadic(arguments)
    spans = None if items is None else _spans(items)
    if items is None or spans is None:
        return None
    entries, rest, failure = spans
    if not entries and rest is None:
        return failing(failure or EMPTY)
    lows = [span.low if certain else min(span.low, Decimal(0)) for span, certain in entries]
    highs = [span.high if certain else max(span.high, Decimal(0)) for span, certain in entries]
    whole = all(span.whole for span, _ in entries)
    if rest is not None:
        counts = Decimal(items.least), Decimal(items.most)
        lows.append(min(_times(rest.low, count) for count in counts))
        highs.append(max(_times(rest.high, count) for count in counts))
        whole = whole and rest.whole
    return number_of(Span(total(lows), total(highs), whole), error or failure)


def _times(value: Any, count: Decimal) -> Number:
    """So many equal terms."""
    if is_end(value):
        return value if count else count
    return value * count  # type: ignore[no-any-return]


@follows("mean")
def _mean(arguments: list[Value]) -> Value | None:
    items, error = _variadic(arguments)
    spans = None if items is None else _spans(items)
    if spans is None:
        return None
    entries, rest, failure = spans
    every = [span for span, _ in entries] + ([rest] if rest is not None else [])
    if not every:
        return failing(failure or EMPTY)
    if rest is None and all(certain for _, certain in entries):
        low, high = mean([span.low for span in every]), mean([span.high for span in every])
        return number_of(Span(low, high), error or failure)
    low, high = min(span.low for span in every), max(span.high for span in every)
    return Possible(Span(low, high), error=error or failure)


def _extreme(pick: Callable[[list[Number]], Number], arguments: list[Value]) -> Value | None:
    items, error = _variadic(arguments)
    spans = None if items is None else _spans(items)
    if spans is None:
        return None
    entries, rest, failure = spans
    optional = [span for span, certain in entries if not certain] + ([rest] if rest is not None else [])
    certain = [span for span, there in entries if there]
    every = certain + optional
    if not every:
        return failing(failure or EMPTY)
    downwards = pick is min
    if certain:
        bound = pick([span.high if downwards else span.low for span in certain])
    else:
        bound = (max if downwards else min)(span.high if downwards else span.low for span in optional)
    reach = pick([span.low if downwards else span.high for span in every])
    low, high = (reach, bound) if downwards else (bound, reach)
    return number_of(Span(low, high, all(span.whole for span in every)), error or failure)


FUNCTIONS["min"] = lambda arguments: _extreme(min, arguments)
FUNCTIONS["max"] = lambda arguments: _extreme(max, arguments)


def _ternary(arguments: list[Value], decisive: bool) -> Value | None:
    items, error = _variadic(arguments)
    if items is None:
        return None
    result: Value = truth_of((not decisive,))
    for item, certain in items.entries:
        result = operators.both(result, item if certain else join((item, truth_of((not decisive,)))), decisive)
    if items.rest is not None and items.most:
        further = items.rest if items.least else join((items.rest, truth_of((not decisive,))))
        result = operators.both(result, further, decisive)
        if items.most > 1:
            result = operators.both(result, join((items.rest, truth_of((not decisive,)))), decisive)
    return failing_too(result, error)


FUNCTIONS["all"] = lambda arguments: _ternary(arguments, False)
FUNCTIONS["any"] = lambda arguments: _ternary(arguments, True)


@follows("list contains")
def _contains(arguments: list[Value]) -> Value | None:
    items, error = _list_of(arguments[0]) if len(arguments) == 2 else (None, None)
    if items is None:
        return None
    may = must = False
    further = [(items.rest, items.least > 0)] if items.rest is not None and items.most else []
    for item, certain in (*items.entries, *further):
        same = spread(operators.compared("=", item, arguments[1]))
        may = may or True in same.truths or "other" in operators.kinds(spread(item))
        must = must or (certain and same.truths == {True} and not same.error)
    return truth_of(({True} if may else set()) | (set() if must else {False}), error=error)


@follows("concatenate")
def _concatenate(arguments: list[Value]) -> Value | None:
    lists = [_list_of(argument) for argument in arguments]
    parts = [items for items, _ in lists if items is not None]
    if len(parts) < len(lists):
        return None
    rests = [items.rest for items in parts if items.rest is not None and items.most]
    return failing_too(
        Possible(
            items=Items(
                tuple(entry for items in parts for entry in items.entries),
                join(rests) if rests else None,
                sum(items.least for items in parts),
                sum(items.most for items in parts),
            )
        ),
        next((error for _, error in lists if error), None),
    )


# Truth and numbers


@follows("not")
def _not(arguments: list[Value]) -> Value | None:
    return operators.inverted(arguments[0]) if len(arguments) == 1 else None


@follows("abs")
def _abs(arguments: list[Value]) -> Value | None:
    p = spread(arguments[0])
    if len(arguments) != 1 or operators.kinds(p) != ("number",) or p.span is None:
        return None
    ends: list[Any] = [end if end >= 0 else opposite(end) for end in (p.span.low, p.span.high)]
    low = Decimal(0) if p.span.low <= 0 <= p.span.high else min(ends)
    return number_of(Span(low, max(ends), p.span.whole))


def _stepwise(name: str) -> Callable[[list[Value]], Value | None]:
    """A rounding function: it never falls where the number rises."""

    def followed(arguments: list[Value]) -> Value | None:
        span, error = operators.numeric(arguments[0])
        if span is None or not all(isinstance(argument, Known) for argument in arguments[1:]):
            return None
        more = [argument.value for argument in arguments[1:] if isinstance(argument, Known)]
        call = built_in_value(name).call
        try:
            low, high = call([span.low, *more], {}), call([span.high, *more], {})
        except (NoValue, DecimalException, Undefined):
            return None
        return number_of(Span(low, high, span.whole or not more or more[0] == 0), error)

    return followed


for _name in ("floor", "ceiling", "round up", "round down", "round half up", "round half down", "decimal"):
    FUNCTIONS[_name] = _stepwise(_name)

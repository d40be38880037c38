"""Lists by columns: filters, loops, quantifiers and the built-in functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve

from jmrules.feel import tree as t
from jmrules.feel.functions import Forms
from jmrules.feel.vectors import approximate
from jmrules.feel.vectors.expressions import Rows, folded, handles
from jmrules.feel.vectors.vectors import (
    Array,
    Context,
    Empty,
    Items,
    NotColumnar,
    Nothing,
    Number,
    Truth,
    Vector,
    either,
    full,
    gathered,
    outside,
    starts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def listed(rows: Rows, value: Vector) -> Items:
    """The value as lists."""
    if isinstance(value, Empty):
        return Items(starts(np.zeros(rows.count, dtype=np.int64)), Nothing(), undef=value.undef, doubt=value.doubt)
    if not isinstance(value, Items):
        raise NotColumnar("这里不是列表", "this is not a list")
    combinations = value.counts if rows.load is None else value.counts * rows.load
    if combinations.max(initial=0) > rows.bounded:
        # FEEL bounds the work of one evaluation: whether such a list is within it is for the other reading to say
        return evolve(value, doubt=either(value.doubt, combinations > rows.bounded))
    return value


def _members(item: Vector) -> dict[str, Callable[[], Vector]]:
    """The names that an item brings into a filter."""
    names: dict[str, Callable[[], Vector]] = {"item": lambda: item}
    if isinstance(item, Context):
        for name in item.members:
            names[name] = _reader(item, name)
    return names


def _reader(item: Context, name: str) -> Callable[[], Vector]:
    return lambda: item.member(name)


@handles(t.Filter)
def _filter(rows: Rows, node: t.Filter) -> Vector:
    items, holds = _filtered(rows, node)
    return items if holds is None else evolve(items.kept(holds), null=items.null, undef=items.undef, doubt=items.doubt)


def _filtered(rows: Rows, node: t.Filter) -> tuple[Items, Array]:
    """The lists that are filtered, with the masks of what comes of it, and which items are kept; None: there are none."""
    of = rows.value(node.of)
    if isinstance(of, Nothing):
        of = Empty(undef=of.undef, doubt=of.doubt)
    items = listed(rows, of)
    if isinstance(items.item, Nothing):
        return items, None
    holds = rows.of_items(items, _members).value(node.condition)
    if not isinstance(holds, Truth):
        raise NotColumnar("按位置取项不按列计算", "taking an item by its position is not done by columns")
    wrong = items.any_of(either(holds.undef, holds.null))
    undef, doubt = either(items.undef, wrong), either(items.doubt, items.any_of(holds.doubt))
    return evolve(items, null=None, undef=undef, doubt=doubt), holds.holds


def _loop(rows: Rows, iterations: tuple[t.Iteration, ...]) -> tuple[Items, Rows]:
    if len(iterations) != 1 or isinstance(iterations[0].domain, t.Span):
        raise NotColumnar("这种循环不按列计算", "a loop of this kind is not evaluated by columns")
    (iteration,) = iterations
    value = rows.value(iteration.domain)
    items = listed(rows, value)
    if items.null is not None:
        items = evolve(items, null=None, undef=either(items.undef, items.null))
    if isinstance(items.item, Nothing):
        raise NotColumnar("空列表上的循环", "a loop over an empty list")

    def names(item: Vector) -> Mapping[str, Callable[[], Vector]]:
        return {iteration.name: lambda: item}

    return items, rows.of_items(items, names)


@handles(t.For)
def _for(rows: Rows, node: t.For) -> Vector:
    if "partial" in t.names_in(node.result):
        raise NotColumnar("partial 不按列计算", "partial is not evaluated by columns")
    items, inner = _loop(rows, node.iterations)
    made = inner.value(node.result)
    return Items(
        items.offsets,
        evolve(made, undef=None, doubt=None),
        undef=either(items.undef, items.any_of(made.undef)),
        doubt=either(items.doubt, items.any_of(made.doubt)),
    )


@handles(t.Quantified)
def _quantified(rows: Rows, node: t.Quantified) -> Vector:
    items, inner = _loop(rows, node.iterations)
    holds = inner.value(node.condition)
    if not isinstance(holds, Truth):
        raise NotColumnar("条件不是真或假", "a condition that is not true or false")
    decisive = node.quantifier == "some"
    decides = full(np.asarray(holds.holds) == decisive, items.size)
    wrong = either(holds.undef, holds.null)
    decides = decides if wrong is None else decides & ~wrong
    decided = items.count_of(decides) > 0
    undef = None
    if wrong is not None:
        # an error counts where it comes before the item that decides
        undef = _first(items, full(wrong, items.size)) < _first(items, decides)
    return Truth(
        decided if decisive else ~decided,
        undef=either(items.undef, undef),
        doubt=either(items.doubt, items.any_of(holds.doubt)),
    )


def _first(items: Items, mask: Array) -> Array:
    """Number of the first item in the mask, of each list; the size where there is none."""
    places = np.flatnonzero(mask)
    found = np.searchsorted(places, items.offsets[:-1])
    first = np.append(places, items.size)[found]
    return np.where(first < items.offsets[1:], first, items.size)


@handles(t.Call)
def _call(rows: Rows, node: t.Call) -> Vector:
    target = node.function
    if not isinstance(target, t.Name) or rows.known(target.name) is not None:
        raise NotColumnar("这种函数调用不按列计算", "a call of this kind is not evaluated by columns")
    function = _FUNCTIONS.get(target.name)
    if function is None or any(argument.name for argument in node.arguments):
        return folded(node, rows)
    return function(rows, [argument.value for argument in node.arguments])


def _count(rows: Rows, arguments: list[t.Expression]) -> Vector:
    (argument,) = _exactly(arguments, 1)
    if isinstance(argument, t.Filter):
        items, holds = _filtered(rows, argument)
        counted = items.counts if holds is None else items.count_of(holds)
    else:
        items = listed(rows, rows.value(argument))
        counted = items.counts
    return Number(approximate.counts(counted), undef=either(items.undef, items.null), doubt=items.doubt)


def _exactly(arguments: list[t.Expression], count: int) -> list[t.Expression]:
    if len(arguments) != count:
        raise NotColumnar("这样的参数不按列计算", "these arguments are not evaluated by columns")
    return arguments


def _numbers(rows: Rows, arguments: list[t.Expression]) -> Items | list[Number]:
    """The numbers that an aggregate is about: the items of a list, or one vector each."""
    if len(arguments) == 1 and isinstance(arguments[0], t.ListLiteral):
        arguments = list(arguments[0].items)
    elif len(arguments) == 1:
        return listed(rows, rows.value(arguments[0]))
    vectors = [rows.value(argument) for argument in arguments]
    if not vectors or not all(isinstance(vector, Number) for vector in vectors):
        raise NotColumnar("这样的参数不按列计算", "these arguments are not evaluated by columns")
    return [vector for vector in vectors if isinstance(vector, Number)]


def _total(rows: Rows, items: Items) -> Number:
    """Sums of lists of numbers; an empty list or one with a null has none."""
    item = items.item
    if isinstance(item, Nothing):
        return Number(approximate.counts(items.counts), undef=np.ones(rows.count, dtype=bool))
    if not isinstance(item, Number):
        raise NotColumnar("列表的项不是数", "the items are not numbers")
    made, doubt = approximate.total(item.value, items)
    wrong = either(items.undef, items.null, items.any_of(item.null), items.counts == 0)
    return Number(made, undef=wrong, doubt=either(items.doubt, items.any_of(item.doubt), doubt))


def _sum(rows: Rows, arguments: list[t.Expression]) -> Vector:
    given = _numbers(rows, arguments)
    if isinstance(given, Items):
        return _total(rows, given)
    made = given[0].value
    for other in given[1:]:
        made = approximate.add(made, other.value)
    return _of_numbers(given, made, None)


def _of_numbers(given: Sequence[Number], made: Any, doubt: Any) -> Number:
    masks = gathered(given)
    missing = either(*(number.null for number in given))
    return Number(made, undef=either(masks["undef"], missing), doubt=either(masks["doubt"], outside(doubt, missing)))


def _mean(rows: Rows, arguments: list[t.Expression]) -> Vector:
    given = _numbers(rows, arguments)
    if not isinstance(given, Items):
        raise NotColumnar("这样的参数不按列计算", "these arguments are not evaluated by columns")
    sums = _total(rows, given)
    made, undef, doubt = approximate.divide(sums.value, approximate.counts(given.counts))
    return Number(made, undef=either(sums.undef, undef), doubt=either(sums.doubt, doubt))


def _extreme(greatest: bool) -> Callable[[Rows, list[t.Expression]], Vector]:
    def extreme(rows: Rows, arguments: list[t.Expression]) -> Vector:
        given = _numbers(rows, arguments)
        if isinstance(given, Items):
            return _extreme_item(rows, given, greatest)
        return _of_numbers(given, approximate.extreme([number.value for number in given], greatest=greatest), None)

    return extreme


def _extreme_item(rows: Rows, items: Items, greatest: bool) -> Vector:
    item = items.item
    if not isinstance(item, Number):
        raise NotColumnar("列表的最大、最小值不按列计算", "the extremes of this list are not evaluated by columns")
    made = approximate.extreme_item(item.value, items, greatest=greatest)
    wrong = either(items.undef, items.null, items.any_of(item.null), items.counts == 0)
    return Number(made, undef=wrong, doubt=either(items.doubt, items.any_of(item.doubt)))


def _not(rows: Rows, arguments: list[t.Expression]) -> Vector:
    (argument,) = _exactly(arguments, 1)
    value = rows.value(argument)
    if isinstance(value, Nothing):
        return value
    if not isinstance(value, Truth):
        raise NotColumnar("not 的参数不是真或假", "the argument of not is not true or false")
    return evolve(value, holds=~np.asarray(value.holds))


def _abs(rows: Rows, arguments: list[t.Expression]) -> Vector:
    (argument,) = _exactly(arguments, 1)
    value = rows.value(argument)
    if not isinstance(value, Number):
        raise NotColumnar("abs 的参数不是数", "the argument of abs is not a number")
    return Number(approximate.magnitude(value.value), undef=either(value.undef, value.null), doubt=value.doubt)


_MOST_DECIMALS = 12


def _rounding(mode: str, default: int | None) -> Callable[[Rows, list[t.Expression]], Vector]:
    def rounding(rows: Rows, arguments: list[t.Expression]) -> Vector:
        scale = default
        if len(arguments) == 2 and isinstance(arguments[1], t.Number) and arguments[1].value % 1 == 0:
            scale = int(arguments[1].value)
        elif len(arguments) != 1:
            scale = None
        value = rows.value(arguments[0]) if arguments else Nothing()
        if scale is None or not 0 <= scale <= _MOST_DECIMALS or not isinstance(value, Number):
            raise NotColumnar("这样的舍入不按列计算", "rounding of this kind is not done by columns")
        made, doubt = approximate.rounded(value.value, scale, mode)
        return _of_numbers([value], made, doubt)

    return rounding


_FUNCTIONS: Forms[Callable[[Rows, list[t.Expression]], Vector]] = Forms(
    "columns",
    {
        "count": _count,
        "sum": _sum,
        "mean": _mean,
        "min": _extreme(False),
        "max": _extreme(True),
        "not": _not,
        "abs": _abs,
        "decimal": _rounding("half even", None),
        "floor": _rounding("floor", 0),
        "ceiling": _rounding("ceiling", 0),
        "round up": _rounding("up", 0),
        "round down": _rounding("down", 0),
        "round half up": _rounding("half up", 0),
        "round half down": _rounding("half down", 0),
    },
)

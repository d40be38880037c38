"""Built-in functions that make one value of a list, given as a list or as arguments (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.feel import numbers
from jmrules.feel import types as ft
from jmrules.feel.functions.lists import _order
from jmrules.feel.functions.registry import NoValue, builtin
from jmrules.feel.numbers import CONTEXT, WIDE, Number, divide, wide
from jmrules.feel.quotients import is_exact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def aggregate(name: str, items: str, item: str, result: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of a list both for the list and for its items as arguments."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def without_null(values: list[Any]) -> Any:
            # A list of numbers may hold null by its type; its sum, mean, … are then null.
            if items == "numbers" and None in values:
                raise NoValue(f"{name} 的列表里有 null", f"the list of {name} holds null")
            return function(values)

        builtin(name, f"list: {items}", result)(without_null)
        builtin(name, f"*n: {item}", result)(lambda *values: without_null(list(values)))
        return function

    return register


def _item(kinds: Sequence[ft.Type]) -> ft.Type:
    kind = ft.bare(kinds[0]) if kinds else ft.ANY
    return kind.item if isinstance(kind, ft.ListType) else kind


def _not_empty(items: list[Any], name: str) -> None:
    if not items:
        raise NoValue(f"{name} 的列表是空的", f"the list of {name} is empty")


@aggregate("sum", "numbers", "number", ft.NUMBER)
def total(items: list[Number]) -> Number:
    _not_empty(items, "sum")
    return numbers.total(items)


@aggregate("product", "numbers", "number", ft.NUMBER)
def product(items: list[Number]) -> Number:
    _not_empty(items, "product")
    result: Any = Decimal(1)
    for item in items:
        result *= item
    return result  # type: ignore[no-any-return]


@aggregate("min", "list", "any", _item)
def minimum(items: list[Any]) -> Any:
    _not_empty(items, "min")
    least = items[0]
    for item in items:
        least = item if _order(item, least) < 0 else least
    return least


@aggregate("max", "list", "any", _item)
def maximum(items: list[Any]) -> Any:
    _not_empty(items, "max")
    most = items[0]
    for item in items:
        most = item if _order(item, most) > 0 else most
    return most


@aggregate("mean", "numbers", "number", ft.NUMBER)
def mean(items: list[Number]) -> Number:
    _not_empty(items, "mean")
    return numbers.mean(items)


@aggregate("median", "numbers", "number", ft.NUMBER)
def median(items: list[Number]) -> Number:
    _not_empty(items, "median")
    ordered: list[Any] = sorted(items)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else divide(ordered[middle - 1] + ordered[middle], Decimal(2))


@aggregate("stddev", "numbers", "number", ft.NUMBER)
def stddev(items: list[Number]) -> Decimal:
    """The standard deviation of a sample, from its exact variance, to 34 digits."""
    if len(items) < 2:
        raise NoValue("stddev 至少要两个数", "stddev needs two numbers at least")
    if is_exact():
        return CONTEXT.plus(WIDE.sqrt(wide(_variance(items))))
    exact = [Fraction(item) for item in items]
    centre = sum(exact) / len(exact)
    variance = Fraction(sum((item - centre) * (item - centre) for item in exact)) / (len(exact) - 1)
    return CONTEXT.plus(WIDE.sqrt(WIDE.divide(Decimal(variance.numerator), Decimal(variance.denominator))))


def _variance(items: list[Any]) -> Number:
    whole, count = numbers.total(items), Decimal(len(items))
    squares: Any = numbers.total([item * item for item in items])
    return divide(squares - divide(whole * whole, count), count - 1)


@aggregate("mode", "numbers", "number", ft.ListType(ft.NUMBER))
def mode(items: list[Number]) -> list[Number]:
    counts: dict[Number, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


@aggregate("all", "list", "any", ft.Nullable(ft.BOOLEAN))
def all_true(items: list[Any]) -> bool | None:
    return _ternary(items, False, "all")


@aggregate("any", "list", "any", ft.Nullable(ft.BOOLEAN))
def any_true(items: list[Any]) -> bool | None:
    return _ternary(items, True, "any")


def _ternary(items: list[Any], decisive: bool, name: str) -> bool | None:
    if decisive in (item for item in items if isinstance(item, bool)):
        return decisive
    for item in items:
        if item is not None and not isinstance(item, bool):
            raise NoValue(f"{name} 的列表里有不是布尔值的项", f"the list of {name} has an item that is no boolean")
    return None if None in items else not decisive

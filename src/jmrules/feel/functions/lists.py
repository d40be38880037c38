"""Built-in functions on lists (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits
from jmrules.feel import types as ft
from jmrules.feel.functions.registry import NoValue, builtin
from jmrules.feel.numbers import Number, truncated
from jmrules.feel.values import compare, equal, identity, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel.values import Function


def _same(kinds: Sequence[ft.Type]) -> ft.Type:
    """The type of the list itself."""
    return _as_list(kinds[0]) if kinds else ft.ListType(ft.ANY)


def _as_list(kind: ft.Type) -> ft.Type:
    kind = ft.bare(kind)
    return kind if isinstance(kind, ft.ListType) else ft.ListType(kind)


def _joined(kinds: Sequence[ft.Type]) -> ft.Type:
    """The type of lists put together."""
    result = _same(kinds)
    for kind in kinds[1:]:
        result = ft.union(result, _as_list(kind))
    return result


def _with_items(kinds: Sequence[ft.Type]) -> ft.Type:
    result = _same(kinds[:1])
    for kind in kinds[1:]:
        result = ft.union(result, ft.ListType(kind))
    return result


@builtin("list contains", "list: list, element: any", ft.BOOLEAN)
def list_contains(items: list[Any], element: Any) -> bool:
    return any(equal(item, element) is True for item in items)


@builtin("count", "list: list", ft.NUMBER)
def count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


@builtin("sublist", "list: list, start position: number, length: number?", _same)
def sublist(items: list[Any], start: Number, length: Number | None = None) -> list[Any]:
    first = _index(items, start)
    if length is None:
        return items[first:]
    size = truncated(length)
    if size < 0 or first + size > len(items):
        raise NoValue("sublist 的长度超出列表", "the length of sublist goes beyond the list")
    return items[first : first + size]


def _index(items: list[Any], position: Number, extra: int = 0) -> int:
    """The index from 0 of a FEEL position, which counts from 1, or from the end where it is negative."""
    number = truncated(position)
    if number == 0 or abs(number) > len(items) + extra:
        raise NoValue(f"列表没有第 {number} 项", f"the list has no item {number}")
    return number - 1 if number > 0 else len(items) + number


@builtin("append", "list: list, *item: any", _with_items)
def append(items: list[Any], *added: Any) -> list[Any]:
    return [*items, *added]


@builtin("concatenate", "*list: list", _joined)
def concatenate(*lists: list[Any]) -> list[Any]:
    return [item for items in lists for item in items]


@builtin("insert before", "list: list, position: number, newItem: any", lambda kinds: _with_items(kinds[::2]))
def insert_before(items: list[Any], position: Number, new_item: Any) -> list[Any]:
    index = _index(items, position)
    return [*items[:index], new_item, *items[index:]]


@builtin("remove", "list: list, position: number", _same)
def remove(items: list[Any], position: Number) -> list[Any]:
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any", lambda kinds: _with_items(kinds[::2]))
def replace_at(items: list[Any], position: Number, new_item: Any) -> list[Any]:
    index = _index(items, position)
    return [*items[:index], new_item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any", lambda kinds: _with_items(kinds[::2]))
def replace_matching(items: list[Any], match: Function, new_item: Any) -> list[Any]:
    if match.parameters is not None and len(match.parameters) != 2:
        raise NoValue("list replace 的函数应有两个参数", "the function of list replace must have two parameters")
    return [new_item if _truth(match.call([item, new_item], {}), "list replace") else item for item in items]


def _truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise NoValue(f"{name} 的函数没有给出布尔值", f"the function of {name} does not give a boolean")
    return value


@builtin("reverse", "list: list", _same)
def reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


@builtin("index of", "list: list, match: any", ft.ListType(ft.NUMBER))
def index_of(items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(position) for position, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("union", "*list: list", _joined)
def union(*lists: list[Any]) -> list[Any]:
    return _first_of_each([item for items in lists for item in items])


@builtin("distinct values", "list: list", _same)
def distinct_values(items: list[Any]) -> list[Any]:
    return _first_of_each(items)


def _first_of_each(items: list[Any]) -> list[Any]:
    seen: dict[Any, Any] = {}
    for item in items:
        seen.setdefault(identity(item), item)
    return list(seen.values())


def _flat(kinds: Sequence[ft.Type]) -> ft.Type:
    kind, null = kinds[0] if kinds else ft.ANY, False
    while isinstance(inner := ft.bare(kind), ft.ListType):
        # a list that is null among the items stays as a null
        kind, null = inner.item, null or isinstance(inner.item, ft.Nullable)
    return ft.ListType(ft.nullable(kind) if null else kind)


@builtin("flatten", "list: list", _flat)
def flatten(items: list[Any]) -> list[Any]:
    result: list[Any] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, list):
                limits.spend(len(item))
                stack.append(iter(item))
                break
            result.append(item)
            if not len(result) % 1024:
                limits.check_items(len(result))
        else:
            stack.pop()
    return result


@builtin("sort", "list: list, precedes: function?", _same)
def sort(items: list[Any], precedes: Function | None = None) -> list[Any]:
    if precedes is None:
        return sorted(items, key=cmp_to_key(_order))

    def before(left: Any, right: Any) -> int:
        if _truth(precedes.call([left, right], {}), "sort"):
            return -1
        return 1 if _truth(precedes.call([right, left], {}), "sort") else 0

    return sorted(items, key=cmp_to_key(before))


def _order(left: Any, right: Any) -> int:
    order = compare(left, right)
    if order is None:
        raise NoValue(
            f"{kind_of(left)} 与 {kind_of(right)} 没有先后", f"{kind_of(left)} and {kind_of(right)} have no order"
        )
    return order

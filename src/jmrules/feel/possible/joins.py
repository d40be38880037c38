"""The items that a loop must look at where its condition begins with an equality: see ``feel.joins``, which this is for
items of which not all is known.

An item whose member is known, and is not what is asked for, makes the condition false for certain. The others, and those of
which the member is not known, are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.feel import limits
from jmrules.feel.joins import FEW, PLAIN
from jmrules.feel.possible.values import Items, Known, spread
from jmrules.feel.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.joins import Join, Key
    from jmrules.feel.possible.values import Value

    Entry = tuple[Value, bool]


@frozen(eq=False)
class _Index:
    """Places of entries by the value of a member; ``unsure`` are those of which it is not known."""

    places: dict[tuple[str, Any], list[int]] = field(factory=dict)
    unsure: list[int] = field(factory=list)
    kinds: set[str] = field(factory=set)


class Joiner:
    """A join while one expression is being read: it remembers the list that it went through last."""

    __slots__ = ("_indexes", "_join", "_last")

    def __init__(self, join: Join) -> None:
        self._join = join
        self._last: tuple[Any, Items] | None = None
        self._indexes: dict[tuple[Key, tuple[int, ...] | None], _Index | None] = {}

    def items(self, value: Value, read: Callable[[Key], Value]) -> Items:
        """The items of a list that can decide, in their order; ``read`` gives what the members are compared with."""
        token = value.value if isinstance(value, Known) else value
        if self._last is None or self._last[0] is not token:
            items = spread(value).items
            assert items is not None
            self._last, self._indexes = (token, items), {}
            return items
        items = self._last[1]
        if len(items.entries) < FEW:
            return items
        places = self._places(items.entries, read)
        return items if places is None else evolve(items, entries=tuple(items.entries[place] for place in places))

    def _places(self, entries: tuple[Entry, ...], read: Callable[[Key], Value]) -> list[int] | None:
        unsure: list[int] = []
        found: list[int] | None = None
        for ways in self._join.keys:
            index, key = self._index(entries, ways, found)
            if index is None:
                break
            wanted = read(key)
            if not isinstance(wanted, Known):
                break
            kind = kind_of(wanted.value)
            if kind not in PLAIN or (kind != "null" and index.kinds - {kind, "null"}):
                break
            found = index.places.get((kind, wanted.value), [])
            unsure += index.unsure
            if not found:
                break
        if found is None:
            return None
        return _until(entries, {*found, *unsure}) if self._join.which == "until" else sorted({*found, *unsure})

    def _index(
        self, entries: tuple[Entry, ...], ways: tuple[Key, ...], among: list[int] | None
    ) -> tuple[_Index | None, Key]:
        for key in ways:
            known = key, None if among is None else tuple(among)
            if known not in self._indexes:
                places = range(len(entries)) if among is None else among
                self._indexes[known] = _indexed(entries, places, key, self._join.named)
                if self._indexes[known] is not None:
                    limits.spend(len(places))
            index = self._indexes[known]
            if index is not None:
                return index, key
        return None, ways[0]


def _indexed(entries: tuple[Entry, ...], places: range | list[int], key: Key, named: bool) -> _Index | None:
    index = _Index()
    for place in places:
        value: Value | None = entries[place][0]
        members = spread(entries[place][0]).members or {}
        if named and ("item" in members or not key.reads.isdisjoint(members)):
            return None
        for name in key.member:
            value = _member(value, name)
            if value is None:
                return None
        if not isinstance(value, Known):
            index.unsure.append(place)
            continue
        kind = kind_of(value.value)
        if kind not in PLAIN:
            return None
        index.kinds.add(kind)
        index.places.setdefault((kind, value.value), []).append(place)
    return index


def _member(value: Value | None, name: str) -> Value | None:
    """A member that is certainly there."""
    if isinstance(value, Known):
        return Known(value.value[name]) if isinstance(value.value, dict) and name in value.value else None
    if value is None or value.members is None or name not in value.members:
        return None
    return value.members[name] if evolve(value, members=None).empty and value.error is None else None


def _until(entries: tuple[Entry, ...], matching: set[int]) -> list[int]:
    """Every place up to the first of an item that is certainly there and certainly does not match."""
    for place, (_, certain) in enumerate(entries):
        if certain and place not in matching:
            return list(range(place + 1))
    return list(range(len(entries)))

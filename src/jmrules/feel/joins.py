"""Loops that look for the items of a list by an equality: each item is then looked at where it matches, and not at all else.

``some a in adjustments satisfies a.project = p.id and a.amount > 0``, inside a loop over projects, asks of each
adjustment whether it is the project's. An item of another project makes the condition false at once, and nothing more
of it is read; so it can be left out. From the second time that the same list is gone through, the list is indexed by
the member that is compared, and only the items that match are gone through. The value is that of going through all of
them, errors included: wherever that is not certain, all are gone through.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve, frozen

from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel.values import kind_of
from jmrules.memo import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Path = tuple[str, ...]
    Which = Literal["matching", "until"]

#: kinds of value that are equal exactly where Python says so
PLAIN = frozenset(("null", "boolean", "number", "string", "date"))
#: what has no key: nothing is looked up by it
NO_KEY = object()
#: lists that are not worth an index
FEW = 8


@frozen(eq=False)
class Key:
    """An equality of an item's member with something that does not read the item."""

    #: among all keys of the join
    number: int
    #: of the item; empty: the item itself
    member: Path
    other: t.Expression
    #: names that ``other`` reads, and that an item must not have where its members are names
    reads: frozenset[str]


@frozen(eq=False)
class Join:
    """The equalities that a loop's condition begins with, each with the ways in which it may be one."""

    keys: tuple[tuple[Key, ...], ...]
    #: which items can decide: those that match, or those that match up to the first that does not
    which: Which
    #: whether the members of an item are names in the condition, as in a filter
    named: bool

    @property
    def all_keys(self) -> list[Key]:
        """Every key, by its number."""
        return [key for ways in self.keys for key in ways]

    def only(self, members: Collection[str]) -> Join | None:
        """The join of items that surely have these members and no others; None where it is none."""
        keys: list[list[Key]] = []
        for ways in self.keys:
            fitting = [
                key for key in ways
                if (not key.member or key.member[0] in members) and key.reads.isdisjoint(members)
            ]  # fmt: skip
            if not fitting:
                break
            keys.append(fitting)
        return _numbered(keys, self.which, self.named)


def _numbered(keys: list[list[Key]], which: Which, named: bool) -> Join | None:
    number = count()
    return (
        Join(tuple(tuple(evolve(key, number=next(number)) for key in ways) for ways in keys), which, named)
        if keys
        else None
    )


@kept
def join_of_filter(node: t.Filter) -> Join | None:
    """The join that a filter is; None where it is none."""
    return _join(_equalities(node.condition, "and", "="), None, "matching")


@kept
def join_of_quantified(node: t.Quantified) -> Join | None:
    """The join that the innermost loop of ``some`` or ``every`` is; None where it is none."""
    name, some = node.iterations[-1].name, node.quantifier == "some"
    found = _join(_equalities(node.condition, "and", "="), name, "matching" if some else "until")
    return found or _join(_equalities(node.condition, "or", "!="), name, "until" if some else "matching")


def _equalities(condition: t.Expression, word: str, sign: str) -> list[t.Binary]:
    """The comparisons that a condition begins with: one that fails (or holds) decides before the rest is read."""
    found: list[t.Binary] = []
    for part in _parts(condition, word):
        if not (isinstance(part, t.Binary) and part.operator == sign):
            break
        found.append(part)
    return found


def _parts(node: t.Expression, word: str) -> Iterator[t.Expression]:
    if isinstance(node, t.Binary) and node.operator == word:
        yield from _parts(node.left, word)
        yield from _parts(node.right, word)
    else:
        yield node


def _join(equalities: list[t.Binary], variable: str | None, which: Which) -> Join | None:
    keys: list[list[Key]] = []
    for node in equalities:
        ways = [
            key
            for member, other in ((node.left, node.right), (node.right, node.left))
            if (key := _key(member, other, variable)) is not None
        ]
        if not ways:
            break
        keys.append(ways)
    return _numbered(keys[:1] if which == "until" else keys, which, variable is None)


def _key(node: t.Expression, other: t.Expression, variable: str | None) -> Key | None:
    steps: list[str] = []
    while isinstance(node, t.Path):
        steps.append(node.member)
        node = node.of
    if not isinstance(node, t.Name):
        return None
    reads = frozenset(part.name for part in t.walk(other) if isinstance(part, t.Name))
    if variable is None:
        if "item" in reads:
            return None
        return Key(0, tuple(reversed(steps)) if node.name == "item" else (node.name, *reversed(steps)), other, reads)
    if node.name != variable or variable in reads:
        return None
    return Key(0, tuple(reversed(steps)), other, reads)


class _Index:
    """The items of a list by the value of a member."""

    __slots__ = ("buckets", "kinds")

    def __init__(self) -> None:
        self.buckets: dict[tuple[str, Any], _Found] = {}
        self.kinds: set[str] = set()

    def find(self, value: Any) -> _Found | None:
        """The items whose member is ``value``; None where some comparison would have no answer."""
        kind = kind_of(value)
        if kind not in PLAIN or (kind != "null" and self.kinds - {kind, "null"}):
            return None
        return self.buckets.get((kind, value), _NOTHING)


class _Found:
    """Items that match so far, and their indexes by what else is asked of them."""

    __slots__ = ("indexes", "items")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.indexes: dict[Key, _Index | None] = {}

    def index(self, key: Key, named: bool) -> _Index | None:
        """The items by a key; None where one of them has no such member, or none that can be looked up."""
        if key not in self.indexes:
            self.indexes[key] = _indexed(self.items, key, named)
            if self.indexes[key] is not None:
                limits.spend(len(self.items))
        return self.indexes[key]


_NOTHING = _Found([])


def _indexed(items: list[Any], key: Key, named: bool) -> _Index | None:
    index = _Index()
    for item in items:
        if named and isinstance(item, dict) and ("item" in item or not key.reads.isdisjoint(item)):
            # What is compared with it reads the item too.
            return None
        value = item
        for name in key.member:
            if not isinstance(value, dict) or name not in value:
                return None
            value = value[name]
        kind = kind_of(value)
        if kind not in PLAIN:
            return None
        index.kinds.add(kind)
        found = index.buckets.get((kind, value))
        if found is None:
            index.buckets[kind, value] = _Found([item])
        else:
            found.items.append(item)
    return index


class Joiner:
    """A join while one expression is being evaluated: it remembers the list that it went through last."""

    __slots__ = ("_join", "_last")

    def __init__(self, join: Join) -> None:
        self._join = join
        self._last: _Found | None = None

    def items(self, items: Any, read: Callable[[Key], Any]) -> Any:
        """Those of ``items`` that can decide, in their order; ``read`` gives what the members are compared with."""
        if not isinstance(items, list) or len(items) < FEW:
            return items
        if self._last is None or self._last.items is not items:
            self._last = _Found(items)
            return items
        found = self._last
        for ways in self._join.keys:
            index, key = self._index(found, ways)
            if index is None:
                break
            matching = index.find(read(key))
            if matching is None:
                break
            if self._join.which == "until":
                return _until(items, matching.items)
            found = matching
            if not found.items:
                break
        return found.items

    def _index(self, found: _Found, ways: tuple[Key, ...]) -> tuple[_Index | None, Key]:
        for key in ways:
            index = found.index(key, self._join.named)
            if index is not None:
                return index, key
        return None, ways[0]


def _until(items: list[Any], matching: list[Any]) -> list[Any]:
    """The items that match, from the first on, and the first that does not."""
    count = 0
    while count < len(matching) and matching[count] is items[count]:
        count += 1
    return items[: count + 1]

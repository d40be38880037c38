"""Figures as a source prints them: each stands for all numbers that round to it.

A printed figure may be off by half a unit in its last place. In a table the figures share their places: 580 beside 785.96
is 580.00. Trailing zeros count. Whole numbers of what cannot be divided are exact; rates are printed in percent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Undefined
from jmrules.facts.careful import bind_carefully
from jmrules.facts.domain import domain_of
from jmrules.facts.model import Facts, is_fact_object
from jmrules.feel import EXACT
from jmrules.feel.numbers import Number, is_number
from jmrules.feel.possible.reader import Reader
from jmrules.feel.possible.scope import Outermost, Scope
from jmrules.feel.possible.values import WHOLE_LINE, Items, Known, Possible, Span, Value, spread
from jmrules.ruleset.expressions import analyse
from jmrules.score.bounds.domains import Fixed
from jmrules.score.bounds.facts import department
from jmrules.units import unit_of

if TYPE_CHECKING:
    from jmrules.feel import Compiled
    from jmrules.ruleset.model import FactDeclaration, Ruleset

#: of a rate: half a percentage point, where it is printed in whole percent
_COARSEST_RATE = Decimal("0.005")
_NOTHING = Decimal(0)

#: a place inside the facts: name, item, field, …
Path = tuple[str | int, ...]


@frozen
class Measured:
    """A number: as it is, and what it may have been before it was printed."""

    #: None where only bounds are known
    value: Number | None
    low: Number
    high: Number


def unwrapped(given: Any) -> Any:
    """The value of a given fact, whether it says more or not."""
    return given.get("value") if is_fact_object(given) else given


def half_unit(given: Any, declaration: FactDeclaration) -> Decimal | None:
    """Half a unit in the last place of a given figure, in the declared unit; None where no figure is given."""
    value = unwrapped(given)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        return None
    if domain_of(declaration).whole:
        return _NOTHING
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    exponent = number.as_tuple().exponent
    half = Decimal(5).scaleb(min(exponent if isinstance(exponent, int) else 0, 0) - 1)
    target = unit_of(declaration.unit) if declaration.unit else None
    source = unit_of(given["unit"]) if is_fact_object(given) and "unit" in given else target
    if target is not None and source is not None:
        half = half * source.factor / target.factor
        if target.kind == "ratio":
            half = min(half, _COARSEST_RATE)
    return half


class Figures:
    """The facts of a department, exactly and as printed, and what expressions make of them.

    Raises:
        FactsError: the facts do not fit the ruleset.
    """

    def __init__(self, ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> None:
        self.ruleset = ruleset
        self.given: Mapping[str, Any] = facts.given if isinstance(facts, Facts) else facts
        self.declarations = {fact.id: fact for fact in ruleset.facts}
        self._facts = facts
        with localcontext(EXACT):
            domains = department(ruleset, facts, "assertion").domains
            values, _ = bind_carefully(ruleset, facts)
        self._domains = dict(zip(self.declarations, domains, strict=True))
        #: values of the facts known exactly
        self.values = {
            name: value
            for name, value in zip(self.declarations, values, strict=True)
            if isinstance(self._domains[name], Fixed)
        }
        analysis = analyse(ruleset)
        self.derived = {name: analysis.expressions[f"/derived/{name}/value"] for name in analysis.first}
        self._unknown = frozenset(name for name in self.declarations if _unknown(self.given.get(name)))
        self._finest: dict[tuple[Any, ...], Decimal] = {}
        for name, declaration in self.declarations.items():
            self._scan(declaration, self.given.get(name), (name,), None)

    def _scan(self, declaration: FactDeclaration, given: Any, path: Path, table: Path | None) -> None:
        """Find the finest half unit of every table."""
        if declaration.type == "list":
            for index, item in _rows(given):
                inner = _table(declaration, path, index, table)
                for part in declaration.item:
                    self._scan(part, item.get(part.id), (*path, index, part.id), inner)
            return
        half = half_unit(given, declaration)
        if half is not None:
            key = self._key(declaration, given, path, table)
            self._finest[key] = min(half, self._finest.get(key, half))

    def _key(self, declaration: FactDeclaration, given: Any, path: Path, table: Path | None) -> tuple[Any, ...]:
        if domain_of(declaration).whole:
            return (path,)
        if table is not None:
            return (table, declaration.unit or path[-1])
        # Figures of one section, in one unit, are printed alike.
        evidence = given.get("evidence") if is_fact_object(given) else None
        if evidence and evidence[0].get("section"):
            return (evidence[0].get("document"), evidence[0]["section"], declaration.unit or path)
        return (path,)

    def half(self, declaration: FactDeclaration, given: Any, path: Path, table: Path | None = None) -> Decimal:
        """How far a given figure may be off, in the declared unit; ``table`` is that of a list it stands in."""
        return self._finest.get(self._key(declaration, given, path, table), _NOTHING)

    @cached_property
    def printed(self) -> Mapping[str, Value]:
        """What each fact may have been before it was printed."""
        return {
            name: self._printed(declaration, self.given.get(name), self.values[name], (name,), None)
            if name in self.values
            else self._domains[name].possible
            for name, declaration in self.declarations.items()
        }

    def _printed(self, declaration: FactDeclaration, given: Any, value: Any, path: Path, table: Path | None) -> Value:
        if declaration.type == "list" and isinstance(value, list):
            rows = dict(_rows(given))
            entries = []
            for index, item in enumerate(value):
                inner = _table(declaration, path, index, table)
                members = {
                    part.id: self._printed(
                        part, rows[index].get(part.id), item[part.id], (*path, index, part.id), inner
                    )
                    for part in declaration.item
                }
                entries.append((_item(members, item), True))
            return Possible(items=Items(tuple(entries)))
        if isinstance(value, Decimal):
            half = self.half(declaration, given, path, table)
            if half:
                with localcontext(EXACT):
                    return Possible(Span(value - half, value + half))
        return Known(value)

    def exact(self, compiled: Compiled, item: Mapping[str, Any]) -> Any:
        """The value of an expression; raises the error of one that has none, as where it reads what is not known."""
        with localcontext(EXACT):
            return compiled.strict(_Exact(self, item))

    def measure(self, compiled: Compiled, each: tuple[str, str, int] | None = None) -> Measured | None:
        """A number, as it is and as printed; None where it has no value. ``each``: name, list and number of an item."""
        reads = self.reads(compiled, None if each is None else each[:2])
        value = None
        if not self._unknown.isdisjoint(reads):
            return None
        if all(name in self.values for name in reads):
            item = {} if each is None else {each[0]: self.values[each[1]][each[2]]}
            try:
                value = self.exact(compiled, item)
            except Undefined:
                return None
            if not is_number(value):
                return None
        span = self._span(compiled, each)
        return None if span is None else Measured(value, span.low, span.high)

    def _span(self, compiled: Compiled, each: tuple[str, str, int] | None) -> Span | None:
        memory: dict[str, Value] = {}

        def value(name: str) -> Value | None:
            if name in self.printed:
                return self.printed[name]
            if name not in self.derived:
                return None
            if name not in memory:
                memory[name] = Reader(self.derived[name].text).whole(self.derived[name].tree, scope)
            return memory[name]

        def define(name: str) -> Any:
            return self.derived[name].tree if name in self.derived else None

        scope: Scope = Outermost(value, define)
        inner = scope
        if each is not None:
            name, of, index = each
            items = spread(self.printed[of]).items
            assert items is not None
            inner = Scope({name: items.entries[index][0]}, scope)
        with localcontext(EXACT):
            found = spread(Reader(compiled.text).whole(compiled.tree, inner)).span
        return None if found is None or found == WHOLE_LINE else found

    def reads(self, compiled: Compiled, each: tuple[str, str] | None = None) -> tuple[str, ...]:
        """Facts that an expression reads, directly or through derived values, in the order of their declarations."""
        found: set[str] = set()
        waiting = [name[0] for name in compiled.names]
        while waiting:
            name = waiting.pop()
            if each is not None and name == each[0]:
                name = each[1]
            if name not in found:
                found.add(name)
                waiting += [inner[0] for inner in self.derived[name].names] if name in self.derived else []
        return tuple(name for name in self.declarations if name in found)


class _Exact(Mapping[str, Any]):
    """Facts that are known, derived values when they are asked for, and the item that is looked at."""

    def __init__(self, figures: Figures, item: Mapping[str, Any]) -> None:
        self._figures, self._item = figures, item
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self._item:
            return self._item[name]
        if name in self._figures.derived:
            if name not in self._made:
                self._made[name] = self._figures.derived[name].strict(self)
            return self._made[name]
        return self._figures.values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._item or name in self._figures.declarations or name in self._figures.derived

    def __iter__(self) -> Iterator[str]:
        return iter((*self._item, *self._figures.declarations, *self._figures.derived))

    def __len__(self) -> int:
        return len(self._item) + len(self._figures.declarations) + len(self._figures.derived)


def _unknown(given: Any) -> bool:
    """Whether nothing is known of a fact, or of a field of one of its items."""
    if is_fact_object(given):
        if "unknown" in given or "length" in given:
            return True
        given = given.get("value")
    return isinstance(given, list | tuple) and any(
        _unknown(part) for item in given if isinstance(item, Mapping) for part in item.values()
    )


def _rows(given: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    value = unwrapped(given)
    if isinstance(value, list | tuple):
        yield from ((index, item) for index, item in enumerate(value) if isinstance(item, Mapping))


def _table(declaration: FactDeclaration, path: Path, index: int, outer: Path | None) -> Path:
    """The table that an item's figures stand in: one whose items have lists of their own is a table for each item."""
    if outer is not None:
        return outer
    return (*path, index) if any(part.type == "list" for part in declaration.item) else path


def _item(members: dict[str, Value], item: Any) -> Value:
    if all(isinstance(part, Known) for part in members.values()):
        return Known(item)
    return Possible(members=members)

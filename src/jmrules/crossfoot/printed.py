"""Figures as a source prints them: each stands for all numbers that round to it.

A printed figure may be off by half a unit in its last place. In a table the figures share their places: 580 beside 785.96
is 580.00. Trailing zeros count. Whole numbers of what cannot be divided are exact; rates are printed in percent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.crossfoot.places import sections_of
from jmrules.documents import MAX_DIGITS
from jmrules.errors import Problem
from jmrules.facts import Facts, domain_of, is_fact_object
from jmrules.feel import EXACT, Number, divide, is_number
from jmrules.feel.possible import (
    NO_NAME,
    NOTHING,
    WHOLE_LINE,
    Items,
    Known,
    Outermost,
    Possible,
    Reader,
    Scope,
    Span,
    Unsure,
    Value,
    quick_of,
    quick_value,
    spread,
)
from jmrules.memo import kept
from jmrules.quantities import decimal_of
from jmrules.ruleset import analyse
from jmrules.score.bounds import department
from jmrules.units import convert, unit_of

if TYPE_CHECKING:
    from jmrules.feel import Compiled
    from jmrules.ruleset import FactDeclaration, Ruleset

#: of a rate: half a percentage point, where it is printed in whole percent
_COARSEST_RATE = Decimal("0.005")
_NOTHING = Decimal(0)
_ANY = Context(prec=34, Emax=MAX_EMAX, Emin=MIN_EMIN)
#: types of facts that are figures, or hold some
_MEASURABLE = ("number", "list")

_LISTS = (list, tuple)

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


def half_unit(given: Any, declaration: FactDeclaration) -> Number | None:
    """Half a unit in the last place of a given figure, in the declared unit; None where no figure is given."""
    number = decimal_of(unwrapped(given))
    if number is None:
        return None
    scale = _scale(declaration, given["unit"] if is_fact_object(given) and "unit" in given else None)
    if scale is None:
        return _NOTHING
    exponent = number.as_tuple().exponent
    factor, rate = scale
    half: Number = _half_of(min(exponent, 0) if isinstance(exponent, int) else 0)
    if factor is not None:
        half = divide(half * factor[0], factor[1])
    return min(half, _COARSEST_RATE) if rate else half


@kept
def _scale(declaration: FactDeclaration, unit: str | None) -> tuple[tuple[Decimal, Decimal] | None, bool] | None:
    """By what a figure given in a unit is multiplied and divided, and whether it is a rate; None: it is exact as it stands."""
    if domain_of(declaration).whole:
        return None
    target = unit_of(declaration.unit) if declaration.unit else None
    source = target if unit is None else unit_of(unit)
    if target is None or source is None:
        return None, False
    return None if source.factor == target.factor else (source.factor, target.factor), target.kind == "ratio"


@lru_cache(64)
def _half_of(exponent: int) -> Decimal:
    """Half a unit of a place."""
    return Decimal(5).scaleb(exponent - 1, _ANY)


class _Reading:
    """What expressions may come to over facts of one kind: as they are, or as they may have been before they were printed.

    ``plain`` tells of a fact what the quick reading is to know of it; ``fact`` tells all.
    """

    def __init__(
        self, fact: Callable[[str], Value | None], plain: Callable[[str], Any], derived: Mapping[str, Compiled]
    ) -> None:
        self._fact, self._plain, self._derived = fact, plain, derived
        self._found: dict[str, Value | None] = {}
        self._quick: dict[str, Any] = {}
        self._scope: Scope = Outermost(self.name, self._definition)

    def name(self, name: str) -> Value | None:
        """What a fact or a derived value may be; None where there is none of that name."""
        if name not in self._found:
            derived = self._derived.get(name)
            self._found[name] = self._fact(name) if derived is None else self.value(derived)
        return self._found[name]

    def _definition(self, name: str) -> Any:
        return self._derived[name].tree if name in self._derived else None

    def quick(self, name: str) -> Any:
        """What a fact or a derived value may be, as the quick reading has it."""
        found = self._quick.get(name, _quick)
        if found is _quick:
            derived = self._derived.get(name)
            if derived is None:
                found = self._plain(name)
            else:
                try:
                    found = quick_value(derived, self.quick)
                except Unsure:
                    found = quick_of(self.value(derived))
            self._quick[name] = found
        return found

    def number(
        self, compiled: Compiled, each: tuple[str, str, int] | None = None
    ) -> tuple[Number | None, Span | None] | None:
        """An expression as a number: the number itself where it is one, and what it lies between; None where it is no number."""
        try:
            found = self._quickly(compiled, each)
        except Unsure:
            value = self.value(compiled, each)
            known = value.value if isinstance(value, Known) else None
            if isinstance(value, Known) and not is_number(known):
                return None
            return known, spread(value).span
        if type(found) is tuple:
            return None, Span(*found)
        return (found, Span(found, found)) if is_number(found) else None

    def value(self, compiled: Compiled, each: tuple[str, str, int] | None = None) -> Value:
        """What an expression may come to. ``each``: name, list and number of an item."""
        try:
            found = self._quickly(compiled, each)
            if type(found) is tuple:
                return Possible(Span(*found))
            if not isinstance(found, list | dict):
                return Known(found)
        except Unsure:
            pass
        scope = self._scope
        with localcontext(EXACT):
            if each is not None:
                name, of, index = each
                items = spread(self.name(of) or NOTHING).items
                assert items is not None
                scope = Scope({name: items.entries[index][0]}, scope)
            return Reader(compiled.text, _names_in(compiled)).whole(compiled.tree, scope)

    def _quickly(self, compiled: Compiled, each: tuple[str, str, int] | None) -> Any:
        with localcontext(EXACT):
            if each is None:
                return quick_value(compiled, self.quick)
            name, of, index = each
            items = self.quick(of)
            if not isinstance(items, list):
                raise Unsure
            return quick_value(compiled, self.quick, {name: items[index]})


_quick = object()


@kept
def _names_in(compiled: Compiled) -> dict[int, Any]:
    """What readers of an expression remember of its parts."""
    return {}


class Figures:
    """The facts of a department, exactly and as printed, and what expressions make of them.

    Raises:
        FactsError: the facts do not fit the ruleset.
    """

    def __init__(self, ruleset: Ruleset, facts: Facts | Mapping[str, Any], values: Sequence[Any] | None = None) -> None:
        """``values``: those of the facts, in their order, where all are known already."""
        self.ruleset = ruleset
        self.given: Mapping[str, Any] = facts.given if isinstance(facts, Facts) else facts
        self.declarations = declarations_of(ruleset)
        self._facts = facts
        self.possible = _possible(ruleset, facts, values)
        self.derived = derived_expressions(ruleset)
        self._sections: dict[tuple[str, int | None], tuple[str, ...]] = {}
        self._finest: dict[tuple[Any, ...], Number] = {}
        for name, declaration in self.declarations.items():
            if declaration.type in _MEASURABLE:
                self._scan(declaration, self.given.get(name), (name,), None)

    def _scan(self, declaration: FactDeclaration, given: Any, path: Path, table: Path | None) -> None:
        """Find the finest half unit of every table."""
        if given is None:
            return
        if declaration.type == "list":
            measurable = [part for part in declaration.item if part.type in _MEASURABLE]
            for index, item in _rows(given):
                inner = _table(declaration, path, index, table)
                for part in measurable:
                    if part.id in item:
                        self._scan(part, item[part.id], (*path, index, part.id), inner)
            return
        half = half_unit(given, declaration)
        if half is not None:
            key = self._key(declaration, given, path, table)
            known = self._finest.get(key)
            if known is None or half < known:
                self._finest[key] = half

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

    def half(self, declaration: FactDeclaration, given: Any, path: Path, table: Path | None = None) -> Number:
        """How far a given figure may be off, in the declared unit; ``table`` is that of a list it stands in."""
        return self._finest.get(self._key(declaration, given, path, table), _NOTHING)

    @property
    def fiscal_year(self) -> int:
        """The year that the figures are of."""
        return self._facts.fiscal_year if isinstance(self._facts, Facts) else self.ruleset.fiscal_year

    def number(self, declaration: FactDeclaration, given: Any, unit: str | None = None) -> Decimal | None:
        """A given number in its declared unit; None where no number is given. ``unit`` is that of one that names none."""
        if declaration.type != "number" or given is None:
            return None
        number = decimal_of(unwrapped(given))
        if number is None or len(number.as_tuple().digits) > MAX_DIGITS:
            return None
        unit = given["unit"] if is_fact_object(given) and "unit" in given else unit
        found = number if unit is None else convert(number, unit, declaration.unit)
        return None if isinstance(found, Problem) else found

    @cached_property
    def _as_stated(self) -> _Reading:
        return _Reading(self.possible.get, self._plain, self.derived)

    def _plain(self, name: str) -> Any:
        return quick_of(self.possible[name]) if name in self.possible else NO_NAME

    @cached_property
    def _before_printing(self) -> _Reading:
        """Over what each fact may have been before it was printed."""
        return _Reading(self._unprinted, self._plain_unprinted, self.derived)

    def _plain_unprinted(self, name: str) -> Any:
        if name not in self.declarations:
            return NO_NAME
        value = self.possible[name]
        if not isinstance(value, Known):
            return quick_of(self._before_printing.name(name) or NOTHING)
        with localcontext(EXACT):
            return self._spread(self.declarations[name], self.given.get(name), value.value, (name,), None)

    def _spread(self, declaration: FactDeclaration, given: Any, value: Any, path: Path, table: Path | None) -> Any:
        """As :meth:`_printed`, of a value that is known, as the quick reading has it."""
        if declaration.type == "list":
            rows = unwrapped(given)
            if not isinstance(value, list) or not isinstance(rows, list | tuple) or len(value) != len(rows):
                return value
            found = []
            for index, item in enumerate(value):
                inner, row = _table(declaration, path, index, table), rows[index]
                of = {
                    part.id: self._spread(part, row[part.id], item[part.id], (*path, index, part.id), inner)
                    for part in declaration.item
                    if part.type in _MEASURABLE and part.id in row
                }
                found.append({**item, **of})
            return found
        if type(value) is Decimal:
            half = self.half(declaration, given, path, table)
            if half:
                return value - half, value + half
        return value

    def _unprinted(self, name: str) -> Value | None:
        if name not in self.declarations:
            return None
        return self._printed(self.declarations[name], self.given.get(name), self.possible[name], (name,), None)

    def _printed(self, declaration: FactDeclaration, given: Any, value: Value, path: Path, table: Path | None) -> Value:
        if declaration.type == "list":
            items, rows = spread(value).items, dict(_rows(given))
            if items is None or len(items.entries) != len(rows):
                return value
            entries = []
            for index, (item, certain) in enumerate(items.entries):
                inner, fields = _table(declaration, path, index, table), spread(item).members or {}
                members = {
                    part.id: self._printed(
                        part, rows[index].get(part.id), fields[part.id], (*path, index, part.id), inner
                    )
                    for part in declaration.item
                }
                entries.append((_item(members), certain))
            return evolve(spread(value), items=Items(tuple(entries)))
        if isinstance(value, Known) and isinstance(value.value, Decimal):
            half = self.half(declaration, given, path, table)
            if half:
                with localcontext(EXACT):
                    return Possible(Span(value.value - half, value.value + half))
        return value

    def rows(self, name: str) -> list[Value]:
        """The items of a list one by one, as far as they are known; none where only their number is."""
        if not isinstance(unwrapped(self.given.get(name, [])), list | tuple):
            return []
        known = self._as_stated.name(name)
        assert known is not None
        items = spread(known).items
        return [item for item, _ in items.entries] if items is not None else []

    def withheld(self, names: Iterable[str]) -> bool:
        """Whether one of these facts is given as unknown, wholly or in a field of one of its items."""
        return any(_unknown(self.declarations[name], self.given.get(name)) for name in names)

    def holds(self, compiled: Compiled, each: tuple[str, str, int] | None = None) -> bool | None:
        """Whether a condition holds; None where that is not known."""
        value = self._as_stated.value(compiled, each)
        if isinstance(value, Known):
            return value.value is True
        return None if True in value.truths else False

    def measure(self, compiled: Compiled, each: tuple[str, str, int] | None = None) -> Measured | None:
        """A number, as it is and as printed; None where it has no value. ``each``: name, list and number of an item."""
        exact = self._as_stated.number(compiled, each)
        if exact is None:
            return None
        before = self._before_printing.number(compiled, each)
        span = None if before is None else before[1]
        return None if span is None or span == WHOLE_LINE else Measured(exact[0], span.low, span.high)

    def changed(self, derived: str, changed: Mapping[str, Value]) -> Fraction | None:
        """A derived number where some facts are other than they are stated; None where it has no single value."""
        facts = {**self.possible, **changed}
        plain = lambda name: quick_of(facts[name]) if name in facts else NO_NAME  # noqa: E731
        value = _Reading(facts.get, plain, self.derived).name(derived)
        return Fraction(value.value) if isinstance(value, Known) and is_number(value.value) else None

    def reads(self, compiled: Compiled, each: tuple[str, str] | None = None) -> tuple[str, ...]:
        """Facts that an expression reads, directly or through derived values, in the order of their declarations."""
        return facts_read(self.ruleset, compiled, each)

    def sections(self, name: str, item: int | None = None) -> tuple[str, ...]:
        """The sections of the source that a fact cites: see :func:`jmrules.crossfoot.places.sections_of`."""
        found = self._sections.get((name, item))
        if found is None:
            found = self._sections[name, item] = sections_of(self.given.get(name), item)
        return found


def _possible(ruleset: Ruleset, facts: Facts | Mapping[str, Any], values: Sequence[Any] | None) -> Mapping[str, Value]:
    """What each fact may be, taken as it is printed."""
    if values is not None:
        return dict(zip(declarations_of(ruleset), map(Known, values), strict=False))
    with localcontext(EXACT):
        domains = department(ruleset, facts, "assertion").domains
    return dict(zip(declarations_of(ruleset), [domain.possible for domain in domains], strict=True))


@kept
def derived_expressions(ruleset: Ruleset) -> Mapping[str, Compiled]:
    """The derived values that are computed from facts."""
    analysis = analyse(ruleset)
    return {name: analysis.expressions[f"/derived/{name}/value"] for name in analysis.first}


@kept
def declarations_of(ruleset: Ruleset) -> Mapping[str, FactDeclaration]:
    """Declarations of facts by their ids."""
    return {fact.id: fact for fact in ruleset.facts}


@kept
def facts_read(ruleset: Ruleset, compiled: Compiled, each: tuple[str, str] | None) -> tuple[str, ...]:
    """See :meth:`Figures.reads`."""
    derived, found = derived_expressions(ruleset), set[str]()
    waiting = [name[0] for name in compiled.names]
    while waiting:
        name = waiting.pop()
        if each is not None and name == each[0]:
            name = each[1]
        if name not in found:
            found.add(name)
            waiting += [inner[0] for inner in derived[name].names] if name in derived else []
    return tuple(name for name in declarations_of(ruleset) if name in found)


def _unknown(declaration: FactDeclaration, given: Any) -> bool:
    """Whether a fact, or a field of one of its items, is given as unknown, or left out where that means the same."""
    if given is None:
        return declaration.absent == "unknown"
    if is_fact_object(given):
        if "unknown" in given or "length" in given:
            return True
        given = given.get("value")
    return isinstance(given, list | tuple) and any(
        _unknown(part, item.get(part.id)) for item in given if isinstance(item, Mapping) for part in declaration.item
    )


def _rows(given: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    value = unwrapped(given)
    if isinstance(value, _LISTS):
        for index, item in enumerate(value):
            if isinstance(item, dict) or isinstance(item, Mapping):  # noqa: SIM101 - a dict is seen ten times sooner
                yield index, item


def _table(declaration: FactDeclaration, path: Path, index: int, outer: Path | None) -> Path:
    """The table that an item's figures stand in: one whose items have lists of their own is a table for each item."""
    if outer is not None:
        return outer
    return (*path, index) if any(part.type == "list" for part in declaration.item) else path


def _item(members: dict[str, Value]) -> Value:
    known = {name: part.value for name, part in members.items() if isinstance(part, Known)}
    return Known(known) if len(known) == len(members) else Possible(members=members)

"""Values worth trying for a fact: those at which a ruleset's expressions and methods change their minds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.facts import domain_of
from jmrules.feel import CONTEXT, temporal
from jmrules.feel import tree as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.ruleset import FactDeclaration

_DAY = temporal.parse_duration("P1D")
_HUNDREDTH = Decimal("0.01")
_SOME_DAY = temporal.parse_date("2024-01-01")


@frozen
class Constants:
    """The constants that expressions compare with."""

    numbers: tuple[Decimal, ...] = ()
    strings: tuple[str, ...] = ()
    dates: tuple[Any, ...] = ()
    durations: tuple[Any, ...] = field(default=())


def constants_in(trees: Iterable[t.Node], more: Iterable[Decimal] = ()) -> Constants:
    """The constants in some expressions, and ``more`` numbers."""
    numbers = dict.fromkeys(more)
    strings: dict[str, None] = {}
    for tree in trees:
        for node in t.walk(tree):
            if isinstance(node, t.Number):
                numbers[node.value] = None
            elif isinstance(node, t.String):
                strings[node.value] = None
            elif isinstance(node, t.AtLiteral):
                strings[node.text] = None
    dates = [date for text in strings if (date := temporal.parse_date(text)) is not None]
    durations = [length for text in strings if (length := temporal.parse_duration(text)) is not None]
    return Constants(tuple(numbers), tuple(strings), tuple(dates), tuple(durations))


def quantum_of(fact: FactDeclaration) -> Decimal:
    """The smallest step worth taking in a number."""
    return max(_HUNDREDTH, domain_of(fact).step or _HUNDREDTH)


def values_of(fact: FactDeclaration, now: Any, constants: Constants, beside: Iterable[Any] = ()) -> Iterator[Any]:
    """Values other than ``now`` that the fact may have, most telling first; lists are left to the caller.

    ``beside`` are values of the fact's neighbours: what it may be compared with.
    """
    domain = domain_of(fact)
    seen: list[Any] = [now]
    for value in (*([None] if fact.optional else []), *_candidates(fact, now, constants, tuple(beside))):
        if any(type(value) is type(other) and value == other for other in seen):
            continue
        seen.append(value)
        if value is None or domain.passes(value):
            yield value


def _candidates(fact: FactDeclaration, now: Any, constants: Constants, beside: tuple[Any, ...]) -> Iterator[Any]:
    match fact.type:
        case "boolean":
            yield from (True, False)
        case "number":
            yield from (_fitting(fact, value) for value in _numbers(fact, now, constants, beside))
        case "string":
            yield from domain_of(fact).named
            yield from constants.strings
            yield "x"
        case "date":
            yield from _dates(constants, beside)
            yield from domain_of(fact).named


def _fitting(fact: FactDeclaration, value: Decimal) -> Decimal:
    fitting = domain_of(fact).rounded(value)
    whole = fitting.to_integral_value()
    # Without trailing zeros, and not 1E+2.
    return whole if fitting == whole else fitting.normalize()


def _numbers(fact: FactDeclaration, now: Any, constants: Constants, beside: tuple[Any, ...]) -> Iterator[Decimal]:
    step = quantum_of(fact)
    yield from (Decimal(0), Decimal(1))
    for edge in (*constants.numbers, *_edges(fact), *(value for value in beside if isinstance(value, Decimal))):
        yield from (edge, edge + step, edge - step)
    if isinstance(now, Decimal):
        yield from (now + 1, now - 1, now * 2, CONTEXT.divide(now, Decimal(2)), now * 10)
    yield from (Decimal(n) for n in (2, 3, 5, 10, 100, 1000))
    if (near := domain_of(fact).nearest(Decimal(0))) is not None:
        yield near


def _edges(fact: FactDeclaration) -> Iterator[Decimal]:
    for interval in domain_of(fact).ranges or ():
        yield from (edge.at for edge in (interval.low, interval.high) if edge.at is not None)


def _dates(constants: Constants, beside: tuple[Any, ...]) -> Iterator[Any]:
    days = [*constants.dates, *(value for value in beside if isinstance(value, temporal.Date)), _SOME_DAY]
    for day in days:
        yield day
        yield from (temporal.add(day, _DAY), temporal.subtract(day, _DAY))
        for length in constants.durations:
            later = temporal.add(day, length)
            yield from (later, temporal.add(later, _DAY), temporal.subtract(day, length))


def new_item(fact: FactDeclaration, constants: Constants) -> dict[str, Any]:
    """A plain item of a list: every field has the first value that it may have; optional ones are empty."""
    return {part.id: None if part.optional else first_value(part, constants) for part in fact.item}


def first_value(fact: FactDeclaration, constants: Constants) -> Any:
    """Some value that the fact may have."""
    if fact.type == "list":
        return [new_item(fact, constants)] * domain_of(fact).least
    return next(values_of(fact, None, constants), None)

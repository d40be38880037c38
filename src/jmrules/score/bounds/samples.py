"""Values that a fact may have, to try out: its ends, what the rules compare it with, what was claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.feel import CONTEXT, short, temporal
from jmrules.feel import tree as t
from jmrules.feel.possible import spread
from jmrules.methods.shapes import decimal_of
from jmrules.score.bounds.domains import Extent, Fixed, Length, Rows, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.methods.shapes import Shape

#: where a number has no end, how far to go
FAR = (Decimal(1_000_000), Decimal(10) ** 15)
#: fields of items that are tried one item at a time
MOST_FIELDS = 60
#: a step, where the declaration gives none
_FINE = Decimal("1e-9")
_DATES = ("1990-01-01", "2100-12-31")


@frozen(eq=False)
class Hints:
    """What expressions compare values with."""

    numbers: tuple[Decimal, ...] = ()
    strings: tuple[str, ...] = ()
    dates: tuple[Any, ...] = ()
    #: what was found for an extent, which is kept so that its identity stays its own
    found: dict[int, tuple[Extent, list[Any]]] = field(factory=dict)


def hints_of(trees: Iterable[t.Node], shapes: Iterable[Shape]) -> Hints:
    """The constants of expressions and shapes."""
    numbers: dict[Decimal, None] = {}
    strings: dict[str, None] = {}
    dates: dict[Any, None] = {}
    for tree in trees:
        for node in t.walk(tree):
            if isinstance(node, t.Number):
                numbers[node.value] = None
            elif isinstance(node, (t.String, t.AtLiteral)):
                text = node.value if isinstance(node, t.String) else node.text
                date = temporal.parse_date(text)
                if date is None:
                    strings[text] = None
                else:
                    dates[date] = None
    for shape in shapes:
        numbers |= dict.fromkeys(map(decimal_of, shape.turns))
    return Hints(tuple(numbers), tuple(strings), tuple(dates))


def samples(extent: Extent, claimed: Any, hints: Hints) -> list[Any]:
    """Values to try for a fact: the claimed one first, where there is one."""
    if isinstance(extent, Fixed):
        return [extent.value]
    if id(extent) not in hints.found:
        hints.found[id(extent)] = extent, _distinct(_values(extent, hints))
    found = hints.found[id(extent)][1]
    return found if claimed is None else _distinct([claimed, *found])


def _values(extent: Unknown | Rows | Length, hints: Hints) -> list[Any]:
    if isinstance(extent, Unknown):
        return _scalar(extent, hints)
    found: list[Any] = []
    for count in (len(extent.rows),) if isinstance(extent, Rows) else _counts(extent):
        for pick in (0, -1):
            rows = extent.rows if isinstance(extent, Rows) else [extent.each] * count
            made = {id(row): _item(row, pick, hints) for row in rows}
            if None not in made.values():
                found.append([made[id(row)] for row in rows])
    return [*found, None] if extent.null else found


def _distinct(values: list[Any]) -> list[Any]:
    return [value for index, value in enumerate(values) if value not in values[:index]]


def _scalar(extent: Unknown, hints: Hints) -> list[Any]:
    """The least first and the greatest last, as far as there is an order."""
    domain, p = extent.domain, spread(extent.possible)
    kind = domain.declaration.type
    if extent.values is not None:
        return list(extent.values)
    found: list[Any]
    if kind == "number":
        found = sorted(value for value in _numbers(extent, hints) if domain.allows(value))
    elif kind == "date":
        dates = [*hints.dates, *domain.named, *(temporal.parse_date(text) for text in _DATES)]
        found = sorted((date for date in dates if domain.allows(date)), key=temporal.order_key)
    elif kind == "string":
        given = hints.strings if p.texts is None else sorted(p.texts)
        found = [text for text in (*given, "-") if domain.allows(text)]
    else:
        found = sorted(p.truths)
    return [*([None] if p.null else []), *found]


def _numbers(extent: Unknown, hints: Hints) -> set[Decimal]:
    span = spread(extent.possible).span
    if span is None:
        return set()
    step = extent.domain.step or _FINE
    # Of as many digits as a fact can have.
    add, less = CONTEXT.add, CONTEXT.subtract
    low, high = short(span.low), short(span.high)
    found = {low, high, add(low, step), less(high, step)}
    for hint in map(short, hints.numbers):
        found |= {hint, less(hint, step), add(hint, step)}
    found |= {Decimal(0), *FAR, *(-far for far in FAR), *filter(None, map(extent.domain.nearest, (low, high)))}
    return {value for value in found if span.low <= value <= span.high}


def _item(fields: dict[str, Extent], pick: int, hints: Hints) -> dict[str, Any] | None:
    """An item; None where nothing is found that one of its fields may be."""
    found = {name: samples(part, None, hints) for name, part in fields.items()}
    return {name: values[pick] for name, values in found.items()} if all(found.values()) else None


def _counts(extent: Length) -> list[int]:
    wanted = (extent.least, extent.least + 1, extent.least + 2, 4)
    return sorted({count for count in wanted if extent.least <= count <= extent.most and extent.domain.counts(count)})


def moves(extent: Extent, now: Any, claimed: Any, hints: Hints) -> Iterator[Any]:
    """Values near ``now``: any other for a single value; for a list, one field changed, in all items or in one."""
    yield from samples(extent, claimed, hints)
    if not isinstance(now, list) or not isinstance(extent, (Rows, Length)):
        return
    rows = [extent.each] * len(now) if isinstance(extent, Length) else list(extent.rows)
    if len(rows) != len(now):
        return
    names = {name for row in rows for name, part in row.items() if not isinstance(part, Fixed)}
    for name in sorted(names):
        parts = [row[name] for row in rows]
        first = next(part for part in parts if not isinstance(part, Fixed))
        for value in samples(first, None, hints):
            yield [_with(item, name, value, part) for item, part in zip(now, parts, strict=True)]
            if len(rows) * len(names) <= MOST_FIELDS:
                for index, part in enumerate(parts):
                    if not isinstance(part, Fixed):
                        yield [*now[:index], _with(now[index], name, value, part), *now[index + 1 :]]


def _with(item: dict[str, Any], name: str, value: Any, part: Extent) -> dict[str, Any]:
    if isinstance(part, Fixed) or (isinstance(part, Unknown) and not _fits(part, value)):
        return item
    return {**item, name: value}


def _fits(part: Unknown, value: Any) -> bool:
    p = spread(part.possible)
    if value is None:
        return p.null
    if isinstance(value, Decimal) and p.span is not None and not p.span.low <= value <= p.span.high:
        return False
    return part.domain.allows(value)

"""What each fact may be: its value where it is known well enough, else every value that its declaration allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.facts import items_alike
from jmrules.feel.possible import Known, Possible, Value, listed
from jmrules.memo import kept

if TYPE_CHECKING:
    from decimal import Decimal

    from jmrules.facts import Domain


@frozen(eq=False)
class Fixed:
    """A value that is known."""

    value: Any

    @property
    def possible(self) -> Value:
        """It, and nothing else."""
        return Known(self.value)


@frozen(eq=False)
class Unknown:
    """A single value that is not known: a number, a truth, a string, a date."""

    domain: Domain
    possible: Value
    #: every value it may have, where they are few
    values: tuple[Any, ...] | None = None


@frozen(eq=False)
class Rows:
    """A list whose items are known in number, field by field."""

    domain: Domain
    rows: tuple[dict[str, Extent], ...]
    #: whether there may be no list at all
    null: bool = False

    @property
    def possible(self) -> Value:
        """Its items, each by what its fields may be."""
        return Possible(items=listed([members_of(row) for row in self.rows]), null=self.null)


@frozen(eq=False)
class Length:
    """A list of which only the number of items is known, or between which numbers it lies."""

    domain: Domain
    least: int
    most: int
    each: dict[str, Extent]
    null: bool = False

    @property
    def possible(self) -> Value:
        """Items alike, as many as there may be."""
        return Possible(items=items_alike(members_of(self.each), self.least, self.most), null=self.null)


Extent = Fixed | Unknown | Rows | Length


def members_of(row: dict[str, Extent]) -> Value:
    """An item of a list by what its fields may be."""
    if all(isinstance(part, Fixed) for part in row.values()):
        return Known({name: part.value for name, part in row.items() if isinstance(part, Fixed)})
    return Possible(members={name: part.possible for name, part in row.items()})


@kept
def wholly_unknown(domain: Domain) -> Extent:
    """A fact of which nothing is known but its declaration; an optional one may be absent."""
    optional = domain.declaration.optional
    if domain.declaration.type == "list":
        each = {name: wholly_unknown(part) for name, part in domain.fields.items()}
        return Length(domain, domain.least, domain.most, each, optional)
    values = domain.few
    return Unknown(domain, domain.possible, (*values, None) if values is not None and optional else values)


def between(domain: Domain, low: Decimal, high: Decimal) -> Extent | None:
    """A number from ``low`` to ``high`` that its declaration allows; None where there is none."""
    span = domain.span(low, high)
    if span is None:
        return None
    if span.single:
        return Fixed(span.low)
    return Unknown(domain, Possible(span), domain.few_in(span))

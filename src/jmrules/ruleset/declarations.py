"""What many parts of a ruleset need: where a rule comes from, and what a fact may be."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.memo import Keeper


@frozen
class Source:
    """Where a rule comes from: stated by a clause, all of it (points, bounds, method), or reconstructed on a ground."""

    status: Literal["stated", "reconstructed"]
    clause: str | None = None
    ground: Text | None = None
    confidence: Literal["high", "medium", "low"] | None = None
    note: Text | None = None


@frozen
class NamedValue:
    """What readers call one of the strings that a fact may be."""

    value: str
    label: Text


@frozen
class Across:
    """A number that rests on all departments of a batch; for one department it is a fact like any other."""

    #: the fact by which departments are compared
    of: str
    #: rank: 1 + how many are better
    what: Literal["rank", "count", "sum", "least", "greatest"]
    #: of a rank: which number is best
    first: Literal["highest", "lowest"] | None = None


@frozen
class FactDeclaration(Keeper):
    """What a fact, or a field of a list's items, may be."""

    id: str
    type: Literal["number", "boolean", "string", "date", "list"]
    label: Text
    note: Text | None = None
    unit: str | None = None
    #: most decimals a number may have
    decimals: int | None = None
    #: constant FEEL unary tests every value must pass
    tests: str | None = None
    #: what readers call the strings it may be
    values: tuple[NamedValue, ...] = ()
    #: constant FEEL unary tests on a list's number of items
    count: str | None = None
    optional: bool = False
    #: of an optional one: how it is read where it is left out
    omitted: Text | None = None
    #: what it means that it is left out: an error, or null where it is optional; or that it is not known
    absent: Literal["error", "unknown"] = "error"
    #: what changing it by one unit costs, or changing it at all where it is no number; for the search of the least change
    cost: Decimal | None = None
    #: whether it could turn out otherwise by what the department does
    changeable: bool = True
    across: Across | None = None
    #: fields of a list's items
    item: tuple[FactDeclaration, ...] = ()

"""A department as data: what is known about it, and how it is known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen
from cattrs import Converter

from jmrules.brief import brief
from jmrules.documents import tell
from jmrules.frozen import FrozenDict, FrozenList, frozen_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.documents import Document

Basis = Literal["assertion", "document", "figure", "verified"]
#: weakest to strongest
BASES: tuple[Basis, ...] = ("assertion", "document", "figure", "verified")


@frozen
class Evidence:
    """Where a fact can be looked up: a document of the facts file, and a place in it."""

    document: str | None = None
    section: str | None = None
    note: str | None = None


@frozen
class Statement:
    """One place where the source states the figure, as it stands there."""

    value: Decimal | str
    unit: str | None = None
    document: str | None = None
    section: str | None = None
    #: the year that the source names for it
    year: int | None = None
    #: the period it is for, where that is not one year
    period: str | None = None
    note: str | None = None


@frozen
class Fact:
    """A fact as given: its value, or what is known of it, and how it is known."""

    #: Decimal, int, str, bool, None, or a tuple of items (field name -> Fact); None where it is not given
    value: Any = None
    #: neither value nor bounds are known
    unknown: bool = False
    #: least and greatest value it can have
    between: tuple[Decimal, Decimal] | None = None
    #: list with unknown items: least and greatest number of them
    length: tuple[int, int] | None = None
    unit: str | None = None
    basis: Basis = "assertion"
    evidence: tuple[Evidence, ...] = ()
    statements: tuple[Statement, ...] = ()
    note: str | None = None

    @property
    def exact(self) -> bool:
        """A value is given, rather than bounds on it."""
        return not self.unknown and self.between is None and self.length is None


@frozen
class Decision:
    """What a reviewer decided of a fact. It comes from an adjudication alone: no facts document can state one."""

    #: "/outturn", or "/outputs/0/actual": the fact, and the place in it
    at: str
    by: str
    #: ISO date
    date: str
    why: str
    basis: Basis = "verified"


@frozen
class SourceDocument:
    """A document that evidence refers to."""

    id: str
    title: str
    kind: str | None = None
    number: str | None = None
    #: ISO date
    date: str | None = None
    file: str | None = None
    sha256: str | None = None
    note: str | None = None


@frozen
class Subject:
    """Who is evaluated."""

    name: str
    name_en: str | None = None
    code: str | None = None


tell(Subject, "name", "name_en?", "code?")


@frozen
class Claims:
    """What the department says it scored; never an input to the score."""

    total: Decimal | None = None
    grade: str | None = None
    #: indicator id -> points
    indicators: Mapping[str, Decimal] = field(factory=dict, converter=frozen_mapping)
    #: indicator id -> points of its rows (targets, elements, parts) in their order; None where a row claims nothing
    rows: Mapping[str, tuple[Decimal | None, ...]] = field(factory=dict, converter=frozen_mapping)


@frozen
class Facts:
    """A facts document. Equal and hashed by content."""

    #: ruleset id, for which year
    ruleset: str = field(eq=False)
    fiscal_year: int = field(eq=False)
    subject: Subject = field(eq=False)
    #: the facts as given in the document: plain values, or fact objects
    given: Mapping[str, Any] = field(eq=False, repr=False, converter=frozen_mapping)
    claims: Claims = field(eq=False)
    documents: tuple[SourceDocument, ...] = field(eq=False)
    #: canonical text of the document, without ``$schema``
    canonical: str = field(repr=False)
    source: Document = field(eq=False, repr=False)
    #: what reviewers decided of these facts; none where they were loaded from a document
    decisions: tuple[Decision, ...] = field(default=(), repr=False)

    def __getitem__(self, name: str) -> Fact:
        return fact_of(self.given[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.given)

    def __repr__(self) -> str:
        return brief(
            self,
            self.subject.name,
            f"for {self.ruleset}@{self.fiscal_year}",
            f"{len(self.given)} facts",
            f"digest {self.digest[:12]}",
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document, hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    def to_json(self) -> str:
        """The document, as it was given; loading it gives equal facts."""
        return self.source.text


@cache
def converter() -> Converter:
    """Structures the parts of a schema-valid facts document."""
    made = Converter(detailed_validation=False)
    made.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    made.register_structure_hook(Decimal | str, lambda value, _: value if isinstance(value, str) else Decimal(value))
    return made


def is_fact_object(given: Any) -> bool:
    """Whether a given fact says more than its value."""
    return isinstance(given, dict)


def copied(given: Any) -> Any:
    """Given facts, or a part of them, that nobody else holds and nobody can change."""
    if isinstance(given, Mapping):
        return FrozenDict({name: copied(part) for name, part in given.items()})
    return FrozenList([copied(part) for part in given]) if isinstance(given, list | tuple) else given


def fact_of(given: Any) -> Fact:
    """The fact that a document's value or fact object gives; a bare value is an assertion."""
    if not is_fact_object(given):
        return Fact(_value(given))
    structure = converter().structure
    length = given.get("length")
    return Fact(
        value=_value(given.get("value")),
        unknown=given.get("unknown", False),
        between=structure(given["between"], tuple[Decimal, Decimal]) if "between" in given else None,
        length=None if length is None else (length, length) if isinstance(length, int) else (length[0], length[1]),
        unit=given.get("unit"),
        basis=given.get("basis", "assertion"),
        evidence=structure(given.get("evidence", ()), tuple[Evidence, ...]),
        statements=structure(given.get("statements", ()), tuple[Statement, ...]),
        note=given.get("note"),
    )


def _value(given: Any) -> Any:
    if isinstance(given, list | tuple):
        return tuple(FrozenDict({name: fact_of(part) for name, part in item.items()}) for item in given)
    return given

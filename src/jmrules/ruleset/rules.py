"""Signals and rules as data: what is looked at beside the score, and what follows from it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.ruleset.declarations import FactDeclaration, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

Severity = Literal["info", "minor", "serious", "grave"]
#: mildest to gravest
SEVERITIES: tuple[Severity, ...] = ("info", "minor", "serious", "grave")

#: before the name of a signal or finding: in the quarter before
PREVIOUS = "previous."


@frozen
class Each:
    """One at a time: the items of a list, under a name."""

    name: str
    of: str
    #: field that tells the items apart for readers, and from quarter to quarter
    by: str | None = None


@frozen
class Signal:
    """A named condition; with ``each``, one for every item of a list."""

    id: str
    when: str
    label: Text
    each: Each | None = None
    #: whether it holds where the condition is undefined; None: that is an error
    undefined: bool | None = None
    source: Source | None = None
    note: Text | None = None


@frozen
class AtLeast:
    """So many of the signals and findings named, or of the findings of this severity or above."""

    number: int
    of: tuple[str, ...] = ()
    severity: Severity | None = None


@frozen
class When:
    """All of the parts that are given must hold; the names are those of signals and of other rules."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    at_least: AtLeast | None = None

    def names(self) -> Iterator[tuple[str, str]]:
        """Every name with the pointer below the condition at which it stands."""
        for part, names in (("all", self.all), ("any", self.any), ("none", self.none)):
            yield from ((f"{part}/{index}", name) for index, name in enumerate(names))
        if self.at_least is not None:
            yield from ((f"at_least/of/{index}", name) for index, name in enumerate(self.at_least.of))


@frozen
class Cap:
    """The most that the total, or the grade, can be."""

    total: Decimal | None = None
    grade: str | None = None


@frozen
class Escalation:
    """To whom, or to which procedure, the matter goes."""

    to: Text


@frozen
class Rectification:
    """What must be put right, a template, and within how many days."""

    demand: Text
    days: int | None = None


@frozen
class Then:
    """The finding that a rule makes, and what else it does."""

    severity: Severity
    #: template: expressions stand in braces
    message: Text
    cap: Cap | None = None
    #: the total is 0 (一票否决)
    veto: bool = False
    escalation: Escalation | None = None
    rectification: Rectification | None = None

    @property
    def limits(self) -> bool:
        """Whether it can change the total or the grade."""
        return self.cap is not None or self.veto


@frozen
class Rule:
    """What follows when signals and findings come together. Its finding goes by the rule's id."""

    id: str
    label: Text
    when: When
    then: Then
    source: Source
    each: Each | None = None
    note: Text | None = None


@frozen
class Monitoring:
    """The same over the quarters of a year: what is reported, and what follows from it."""

    facts: tuple[FactDeclaration, ...] = field()
    signals: tuple[Signal, ...] = ()
    rules: tuple[Rule, ...] = ()

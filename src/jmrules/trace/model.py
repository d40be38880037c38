"""The score trace: a tree that mirrors the indicators and accounts for every point."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.errors import Text
from jmrules.facts import Basis, Evidence, Given, Subject, weakest
from jmrules.feel import CONTEXT
from jmrules.frozen import frozen_value
from jmrules.methods import Part as Part  # noqa: PLC0414 - told on
from jmrules.ruleset import Clamp, Effect, Grade, Notice, Rounding, Scale, Source
from jmrules.trace.deferred import Deferred
from jmrules.trace.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

#: awarded points that rest on no fact at all count as this strong
NO_FACT: Basis = "verified"
#: how a leaf came by its award
Outcome = Literal["scored", "full", "zero", "excluded", "absent", "undefined"]
LossKind = Literal["method", "undefined", "not-applicable", "rounding"]


@frozen
class Input(Deferred):
    """A value that was read: a fact, a derived value, or an earlier score."""

    name: str
    label: Text
    kind: Literal["fact", "derived", "score"]
    #: FEEL type: number, boolean, string, date, list
    type: str
    #: in JSON's terms; a list's items as objects
    value: Any = field(converter=frozen_value)
    unit: str | None = None
    basis: Basis | None = None
    evidence: tuple[Evidence, ...] = ()
    #: of a derived value: the FEEL text
    expression: str | None = None
    #: of a derived value: its expression with labels for readers; of a string, what it is called
    shown: Text | None = None
    source: Source | None = None


@frozen
class Reading(Deferred):
    """An expression of the method, and what it came to."""

    #: where it stands in the method: value, items/0/when, …
    at: str
    expression: str
    value: Any = field(converter=frozen_value)
    shown: Text


@frozen
class Loss:
    """Points not awarded, and why. A rounding line may be negative."""

    points: Decimal
    reason: Text
    kind: LossKind = "method"
    #: the part that lost them
    part: str | None = None


@frozen
class Move:
    """Points that came from, or went to, another leaf."""

    indicator: str
    label: Text
    #: positive where they came
    points: Decimal


@frozen
class EvidenceCheck:
    """A kind of document that the award must rest on, and what was given."""

    kind: str
    label: Text
    status: Literal["given", "missing", "out of date"]
    #: id of the document given
    document: str | None = None
    dated: str | None = None


@frozen
class LeafTrace(Deferred):
    """A scored indicator."""

    id: str
    label: Text
    #: its points on this sheet
    points: Decimal
    #: its points in the notice
    stated: Decimal
    awarded: Decimal
    #: exact share of the points
    share: Fraction
    outcome: Outcome
    #: weakest basis of the facts read; None where none was read
    basis: Basis | None
    #: the branches taken, by the keys that coverage gives them, joined by +
    branch: str
    #: one sentence: the figures and what they earn
    explanation: Text
    #: of the rule that gave the points: the criterion, or what is said for where it does not apply or has no value
    source: Source
    #: the criterion as the ruleset states it
    method: Mapping[str, Any] = field(converter=frozen_value)
    inputs: tuple[Input, ...] = ()
    readings: tuple[Reading, ...] = ()
    parts: tuple[Part, ...] = ()
    losses: tuple[Loss, ...] = ()
    moves: tuple[Move, ...] = ()
    evidence: tuple[EvidenceCheck, ...] = ()
    #: when it applies, as the ruleset states it
    applies: Mapping[str, Any] | None = field(default=None, converter=frozen_value)
    #: what it earns when undefined, as the ruleset states it
    undefined: Mapping[str, Any] | None = field(default=None, converter=frozen_value)
    #: how its award is rounded where that is not as the others', as the ruleset states it
    rounding: Mapping[str, Any] | None = field(default=None, converter=frozen_value)
    note: Text | None = None
    #: of a line beside the sheet: what is earned is added, or what is lost is taken off
    effect: Effect | None = None
    #: its points as the department set them, where those are not the notice's
    set: Decimal | None = None

    def __repr__(self) -> str:
        return brief(self, self.id, self.label.zh, f"{self.awarded:f} of {self.points:f}", self.outcome, self.basis)

    @property
    def lost_by_part(self) -> Mapping[str, tuple[Loss, ...]]:
        """The losses of each part that lost points, in order: a part made of others loses for several reasons."""
        found: dict[str, tuple[Loss, ...]] = {}
        for loss in self.losses:
            if loss.part is not None:
                found[loss.part] = (*found.get(loss.part, ()), loss)
        return found

    @property
    def counts(self) -> Decimal:
        """What it adds to the total; what it takes off is negative."""
        return self.awarded - self.points if self.effect == "penalty" else self.awarded

    @property
    def rate(self) -> Decimal | None:
        """Awarded per point, to 34 digits; None where it has no points."""
        return CONTEXT.divide(self.awarded, self.points) if self.points else None

    @property
    def rests_on(self) -> Basis:
        """What its award rests on: that facts which it read were not given is no more than the department's word."""
        silent: Basis = "assertion" if any(each.kind == "fact" for each in self.inputs) else NO_FACT
        return self.basis or silent


@frozen
class GroupTrace(Deferred):
    """The sum of its children."""

    id: str
    label: Text
    points: Decimal
    awarded: Decimal
    children: tuple[LeafTrace | GroupTrace, ...]

    def __repr__(self) -> str:
        return brief(
            self, self.id, self.label.zh, f"{self.awarded:f} of {self.points:f}", f"{len(self.children)} children"
        )

    @property
    def rate(self) -> Decimal | None:
        """Awarded per point, to 34 digits; None where it has no points."""
        return CONTEXT.divide(self.awarded, self.points) if self.points else None

    @property
    def losses(self) -> tuple[Loss, ...]:
        """The losses of all leaves below."""
        return tuple(loss for child in self.children for loss in child.losses)

    @property
    def basis(self) -> Basis | None:
        """The weakest basis below."""
        return weakest(child.basis for child in self.children if child.points)


NodeTrace = LeafTrace | GroupTrace


@frozen
class Adjustment:
    """A difference between the sum of the indicators and the total, as a line of its own."""

    #: scale: rounding included; grade: a cap that the grade must obey; it leaves the total
    kind: Literal["bonus", "penalty", "scale", "rounding", "clamp", "cap", "veto", "grade"]
    points: Decimal
    reason: Text
    #: the line beside the sheet
    indicator: str | None = None
    #: the rule that limits
    rule: str | None = None
    #: it is the limit that the total, or the grade, comes from
    decides: bool = False
    #: the most that the total can be
    total: Decimal | None = None
    #: id of the best grade there can be
    grade: str | None = None


@frozen
class RulesetHead:
    """Which ruleset scored."""

    id: str
    fiscal_year: int
    revision: str
    status: str
    digest: str
    title: Text
    notice: Notice


@frozen
class FactsHead:
    """Whose facts were scored; of facts that came as a mapping, the digest alone."""

    digest: str
    subject: Subject | None = None


@frozen
class Trace(Deferred):
    """The whole account."""

    #: version of the engine
    jmrules: str
    ruleset: RulesetHead
    facts: FactsHead
    rounding: Rounding
    grades: tuple[Grade, ...]
    total: Decimal
    grade: Grade
    #: awarded points by the basis that they rest on
    basis: Mapping[str, Decimal] = field(converter=frozen_value)
    adjustments: tuple[Adjustment, ...]
    root: GroupTrace = field()
    #: what the score was made from, whole; replay makes the trace again from it
    given: Given
    #: in the order of the rules
    findings: tuple[Finding, ...] = ()
    #: lines beside the sheet
    beside: tuple[LeafTrace, ...] = ()
    scale: Scale | None = None
    clamp: Clamp | None = None

    def __repr__(self) -> str:
        return brief(
            self,
            f"total {self.total:f}",
            self.grade.id,
            f"{self.ruleset.id}@{self.ruleset.fiscal_year}",
            f"{len(self.leaves)} indicators",
        )

    def walk(self) -> Iterator[tuple[int, NodeTrace]]:
        """Every node with its depth from 0, parents first, without the root."""

        def below(depth: int, node: GroupTrace) -> Iterator[tuple[int, NodeTrace]]:
            for child in node.children:
                yield depth, child
                if isinstance(child, GroupTrace):
                    yield from below(depth + 1, child)

        yield from below(0, self.root)

    @property
    def leaves(self) -> tuple[LeafTrace, ...]:
        """The leaves, in document order."""
        found: list[LeafTrace] = []
        _leaves(self.root.children, found)
        return tuple(found)

    def __getitem__(self, id: str) -> NodeTrace:
        for _, node in self.walk():
            if node.id == id:
                return node
        for line in self.beside:
            if line.id == id:
                return line
        raise KeyError(id)


def _leaves(nodes: tuple[NodeTrace, ...], found: list[LeafTrace]) -> None:
    for node in nodes:
        if isinstance(node, LeafTrace):
            found.append(node)
        else:
            _leaves(node.children, found)

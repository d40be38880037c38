"""A department told to readers, in both languages at once: what pages in HTML and Markdown and the charts are made from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.review import STANDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.findings import Standing
    from jmrules.report.given import Figure
    from jmrules.report.scored import Scored

Interval = tuple[Decimal, Decimal]
SEVERITY_WORDS = {
    "grave": Text("严重", "grave"),
    "serious": Text("较重", "serious"),
    "minor": Text("一般", "minor"),
    "info": Text("提示", "info"),
}


@frozen
class Clause:
    """Where a rule comes from."""

    status: Text
    ground: Text
    stated: bool


@frozen
class Step:
    """A line of an account: what it takes or gives, and why."""

    #: -2, +1.5, or a dot where nothing is lost
    sign: str
    text: Text
    loss: bool = False


@frozen
class Proof:
    """A document that an award must rest on."""

    label: Text
    status: Text
    lacking: bool
    title: str = ""


@frozen
class Detail:
    """How a scored indicator came by its points, or what it still depends on."""

    criterion: Text
    clause: Clause
    #: what it earned and why; None where that depends on what is not known
    explanation: Text | None
    #: labels of the facts that are not known and that it reads
    depends: tuple[Text, ...]
    steps: tuple[Step, ...]
    losses: tuple[Step, ...]
    figures: tuple[Figure, ...]
    proofs: tuple[Proof, ...]
    #: what figures say against each other about the facts that it reads
    doubts: tuple[Text, ...]
    note: Text | None = None


@frozen
class Line:
    """An indicator or a group: what is claimed, what statements make of it, what figures do."""

    id: str
    label: Text
    depth: int
    points: Interval
    claimed: Decimal | None
    own: Interval
    #: with figures alone trusted; None where that was not asked for
    figures: Interval | None
    standing: Standing
    detail: Detail | None = field(default=None, repr=False)
    children: tuple[Line, ...] = ()
    #: of a line beside the sheet: bonus or penalty
    effect: str | None = None

    @property
    def beside(self) -> bool:
        """Whether it stands beside the sheet."""
        return self.effect is not None

    @property
    def loss(self) -> Decimal:
        """Points that it loses whatever is not known."""
        if self.effect is None:
            return self.points[1] - self.own[1]
        return max(-self.own[1], Decimal(0))

    @property
    def open(self) -> bool:
        """Whether what it earns depends on what is not known."""
        return self.own[0] != self.own[1]

    @property
    def word(self) -> Text:
        """How the claim stands."""
        return STANDING_WORDS[self.standing]

    def walk(self) -> Iterator[Line]:
        """It and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@frozen
class Point:
    """A matter: one thing that figures say about each other."""

    status: str
    word: Text
    label: Text
    said: Text
    ask: Text | None


@frozen
class Worth:
    """A fact to fill in next, and by how much that alone narrows the total."""

    label: Text
    least: Decimal
    greatest: Decimal


@frozen
class Followed:
    """A finding."""

    severity: str
    word: Text
    label: Text
    message: Text
    grounds: tuple[Text, ...]


@frozen
class Year:
    """A total of an earlier year, or of this one."""

    year: int
    stage: Text
    low: Decimal
    high: Decimal
    grade: str


@frozen
class Told:
    """A department."""

    scored: Scored = field(repr=False)
    title: Text
    name: Text
    status: Text
    notice: Text
    points: Decimal
    claimed: Decimal | None
    claimed_grade: str
    own: Interval
    grades: Text
    figures: Interval | None
    lines: tuple[Line, ...] = field(repr=False)
    #: between the sum of the indicators and the total
    adjustments: tuple[Step, ...]
    matters: tuple[Point, ...]
    tally: Text
    worth: tuple[Worth, ...]
    findings: tuple[Followed, ...]
    #: facts that claim to rest on more than they show
    overstated: tuple[Text, ...]
    years: tuple[Year, ...]
    documents: tuple[tuple[str, str, str], ...]
    digests: tuple[tuple[Text, str], ...]

    @property
    def every(self) -> tuple[Line, ...]:
        """All lines, parents first."""
        return tuple(each for line in self.lines for each in line.walk())

    @property
    def leaves(self) -> tuple[Line, ...]:
        """The scored indicators."""
        return tuple(each for each in self.every if each.detail is not None)

    @property
    def lost(self) -> tuple[Line, ...]:
        """The indicators that lost points whatever is not known, the greatest loss first."""
        lost = [each for each in self.leaves if each.loss > 0]
        return tuple(sorted(lost, key=lambda each: -each.loss))

    @property
    def lacking(self) -> tuple[tuple[Text, Proof], ...]:
        """Documents that are lacking, each with the indicator that asks for it."""
        return tuple((line.label, proof) for line in self.leaves if line.detail for proof in line.detail.proofs if proof.lacking)  # fmt: skip


STATUS_TEXTS = {
    "official": Text("评分标准见于原文", "criteria as the notice states them"),
    "reconstructed": Text("评分标准为推定，各项依据见指标", "criteria are reconstructed, on grounds given with each"),
    "draft": Text("草案，不可用于正式打分", "a draft, not for official scoring"),
}

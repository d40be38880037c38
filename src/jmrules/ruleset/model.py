"""A ruleset as Python values: immutable, hashable, comparable, safe to share."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.documents import Document, tell
from jmrules.errors import Text
from jmrules.feel import CONTEXT
from jmrules.frozen import FrozenDict, frozen_mapping
from jmrules.memo import Keeper
from jmrules.methods import Fields
from jmrules.rounding import Mode as Mode  # noqa: PLC0414 - told on
from jmrules.rounding import OwnRounding, rounded
from jmrules.ruleset.checks import CrossCheck
from jmrules.ruleset.constraints import Constraint
from jmrules.ruleset.declarations import FactDeclaration as FactDeclaration  # noqa: PLC0414 - told on
from jmrules.ruleset.declarations import Source as Source  # noqa: PLC0414 - told on
from jmrules.ruleset.rules import Monitoring, Rule, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen
class Notice:
    """The notice that the ruleset puts into data."""

    issuer: Text
    number: str | None = None
    title: Text | None = None
    issued: str | None = None


@frozen
class Effective:
    """The days for which the notice is in force, ISO dates; without an end, until another follows."""

    start: str
    until: str | None = None


@frozen
class FiscalYears:
    """The years that a notice in force for years scores; without a last one, until another follows."""

    first: int
    last: int | None = None


@frozen
class Rounding:
    """Decimals of a leaf's award and of the total, and how ties go."""

    leaf: int
    total: int
    mode: Mode = "half up"
    source: Source | None = None


tell(Rounding, "leaf", "total", "mode", "source?")


@frozen
class Grade:
    """A grade and the rounded totals that get it, as constant FEEL unary tests."""

    id: str
    label: Text
    tests: str
    source: Source | None = None


tell(Grade, "id", "label", "in=tests", "source?")


@frozen
class Derived:
    """A named value computed from facts, other derived values and scores."""

    id: str
    value: str
    label: Text
    unit: str | None = None
    #: decimals shown to readers
    decimals: int | None = None
    #: id of an optional fact: the department's own statement of this value, which figures beat
    declared: str | None = None
    source: Source | None = None
    note: Text | None = None


@frozen
class Applies:
    """When a leaf applies, and what happens where it does not."""

    when: str
    otherwise: Literal["full", "zero", "exclude", "absent"]
    reason: Text
    to: tuple[str, ...] = ()
    source: Source | None = None


@frozen
class Undefined:
    """What a leaf earns when its value is undefined."""

    share: Decimal
    reason: Text
    #: that of the leaf if None
    source: Source | None = None


@frozen
class RequiredEvidence:
    """A kind of document (佐证材料) that an award must rest on."""

    kind: str
    label: Text
    #: constant FEEL unary tests on its date
    dated: str | None = None


#: what a line beside the sheet does: 加分项, 倒扣项
Effect = Literal["bonus", "penalty"]


@frozen
class Leaf:
    """An indicator that is scored."""

    id: str
    label: Text
    points: Decimal
    method: Fields
    source: Source
    listed: Source | None = None
    applies: Applies | None = None
    undefined: Undefined | None = None
    rounding: OwnRounding | None = None
    evidence: tuple[RequiredEvidence, ...] = ()
    note: Text | None = None
    #: of a line beside the sheet: what is earned of its points is added, or what is lost is taken off
    effect: Effect | None = None
    #: fact by which a department says its points; without it, those stated
    set_by: str | None = None

    @property
    def varies(self) -> bool:
        """Whether it is there for some kinds of department alone."""
        return self.applies is not None and self.applies.otherwise == "absent"


@frozen
class Group:
    """An indicator that is the sum of its children."""

    id: str
    label: Text
    children: tuple[Leaf | Group, ...]
    #: as stated in the document; the checks hold it equal to the children's sum
    stated_points: Decimal | None = None
    #: the notice has it as one indicator, and it is the ruleset that scores it in parts
    one_indicator: bool = False
    #: for which kinds of department it is there; its leaves have the same condition
    applies: Applies | None = None
    listed: Source | None = None
    note: Text | None = None
    #: fact by which a department says its points, which its leaves share in proportion to theirs
    set_by: str | None = None

    @property
    def varies(self) -> bool:
        """Whether what is below it depends on the kind of department."""
        return any(child.varies for child in self.children)

    @property
    def points(self) -> Decimal:
        """Sum of the children's points; where those depend on the kind of department, what is stated of each kind, if anything is."""
        if self.stated_points is not None and self.varies:
            return self.stated_points
        return reduce(CONTEXT.add, (child.points for child in self.children), Decimal(0))


Node = Leaf | Group


@frozen
class Scale:
    """What a sheet without losses comes to, whatever is not there."""

    to: Decimal
    source: Source | None = None


@frozen
class Clamp:
    """Between which the total with its adjustments is held."""

    least: Decimal | None = None
    most: Decimal | None = None
    source: Source | None = None


tell(Clamp, "from?=least", "to?=most", "source?")


@frozen
class Absent:
    """A family of indicators that comparable notices have and this one does not."""

    id: str
    label: Text
    note: Text | None = None


@frozen
class Ruleset(Keeper):
    """One kind of evaluation in one fiscal year. Equal and hashed by content, by the year scored, and by the order of what it declares."""

    id: str = field(eq=False)
    #: the year scored: expressions that read it have it written out
    fiscal_year: int
    revision: str = field(eq=False)
    status: Literal["official", "reconstructed", "draft"] = field(eq=False)
    title: Text = field(eq=False)
    notice: Notice = field(eq=False)
    rounding: Rounding = field(eq=False)
    grades: tuple[Grade, ...] = field(eq=False)
    facts: tuple[FactDeclaration, ...] = field(eq=False)
    indicators: tuple[Node, ...] = field(eq=False)
    derived: tuple[Derived, ...] = field(eq=False, default=())
    #: points of the whole sheet as stated in the document; each kind of department's add up to them
    stated_points: Decimal | None = field(eq=False, default=None)
    scale: Scale | None = field(eq=False, default=None)
    #: lines beside the sheet
    adjustments: tuple[Leaf, ...] = field(eq=False, default=())
    clamp: Clamp | None = field(eq=False, default=None)
    listed: Source | None = field(eq=False, default=None)
    absent: tuple[Absent, ...] = field(eq=False, default=())
    signals: tuple[Signal, ...] = field(eq=False, default=())
    rules: tuple[Rule, ...] = field(eq=False, default=())
    monitoring: Monitoring | None = field(eq=False, default=None)
    #: relations between facts, without which there is no score, or a question
    constraints: tuple[Constraint, ...] = field(eq=False, default=())
    #: identities between figures, which review recomputes
    checks: tuple[CrossCheck, ...] = field(eq=False, default=())
    #: how reports word the facts, by fact, as the document says it
    reading: Mapping[str, Any] = field(eq=False, factory=FrozenDict, repr=False, converter=frozen_mapping)
    #: if not the fiscal year
    effective: Effective | None = field(eq=False, default=None)
    #: of a notice in force for years: all of them
    fiscal_years: FiscalYears | None = field(eq=False, default=None)
    #: SHA-256 of the canonical document, hexadecimal
    digest: str = ""
    #: names of facts and derived values as they are declared: no part of the digest, yet a plan numbers values by it
    order: str = field(init=False, repr=False)
    #: points that a department set, by indicator: those of ``indicators``
    own_points: tuple[tuple[str, Decimal], ...] = ()
    #: the notice as it states its points, where a department set others
    as_stated: Ruleset | None = field(eq=False, repr=False, default=None)
    #: the document it was loaded from; of an overlay, what it resolves to, with the places its values come from
    source: Document = field(eq=False, repr=False, kw_only=True)

    @order.default
    def _order(self) -> str:
        return " ".join([*(fact.id for fact in self.facts), *(derived.id for derived in self.derived)])

    def __repr__(self) -> str:
        return brief(
            self,
            self.reference,
            self.revision,
            self.status,
            self.title.zh,
            f"{len(self.facts)} facts",
            f"digest {self.digest[:12]}",
        )

    @property
    def reference(self) -> str:
        """``id@year``, by which it can be loaded."""
        return f"{self.id}@{self.fiscal_year}"

    @property
    def first_year(self) -> int:
        """The year by which its file and the folder of its cases are called."""
        return self.fiscal_year if self.fiscal_years is None else self.fiscal_years.first

    def scores(self, year: int) -> bool:
        """Whether the notice is meant for ``year``."""
        years = self.fiscal_years
        if years is None:
            return year == self.fiscal_year
        return years.first <= year and (years.last is None or year <= years.last)

    @property
    def least(self) -> Decimal:
        """No total is less: 0, where nothing can be taken off the sheet."""
        if self.clamp is not None and self.clamp.least is not None:
            return self.clamp.least
        return self._as_total(
            reduce(CONTEXT.subtract, (each.points for each in self.adjustments if each.effect == "penalty"), Decimal(0))
        )

    @property
    def most(self) -> Decimal:
        """No total is more: the points, where nothing can be added to the sheet."""
        if self.clamp is not None and self.clamp.most is not None:
            return self.clamp.most
        return self._as_total(
            reduce(CONTEXT.add, (each.points for each in self.adjustments if each.effect == "bonus"), self.points)
        )

    def _as_total(self, points: Decimal) -> Decimal:
        """Points as the total is rounded, where that is coarser: 5.5 points taken off may come to 6."""
        digits = self.rounding.total
        if points == points.to_integral_value() and digits >= 0:
            return points
        top, bottom = points.as_integer_ratio()
        whole = rounded(self.rounding.mode, top * 10 ** max(digits, 0), bottom * 10 ** max(-digits, 0))
        return Decimal(whole).scaleb(-digits)

    @property
    def points(self) -> Decimal:
        """Points of the whole sheet; where it is scaled, what it is scaled to."""
        if self.scale is not None:
            return self.scale.to
        if self.stated_points is not None:
            return self.stated_points
        return reduce(CONTEXT.add, (node.points for node in self.indicators), Decimal(0))

    def to_json(self) -> str:
        """The document, as it was given, an overlay as what it resolves to; loading it for the same year gives an equal ruleset."""
        return self.source.text


def walk(nodes: tuple[Node, ...]) -> Iterator[tuple[str, Node]]:
    """Every node with its JSON pointer, parents before children, in document order."""

    def under(base: str, children: tuple[Node, ...]) -> Iterator[tuple[str, Node]]:
        for index, node in enumerate(children):
            pointer = f"{base}/{index}"
            yield pointer, node
            if isinstance(node, Group):
                yield from under(f"{pointer}/children", node.children)

    yield from under("/indicators", nodes)


def indicators(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The indicators as the notice counts them, in document order: leaves, and groups that it has as one indicator."""
    found: list[Node] = []
    for node in nodes:
        found += [node] if isinstance(node, Leaf) or node.one_indicator else indicators(node.children)
    return tuple(found)


def everything(ruleset: Ruleset) -> Iterator[tuple[str, Node]]:
    """Every node of the sheet, then the lines beside it, each with its JSON pointer."""
    yield from walk(ruleset.indicators)
    for index, line in enumerate(ruleset.adjustments):
        yield f"/adjustments/{index}", line


def leaves(nodes: tuple[Node, ...]) -> tuple[Leaf, ...]:
    """The leaves, in document order."""
    return tuple(node for _, node in walk(nodes) if isinstance(node, Leaf))

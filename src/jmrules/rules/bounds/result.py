"""The scores that are still possible, as a tree that mirrors the indicators."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.documents import pretty
from jmrules.facts.model import Facts
from jmrules.rules.bounds.worth import Worth, worth_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.errors import Text
    from jmrules.facts.model import Basis
    from jmrules.rules.bounds.prepare import Prepared
    from jmrules.ruleset.model import Grade, Ruleset


@frozen
class NodeBounds:
    """What an indicator, or the whole sheet, may score."""

    id: str
    label: Text
    #: its points on the sheet, at least and at most: exclusions that are open move points
    points: tuple[Decimal, Decimal]
    #: least and greatest award, each rounded as awards are
    low: Decimal
    high: Decimal
    #: facts are known that reach both ends
    tight: bool
    #: why it is not known to be tight
    reason: Text | None = None
    #: why it may be undefined while the ruleset does not say what it then earns: in that case there is no score at all
    undefined: Text | None = None
    children: tuple[NodeBounds, ...] = ()

    @property
    def width(self) -> Decimal:
        """How many points are open."""
        return self.high - self.low

    def walk(self, depth: int = 0) -> Iterator[tuple[int, NodeBounds]]:
        """Every node below with its depth, parents first."""
        for child in self.children:
            yield depth, child
            yield from child.walk(depth + 1)


@frozen
class Bounds:
    """The scores that are possible for facts of which some are not known, or not trusted.

    Every score that some completion of the facts has lies within: no end is ever too narrow. Where ``tight``, it is known
    that both ends are reached. ``low``, ``high`` and ``grades`` are those of the total as rules cap it.
    """

    trust: Basis
    low: Decimal
    high: Decimal
    tight: bool
    #: why it is not known to be tight
    reason: Text | None
    #: the grades that are possible, in the order of the ruleset
    grades: tuple[Grade, ...]
    #: the whole sheet: its ends are sums of awards, before the total is rounded and rules limit it
    root: NodeBounds
    #: ids of the facts that are not known, or not well enough
    unknown: tuple[str, ...]
    ruleset: Ruleset = field(repr=False)
    _prepared: Prepared = field(repr=False)

    def __repr__(self) -> str:
        return brief(
            self,
            f"[{self.low:f}..{self.high:f}]",
            f"trust {self.trust}",
            f"tight {self.tight}",
            f"{len(self.unknown)} unknown",
            self.ruleset.reference,
        )

    @property
    def width(self) -> Decimal:
        """How many points of the total are open."""
        return self.high - self.low

    @cached_property
    def worth(self) -> tuple[Worth, ...]:
        """What each unknown fact is worth, the greatest first. Computed at the first look."""
        return worth_of(self._prepared)

    @property
    def leaves(self) -> tuple[NodeBounds, ...]:
        """The leaves, in document order."""
        return tuple(node for _, node in self.root.walk() if not node.children)

    def __getitem__(self, id: str) -> NodeBounds:
        for _, node in self.root.walk():
            if node.id == id:
                return node
        raise KeyError(id)

    def to_json(self) -> str:
        """The trace document (schemas/trace.schema.json): its total is null, and ``bounds`` holds the interval."""
        return bounds_json(self, self._prepared.facts)


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh} if text.en is None else {"zh": text.zh, "en": text.en}


def _node(node: NodeBounds) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": node.id,
        "label": _text(node.label),
        "points": list(node.points),
        "low": node.low,
        "high": node.high,
        "tight": node.tight,
    }
    if node.reason is not None:
        found["reason"] = _text(node.reason)
    if node.undefined is not None:
        found["undefined"] = _text(node.undefined)
    if node.children:
        found["children"] = [_node(child) for child in node.children]
    return found


def _worth(worth: Worth) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fact": worth.fact,
        "label": _text(worth.label),
        "least": worth.least,
        "greatest": worth.greatest,
        "exhaustive": worth.exhaustive,
    }
    if worth.claimed is not None:
        found["claimed"] = worth.claimed
    if worth.indicators:
        found["indicators"] = {
            id: {"least": each.least, "greatest": each.greatest} for id, each in worth.indicators.items()
        }
    return found


def _grade(grade: Grade) -> dict[str, Any]:
    return {"id": grade.id, "label": _text(grade.label), "in": grade.tests}


def bounds_document(bounds: Bounds, facts: object) -> dict[str, Any]:
    """The document in JSON's terms."""
    ruleset = bounds.ruleset
    inner: dict[str, Any] = {
        "trust": bounds.trust,
        "low": bounds.low,
        "high": bounds.high,
        "tight": bounds.tight,
        **({} if bounds.reason is None else {"reason": _text(bounds.reason)}),
        "grades": [grade.id for grade in bounds.grades],
        "indicators": [_node(child) for child in bounds.root.children],
        "unknown": [_worth(each) for each in bounds.worth],
    }
    head: dict[str, Any] = {}
    if isinstance(facts, Facts):
        subject = {"name": facts.subject.name, "name_en": facts.subject.name_en, "code": facts.subject.code}
        head = {"digest": facts.digest, "subject": {key: value for key, value in subject.items() if value is not None}}
    return {
        "jmrules": version("jmrules"),
        "total": None,
        "grade": None,
        "points": ruleset.points,
        "bounds": inner,
        "ruleset": {
            "id": ruleset.id,
            "fiscal_year": ruleset.fiscal_year,
            "revision": ruleset.revision,
            "status": ruleset.status,
            "digest": ruleset.digest,
            "title": _text(ruleset.title),
            "notice": ruleset.source.value["notice"],
        },
        "facts": head,
        "rounding": {
            "leaf": ruleset.rounding.leaf,
            "total": ruleset.rounding.total,
            "mode": ruleset.rounding.mode,
        },
        "grades": [_grade(grade) for grade in ruleset.grades],
    }


def bounds_json(bounds: Bounds, facts: object) -> str:
    """The text of the document."""
    return pretty(bounds_document(bounds, facts)) + "\n"

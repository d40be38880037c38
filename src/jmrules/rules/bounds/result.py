"""The scores that are still possible, as a tree that mirrors the indicators."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.documents import in_json, portable, pretty, tell
from jmrules.facts import Facts, given_of
from jmrules.feel import EXACT
from jmrules.frozen import thawed
from jmrules.rules.bounds.firing import Firing, firing
from jmrules.rules.bounds.limits import grades_of, world_of_rules
from jmrules.rules.bounds.worth import Narrowing, Worth, worth_of
from jmrules.rules.limits import run
from jmrules.rules.plan import rule_plan
from jmrules.ruleset import Grade, Ruleset
from jmrules.ruleset.rule_texts import bodies
from jmrules.score import total_and_grade
from jmrules.score.bounds import ROOT, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.errors import Text
    from jmrules.facts import Basis
    from jmrules.feel.possible import Value
    from jmrules.rules.bounds.prepare import Prepared
    from jmrules.score.exact import Scored


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

    def __repr__(self) -> str:
        return brief(self, self.id, f"[{self.low:f}..{self.high:f}]", f"tight {self.tight}")

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
    #: the lines that stand beside the sheet
    beside: tuple[NodeBounds, ...]
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

    @cached_property
    def example(self) -> Scored | None:
        """The score of some completion of the facts; None where none was found. Computed at the first look.

        An indicator that reads no unknown fact is in it what it is in every other.
        """
        with localcontext(EXACT):
            values = self._prepared.completion
            return None if values is None else run(self._prepared.engine.plan, values, self._prepared.facts)

    @property
    def leaves(self) -> tuple[NodeBounds, ...]:
        """The leaves, in document order."""
        return tuple(node for _, node in self.root.walk() if not node.children)

    @property
    def reads(self) -> dict[str, tuple[str, ...]]:
        """By leaf, the facts that are not known and that it reads; a leaf that reads none has its points whatever they are."""
        prepared = self._prepared
        leaves = zip(prepared.engine.plan.leaves, prepared.engine.leaf_reads, strict=True)
        return {leaf.leaf.id: tuple(name for name in prepared.unknown if name in reads) for leaf, reads in leaves}

    @property
    def completion(self) -> list[Any] | None:
        """Values of all facts, in the order of their declarations, that have a score; None where none was found."""
        found = self._prepared.search.witness.get((ROOT, True))
        return None if found is None else thawed(self._prepared.values(found))

    def firing(self, beside: Mapping[str, Value]) -> Firing:
        """Which signals of the ruleset hold and which of its rules fire, whatever the unknown facts are, and which may.

        ``beside`` is what signals read that is no part of the score, by name.
        """
        prepared = self._prepared
        plan, total = prepared.engine.plan, prepared.sheet.total
        with localcontext(EXACT):
            ends = total_and_grade(plan, total.low)[0], total_and_grade(plan, total.high)[0]
            world = world_of_rules(prepared.engine, prepared.facts, prepared.sheet, ends, grades_of(plan, total))
            body = bodies(plan.ruleset)[0]
            rules = rule_plan(body)
            signals = [signal for signal in body.signals if signal.id in rules.given]
            return firing(body, rules, signals, World(world.engine, {**world.given, **beside}, world.scores))

    def __getitem__(self, id: str) -> NodeBounds:
        for _, node in self.root.walk():
            if node.id == id:
                return node
        raise KeyError(id)

    def to_json(self) -> str:
        """The trace document (schemas/trace.schema.json): its total is null, and ``bounds`` holds the interval."""
        return bounds_json(self, self._prepared.facts)


tell(NodeBounds, "id", "label", "points", "low", "high", "tight", "reason?", "undefined?", "children?")
tell(Narrowing, "least", "greatest")
tell(Worth, "fact", "label", "least", "greatest", "exhaustive", "claimed?", "indicators?")
tell(
    Bounds,
    "trust",
    "low",
    "high",
    "tight",
    "reason?",
    ("grades", lambda bounds: tuple(grade.id for grade in bounds.grades)),
    "indicators=root.children",
    "unknown=worth",
)
tell(Facts, "digest", "subject")


def ruleset_head(ruleset: Ruleset) -> dict[str, Any]:
    """What a document says of the ruleset that it was made by."""
    names = ("id", "fiscal_year", "revision", "status", "digest", "title")
    return {**{name: getattr(ruleset, name) for name in names}, "notice": ruleset.source.value["notice"]}


def bounds_document(bounds: Bounds, facts: Facts | Mapping[str, Any]) -> dict[str, Any]:
    """The document in JSON's terms: its total is null, and ``bounds`` holds the interval."""
    ruleset, given = bounds.ruleset, given_of(bounds.ruleset, facts)
    found = in_json(
        {
            "jmrules": version("jmrules"),
            "total": None,
            "grade": None,
            "points": ruleset.points,
            "bounds": bounds,
            "ruleset": ruleset_head(ruleset),
            "facts": facts if isinstance(facts, Facts) else {"digest": given.facts_digest},
            "rounding": ruleset.rounding,
            "grades": ruleset.grades,
        }
    )
    return {**portable(found, ()), "given": in_json(given)}


def bounds_json(bounds: Bounds, facts: Facts | Mapping[str, Any]) -> str:
    """The text of the document."""
    return pretty(bounds_document(bounds, facts)) + "\n"

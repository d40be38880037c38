"""Claims against what the facts earn: per indicator and in total, and what is wrong with each."""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import version
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

import jmrules.review.document  # noqa: F401  it tells how matters are written
from jmrules.crossfoot.claims import grade_named
from jmrules.crossfoot.crossfoot import cross_foot
from jmrules.crossfoot.results import Matter
from jmrules.documents import pretty
from jmrules.documents.unstructure import in_json, tell
from jmrules.errors import FactsError, Text
from jmrules.evaluation import evaluate
from jmrules.facts.model import Basis
from jmrules.rules.bounds.evaluate import bounds
from jmrules.ruleset.reads import reading_facts
from jmrules.trace.model import LeafTrace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.facts.model import Facts
    from jmrules.rules.bounds.result import Bounds, NodeBounds
    from jmrules.ruleset.model import Grade, Ruleset
    from jmrules.trace.model import NodeTrace, Trace

#: gravest first: more is claimed than the facts earn; the facts it was read from contradict other figures; its points rest
#: on assertion alone; none of these; nothing is claimed
Standing = Literal["over-claimed", "contradicted", "unsupported", "consistent", "not-claimed"]
STANDINGS: tuple[Standing, ...] = ("over-claimed", "contradicted", "unsupported", "consistent", "not-claimed")
_NONE = Decimal(0)


@frozen
class Claimed:
    """An indicator, or the whole sheet: what is claimed, what the facts earn, what figures alone support."""

    id: str
    label: Text
    depth: int
    points: Decimal
    claimed: Decimal | None
    #: least and greatest that the facts as given earn: one number where all are known
    earned: tuple[Decimal, Decimal]
    #: least and greatest with only figures trusted; None where that was not asked for
    supported: tuple[Decimal, Decimal] | None
    #: everything that applies, the gravest first
    standings: tuple[Standing, ...]
    #: weakest basis of the facts read; None where none was, or where not all are known
    basis: Basis | None = None
    #: ids of the matters that cast doubt on the facts it was read from
    contradicted_by: tuple[str, ...] = ()
    #: it is scored itself, rather than the sum of others
    leaf: bool = True

    @property
    def standing(self) -> Standing:
        """The gravest."""
        return self.standings[0]

    @property
    def over(self) -> Decimal:
        """By how much the claim exceeds the most that the facts earn."""
        return _NONE if self.claimed is None else max(self.claimed - self.earned[1], _NONE)


@frozen
class Review:
    """One department's claims, held against its facts."""

    ruleset: Ruleset = field(repr=False)
    facts: Facts = field(repr=False)
    total: Claimed
    #: every node, parents first
    indicators: tuple[Claimed, ...]
    matters: tuple[Matter, ...]
    #: claimed: None where none is, or none of the ruleset's; the grades that the facts may get, and figures alone
    grade_claimed: Grade | None
    grades: tuple[Grade, ...]
    grades_supported: tuple[Grade, ...] | None

    @property
    def contradictions(self) -> tuple[Matter, ...]:
        """The matters whose figures contradict each other."""
        return tuple(matter for matter in self.matters if matter.status == "contradicts")

    @property
    def leaves(self) -> tuple[Claimed, ...]:
        """The indicators that are scored themselves."""
        return tuple(node for node in self.indicators if node.leaf)

    @property
    def claims(self) -> tuple[Claimed, ...]:
        """The indicators for which something is claimed, and below which nothing is: no point is claimed twice."""
        found: list[Claimed] = []
        for index, node in enumerate(self.indicators):
            below = takewhile(lambda other: other.depth > node.depth, self.indicators[index + 1 :])  # noqa: B023
            if node.claimed is not None and all(other.claimed is None for other in below):
                found.append(node)
        return tuple(found)

    @property
    def over_claimed(self) -> Decimal:
        """Points claimed beyond what the facts earn: in total, or indicator by indicator, whichever is more."""
        return max(self.total.over, sum((node.over for node in self.claims), _NONE))

    def points(self, standing: Standing) -> Decimal:
        """Points that indicators of this standing claim, within what they earn."""
        return sum(
            (min(node.claimed, node.earned[1]) for node in self.claims if standing in node.standings and node.claimed),
            _NONE,
        )

    def to_json(self) -> str:
        """The review document (schemas/review.schema.json)."""
        return review_json(self)


def review(ruleset: Ruleset, facts: Facts, *, supported: bool = True) -> Review:
    """Hold a department's claims against its facts, and its figures against each other.

    Facts that are not known exactly are no error: what they earn is then an interval.

    Args:
        supported: also work out what figures alone support, which takes most of the time.

    Raises:
        FactsError: the facts do not fit the ruleset.
        EvaluationError: they have no score.
    """
    matters = cross_foot(ruleset, facts)
    figures = bounds(ruleset, facts, "figure") if supported else None
    trace, possible = _earned(ruleset, facts)
    touched: dict[str, list[str]] = {}
    for matter in matters:
        for name in matter.doubted:
            touched.setdefault(name, []).append(matter.id)
    if trace is not None:
        nodes = [_of_trace(depth, node, facts, figures, touched) for depth, node in trace.walk()]
        earned, grades = (trace.total, trace.total), tuple(g for g in ruleset.grades if g.id == trace.grade.id)
    else:
        assert possible is not None
        reads = reading_facts(ruleset)
        nodes = [_of_bounds(depth, node, facts, figures, touched, reads) for depth, node in possible.root.walk()]
        earned, grades = (possible.low, possible.high), possible.grades
    claimed = facts.claims.total
    touching = {id for node in nodes for id in node.contradicted_by}
    wrong = list(
        dict.fromkeys(matter.id for matter in matters if matter.status == "contradicts" or matter.id in touching)
    )
    any_basis = trace.root.basis if trace is not None else None
    total = Claimed(
        "total",
        ruleset.title,
        0,
        ruleset.points,
        claimed,
        earned,
        None if figures is None else (figures.low, figures.high),
        _standings(claimed, earned, any_basis, wrong),
        any_basis,
        tuple(wrong),
        leaf=False,
    )
    named = grade_named(ruleset, facts.claims.grade) if facts.claims.grade else None
    return Review(
        ruleset, facts, total, tuple(nodes), matters, named, grades, None if figures is None else figures.grades
    )


def _earned(ruleset: Ruleset, facts: Facts) -> tuple[Trace | None, Bounds | None]:
    try:
        return evaluate(ruleset, facts).trace, None
    except FactsError as error:
        if any(problem.code != "unknown-value" for problem in error.problems):
            raise
    return None, bounds(ruleset, facts, "assertion")


def _standings(
    claimed: Decimal | None, earned: tuple[Decimal, Decimal], basis: Basis | None, contradicting: list[str]
) -> tuple[Standing, ...]:
    if claimed is None:
        return ("not-claimed",)
    found: list[Standing] = []
    if claimed > earned[1]:
        found.append("over-claimed")
    if contradicting:
        found.append("contradicted")
    if claimed > 0 and (basis == "assertion" or (basis is None and earned[0] < claimed <= earned[1])):
        found.append("unsupported")
    return tuple(found) or ("consistent",)


def _supported(id: str, figures: Bounds | None) -> tuple[Decimal, Decimal] | None:
    return None if figures is None else (figures[id].low, figures[id].high)


def _of_trace(
    depth: int, node: NodeTrace, facts: Facts, figures: Bounds | None, touched: Mapping[str, list[str]]
) -> Claimed:
    claimed, earned = facts.claims.indicators.get(node.id), (node.awarded, node.awarded)
    names = dict.fromkeys(name for leaf in _leaves(node) for name in _facts_read(leaf))
    wrong = list(dict.fromkeys(id for name in names for id in touched.get(name, ())))
    basis = node.basis if node.points else None
    return Claimed(
        node.id,
        node.label,
        depth,
        node.points,
        claimed,
        earned,
        _supported(node.id, figures),
        _standings(claimed, earned, basis, wrong),
        basis,
        tuple(wrong),
        leaf=isinstance(node, LeafTrace),
    )


def _leaves(node: NodeTrace) -> Iterator[LeafTrace]:
    if isinstance(node, LeafTrace):
        yield node
    else:
        for child in node.children:
            yield from _leaves(child)


def _facts_read(leaf: LeafTrace) -> Iterator[str]:
    yield from (each.name for each in leaf.inputs if each.kind == "fact")


def _of_bounds(
    depth: int,
    node: NodeBounds,
    facts: Facts,
    figures: Bounds | None,
    touched: Mapping[str, list[str]],
    reads: Mapping[str, tuple[str, ...]],
) -> Claimed:
    claimed, earned = facts.claims.indicators.get(node.id), (node.low, node.high)
    wrong = list(dict.fromkeys(id for name in reads.get(node.id, ()) for id in touched.get(name, ())))
    return Claimed(
        node.id,
        node.label,
        depth,
        node.points[1],
        claimed,
        earned,
        _supported(node.id, figures),
        _standings(claimed, earned, None, wrong),
        None,
        tuple(wrong),
        leaf=not node.children,
    )


def _interval(pair: tuple[Decimal, Decimal] | None) -> dict[str, Decimal] | None:
    return None if pair is None else {"low": pair[0], "high": pair[1]}


def _ids(grades: tuple[Grade, ...] | None) -> tuple[str, ...] | None:
    return None if grades is None else tuple(grade.id for grade in grades)


def _which(review: Review) -> dict[str, Any]:
    return {name: getattr(review.ruleset, name) for name in ("id", "fiscal_year", "revision", "digest")}


tell(
    Claimed,
    "id",
    "label",
    "points",
    "claimed",
    ("earned", lambda node: _interval(node.earned)),
    ("supported", lambda node: _interval(node.supported)),
    "standing",
    "standings",
    "basis",
    "contradicted_by",
)
tell(
    Review,
    ("jmrules", lambda _: version("jmrules")),
    ("ruleset", _which),
    ("facts", lambda review: {"digest": review.facts.digest, "subject": review.facts.subject.name}),
    "total",
    "grade_claimed=facts.claims.grade",
    ("grades", lambda review: _ids(review.grades)),
    ("grades_supported", lambda review: _ids(review.grades_supported)),
    "over_claimed",
    ("contradicted_points", lambda review: review.points("contradicted")),
    ("unsupported_points", lambda review: review.points("unsupported")),
    "indicators",
    "matters",
)


def review_json(review: Review) -> str:
    """The text of a review document."""
    return pretty(in_json(review)) + "\n"

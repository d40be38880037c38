"""Claims against what the facts earn: per indicator and in total, and what is wrong with each."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

import jmrules.review.document  # noqa: F401  it tells how matters are written
from jmrules.brief import brief
from jmrules.crossfoot import Matter, cross_foot, grade_named
from jmrules.documents import in_json, pretty, tell
from jmrules.errors import FactsError
from jmrules.evaluation import evaluate
from jmrules.facts import Overstated, only_unknown, overstated, ruleset_for_facts
from jmrules.findings import Doubts, Interval, Judged, of_bounds, of_score
from jmrules.review.rows import row_matters
from jmrules.rules.bounds import bounds

if TYPE_CHECKING:
    from decimal import Decimal

    from jmrules.facts import Facts
    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import Grade, Ruleset


@frozen
class Review:
    """One department's claims, held against its facts."""

    ruleset: Ruleset = field(repr=False)
    facts: Facts = field(repr=False)
    doubts: Doubts
    matters: tuple[Matter, ...]
    #: facts that claim to rest on more than they show
    overstated: tuple[Overstated, ...]
    #: claimed: None where none is, or none of the ruleset's; the grades that the facts may get
    grade_claimed: Grade | None
    grades: tuple[Grade, ...]
    #: what figures alone support; None where that was not asked for
    figures: Bounds | None = field(repr=False)

    def __repr__(self) -> str:
        return brief(self, self.facts.subject.name, self.ruleset.reference, f"{len(self.matters)} matters", self.doubts)

    @property
    def contradictions(self) -> tuple[Matter, ...]:
        """The matters whose figures contradict each other."""
        return tuple(matter for matter in self.matters if matter.status == "contradicts")

    @property
    def over_claimed(self) -> Decimal:
        """Points claimed beyond the most that the facts earn."""
        return self.doubts.over_claimed

    @property
    def under_claimed(self) -> Decimal:
        """Points by which the claims fall short of the least that the facts earn."""
        return self.doubts.under_claimed

    @property
    def on_assertion(self) -> Decimal:
        """Points that rest on assertion alone, or are not known."""
        return self.doubts.on_assertion

    @property
    def in_doubt(self) -> Decimal:
        """Points on doubtful figures."""
        return self.doubts.in_doubt

    @property
    def total(self) -> Judged:
        """The whole sheet."""
        return self.doubts.total

    @property
    def indicators(self) -> tuple[Judged, ...]:
        """Every node, parents first."""
        return self.doubts.nodes

    def supported(self, node: Judged) -> Interval | None:
        """Least and greatest of a node with only figures trusted; None where that was not asked for."""
        if self.figures is None:
            return None
        found = self.figures if node is self.total else self.figures[node.id]
        return found.low, found.high

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
    ruleset = ruleset_for_facts(ruleset, facts)
    matters = cross_foot(ruleset, facts)
    figures = bounds(ruleset, facts, "figure") if supported else None
    named = grade_named(ruleset, facts.claims.grade) if facts.claims.grade else None
    counted, grades, rows = _counted(ruleset, facts, matters)
    return Review(ruleset, facts, counted, matters + rows, overstated(ruleset, facts), named, grades, figures)


def _counted(
    ruleset: Ruleset, facts: Facts, matters: tuple[Matter, ...]
) -> tuple[Doubts, tuple[Grade, ...], tuple[Matter, ...]]:
    """What is doubtful, the grades that the facts may get, and where all is known, the claims of single rows."""
    try:
        score = evaluate(ruleset, facts)
    except FactsError as error:
        if not only_unknown(error.problems):
            raise
    else:
        counted = of_score(ruleset, facts, score.trace.leaves, score.total, matters)
        return counted, (score.grade,), tuple(row_matters(score.trace, facts.claims))
    possible = bounds(ruleset, facts, "assertion")
    return of_bounds(possible, facts, matters), possible.grades, ()


def _interval(pair: Interval | None) -> dict[str, Decimal] | None:
    return None if pair is None else {"low": pair[0], "high": pair[1]}


def _ids(grades: tuple[Grade, ...]) -> tuple[str, ...]:
    return tuple(grade.id for grade in grades)


def _which(review: Review) -> dict[str, Any]:
    return {name: getattr(review.ruleset, name) for name in ("id", "fiscal_year", "revision", "digest")}


def _node(review: Review, node: Judged) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(node, name) for name in ("id", "label", "points", "claimed")}
    if node.compared != node.claimed:
        found["claimed_as_moved"] = node.compared
    return found | {
        "earned": _interval(node.earned),
        "supported": _interval(review.supported(node)),
        "standing": node.standing,
        "standings": node.standings,
        "basis": node.basis,
        "on_assertion": node.on_assertion,
        "in_doubt": node.in_doubt,
        "contradicted_by": node.contradicted_by,
    }


tell(Overstated, "fact", ("field?", lambda each: each.field or None), "label", "claims", "counts")
tell(
    Review,
    ("jmrules", lambda _: version("jmrules")),
    ("ruleset", _which),
    ("facts", lambda review: {"digest": review.facts.digest, "subject": review.facts.subject.name}),
    ("total", lambda review: _node(review, review.total)),
    "grade_claimed=facts.claims.grade",
    ("grades", lambda review: _ids(review.grades)),
    ("grades_supported", lambda review: None if review.figures is None else _ids(review.figures.grades)),
    "over_claimed",
    "under_claimed",
    "on_assertion",
    "in_doubt",
    "overstated",
    ("indicators", lambda review: tuple(_node(review, node) for node in review.indicators)),
    "matters",
)


def review_json(review: Review) -> str:
    """The text of a review document."""
    return pretty(in_json(review)) + "\n"

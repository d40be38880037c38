"""What a score sheet is made of: a department's facts, what they earn, and what is doubtful about its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.errors import FactsError
from jmrules.evaluation import Evaluation, evaluate
from jmrules.facts import only_unknown, ruleset_for_facts
from jmrules.review import EvidenceReport, Review, evidence_report, review
from jmrules.rules.bounds import bounds

if TYPE_CHECKING:
    from decimal import Decimal

    from jmrules.facts import Facts
    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import Ruleset


@frozen
class Scored:
    """One department."""

    ruleset: Ruleset = field(repr=False)
    facts: Facts = field(repr=False)
    review: Review
    evidence: EvidenceReport = field(repr=False)
    #: None where facts are not known: then ``possible`` holds what the score may be
    evaluation: Evaluation | None
    possible: Bounds | None

    @property
    def total(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest total."""
        if self.evaluation is not None:
            return self.evaluation.total, self.evaluation.total
        assert self.possible is not None
        return self.possible.low, self.possible.high

    def earned(self) -> dict[str, tuple[Decimal, Decimal]]:
        """By leaf, the least and the greatest award."""
        if self.evaluation is not None:
            return {leaf.id: (leaf.awarded, leaf.awarded) for leaf in self.evaluation.trace.leaves}
        assert self.possible is not None
        return {node.id: (node.low, node.high) for node in self.possible.leaves}

    def points(self) -> dict[str, tuple[Decimal, Decimal]]:
        """By leaf, its points on this sheet, at least and at most."""
        if self.evaluation is not None:
            return {leaf.id: (leaf.points, leaf.points) for leaf in self.evaluation.trace.leaves}
        assert self.possible is not None
        return {node.id: node.points for node in self.possible.leaves}


def scored(ruleset: Ruleset, facts: Facts) -> Scored:
    """Score a department, or find out what its score may be, and hold its claims against that.

    Raises:
        FactsError: the facts do not fit the ruleset.
        EvaluationError: they have no score.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    evaluation, possible = None, None
    try:
        evaluation = evaluate(ruleset, facts)
    except FactsError as error:
        if not only_unknown(error.problems):
            raise
        possible = bounds(ruleset, facts, "assertion")
    return Scored(
        ruleset, facts, review(ruleset, facts, supported=False), evidence_report(ruleset, facts), evaluation, possible
    )

"""What a score sheet is made of: a department's facts, what they earn, and what is doubtful about its claims."""

from __future__ import annotations

from decimal import localcontext
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.errors import FactsError
from jmrules.evaluation import Evaluation, evaluate, run
from jmrules.facts import only_unknown, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.plan import plan_of
from jmrules.review import EvidenceReport, Review, evidence_report, review
from jmrules.rules.bounds import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jmrules.facts import Facts
    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import FactDeclaration, Ruleset
    from jmrules.trace import LeafTrace


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

    def open_facts(self, id: str) -> tuple[FactDeclaration, ...]:
        """What a leaf reads that is not known, or not wholly."""
        if self.possible is None:
            return ()
        names = self.possible.reads[id]
        return tuple(fact for fact in self.ruleset.facts if fact.id in names)

    @cached_property
    def traced(self) -> Mapping[str, LeafTrace]:
        """By id, the account of each leaf whose facts are known; a leaf that reads what is unknown has none."""
        if self.evaluation is not None:
            trace = self.evaluation.trace
            return {leaf.id: leaf for leaf in (*trace.leaves, *trace.beside)}
        assert self.possible is not None
        values = self.possible.completion
        if values is None:
            return {}
        with localcontext(EXACT):
            trace = run(plan_of(self.ruleset), values, self.facts).trace
            # what is told of a leaf that reads nothing unknown is so in every completion
            reads = self.possible.reads
            return {leaf.id: leaf for leaf in trace.leaves if not reads[leaf.id]}


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

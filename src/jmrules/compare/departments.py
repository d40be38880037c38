"""One department under two rulesets."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve, frozen

from jmrules.compare.attribution import Attribution, attributions
from jmrules.compare.fit import fit
from jmrules.documents import Document
from jmrules.errors import JmrulesError
from jmrules.evaluation import evaluate
from jmrules.facts import Claims, Facts, told_at_once
from jmrules.feel import CONTEXT
from jmrules.score import most_taken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.compare.fit import Path
    from jmrules.errors import Problem
    from jmrules.evaluation import Evaluation
    from jmrules.ruleset import Ruleset

#: which of the two rulesets
Side = Literal["before", "after"]


@frozen
class Outcome:
    """A total and its grade."""

    total: Decimal
    grade: str


@frozen
class Department:
    """One department under both rulesets."""

    name: str
    #: the facts file, or the table
    file: str | None
    before: Outcome | None = None
    after: Outcome | None = None
    attributions: tuple[Attribution, ...] = ()
    #: change of the total that comes from rounding it, not from any indicator
    total_rounding: Decimal = Decimal(0)
    #: change of the total that comes from caps and vetoes
    limits: Decimal = Decimal(0)
    #: facts that the new ruleset needs and that were not given
    needed: tuple[Path, ...] = ()
    #: why it could not be scored
    problems: tuple[Problem, ...] = ()
    #: of a table: as its file counts them
    row: int | None = None

    @property
    def scored(self) -> bool:
        """Whether there is a score under both."""
        return self.before is not None and self.after is not None

    @property
    def failed(self) -> Side | None:
        """The ruleset by which there is no score; after a failure of the old one the new one is not tried."""
        return "before" if self.before is None else "after" if self.after is None else None

    @property
    def change(self) -> Decimal:
        """New total less old total; needs both."""
        assert self.before is not None and self.after is not None
        with localcontext(CONTEXT):
            return self.after.total - self.before.total

    @property
    def regraded(self) -> bool:
        """Whether its grade is another; needs both."""
        assert self.before is not None and self.after is not None
        return self.before.grade != self.after.grade


def compared(
    department: Department,
    rulesets: tuple[Ruleset, Ruleset],
    given: tuple[Facts | Mapping[str, Any], Mapping[str, Any]],
    assumed: Mapping[str, Any] | None = None,
) -> Department:
    """``department``, of which only the name is known, scored under both rulesets.

    Args:
        rulesets: before, after.
        given: its facts for each; those for the new one still in the units of the old.
        assumed: values, in the units of the new ruleset, for facts that it does not give.
    """
    before, after = rulesets
    with localcontext(CONTEXT):
        try:
            old = evaluate(before, given[0])
        except JmrulesError as error:
            return evolve(department, problems=told_at_once(error.problems, before))
        scored = evolve(department, before=_outcome(old))
        fitted = fit(given[1], before.facts, after.facts, assumed)
        if fitted.needed:
            return evolve(scored, needed=fitted.needed)
        facts = fitted.facts
        try:
            new = evaluate(after, _for(after, given[0], facts) if isinstance(given[0], Facts) else facts)
        except JmrulesError as error:
            return evolve(scored, problems=told_at_once(error.problems, after))
        roots = tuple(sum(each.outcome.awards) - most_taken(each.plan) for each in (old, new))
        exact = [Decimal(root).scaleb(-each.rounding.leaf) for root, each in zip(roots, rulesets, strict=True)]
        return evolve(
            scored,
            after=_outcome(new),
            attributions=tuple(attributions(old, new)),
            total_rounding=(new.total_before_limits - exact[1]) - (old.total_before_limits - exact[0]),
            limits=(new.total - new.total_before_limits) - (old.total - old.total_before_limits),
        )


def _for(ruleset: Ruleset, given: Facts, facts: Mapping[str, Any]) -> Facts:
    """The department's facts as if they were given for ``ruleset``: problems still have their places in its file."""
    source = Document({**given.source.value, "facts": facts}, given.source.text, given.source.file)
    return evolve(
        given, ruleset=ruleset.id, fiscal_year=ruleset.fiscal_year, given=facts, claims=Claims(), source=source
    )


def _outcome(evaluation: Evaluation) -> Outcome:
    return Outcome(evaluation.total, evaluation.grade.id)

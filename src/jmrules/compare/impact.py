"""What a new ruleset would do to departments scored under the old one, every point of the change accounted for.

A leaf's award is share x points on the sheet, rounded. Points on the sheet are those stated and those moved in or out. The change of a
product is split evenly (Shapley's split): what the new criterion does at the mean of old and new points, what new points do at the mean
of old and new shares. Exact fractions, so that the parts add up to the change without remainder.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.backends.exact.evaluate import evaluate
from jmrules.compare.fit import fit, newly_needed
from jmrules.documents import Document
from jmrules.errors import JmrulesError, Problem, Text
from jmrules.facts.model import Claims
from jmrules.feel import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.backends.exact.result import Evaluation
    from jmrules.compare.fit import Path
    from jmrules.facts.model import Facts
    from jmrules.ruleset.model import Ruleset

#: where a change of points comes from
CAUSES = ("criterion", "points", "moved", "added", "removed", "rounding")


@frozen
class Attribution:
    """What one indicator contributes to the change of a total; the parts add up to ``change``."""

    id: str
    label: Text
    change: Decimal
    #: another share of the points is earned: the criterion, or what it reads, differs
    criterion: Fraction = Fraction(0)
    #: the notice gives the indicator other points
    points: Fraction = Fraction(0)
    #: other points came from, or went to, indicators that do not apply
    moved: Fraction = Fraction(0)
    #: the indicator is new
    added: Fraction = Fraction(0)
    #: the indicator is no longer there
    removed: Fraction = Fraction(0)
    rounding: Fraction = Fraction(0)

    @property
    def parts(self) -> dict[str, Fraction]:
        """The parts that are not nothing, by cause."""
        return {cause: part for cause in CAUSES if (part := getattr(self, cause))}


@frozen
class Department:
    """One department under both rulesets."""

    name: str
    #: the facts file
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

    @property
    def scored(self) -> bool:
        """Whether there is a score under both."""
        return self.before is not None and self.after is not None

    @property
    def change(self) -> Decimal:
        """New total less old total; needs both."""
        assert self.before is not None and self.after is not None
        with localcontext(CONTEXT):
            return self.after.total - self.before.total


@frozen
class Outcome:
    """A total and its grade."""

    total: Decimal
    grade: str


@frozen
class Impact:
    """What a new ruleset would do to a number of departments."""

    before: Ruleset = field(repr=False)
    after: Ruleset = field(repr=False)
    departments: tuple[Department, ...]
    #: facts that the new ruleset requires and the old one does not, and those it no longer looks at, whoever was looked at
    newly_needed: tuple[Path, ...]
    no_longer_used: tuple[str, ...]

    @property
    def scored(self) -> tuple[Department, ...]:
        """The departments with a score under both."""
        return tuple(department for department in self.departments if department.scored)

    def distribution(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many of the departments scored under both have each grade, before and after."""
        counts = tuple({grade.id: 0 for grade in ruleset.grades} for ruleset in (self.before, self.after))
        for department in self.scored:
            for count, outcome in zip(counts, (department.before, department.after), strict=True):
                assert outcome is not None
                count[outcome.grade] += 1
        return counts[0], counts[1]

    def by_indicator(self) -> tuple[Attribution, ...]:
        """What each indicator contributes over all departments scored under both, largest first."""
        sums: dict[str, Attribution] = {}
        with localcontext(CONTEXT):
            for one in (one for department in self.scored for one in department.attributions):
                sums[one.id] = _sum(sums[one.id], one) if one.id in sums else one
        return tuple(sorted(sums.values(), key=lambda one: -sum(abs(part) for part in one.parts.values())))


def _sum(one: Attribution, other: Attribution) -> Attribution:
    parts = {cause: getattr(one, cause) + getattr(other, cause) for cause in CAUSES}
    return Attribution(one.id, one.label, one.change + other.change, **parts)


def impact(before: Ruleset, after: Ruleset, facts: Iterable[Facts], assumed: Mapping[str, Any] | None = None) -> Impact:
    """Score each department under both rulesets and account for the difference.

    Facts are those given for ``before``. What ``after`` does not declare is left out, a figure without a unit is taken in the
    unit that ``before`` declares, and a department without a fact that ``after`` needs is not scored but told of. A department that
    cannot be scored has its problems with it; nothing is raised for it.

    Args:
        before: the ruleset that the facts are for.
        after: the ruleset to try.
        facts: the departments.
        assumed: values, in the units of ``after``, for facts that a department does not give.
    """
    with localcontext(CONTEXT):
        departments = tuple(_department(before, after, given, assumed) for given in facts)
    return Impact(
        before,
        after,
        departments,
        tuple(newly_needed(before.facts, after.facts)),
        tuple(fact.id for fact in before.facts if fact.id not in {other.id for other in after.facts}),
    )


def _department(before: Ruleset, after: Ruleset, given: Facts, assumed: Mapping[str, Any] | None) -> Department:
    name, file = given.subject.name, given.source.file
    try:
        old = evaluate(before, given)
    except JmrulesError as error:
        return Department(name, file, problems=error.problems)
    scored = _outcome(old)
    fitted = fit(given.given, before.facts, after.facts, assumed)
    if fitted.needed:
        return Department(name, file, scored, needed=fitted.needed)
    try:
        new = evaluate(after, _for(after, given, fitted.facts))
    except JmrulesError as error:
        return Department(name, file, scored, problems=error.problems)
    roots = tuple(sum((leaf.awarded for leaf in _leaves(each).values()), Decimal(0)) for each in (old, new))
    return Department(
        name,
        file,
        scored,
        _outcome(new),
        tuple(_attributions(old, new)),
        total_rounding=(new.total_before_limits - roots[1]) - (old.total_before_limits - roots[0]),
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


@frozen
class _Scored:
    """A leaf on one sheet."""

    label: Text
    stated: Fraction
    on_sheet: Fraction
    share: Fraction
    awarded: Decimal
    excluded: bool


def _leaves(evaluation: Evaluation) -> dict[str, _Scored]:
    plan, outcome = evaluation.plan, evaluation.outcome
    digits = plan.ruleset.rounding.leaf
    quantum = Fraction(1, 10**digits)
    found = {}
    for planned in plan.leaves:
        index, leaf = planned.index, planned.leaf
        applies = leaf.applies
        found[leaf.id] = _Scored(
            leaf.label,
            planned.quanta * quantum,
            outcome.allocation.quanta[index] * quantum,
            Fraction(*outcome.shares[index]),
            Decimal(outcome.awards[index]).scaleb(-digits),
            outcome.applies[index] is False and applies is not None and applies.otherwise == "exclude",
        )
    return found


def _attributions(old: Evaluation, new: Evaluation) -> Iterable[Attribution]:
    before, after = _leaves(old), _leaves(new)
    for id in dict.fromkeys((*before, *after)):
        one, other = before.get(id), after.get(id)
        if one is None:
            assert other is not None
            made = Attribution(id, other.label, other.awarded, added=Fraction(other.awarded))
        elif other is None:
            made = Attribution(id, one.label, -one.awarded, removed=-Fraction(one.awarded))
        else:
            made = _attribution(id, one, other)
        if made.parts:
            yield made


def _attribution(id: str, one: _Scored, other: _Scored) -> Attribution:
    # A leaf that is off the sheet earns no share of anything: what it would earn says nothing about its criterion.
    shares = (other.share if one.excluded else one.share, one.share if other.excluded else other.share)
    mean_share = (shares[0] + shares[1]) / 2
    mean_points = (one.on_sheet + other.on_sheet) / 2
    moved = (other.on_sheet - other.stated) - (one.on_sheet - one.stated)
    rounded = [Fraction(each.awarded) - share * each.on_sheet for each, share in zip((one, other), shares, strict=True)]
    return Attribution(
        id,
        other.label,
        other.awarded - one.awarded,
        criterion=(shares[1] - shares[0]) * mean_points,
        points=mean_share * (other.stated - one.stated),
        moved=mean_share * moved,
        rounding=rounded[1] - rounded[0],
    )

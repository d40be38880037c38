"""What a new ruleset would do to departments scored under the old one, every point of the change accounted for."""

from __future__ import annotations

from decimal import localcontext
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.compare.attribution import CAUSES, Attribution
from jmrules.compare.departments import Department, Outcome, compared
from jmrules.compare.fit import newly_needed
from jmrules.compare.totals import Candidate, Tally, Totals, shortlist
from jmrules.feel import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from jmrules.compare.fit import Path
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

#: departments named, unless asked otherwise
NAMED = 20


@frozen
class Impact:
    """What a new ruleset would do to a number of departments."""

    before: Ruleset = field(repr=False)
    after: Ruleset = field(repr=False)
    #: all of them, in their order; those of a table are made when they are looked at, exactly, one by one
    departments: Collection[Department] = field(repr=False)
    #: those who change grade, gain and lose most
    named: tuple[Department, ...]
    totals: Totals

    def __repr__(self) -> str:
        return brief(self, f"{self.before.reference} to {self.after.reference}", f"{len(self.departments)} departments")

    @property
    def newly_needed(self) -> tuple[Path, ...]:
        """Facts that the new ruleset requires and the old one does not, whoever was looked at."""
        return tuple(newly_needed(self.before.facts, self.after.facts))

    @property
    def no_longer_used(self) -> tuple[str, ...]:
        """Facts of the old ruleset that the new one no longer looks at."""
        known = {fact.id for fact in self.after.facts}
        return tuple(fact.id for fact in self.before.facts if fact.id not in known)

    @property
    def scored(self) -> tuple[Department, ...]:
        """The departments with a score under both."""
        return tuple(department for department in self.departments if department.scored)

    def distribution(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """How many of the departments scored under both have each grade, before and after."""
        return self.totals.distribution

    def by_indicator(self) -> tuple[Attribution, ...]:
        """What each indicator contributes over all departments scored under both, largest first."""
        return self.totals.indicators


def impact(
    before: Ruleset,
    after: Ruleset,
    facts: Iterable[Facts],
    assumed: Mapping[str, Any] | None = None,
    *,
    named: int = NAMED,
) -> Impact:
    """Score each department under both rulesets and account for the difference.

    Facts are those given for ``before``. What ``after`` does not declare is left out, a figure without a unit is taken in the
    unit that ``before`` declares, and a department without a fact that ``after`` needs is not scored but told of. A department that
    cannot be scored has its problems with it; nothing is raised for it.

    Args:
        before: the ruleset that the facts are for.
        after: the ruleset to try.
        facts: the departments.
        assumed: values, in the units of ``after``, for facts that a department does not give.
        named: how many departments to name.
    """
    tally = Tally(before, after)
    departments = []
    with localcontext(CONTEXT):
        for given in facts:
            unknown = Department(given.subject.name, given.source.file)
            department = compared(unknown, (before, after), (given, given.given), assumed)
            departments.append(department)
            tally.add(department)
    candidates = (
        Candidate(each.change, each.regraded, position, each)
        for position, each in enumerate(departments)
        if each.scored
    )
    chosen = tuple(each.entry for each in shortlist(candidates, named))
    return Impact(before, after, tuple(departments), chosen, tally.totals())


__all__ = ["CAUSES", "NAMED", "Attribution", "Department", "Impact", "Outcome", "impact"]

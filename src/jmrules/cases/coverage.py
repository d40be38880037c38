"""How many of a ruleset's branches its cases take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from jmrules.cases.branches import Branch, branches_of
from jmrules.cases.hits import hits
from jmrules.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.evaluation import Evaluation
    from jmrules.plan import Plan


@frozen
class Coverage:
    """The branches of a ruleset, by what the cases make of them."""

    covered: tuple[Branch, ...]
    uncovered: tuple[Branch, ...]
    #: no facts can take these, for the reason that each gives
    unreachable: tuple[Branch, ...]
    #: id of a covered branch -> names of the cases that take it
    taken_by: Mapping[str, tuple[str, ...]]

    @property
    def total(self) -> int:
        """Branches that facts can take."""
        return len(self.covered) + len(self.uncovered)

    def reaches(self, percent: int) -> bool:
        """Whether at least so many percent of the branches are covered."""
        return len(self.covered) * 100 >= percent * self.total


def coverage_of(
    plan: Plan, evaluations: Iterable[tuple[str, Evaluation]], declared: Mapping[str, Text] | None = None
) -> Coverage:
    """The coverage by named evaluations.

    ``declared`` holds the branches that an author says cannot be taken, with reasons. A branch that a case takes is covered,
    whatever is said of it.
    """
    taken: dict[str, list[str]] = {}
    for name, evaluation in evaluations:
        for id in hits(evaluation):
            taken.setdefault(id, []).append(name)
    covered, uncovered, unreachable = list[Branch](), list[Branch](), list[Branch]()
    for branch in branches_of(plan):
        reason = branch.unreachable or (declared or {}).get(branch.id)
        if branch.id in taken:
            covered.append(branch)
        elif reason is not None:
            unreachable.append(evolve(branch, unreachable=reason))
        else:
            uncovered.append(branch)
    ordered = {branch.id: tuple(sorted(taken[branch.id])) for branch in covered}
    return Coverage(tuple(covered), tuple(uncovered), tuple(unreachable), ordered)

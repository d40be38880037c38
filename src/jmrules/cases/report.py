"""Everything that testing a ruleset finds out, in one value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.cases.cases import Case, folder_of, load_cases
from jmrules.cases.constraints import broken_by
from jmrules.cases.coverage import Coverage, coverage_of
from jmrules.cases.exceptions import Exceptions, load_exceptions
from jmrules.cases.reach import Suggestion, suggestions
from jmrules.cases.run import Result, run_case
from jmrules.plan import plan_of
from jmrules.ruleset import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.cases.mutation import Mutation
    from jmrules.ruleset import Constraint, Ruleset


@frozen(eq=False)
class Report:
    """A ruleset, its cases, and how well they test it."""

    ruleset: Ruleset
    file: Path
    results: tuple[Result, ...]
    coverage: Coverage
    #: id of an uncovered branch -> facts that would take it, where some were found
    suggestions: Mapping[str, Suggestion] = field(factory=dict)
    #: None where the ruleset was not mutated
    mutation: Mutation | None = None
    exceptions: Exceptions = field(factory=Exceptions)
    #: constraints that every case keeps
    unbroken: tuple[Constraint, ...] = ()

    @property
    def stale(self) -> tuple[str, ...]:
        """Exceptions that the cases prove wrong: branches said to be unreachable, mutants said to change nothing."""
        taken = [id for id in self.exceptions.unreachable if id in self.coverage.taken_by]
        if self.mutation is None:
            return tuple(taken)
        true = {mutant.id for mutant, _ in self.mutation.equivalent}
        return (*taken, *(id for id in self.exceptions.equivalent if id not in true))

    @property
    def failed(self) -> tuple[Result, ...]:
        """The cases that did not come out as expected."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The cases whose expected scores were written from what came out, and that nobody has signed."""
        return tuple(result.case.name for result in self.results if result.case.expected.unsigned)

    def holds(self, min_coverage: int, min_killed: int) -> bool:
        """Whether every case came out as expected, no exception is stale, and so many percent of branches and of mutants were
        caught."""
        return (
            not self.failed
            and not self.stale
            and self.coverage.reaches(min_coverage)
            and (self.mutation is None or self.mutation.reaches(min_killed))
        )


def report_on(file: Path, *, mutate: bool = False) -> Report:
    """Run the cases beside a ruleset, see which branches they take, and, if asked, which mutants they notice.

    Mutants are only made where every case passes: a case that fails anyway notices nothing.

    Raises:
        JmrulesError: the ruleset or its cases cannot be read, or there is no case.
    """
    ruleset = load_ruleset(file)
    cases = load_cases(folder_of(file), ruleset)
    exceptions = load_exceptions(file, ruleset)
    return examine(ruleset, file, cases, exceptions, mutate=mutate)


def examine(
    ruleset: Ruleset, file: Path, cases: tuple[Case, ...], exceptions: Exceptions, *, mutate: bool = False
) -> Report:
    """The report of a loaded ruleset and its cases; see :func:`report_on`."""
    results = tuple(run_case(ruleset, case) for case in cases)
    evaluations = [(result.case.name, result.evaluation) for result in results if result.evaluation]
    plan = plan_of(ruleset)
    coverage = coverage_of(plan, evaluations, exceptions.unreachable)
    mutation = None
    if mutate and all(result.passed for result in results):
        from jmrules.cases.mutation import mutation_of

        mutation = mutation_of(ruleset, cases, exceptions.equivalent)
    found = suggestions(plan, evaluations, coverage.uncovered)
    unbroken = tuple(each for each in ruleset.constraints if each.id not in broken_by(ruleset, cases))
    return Report(ruleset, file, results, coverage, found, mutation, exceptions, unbroken)

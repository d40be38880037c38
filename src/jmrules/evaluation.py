"""One department, whole: bind its facts, score them, limit the score; what the score says is made when it is read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.crossfoot import cross_foot
from jmrules.errors import EvaluationError, LimitError, Problem, Text
from jmrules.facts import Facts, bind_bare, copied, ruleset_for_facts
from jmrules.feel import DividedByZero, exactly
from jmrules.findings import findings_of, of_score
from jmrules.plan import plan_of
from jmrules.rules import limited
from jmrules.rules import run as run_limited
from jmrules.score.exact import Scored
from jmrules.trace import build_trace, trace_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.findings import Doubts
    from jmrules.plan import Plan
    from jmrules.ruleset import Ruleset
    from jmrules.trace import Finding, Form, Trace


@frozen(eq=False)
class Evaluation(Scored):
    """The score of one department, as its rules limit it."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What follows from the score by the ruleset's rules, in their order.

        Raises:
            EvaluationError: a signal cannot be decided and does not say what then holds, or a message reads what is undefined.
        """
        return self.trace.findings

    @cached_property
    def trace(self) -> Trace:
        """The score trace: a tree that accounts for every point. What it says is made when it is read, its findings too."""
        return build_trace(self, findings_of)

    @cached_property
    def doubts(self) -> Doubts:
        """What is doubtful about the score and the claims on it: the same numbers wherever they are read."""
        ruleset = self.plan.ruleset
        return of_score(ruleset, self.facts, self.trace.leaves, self.total, cross_foot(ruleset, self.facts))

    def to_json(self, form: Form | None = None) -> str:
        """The trace document (schemas/trace.schema.json): whole, in one language, or compact."""
        return trace_json(self.trace, form)


@exactly
def evaluate(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> Evaluation:
    """Score one department.

    Args:
        ruleset: a loaded ruleset; one that scores several years scores the facts for theirs.
        facts: a loaded facts document, or a mapping from fact name to plain value (or to a fact object as in a facts
            document); a float in it means its shortest decimal.

    Raises:
        FactsError: the facts do not fit the ruleset; every problem.
        EvaluationError: indicators whose value is undefined and whose ruleset does not say what they then earn; all of them.
        LimitError: an expression that takes more work than is allowed; it is never taken for an undefined value.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    values, bare = bind_bare(ruleset, facts)
    # What the caller does with a mapping later must not show.
    given = None if bare else facts if isinstance(facts, Facts) else copied(facts)
    try:
        return run(plan_of(ruleset), values, given)
    except LimitError:
        raise
    except EvaluationError as error:
        raise EvaluationError([_at_fact(problem, facts) for problem in error.problems]) from None


def _at_fact(problem: Problem, facts: Facts | Mapping[str, Any]) -> Problem:
    """A problem of a fact that is 0 where one divides by it, at the fact; any other names the file of the facts."""
    if not isinstance(facts, Facts) or facts.source.file is None:
        return problem
    if isinstance(problem, DividedByZero) and problem.divisor in facts.given:
        return problem.at(facts.source.place(f"/facts/{problem.divisor}"))
    message, file = problem.message, facts.source.file
    return evolve(problem, message=Text(f"{file}：{message.zh}", f"{file}: {message.say('en')}"))


def run(plan: Plan, values: list[Any], given: Facts | Mapping[str, Any] | None) -> Evaluation:
    """Evaluate bound fact values, in a thread where arithmetic is exact; raises EvaluationError as :func:`evaluate`.

    ``given``: the facts, with how each is known; None where all came as bare values.
    """
    return _evaluation(run_limited(plan, values, given))


def limit(scored: Scored) -> Evaluation:
    """A score that no rule has limited yet as the rules limit it, in a thread where arithmetic is exact; raises as :func:`run`."""
    return _evaluation(limited(scored) if scored.plan.limiting else scored)


def _evaluation(found: Scored) -> Evaluation:
    return Evaluation(found.total, found.grade, found.plan, found.given, found.outcome, found.limits)

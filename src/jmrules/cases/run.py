"""Run cases: what was expected, what came out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from jmrules.errors import JmrulesError, Text
from jmrules.evaluation import evaluate
from jmrules.rules.bounds import bounds
from jmrules.ruleset import everything

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jmrules.cases.cases import Case
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Basis
    from jmrules.plan import PlannedLeaf
    from jmrules.ruleset import Ruleset
    from jmrules.trace import LeafTrace


@frozen
class Difference:
    """One expectation that was not met."""

    kind: Literal["awarded", "total", "grade", "outcome", "losses", "errors", "bounds"]
    label: Text
    expected: str
    got: str
    #: id of the indicator; None where it is the whole sheet's
    indicator: str | None = None
    #: how what came out came about
    explanation: Text | None = None


@frozen(eq=False)
class Result:
    """A case that was run."""

    case: Case
    differences: tuple[Difference, ...]
    #: None where the facts could not be scored
    evaluation: Evaluation | None

    @property
    def passed(self) -> bool:
        """Everything came out as expected."""
        return not self.differences


def run_case(ruleset: Ruleset, case: Case) -> Result:
    """Score the facts of a case and compare."""
    possible = tuple(_bounds_differences(ruleset, case))
    if case.expected.total is None and not case.expected.errors:
        return Result(case, possible, None)
    try:
        evaluation = evaluate(ruleset, case.facts)
    except JmrulesError as error:
        return Result(case, (*_error_differences(case, error), *possible), None)
    return Result(case, (*differences(case, evaluation), *possible), evaluation)


def _bounds_differences(ruleset: Ruleset, case: Case) -> Iterator[Difference]:
    """Where the points that are possible are not those expected, at each level of trust that the case names."""
    for trust, wanted in case.expected.bounds.items():
        try:
            found = bounds(ruleset, case.facts, trust)
        except JmrulesError as error:
            told = Text(error.say("zh"), error.say("en"))
            yield Difference("bounds", _at(Text("总分", "total"), trust), _span(*wanted.total), "—", explanation=told)
            continue
        if wanted.total != (found.low, found.high):
            yield Difference(
                "bounds", _at(Text("总分", "total"), trust), _span(*wanted.total), _span(found.low, found.high)
            )
        grades = tuple(grade.id for grade in found.grades)
        if wanted.grades is not None and wanted.grades != grades:
            yield Difference("bounds", _at(Text("等级", "grade"), trust), ", ".join(wanted.grades), ", ".join(grades))
        for _, node in found.root.walk():
            ends = wanted.indicators.get(node.id)
            if ends is not None and ends != (node.low, node.high):
                yield Difference("bounds", _at(node.label, trust), _span(*ends), _span(node.low, node.high), node.id)


def _at(label: Text, trust: Basis) -> Text:
    return Text(f"{label.zh}（采信 {trust} 以上）", f"{label.say('en')} (trusting {trust} and better)")


def _span(low: Decimal, high: Decimal) -> str:
    return f"{low:f}" if low == high else f"{low:f}–{high:f}"


def _error_differences(case: Case, error: JmrulesError) -> Iterator[Difference]:
    codes = codes_of(error)
    if codes != sorted(case.expected.errors):
        yield Difference(
            "errors",
            Text("能否打分", "whether it can be scored"),
            ", ".join(case.expected.errors) or str(case.expected.total),
            ", ".join(codes),
            explanation=Text(error.say("zh"), error.say("en")),
        )


def codes_of(error: JmrulesError) -> list[str]:
    """The kinds of problems that an error tells of."""
    return sorted({problem.code for problem in error.problems})


def differences(case: Case, evaluation: Evaluation) -> Iterator[Difference]:
    """What is not as the case expects, with how it came about; the whole sheet first, then its indicators in order."""
    for difference in _differences(case, evaluation):
        leaf = None if difference.indicator is None else evaluation.trace[difference.indicator]
        yield evolve(difference, explanation=getattr(leaf, "explanation", None))


def as_expected(case: Case, evaluation: Evaluation) -> bool:
    """Whether everything is as the case expects."""
    return next(_differences(case, evaluation), None) is None


def _differences(case: Case, evaluation: Evaluation) -> Iterator[Difference]:
    expected = case.expected
    if expected.errors:
        label = Text("能否打分", "whether it can be scored")
        yield Difference("errors", label, ", ".join(expected.errors), f"{evaluation.total:f}")
        return
    if expected.total is None:
        return
    if expected.total != evaluation.total:
        yield Difference("total", Text("总分", "total"), f"{expected.total:f}", f"{evaluation.total:f}")
    if expected.grade != evaluation.grade.id:
        yield Difference("grade", Text("等级", "grade"), str(expected.grade), evaluation.grade.id)
    got = awards(evaluation)
    for _, node in everything(evaluation.plan.ruleset):
        wanted = expected.indicators.get(node.id)
        if wanted is not None and got[node.id] != wanted:
            yield Difference("awarded", node.label, f"{wanted:f}", f"{got[node.id]:f}", node.id)
    if expected.outcomes is not None:
        for leaf in evaluation.plan.leaves:
            id, came = leaf.leaf.id, outcome_of(evaluation, leaf)
            planned = expected.outcomes.get(id, "scored")
            if planned != came:
                yield Difference("outcome", leaf.leaf.label, planned, came, id)
    for id, wanted_losses in expected.losses.items():
        yield from _loss_differences(_leaf(evaluation, id), wanted_losses)


def _leaf(evaluation: Evaluation, id: str) -> LeafTrace:
    from jmrules.trace import LeafTrace

    leaf = evaluation.trace[id]
    assert isinstance(leaf, LeafTrace)
    return leaf


def _loss_differences(leaf: LeafTrace, wanted: tuple[str, ...]) -> Iterator[Difference]:
    lost = [loss for loss in leaf.losses if loss.kind != "rounding"]
    same = len(lost) == len(wanted) and all(
        words in (loss.part, loss.reason.zh, loss.reason.en)
        or words in loss.reason.zh
        or words in loss.reason.say("en")
        for loss, words in zip(lost, wanted, strict=True)
    )
    if not same:
        got = "; ".join(loss.part or loss.reason.zh for loss in lost)
        yield Difference("losses", leaf.label, "; ".join(wanted), got, leaf.id)


def awards(evaluation: Evaluation) -> dict[str, Decimal]:
    """Awarded points of every leaf and group."""
    from decimal import Decimal

    plan, quanta = evaluation.plan, evaluation.outcome.awards
    digits = -plan.ruleset.rounding.leaf
    found = {leaf.leaf.id: Decimal(quanta[leaf.index]).scaleb(digits) for leaf in plan.leaves}
    found |= {
        id: Decimal(sum(quanta[index] for index in group.leaves)).scaleb(digits) for id, group in plan.groups.items()
    }
    return found


def outcome_of(evaluation: Evaluation, leaf: PlannedLeaf) -> str:
    """How a leaf came by its award: scored, full, zero, excluded, absent or undefined."""
    outcome = evaluation.outcome
    if leaf.index in outcome.causes:
        return "undefined"
    if outcome.applies[leaf.index] is False:
        assert leaf.leaf.applies is not None
        otherwise = leaf.leaf.applies.otherwise
        return "excluded" if otherwise == "exclude" else otherwise
    return "scored"

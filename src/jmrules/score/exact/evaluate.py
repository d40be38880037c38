"""Evaluate one department exactly: facts into slots, slots into shares, shares into points."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.errors import EvaluationError, JmrulesError, Place, Problem, Text, Undefined
from jmrules.facts import Facts
from jmrules.feel import DividedByZero, divide, free_names, parse
from jmrules.frozen import frozen_mapping
from jmrules.memo import kept, kept_few
from jmrules.methods.shares import ALL, NOTHING, Share, truth
from jmrules.plan import Derive, Plan
from jmrules.score.exact.methods import share_function
from jmrules.score.exact.read import Poison, careful, quick
from jmrules.score.exact.result import Outcome, Scored
from jmrules.score.sheet import (
    Case,
    points_without,
    rounded_award,
    score_sheet,
    sheet_sum,
    stated_points,
    total_and_grade,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set

    from jmrules.plan import Call, PlannedLeaf
    from jmrules.ruleset import Grade, Ruleset


@frozen(eq=False)
class Program:
    """A plan with its expressions turned into functions, by one of the two ways of reading them."""

    first: tuple[tuple[int, Callable[[Sequence[Any]], Any]], ...]
    #: of each leaf that has a condition
    applies: Mapping[int, Callable[[Sequence[Any]], Any]]
    #: of each leaf
    shares: tuple[Callable[[Sequence[Any]], Share], ...]
    #: slot and function of derived values that read scores, by their slot
    late: Mapping[int, Callable[[Sequence[Any]], Any]]
    #: derived values that may be undefined, so that what reads them is read with care; None: any
    poisoned: frozenset[str] | None


def _program(
    plan: Plan, read: Callable[[Call], Callable[[Sequence[Any]], Any]], poisoned: frozenset[str] | None
) -> Program:
    return Program(
        first=tuple((step.slot, read(step.call)) for step in plan.first),
        applies={leaf.index: read(leaf.applies) for leaf in plan.leaves if leaf.applies},
        shares=tuple(share_function(leaf.shape, read) for leaf in plan.leaves),
        late={step.slot: read(step.call) for step in plan.then if isinstance(step, Derive)},
        poisoned=poisoned,
    )


@kept
def quick_program(plan: Plan) -> Program:
    return _program(plan, lambda call: quick(call, plan), frozenset())


@kept
def careful_program(plan: Plan) -> Program:
    """Every expression read with care; valid whatever the slots hold."""
    return _program(plan, lambda call: careful(call, plan), None)


@kept_few(64)
def _poisoned_program(plan: Plan, poisoned: frozenset[str]) -> Program:
    """Expressions that could read an undefined derived value are read with care, the others quickly."""
    return _program(
        plan, lambda call: careful(call, plan) if call.blocked_by(poisoned) else quick(call, plan), poisoned
    )


def score(plan: Plan, values: list[Any], given: Facts | Mapping[str, Any] | None) -> Scored:
    """Score bound fact values before any rule limits the score, in a thread where arithmetic is exact.

    ``given``: the facts, with how each is known; None where all came as bare values.

    Raises:
        EvaluationError: indicators whose value is undefined and whose ruleset does not say what they then earn; all of them.
        LimitError: an expression that takes more work than is allowed; it is never taken for an undefined value.
    """
    slots = values + [None] * (plan.slot_count - len(values))
    program = quick_program(plan)
    done = 0
    try:
        for slot, function in program.first:
            slots[slot] = function(slots)
            done += 1
    except JmrulesError as error:
        # Some derived value is undefined, or too much work: what reads it must be judged by the path it takes.
        program = _poisoned_program(plan, _go_on(plan, program, slots, done, error))
    return _finish(plan, program, slots, given)


def _go_on(plan: Plan, program: Program, slots: list[Any], done: int, cause: JmrulesError) -> frozenset[str]:
    """Compute the derived values after the first ``done``, and one that has no value; those that have none, and are poison to what reads them."""
    failed = plan.first[done]
    poisoned = {failed.derived.id}
    slots[failed.slot] = Poison(cause)
    done += 1
    functions = zip(plan.first[done:], program.first[done:], careful_program(plan).first[done:], strict=True)
    for step, (slot, plain), (_, with_care) in functions:
        try:
            slots[slot] = (with_care if step.call.blocked_by(poisoned) else plain)(slots)
        except JmrulesError as undefined:
            slots[slot] = Poison(undefined)
            poisoned.add(step.derived.id)
    return frozenset(poisoned)


def _finish(plan: Plan, program: Program, slots: list[Any], given: Facts | Mapping[str, Any] | None) -> Scored:
    sheet = Exact(plan, program, slots)
    total, grade = score_sheet(sheet)
    outcome = Outcome(
        tuple(slots),
        tuple(sheet.states),
        tuple(sheet.shares),
        tuple(sheet.awards),
        sheet.allocation,
        frozen_mapping(sheet.causes),
    )
    return Scored(total, grade, plan, given, outcome)


_APPLIES: Case[JmrulesError | bool] = Case(True, None, None)
_EXEMPT: Case[JmrulesError | bool] = Case(None, True, None)


class Exact:
    """The arithmetic of one department: it is there, or an error says why not."""

    always = _APPLIES

    __slots__ = (
        "allocation",
        "awards",
        "causes",
        "failed",
        "plan",
        "points",
        "program",
        "shares",
        "slots",
        "states",
    )

    def __init__(self, plan: Plan, program: Program, slots: Any) -> None:
        count = len(plan.leaves)
        self.plan, self.program, self.slots = plan, program, slots
        #: None where the condition could not be decided
        self.states: list[bool | None] = [True] * count
        self.causes: dict[int, JmrulesError] = {}
        self.shares: list[Share] = [NOTHING] * count
        #: in quanta
        self.awards = [0] * count
        self.allocation = stated_points(plan)
        self.points: Sequence[int] | Mapping[int, int] = self.allocation.quanta
        #: leaves whose value is undefined, where the ruleset does not say what they then earn
        self.failed: list[PlannedLeaf] = []

    def applies(self, leaf: PlannedLeaf) -> Case[JmrulesError | bool]:
        """One of the three."""
        try:
            holds = truth(self.program.applies[leaf.index](self.slots))
        except Undefined as error:
            self.states[leaf.index], self.causes[leaf.index] = None, error
            return Case(None, None, error)
        self.states[leaf.index] = holds
        return _APPLIES if holds else _EXEMPT

    def allocate(self, leaving: Mapping[int, JmrulesError | bool]) -> None:
        """Move the points of what is excluded; raises EvaluationError where nothing is left."""
        if leaving:
            self.allocation = points_without(self.plan, frozenset(leaving))
            self.points = self.allocation.quanta

    def share(self, leaf: PlannedLeaf, where: JmrulesError | bool) -> tuple[Share | None, JmrulesError | None]:
        """The share, or why there is none."""
        try:
            return self.program.shares[leaf.index](self.slots), None
        except Undefined as error:
            self.causes[leaf.index] = error
            return None, error

    def constant(self, leaf: PlannedLeaf, share: Share) -> Share:
        """It is as stated."""
        return share

    def award(self, leaf: PlannedLeaf, earned: Sequence[tuple[JmrulesError | bool, Share]]) -> None:
        """Only one of them is so."""
        index, share = leaf.index, earned[0][1]
        self.shares[index] = share
        points = self.points[index]
        self.awards[index] = points if share is ALL else rounded_award(leaf, share, points)

    def fail(self, leaf: PlannedLeaf, where: JmrulesError | bool) -> None:
        """To be reported with the others."""
        self.failed.append(leaf)

    def derive(self, step: Derive) -> None:
        """Where it is undefined, what reads it is judged by the path it takes."""
        try:
            self.slots[step.slot] = self.program.late[step.slot](self.slots)
        except JmrulesError as error:
            self.slots[step.slot] = Poison(error)
            if self.program.poisoned is not None:
                self.program = _poisoned_program(self.plan, self.program.poisoned | {step.derived.id})

    def publish(self, id: str, leaves: Sequence[int]) -> None:
        """Into the slots."""
        points = sum(self.points[index] for index in leaves)
        awarded = sum(self.awards[index] for index in leaves)
        digits = -self.plan.ruleset.rounding.leaf
        for what, slot in self.plan.scores_read[id]:
            if what == "points":
                self.slots[slot] = Decimal(points).scaleb(digits)
            elif what == "awarded":
                self.slots[slot] = Decimal(awarded).scaleb(digits)
            else:
                self.slots[slot] = divide(Decimal(awarded), Decimal(points)) if points else None

    def total(self, failed: Set[str]) -> tuple[Decimal, Grade]:
        """Total and grade; raises EvaluationError for the leaves that are undefined."""
        if self.failed:
            in_order = sorted(self.failed, key=lambda leaf: leaf.index)
            raise EvaluationError([_undefined_problem(self.plan, leaf, self.causes[leaf.index]) for leaf in in_order])
        return total_and_grade(self.plan, sheet_sum(self.plan, self.awards, self.allocation.quanta))


def _undefined_problem(plan: Plan, leaf: PlannedLeaf, cause: JmrulesError) -> Problem:
    found = cause.problems[0]
    inner = by_zero(plan.ruleset, found.divisor) if isinstance(found, DividedByZero) else found.message
    place = plan.ruleset.source.place(leaf.pointer)
    label = leaf.leaf.label
    return evolve(
        found,
        code="undefined-value",
        message=Text(
            f"指标“{label.zh}”无法计算：{inner.zh}",
            f"the indicator “{label.say('en')}” is undefined: {inner.say('en')}",
        ),
        hint=Text(
            "请核对它所读的事实，或在评分办法中用 undefined 写明此时如何得分",
            "check the facts it reads, or let the ruleset say by `undefined` what it then earns",
        ),
        place=Place(place.file, leaf.pointer, place.line, place.column),
    )


def by_zero(ruleset: Ruleset, divisor: str) -> Text:
    """That a divisor is 0, told by the labels of what it reads."""
    labels = {each.id: each.label for each in ruleset.facts} | {each.id: each.label for each in ruleset.derived}
    read = [labels[head] for head, *_ in free_names(parse(divisor)) if head in labels]
    if divisor in labels:
        label = labels[divisor]
        return Text(f"{label.zh} 是 0，不能作除数", f"{label.say('en')} is 0: a division by zero")
    if not read:
        return Text("除数是 0", "division by zero")
    zh, en = "、".join(label.zh for label in read), ", ".join(label.say("en") for label in read)
    return Text(f"由 {zh} 算出的除数是 0", f"a divisor made from {en} is 0: a division by zero")

"""Evaluate one department exactly: facts into slots, slots into shares, shares into points."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from jmrules.errors import EvaluationError, JmrulesError, Place, Problem, Text, Undefined
from jmrules.facts.model import Facts
from jmrules.feel.numbers import divide
from jmrules.frozen import frozen_mapping
from jmrules.memo import kept, kept_few
from jmrules.methods.shapes import in_intervals
from jmrules.methods.shares import ALL, NOTHING, Share, pair, truth
from jmrules.plan.model import Derive, Plan, Score
from jmrules.rounding import ROUND
from jmrules.score.allocate import Allocation, Sheet, allocate
from jmrules.score.exact.methods import share_function
from jmrules.score.exact.read import Poison, careful, quick
from jmrules.score.exact.result import Outcome, Scored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmrules.plan.model import Call, PlannedLeaf
    from jmrules.ruleset.model import Grade


@frozen(eq=False)
class _Program:
    """A plan with its expressions turned into functions, by one of the two ways of reading them."""

    first: tuple[tuple[int, Callable[[Sequence[Any]], Any]], ...]
    applies: tuple[tuple[int, Callable[[Sequence[Any]], Any]], ...]
    #: of each leaf
    shares: tuple[Callable[[Sequence[Any]], Share], ...]
    #: slot and function of derived values that read scores, by their slot
    late: Mapping[int, Callable[[Sequence[Any]], Any]]
    #: no expression reads a score: leaves can be scored in any order
    flat: bool


def _program(plan: Plan, read: Callable[[Call], Callable[[Sequence[Any]], Any]]) -> _Program:
    return _Program(
        first=tuple((step.slot, read(step.call)) for step in plan.first),
        applies=tuple((leaf.index, read(leaf.applies)) for leaf in plan.leaves if leaf.applies),
        shares=tuple(share_function(leaf.shape, read) for leaf in plan.leaves),
        late={step.slot: read(step.call) for step in plan.then if isinstance(step, Derive)},
        flat=not plan.score_slots and not any(isinstance(step, Derive) for step in plan.then),
    )


@kept
def quick_program(plan: Plan) -> _Program:
    return _program(plan, lambda call: quick(call, plan))


@kept
def careful_program(plan: Plan) -> _Program:
    """Every expression read with care; valid whatever the slots hold."""
    return _program(plan, lambda call: careful(call, plan))


@kept_few(64)
def _poisoned_program(plan: Plan, poisoned: frozenset[str]) -> _Program:
    """Expressions that could read an undefined derived value are read with care, the others quickly."""
    return _program(plan, lambda call: careful(call, plan) if call.blocked_by(poisoned) else quick(call, plan))


def score(plan: Plan, values: list[Any], facts: Facts | Mapping[str, Any], *, bare: bool = False) -> Scored:
    """Score bound fact values before any rule limits the score, in a thread where arithmetic is exact.

    ``bare``: every fact was given as a bare value, so that the trace need not look at ``facts``.

    Raises:
        EvaluationError: indicators whose value is undefined and whose ruleset does not say what they then earn; all of them.
        LimitError: an expression that takes more work than is allowed; it is never taken for an undefined value.
    """
    slots = values + [None] * (plan.slot_count - len(values))
    program = quick_program(plan)
    try:
        for slot, function in program.first:
            slots[slot] = function(slots)
    except JmrulesError:
        # Some derived value is undefined, or too much work: what reads it must be judged by the path it takes.
        return _run_poisoned(plan, slots, len(values), facts, bare)
    return _finish(plan, program, slots, facts, bare)


def _run_poisoned(plan: Plan, slots: list[Any], facts_end: int, facts: Facts | Mapping[str, Any], bare: bool) -> Scored:
    slots[facts_end:] = [None] * (len(slots) - facts_end)
    poisoned: set[str] = set()
    for step in plan.first:
        read = careful if step.call.blocked_by(poisoned) else quick
        try:
            slots[step.slot] = read(step.call, plan)(slots)
        except JmrulesError as error:
            slots[step.slot] = Poison(error)
            poisoned.add(step.derived.id)
    return _finish(plan, _poisoned_program(plan, frozenset(poisoned)), slots, facts, bare)


def _finish(plan: Plan, program: _Program, slots: list[Any], facts: Facts | Mapping[str, Any], bare: bool) -> Scored:
    count = len(plan.leaves)
    applies: list[bool | None] = [True] * count
    causes: dict[int, JmrulesError] = {}
    excluded = None
    for index, condition in program.applies:
        try:
            applies[index] = truth(condition(slots))
        except Undefined as error:
            applies[index] = None
            causes[index] = error
            continue
        if applies[index] is False and plan.leaves[index].leaf.applies.otherwise == "exclude":  # type: ignore[union-attr]
            excluded = excluded or [False] * count
            excluded[index] = True
    if excluded and all(excluded):
        raise EvaluationError(_nothing_applies(plan))
    allocation = allocate(_sheet(plan), excluded) if excluded else _stated(plan)
    found = _scored_plainly(plan, program, slots, applies, allocation.quanta) if program.flat else None
    if found is None:
        scoring = _Scoring(plan, program, slots, applies, causes, allocation.quanta, [NOTHING] * count, [0] * count)
        found = scoring.scored()
    shares, awards = found
    total, grade = total_and_grade(plan, sum(awards))
    outcome = Outcome(tuple(slots), tuple(applies), tuple(shares), tuple(awards), allocation, frozen_mapping(causes))
    return Scored(total, grade, plan, facts, outcome, (), bare)


def _scored_plainly(
    plan: Plan, program: _Program, slots: list[Any], applies: list[bool | None], quanta: tuple[int, ...]
) -> tuple[list[Share], list[int]] | None:
    """Shares and awards of leaves that read no scores; None where one is undefined, which takes more to judge."""
    rounded = ROUND[plan.ruleset.rounding.mode]
    shares: list[Share] = []
    awards: list[int] = []
    try:
        for leaf, function, applicable, points in zip(plan.leaves, program.shares, applies, quanta, strict=True):
            if applicable:
                share = function(slots)
            elif applicable is None:
                return None
            else:
                share = _otherwise(leaf)
            shares.append(share)
            awards.append(points if share is ALL else rounded(share[0] * points, share[1]))
    except Undefined:
        return None
    return shares, awards


def _otherwise(leaf: PlannedLeaf) -> Share:
    """The share of a leaf that does not apply."""
    assert leaf.leaf.applies is not None
    return ALL if leaf.leaf.applies.otherwise == "full" else NOTHING


@kept
def _sheet(plan: Plan) -> Sheet:
    return Sheet(
        tuple(leaf.quanta for leaf in plan.leaves),
        tuple(leaf.recipients for leaf in plan.leaves),
        plan.roots,
        {id: group.children for id, group in plan.groups.items()},
    )


@kept
def _stated(plan: Plan) -> Allocation:
    return Allocation(tuple(leaf.quanta for leaf in plan.leaves), ())


def _nothing_applies(plan: Plan) -> Problem:
    return Problem(
        "nothing-applies",
        Text("没有任何指标适用，无法打分", "no indicator applies, so there is no score"),
        Text("请核对各指标的适用条件所读的事实", "check the facts that the indicators' conditions read"),
        plan.ruleset.source.place("/indicators"),
    )


@define(eq=False)
class _Scoring:
    """The scoring of one department's leaves, while it goes on."""

    plan: Plan
    program: _Program
    slots: list[Any]
    applies: list[bool | None]
    causes: dict[int, JmrulesError]
    quanta: tuple[int, ...]
    shares: list[Share]
    #: in quanta
    awards: list[int]
    #: leaves whose value is undefined, where the ruleset does not say what they then earn
    failed: list[int] = field(factory=list)
    #: derived values that are undefined
    poisoned: frozenset[str] = frozenset()

    def scored(self) -> tuple[list[Share], list[int]]:
        """Shares and awards of all leaves; raises EvaluationError for those that are undefined."""
        if self.program.flat:
            for leaf in self.plan.leaves:
                self.score(leaf)
        else:
            self.score_in_order()
        if self.failed:
            raise EvaluationError(
                [_undefined_problem(self.plan, self.plan.leaves[index], self.causes[index]) for index in self.failed]
            )
        return self.shares, self.awards

    def score(self, leaf: PlannedLeaf) -> None:
        """Score one leaf."""
        index = leaf.index
        try:
            share = self.program.shares[index](self.slots) if self.applies[index] else self._without(leaf)
        except Undefined as error:
            self.causes[index] = error
            if leaf.undefined is None:
                self.failed.append(index)
                return
            share = pair(leaf.undefined)
        self.shares[index] = share
        self.awards[index] = ROUND[self.plan.ruleset.rounding.mode](share[0] * self.quanta[index], share[1])

    def _without(self, leaf: PlannedLeaf) -> Share:
        """The share of a leaf that does not apply, or of which that is not known."""
        if self.applies[leaf.index] is None:
            raise self.causes[leaf.index]
        return _otherwise(leaf)

    def score_in_order(self) -> None:
        """All leaves, with the derived values and scores that later ones read."""
        blocked: set[str] = set()
        plan, slots = self.plan, self.slots
        for step in plan.then:
            if isinstance(step, Derive):
                if step.call.blocked_by(blocked):
                    blocked.add(step.derived.id)
                    continue
                try:
                    slots[step.slot] = self.program.late[step.slot](slots)
                except JmrulesError as error:
                    slots[step.slot] = Poison(error)
                    self.poisoned |= {step.derived.id}
                    self.program = _poisoned_program(plan, self.poisoned)
            elif isinstance(step, Score):
                leaf = plan.leaves[step.leaf]
                if any(call.blocked_by(blocked) for call in leaf.calls):
                    # What it reads has failed; that failure is the one to report.
                    blocked.add(leaf.leaf.id)
                    continue
                self.score(leaf)
                if self.failed and self.failed[-1] == leaf.index:
                    blocked.add(leaf.leaf.id)
                else:
                    self._publish(leaf.leaf.id, self.quanta[leaf.index], self.awards[leaf.index])
            else:
                group = plan.groups[step.group]
                if any(self._id(child) in blocked for child in group.children):
                    blocked.add(step.group)
                else:
                    self._publish(
                        step.group,
                        sum(self.quanta[index] for index in group.leaves),
                        sum(self.awards[index] for index in group.leaves),
                    )

    def _id(self, child: int | str) -> str:
        return child if isinstance(child, str) else self.plan.leaves[child].leaf.id

    def _publish(self, id: str, points: int, awarded: int) -> None:
        """Put a score where expressions read it."""
        digits = -self.plan.ruleset.rounding.leaf
        for what, slot in self.plan.scores_read.get(id, ()):
            if what == "points":
                self.slots[slot] = Decimal(points).scaleb(digits)
            elif what == "awarded":
                self.slots[slot] = Decimal(awarded).scaleb(digits)
            else:
                self.slots[slot] = divide(Decimal(awarded), Decimal(points)) if points else None


def total_and_grade(plan: Plan, quanta: int) -> tuple[Decimal, Grade]:
    """The rounded total of a root sum in quanta, and its grade."""
    rounding = plan.ruleset.rounding
    if rounding.total >= rounding.leaf:
        total = Decimal(quanta * 10 ** (rounding.total - rounding.leaf)).scaleb(-rounding.total)
    else:
        rounded = ROUND[rounding.mode](quanta, 10 ** (rounding.leaf - rounding.total))
        total = Decimal(rounded).scaleb(-rounding.total)
    for grade, ranges in plan.grades:
        if in_intervals(total, ranges):
            return total, grade
    raise AssertionError("the grades of a checked ruleset leave no total out")


def _undefined_problem(plan: Plan, leaf: PlannedLeaf, cause: JmrulesError) -> Problem:
    inner = cause.problems[0].message
    place = plan.ruleset.source.place(leaf.pointer)
    label = leaf.leaf.label
    return Problem(
        "undefined-value",
        Text(
            f"指标“{label.zh}”（{leaf.leaf.id}）无法计算：{inner.zh}",
            f"the indicator {leaf.leaf.id} ({label.say('en')}) is undefined: {inner.say('en')}",
        ),
        Text(
            "请核对它所读的事实，或在评分办法中用 undefined 写明此时如何得分",
            "check the facts it reads, or let the ruleset say by `undefined` what it then earns",
        ),
        Place(place.file, leaf.pointer, place.line, place.column),
    )

"""The one loop over a sheet: which leaves apply, whose points go where, what each leaf earns, what the sheet comes to.

The order and the rules stand here and nowhere else. What a condition, a share and an award *are* is the arithmetic's: of one
department exactly (``exact``), of one of which not all is known (``bounds``), of many at once (``columns``). A department, a
possibility, a row: each arithmetic says *where* something is so, and None means nowhere.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from attrs import evolve, frozen

from jmrules.errors import EvaluationError, Problem, Text
from jmrules.memo import kept, kept_few
from jmrules.methods.shapes import in_intervals
from jmrules.methods.shares import ALL, NOTHING, pair
from jmrules.plan import Derive, Score
from jmrules.rounding import ROUND, rounded
from jmrules.score.allocate import Allocation, Sheet, allocate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from jmrules.methods.shares import Share
    from jmrules.plan import Plan, PlannedLeaf, Step
    from jmrules.ruleset import Grade

#: where something is so
W = TypeVar("W")
#: what a leaf earns
E = TypeVar("E")
#: what a sheet comes to
T_co = TypeVar("T_co", covariant=True)


class Case(NamedTuple, Generic[W]):
    """Where a leaf applies, where it does not, and where that cannot be decided; None: nowhere."""

    applies: W | None
    exempt: W | None
    undecided: W | None


class Earning(Protocol[W, E]):
    """What one leaf earns, in some arithmetic."""

    #: the case of a leaf without a condition
    always: Case[W]

    def share(self, leaf: PlannedLeaf, where: W) -> tuple[E | None, W | None]:
        """What its method yields where it applies (None: nothing at all), and where that is undefined."""

    def constant(self, leaf: PlannedLeaf, share: Share) -> E:
        """A share that the ruleset states."""

    def award(self, leaf: PlannedLeaf, earned: Sequence[tuple[W, E]]) -> None:
        """It earns each of these where that is so, at least one: rounded once, as the leaf is rounded, and kept."""

    def fail(self, leaf: PlannedLeaf, where: W) -> None:
        """There it is undefined, and the ruleset does not say what it then earns: there is no score."""


class Arithmetic(Earning[W, E], Protocol[W, E, T_co]):
    """What a sheet is computed in. The loop asks in this order."""

    plan: Plan

    def applies(self, leaf: PlannedLeaf) -> Case[W]:
        """What comes of the leaf's condition, which reads no scores."""

    def allocate(self, leaving: Mapping[int, W]) -> None:
        """Give each leaf its points, where these leaves leave the sheet."""

    def derive(self, step: Derive) -> None:
        """A derived value that reads scores, all of which there are."""

    def publish(self, id: str, leaves: Sequence[int]) -> None:
        """Points, award and rate of an indicator, which are those of these leaves together, where expressions read them."""

    def total(self, failed: Set[str]) -> T_co:
        """What all leaves come to together, rounded and graded; ``failed`` names what comes to nothing anywhere."""


def score_sheet(by: Arithmetic[W, E, T_co]) -> T_co:
    """The sheet in some arithmetic."""
    order, always = _order(by.plan), by.always
    cases = {leaf.index: by.applies(leaf) for leaf in order.conditional}
    by.allocate({leaf: where for leaf in order.may_leave if (where := cases.get(leaf, always).exempt) is not None})
    failed: set[str] = set()
    for step in order.steps:
        # What reads something that has failed is not computed: that failure is the one to report.
        if failed and step.blocked_by(failed):
            failed.add(step.id)
            continue
        leaf = step.leaf
        if leaf is not None:
            if not earn(by, leaf, cases.get(leaf.index, always)):
                failed.add(step.id)
                continue
        elif step.derive is not None:
            by.derive(step.derive)
        if step.read:
            by.publish(step.id, step.leaves)
    return by.total(failed)


def earn(by: Earning[W, E], leaf: PlannedLeaf, case: Case[W]) -> bool:
    """What a leaf earns: its share where it applies, else what its condition says, and what is declared where it is undefined.

    Returns whether it earns anything anywhere.
    """
    applies, exempt, undecided = case
    share, undefined = (None, None) if applies is None else by.share(leaf, applies)
    earned = [] if applies is None or share is None else [(applies, share)]
    if exempt is not None:
        assert leaf.leaf.applies is not None
        # The points of a leaf that is excluded are gone already.
        earned.append((exempt, by.constant(leaf, ALL if leaf.leaf.applies.otherwise == "full" else NOTHING)))
    if undecided is not None or undefined is not None:
        for where in (undecided, undefined):
            if where is not None and leaf.undefined is None:
                by.fail(leaf, where)
            elif where is not None and leaf.undefined is not None:
                earned.append((where, by.constant(leaf, pair(leaf.undefined))))
    if not earned:
        return False
    by.award(leaf, earned)
    return True


@frozen(eq=False)
class _Step:
    """A step of a plan as a sheet takes it: a leaf is scored, a value derived, or else the leaves of a group are summed."""

    id: str
    leaf: PlannedLeaf | None
    derive: Derive | None
    #: the leaves that its score is of
    leaves: tuple[int, ...]
    #: whether expressions read its score
    read: bool
    #: ids of the leaves below a group
    below: frozenset[str]

    def blocked_by(self, failed: Set[str]) -> bool:
        """Whether it reads, or sums up, what has failed."""
        calls = (self.derive.call,) if self.derive else self.leaf.calls if self.leaf else ()
        return any(call.blocked_by(failed) for call in calls) or not self.below.isdisjoint(failed)


@frozen(eq=False)
class _Order:
    """The steps of a plan that a sheet takes."""

    conditional: tuple[PlannedLeaf, ...]
    #: leaves that leave the sheet where they do not apply
    may_leave: tuple[int, ...]
    #: without the sums that no expression reads
    steps: tuple[_Step, ...]


@kept
def _order(plan: Plan) -> _Order:
    def step(of: Step) -> _Step:
        if isinstance(of, Derive):
            return _Step(of.derived.id, None, of, (), False, frozenset())
        if isinstance(of, Score):
            leaf = plan.leaves[of.leaf]
            return _Step(leaf.leaf.id, leaf, None, (of.leaf,), leaf.leaf.id in plan.scores_read, frozenset())
        leaves = plan.groups[of.group].leaves
        below = frozenset(plan.leaves[index].leaf.id for index in leaves)
        return _Step(of.group, None, None, leaves, of.group in plan.scores_read, below)

    # An adjudicated leaf earns what it is given: its plan has no condition, though its indicator has one.
    conditional = tuple(leaf for leaf in plan.leaves if leaf.applies is not None)
    return _Order(
        conditional,
        tuple(leaf.index for leaf in conditional if leaf.leaves_the_sheet),
        tuple(made for made in map(step, plan.then) if made.leaf or made.derive or made.read),
    )


# ---- points


@kept
def point_sheet(plan: Plan) -> Sheet:
    """The points of a sheet before anything is excluded."""
    leaves = plan.leaves[: plan.on_sheet]
    return Sheet(
        tuple(leaf.quanta for leaf in leaves),
        tuple(leaf.recipients for leaf in leaves),
        plan.roots,
        {id: group.children for id, group in plan.groups.items()},
    )


@kept
def stated_points(plan: Plan) -> Allocation:
    """The points of each leaf where none leaves the sheet."""
    return Allocation(tuple(leaf.quanta for leaf in plan.leaves), ())


@kept_few(256)
def points_without(plan: Plan, leaving: frozenset[int]) -> Allocation:
    """The points of each leaf once these leaves have left the sheet; raises EvaluationError where none is left."""
    if not leaving:
        return stated_points(plan)
    if len(leaving) == plan.on_sheet:
        raise EvaluationError(
            Problem(
                "nothing-applies",
                Text("没有任何指标适用，无法打分", "no indicator applies, so there is no score"),
                Text("请核对各指标的适用条件所读的事实", "check the facts that the indicators' conditions read"),
                plan.ruleset.source.place("/indicators"),
            )
        )
    sheet = point_sheet(plan)
    absent = {index for index in leaving if plan.leaves[index].leaf.varies}
    if absent:
        # They are not there, so that there are no points to hand on.
        sheet = evolve(sheet, quanta=tuple(0 if at in absent else each for at, each in enumerate(sheet.quanta)))
    made = allocate(sheet, [index in leaving for index in range(plan.on_sheet)])
    beside = tuple(leaf.quanta for leaf in plan.leaves[plan.on_sheet :])
    return Allocation(made.quanta + beside, made.moves)


# ---- rounding


def rounded_award(leaf: PlannedLeaf, share: Share, quanta: int) -> int:
    """What a share earns of so many quanta of a leaf; all of it is all, whatever the award is a multiple of."""
    if leaf.decided is not None:
        return min(leaf.decided, quanta)
    if share is ALL:
        return quanta
    top, bottom = share
    if leaf.unit == 1:
        return ROUND[leaf.mode](top * quanta, bottom)
    return quanta if top >= bottom else min(quanta, leaf.unit * ROUND[leaf.mode](top * quanta, bottom * leaf.unit))


@kept
def most_on_sheet(plan: Plan) -> int:
    """The most points that a sheet can have, in quanta: kinds of department share some, and each has as many as are stated."""
    ruleset = plan.ruleset
    if ruleset.scale is not None:
        return sum(leaf.quanta for leaf in plan.leaves[: plan.on_sheet])
    return int(ruleset.points.scaleb(ruleset.rounding.leaf))


# ---- the sum


@kept
def sum_digits(plan: Plan) -> int:
    """Decimals of what a sheet sums up to: those of awards, or of the total, where it is scaled and so rounded already."""
    rounding = plan.ruleset.rounding
    return rounding.leaf if plan.ruleset.scale is None else rounding.total


def sheet_sum(plan: Plan, awards: Sequence[int], quanta: Sequence[int]) -> int:
    """What awards of so many points come to, leaf by leaf, in units of ``sum_digits``: the sheet's, scaled where that is stated, and
    the lines beside it: what is earned of a bonus, less what is lost of a penalty.
    """
    if not plan.beside_or_scaled:
        return sum(awards)
    return combined(plan, sum(awards[: plan.on_sheet]), sum(quanta[: plan.on_sheet]), beside_sum(plan, awards))


def beside_sum(plan: Plan, awards: Sequence[int]) -> int:
    """What the lines beside the sheet add, in quanta; what they take off is negative."""
    return sum(awards[plan.on_sheet :]) - most_taken(plan)


@kept
def most_taken(plan: Plan) -> int:
    """The most that penalties take off, in quanta."""
    return sum(leaf.quanta for leaf in plan.leaves[plan.on_sheet :] if leaf.leaf.effect == "penalty")


def combined(plan: Plan, awarded: int, points: int, beside: int) -> int:
    """The sum of a sheet that earns so much of so many points, with what stands beside it, in units of ``sum_digits``."""
    scale = plan.ruleset.scale
    if scale is None:
        return awarded + beside
    rounding = plan.ruleset.rounding
    exact = (Fraction(awarded, points) * Fraction(scale.to) + Fraction(beside, 10**rounding.leaf)) * 10**rounding.total
    return rounded(rounding.mode, exact.numerator, exact.denominator)


@kept
def most_sum(plan: Plan) -> int:
    """No sheet sums up to more, in units of ``sum_digits``."""
    ruleset = plan.ruleset
    given = sum(leaf.quanta for leaf in plan.leaves[plan.on_sheet :] if leaf.leaf.effect == "bonus")
    exact = Fraction(ruleset.points) + Fraction(given, 10**ruleset.rounding.leaf)
    exact *= 10 ** sum_digits(plan)
    return rounded(ruleset.rounding.mode, exact.numerator, exact.denominator)


def rounded_total(plan: Plan, units: int) -> Decimal:
    """What a sheet sums up to, rounded."""
    rounding, digits = plan.ruleset.rounding, sum_digits(plan)
    if rounding.total >= digits:
        return Decimal(units * 10 ** (rounding.total - digits)).scaleb(-rounding.total)
    return Decimal(rounded(rounding.mode, units, 10 ** (digits - rounding.total))).scaleb(-rounding.total)


def total_and_grade(plan: Plan, units: int) -> tuple[Decimal, Grade]:
    """The rounded total of what a sheet sums up to, held within its bounds, and its grade."""
    total, clamp = rounded_total(plan, units), plan.ruleset.clamp
    if clamp is not None:
        total = total if clamp.least is None else max(total, clamp.least)
        total = total if clamp.most is None else min(total, clamp.most)
    for grade, ranges in plan.grades:
        if in_intervals(total, ranges):
            return total, grade
    raise AssertionError("the grades of a checked ruleset leave no total out")

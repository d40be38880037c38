"""From what leaves may yield to points: who is excluded, where points go, what groups and the total come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.feel.possible.operators import arithmetic
from jmrules.feel.possible.values import Known, Span, Value, number_of
from jmrules.memo import kept, kept_few
from jmrules.plan.model import Derive, Plan, Score
from jmrules.rounding import ROUND
from jmrules.ruleset.expressions import SCORES
from jmrules.score.allocate import Sheet, allocate
from jmrules.score.bounds.engine import Contradicted, Engine, LeafOutcome, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.errors import JmrulesError
    from jmrules.plan.model import PlannedLeaf

#: at most so many conditions that decide on exclusions are gone through in every combination
MOST_CONDITIONS = 8


@frozen
class Range:
    """Whole numbers of quanta, from ``low`` to ``high``."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """How far apart the ends are."""
        return self.high - self.low

    def joined(self, other: Range | None) -> Range:
        """Either of both."""
        return self if other is None else Range(min(self.low, other.low), max(self.high, other.high))

    def within(self, other: Range) -> Range:
        """What lies in both; itself where they are apart."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Range(low, high) if low <= high else self


def summed(ranges: Sequence[Range]) -> Range:
    """The sum of independent ranges."""
    return Range(sum(each.low for each in ranges), sum(each.high for each in ranges))


@frozen(eq=False)
class SheetBounds:
    """Awards and points that are possible, in quanta: of each leaf and group, and of the root."""

    awards: Mapping[str, Range]
    points: Mapping[str, Range]
    total: Range
    #: leaves that may be undefined without a share declared for that, and why: then there is no score
    failing: Mapping[int, JmrulesError]

    @property
    def exact(self) -> bool:
        """Whether everything has one value."""
        return not self.failing and not any(award.width for award in self.awards.values())


class Impossible(Exception):
    """There is no score, whatever the facts are."""


def sheet_bounds(engine: Engine, given: Mapping[str, Value]) -> SheetBounds:
    """The sheet where the facts in ``given`` are so, and the others as the engine has them; raises Impossible."""
    given = {**given, **World(engine, given).as_declared()}
    values = {name: given.get(name, engine.facts[name]) for name in engine.shared}
    merged: SheetBounds | None = None
    for chosen in engine.combinations(engine.shared, values):
        try:
            found = _sheet_bounds(engine, {**given, **chosen})
        except (Impossible, Contradicted):
            continue
        merged = found if merged is None else _merged(merged, found)
    if merged is None:
        raise Impossible
    return merged


def _sheet_bounds(engine: Engine, given: Mapping[str, Value]) -> SheetBounds:
    plan = engine.plan
    world = World(engine, given)
    outcomes = [world.leaf(leaf) if SCORES not in engine.leaf_reads[leaf.index] else None for leaf in plan.leaves]
    conditions = {leaf.index: _condition(world, leaf) for leaf in plan.leaves if leaf.applies}
    open_texts = _open(plan, conditions)
    if len(open_texts) > MOST_CONDITIONS:
        return _hull(plan, world, conditions)
    merged: SheetBounds | None = None
    for excluding in product((False, True), repeat=len(open_texts)):
        decided = dict(zip(open_texts, excluding, strict=True))
        found = _Scenario(plan, world, outcomes, conditions, decided).bounds()
        if found is not None:
            merged = found if merged is None else _merged(merged, found)
    if merged is None:
        raise Impossible
    return merged


def _condition(world: World, leaf: PlannedLeaf) -> tuple[frozenset[bool], bool]:
    """The truths that its condition may have, and whether it may have none."""
    if SCORES in world.engine.leaf_reads[leaf.index]:
        from jmrules.feel.possible.operators import condition

        assert leaf.applies is not None
        truths, error = condition(world.read(leaf.applies))
        return truths, error is not None
    outcome = world.leaf(leaf)
    # Where it does not apply, the only error there can be is that of the condition.
    return outcome.applies, outcome.shares.error is not None


def _text(leaf: PlannedLeaf) -> str:
    assert leaf.applies is not None
    return leaf.applies.expression.text


def _open(plan: Plan, conditions: Mapping[int, tuple[frozenset[bool], bool]]) -> list[str]:
    """Conditions, by their text, that may exclude a leaf or not: leaves with the same condition go together."""
    found: dict[str, None] = {}
    for index, (truths, unsure) in conditions.items():
        leaf = plan.leaves[index]
        assert leaf.leaf.applies is not None
        if leaf.leaf.applies.otherwise == "exclude" and False in truths and (True in truths or unsure):
            found[_text(leaf)] = None
    return list(found)


def _merged(one: SheetBounds, other: SheetBounds) -> SheetBounds:
    return SheetBounds(
        {id: award.joined(other.awards[id]) for id, award in one.awards.items()},
        {id: points.joined(other.points[id]) for id, points in one.points.items()},
        one.total.joined(other.total),
        {**one.failing, **other.failing},
    )


@kept_few(256)
def _quanta(plan: Plan, excluded: tuple[bool, ...]) -> tuple[int, ...]:
    """The points of each leaf once these are excluded."""
    return allocate(_sheet_of(plan), excluded).quanta


@kept
def _sheet_of(plan: Plan) -> Sheet:
    """The points of the sheet before anything is excluded."""
    return Sheet(
        tuple(leaf.quanta for leaf in plan.leaves),
        tuple(leaf.recipients for leaf in plan.leaves),
        plan.roots,
        {id: group.children for id, group in plan.groups.items()},
    )


class _Scenario:
    """One way in which the conditions that exclude leaves may turn out."""

    def __init__(
        self,
        plan: Plan,
        world: World,
        outcomes: Sequence[LeafOutcome | None],
        conditions: Mapping[int, tuple[frozenset[bool], bool]],
        decided: Mapping[str, bool],
    ) -> None:
        self.plan = plan
        self.world = World(world.engine, world.given, {})
        self.scores: dict[tuple[str, str], Value] = {}
        self.world.scores = self.scores
        self.outcomes = outcomes
        self.decided = decided
        self.excluded = [self._excluded(leaf, conditions.get(leaf.index)) for leaf in plan.leaves]
        self.failing: dict[int, JmrulesError] = {}
        self.failed: set[str] = set()
        self.awards: dict[str, Range] = {}
        self.points: dict[str, Range] = {}
        self.quanta: Sequence[int] = tuple(leaf.quanta for leaf in plan.leaves)

    def _excluded(self, leaf: PlannedLeaf, found: tuple[frozenset[bool], bool] | None) -> bool:
        if found is None or leaf.leaf.applies is None or leaf.leaf.applies.otherwise != "exclude":
            return False
        truths, unsure = found
        return self.decided.get(_text(leaf), truths == {False} and not unsure)

    def bounds(self) -> SheetBounds | None:
        """Its sheet; None where it has no score."""
        if all(self.excluded):
            return None
        if any(self.excluded):
            self.quanta = _quanta(self.plan, tuple(self.excluded))
        for step in self.plan.then:
            if isinstance(step, Derive):
                if step.call.blocked_by(self.failed):
                    self.failed.add(step.derived.id)
            elif isinstance(step, Score):
                self._score(self.plan.leaves[step.leaf])
            else:
                self._sum(step.group)
        if self.failed:
            return None
        total = summed([self.awards[leaf.leaf.id] for leaf in self.plan.leaves])
        return SheetBounds(self.awards, self.points, total, self.failing)

    def _score(self, leaf: PlannedLeaf) -> None:
        id, quanta = leaf.leaf.id, self.quanta[leaf.index]
        if any(call.blocked_by(self.failed) for call in leaf.calls):
            self.failed.add(id)
            return
        outcome = self.outcomes[leaf.index] or self.world.leaf(leaf)
        award = Range(0, 0) if self.excluded[leaf.index] else self._award(leaf, outcome, quanta)
        if award is None:
            self.failed.add(id)
            return
        self.awards[id], self.points[id] = award, Range(quanta, quanta)
        self._publish(id, award, quanta)

    def _award(self, leaf: PlannedLeaf, outcome: LeafOutcome, quanta: int) -> Range | None:
        truths = outcome.applies
        if leaf.applies is not None and _text(leaf) in self.decided:
            if self.decided[_text(leaf)]:
                return award_range(self.plan, leaf, frozenset((False,)), None, quanta, self.failing)
            truths = truths - {False}
        return award_range(self.plan, leaf, truths, outcome, quanta, self.failing)

    def _sum(self, id: str) -> None:
        group = self.plan.groups[id]
        below = [self.plan.leaves[index].leaf.id for index in group.leaves]
        if any(leaf not in self.awards for leaf in below):
            self.failed.add(id)
            return
        self.awards[id] = summed([self.awards[leaf] for leaf in below])
        quanta = sum(self.quanta[index] for index in group.leaves)
        self.points[id] = Range(quanta, quanta)
        self._publish(id, self.awards[id], quanta)

    def _publish(self, id: str, award: Range, points: int) -> None:
        """Put a score where expressions read it."""
        digits = -self.plan.ruleset.rounding.leaf
        for what, _ in self.plan.scores_read.get(id, ()):
            awarded = number_of(Span(Decimal(award.low), Decimal(award.high)))
            if what == "points":
                value: Value = Known(Decimal(points).scaleb(digits))
            elif what == "awarded":
                value = number_of(Span(Decimal(award.low).scaleb(digits), Decimal(award.high).scaleb(digits)))
            else:
                value = arithmetic("/", awarded, Known(Decimal(points))) if points else Known(None)
            self.scores[id, what] = value


def award_range(
    plan: Plan,
    leaf: PlannedLeaf,
    truths: frozenset[bool],
    outcome: LeafOutcome | None,
    quanta: int,
    failing: dict[int, JmrulesError],
) -> Range | None:
    """The awards of a leaf with so many points that is not excluded; None where it has none."""
    rounded = ROUND[plan.ruleset.rounding.mode]
    found: list[Range] = []

    def at(low: Fraction, high: Fraction) -> Range:
        return Range(
            rounded(low.numerator * quanta, low.denominator), rounded(high.numerator * quanta, high.denominator)
        )

    if False in truths and leaf.leaf.applies is not None and leaf.leaf.applies.otherwise != "exclude":
        whole = quanta if leaf.leaf.applies.otherwise == "full" else 0
        found.append(Range(whole, whole))
    if outcome is not None:
        shares = outcome.shares
        if True in truths and shares.low is not None and shares.high is not None:
            found.append(at(shares.low, shares.high))
        if shares.error is not None:
            if leaf.undefined is not None:
                found.append(at(leaf.undefined, leaf.undefined))
            else:
                failing[leaf.index] = shares.error
    return Range(min(each.low for each in found), max(each.high for each in found)) if found else None


def _hull(plan: Plan, world: World, conditions: Mapping[int, tuple[frozenset[bool], bool]]) -> SheetBounds:
    """Too many exclusions are open: a leaf that stays has at least its stated points, and at most all of the sheet's."""
    failing: dict[int, JmrulesError] = {}
    whole = sum(leaf.quanta for leaf in plan.leaves)
    awards: dict[str, Range] = {}
    points: dict[str, Range] = {}
    for leaf in plan.leaves:
        if SCORES in world.engine.leaf_reads[leaf.index]:
            awards[leaf.leaf.id], points[leaf.leaf.id] = Range(0, whole), Range(0, whole)
            continue
        outcome = world.leaf(leaf)
        may_go = leaf.index in conditions and False in conditions[leaf.index][0]
        may_go = may_go and leaf.leaf.applies is not None and leaf.leaf.applies.otherwise == "exclude"
        found = [
            award
            for quanta in (leaf.quanta, whole)
            if (award := award_range(plan, leaf, outcome.applies, outcome, quanta, failing)) is not None
        ]
        if not found and not may_go:
            raise Impossible
        low = 0 if may_go or not found else found[0].low
        awards[leaf.leaf.id] = Range(low, found[-1].high if found else 0)
        points[leaf.leaf.id] = Range(0 if may_go else leaf.quanta, whole)
    for id, group in plan.groups.items():
        below = [plan.leaves[index].leaf.id for index in group.leaves]
        total = summed([awards[leaf] for leaf in below])
        awards[id] = Range(total.low, min(total.high, whole))
        points[id] = Range(sum(points[leaf].low for leaf in below), whole)
    total = summed([awards[leaf.leaf.id] for leaf in plan.leaves])
    return SheetBounds(awards, points, Range(total.low, min(total.high, whole)), failing)

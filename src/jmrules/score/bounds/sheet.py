"""From what leaves may yield to points: who is excluded, where points go, what groups and the total come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import EvaluationError, JmrulesError
from jmrules.feel.possible import NULL, Possible, Span, Value, number_of
from jmrules.feel.possible.operators import arithmetic, condition
from jmrules.memo import kept
from jmrules.methods.shares import Share, pair
from jmrules.plan import Derive, Plan
from jmrules.ruleset import SCORES
from jmrules.score.bounds.engine import Contradicted, Engine, LeafOutcome, World
from jmrules.score.bounds.shares import NO_SHARES, Shares, exactly
from jmrules.score.sheet import Case, combined, most_on_sheet, most_taken, points_without, rounded_award, score_sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Set

    from jmrules.plan import PlannedLeaf

#: the truths that a condition may have, and why it may have none
Condition = tuple[frozenset[bool], JmrulesError | None]

#: the sheet itself among the nodes, where its sum is not that of the awards
SHEET = "."

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

    def over(self, base: SheetBounds) -> SheetBounds:
        """The sheet ``base`` with the nodes of this one in the place of its own."""
        return SheetBounds({**base.awards, **self.awards}, {**base.points, **self.points}, self.total, self.failing)


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
    outcomes = {
        leaf.index: None if SCORES in engine.leaf_reads[leaf.index] else world.leaf(leaf) for leaf in plan.leaves
    }
    conditions = {leaf.index: _condition(world, leaf, outcomes) for leaf in plan.leaves if leaf.applies}
    open_texts = _open(plan, conditions)
    if len(open_texts) > MOST_CONDITIONS:
        return score_sheet(Possibility(world, outcomes, conditions, None))
    merged: SheetBounds | None = None
    for excluding in product((False, True), repeat=len(open_texts)):
        decided = dict(zip(open_texts, excluding, strict=True))
        try:
            found = score_sheet(Possibility(world, outcomes, conditions, decided))
        except Impossible:
            continue
        merged = found if merged is None else _merged(merged, found)
    if merged is None:
        raise Impossible
    return merged


def _condition(world: World, leaf: PlannedLeaf, outcomes: Mapping[int, LeafOutcome | None]) -> Condition:
    outcome = outcomes[leaf.index]
    if outcome is None:
        assert leaf.applies is not None
        return condition(world.read(leaf.applies))
    # Where it may apply, the error of its shares is that of its condition too.
    return outcome.applies, None if True in outcome.applies else outcome.shares.error


def _text(leaf: PlannedLeaf) -> str:
    assert leaf.applies is not None
    return leaf.applies.expression.text


def _open(plan: Plan, conditions: Mapping[int, Condition]) -> list[str]:
    """Conditions, by their text, that may exclude a leaf or not: leaves with the same condition go together."""
    found: dict[str, None] = {}
    for index, (truths, error) in conditions.items():
        leaf = plan.leaves[index]
        assert leaf.leaf.applies is not None
        if leaf.leaves_the_sheet and False in truths and (True in truths or error):
            found[_text(leaf)] = None
    return list(found)


def _merged(one: SheetBounds, other: SheetBounds) -> SheetBounds:
    return SheetBounds(
        {id: award.joined(other.awards[id]) for id, award in one.awards.items()},
        {id: points.joined(other.points[id]) for id, points in one.points.items()},
        one.total.joined(other.total),
        {**one.failing, **other.failing},
    )


#: somewhere among what is possible
_MAY = True


class Possibility:
    """The arithmetic of what is possible, for one way in which the conditions that exclude leaves may turn out.

    Where that is open for too many of them, none is decided: a leaf that may leave the sheet has from nothing to all of its points, and
    one that stays from its stated points to all of the sheet's.
    """

    always: Case[JmrulesError | bool] = Case(_MAY, None, None)

    def __init__(
        self,
        world: World,
        outcomes: Mapping[int, LeafOutcome | None],
        conditions: Mapping[int, Condition],
        decided: Mapping[str, bool] | None,
    ) -> None:
        """``outcomes``: of the leaves that read no scores. ``decided``: by the text of a condition, whether its leaves leave."""
        self.plan = world.engine.plan
        self.scores: dict[tuple[str, str], Value] = {}
        self.world = World(world.engine, world.given, self.scores)
        self.outcomes, self.conditions, self.decided = outcomes, conditions, decided
        self.whole = most_on_sheet(self.plan)
        self.points: Sequence[Range] = ()
        self.awards: dict[int, Range] = {}
        #: leaves that may be undefined without a share declared for that, and why
        self.failing: dict[int, JmrulesError] = {}

    def applies(self, leaf: PlannedLeaf) -> Case[JmrulesError | bool]:
        """Any of the three, or several."""
        truths, error = self.conditions[leaf.index]
        leaves = None if self.decided is None else self.decided.get(_text(leaf))
        if leaves:
            return Case(None, _MAY, None)
        return Case(True in truths or None, (False in truths and leaves is None) or None, error)

    def allocate(self, leaving: Mapping[int, JmrulesError | bool]) -> None:
        """Move the points of what is excluded; raises Impossible where nothing is left."""
        if self.decided is None:
            self.points = [self._undecided(leaf, leaf.index in leaving) for leaf in self.plan.leaves]
            return
        try:
            quanta = points_without(self.plan, frozenset(leaving)).quanta
        except EvaluationError:
            raise Impossible from None
        self.points = [Range(each, each) for each in quanta]

    def _undecided(self, leaf: PlannedLeaf, may_leave: bool) -> Range:
        """The points of a leaf where it is open who leaves."""
        if leaf.leaf.effect is not None:
            return Range(leaf.quanta, leaf.quanta)
        return Range(0 if may_leave else leaf.quanta, self.whole)

    def share(self, leaf: PlannedLeaf, where: JmrulesError | bool) -> tuple[Shares | None, JmrulesError | bool | None]:
        """The hull of its shares."""
        shares = (self.outcomes[leaf.index] or self.world.leaf(leaf)).shares
        return (None if shares.low is None else shares), shares.error

    def constant(self, leaf: PlannedLeaf, share: Share) -> Shares:
        """It is certain."""
        return exactly(Fraction(*share))

    def award(self, leaf: PlannedLeaf, earned: Sequence[tuple[JmrulesError | bool, Shares]]) -> None:
        """The hull of all: the more share and points, the more it earns."""
        found = NO_SHARES
        for _, shares in earned:
            found = found.joined(shares)
        assert found.low is not None and found.high is not None
        points = self.points[leaf.index]
        self.awards[leaf.index] = Range(
            rounded_award(leaf, pair(found.low), points.low), rounded_award(leaf, pair(found.high), points.high)
        )

    def fail(self, leaf: PlannedLeaf, where: JmrulesError | bool) -> None:
        """There may be no score."""
        assert isinstance(where, JmrulesError)
        self.failing[leaf.index] = where

    def derive(self, step: Derive) -> None:
        """It is read when it is needed."""

    def publish(self, id: str, leaves: Sequence[int]) -> None:
        """Where the world reads them."""
        values = score_values(self.plan, id, *self._together(leaves))
        self.scores.update({(id, what): values[id, what] for what, _ in self.plan.scores_read[id]})

    def _together(self, leaves: Sequence[int]) -> tuple[Range, Range]:
        """Award and points of some leaves; of the sheet's, no more than it has."""
        award, points = (summed([of[index] for index in leaves]) for of in (self.awards, self.points))
        if leaves and leaves[0] >= self.plan.on_sheet:
            return award, points
        return Range(award.low, min(award.high, self.whole)), Range(points.low, min(points.high, self.whole))

    def total(self, failed: Set[str]) -> SheetBounds:
        """All of the sheet; raises Impossible where it has no score."""
        if failed:
            raise Impossible
        return self.summed_up(None)

    def summed_up(self, changed: Collection[int] | None) -> SheetBounds:
        """The sheet, or of its nodes those that hold these leaves."""
        nodes = _nodes(self.plan)
        if changed is None:
            ids: Iterable[str] = nodes
        else:
            above = _holding(self.plan)
            ids = {id: None for index in changed for id in above[index]}
        found = {id: self._together(nodes[id]) for id in ids}
        return SheetBounds(
            {id: award for id, (award, _) in found.items()},
            {id: points for id, (_, points) in found.items()},
            self._sum(),
            self.failing,
        )

    def _sum(self) -> Range:
        """What the sheet and the lines beside it come to: most where most is earned of fewest points."""
        plan = self.plan
        award, points = self._together(range(plan.on_sheet))
        beside = summed([self.awards[leaf.index] for leaf in plan.leaves[plan.on_sheet :]])
        taken = most_taken(plan)
        fewest = max(points.low, award.high, 1)
        return Range(
            combined(plan, award.low, max(points.high, 1), beside.low - taken),
            combined(plan, award.high, fewest, beside.high - taken),
        )


@kept
def _nodes(plan: Plan) -> dict[str, Sequence[int]]:
    """The leaves of every node."""
    nodes: dict[str, Sequence[int]] = {leaf.leaf.id: (leaf.index,) for leaf in plan.leaves}
    nodes |= {id: group.leaves for id, group in plan.groups.items()}
    return {**nodes, SHEET: range(plan.on_sheet)} if plan.beside_or_scaled else nodes


@kept
def _holding(plan: Plan) -> list[list[str]]:
    """For every leaf the nodes that hold it."""
    found: list[list[str]] = [[] for _ in plan.leaves]
    for id, leaves in _nodes(plan).items():
        for index in leaves:
            found[index].append(id)
    return found


def score_values(plan: Plan, id: str, award: Range, points: Range) -> dict[tuple[str, str], Value]:
    """What expressions read of an indicator's score."""
    digits = -plan.ruleset.rounding.leaf

    def value(found: Range) -> Value:
        return number_of(Span(Decimal(found.low).scaleb(digits), Decimal(found.high).scaleb(digits)))

    awarded, of = value(award), value(points)
    if points.low:
        rate = arithmetic("/", awarded, of)
    else:
        rate = Possible(Span(Decimal(0), Decimal(1)), null=True) if points.high else NULL
    return {(id, "awarded"): awarded, (id, "points"): of, (id, "rate"): rate}

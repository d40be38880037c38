"""Facts that would take a branch that no case takes: a case's facts, changed in as few places as the search finds.

The search is bounded and may find nothing; what it finds has been scored and does take the branch.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from itertools import chain, islice
from random import Random
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.cases.branches import TOTAL
from jmrules.cases.hits import hits_of_leaf, taken
from jmrules.cases.moves import Change, Move, Moves
from jmrules.errors import JmrulesError
from jmrules.evaluation import run
from jmrules.facts import all_hold, bind
from jmrules.feel import CONTEXT, EXACT
from jmrules.score.exact import Rescoring, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jmrules.cases.branches import Branch
    from jmrules.evaluation import Evaluation
    from jmrules.plan import Plan, PlannedLeaf

#: evaluations spent on the branches of one leaf: for one change, for two, for a few drawn by chance
FIRST, SECOND, THIRD = 2000, 3000, 4000
#: changes made one after the other towards a grade, and evaluations spent on each
CLIMB, EACH = 12, 2000


@frozen
class Suggestion:
    """A case's facts with changes."""

    case: str
    changes: tuple[Change, ...]
    #: all facts, plain
    facts: Mapping[str, Any]


@frozen(eq=False)
class _Start:
    """A case's bound facts."""

    case: str
    evaluation: Evaluation
    values: list[Any]


def suggestions(
    plan: Plan, evaluations: Iterable[tuple[str, Evaluation]], uncovered: Iterable[Branch]
) -> dict[str, Suggestion]:
    """For the id of each uncovered branch facts that would take it, where some are found."""
    missing: dict[str, list[str]] = {}
    for branch in uncovered:
        missing.setdefault(branch.owner, []).append(branch.id)
    if not missing:
        return {}
    with localcontext(EXACT):
        starts = [
            _Start(case, evaluation, bind(plan.ruleset, evaluation.facts))
            for case, evaluation in evaluations
            if evaluation.plan.ruleset == plan.ruleset
        ]
        found: dict[str, Suggestion] = {}
        for leaf in plan.leaves:
            if leaf.leaf.id in missing:
                found |= _Search(plan, leaf, set(missing[leaf.leaf.id])).among(starts)
        for id in missing.get(TOTAL, ()):
            suggestion = _towards_grade(plan, starts, id.removeprefix(f"{TOTAL}: grade "))
            if suggestion is not None:
                found[id] = suggestion
    return found


_Try = tuple[_Start, tuple[Move, ...]]


class _Search:
    """The search for the branches of one leaf."""

    def __init__(self, plan: Plan, leaf: PlannedLeaf, wanted: set[str]) -> None:
        self.plan, self.leaf, self.wanted = plan, leaf, wanted
        self.moves = Moves(plan, (leaf,))
        self.rescoring = Rescoring(plan)
        self.found: dict[str, Suggestion] = {}

    def among(self, starts: Sequence[_Start]) -> dict[str, Suggestion]:
        """One change, then two, then more, starting from the cases that score the leaf by its method."""
        near = sorted(starts, key=lambda start: self._far(start.evaluation))
        self._try(islice(self._single(near), FIRST))
        if self.wanted:
            self._try(islice(self._double(near), SECOND))
        if self.wanted:
            self._try(islice(self._shaken(near), THIRD))
        return self.found

    def _far(self, evaluation: Evaluation) -> int:
        outcome, index = evaluation.outcome, self.leaf.index
        return int(index in outcome.causes) + int(outcome.applies[index] is not True)

    def _single(self, starts: Sequence[_Start]) -> Iterator[_Try]:
        return _in_turn([self._alone(start) for start in starts])

    def _alone(self, start: _Start) -> Iterator[_Try]:
        for move in self.moves.of(start.values):
            yield start, (move,)

    def _double(self, starts: Sequence[_Start]) -> Iterator[_Try]:
        """A change of kind, and then another: in the same item first, where fields explain each other."""
        return chain(
            _in_turn([self._pairs(start, within=True) for start in starts]),
            _in_turn([self._pairs(start, within=False) for start in starts]),
        )

    def _shaken(self, starts: Sequence[_Start]) -> Iterator[_Try]:
        # The same facts are found every time.
        chance = Random(0)
        while starts:
            for start in starts:
                yield start, self.moves.shaken(start.values, chance)

    def _pairs(self, start: _Start, *, within: bool) -> Iterator[_Try]:
        for first in self.moves.of(start.values, coarse=True):
            if within and first.item is None:
                continue
            changed = first.applied(start.values)
            for second in self.moves.of(changed, within=first if within else None):
                yield start, (first, second)

    def _try(self, tries: Iterable[_Try]) -> None:
        for start, moves in tries:
            for id in self._reached(start, moves) & self.wanted:
                needed = self._fewest(start, moves, id)
                self.found[id] = _suggestion(self.plan, start, needed)
                self.wanted.discard(id)
            if not self.wanted:
                return

    def _reached(self, start: _Start, moves: tuple[Move, ...]) -> frozenset[str]:
        """Which of the wanted branches the changed facts take; none where they have no score."""
        values = _after(start, moves)
        try:
            found = self._taken(start, {move.fact for move in moves}, values) & self.wanted
            if found:
                # The whole sheet must have a score, not this leaf alone.
                run(self.plan, values, start.evaluation.given)
        except JmrulesError:
            return frozenset()
        return found if not found or all_hold(self.plan.ruleset, values) else frozenset()

    def _fewest(self, start: _Start, moves: tuple[Move, ...], id: str) -> tuple[Move, ...]:
        """The moves without those that are not needed."""
        for index in reversed(range(len(moves))):
            fewer = moves[:index] + moves[index + 1 :]
            if fewer and id in self._reached(start, fewer):
                return self._fewest(start, fewer, id)
        return moves

    def _taken(self, start: _Start, changed: set[str], values: list[Any]) -> frozenset[str]:
        """The leaf's branches under changed facts."""
        if not self.rescoring.alone:
            return hits_of_leaf(run(self.plan, values, start.evaluation.given), self.leaf)
        slots = [*values, *slots_of(start.evaluation.outcome)[len(values) :]]
        slots = self.rescoring.slots(slots, self.rescoring.reached(changed)[0])
        came = self.rescoring.leaf(self.leaf, slots, self.leaf.quanta)
        return taken(self.plan, self.leaf, slots, came.applies, came.cause, came.share)


def _in_turn(tries: list[Iterator[_Try]]) -> Iterator[_Try]:
    """Some of each, then more of each: no case uses up the whole search."""
    while tries:
        for each in tuple(tries):
            some = list(islice(each, 50))
            yield from some
            if len(some) < 50:
                tries.remove(each)


def _after(start: _Start, moves: Iterable[Move]) -> list[Any]:
    values = start.values
    for move in moves:
        values = move.applied(values)
    return values


def _suggestion(plan: Plan, start: _Start, moves: tuple[Move, ...]) -> Suggestion:
    values = _after(start, moves)
    facts = {fact.id: value for fact, value in zip(plan.ruleset.facts, values, strict=True) if value is not None}
    return Suggestion(start.case, tuple(move.change for move in moves), facts)


def _towards_grade(plan: Plan, starts: Sequence[_Start], grade: str) -> Suggestion | None:
    """Change one fact at a time, whichever brings the total nearest to the grade."""
    ranges = next(ranges for each, ranges in plan.grades if each.id == grade)
    lows = [plan.ruleset.least if interval.low.at is None else interval.low.at for interval in ranges]
    highs = [plan.ruleset.most if interval.high.at is None else interval.high.at for interval in ranges]
    # Towards the middle of the grade, not its edge: an edge may be out of reach, or belong to the next grade.
    middle = CONTEXT.divide(max(min(lows), plan.ruleset.least) + min(max(highs), plan.ruleset.most), Decimal(2))

    def distance(evaluation: Evaluation) -> tuple[bool, Decimal]:
        return evaluation.grade.id != grade, abs(evaluation.total - middle)

    start = min(starts, key=lambda start: distance(start.evaluation), default=None)
    if start is None:
        return None
    all_moves = Moves(plan, plan.leaves)
    values, best, made = start.values, distance(start.evaluation), list[Move]()
    for _ in range(CLIMB):
        step: tuple[tuple[bool, Decimal], Move] | None = None
        for move in islice(all_moves.of(values, coarse=True), EACH):
            try:
                reached = distance(run(plan, move.applied(values), start.evaluation.given))
            except JmrulesError:
                continue
            nearer = reached < (best if step is None else step[0])
            if nearer and all_hold(plan.ruleset, move.applied(values)):
                step = reached, move
                if not reached[0]:
                    break
        if step is None:
            return None
        best, move = step
        values, made = move.applied(values), [*made, move]
        if not best[0]:
            return _suggestion(plan, start, tuple(made))
    return None

"""The smallest change to a department's facts that reaches a goal: fewest facts, then least cost."""

from __future__ import annotations

from decimal import Decimal, localcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.errors import Text
from jmrules.evaluation import evaluate
from jmrules.facts import bind, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.plan import plan_of
from jmrules.score import most_sum, most_taken, total_and_grade
from jmrules.whatif.changes import Change, changed_facts
from jmrules.whatif.cheapest import Hit, Wanted, cheapest
from jmrules.whatif.goal import Goal, goal_of
from jmrules.whatif.paths import FactPath, called, declaration_of, parse_path
from jmrules.whatif.prospect import Prospect
from jmrules.whatif.sets import SetSearch
from jmrules.whatif.variables import variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.plan import Plan
    from jmrules.ruleset import Ruleset
    from jmrules.score.bounds import SheetBounds

Outcome = Literal["already", "reached", "impossible", "not within", "not found"]

#: sheets looked at for all sets of one size, and sets pursued
LOOKS, NODES, SETS = 1500, 6000, 400
#: sheets looked at for the best value of one fact
LOOKS_ALONE = 100


@frozen(eq=False)
class Way:
    """Changes that reach the goal, and the score after them."""

    changes: tuple[Change, ...]
    cost: Decimal
    evaluation: Evaluation


@frozen
class Ceiling:
    """The most that an indicator can come to, whatever is changed."""

    id: str
    label: Text
    points: Decimal
    now: Decimal
    most: Decimal


@frozen(eq=False)
class Reach:
    """What it takes to reach a goal.

    ``already``: nothing. ``reached``: ``ways`` do. ``impossible``: no change does, and ``ceilings`` prove it. ``not within``: no
    change of at most ``within`` facts does, and that is proved. ``not found``: the search ended before it could tell.
    """

    outcome: Outcome
    goal: Goal
    before: Evaluation
    #: the smallest first; all change equally many facts
    ways: tuple[Way, ...]
    #: whether it is proved that no smaller change reaches the goal
    smallest: bool
    #: no change of so many facts or fewer reaches the goal: proved
    within: int
    #: the most that the total can be, whatever is changed
    most: Decimal
    ceilings: tuple[Ceiling, ...]
    #: values of facts that could be changed
    variables: tuple[FactPath, ...] = field(repr=False)

    def __repr__(self) -> str:
        return brief(
            self, self.outcome, f"total {self.before.total:f}", f"{len(self.ways)} ways", f"most {self.most:f}"
        )


def reach(
    ruleset: Ruleset,
    facts: Facts | Mapping[str, Any],
    *,
    grade: str | None = None,
    total: Decimal | int | None = None,
    hold: Iterable[str] = (),
    facts_at_most: int = 3,
    alternatives: int = 3,
) -> Reach:
    """The smallest changes that reach at least a grade, or a total, or both.

    A change sets single values, those of facts and of fields of items, to others that their declarations allow; items are
    neither added nor removed, and no value is taken away. Numbers keep to the decimals declared, else to those of the present
    value and at least to hundredths (of a percent, for ratios). A change costs, for each number, its size times the
    declaration's ``cost`` (1 if none), and for any other value that ``cost``. Facts declared not ``changeable`` stay.

    Args:
        ruleset: a loaded ruleset.
        facts: as for ``evaluate``; all must be known.
        grade: id or label of the least grade.
        total: the least total.
        hold: facts, fields (``outputs.target``) or places (``outputs[2].target``) that stay as they are.
        facts_at_most: how many values a proven smallest change may have.
        alternatives: how many ways to look for.

    Raises:
        FactsError: the facts do not fit the ruleset, or a name held is none of theirs.
        EvaluationError: there is no score at present.
        GoalError: no goal, or one that the ruleset does not know.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    plan = plan_of(ruleset)
    goal = goal_of(plan, grade, None if total is None else Decimal(total))
    held = [parse_path(name) for name in hold]
    for path in held:
        declaration_of(ruleset, path)
    before = evaluate(ruleset, facts)
    with localcontext(EXACT):
        values = bind(ruleset, facts)
        found = variables(plan, values, lambda path: not any(path.within(each) for each in held))
        return _Reaching(Prospect(before, values, found), goal, before, alternatives).found(facts_at_most)


class _Reaching:
    """The search under way."""

    def __init__(self, prospect: Prospect, goal: Goal, before: Evaluation, alternatives: int) -> None:
        self.prospect, self.goal, self.before, self.alternatives = prospect, goal, before, alternatives
        self.wanted = Wanted(lambda sheet: goal.possible(sheet.total.high), goal.reached)
        self.search = SetSearch(prospect, goal, LOOKS, NODES)
        everything = prospect.opened(range(len(prospect.variables)))
        assert everything is not None
        self.highest = everything.total.high

    def found(self, facts_at_most: int) -> Reach:
        """The answer."""
        if self.goal.reached(self.before):
            return self._answer("already", (), smallest=True, within=0)
        if not (self.goal.possible(self.highest) and self.goal.possible_with(sum(self.search.all))):
            return self._answer("impossible", (), smallest=True, within=len(self.prospect.variables))
        within, proved = 0, True
        for size in range(1, min(facts_at_most, len(self.search.order)) + 1):
            self.search.renew(LOOKS, NODES)
            sets = list(islice(self.search.of_size(size), SETS + 1))
            complete = self.search.complete and len(sets) <= SETS
            hits = cheapest(self.prospect, sets[:SETS], self.wanted, most=self.alternatives, looks=LOOKS)
            if hits.hits:
                # The first one found is the cheapest of all sets, even where the search for others was cut short.
                smallest = complete and self._settled(sets, hits.hits[0].cost)
                return self._answer("reached", hits.hits, smallest=smallest, within=within)
            proved = complete and hits.complete and self._settled(sets, None)
            if not proved:
                break
            within = size
        if proved and within >= len(self.search.order):
            return self._answer("not within", (), smallest=True, within=len(self.prospect.variables))
        hit = self._many()
        if hit is not None:
            return self._answer("reached", (hit,), smallest=False, within=within)
        return self._answer("not within" if proved else "not found", (), smallest=False, within=within)

    def _settled(self, sets: Iterable[tuple[int, ...]], cost: Decimal | None) -> bool:
        """Whether no set could do with values that were not tried, for less than this cost."""
        for chosen in sets:
            variables = [self.prospect.variables[index] for index in chosen]
            if not all(each.exhaustive for each in variables):
                least = sum((min(choice.cost for choice in each.choices) for each in variables), Decimal(0))
                if cost is None or least < cost:
                    return False
        return True

    def _many(self) -> Hit | None:
        """A change of more facts: to each, alone, the value that earns most, the greatest gain first, until it is enough."""
        now = sum(self.before.outcome.awards)
        gains: list[tuple[int, int, Any]] = []
        for index in self.search.order:
            most = self.search.most((index,))
            if most > now:
                best = _earning(self.prospect.plan, most)
                gains += [
                    (most - now, index, hit.chosen[index])
                    for hit in cheapest(self.prospect, [(index,)], best, looks=LOOKS_ALONE).hits
                ]
        chosen: dict[int, Any] = {}
        total = self.before.total
        for _, index, value in sorted(gains, key=lambda gain: (-gain[0], gain[1])):
            more = {**chosen, index: value}
            evaluation = self.prospect.verified(more)
            if evaluation is None or evaluation.total <= total:
                continue
            chosen, total = more, evaluation.total
            if self.goal.reached(evaluation):
                return self._without_idle(self._hit(chosen, evaluation))
        return None

    def _hit(self, chosen: Mapping[int, Any], evaluation: Evaluation) -> Hit:
        cost = sum((self.prospect.variables[index].cost_of(value) for index, value in chosen.items()), Decimal(0))
        return Hit(cost, chosen, evaluation)

    def _without_idle(self, hit: Hit) -> Hit:
        """The hit without changes that it does not need."""
        for index in hit.chosen:
            fewer = {other: value for other, value in hit.chosen.items() if other != index}
            evaluation = self.prospect.verified(fewer)
            if evaluation is not None and self.goal.reached(evaluation):
                return self._without_idle(self._hit(fewer, evaluation))
        return hit

    def _answer(self, outcome: Outcome, hits: Iterable[Hit], *, smallest: bool, within: int) -> Reach:
        plan = self.prospect.plan
        digits = -plan.ruleset.rounding.leaf
        ceilings = tuple(
            Ceiling(
                leaf.leaf.id,
                leaf.leaf.label,
                Decimal(self.before.outcome.allocation.quanta[leaf.index]).scaleb(digits),
                Decimal(self.before.outcome.awards[leaf.index]).scaleb(digits),
                Decimal(self.search.all[leaf.index]).scaleb(digits),
            )
            for leaf in plan.leaves
        )
        return Reach(
            outcome,
            self.goal,
            self.before,
            tuple(self._way(hit) for hit in hits),
            smallest,
            within,
            total_and_grade(plan, min(self.highest, most_sum(plan)))[0],
            ceilings,
            tuple(variable.path for variable in self.prospect.variables),
        )

    def _way(self, hit: Hit) -> Way:
        """The way as the facts document with these changes gives it."""
        changes = []
        for index, value in sorted(hit.chosen.items()):
            variable = self.prospect.variables[index]
            declared = variable.declaration
            changes.append(Change(variable.path, variable.label, declared.unit, variable.now, value, called(declared)))
        after = evaluate(
            self.prospect.plan.ruleset, changed_facts(self.prospect.facts, self.prospect.in_json(hit.chosen))
        )
        return Way(tuple(changes), hit.cost, after)


def _earning(plan: Plan, most: int) -> Wanted:
    """Awards of ``most`` quanta together; where the sheet is scaled, its sum does not tell whether it may come to them."""

    def may(sheet: SheetBounds) -> bool:
        return plan.ruleset.scale is not None or sheet.total.high >= most - most_taken(plan)

    return Wanted(may, lambda score: sum(score.outcome.awards) >= most)

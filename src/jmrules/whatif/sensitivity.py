"""What one unit of each fact is worth at the present point, and how far it is to where the score next changes."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve, field, frozen

from jmrules.brief import brief
from jmrules.errors import Text
from jmrules.evaluation import evaluate
from jmrules.facts import bind, domain_of, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.frozen import frozen_mapping
from jmrules.plan import plan_of
from jmrules.whatif.cheapest import Wanted, cheapest
from jmrules.whatif.choices import Grid
from jmrules.whatif.paths import FactPath, called, declaration_of, parse_path
from jmrules.whatif.prospect import Prospect
from jmrules.whatif.variables import Variable, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.ruleset import Grade, Ruleset
    from jmrules.score.bounds import SheetBounds

#: sheets that are looked at, at most, for one threshold
LOOKS = 600


@frozen
class Effect:
    """What another value of a fact would do."""

    value: Any
    #: change of the total, as rules limit it
    change: Decimal
    total: Decimal
    grade: Grade
    #: change of each indicator's award, where there is one
    indicators: Mapping[str, Decimal] = field(converter=frozen_mapping)


@frozen
class Threshold:
    """Where the score next changes in one direction."""

    #: None where it does not change any more, or no change was found
    effect: Effect | None
    #: whether the search went to the end: an effect is the nearest, none is that there is none
    certain: bool


@frozen
class Sensitivity:
    """What one value in the facts is worth."""

    path: FactPath
    label: Text
    unit: str | None
    type: Literal["number", "boolean", "string", "date"]
    now: Any
    #: numbers: the step that ``up`` and ``down`` take
    step: Decimal | None
    #: numbers: a step more and a step less; None where that is not allowed, or leaves no score
    up: Effect | None
    down: Effect | None
    #: numbers: where some indicator's award next changes
    next_up: Threshold | None
    next_down: Threshold | None
    #: other values: each that it could be
    others: tuple[Effect, ...] = ()
    #: what strings that it may be are called
    called: Mapping[str, Text] = field(factory=dict, converter=frozen_mapping)

    def __repr__(self) -> str:
        return brief(self, self.label.zh, f"now {self.now}", f"matters {self.matters}")

    @property
    def matters(self) -> bool:
        """Whether any value looked at changes the score."""
        near = [each.effect for each in (self.next_up, self.next_down) if each is not None]
        effects = (self.up, self.down, *near, *self.others)
        return any(effect is not None and (effect.indicators or effect.change) for effect in effects)

    @property
    def most(self) -> Decimal:
        """The greatest change of the total that one step, or another value, makes, whichever way."""
        effects = [effect for effect in (self.up, self.down, *self.others) if effect is not None]
        return max((abs(effect.change) for effect in effects), default=Decimal(0))


def sensitivity(
    ruleset: Ruleset, facts: Facts | Mapping[str, Any], names: Iterable[str] = ()
) -> tuple[Sensitivity, ...]:
    """What each single value that the score reads is worth.

    Args:
        ruleset: a loaded ruleset.
        facts: as for ``evaluate``; all must be known.
        names: facts, fields (``outputs.actual``: of every item) or places (``outputs[2].actual``) to look at; all if none.

    Raises:
        FactsError: the facts do not fit the ruleset, or a name is none of theirs.
        EvaluationError: there is no score.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    plan = plan_of(ruleset)
    wanted = [parse_path(name) for name in names]
    for path in wanted:
        declaration_of(ruleset, path)
    before = evaluate(ruleset, facts)
    with localcontext(EXACT):
        values = bind(ruleset, facts)
        asked = variables(plan, values, lambda path: not wanted or any(path.within(each) for each in wanted))
        prospect = Prospect(before, values, asked)
        return tuple(_Looking(prospect, before, index, variable).found() for index, variable in enumerate(asked))


def step_of(variable: Variable) -> Decimal:
    """One unit, or one percentage point, but no less than the smallest difference that the declaration allows."""
    one = Decimal("0.01") if variable.declaration.unit == "ratio" else Decimal(1)
    return max(one, domain_of(variable.declaration).step or one)


class _Looking:
    """A look at one variable."""

    def __init__(self, prospect: Prospect, before: Evaluation, index: int, variable: Variable) -> None:
        self.prospect, self.before, self.index, self.variable = prospect, before, index, variable
        self.awards = {
            leaf.leaf.id: award for leaf, award in zip(prospect.plan.leaves, before.outcome.awards, strict=True)
        }

    def found(self) -> Sensitivity:
        """All there is to say of it."""
        variable = self.variable
        up = down = next_up = next_down = step = None
        others: tuple[Effect, ...] = ()
        if variable.declaration.type == "number":
            next_up, next_down = self._threshold(upwards=True), self._threshold(upwards=False)
            if variable.now is not None:
                step = step_of(variable)
                up, down = self._at(variable.now + step), self._at(variable.now - step)
        else:
            values = [value for choice in variable.choices if not isinstance(choice, Grid) for value in choice.values]
            effects = [self._at(value) for value in values]
            others = tuple(effect for effect in effects if effect is not None)
        kind: Any = variable.declaration.type
        return Sensitivity(
            variable.path,
            variable.label,
            variable.declaration.unit,
            kind,
            variable.now,
            step,
            up,
            down,
            next_up,
            next_down,
            others,
            called(variable.declaration),
        )

    def _at(self, value: Any) -> Effect | None:
        evaluation = self.prospect.verified({self.index: value})
        return None if evaluation is None else self._effect(value, evaluation)

    def _effect(self, value: Any, evaluation: Evaluation) -> Effect:
        digits = -self.prospect.plan.ruleset.rounding.leaf
        changes = zip(self.awards, self.before.outcome.awards, evaluation.outcome.awards, strict=True)
        indicators = {id: Decimal(new - old).scaleb(digits) for id, old, new in changes if new != old}
        total = evaluation.total
        return Effect(value, total - self.before.total, total, evaluation.grade, indicators)

    def _threshold(self, *, upwards: bool) -> Threshold | None:
        """The nearest value at which some award changes; None where there is no present value to start from."""
        now = self.variable.now
        if now is None:
            return None
        grids = (choice for choice in self.variable.choices if isinstance(choice, Grid))
        # Here distance counts, not what the change would cost.
        choices = tuple(evolve(grid, rate=Decimal(1)) for grid in grids if (grid.nearest > now) is upwards)
        wanted = Wanted(self._may_change, lambda found: list(found.outcome.awards) != list(self.before.outcome.awards))
        hits = cheapest(self.prospect, [(self.index,)], wanted, looks=LOOKS, choices={self.index: choices})
        effects = [self._effect(hit.chosen[self.index], hit.evaluation) for hit in hits.hits]
        return Threshold(effects[0] if effects else None, hits.complete)

    def _may_change(self, sheet: SheetBounds) -> bool:
        return any(sheet.awards[id].low != award or sheet.awards[id].high != award for id, award in self.awards.items())

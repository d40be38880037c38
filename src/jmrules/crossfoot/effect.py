"""What the figures are worth on the sheet: points that moved, and what a question would change."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from jmrules.crossfoot.results import Effect, Side, Standing
from jmrules.errors import EvaluationError, JmrulesError
from jmrules.feel import EXACT
from jmrules.feel.possible import Known, Value
from jmrules.memo import kept
from jmrules.plan import plan_of
from jmrules.ruleset import Leaf, derived_reading, nodes, reading_facts
from jmrules.score.bounds import Engine, Impossible, Range, SheetBounds, sheet_bounds
from jmrules.score.exact import Rescoring, score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.crossfoot.printed import Figures
    from jmrules.plan import Plan
    from jmrules.score.exact import Outcome, Scored


class Worth:
    """The sheet of a department, as far as its facts tell. Nothing is computed before it is asked for."""

    def __init__(self, figures: Figures, scored: Scored | None = None) -> None:
        """``scored``: the score of these facts, where it is known."""
        self.figures, self._scored = figures, scored
        self._unit = -figures.ruleset.rounding.leaf

    @cached_property
    def _engine(self) -> Engine:
        return Engine(plan_of(self.figures.ruleset), self.figures.possible)

    def _sheet(self, changed: Mapping[str, Value]) -> SheetBounds | None:
        """The sheet with some facts changed; None where there is none, or where it takes too much work to tell."""
        with localcontext(EXACT):
            try:
                return self._known_sheet(changed) or sheet_bounds(self._engine, changed)
            except (Impossible, JmrulesError):
                return None

    def _known_sheet(self, changed: Mapping[str, Value]) -> SheetBounds | None:
        """The sheet where all facts are known; None where one is not, or where the sheet has no score."""
        plan = plan_of(self.figures.ruleset)
        if not changed and self._scored is not None:
            return _sheet_of(plan, self._scored.outcome)
        if self._scored is not None and all(isinstance(value, Known) for value in changed.values()):
            near = _rescoring(plan).near(
                self._scored,
                {plan.slots[name]: value.value for name, value in changed.items() if isinstance(value, Known)},
            )
            if near is not None:
                return _sheet_of(plan, near.outcome)
        facts = [changed.get(name, value) for name, value in self.figures.possible.items()]
        values = [fact.value for fact in facts if isinstance(fact, Known)]
        if len(values) < len(facts):
            return None
        try:
            return _sheet_of(plan, score(plan, values, {}).outcome)
        except EvaluationError:
            return None

    @cached_property
    def _stated(self) -> SheetBounds | None:
        return self._sheet({})

    def points(self, id: str) -> Decimal | None:
        """The most points that an indicator has on this sheet, those moved to it counted; None where that is not known."""
        return None if self._stated is None else Decimal(self._stated.points[id].high).scaleb(self._unit)

    def effect(self, fact: str, more: Fraction) -> Effect | None:
        """What would follow if a fact were so much more than it is stated; None where that cannot be said."""
        ruleset = self.figures.ruleset
        declaration = self.figures.declarations[fact]
        stated = self.figures.number(declaration, self.figures.given.get(fact))
        if stated is None or self._stated is None:
            return None
        value = Fraction(stated) + more
        with localcontext(EXACT):
            number = Decimal(value.numerator) / Decimal(value.denominator)
        changed = {fact: Known(number)}
        after = self._sheet(changed) if Fraction(number) == value else None
        if after is None:
            return None
        reads = reading_facts(ruleset)
        standings = tuple(
            Standing(leaf.id, leaf.label, self._ends(self._stated, leaf.id), self._ends(after, leaf.id))
            for _, leaf in nodes(ruleset)
            if isinstance(leaf, Leaf)
            and (fact in reads[leaf.id] or self._stated.awards[leaf.id] != after.awards[leaf.id])
        )
        return Effect(fact, declaration.label, number, self._derived(fact, changed), standings)

    def _ends(self, sheet: SheetBounds, id: str) -> tuple[Decimal, Decimal]:
        award = sheet.awards[id]
        return Decimal(award.low).scaleb(self._unit), Decimal(award.high).scaleb(self._unit)

    def _derived(self, fact: str, changed: Mapping[str, Value]) -> tuple[Side, ...]:
        """The values that indicators read and that are computed from the fact, as they would be."""
        ruleset, found = self.figures.ruleset, []
        for derived in ruleset.derived:
            if derived.id in derived_reading(ruleset, fact) and derived.id in self.figures.derived:
                value = self.figures.changed(derived.id, changed)
                if value is not None:
                    found.append(Side(derived.label, value, derived.unit))
        return tuple(found)


def _sheet_of(plan: Plan, outcome: Outcome) -> SheetBounds:
    indexes = {leaf.leaf.id: (leaf.index,) for leaf in plan.leaves} | {
        id: group.leaves for id, group in plan.groups.items()
    }

    def ranges(quanta: Sequence[int]) -> dict[str, Range]:
        sums = {id: sum(quanta[index] for index in of) for id, of in indexes.items()}
        return {id: Range(found, found) for id, found in sums.items()}

    total = sum(outcome.awards)
    return SheetBounds(ranges(outcome.awards), ranges(outcome.allocation.quanta), Range(total, total), {})


@kept
def _rescoring(plan: Plan) -> Rescoring:
    return Rescoring(plan)

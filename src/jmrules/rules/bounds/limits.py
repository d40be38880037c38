"""Caps and vetoes where it is not known whether their rules fire: what total and grade may come to after them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules import feel
from jmrules.facts import Facts
from jmrules.feel.possible import Known, Possible, Reader, Span, Value, anything, number_of
from jmrules.feel.possible.operators import condition
from jmrules.methods.shapes import in_intervals
from jmrules.ruleset.rule_texts import CLAIMS, HISTORY, RESULT, SHEET, bodies
from jmrules.score.bounds import Engine, World, score_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.plan import Plan
    from jmrules.ruleset import Grade, Rule, When
    from jmrules.score.bounds import SheetBounds

#: whether something certainly holds, and whether it may
_Holds = tuple[bool, bool]
_MAYBE: _Holds = (False, True)


@frozen
class Limited:
    """Total and grades after the rules."""

    low: Decimal
    high: Decimal
    grades: tuple[Grade, ...]
    #: rules of which it is open whether they limit the score
    open: tuple[Rule, ...]


def limited(
    engine: Engine, facts: object, sheet: SheetBounds, ends: tuple[Decimal, Decimal], grades: Sequence[Grade]
) -> Limited:
    """The total between ``ends``, and the grades, as the rules may limit them."""
    plan = engine.plan
    low, high = ends
    limiting = [rule for rule in plan.ruleset.rules if rule.then.limits]
    if not limiting:
        return Limited(low, high, tuple(grades), ())
    firing = _Firing(engine, facts, sheet, ends, grades)
    found = [(rule, firing.rule(rule)) for rule in limiting]
    certain = [rule for rule, (must, _) in found if must]
    possible = [rule for rule, (_, may) in found if may]
    highest = min([high, *(cap for rule in certain if (cap := _total(rule)) is not None)])
    caps = [cap for rule in possible if (cap := _total(rule)) is not None and cap <= highest]
    lowest = min([low, *caps])
    reached = [grade for grade in grades if _reaches(plan, grade, min(low, highest), highest)]
    reached += [grade for cap in caps for grade in [_grade_of(plan, cap)] if cap < high]
    return Limited(
        lowest,
        highest,
        _graded(plan, reached, certain, possible),
        tuple(rule for rule in possible if rule not in certain),
    )


def _total(rule: Rule) -> Decimal | None:
    if rule.then.veto:
        return Decimal(0)
    return rule.then.cap.total if rule.then.cap else None


def _grade_of(plan: Plan, total: Decimal) -> Grade:
    return next(grade for grade, ranges in plan.grades if in_intervals(total, ranges))


def _reaches(plan: Plan, grade: Grade, low: Decimal, high: Decimal) -> bool:
    """Whether a total between the ends can have the grade."""
    from jmrules.feel import between, overlap

    ranges = next(ranges for each, ranges in plan.grades if each.id == grade.id)
    return bool(overlap(ranges, between(low, high)))


def _graded(plan: Plan, grades: list[Grade], certain: list[Rule], possible: list[Rule]) -> tuple[Grade, ...]:
    """Grades after caps on the grade, in the order of the ruleset."""
    ranks = {grade.id: ranges[0].low for grade, ranges in plan.grades}

    def caps(rules: list[Rule]) -> list[str]:
        return [rule.then.cap.grade for rule in rules if rule.then.cap is not None and rule.then.cap.grade is not None]

    def lower(one: str, other: str) -> str:
        return other if ranks[other] < ranks[one] else one

    found: set[str] = set()
    for grade in grades:
        best = grade.id
        for cap in caps(certain):
            best = lower(best, cap)
        found |= {best, *(lower(best, cap) for cap in caps(possible))}
    return tuple(grade for grade, _ in plan.grades if grade.id in found)


class _Firing:
    """Which signals and rules hold, certainly or perhaps."""

    def __init__(
        self, engine: Engine, facts: object, sheet: SheetBounds, ends: tuple[Decimal, Decimal], grades: Sequence[Grade]
    ) -> None:
        ruleset = engine.plan.ruleset
        body = bodies(ruleset)[0]
        self.signals = {signal.id: signal for signal in body.signals}
        self.rules = {rule.id: rule for rule in body.rules}
        result = Possible(
            members={
                "total": number_of(Span(*ends)),
                "grade": Known(grades[0].id) if len(grades) == 1 else Possible(texts=frozenset(g.id for g in grades)),
            }
        )
        given: dict[str, Value] = {RESULT: result, SHEET: anything(), HISTORY: anything(), CLAIMS: anything()}
        if isinstance(facts, Facts):
            given[CLAIMS] = _claims(engine.plan, facts)
        self.world = World(engine, given, _scores(engine.plan, sheet))
        self.known: dict[str, _Holds] = {}

    def rule(self, rule: Rule) -> _Holds:
        """Whether a rule fires."""
        if rule.id not in self.known:
            self.known[rule.id] = _MAYBE
            must, may = self._when(rule.when)
            self.known[rule.id] = (must and rule.each is None, may)
        return self.known[rule.id]

    def _when(self, when: When) -> _Holds:
        every = [self._name(name) for name in when.all] + [_not(self._name(name)) for name in when.none]
        if when.any:
            some = [self._name(name) for name in when.any]
            every.append((any(must for must, _ in some), any(may for _, may in some)))
        if when.at_least is not None:
            each = [self._name(name) for name in when.at_least.of]
            number = when.at_least.number
            enough = (sum(must for must, _ in each) >= number, sum(may for _, may in each) >= number)
            every.append(_MAYBE if when.at_least.severity is not None else enough)
        return all(must for must, _ in every), all(may for _, may in every)

    def _name(self, name: str) -> _Holds:
        if name in self.rules:
            return self.rule(self.rules[name])
        if name not in self.known:
            self.known[name] = self._signal(name)
        return self.known[name]

    def _signal(self, name: str) -> _Holds:
        signal = self.signals.get(name)
        if signal is None or signal.each is not None:
            return _MAYBE
        truths, error = condition(Reader(signal.when).whole(feel.parse(signal.when), self.world.scope))
        # Where it is undefined and says nothing for that, there is no score.
        undefined = error is not None and signal.undefined is not None
        may = True in truths or (undefined and signal.undefined is True)
        may_not = False in truths or (undefined and signal.undefined is False)
        return may and not may_not, may


def _not(holds: _Holds) -> _Holds:
    must, may = holds
    return not may, not must


def _claims(plan: Plan, facts: Facts) -> Value:
    claims = facts.claims
    ids = [*(leaf.leaf.id for leaf in plan.leaves), *plan.groups]
    stated = Possible(members={id: Known(claims.indicators.get(id)) for id in ids})
    grade = next((g.id for g in plan.ruleset.grades if claims.grade in (g.id, g.label.zh, g.label.en)), claims.grade)
    return Possible(members={"total": Known(claims.total), "grade": Known(grade), "indicators": stated})


def _scores(plan: Plan, sheet: SheetBounds) -> Mapping[tuple[str, str], Value]:
    scores: dict[tuple[str, str], Value] = {}
    for id, award in sheet.awards.items():
        scores |= score_values(plan, id, award, sheet.points[id])
    return scores

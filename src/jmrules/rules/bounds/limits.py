"""Caps and vetoes where it is not known whether their rules fire: what total and grade may come to after them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.facts import Facts
from jmrules.feel import between, overlap
from jmrules.feel.possible import Known, Possible, Span, Value, anything, number_of
from jmrules.methods.shapes import in_intervals
from jmrules.rules.bounds.firing import firing
from jmrules.rules.limits import limiting_rules
from jmrules.ruleset.rule_texts import CLAIMS, HISTORY, RESULT, SHEET
from jmrules.score import total_and_grade
from jmrules.score.bounds import Engine, Range, World, score_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.plan import Plan
    from jmrules.ruleset import Grade, Rule
    from jmrules.score.bounds import SheetBounds


#: grades are looked for total by total where so few are possible
FEW_TOTALS = 2000


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
    if not plan.limiting:
        return Limited(low, high, tuple(grades), ())
    program = limiting_rules(plan)
    found = firing(program.body, program.rules, program.signals, world_of_rules(engine, facts, sheet, ends, grades))
    certain, possible = (
        [rule for id, rule in program.limiting.items() if any(name == id for name, _ in atoms)]
        for atoms in (found.certain, found.possible)
    )
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


def grades_of(plan: Plan, total: Range) -> list[Grade]:
    """The grades that some total between the ends has."""
    if total.width <= FEW_TOTALS:
        totals = {total_and_grade(plan, quanta)[0] for quanta in range(total.low, total.high + 1)}
        return [grade for grade, ranges in plan.grades if any(in_intervals(each, ranges) for each in totals)]
    low, high = (total_and_grade(plan, quanta)[0] for quanta in (total.low, total.high))
    return [grade for grade, ranges in plan.grades if overlap(ranges, between(low, high))]


def world_of_rules(
    engine: Engine, facts: object, sheet: SheetBounds, ends: tuple[Decimal, Decimal], grades: Sequence[Grade]
) -> World:
    """What signals read of a score that is not known: facts, derived values, scores, and the total between ``ends``."""
    result = Possible(
        members={
            "total": number_of(Span(*ends)),
            "grade": Known(grades[0].id) if len(grades) == 1 else Possible(texts=frozenset(g.id for g in grades)),
            "fiscal_year": Known(Decimal(engine.plan.ruleset.fiscal_year)),
        }
    )
    given: dict[str, Value] = {RESULT: result, SHEET: anything(), HISTORY: anything(), CLAIMS: anything()}
    if isinstance(facts, Facts):
        given[CLAIMS] = _claims(engine.plan, facts)
    return World(engine, given, _scores(engine.plan, sheet))


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

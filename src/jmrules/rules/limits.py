"""Caps and vetoes: what rules take off the total and the grade, after the sum."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from jmrules.errors import EvaluationError
from jmrules.memo import kept
from jmrules.methods.shapes import in_intervals
from jmrules.rules.chain import conclude
from jmrules.rules.known import Known
from jmrules.rules.plan import rule_plan
from jmrules.rules.signals import decide, scopes, undecided_problem
from jmrules.ruleset import rule_graph
from jmrules.ruleset.rule_texts import bodies
from jmrules.score.exact import Limit, placing, score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.facts import Facts
    from jmrules.plan import Plan
    from jmrules.rules.plan import Need, PlannedRule, RulePlan
    from jmrules.ruleset import Rule, Signal
    from jmrules.ruleset.rule_texts import Body
    from jmrules.score.exact import Scored


@frozen(eq=False)
class Limiting:
    """The part of the rules that can change the score."""

    body: Body
    rules: RulePlan
    signals: tuple[Signal, ...]
    limiting: Mapping[str, Rule]
    #: names one of which must hold for anything to be limited; None where none need
    triggers: frozenset[str] | None


@kept
def limiting_rules(plan: Plan) -> Limiting:
    """The rules that can change the score, and what they rest on."""
    body = bodies(plan.ruleset)[0]
    limiting = {rule.id: rule for rule in body.rules if rule.then.limits}
    rules = rule_plan(body).only(rule_graph(body.rules).below(frozenset(limiting)))
    given = rules.given
    return Limiting(
        body,
        rules,
        tuple(signal for signal in body.signals if signal.id in given),
        limiting,
        _triggers(rules, limiting),
    )


def _triggers(rules: RulePlan, limiting: Mapping[str, Rule]) -> frozenset[str] | None:
    planned = {rule.id: rule for rule in rules.rules}

    def of(rule: PlannedRule) -> frozenset[str] | None:
        needs: tuple[Need, ...] = rule.all[:1] or rule.any or rule.counted
        return together([of(planned[need.name]) if need.name in planned else frozenset((need.name,)) for need in needs])

    def together(parts: list[frozenset[str] | None]) -> frozenset[str] | None:
        known = [part for part in parts if part is not None]
        return frozenset().union(*known) if parts and len(known) == len(parts) else None

    return together([of(planned[id]) for id in limiting])


def run(plan: Plan, values: list[Any], given: Facts | Mapping[str, Any] | None) -> Scored:
    """Score bound fact values, and limit the score as rules demand, in a thread where arithmetic is exact.

    ``given``: the facts, with how each is known; None where all came as bare values.

    Raises:
        EvaluationError: indicators, or signals on which a limit rests, that are undefined and do not say what then holds.
        LimitError: an expression that takes more work than is allowed; it is never taken for an undefined value.
    """
    with placing(plan):
        scored = score(plan, values, given)
        return limited(scored) if plan.limiting else scored


def limited(scored: Scored) -> Scored:
    """The score as rules limit it, with a line for each limit, in a thread where arithmetic is exact.

    Raises:
        EvaluationError: a signal on which a limit rests cannot be decided, and does not say what then holds.
    """
    program = limiting_rules(scored.plan)
    known = Known(scored)
    decided = decide(program.body, program.signals, known)
    if decided.undecided:
        document = scored.plan.ruleset.source
        raise EvaluationError(
            [undecided_problem(program.body, atom, error, document) for atom, error in decided.undecided.items()]
        )
    if program.triggers is not None and not any(name in program.triggers for name, _ in decided.holding):
        # Most departments: nothing that could limit their score.
        return scored
    items = {
        rule.each.of: len(scopes(rule.each, known))
        for rule in program.body.rules
        if rule.each is not None and rule.each.of in program.rules.domains
    }
    found = conclude(program.rules, decided.holding, items)
    return _apply(scored, [rule for id, rule in program.limiting.items() if any(name == id for name, _ in found)])


def _apply(scored: Scored, rules: list[Rule]) -> Scored:
    """The lowest cap on the total wins and the grade follows; then the lowest cap on the grade."""
    plan, total, grade = scored.plan, scored.total, scored.grade
    ranks = {grade.id: ranges[0].low for grade, ranges in plan.grades}
    limits = [_limit(plan, rule) for rule in rules]
    by_total = [(limit.total, index) for index, limit in enumerate(limits) if limit.total is not None]
    if by_total and (lowest := min(by_total))[0] < total:
        cap, index = lowest
        limits[index] = evolve(limits[index], points=cap - total, decides=True)
        total = cap
        grade = next(grade for grade, ranges in plan.grades if in_intervals(total, ranges))
    by_grade = [(ranks[limit.grade.id], index) for index, limit in enumerate(limits) if limit.grade is not None]
    if by_grade and (least := min(by_grade))[0] < ranks[grade.id]:
        index = least[1]
        limits[index] = evolve(limits[index], decides=True)
        grade = limits[index].grade or grade
    return evolve(scored, total=total, grade=grade, limits=tuple(limits))


def _limit(plan: Plan, rule: Rule) -> Limit:
    """The line of a rule, before it is known whether it decides."""
    cap = rule.then.cap
    nothing = Decimal(0).scaleb(-plan.ruleset.rounding.total)
    if cap is None:
        return Limit(rule.id, "veto", total=nothing)
    if cap.total is not None:
        return Limit(rule.id, "cap", total=cap.total + nothing)
    return Limit(rule.id, "grade", grade=next(grade for grade, _ in plan.grades if grade.id == cap.grade))

"""The rules by the book: stratum by stratum, over and over until nothing new follows.

Slow and plain: it is what :mod:`jmrules.rules.chain` must agree with, and what a backend for many departments follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

    from jmrules.rules.plan import Atom, Need, PlannedRule, RulePlan

#: the number of an item where it is not known which items there are
SOME = -1
#: how often something may hold of items of which it is not known how many there are
_OFTEN = 1 << 40


def conclude(plan: RulePlan, holding: Set[Atom], items: Mapping[str, int]) -> frozenset[Atom]:
    """The findings that follow from the signals ``holding``.

    Args:
        plan: the rules.
        holding: the signals that hold; of a signal about items, one atom per item.
        items: how many items each list has.
    """
    known = set(holding)
    numbers = {name: range(count) for name, count in items.items()}
    for rules in _strata(plan):
        _grow(rules, numbers, known, known)
    return frozenset(known - holding)


def conclude_between(
    plan: RulePlan, certain: Set[Atom], possible: Set[Atom], items: Mapping[str, Sequence[int]]
) -> tuple[frozenset[Atom], frozenset[Atom]]:
    """Where some signals only may hold: all that certainly holds or follows, and all that may.

    Args:
        plan: the rules.
        certain: the signals that hold.
        possible: those and the signals that may hold.
        items: the numbers of the items of each list; ``SOME`` alone where it is not known which there are.
    """
    sure, may = set(certain), set(possible)
    there = {name: [number for number in numbers if number != SOME] for name, numbers in items.items()}
    for rules in _strata(plan):
        # What may stop a rule leaves it uncertain; only what certainly does stops it.
        before = set(sure)
        _grow(rules, there, sure, may)
        _grow(rules, items, may, before)
    return frozenset(sure), frozenset(may)


def _strata(plan: RulePlan) -> Iterable[list[PlannedRule]]:
    return ([rule for rule in plan.rules if rule.stratum == stratum] for stratum in range(plan.strata))


def _grow(rules: list[PlannedRule], items: Mapping[str, Sequence[int]], known: set[Atom], stopping: Set[Atom]) -> None:
    """Add to what is ``known`` all that follows by these rules, none of which ``stopping`` stops."""
    while True:
        new = {
            (rule.id, item)
            for rule in rules
            for item in ([None] if rule.domain is None else items[rule.domain])
            if (rule.id, item) not in known and _fires(rule, item, known, stopping)
        }
        if not new:
            return
        known |= new


def _fires(rule: PlannedRule, item: int | None, known: Set[Atom], stopping: Set[Atom]) -> bool:
    return (
        all(_instances(need, item, known) for need in rule.all)
        and (not rule.any or any(_instances(need, item, known) for need in rule.any))
        and not any(_instances(need, item, stopping) for need in rule.none)
        and sum(_instances(need, item, known) for need in rule.counted) >= rule.number
    )


def _instances(need: Need, item: int | None, known: Set[Atom]) -> int:
    """How many atoms answer the need; at most one where it is about this item, or about none."""
    if need.of_items and not need.here:
        return sum(_OFTEN if at == SOME else 1 for name, at in known if name == need.name)
    return (need.name, item if need.here else None) in known

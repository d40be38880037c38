"""The rules by the book: stratum by stratum, over and over until nothing new follows.

Slow and plain: it is what :mod:`jmrules.rules.chain` must agree with, and what a backend for many departments follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from jmrules.rules.plan import Atom, Need, PlannedRule, RulePlan


def conclude(plan: RulePlan, holding: Set[Atom], items: Mapping[str, int]) -> frozenset[Atom]:
    """The findings that follow from the signals ``holding``.

    Args:
        plan: the rules.
        holding: the signals that hold; of a signal about items, one atom per item.
        items: how many items each list has.
    """
    known = set(holding)
    for stratum in range(plan.strata):
        rules = [rule for rule in plan.rules if rule.stratum == stratum]
        while True:
            new = {
                (rule.id, item)
                for rule in rules
                for item in ([None] if rule.domain is None else range(items[rule.domain]))
                if (rule.id, item) not in known and _fires(rule, item, known)
            }
            if not new:
                break
            known |= new
    return frozenset(known - holding)


def _fires(rule: PlannedRule, item: int | None, known: Set[Atom]) -> bool:
    return (
        all(_instances(need, item, known) for need in rule.all)
        and (not rule.any or any(_instances(need, item, known) for need in rule.any))
        and not any(_instances(need, item, known) for need in rule.none)
        and sum(_instances(need, item, known) for need in rule.counted) >= rule.number
    )


def _instances(need: Need, item: int | None, known: Set[Atom]) -> int:
    """How many atoms answer the need; at most one where it is about this item, or about none."""
    if need.of_items and not need.here:
        return sum(name == need.name for name, _ in known)
    return (need.name, item if need.here else None) in known

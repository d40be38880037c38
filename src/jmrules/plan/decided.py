"""A plan some of whose leaves earn what reviewers award them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules import feel
from jmrules.methods.shapes import Call, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jmrules.plan.model import Plan, PlannedLeaf


def with_awards(plan: Plan, awards: Mapping[str, Decimal]) -> Plan:
    """The plan where the leaves in ``awards``, by id, get what is given there, and no more than their points on the sheet.

    A leaf that leaves the sheet stays away; any other gets its award whatever its condition says, and reads no facts.
    """
    if not awards:
        return plan
    digits, constant = plan.ruleset.rounding.leaf, Call(feel.compile("0", {}), (), "")
    nothing = Table(constant, (), Fraction(0))

    def decided(leaf: PlannedLeaf) -> PlannedLeaf:
        if leaf.leaf.id not in awards:
            return leaf
        quanta = int(awards[leaf.leaf.id].scaleb(digits))
        applies = leaf.applies if leaf.leaves_the_sheet else None
        # Where its condition is undefined it is on the sheet, and gets its award too.
        undefined = None if leaf.undefined is None else Fraction(0)
        return evolve(
            leaf, shape=nothing, applies=applies, undefined=undefined, calls=(constant, *filter(None, [applies])), decided=quanta
        )  # fmt: skip

    return evolve(plan, leaves=tuple(map(decided, plan.leaves)))

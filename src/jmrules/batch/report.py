"""Which leaves are scored by columns, and why the others are scored row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.plan import plan_of
from jmrules.score.columns import program_of

if TYPE_CHECKING:
    from jmrules.errors import Text
    from jmrules.ruleset import Ruleset


@frozen
class PlanLine:
    """How a leaf is scored."""

    id: str
    label: Text
    by_rows: bool
    #: why not by columns
    reason: Text | None


def explain_plan(ruleset: Ruleset) -> tuple[PlanLine, ...]:
    """A line for every leaf, in document order."""
    program = program_of(plan_of(ruleset))
    lines = []
    for leaf in program.plan.leaves:
        reason = program.by_rows.get(leaf.index) or program.conditions_by_rows.get(leaf.index)
        lines.append(PlanLine(leaf.leaf.id, leaf.leaf.label, reason is not None, reason))
    return tuple(lines)

"""The branches that an evaluation takes, derived again from its values."""

from __future__ import annotations

from decimal import localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.cases.branches import TOTAL
from jmrules.feel import EXACT
from jmrules.methods import method_of
from jmrules.score.exact import careful, slots_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from jmrules.errors import JmrulesError
    from jmrules.evaluation import Evaluation
    from jmrules.methods.shares import Share
    from jmrules.plan import Call, Plan, PlannedLeaf


def hits(evaluation: Evaluation) -> frozenset[str]:
    """Ids of all branches that an evaluation takes."""
    found = {f"{TOTAL}: grade {evaluation.grade.id}"}
    for leaf in evaluation.plan.leaves:
        found |= hits_of_leaf(evaluation, leaf)
    return frozenset(found)


def hits_of_leaf(evaluation: Evaluation, leaf: PlannedLeaf) -> frozenset[str]:
    """Ids of the branches that the scoring of one leaf takes."""
    outcome, index = evaluation.outcome, leaf.index
    return taken(
        evaluation.plan,
        leaf,
        slots_of(outcome),
        outcome.applies[index],
        outcome.causes.get(index),
        outcome.shares[index],
    )


def taken(
    plan: Plan, leaf: PlannedLeaf, slots: Sequence[Any], applies: bool | None, cause: JmrulesError | None, share: Share
) -> frozenset[str]:
    """Ids of the branches that a leaf took to ``share``."""

    def read(call: Call) -> Any:
        return careful(call, plan)(slots)

    if cause is not None:
        keys = {"undefined"}
    elif applies is False:
        keys = {"does not apply"}
    else:
        with localcontext(EXACT):
            fields = leaf.leaf.method
            keys = set(method_of(fields).taken(fields, leaf.shape, read, Fraction(*share)))
    return frozenset(f"{leaf.leaf.id}: {key}" for key in keys)

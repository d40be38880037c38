"""The branches that an evaluation takes, derived again from its values."""

from __future__ import annotations

from decimal import localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.cases.branches import TOTAL
from jmrules.feel import EXACT
from jmrules.plan.model import (
    Banded,
    Checked,
    Computed,
    Deducted,
    Interpolated,
    Judged,
    Linear,
    MeanCompletion,
    Stepped,
)
from jmrules.ruleset.methods import Checklist, Deductions
from jmrules.score.exact.completion import item_award, item_completion, item_points
from jmrules.score.exact.methods import band_of, count_of, deduction, steps_beyond
from jmrules.score.exact.read import careful
from jmrules.score.exact.shares import number, truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from jmrules.errors import JmrulesError
    from jmrules.evaluation import Evaluation
    from jmrules.plan.model import Call, Plan, PlannedLeaf
    from jmrules.score.exact.shares import Share

    Read = Callable[[Call], Any]


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
        evaluation.plan, leaf, outcome.slots, outcome.applies[index], outcome.causes.get(index), outcome.shares[index]
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
            keys = set(_of_method(leaf, read, Fraction(*share)))
    return frozenset(f"{leaf.leaf.id}: {key}" for key in keys)


def _of_method(leaf: PlannedLeaf, read: Read, share: Fraction) -> Iterator[str]:
    match leaf.method:
        case Linear():
            yield "full" if share == 1 else "between" if share else "zero"
        case MeanCompletion() as method:
            yield from _of_completion(method, read(method.items))
        case Banded() as method:
            index = band_of(method, number(read(method.value)))
            yield "otherwise" if index is None else f"band {index + 1}"
        case Stepped() as method:
            beyond = steps_beyond(method, number(read(method.value)))
            yield "within" if not beyond else "beyond" if share else "nothing left"
        case Deducted() as method:
            yield from _of_deductions(leaf, method, read)
        case Checked() as method:
            checklist = leaf.leaf.method
            assert isinstance(checklist, Checklist)
            for (call, _), item in zip(method.items, checklist.items, strict=True):
                yield f"{item.id}: {'met' if truth(read(call)) else 'not met'}"
        case Judged() as method:
            yield f"level {read(method.level)}"
        case Interpolated(knots=knots) as method:
            at = Fraction(number(read(method.value)))
            if at <= knots[0][0]:
                yield "first"
            elif at >= knots[-1][0]:
                yield "last"
            else:
                yield f"segment {sum(knot < at for knot, _ in knots)}"
        case Computed() as method:
            points = Fraction(number(read(method.points)))
            yield "below" if points < 0 else "above" if points > method.leaf_points else "inside"


def _of_deductions(leaf: PlannedLeaf, method: Deducted, read: Read) -> Iterator[str]:
    deductions = leaf.leaf.method
    assert isinstance(deductions, Deductions)
    left = Fraction(1)
    for planned, item in zip(method.items, deductions.items, strict=True):
        count = count_of(read(planned.count))
        yield f"{item.id}: {'some' if count else 'none'}"
        if planned.loss is not None:
            wanted = count * planned.loss
            if planned.at_most is not None and wanted > planned.at_most:
                yield f"{item.id}: limited"
                wanted = planned.at_most
            if wanted > left:
                yield "nothing left"
        left -= deduction(planned, count, left)


def _of_completion(method: MeanCompletion, items: list[dict[str, Any]]) -> Iterator[str]:
    worths = item_points(method, items)
    completions = [Fraction(*item_completion(method, item)) for item in items]
    for item, worth, completion in zip(items, worths, completions, strict=True):
        yield from _of_item(method, item, completion)
        pair = completion.numerator, completion.denominator
        if item_award(method, worth, pair) != worth * completion:
            yield "item rounded"
    if len(set(worths)) > 1 and len(set(completions)) > 1:
        yield "unequal"


def _of_item(method: MeanCompletion, item: dict[str, Any], completion: Fraction) -> Iterator[str]:
    if method.share is not None and item[method.share] is not None:
        yield "stated"
        return
    target, actual = item[method.target], item[method.actual]
    less = method.less_is_better is not None and item[method.less_is_better] is True
    exceeded = actual < target if less else actual > target
    if exceeded and method.set_too_low is not None and item[method.set_too_low] is True:
        yield "too low: reduced" if completion < 1 else "too low: tolerated"
        return
    yield f"{'less is better: ' if less else ''}{'met' if exceeded or actual == target else 'short'}"

"""The mean completion of a list of targets, quickly where all is plain."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import compress
from operator import is_not
from typing import TYPE_CHECKING, Any

from jmrules.methods.mean import item_completion, listed, weighted
from jmrules.methods.shares import pair

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.methods.shapes import Mean
    from jmrules.methods.shares import Share

_ZERO = Decimal(0)


def completion_function(method: Mean, read: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    """Completion of a list as a function of the slots."""
    plain = method.weight is None and method.points is None and method.item_rounding is None
    if not plain:
        return lambda slots: weighted(method, listed(read(slots)))

    def share(slots: Sequence[Any]) -> Share:
        items = listed(read(slots))
        # Items that are met count as one each; the others are added as quotients.
        met, top, bottom = 0, 0, 1
        for item in items:
            one, over = item_completion(method, item)
            if one == over:
                met += 1
            elif one:
                top, bottom = top * over + one * bottom, bottom * over
        return top + met * bottom, bottom * len(items)

    simple = method.less_is_better is None and method.set_too_low is None and method.targets is None
    return _simple_completion(method, read, share) if simple else share


def remembering(method: Mean, read: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    """As :func:`completion_function`, for lists most of whose items are the very ones of the first list: only the others are looked at."""
    if method.weight is not None or method.points is not None or method.item_rounding is not None:
        return completion_function(method, read)
    first: list[tuple[list[dict[str, Any]], list[Fraction], Fraction]] = []

    def share(slots: Sequence[Any]) -> Share:
        items = listed(read(slots))
        if not first or len(first[0][0]) != len(items):
            shares = [Fraction(*item_completion(method, item)) for item in items]
            first[:] = [(items, shares, sum(shares, Fraction(0)))]
        before, shares, total = first[0]
        for place in compress(range(len(items)), map(is_not, items, before)):
            total += Fraction(*item_completion(method, items[place])) - shares[place]
        return pair(total / len(items))

    return share


def _simple_completion(
    method: Mean,
    read: Callable[[Sequence[Any]], Any],
    careful: Callable[[Sequence[Any]], Share],
) -> Callable[[Sequence[Any]], Share]:
    """Completion as targets and actual values that are all there and positive say it; ``careful`` for anything else."""
    target, actual = method.target, method.actual

    def share(slots: Sequence[Any]) -> Share:
        items = read(slots)
        if type(items) is not list or not items:
            return careful(slots)
        met, top, bottom = 0, 0, 1
        try:
            for item in items:
                goal, done = item[target], item[actual]
                if done >= goal > _ZERO:
                    met += 1
                elif goal > done > _ZERO:
                    (one, two), (three, four) = done.as_integer_ratio(), goal.as_integer_ratio()
                    two *= three
                    top, bottom = top * two + one * four * bottom, bottom * two
                else:
                    return careful(slots)
        except (KeyError, TypeError):
            return careful(slots)
        return top + met * bottom, bottom * len(items)

    return share

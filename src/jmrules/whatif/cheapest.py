"""Look for the cheapest values of some variables that do what is wanted, the cheapest first: best-first branch and bound.

A box is a part of the values of each of its variables. The cheapest point of a box is tried; where it does not do, the box is
split, and parts that bounds rule out are left away. As boxes are taken in the order of their least cost, what is found first
is cheapest.
"""

from __future__ import annotations

from decimal import Decimal
from heapq import heappop, heappush
from itertools import count, product
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jmrules.evaluation import Evaluation
    from jmrules.score.bounds import SheetBounds
    from jmrules.whatif.choices import Choice
    from jmrules.whatif.prospect import Prospect


@frozen(eq=False)
class Wanted:
    """What is looked for: bounds that do not rule it out, and a score that it is."""

    may: Callable[[SheetBounds], bool]
    hit: Callable[[Evaluation], bool]


@frozen(eq=False)
class Hit:
    """Values of some variables that do what is wanted, verified, and what they cost."""

    cost: Decimal
    chosen: Mapping[int, Any]
    evaluation: Evaluation


@frozen(eq=False)
class Hits:
    """What was found, the cheapest first, one for each set of variables."""

    hits: tuple[Hit, ...]
    #: nothing cheaper, or nothing at all, is left to be found among the sets looked at
    complete: bool


_Box = dict[int, "Choice"]


def cheapest(
    prospect: Prospect,
    sets: Iterable[tuple[int, ...]],
    wanted: Wanted,
    *,
    most: int = 1,
    looks: int = 2000,
    choices: Mapping[int, tuple[Choice, ...]] | None = None,
) -> Hits:
    """The cheapest values for each set of variables, at most ``most`` of them, looking at no more than ``looks`` sheets.

    ``choices`` are what the variables could be changed to, if not all that they could.
    """
    order = count()
    heap: list[tuple[Decimal, int, int, _Box, bool]] = []
    last = prospect.looks + looks
    found: dict[int, Hit] = {}

    def push(number: int, box: _Box, *, tried: bool) -> None:
        sheet = prospect.sheet({index: choice.possible for index, choice in box.items()})
        if sheet is not None and wanted.may(sheet):
            cost = sum((choice.cost for choice in box.values()), Decimal(0))
            heappush(heap, (cost, next(order), number, box, tried))

    for number, indexes in enumerate(sets):
        parts = (choices[index] if choices else prospect.variables[index].choices for index in indexes)
        for box in product(*parts):
            push(number, dict(zip(indexes, box, strict=True)), tried=False)
    while heap and len(found) < most:
        if prospect.looks > last:
            return Hits(tuple(found.values()), complete=False)
        cost, _, number, taken, tried = heappop(heap)
        if number in found:
            continue
        if not tried:
            chosen = {index: choice.nearest for index, choice in taken.items()}
            evaluation = _does(prospect, chosen, wanted)
            if evaluation is not None:
                found[number] = Hit(cost, chosen, evaluation)
                continue
        widest = max(taken, key=lambda index: taken[index].size)
        if not taken[widest].single:
            near, far = taken[widest].split()
            push(number, {**taken, widest: near}, tried=True)
            push(number, {**taken, widest: far}, tried=False)
    return Hits(tuple(found.values()), complete=True)


def _does(prospect: Prospect, chosen: Mapping[int, Any], wanted: Wanted) -> Evaluation | None:
    evaluation = prospect.score(chosen)
    if evaluation is None or not wanted.hit(evaluation):
        return None
    verified = prospect.verified(chosen)
    return verified if verified is not None and wanted.hit(verified) else None

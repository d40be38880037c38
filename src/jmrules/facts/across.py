"""What rests on all departments together: ranks, sums and the like, exact."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

from jmrules.feel.numbers import exactly

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jmrules.ruleset.declarations import Across, FactDeclaration
    from jmrules.ruleset.model import Ruleset


def compared(ruleset: Ruleset, given: Collection[str]) -> tuple[FactDeclaration, ...]:
    """The facts that are computed over all departments, but for those that are ``given``."""
    return tuple(fact for fact in ruleset.facts if fact.across is not None and fact.id not in given)


def across_all(
    ruleset: Ruleset, columns: Mapping[str, Sequence[Decimal | None]], given: Collection[str] = ()
) -> dict[str, list[Decimal | None]]:
    """The facts that are computed over all departments, from the columns of the numbers that they are compared by."""
    return {
        fact.id: among(fact.across, columns[fact.across.of])
        for fact in compared(ruleset, given)
        if fact.across is not None and fact.across.of in columns
    }


@exactly
def among(across: Across, numbers: Sequence[Decimal | None]) -> list[Decimal | None]:
    """What each department is among all; None where it gives no number, and such a one counts for nothing."""
    known = sorted(number for number in numbers if number is not None)
    if across.what == "rank":
        return [None if number is None else _rank(known, number, across.first == "highest") for number in numbers]
    if not known:
        return [None] * len(numbers)
    one = {
        "count": lambda: Decimal(len(known)),
        "sum": lambda: sum(known, Decimal(0)),
        "least": lambda: known[0],
        "greatest": lambda: known[-1],
    }[across.what]()
    return [None if number is None else one for number in numbers]


def _rank(known: Sequence[Decimal], number: Decimal, highest_first: bool) -> Decimal:
    """1 + how many are better: equal numbers share a rank, and the next one is as many further on."""
    better = len(known) - bisect_right(known, number) if highest_first else bisect_left(known, number)
    return Decimal(1 + better)

"""What rests on all departments together: ranks, sums and the like, exact."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.facts.careful import bind_carefully
from jmrules.facts.model import is_fact_object
from jmrules.feel import exactly

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jmrules.facts.model import Facts
    from jmrules.ruleset import Across, FactDeclaration, Ruleset


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
def compared_facts(departments: Sequence[tuple[Ruleset, Facts]]) -> list[Facts]:
    """The facts of departments, with what is computed over all that are scored by the same ruleset where they do not give it.

    It rests on what a department's own number rests on. A number that cannot be read counts for nothing.
    """
    found = [facts for _, facts in departments]
    places: dict[Ruleset, list[int]] = {}
    for place, (ruleset, _) in enumerate(departments):
        if compared(ruleset, ()):
            places.setdefault(ruleset, []).append(place)
    for ruleset, among_them in places.items():
        names = [fact.id for fact in ruleset.facts]
        values = [dict(zip(names, bind_carefully(ruleset, found[place])[0], strict=True)) for place in among_them]
        numbers = {name: [each[name] for each in values] for name in names}
        for fact in compared(ruleset, ()):
            assert fact.across is not None
            computed = among(fact.across, [_decimal(number) for number in numbers[fact.across.of]])
            for place, value in zip(among_them, computed, strict=True):
                facts = found[place]
                if value is not None and fact.id not in facts.given:
                    own = facts.given[fact.across.of]
                    rests = (
                        {name: own[name] for name in ("basis", "evidence") if name in own}
                        if is_fact_object(own)
                        else {}
                    )
                    found[place] = evolve(
                        facts, given={**facts.given, fact.id: {"value": value, **rests} if rests else value}
                    )
    return found


def _decimal(number: object) -> Decimal | None:
    return number if isinstance(number, Decimal) else None


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

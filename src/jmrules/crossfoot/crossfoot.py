"""Cross-footing (勾稽核对): every identity between a department's figures, recomputed exactly, one line a matter."""

from __future__ import annotations

from decimal import Context, DecimalException, DivisionByZero, InvalidOperation, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.crossfoot.breakdowns import breakdowns
from jmrules.crossfoot.claims import claim_matters
from jmrules.crossfoot.declared import declared_matters
from jmrules.crossfoot.effect import Worth
from jmrules.crossfoot.printed import Figures
from jmrules.crossfoot.results import worst
from jmrules.crossfoot.statements import statement_matters
from jmrules.crossfoot.tables import columns, counted, periods, told_twice
from jmrules.errors import LimitError
from jmrules.facts import Facts, ruleset_of_year
from jmrules.feel import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.crossfoot.results import Matter, Side, Status
    from jmrules.ruleset import Ruleset
    from jmrules.score.exact import Scored


def cross_foot(ruleset: Ruleset, facts: Facts | Mapping[str, Any], scored: Scored | None = None) -> tuple[Matter, ...]:
    """The ruleset's checks, and those that any facts allow: breakdowns, figures stated in several places, claims.

    A printed figure stands for every number that rounds to it, so figures contradict each other only where no numbers
    behind them would agree. One matter is one, however many figures show it. ``scored``: the score of these facts before any
    rule limits it, where there is one, so that nothing need be scored again.

    Raises:
        FactsError: the facts do not fit the ruleset; every problem.
    """
    ruleset = ruleset_of_year(ruleset, facts)
    try:
        with localcontext(LONG):
            return _matters(ruleset, facts, scored)
    except (DecimalException, LimitError):
        # There are numbers of more digits than exact arithmetic takes; fractions have no such bound.
        with localcontext(_WIDEST):
            return _matters(ruleset, facts, scored)


#: every sum and difference of two numbers in it is exact
_WIDEST = Context(prec=40_000, Emin=-999_999, Emax=999_999, flags=[], traps=[InvalidOperation, DivisionByZero])


def _matters(ruleset: Ruleset, facts: Facts | Mapping[str, Any], scored: Scored | None) -> tuple[Matter, ...]:
    figures = Figures(ruleset, facts, None if scored is None else scored.outcome.slots)
    worth = Worth(figures, scored)
    declared = {
        matter.id if matter.item is None else f"{matter.id}.{matter.item}": matter
        for matter in declared_matters(figures)
    }
    tables = tuple(_tables(figures, declared))
    found = [*(_weighed(worth, matter) for matter in declared.values()), *tables]
    found += [*statement_matters(figures), *periods(figures)]
    if isinstance(facts, Facts):
        found += claim_matters(ruleset, facts, worth)
    return tuple(found)


def check_results(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> dict[str, Status]:
    """How it stands with each matter, by its id; of a check over a list, with its worst item. Raises as :func:`cross_foot`."""
    return worst(cross_foot(ruleset, facts))


def _tables(figures: Figures, declared: dict[str, Matter]) -> Iterator[Matter]:
    """What breakdowns show. One that tells the items of a list again shows what the check on that list shows already."""
    sums = columns(figures)
    for table in breakdowns(figures):
        column = next((each for each in sums if each.told_by(table)), None)
        if column is not None:
            yield from told_twice(figures, table, column)
        for matter in table.matters():
            same = declared.get(column.check) if column is not None and matter.id == f"{table.id}.sum" else None
            if same is None:
                yield matter
            else:
                declared[same.id] = _joined(same, matter)
        yield from counted(figures, table)


def _joined(matter: Matter, other: Matter) -> Matter:
    """One matter that two tables show."""
    return evolve(
        matter,
        facts=tuple(dict.fromkeys((*matter.facts, *other.facts))),
        stated=_also(matter.stated, other.stated),
        computed=_also(matter.computed, other.computed),
    )


def _also(side: Side | None, other: Side | None) -> Side | None:
    if side is None or other is None:
        return side
    return evolve(side, sections=tuple(dict.fromkeys((*side.sections, *other.sections))))


def _weighed(worth: Worth, matter: Matter) -> Matter:
    """A question with what it is worth, where its check names the fact in question."""
    if matter.status != "question":
        return matter
    check = next(check for check in worth.figures.ruleset.checks if check.id == matter.id)
    if check.instead is None or matter.difference is None:
        return matter
    more = Fraction(matter.difference) * (1 if check.kind == "excess" else -1)
    return evolve(matter, effect=worth.effect(check.instead, more))

"""Fit facts to a ruleset's declarations: typed values in declared units, in the order of the declarations.

There are two readings. The quick one is written out once per ruleset; it handles what is plainly right and gives up on
anything else. The careful one then looks at everything and tells all that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.errors import FactsError
from jmrules.facts.careful import bind_carefully
from jmrules.facts.constraints import all_hold
from jmrules.facts.model import Facts
from jmrules.facts.quick import GiveUp, quick_reading
from jmrules.memo import kept
from jmrules.ruleset import for_year, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset import Ruleset


def ruleset_of_year(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> Ruleset:
    """The notice for the year of the facts, where it scores several; as it was loaded, where it does not score that one."""
    return for_year(ruleset, facts.fiscal_year) if isinstance(facts, Facts) else ruleset


def bind(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> list[Any]:
    """The values of all declared facts, in the order of their declarations; an absent optional fact is None.

    The thread's arithmetic must be exact, or the standard's.

    Numbers come as Decimal in the declared unit, dates as FEEL dates, lists as lists of dicts that have every declared field.

    Raises:
        FactsError: missing, unknown, mistyped or out-of-domain facts, facts for another ruleset or year, facts that are
            not known exactly, relations between facts that do not hold; all of them.
    """
    return bind_bare(ruleset, facts)[0]


def bind_bare(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> tuple[list[Any], bool]:
    """The values as :func:`bind` gives them, and whether all facts are known to be bare values; raises as it does."""
    plain = bind_quickly(ruleset, facts)
    if plain is not None:
        return plain, not isinstance(facts, Facts)
    values, problems = bind_carefully(ruleset, facts)
    if problems:
        raise FactsError(problems)
    return values, False


def bind_quickly(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> list[Any] | None:
    """The values where all of them are known and plainly right; None where it takes a careful look to tell."""
    checked = isinstance(facts, Facts)
    given = facts.given if isinstance(facts, Facts) else facts
    if isinstance(facts, Facts) and not _fits_head(ruleset, facts):
        return None
    try:
        values = quick_reading(ruleset, checked)(given)
        return values if all_hold(ruleset, values) else None
    except (GiveUp, KeyError, ArithmeticError):
        # KeyError: a fact or field is absent. ArithmeticError: a number that the decimal context traps.
        return None


def _fits_head(ruleset: Ruleset, facts: Facts) -> bool:
    return (
        facts.ruleset.partition("@")[0] == ruleset.id
        and facts.fiscal_year == ruleset.fiscal_year
        and facts.claims.indicators.keys() | facts.claims.rows.keys() <= _indicator_ids(ruleset)
    )


@kept
def _indicator_ids(ruleset: Ruleset) -> frozenset[str]:
    return frozenset(node.id for _, node in walk(ruleset.indicators))

"""Fit facts to a ruleset's declarations: typed values in declared units, in the order of the declarations.

There are two readings. The quick one is written out once per ruleset; it handles what is plainly right and gives up on
anything else. The careful one then looks at everything and tells all that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.errors import FactsError
from jmrules.facts.careful import bind_carefully, judged
from jmrules.facts.constraints import all_hold
from jmrules.facts.documents import kinds_are_known
from jmrules.facts.model import Facts
from jmrules.facts.quick import GiveUp, quick_reading
from jmrules.feel import exactly
from jmrules.memo import kept
from jmrules.ruleset import for_year, own_points, setting_facts, walk, with_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Set
    from decimal import Decimal

    from jmrules.ruleset import Ruleset


def ruleset_for_facts(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> Ruleset:
    """The notice as it scores these facts: for their year, where it scores several, and with the points that they set.

    As it was loaded, where it does not score that year. Whether the points add up is told by :func:`bind`.
    """
    stated = ruleset.as_stated or ruleset
    if isinstance(facts, Facts):
        stated = for_year(stated, facts.fiscal_year)
    names = setting_facts(stated)
    if not names:
        return stated
    given = facts.given if isinstance(facts, Facts) else facts
    return with_points(stated, own_points(stated, _points_set(stated, given, names)))


@exactly
def _points_set(ruleset: Ruleset, given: Mapping[str, Any], names: Set[str]) -> dict[str, Decimal | None]:
    """What the facts that set points say, as far as they say it as they should; the rest is told by :func:`bind`."""
    found: dict[str, Decimal | None] = {}
    for declaration in ruleset.facts:
        if declaration.id in names and declaration.id in given:
            value, problems = judged(declaration, given[declaration.id])
            found[declaration.id] = None if problems else value
    return found


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
        and kinds_are_known(ruleset, facts)
    )


@kept
def _indicator_ids(ruleset: Ruleset) -> frozenset[str]:
    return frozenset(node.id for _, node in walk(ruleset.indicators))

"""Cross-footing (勾稽核对): every identity between a department's figures, recomputed exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.crossfoot.claims import claim_checks
from jmrules.crossfoot.declared import declared_checks
from jmrules.crossfoot.printed import Figures
from jmrules.crossfoot.results import worst
from jmrules.crossfoot.shapes import breakdowns, statements
from jmrules.facts.bind import ruleset_of_year
from jmrules.facts.model import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.crossfoot.results import CheckResult, Status
    from jmrules.ruleset.model import Ruleset


def cross_foot(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> tuple[CheckResult, ...]:
    """The ruleset's checks, and those that any facts allow: breakdowns, figures stated in several places, claims.

    A printed figure stands for every number that rounds to it, so figures contradict each other only where no numbers
    behind them would agree.

    Raises:
        FactsError: the facts do not fit the ruleset; every problem.
    """
    ruleset = ruleset_of_year(ruleset, facts)
    figures = Figures(ruleset, facts)
    results = [*declared_checks(figures), *breakdowns(figures), *statements(figures)]
    if isinstance(facts, Facts):
        results += claim_checks(ruleset, facts.claims)
    return tuple(results)


def check_results(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> dict[str, Status]:
    """How each check ends, by its id; one over a list, by its worst item. Raises as :func:`cross_foot`."""
    return worst(cross_foot(ruleset, facts))

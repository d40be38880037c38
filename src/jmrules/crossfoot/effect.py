"""What a question is worth: the indicators that read the fact in question, as it is stated and as the figures have it."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.crossfoot.printed import Figures
from jmrules.crossfoot.results import Effect, Side, Standing
from jmrules.errors import JmrulesError
from jmrules.facts.model import Facts, is_fact_object
from jmrules.feel import EXACT
from jmrules.feel.numbers import is_number
from jmrules.rules.bounds.evaluate import bounds
from jmrules.ruleset.model import Leaf, walk
from jmrules.ruleset.reads import derived_reading, reading_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset.model import Ruleset


def effect_of(ruleset: Ruleset, facts: Facts | Mapping[str, Any], fact: str, more: Fraction) -> Effect | None:
    """What would follow if a fact were so much more than it is stated; None where that cannot be said."""
    given: Mapping[str, Any] = facts.given if isinstance(facts, Facts) else facts
    declaration = next(each for each in ruleset.facts if each.id == fact)
    stated = Figures(ruleset, facts).number(declaration, given.get(fact))
    if stated is None:
        return None
    value = Fraction(stated) + more
    with localcontext(EXACT):
        number = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(number) != value:
        return None
    own = given[fact] if is_fact_object(given[fact]) else {}
    changed = {**given, fact: {"value": number, "basis": own.get("basis", "assertion")}}
    reads = reading_facts(ruleset)
    leaves = [leaf for _, leaf in walk(ruleset.indicators) if isinstance(leaf, Leaf)]
    try:
        before, after = bounds(ruleset, facts), bounds(ruleset, changed)
        standings = tuple(
            Standing(leaf.id, leaf.label, _ends(before[leaf.id]), _ends(after[leaf.id]))
            for leaf in leaves
            if fact in reads[leaf.id] or _ends(before[leaf.id]) != _ends(after[leaf.id])
        )
        return Effect(fact, declaration.label, number, _derived(ruleset, changed, fact), standings)
    except JmrulesError:
        # With so much it has no score at all: what the question is worth cannot be said.
        return None


def _ends(node: Any) -> tuple[Decimal, Decimal]:
    return node.low, node.high


def _derived(ruleset: Ruleset, changed: Mapping[str, Any], fact: str) -> tuple[Side, ...]:
    """The values that indicators read and that are computed from the fact, as they would be."""
    figures, found = Figures(ruleset, changed), []
    for derived in ruleset.derived:
        if derived.id in derived_reading(ruleset, fact) and derived.id in figures.derived:
            measured = figures.measure(figures.derived[derived.id])
            if measured is not None and measured.value is not None and is_number(measured.value):
                found.append(Side(derived.label, Fraction(measured.value), derived.unit))
    return tuple(found)

"""What each unknown fact is worth: how much narrower the total would be if it alone were supplied."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.feel import EXACT
from jmrules.feel.possible import Known
from jmrules.frozen import frozen_mapping
from jmrules.score import sum_digits
from jmrules.score.bounds import ROOT, Extent, Impossible, Range, Unknown, per_node, samples, sheet_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Text
    from jmrules.rules.bounds.prepare import Prepared

#: values that are tried of a fact, beside the claimed one
MOST_VALUES = 8


@frozen
class Narrowing:
    """By how many points an interval narrows."""

    least: Decimal
    greatest: Decimal


@frozen
class Worth:
    """What it would be worth to supply one fact that is not known, alone."""

    fact: str
    label: Text
    #: by how much the total's interval narrows, over the values tried
    least: Decimal
    greatest: Decimal
    #: where the value as claimed proves right; None where none is claimed
    claimed: Decimal | None
    #: whether every value that the fact may have was tried
    exhaustive: bool
    #: indicators whose own interval narrows
    indicators: Mapping[str, Narrowing] = field(factory=dict, converter=frozen_mapping)


def worth_of(prepared: Prepared) -> tuple[Worth, ...]:
    """The worth of every unknown fact, the greatest first; those that no indicator reads are worth nothing."""
    with localcontext(EXACT):
        found = [_worth(prepared, name, domain) for name, domain in prepared.unknown.items()]
    return tuple(sorted(found, key=lambda each: (-_rank(each), -each.greatest, each.fact)))


def _rank(worth: Worth) -> Decimal:
    return worth.greatest if worth.claimed is None else worth.claimed


def _worth(prepared: Prepared, name: str, domain: Extent) -> Worth:
    declaration = next(fact for fact in prepared.engine.plan.ruleset.facts if fact.id == name)
    claimed = prepared.claimed.get(name)
    exhaustive = isinstance(domain, Unknown) and domain.values is not None
    values = _spaced(samples(domain, claimed, prepared.search.hints))
    narrowed = {index: each for index, value in enumerate(values) if (each := _narrowed(prepared, name, value))}
    plan = prepared.engine.plan

    def span(id: str) -> tuple[Decimal, Decimal]:
        found = [each[id] for each in narrowed.values()] or [0]
        digits = -sum_digits(plan) if id == ROOT else -plan.ruleset.rounding.leaf
        return Decimal(min(found)).scaleb(digits), Decimal(max(found)).scaleb(digits)

    indicators = {leaf.leaf.id: Narrowing(*span(leaf.leaf.id)) for leaf in plan.leaves if span(leaf.leaf.id)[1]}
    at_claim = None if claimed is None or 0 not in narrowed else Decimal(narrowed[0][ROOT]).scaleb(-sum_digits(plan))
    return Worth(name, declaration.label, *span(ROOT), at_claim, exhaustive, indicators)


def _spaced(values: list[Any]) -> list[Any]:
    """Not too many of the values: the first and the last, and some between."""
    if len(values) <= MOST_VALUES:
        return values
    step = (len(values) - 1) / (MOST_VALUES - 1)
    return [values[round(index * step)] for index in range(MOST_VALUES)]


def _narrowed(prepared: Prepared, name: str, value: Any) -> dict[str, int] | None:
    """By how many quanta each node narrows once the fact has this value; None where there is then no score."""
    reads = prepared.engine.leaf_reads
    before = per_node(prepared.sheet)
    if not any(name in leaf for leaf in reads):
        return dict.fromkeys(before, 0)
    try:
        after = per_node(sheet_bounds(prepared.engine, {name: Known(value)}))
    except Impossible:
        return None
    return {id: _less(before[id], after[id]) for id in before}


def _less(before: Range, after: Range) -> int:
    return before.width - after.within(before).width

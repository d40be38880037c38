"""What cross-footing finds: two figures that should agree, and whether they do."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import frozen

from jmrules.errors import Text

#: how a check ends
Status = Literal["agrees", "within-rounding", "remainder", "contradicts", "not-checked"]
#: mildest first; of several results of one check, the last counts
STATUSES: tuple[Status, ...] = ("not-checked", "agrees", "within-rounding", "remainder", "contradicts")


@frozen
class Side:
    """A figure that takes part in a check, and where its source states it."""

    label: Text
    #: None where only bounds, or words, are known
    value: Decimal | Fraction | None
    unit: str | None = None
    #: sections of the source
    sections: tuple[str, ...] = ()


@frozen
class CheckResult:
    """One check, carried out once."""

    #: of the ruleset's checks: their id; of the generic ones: where they stand, and what is checked
    id: str
    #: sum, ratio, equal, at_most, year, as rulesets have them; statements; claims
    kind: str
    label: Text
    status: Status
    #: facts that it touches
    facts: tuple[str, ...]
    #: the figure as stated; what the other figures make of it
    stated: Side | None = None
    computed: Side | None = None
    #: stated less computed
    difference: Decimal | Fraction | None = None
    #: the greatest difference that the printed digits allow
    tolerance: Decimal | Fraction | None = None
    #: of an item of a list, what tells it apart
    item: str | None = None
    #: why it was not checked
    reason: Text | None = None


def worst(results: tuple[CheckResult, ...]) -> dict[str, Status]:
    """By id, the status that counts."""
    found: dict[str, Status] = {}
    for result in results:
        known = found.get(result.id, "not-checked")
        found[result.id] = max(known, result.status, key=STATUSES.index)
    return found

"""Numbers and checks as review documents state them (schemas/review.schema.json)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jmrules.crossfoot.results import CheckResult, Side
from jmrules.documents.unstructure import tell

#: decimals of a quotient, where its exact value has no end
PLACES = 12


def number(value: Decimal | Fraction | None) -> int | Decimal | None:
    """A number in decimals; a quotient without end to 12 of them."""
    if value is None or isinstance(value, Decimal):
        return value
    if value.denominator == 1:
        return value.numerator
    bottom = value.denominator
    while bottom % 10 == 0:
        bottom //= 10
    places = PLACES
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    if bottom == 1:
        places = max(PLACES, len(str(value.denominator)) * 4)
    scaled = (abs(value.numerator) * 10**places * 2 + value.denominator) // (2 * value.denominator)
    found = Decimal(scaled).scaleb(-places)
    found = found if value >= 0 else -found
    digits = found.as_tuple()
    drop = 0
    while drop < places and len(digits.digits) > drop and digits.digits[-1 - drop] == 0:
        drop += 1
    return found.quantize(Decimal(1).scaleb(drop - places), ROUND_HALF_UP) if drop else found


tell(Side, "label", ("value", lambda side: number(side.value)), "unit?", "sections")
tell(
    CheckResult,
    "id",
    "kind",
    "status",
    "label",
    "facts",
    "item?",
    "stated?",
    "computed?",
    ("difference?", lambda check: number(check.difference)),
    ("tolerance?", lambda check: number(check.tolerance)),
    "reason?",
)

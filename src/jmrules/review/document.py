"""Numbers and matters as review documents state them (schemas/review.schema.json)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jmrules.crossfoot import Effect, Matter, Open, Side, Standing, asked, said
from jmrules.documents import tell

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


def _ends(pair: tuple[Fraction, Fraction] | tuple[Decimal, Decimal] | None) -> dict[str, int | Decimal | None] | None:
    return None if pair is None else {"low": number(pair[0]), "high": number(pair[1])}


tell(
    Side,
    "label",
    ("value", lambda side: number(side.value)),
    ("between?", lambda side: _ends(side.between)),
    "unit?",
    "sections",
)
tell(
    Open,
    ("low", lambda still: number(still.low)),
    ("high", lambda still: number(still.high)),
    "unit?",
    "missing",
    ("reaches?", lambda still: number(still.reaches)),
    ("needed?", lambda still: number(still.needed)),
    ("most?", lambda still: number(still.most)),
    "whole_unit?",
)
tell(
    Standing,
    "id",
    "label",
    ("before", lambda standing: _ends(standing.before)),
    ("after", lambda standing: _ends(standing.after)),
)
tell(Effect, "fact", "label", "value", "derived", "indicators", "moves")
tell(
    Matter,
    "id",
    "kind",
    "status",
    "label",
    "facts",
    "doubted",
    "item?",
    "stated?",
    "computed?",
    ("difference?", lambda matter: number(matter.difference)),
    ("tolerance?", lambda matter: number(matter.tolerance)),
    "figures?",
    "open?",
    "effect?",
    "reason?",
    ("said", said),
    ("ask?", asked),
)

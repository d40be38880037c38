"""Reviews as JSON documents (schemas/review.schema.json)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jmrules.crossfoot.results import CheckResult, Side
    from jmrules.errors import Text

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


def text(words: Text) -> dict[str, str]:
    """A text in JSON's terms."""
    return {"zh": words.zh} if words.en is None else {"zh": words.zh, "en": words.en}


def check_document(check: CheckResult) -> dict[str, Any]:
    """A check's result in JSON's terms."""
    found: dict[str, Any] = {
        "id": check.id,
        "kind": check.kind,
        "status": check.status,
        "label": text(check.label),
        "facts": list(check.facts),
    }
    if check.item is not None:
        found["item"] = check.item
    for name, side in (("stated", check.stated), ("computed", check.computed)):
        if side is not None:
            found[name] = _side(side)
    for name, value in (("difference", check.difference), ("tolerance", check.tolerance)):
        if value is not None:
            found[name] = number(value)
    if check.reason is not None:
        found["reason"] = text(check.reason)
    return found


def _side(side: Side) -> dict[str, Any]:
    return {
        "label": text(side.label),
        "value": number(side.value),
        **({"unit": side.unit} if side.unit else {}),
        "sections": list(side.sections),
    }

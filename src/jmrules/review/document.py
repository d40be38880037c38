"""Reviews as JSON documents (schemas/review.schema.json)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jmrules.documents import pretty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.crossfoot.results import CheckResult, Side
    from jmrules.errors import Text
    from jmrules.review.claimed import Claimed, Review
    from jmrules.review.worklist import Row

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


def claimed_document(node: Claimed) -> dict[str, Any]:
    """An indicator, or the total, in JSON's terms."""
    return {
        "id": node.id,
        "label": text(node.label),
        "points": node.points,
        "claimed": node.claimed,
        "earned": {"low": node.earned[0], "high": node.earned[1]},
        "supported": None if node.supported is None else {"low": node.supported[0], "high": node.supported[1]},
        "standing": node.standing,
        "standings": list(node.standings),
        "basis": node.basis,
        "contradicted_by": list(node.contradicted_by),
    }


def review_document(review: Review) -> dict[str, Any]:
    """A review in JSON's terms."""
    ruleset, facts = review.ruleset, review.facts
    return {
        "jmrules": version("jmrules"),
        "ruleset": {
            "id": ruleset.id,
            "fiscal_year": ruleset.fiscal_year,
            "revision": ruleset.revision,
            "digest": ruleset.digest,
        },
        "facts": {"digest": facts.digest, "subject": facts.subject.name},
        "total": claimed_document(review.total),
        "grade_claimed": facts.claims.grade,
        "grades": [grade.id for grade in review.grades],
        "grades_supported": None
        if review.grades_supported is None
        else [grade.id for grade in review.grades_supported],
        "over_claimed": review.over_claimed,
        "contradicted_points": review.points("contradicted"),
        "unsupported_points": review.points("unsupported"),
        "indicators": [claimed_document(node) for node in review.indicators],
        "checks": [check_document(check) for check in review.checks],
    }


def review_json(review: Review) -> str:
    """The text of a review document."""
    return pretty(review_document(review)) + "\n"


def work_list_json(rows: Iterable[Row]) -> str:
    """The text of a work-list: the rows in order, each a review or the problems of its file."""
    found = []
    for rank, row in enumerate(rows, 1):
        entry: dict[str, Any] = {"rank": rank, "file": row.file, "standing": row.standing}
        if row.review is not None:
            entry["review"] = review_document(row.review)
        if row.error is not None:
            entry["problems"] = [
                {
                    "code": problem.code,
                    "message": text(problem.message),
                    **({"hint": text(problem.hint)} if problem.hint else {}),
                    "place": str(problem.place),
                }
                for problem in row.error.problems
            ]
        found.append(entry)
    return pretty({"jmrules": version("jmrules"), "rows": found}) + "\n"

"""An audit as a document (schemas/audit.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.documents import in_json, tell
from jmrules.read.audit import Audit
from jmrules.read.figures import Figure, Spot
from jmrules.read.sides import Noted
from jmrules.review import number

if TYPE_CHECKING:
    from collections.abc import Iterable

tell(Spot, "block", "start", "end", "section?", "page?", "line?", "row?", "column?")
tell(
    Figure,
    "value",
    "unit",
    "text",
    "label",
    ("between?", lambda figure: None if figure.between is None else {"low": number(figure.between[0]), "high": number(figure.between[1])}),
    "year?",
    ("period?", lambda figure: None if figure.period is None else list(figure.period)),
    ("place", lambda figure: figure.spot),
)  # fmt: skip
tell(Noted, "matter", "figures")


def audit_document(name: str, found: Audit) -> dict[str, Any]:
    """What was found in one report."""
    return {
        "format": 1,
        "report": name,
        "matters": in_json(found.noted),
        "figures": in_json(found.reading.figures),
    }


def audits_document(found: Iterable[tuple[str, Audit]]) -> dict[str, Any]:
    """What was found in several."""
    return {"format": 1, "reports": [audit_document(name, each) for name, each in found]}

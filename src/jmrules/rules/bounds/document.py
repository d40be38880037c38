"""The scores that are still possible as a JSON document (schemas/trace.schema.json): what it holds of each record."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from jmrules.documents import pretty
from jmrules.documents.unstructure import in_json, tell
from jmrules.facts.model import Facts, Subject
from jmrules.rules.bounds.result import Bounds, NodeBounds
from jmrules.rules.bounds.worth import Narrowing, Worth
from jmrules.ruleset.model import Grade, Rounding, Ruleset

tell(NodeBounds, "id", "label", "points", "low", "high", "tight", "reason?", "undefined?", "children?")
tell(Narrowing, "least", "greatest")
tell(Worth, "fact", "label", "least", "greatest", "exhaustive", "claimed?", "indicators?")
tell(
    Bounds,
    "trust",
    "low",
    "high",
    "tight",
    "reason?",
    ("grades", lambda bounds: tuple(grade.id for grade in bounds.grades)),
    "indicators=root.children",
    "unknown=worth",
)
tell(Grade, "id", "label", "in=tests")
tell(Rounding, "leaf", "total", "mode")
tell(Subject, "name", "name_en?", "code?")
tell(Facts, "digest", "subject")
tell(
    Ruleset,
    "id",
    "fiscal_year",
    "revision",
    "status",
    "digest",
    "title",
    ("notice", lambda ruleset: ruleset.source.value["notice"]),
)


def bounds_document(bounds: Bounds, facts: object) -> dict[str, Any]:
    """The document in JSON's terms: its total is null, and ``bounds`` holds the interval."""
    ruleset = bounds.ruleset
    found: dict[str, Any] = in_json(
        {
            "jmrules": version("jmrules"),
            "total": None,
            "grade": None,
            "points": ruleset.points,
            "bounds": bounds,
            "ruleset": ruleset,
            "facts": facts if isinstance(facts, Facts) else {},
            "rounding": ruleset.rounding,
            "grades": ruleset.grades,
        }
    )
    return found


def bounds_json(bounds: Bounds, facts: object) -> str:
    """The text of the document."""
    return pretty(bounds_document(bounds, facts)) + "\n"

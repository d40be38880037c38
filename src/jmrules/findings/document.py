"""Findings as a JSON document (schemas/findings.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.documents import in_json, pretty

if TYPE_CHECKING:
    from jmrules.trace import Trace

_MEMBERS = ("jmrules", "ruleset", "facts", "total", "adjustments", "findings")


def findings_document(trace: Trace) -> dict[str, Any]:
    """The findings of a trace in JSON's terms, with the score that they follow from."""
    members = {name: getattr(trace, name) for name in _MEMBERS}
    found: dict[str, Any] = in_json({**members, "grade": {"id": trace.grade.id, "label": trace.grade.label}})
    return found


def findings_json(trace: Trace) -> str:
    """The text of the findings document."""
    return pretty(findings_document(trace)) + "\n"

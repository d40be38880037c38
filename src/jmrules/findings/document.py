"""Findings as a JSON document (schemas/findings.schema.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.documents import pretty
from jmrules.trace.document import trace_document

if TYPE_CHECKING:
    from jmrules.trace.model import Trace

_MEMBERS = ("jmrules", "ruleset", "facts", "total", "grade", "adjustments")


def findings_document(trace: Trace) -> dict[str, Any]:
    """The findings of a trace in JSON's terms, with the score that they follow from."""
    document = trace_document(trace)
    return {**{name: document[name] for name in _MEMBERS}, "findings": document.get("findings", [])}


def findings_json(trace: Trace) -> str:
    """The text of the findings document."""
    return pretty(findings_document(trace)) + "\n"

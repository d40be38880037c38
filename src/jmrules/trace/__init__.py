"""The score trace: a tree that accounts for every point, its JSON form, and its words."""

from jmrules.trace.account import item_meanings, meaning_of, meanings
from jmrules.trace.build import build_trace
from jmrules.trace.document import form_document, parse_trace, trace_document, trace_json
from jmrules.trace.findings import Figure, Finding, Ground, deferred_finding
from jmrules.trace.forms import Form
from jmrules.trace.model import GroupTrace, Input, LeafTrace, Loss, NodeTrace, Trace
from jmrules.trace.required import required_evidence
from jmrules.trace.values import feel_of, json_value, type_name

__all__ = [
    "Figure",
    "Finding",
    "Form",
    "Ground",
    "GroupTrace",
    "Input",
    "LeafTrace",
    "Loss",
    "NodeTrace",
    "Trace",
    "build_trace",
    "deferred_finding",
    "feel_of",
    "form_document",
    "item_meanings",
    "json_value",
    "meaning_of",
    "meanings",
    "parse_trace",
    "required_evidence",
    "trace_document",
    "trace_json",
    "type_name",
]

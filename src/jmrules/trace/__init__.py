"""The score trace: a tree that accounts for every point, its JSON form, its words, and its replay."""

from jmrules.trace.document import parse_trace, trace_document, trace_json
from jmrules.trace.model import GroupTrace, LeafTrace, Loss, Trace
from jmrules.trace.replaying import replay

__all__ = ["GroupTrace", "LeafTrace", "Loss", "Trace", "parse_trace", "replay", "trace_document", "trace_json"]

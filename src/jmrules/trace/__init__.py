"""The score trace: a tree that accounts for every point, its JSON form, and its words."""

from jmrules.trace.document import parse_trace, trace_document, trace_json
from jmrules.trace.model import GroupTrace, LeafTrace, Loss, Trace

__all__ = ["GroupTrace", "LeafTrace", "Loss", "Trace", "parse_trace", "trace_document", "trace_json"]

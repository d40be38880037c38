"""What follows from a score, with its grounds: rules that fired, told in words. ``findings.findings_of`` is the way in."""

from jmrules.findings.assemble import Assembly
from jmrules.findings.document import findings_json
from jmrules.findings.doubts import (
    STANDINGS,
    Doubts,
    Interval,
    Judged,
    Standing,
    Weighed,
    doubtful,
    doubts,
    of_score,
    weighed,
)
from jmrules.findings.findings import findings_of
from jmrules.findings.unknown import OpenFindings, open_findings, open_findings_json
from jmrules.findings.weighing import of_bounds
from jmrules.findings.words import Reader, field_meanings

__all__ = [
    "STANDINGS",
    "Assembly",
    "Doubts",
    "Interval",
    "Judged",
    "OpenFindings",
    "Reader",
    "Standing",
    "Weighed",
    "doubtful",
    "doubts",
    "field_meanings",
    "findings_json",
    "findings_of",
    "of_bounds",
    "of_score",
    "open_findings",
    "open_findings_json",
    "weighed",
]

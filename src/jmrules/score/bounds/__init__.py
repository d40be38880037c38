"""What the indicators of one department may earn where facts are unknown: ``engine`` and ``sheet`` are the way in."""

from jmrules.score.bounds.constraints import constrained
from jmrules.score.bounds.domains import Extent, Fixed, Rows, Unknown
from jmrules.score.bounds.engine import Engine, World
from jmrules.score.bounds.facts import department
from jmrules.score.bounds.near import Near
from jmrules.score.bounds.samples import Hints, hints_of, samples
from jmrules.score.bounds.search import ROOT, Search, per_node
from jmrules.score.bounds.sheet import SHEET, Impossible, Range, SheetBounds, score_values, sheet_bounds

__all__ = [
    "ROOT",
    "SHEET",
    "Engine",
    "Extent",
    "Fixed",
    "Hints",
    "Impossible",
    "Near",
    "Range",
    "Rows",
    "Search",
    "SheetBounds",
    "Unknown",
    "World",
    "constrained",
    "department",
    "hints_of",
    "per_node",
    "samples",
    "score_values",
    "sheet_bounds",
]

"""Many departments at once, every row equal to the exact reading's to the last digit: ``score.score`` is the way in."""

from jmrules.score.columns.by_rows import LeafReader, row_of
from jmrules.score.columns.conditions import allocated, case_of, doubtful
from jmrules.score.columns.facts import read_fact
from jmrules.score.columns.prepare import as_table, prepared
from jmrules.score.columns.program import Program, program_of, type_of
from jmrules.score.columns.score import Run, totals_and_grades
from jmrules.score.columns.shares import Share, share_of
from jmrules.score.columns.sheet import Sheet, published

__all__ = [
    "LeafReader",
    "Program",
    "Run",
    "Share",
    "Sheet",
    "allocated",
    "as_table",
    "case_of",
    "doubtful",
    "prepared",
    "program_of",
    "published",
    "read_fact",
    "row_of",
    "share_of",
    "totals_and_grades",
    "type_of",
]

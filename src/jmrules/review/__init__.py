"""Claims against what facts earn, reviewers' decisions, documents that are lacking, and what last year left to mend."""

from jmrules.review.adjudicate import adjudicate
from jmrules.review.adjudicated import Adjudicated, Interval, deviations, span_said, table
from jmrules.review.adjudication import Adjudication, AdjudicationError, load_adjudication
from jmrules.review.claimed import Review, review
from jmrules.review.deciding import Deciding, decided
from jmrules.review.document import number
from jmrules.review.evidence import EvidenceReport, FileCheck, evidence_report
from jmrules.review.many import each_of
from jmrules.review.rectification import Line, ledger
from jmrules.review.state import PROGRESS_WORDS, Progress, adjudication_beside, progress_of, review_file
from jmrules.review.words import STANDING_WORDS, STATE_WORDS
from jmrules.review.worklist import Row, loaded_together, row_of, to_csv, work_list, work_list_json

__all__ = [
    "PROGRESS_WORDS",
    "STANDING_WORDS",
    "STATE_WORDS",
    "Adjudicated",
    "Adjudication",
    "AdjudicationError",
    "Deciding",
    "EvidenceReport",
    "FileCheck",
    "Interval",
    "Line",
    "Progress",
    "Review",
    "Row",
    "adjudicate",
    "adjudication_beside",
    "decided",
    "deviations",
    "each_of",
    "evidence_report",
    "ledger",
    "load_adjudication",
    "loaded_together",
    "number",
    "progress_of",
    "review",
    "review_file",
    "row_of",
    "span_said",
    "table",
    "to_csv",
    "work_list",
    "work_list_json",
]

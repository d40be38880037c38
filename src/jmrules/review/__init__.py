"""Claims against what facts earn, reviewers' decisions, documents that are lacking, and what last year left to mend."""

from jmrules.review.adjudicate import adjudicate
from jmrules.review.adjudicated import Adjudicated, deviations, table
from jmrules.review.adjudication import load_adjudication
from jmrules.review.claimed import Review, review
from jmrules.review.document import number
from jmrules.review.evidence import EvidenceReport, FileCheck, evidence_report
from jmrules.review.rectification import Line, ledger
from jmrules.review.words import STANDING_WORDS
from jmrules.review.worklist import Row, to_csv, work_list, work_list_json

__all__ = [
    "STANDING_WORDS",
    "Adjudicated",
    "EvidenceReport",
    "FileCheck",
    "Line",
    "Review",
    "Row",
    "adjudicate",
    "deviations",
    "evidence_report",
    "ledger",
    "load_adjudication",
    "number",
    "review",
    "table",
    "to_csv",
    "work_list",
    "work_list_json",
]

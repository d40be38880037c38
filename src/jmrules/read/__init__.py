"""Reports read: every figure with its place, what figures have to do with each other, and a report held against itself."""

from jmrules.read.audit import Audit, audit
from jmrules.read.document import audit_document, audits_document
from jmrules.read.draft import Draft, draft, drafted_facts
from jmrules.read.figures import Figure, Sentence, Spot
from jmrules.read.language import Speech, speech
from jmrules.read.links import Reading, read_figures
from jmrules.read.marked import marked
from jmrules.read.paper import Block, Paper, ReportError
from jmrules.read.sides import Noted
from jmrules.read.sources import ENDINGS, paper_of_text, read_paper, reports_in
from jmrules.read.tabled import Group, Rate

__all__ = [
    "ENDINGS",
    "Audit",
    "Block",
    "Draft",
    "Figure",
    "Group",
    "Noted",
    "Paper",
    "Rate",
    "Reading",
    "ReportError",
    "Sentence",
    "Speech",
    "Spot",
    "audit",
    "audit_document",
    "audits_document",
    "draft",
    "drafted_facts",
    "marked",
    "paper_of_text",
    "read_figures",
    "read_paper",
    "reports_in",
    "speech",
]

"""Excel that people fill in, hand in and read: a template for facts, a score sheet, a work-list."""

from jmrules.report.book import write_bytes
from jmrules.report.template import template
from jmrules.report.word import LETTERS, Letter, word
from jmrules.report.worklist import report, reports, work_list

__all__ = ["LETTERS", "Letter", "report", "reports", "template", "word", "work_list", "write_bytes"]

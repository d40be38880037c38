"""Excel that people fill in, hand in and read: a template for facts, a score sheet, a work-list."""

from jmrules.report.book import write_bytes
from jmrules.report.template import template
from jmrules.report.worklist import report, reports

__all__ = ["report", "reports", "template", "write_bytes"]

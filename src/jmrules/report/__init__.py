"""What people fill in, hand in, read and look at: Excel, pages, Markdown, charts; a template for facts, score sheets, the notice itself."""

from jmrules.report.book import write_bytes
from jmrules.report.html import department_page, departments_page
from jmrules.report.markdown import department_markdown, departments_markdown
from jmrules.report.notice_excel import notice_workbook
from jmrules.report.notice_pages import notice_markdown, notice_page
from jmrules.report.notice_word import notice_document
from jmrules.report.scored import scored
from jmrules.report.template import template
from jmrules.report.worklist import listed_files, report, reports, work_list_book

__all__ = [
    "department_markdown",
    "department_page",
    "departments_markdown",
    "departments_page",
    "listed_files",
    "notice_document",
    "notice_markdown",
    "notice_page",
    "notice_workbook",
    "report",
    "reports",
    "scored",
    "template",
    "work_list_book",
    "write_bytes",
]

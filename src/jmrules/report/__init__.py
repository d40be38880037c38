"""What people fill in, hand in, read and look at: Excel, Word, pages, Markdown, charts; a template for facts, score sheets, the notice itself."""

from jmrules.report.book import write_bytes
from jmrules.report.charts import (
    award_rates,
    claimed_against_supported,
    department_charts,
    distribution,
    rates_over_departments,
    timeline,
    where_points_went,
    year_over_year,
)
from jmrules.report.drawing import Chart, png, svg
from jmrules.report.folder import Made, folder_of_reports
from jmrules.report.html import department_page, departments_page
from jmrules.report.markdown import department_markdown, departments_markdown
from jmrules.report.notice_excel import notice_workbook
from jmrules.report.notice_pages import notice_markdown, notice_page
from jmrules.report.notice_word import notice_document
from jmrules.report.scored import scored
from jmrules.report.teller import told
from jmrules.report.template import template
from jmrules.report.told import Told
from jmrules.report.word import LETTERS, Letter, word
from jmrules.report.worklist import listed_files, report, reports, work_list_book, work_list_of_files

__all__ = [
    "LETTERS",
    "Chart",
    "Letter",
    "Made",
    "Told",
    "award_rates",
    "claimed_against_supported",
    "department_charts",
    "department_markdown",
    "department_page",
    "departments_markdown",
    "departments_page",
    "distribution",
    "folder_of_reports",
    "listed_files",
    "notice_document",
    "notice_markdown",
    "notice_page",
    "notice_workbook",
    "png",
    "rates_over_departments",
    "report",
    "reports",
    "scored",
    "svg",
    "template",
    "timeline",
    "told",
    "where_points_went",
    "word",
    "work_list_book",
    "work_list_of_files",
    "write_bytes",
    "year_over_year",
]

"""What people fill in, hand in, read and look at: Excel, pages, Markdown, charts; a template for facts, score sheets, the notice itself."""

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
from jmrules.report.html import department_page, departments_page
from jmrules.report.markdown import department_markdown, departments_markdown
from jmrules.report.notice_excel import notice_workbook
from jmrules.report.notice_pages import notice_markdown, notice_page
from jmrules.report.notice_word import notice_document
from jmrules.report.scored import scored
from jmrules.report.teller import told
from jmrules.report.template import template
from jmrules.report.told import Told
from jmrules.report.worklist import listed_files, report, reports, work_list_book

__all__ = [
    "Chart",
    "Told",
    "award_rates",
    "claimed_against_supported",
    "department_charts",
    "department_markdown",
    "department_page",
    "departments_markdown",
    "departments_page",
    "distribution",
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
    "work_list_book",
    "write_bytes",
    "year_over_year",
]

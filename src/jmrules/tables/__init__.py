"""Tables as people keep them, Excel and CSV: rows of text with the file's own places, and what a cell says. Knows no ruleset."""

from jmrules.tables.cells import day, half_width, nothing, number, truth
from jmrules.tables.excel import excel_sheets
from jmrules.tables.heads import Head, head_of, key_of, known_unit
from jmrules.tables.layout import Layout, lines, open_table
from jmrules.tables.model import FAULTS, NUMBER_OF_ROW, Row, Sheet, TableError, clean, fault_in, faulty, letters
from jmrules.tables.text_file import encoding_of

__all__ = [
    "FAULTS",
    "NUMBER_OF_ROW",
    "Head",
    "Layout",
    "Row",
    "Sheet",
    "TableError",
    "clean",
    "day",
    "encoding_of",
    "excel_sheets",
    "fault_in",
    "faulty",
    "half_width",
    "head_of",
    "key_of",
    "known_unit",
    "letters",
    "lines",
    "nothing",
    "number",
    "open_table",
    "truth",
]

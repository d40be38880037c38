"""Tables as people keep them, Excel and CSV: rows of text with the file's own places, and what a cell says. Knows no ruleset."""

from jmrules.tables.cells import day, number, truth
from jmrules.tables.heads import Head, key_of
from jmrules.tables.layout import Layout, lines, open_table
from jmrules.tables.model import NUMBER_OF_ROW, Row, Sheet, TableError

__all__ = [
    "NUMBER_OF_ROW",
    "Head",
    "Layout",
    "Row",
    "Sheet",
    "TableError",
    "day",
    "key_of",
    "lines",
    "number",
    "open_table",
    "truth",
]

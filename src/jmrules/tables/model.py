"""What a table file is: sheets of rows, each row with the number that a spreadsheet shows beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.errors import JmrulesError, Place, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

#: the column, beside those of the file, that holds the file's own row numbers
NUMBER_OF_ROW = "\x00row"


class TableError(JmrulesError):
    """A table that cannot be read, or in which it is not clear what stands where."""


@frozen
class Row:
    """One row of a sheet, blank ones too."""

    #: as a spreadsheet counts them, from 1
    number: int
    #: text of each cell from the first column on; None where nothing stands, a fault (see ``faulty``) where there is no text to trust
    cells: list[str | None]
    hidden: bool = False


@frozen
class Sheet:
    """A sheet of a workbook, or all of a CSV file."""

    file: Path
    #: None for a file that has no sheets
    name: str | None
    #: the rows from the first on; every call begins anew
    rows: Callable[[], Iterator[Row]] = field(repr=False)
    hidden: bool = False
    #: (row, column) that a merged cell covers -> (row, column) where it begins; known when all rows have been read
    covered: Callable[[], Mapping[tuple[int, int], tuple[int, int]]] = field(repr=False, default=dict)
    #: what was found out about the file that its reader should know
    notes: tuple[Text, ...] = ()
    #: a comma may stand for a decimal point here, as where semicolons separate cells
    decimal_commas: bool = False

    def cell(self, row: int, column: int) -> str:
        """What a spreadsheet calls a cell; columns count from 0."""
        return f"{self.name}!{letters(column)}{row}" if self.name is not None else f"{letters(column)}{row}"


#: cells of a sheet that is read once and kept
_KEPT = 1_000_000


def kept(rows: Callable[[], Iterator[Row]]) -> Callable[[], Iterator[Row]]:
    """The same rows, read once and kept where they are not many: heads, counts, keys and figures are each looked for from the first row on."""
    whole: list[Row] = []

    def again() -> Iterator[Row]:
        if whole:
            yield from whole
            return
        few: list[Row] = []
        cells = 0
        for row in rows():
            cells += len(row.cells) + 1
            if cells <= _KEPT:
                few.append(row)
            yield row
        if cells <= _KEPT:
            whole[:] = few

    return again


def letters(column: int) -> str:
    """The letters of a column that is counted from 0: A, B, …, Z, AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def table_error(
    code: str, zh: str, en: str, hint: tuple[str, str] | None, file: Path, cell: str | None = None
) -> TableError:
    """A single problem of a file."""
    return TableError(Problem(code, Text(zh, en), None if hint is None else Text(*hint), Place(str(file), cell=cell)))


# ---- cells that have no text to trust: told of in the column itself, wherever it goes

_FAULT = "\x00"

#: fault -> what is wrong, what to do
FAULTS = {
    "formula": (
        Text("公式没有存下结果", "a formula whose result is not stored"),
        Text("请在 Excel 或 WPS 中打开、重新计算并保存", "open it in Excel or WPS, recalculate and save"),
    ),
    "error": (Text("出错的公式", "a formula in error"), Text("请改正公式，或直接写值", "correct the formula, or write the value")),
    "merged": (
        Text("被合并单元格盖住，不知道值是否也用于这一行", "covered by a merged cell: whether its value is meant here too is not said"),
        Text("请取消合并，逐行写明", "unmerge it, and write the value in each row"),
    ),
    "scaled": (
        Text("显示的数与存的数不同（数字格式缩小了它）", "a number format shows another number than is stored"),
        Text("请把数字格式改为“常规”，并核对数值", "set its number format to General, and check the figure"),
    ),
    "imprecise": (
        Text("位数多于 Excel 能存的", "more digits than Excel can hold"),
        Text("请把该格存为文本", "store the cell as text"),
    ),
    "date": (Text("不是存在的日期", "no date that exists"), Text("请写成 2024-06-30", "write it as 2024-06-30")),
    "ragged": (
        Text("这一行的格数多于表头，不知道哪一格属于哪一列", "the row has more cells than there are heads, so it is not clear which belongs where"),
        Text(
            "请给含分隔符的值加双引号，例如 \"21,573.15\"",
            'put values that hold the separator in double quotes: "21,573.15"',
        ),
    ),
}  # fmt: skip


def faulty(code: str, shown: str = "") -> str:
    """The text of a cell that has none to trust."""
    return f"{_FAULT}{code}:{shown}"


def fault_in(text: str) -> tuple[str, str] | None:
    """Which fault a cell has, and what stands there; None for text."""
    if not text.startswith(_FAULT):
        return None
    code, _, shown = text[1:].partition(":")
    return code, shown


#: blanks of all widths, marks that are not seen
_EDGES = "".join(chr(code) for code in range(0x10000) if chr(code).isspace()) + "\u200b\ufeff\u200e\u200f"


def clean(text: str) -> str | None:
    """The text of a cell without the blanks around it; None where nothing is left."""
    text = text.strip(_EDGES)
    return (text.replace(_FAULT, "").strip(_EDGES) if _FAULT in text else text) or None

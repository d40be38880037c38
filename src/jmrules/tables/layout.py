"""Where in a file the table is: its sheet, its heads, its rows; and what stands around them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from jmrules.errors import Text
from jmrules.tables.excel import excel_sheets
from jmrules.tables.heads import Head, head_of, key_of, looks_like_unit, plain_unit, units_on_page
from jmrules.tables.model import Row, Sheet, fault_in, faulty, table_error
from jmrules.tables.text_file import csv_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Set
    from pathlib import Path

#: rows in which heads are looked for
_TOP = 40
_SHOWN = 10
_TOTAL = re.compile(r"[\u4e00-\u9fff]{0,6}(?:合计|总计|小计|共计)(?:数|[((].*[))])?[::]?")
_FOOT = re.compile(
    r"(?:注|备注|说明|填表人|填报人|制表人|经办人|审核人|复核人|负责人|单位负责人|联系人|联系电话|填报日期|填表日期)[::].*"
)


@frozen
class Layout:
    """A table found in a file."""

    sheet: Sheet
    #: number of the first row of heads, and of the last
    first: int
    last: int
    heads: tuple[Head, ...]
    #: units that a line above the heads says for the whole table
    units: tuple[str, ...]
    #: rows of data
    count: int
    #: what was found that its reader should know
    notes: tuple[Text, ...] = field(default=())

    @property
    def file(self) -> Path:
        """The file it stands in."""
        return self.sheet.file


def open_table(
    file: Path, kind: str, *, sheet: str | None = None, header_row: int | None = None, wanted: Set[str] = frozenset()
) -> Layout:
    """Find the table of a file.

    Args:
        file: it exists.
        kind: ``csv`` or ``excel``.
        sheet: its sheet; found by itself where one fits.
        header_row: the row of its heads, as a spreadsheet counts; found by itself where one fits.
        wanted: keys (:func:`key_of`) of heads that are looked for.

    Raises:
        TableError: a file that cannot be read, a sheet or row that is not there, or more than one that would fit.
    """
    if kind == "csv":
        if sheet is not None:
            raise table_error("no-such-sheet", "CSV 没有工作表", "a CSV file has no sheets",
                              ("请去掉 --sheet", "leave out --sheet"), file)  # fmt: skip
        return _whole(_heads(csv_sheet(file, wanted), header_row, wanted)[0], header_row)
    sheets = excel_sheets(file)
    if sheet is not None:
        chosen = [each for each in sheets if each.name is not None and key_of(each.name) == key_of(sheet)]
        if not chosen:
            raise table_error(
                "no-such-sheet", f"没有工作表“{sheet}”", f"there is no sheet {sheet!r}", _named(sheets), file
            )
        return _whole(_heads(chosen[0], header_row, wanted)[0], header_row, of=sheets)
    visible = [each for each in sheets if not each.hidden and next(_filled(each), None) is not None]
    if not visible:
        raise table_error(
            "no-rows", "没有可见的、有内容的工作表", "no visible sheet holds anything", _named(sheets), file
        )
    found = [_heads(each, header_row, wanted) for each in visible] if len(visible) > 1 else []
    if not found:
        return _whole(_heads(visible[0], header_row, wanted)[0], header_row, of=sheets)
    most = max(named for _, named in found)
    fitting = [layout for layout, named in found if named == most]
    if len(fitting) > 1:
        raise table_error(
            "which-sheet", f"{len(fitting)} 个工作表都可能是要读的：{'、'.join(str(each.sheet.name) for each in fitting)}",
            f"{len(fitting)} sheets may be meant: {', '.join(str(each.sheet.name) for each in fitting)}",
            ("请用 --sheet 指明；--list 写成 文件#工作表:编号列", "name one by --sheet; in --list, as FILE#SHEET:KEY"), file,
        )  # fmt: skip
    return _whole(fitting[0], header_row, of=sheets)


def _named(sheets: list[Sheet]) -> tuple[str, str]:
    named = [str(each.name) for each in sheets]
    return f"现有：{'、'.join(named)}", f"there are: {', '.join(named)}"


def _filled(sheet: Sheet) -> Iterator[Row]:
    return (row for row in sheet.rows() if any(row.cells))


# ---- heads


def _heads(sheet: Sheet, header_row: int | None, wanted: Set[str]) -> tuple[Layout, int]:
    """The table of a sheet, its rows not yet looked at; and how many of its heads are wanted."""
    top = list(islice(_filled(sheet), _TOP)) if header_row is None else _until(sheet, header_row)
    if not top:
        raise table_error("unreadable-file", "文件是空的", "the file is empty", None, sheet.file)
    covered = _covered(sheet)
    choices = [
        made
        for at, row in enumerate(top)
        if header_row in (None, row.number)
        for made in _blocks(sheet, top, at, covered)
    ]
    if not choices:
        raise table_error(
            "no-such-row", f"第 {header_row} 行没有表头", f"row {header_row} holds no heads",
            ("请核对 --header-row", "check --header-row"), sheet.file,
        )  # fmt: skip
    counted = [(len({key for head in made.heads for key in head.keys} & wanted), made) for made in choices]
    most = max(count for count, _ in counted)
    if most == 0:
        plain = [made for _, made in counted if made.first == made.last]
        return next((made for made in plain if len(made.heads) > 1), plain[0]), 0
    best = [made for count, made in counted if count == most]
    others = [
        made for made in best
        if made.first > best[0].last and [head.keys for head in made.heads] != [head.keys for head in best[0].heads]
    ]  # fmt: skip
    if others:
        numbers = [str(made.first) for made in (best[0], *others)]
        raise table_error(
            "which-row", f"第 {'、'.join(numbers)} 行都可能是表头", f"rows {', '.join(numbers)} may each be the heads",
            ("请用 --header-row 指明", "name one by --header-row"), sheet.file,
        )  # fmt: skip
    return best[0], most


def _until(sheet: Sheet, number: int) -> list[Row]:
    found = []
    for row in _filled(sheet):
        found.append(row)
        if row.number > number + 1:
            break
    return found


def _covered(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Merged cells stand at the end of a sheet: all of it has to be read."""
    if sheet.name is not None and not sheet.covered():
        for _ in sheet.rows():
            pass
    return dict(sheet.covered())


def _blocks(sheet: Sheet, top: list[Row], at: int, covered: dict[tuple[int, int], tuple[int, int]]) -> Iterator[Layout]:
    """The heads that stand in a row; and where merged cells join it to the next, those of both."""
    rows = {row.number: row for row in top}
    row = top[at]
    units = tuple(
        dict.fromkeys(unit for above in top[:at] for cell in above.cells if cell for unit in units_on_page(cell))
    )
    single = [
        head_of(text, column) for column in range(len(row.cells)) if (text := _at(rows, row.number, column, covered))
    ]
    if single:
        yield Layout(sheet, row.number, row.number, tuple(single), units, 0)
    below = row.number + 1
    wide = {column for (line, column), begin in covered.items() if line == row.number and begin[0] == row.number}
    wide |= {begin[1] for (line, _), begin in covered.items() if line == row.number and begin[0] == row.number}
    tall = any(line == below and begin[0] == row.number for (line, _), begin in covered.items())
    if below not in rows or not (wide and (tall or len(rows[below].cells) > min(wide))):
        return
    heads = []
    for column in range(max(len(row.cells), len(rows[below].cells))):
        upper, lower = _at(rows, row.number, column, covered), _at(rows, below, column, covered)
        if lower and upper and lower != upper:
            heads.append(head_of(f"{upper} {lower}", column, [lower]))
        elif lower or upper:
            heads.append(head_of(lower or upper or "", column))
    yield Layout(sheet, row.number, below, tuple(heads), units, 0)


def _at(rows: dict[int, Row], number: int, column: int, covered: dict[tuple[int, int], tuple[int, int]]) -> str | None:
    """The text of a cell, or that of the merged cell which covers it."""
    number, column = covered.get((number, column), (number, column))
    cells = rows[number].cells if number in rows else []
    text = cells[column] if column < len(cells) else None
    return None if text is None or fault_in(text) else text


# ---- rows


def lines(layout: Layout, fill: Set[int] = frozenset()) -> Iterator[Row]:
    """The rows of data of a table, each as wide as its heads reach.

    ``fill``: columns in which a merged cell stands for all the rows it covers, as a department's name does beside its items.
    """
    return (row for row, other in _rows(layout, fill) if other is None)


def _rows(layout: Layout, fill: Set[int]) -> Iterator[tuple[Row, str | None]]:
    """The rows below the heads that are not blank; with those that are no data, why."""
    covered = layout.sheet.covered()
    width = 1 + max(head.column for head in layout.heads)
    ragged = layout.sheet.name is None
    kind_of = _kinds(layout)
    filled: dict[int, tuple[tuple[int, int], str | None]] = {}
    first = True
    for row in layout.sheet.rows():
        said = [text for text in row.cells if text]
        if row.number <= layout.last or not said:
            continue
        cells = row.cells
        if len(cells) < width:
            cells = cells + [None] * (width - len(cells))
        other = kind_of(cells, said, first)
        first = first and other is not None
        if other is None and len(cells) > width:
            if ragged and any(cells[width:]):
                cells = [faulty("ragged", " | ".join(said)[:60])] * width
            cells = cells[:width]
        for column in range(width) if covered and other is None else ():
            begin = covered.get((row.number, column))
            if begin is None:
                filled[column] = ((row.number, column), cells[column])
                continue
            stands = column in fill and filled.get(column, (None,))[0] == begin
            # what the sheet keeps of the row is not changed
            cells = [*cells[:column], filled[column][1] if stands else faulty("merged"), *cells[column + 1 :]]
        yield (row if cells is row.cells else Row(row.number, cells, row.hidden)), other


def _kinds(layout: Layout) -> Callable[[list[str | None], list[str], bool], str | None]:
    """What a row is that is no row of data, from its cells, those that say something, and whether no row of data stands before it."""
    heads = {head.column: head.keys for head in layout.heads}
    starts = {text[0] for head in layout.heads for text in (head.name, *head.keys)}

    def kind(cells: list[str | None], said: list[str], first: bool) -> str | None:
        one, two = said[0], said[1] if len(said) > 1 else ""
        if ("计" in one and _TOTAL.fullmatch(key_of(one))) or ("计" in two and _TOTAL.fullmatch(key_of(two))):
            return "total"
        if len(said) <= 4 and (":" in one or "：" in one) and _FOOT.fullmatch(key_of(one)):
            return "foot"
        if two and one[0] in starts and all(key_of(text) in heads.get(at, ()) for at, text in enumerate(cells) if text):
            return "heads"
        if first:
            keys = [key_of(text) for text in said]
            if all(looks_like_unit(plain_unit(key)) for key in keys):
                return "unit"
            if _is_numbering(keys):
                return "numbering"
        return None

    return kind


def _is_numbering(texts: list[str]) -> bool:
    """Whether a row numbers the columns: 栏次 1 2 3, or 甲 乙 1 2 3."""
    if texts[0] in ("栏次", "行次"):
        return len(texts) > 1
    rest = texts[1:]
    while rest and rest[0] in ("乙", "丙", "丁"):
        rest = rest[1:]
    return texts[0] == "甲" and len(texts) > 3 and rest == [str(number) for number in range(1, len(rest) + 1)]


_OTHERS = {
    "total": ("合计行，不打分", "totals, not scored"),
    "foot": ("表下的说明，未读", "notes below the table, not read"),
    "heads": ("重复的表头，未读", "heads repeated, not read"),
    "unit": ("各列的单位", "units of the columns"),
    "numbering": ("栏次，未读", "numbers of the columns, not read"),
}


def _whole(layout: Layout, header_row: int | None, of: list[Sheet] | None = None) -> Layout:
    """The table with its rows looked at once: how many there are, and what stands among them."""
    count = 0
    others: dict[str, list[int]] = {}
    hidden: list[int] = []
    units: dict[int, str] = {}
    for row, other in _rows(layout, frozenset()):
        if other is None:
            count += 1
            hidden += [row.number] if row.hidden else []
            continue
        others.setdefault(other, []).append(row.number)
        if other == "unit":
            units = {column: plain_unit(key_of(text)) for column, text in enumerate(row.cells) if text}
    heads = tuple(
        evolve(head, unit=units[head.column]) if head.unit is None and head.column in units else head
        for head in layout.heads
    )
    notes = [*_where(layout, header_row, of), *layout.sheet.notes]
    for kind, numbers in others.items():
        zh, en = _OTHERS[kind]
        notes.append(Text(f"第 {_list(numbers, '、')} 行是{zh}", f"row {_list(numbers, ', ')}: {en}"))
    if hidden:
        notes.append(
            Text(
                f"第 {_list(hidden, '、')} 行是隐藏的，也打分",
                f"row {_list(hidden, ', ')} is hidden, and is scored too",
            )
        )
    if layout.units:
        notes.append(
            Text(
                f"表头上方写明单位：{'、'.join(layout.units)}", f"units said above the heads: {', '.join(layout.units)}"
            )
        )
    return evolve(layout, heads=heads, count=count, notes=tuple(notes))


def _where(layout: Layout, header_row: int | None, of: list[Sheet] | None) -> list[Text]:
    """Which sheet and which row were chosen, where that was not the only thing to do."""
    notes = []
    if of is not None and len(of) > 1:
        notes.append(Text(f"读工作表“{layout.sheet.name}”", f"sheet {layout.sheet.name!r} is read"))
    if header_row is None and (layout.first, layout.last) != (1, 1):
        rows = str(layout.first) if layout.first == layout.last else f"{layout.first}-{layout.last}"
        notes.append(Text(f"表头在第 {rows} 行", f"the heads stand in row {rows}"))
    return notes


def _list(numbers: list[int], comma: str) -> str:
    return comma.join(map(str, numbers[:_SHOWN])) + ("……" if len(numbers) > _SHOWN else "")


__all__ = ["Layout", "lines", "open_table"]

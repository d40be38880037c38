"""A scoring table as offices keep it: levels of indicators side by side, merged cells, points, and what each is scored by."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from jmrules.errors import Place, Problem, RulesetError, Text
from jmrules.tables import FAULTS, fault_in, key_of, letters, number, open_table

if TYPE_CHECKING:
    from pathlib import Path

    from jmrules.tables import Layout, Row

_LEVELS = (
    *(f"{prefix}{digit}级{noun}" for digit in "一二三四" for prefix in ("", "第") for noun in ("指标", "指标名称", "考核指标", "评价指标")),
    "指标", "指标名称", "评价指标", "考核指标", "考核项目", "考核内容", "评价内容", "评分项目",
)  # fmt: skip
_POINTS = ("分值", "分数", "满分", "标准分", "标准分值", "指标分值", "权重", "权重分值", "权值", "分值(分)", "权重(%)")
_CRITERIA = re.compile(r"(?:评分|计分|评价|赋分|扣分|考核|打分)(?:标准|细则|办法|方法|说明|规则|依据)")
_NOTES = re.compile(r"解释|说明|内涵|要点|公式|数据来源|佐证|释义")
_TOTAL = re.compile(r"(?:.{0,6})(?:合计|总计|总分|共计)(?:数|分|分值)?[::]?")
_SUBTOTAL = re.compile(r"(?:.{0,8})小计[::]?")
_FOOT = re.compile(r"(?:注|备注|说明|填表人|制表人|填报人|审核人)[::].*")
_IN_NAME = re.compile(r"\s*[(（\[【]([0-9]+(?:\.[0-9]+)?)分[)）\]】]$")
#: lines above a table that are no title of it
_NO_TITLE = re.compile(r"附件|附表|(?:填报|编制|金额)?(?:单位|日期|时间|人)[：:]")
#: what stands beside the sum of the points: 加分项, 倒扣项
_BESIDE = re.compile(r"加分|减分|倒扣|扣分项|附加分|奖励分")


@define
class Entry:
    """One indicator, or a group of them, as the table has it."""

    name: str
    #: where its name stands, as a spreadsheet names it
    cell: str
    row: int
    points: Decimal | None = None
    points_cell: str | None = None
    #: the last row that its points' cell reaches down to, where that is beyond its own
    shared: int | None = None
    criterion: list[str] = field(factory=list)
    criterion_cell: str | None = None
    notes: list[str] = field(factory=list)
    children: list[Entry] = field(factory=list)

    def leaves(self) -> list[Entry]:
        """The indicators without others below them."""
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]

    def clear(self) -> bool:
        """Whether each of its indicators states points of its own."""
        return all(leaf.points is not None and leaf.shared is None for leaf in self.leaves())

    def total(self) -> Decimal:
        """What its indicators come to."""
        return sum((leaf.points for leaf in self.leaves() if leaf.points is not None), start=Decimal(0))


@frozen
class ScoreTable:
    """A scoring table that can be made a ruleset of."""

    file: Path
    sheet: str | None
    #: what stands above the heads
    title: str | None
    entries: tuple[Entry, ...]
    #: lines that stand beside the sum of the points
    beside: tuple[Entry, ...]
    #: what its reader should know: the sheet taken, columns not read
    notes: tuple[Text, ...]


@frozen
class _Columns:
    levels: tuple[int, ...]
    #: column of points -> position among the levels
    points: dict[int, int]
    criterion: int | None
    notes: dict[int, str]
    unread: tuple[str, ...]


def read_score_table(file: Path, sheet: str | None = None, header_row: int | None = None) -> ScoreTable:
    """Read a scoring table.

    Args:
        file: Excel or CSV; it exists.
        sheet: its sheet; found by itself where one fits.
        header_row: the row of its heads; found by itself where one fits.

    Raises:
        TableError: the file cannot be read, or it is not clear which sheet or row is meant.
        RulesetError: points that are missing, are none, are shared by merged cells, or do not add up: all of them, each with its cell.
    """
    kind = "csv" if file.suffix.lower() in (".csv", ".tsv") else "excel"
    wanted = frozenset(key_of(name) for name in (*_LEVELS, *_POINTS, "评分标准", "评分细则", "评分办法", "计分方法"))
    layout = open_table(file, kind, sheet=sheet, header_row=header_row, wanted=wanted)
    reader = _Reader(layout, _columns(layout))
    for row in layout.sheet.rows():
        if row.number > layout.last:
            reader.take(row)
    return reader.table()


def _columns(layout: Layout) -> _Columns:
    levels: list[int] = []
    points: dict[int, int] = {}
    criterion, notes, unread = None, {}, []
    heads = _heads(layout)
    named, worth = {key_of(name) for name in _LEVELS}, {key_of(name) for name in _POINTS}
    for column, name in sorted(heads.items()):
        key = _bare(key_of(name))
        if key in named:
            levels.append(column)
        elif levels and key in worth:
            points[column] = len(levels) - 1
        elif _CRITERIA.search(key) and criterion is None:
            criterion = column
        elif _NOTES.search(key):
            notes[column] = name
        else:
            unread.append(name)
    problems = []
    place = Place(str(layout.file), cell=layout.sheet.cell(layout.first, 0))
    seen = "、".join(heads.values())
    if not levels:
        problems.append(
            Problem("no-indicators", Text(f"没有找到写指标的列，表头是：{seen}", f"no column of indicators; the heads are: {seen}"),
                    Text("请把表头写成 一级指标、二级指标、三级指标、分值、评分标准；表头不在最前面时用 --header-row 指明",
                         "call the heads 一级指标, 二级指标, 三级指标, 分值, 评分标准; name their row by --header-row"), place)
        )  # fmt: skip
    elif not points:
        problems.append(
            Problem("no-points", Text(f"没有找到写分值的列，表头是：{seen}", f"no column of points; the heads are: {seen}"),
                    Text("请把这一列的表头写成 分值 或 权重", "call it 分值 or 权重"), place)
        )  # fmt: skip
    for position in set(points.values()):
        twice = [column for column, of in points.items() if of == position]
        if len(twice) > 1:
            cells = "、".join(letters(column) for column in twice)
            problems.append(
                Problem("which-points", Text(f"{cells} 列都像是分值，不知道以哪一列为准", f"columns {cells} may each be the points"),
                        Text("请只留一列叫分值，把另一列改名", "call only one of them 分值"), place)
            )  # fmt: skip
    if problems:
        raise RulesetError(problems)
    return _Columns(tuple(levels), points, criterion, notes, tuple(unread))


def _heads(layout: Layout) -> dict[int, str]:
    """What each column is called: by the last row of heads, or by a cell that reaches down into it."""
    covered = layout.sheet.covered()
    rows = {row.number: row.cells for row in layout.sheet.rows() if layout.first <= row.number <= layout.last}
    found = {}
    for column in range(max(map(len, rows.values()), default=0)):
        row, at = covered.get((layout.last, column), (layout.last, column))
        text = rows[row][at] if row in rows and at < len(rows[row]) else None
        if text and at == column and not fault_in(text):
            found[column] = "".join(text.split())
    return found


def _bare(key: str) -> str:
    """A head without what stands in brackets behind it: 分值(100分)."""
    return re.sub(r"[((\[【][^))\]】]*[))\]】]$", "", key)


class _Reader:
    """Takes row by row, and holds what is wrong until all has been read."""

    def __init__(self, layout: Layout, columns: _Columns) -> None:
        self.layout, self.columns = layout, columns
        self.covered = dict(layout.sheet.covered())
        self.top: list[Entry] = []
        #: the entry of each level that the rows below belong to
        self.path: list[Entry | None] = [None] * len(columns.levels)
        self.problems: list[Problem] = []
        self.stated: tuple[Decimal, str] | None = None

    # ---- cells

    def own(self, row: Row, column: int) -> str | None:
        """The text that begins in a cell: none where a merged cell from elsewhere covers it."""
        if (row.number, column) in self.covered or column >= len(row.cells):
            return None
        text = row.cells[column]
        if text is not None and (fault := fault_in(text)) is not None:
            message, hint = FAULTS[fault[0]]
            self.problem(fault[0], message, hint, row.number, column)
            return None
        return text

    def from_above(self, row: Row, column: int) -> tuple[int, int] | None:
        """Where the merged cell begins that reaches down to this row."""
        begin = self.covered.get((row.number, column))
        return begin if begin is not None and begin[0] < row.number else None

    def reach(self, number: int, column: int) -> int:
        """The last row that a cell reaches down to."""
        return max((row for (row, _), begin in self.covered.items() if begin == (number, column)), default=number)

    def problem(self, code: str, message: Text, hint: Text, row: int, column: int) -> None:
        self.problems.append(
            Problem(code, message, hint, Place(str(self.layout.file), cell=self.layout.sheet.cell(row, column)))
        )

    # ---- rows

    def take(self, row: Row) -> None:
        said = [text for text in row.cells if text]
        if not said:
            return
        key = key_of(said[0]) if not fault_in(said[0]) else ""
        if _FOOT.fullmatch(key):
            return
        if _SUBTOTAL.fullmatch(key):
            return
        if _TOTAL.fullmatch(key):
            self.stated = next((found for column in self.columns.points if (found := self.worth(row, column))), None)
            return
        names = [self.own(row, column) for column in self.columns.levels]
        deepest = max((level for level, name in enumerate(names) if name), default=None)
        if deepest is not None:
            self.enter(row, names, deepest)
        elif any(self.own(row, column) for column in self.columns.points):
            column = next(column for column in self.columns.points if self.own(row, column))
            self.problem("no-name", Text("有分值而没有指标名称", "points without an indicator"),
                         Text("请写明是哪个指标的分值", "say which indicator they are of"), row.number, column)  # fmt: skip
        leaf = next((entry for entry in reversed(self.path) if entry is not None), None)
        if leaf is not None:
            self.say(row, leaf, new=deepest is not None)

    def enter(self, row: Row, names: list[str | None], deepest: int) -> None:
        """Begin the entries that a row names."""
        for level in range(deepest + 1):
            if (written := names[level]) is None:
                continue
            name, stated = _points_in("".join(written.split("\n")).strip())
            current = self.path[level]
            # a group's name written again in each row means the same group
            if level < deepest and current is not None and current.name == name:
                continue
            cell = self.layout.sheet.cell(row.number, self.columns.levels[level])
            entry = Entry(name, cell, row.number, stated, None if stated is None else cell)
            parent = next((above for above in reversed(self.path[:level]) if above is not None), None)
            (self.top if parent is None else parent.children).append(entry)
            self.path[level:] = [entry, *[None] * (len(self.path) - level - 1)]
        for column, level in self.columns.points.items():
            # a column of points is of its level; where that says nothing in this row, of the deepest that does
            at = min(level, deepest)
            entered = self.path[at]
            if entered is not None and self.own(row, column) is not None:
                self.value(row, column, entered, self.columns.levels[at] if level >= deepest else None)

    def value(self, row: Row, column: int, entry: Entry, named: int | None) -> None:
        """Give an entry the points of a cell; ``named`` is the column of its name, where it is an indicator."""
        if entry.points_cell not in (None, entry.cell):
            return
        cell, found = self.layout.sheet.cell(row.number, column), self.worth(row, column)
        if found is not None and entry.points is not None and entry.points != found[0]:
            self.problem("points-differ", Text(f"“{entry.name}”的名称里写 {entry.points:f} 分，这一格写 {found[0]:f} 分",
                                               f"the name of {entry.name!r} says {entry.points:f} points, this cell {found[0]:f}"),
                         _ADD_UP, row.number, column)  # fmt: skip
        entry.points_cell = cell
        if found is not None:
            entry.points = found[0]
            last = self.reach(row.number, column)
            if named is not None and last > self.reach(row.number, named):
                entry.shared = last

    def say(self, row: Row, leaf: Entry, *, new: bool) -> None:
        """What a row says of an indicator: its criterion, and what else explains it."""
        column = self.columns.criterion
        if column is not None:
            text = self.own(row, column)
            begin = self.from_above(row, column)
            if text is None and new and begin is not None:
                text = self.text_at(begin)
                row_of, column = begin
            else:
                row_of = row.number
            if text:
                leaf.criterion.append(text)
                leaf.criterion_cell = leaf.criterion_cell or self.layout.sheet.cell(row_of, column)
        for at, head in self.columns.notes.items():
            text = self.own(row, at)
            if text:
                leaf.notes.append(f"{head}：{text}")

    def text_at(self, begin: tuple[int, int]) -> str | None:
        row = next((each for each in self.layout.sheet.rows() if each.number == begin[0]), None)
        text = row.cells[begin[1]] if row is not None and begin[1] < len(row.cells) else None
        return None if text is None or fault_in(text) else text

    def worth(self, row: Row, column: int) -> tuple[Decimal, str] | None:
        """The points that a cell states."""
        text = self.own(row, column)
        if text is None:
            return None
        read = number(text)
        if read is None or read[1] not in (None, "分", "%", "％"):
            self.problem("bad-points", Text(f"“{text}”不是分值", f"{text!r} is not a number of points"),
                         Text("请写成数，例如 5；一格里只写一个分值", "write a number such as 5, one in a cell"), row.number, column)  # fmt: skip
            return None
        return read[0], self.layout.sheet.cell(row.number, column)

    # ---- the whole

    def table(self) -> ScoreTable:
        beside = [entry for entry in self.top if _BESIDE.search(entry.name)]
        entries = [entry for entry in self.top if entry not in beside]
        file = str(self.layout.file)
        if not entries:
            self.problems.append(
                Problem("no-indicators", Text("表头下面没有指标", "no indicators below the heads"),
                        Text("请核对工作表和表头所在的行", "check the sheet and the row of the heads"), Place(file)))  # fmt: skip
        for entry in entries:
            self.check(entry)
        if self.stated is not None and not self.problems:
            total = sum((entry.total() for entry in entries), start=Decimal(0))
            if total != self.stated[0]:
                self.problems.append(
                    Problem("points-differ", Text(f"合计写 {self.stated[0]:f} 分，各指标加起来是 {total:f} 分",
                                                  f"the total says {self.stated[0]:f}, the indicators add up to {total:f}"),
                            _ADD_UP, Place(file, cell=self.stated[1])))  # fmt: skip
        if self.problems:
            raise RulesetError(self.problems)
        return ScoreTable(
            self.layout.file, self.layout.sheet.name, self.title(), tuple(entries), tuple(beside), self.notes()
        )

    def check(self, entry: Entry) -> None:
        """Every indicator has points, and a group's are what its indicators come to."""
        leaves = [child for child in entry.children or [entry] if not child.children]
        without = [leaf for leaf in leaves if leaf.points_cell is None]
        shared = next((leaf for leaf in leaves if leaf.shared is not None), None)
        if shared is not None and shared.points is not None:
            those = [leaf.name for leaf in leaves if shared.row <= leaf.row <= (shared.shared or 0)]
            names, named = "、".join(f"“{name}”" for name in those), ", ".join(map(repr, those))
            self.problems.append(
                Problem("merged-points", Text(f"{shared.points:f} 分的格合并给了几个指标：{names}", f"the cell of {shared.points:f} points is merged over several indicators: {named}"),
                        Text("请取消合并，逐行写明各个指标的分值", "unmerge it, and write the points of each in its row"),
                        Place(str(self.layout.file), cell=shared.points_cell)))  # fmt: skip
        elif without:
            names = "、".join(f"{child.cell} “{child.name}”" for child in without)
            named = ", ".join(f"{child.cell} {child.name!r}" for child in without)
            whole = (
                ""
                if entry.points is None or entry in without
                else f"；“{entry.name}”共 {entry.points:f} 分（{entry.points_cell}）"
            )
            of = "" if not whole else f"; {entry.name!r} has {entry.points:f} ({entry.points_cell})"
            self.problems.append(
                Problem("no-points", Text(f"没有分值的指标：{names}{whole}", f"indicators without points: {named}{of}"),
                        Text("请逐行写明分值；分值格合并了的，请取消合并后分开写", "write the points in each row; unmerge cells that several share"),
                        Place(str(self.layout.file), cell=without[0].cell)))  # fmt: skip
        elif entry.children and entry.clear() and entry.points is not None and entry.points != entry.total():
            parts = " + ".join(f"{leaf.points:f}" for leaf in entry.leaves() if leaf.points is not None)
            self.problems.append(
                Problem("points-differ", Text(f"“{entry.name}”写 {entry.points:f} 分，其下 {parts} = {entry.total():f} 分",
                                              f"{entry.name!r} says {entry.points:f} points, those below it {parts} = {entry.total():f}"),
                        _ADD_UP, Place(str(self.layout.file), cell=entry.points_cell)))  # fmt: skip
        for leaf in leaves:
            if leaf.points is not None and leaf.points <= 0:
                self.problems.append(
                    Problem("bad-points", Text(f"“{leaf.name}”的分值 {leaf.points:f} 不大于 0", f"{leaf.name!r} has {leaf.points:f} points"),
                            Text("加分、倒扣不在总分之内：请把这一行叫作加分项或倒扣项", "what is added or taken off stands beside the sum: call it 加分项 or 倒扣项"),
                            Place(str(self.layout.file), cell=leaf.points_cell)))  # fmt: skip
        for child in entry.children:
            if child.children:
                self.check(child)

    def title(self) -> str | None:
        """The longest line above the heads."""
        above = []
        for row in self.layout.sheet.rows():
            said = [text for text in row.cells if text and not fault_in(text)]
            # a title that is merged over the table stands where upper heads would
            if row.number < self.layout.first or (row.number < self.layout.last and len(said) == 1):
                above += said
        plain = (" ".join(text.split()) for text in above)
        return max((text for text in plain if not _NO_TITLE.match(text)), key=len, default=None)

    def notes(self) -> tuple[Text, ...]:
        found = []
        if self.layout.sheet.name is not None:
            found.append(Text(f"读工作表“{self.layout.sheet.name}”，表头在第 {self.layout.last} 行",
                              f"sheet {self.layout.sheet.name!r} is read, its heads in row {self.layout.last}"))  # fmt: skip
        if self.columns.unread:
            found.append(
                Text(
                    f"没有用到的列：{'、'.join(self.columns.unread)}",
                    f"columns not used: {', '.join(self.columns.unread)}",
                )
            )
        return tuple(found)


def _points_in(name: str) -> tuple[str, Decimal | None]:
    """A name without the points that brackets behind it state: 投入(20分)."""
    found = _IN_NAME.search(name)
    return (name, None) if found is None else (name[: found.start()], Decimal(found[1]))


_ADD_UP = Text("请核对原表，改正其中一处", "check it against the source, and correct one of them")

__all__ = ["Entry", "ScoreTable", "read_score_table"]

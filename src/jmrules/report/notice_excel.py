"""The notice itself as a workbook: the criteria on one sheet, an indicator to a printed page on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.report.beside import listed
from jmrules.report.book import height, new_book, put, shown
from jmrules.report.house import HOUSE
from jmrules.report.notice import notice_told
from jmrules.tables import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.errors import Language, Text
    from jmrules.report.book import Book
    from jmrules.report.notice import Change, Item, NoticeTold
    from jmrules.ruleset import Ruleset

_FILLS = {"added": f"#{HOUSE.new_fill}", "removed": f"#{HOUSE.gone_fill}", "changed": "#FFF6DD"}


def notice_workbook(ruleset: Ruleset, against: Ruleset | None = None, language: Language = "zh") -> bytes:
    """The notice as a workbook."""
    told = notice_told(ruleset, against)
    book = new_book(language, ruleset.title.say(language))
    _criteria(book, told)
    _beside(book, told)
    _indicators(book, told)
    return book.data()


def _criteria(book: Book, told: NoticeTold) -> None:
    """The table that a committee approves, with live sums."""
    say, of = book.say, _of(book)
    sheet = book.sheet(say("评分标准", "Criteria"))
    heads: list[tuple[str, float]] = [(say("指标", "Indicator"), 34.0)]
    if told.against is not None:
        heads.append((str(told.against.fiscal_year), 9.0))
    heads.append((str(told.ruleset.fiscal_year) if told.against else say("分值", "Points"), 9.0))
    heads += (
        [(say("原标准", "Criterion before"), 46.0), (say("现标准", "Criterion now"), 46.0), (say("变化", "Change"), 44.0)]
        if told.against is not None
        else [(say("评分标准", "Criterion"), 66.0), (say("佐证材料", "Evidence"), 30.0), (say("依据", "Clause"), 20.0)]
    )  # fmt: skip
    last = len(heads) - 1
    sheet.merge_range(0, 0, 0, last, "", book.look())
    title = shown(of(told.title)) + say(" 评分标准", ": scoring criteria")
    put(sheet, 0, 0, title, book.look(bold=True, font_size=16, align="center", text_wrap=True))
    sheet.set_row(0, max(32, height(title, 120, 24)))
    sheet.merge_range(1, 0, 1, last, "", book.look())
    against = "" if told.against is None else say("；对照 ", "; against ") + of(told.against.title)
    put(sheet, 1, 0, shown(f"{of(told.notice)}；{of(told.status)}{against}"), book.look(font_size=9, text_wrap=True))
    for at, (head, wide) in enumerate(heads):
        sheet.set_column(at, at, wide)
        put(sheet, 2, at, head, book.look(bold=True, border=1, align="center", bg_color=f"#{HOUSE.head_fill}"))
    row = 3
    for item in told.items:
        cells = list(_cells(book, told, item))
        looks: dict[str, Any] = {"bg_color": _FILLS[item.state]} if item.state in _FILLS else {}
        tallest = 20.0
        for at, cell in enumerate(cells):
            text = isinstance(cell, str)
            look = book.look(border=1, text_wrap=True, valign="top", bold=at == 0 and not item.scored, font_size=10, num_format="General" if text else "0.##########", **({} if text else {"align": "center"}), **looks)  # fmt: skip
            put(sheet, row, at, cell, look)
            if text:
                tallest = max(tallest, height(cell, heads[at][1], 13.5))
        sheet.set_row(row, tallest)
        row += 1
    put(sheet, row, 0, say("总分", "Total"), book.look(border=1, bold=True))
    for at in range(1, len(heads)):
        put(sheet, row, at, None, book.look(border=1))
    _sum(book, sheet, row, told)
    for at, words in (
        (0, say("审议意见：", "Decision:")),
        (last - 2, say("签字：", "Signed:")),
        (last, say("日期：", "Date:")),
    ):
        put(sheet, row + 2, at, words, book.look())
    sheet.set_row(row + 2, 34)
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer(say("&C第 &P 页，共 &N 页", "&CPage &P of &N"))
    sheet.hide_gridlines(2)


def _sum(book: Book, sheet: Any, row: int, told: NoticeTold) -> None:
    """The total: a live sum of the indicators on top where that is what it is."""
    look = book.look(border=1, bold=True, align="center", num_format="0.##########")
    column = 2 if told.against is not None else 1
    tops = [
        3 + at for at, item in enumerate(told.items) if not item.depth and item.state != "removed" and not item.sign
    ]
    points = sum(told.items[top - 3].points for top in tops)
    if points == told.ruleset.points:
        cells = ",".join(f"{letters(column)}{top + 1}" for top in tops)
        sheet.write_formula(row, column, f"=SUM({cells})", look, float(told.ruleset.points))
    else:
        put(sheet, row, column, told.ruleset.points, look)
    if told.against is not None:
        put(sheet, row, 1, told.against.points, look)


def _cells(book: Book, told: NoticeTold, item: Item) -> Iterator[Any]:
    of = _of(book)
    yield "\u3000" * item.depth + of(item.label)
    points: Any = None if item.state == "removed" else item.points if item.sign != "−" else -item.points
    how = "\n".join(of(each) for each in (item.criterion, *item.provisions) if each is not None)
    if told.against is not None:
        yield item.points_before
        yield points
        yield "\n".join(of(each) for each in (item.criterion_before, *item.provisions_before) if each is not None)
        yield how
        yield "\n".join(_change(book, each, brief=True) for each in item.changes)
        return
    yield points
    yield how
    yield "\n".join(of(each) for each in item.evidence)
    yield "" if item.clause is None else of(item.clause.status)


def _change(book: Book, change: Change, *, brief: bool = False) -> str:
    of = _of(book)
    was, now = of(change.before), of(change.after)
    return (
        of(change.kind)
        if (brief and change.shown) or was == now == "—"
        else f"{of(change.kind)}{book.say('：', ': ')}{was} → {now}"
    )


def _of(book: Book) -> Callable[[Text], str]:
    def of(text: Text) -> str:
        return "\n".join(shown(line) for line in text.say(book.language).split("\n"))

    return of


def _beside(book: Book, told: NoticeTold) -> None:
    """Rounding, grades, formulas; what else differs."""
    say, of = book.say, _of(book)
    rows = [[of(each.label), of(each.said), "" if each.clause is None else of(each.clause.status), "" if each.clause is None else of(each.clause.ground)] for each in told.beside]  # fmt: skip
    heads = [(say("名称", "Entry"), 30.0), (say("规定", "Says"), 70.0), (say("依据", "Clause"), 18.0), (say("出处、理由", "Ground"), 60.0)]  # fmt: skip
    name = say("取整等级口径", "Beside the table")
    listed(book, name, name, heads, rows)
    if told.rest:
        name = say("其他变化", "Other changes")
        heads = [(say("部分", "Part"), 16.0), (say("名称", "Entry"), 34.0), (say("变化", "Change"), 60.0)]
        listed(book, name, name, heads, [[of(part), of(label), _change(book, change)] for part, label, change in told.rest])  # fmt: skip


def _indicators(book: Book, told: NoticeTold) -> None:
    """An indicator to a printed page."""
    say = book.say
    sheet = book.sheet(say("指标说明", "Indicators"))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    row, breaks = 0, []
    for item in told.sheets:
        title = shown(f"{_of(book)(item.label)}（{item.sign}{item.points.normalize():f} {say('分', 'points')}）")
        sheet.merge_range(row, 0, row, 1, "", book.look())
        put(sheet, row, 0, title, book.look(bold=True, font_size=14, bg_color=f"#{HOUSE.head_fill}", text_wrap=True))
        sheet.set_row(row, max(28, height(title, 80, 20)))
        row += 1
        for head, text in _sections(book, item):
            put(sheet, row, 0, head, book.look(border=1, bold=True, valign="top"))
            put(sheet, row, 1, text, book.look(border=1, text_wrap=True, valign="top"))
            sheet.set_row(row, max(20, height(text, 88, 14.5)))
            row += 1
        breaks.append(row)
        row += 1
    sheet.set_h_pagebreaks(breaks[:1000])
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def _sections(book: Book, item: Item) -> Iterator[tuple[str, str]]:
    say, of = book.say, _of(book)
    assert item.criterion is not None
    yield say("评分标准", "Criterion"), "\n".join(of(each) for each in (item.criterion, *item.provisions))
    if item.clause is not None:
        yield say("依据", "Clause"), f"{of(item.clause.status)}\n{of(item.clause.ground)}"
    if item.needed:
        comma = say("、", ", ")
        yield say("所需数据", "Facts"), "\n".join(f"{of(each.label)}（{of(each.form)}）{comma.join(of(column) for column in each.columns)}" for each in item.needed)  # fmt: skip
    if item.formulas:
        yield say("算法", "Formulas"), "\n".join(f"{of(each.label)} = {of(each.said)}" for each in item.formulas)
    if item.evidence:
        yield say("佐证材料", "Evidence"), "\n".join(of(each) for each in item.evidence)
    if item.note is not None:
        yield say("说明", "Note"), of(item.note)
    if item.changes:
        yield say("变化", "Changes"), "\n".join(_change(book, each) for each in item.changes)
    if item.years:
        same = say("相同", "the same")
        yield say("各年度", "Other years"), "\n".join(f"{each.year}{say('：', ': ')}{each.points.normalize():f} {say('分', 'points')} {same if each.same else of(each.criterion)}" for each in item.years)  # fmt: skip

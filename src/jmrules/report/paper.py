"""A score sheet on paper: its title, where people sign, and A4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.report.book import height, put, shown
from jmrules.review import PROGRESS_WORDS, row_of, span_said

if TYPE_CHECKING:
    from jmrules.report.grid import Grid


def title(making: Grid, last: int) -> None:
    """The title, whose sheet it is, and under which notice."""
    book, scored = making.book, making.scored
    ruleset, facts = scored.ruleset, scored.facts
    named = shown(ruleset.title.say(book.language)) + book.say(" 评分表", ": score sheet")
    making.wide(0, last, named, bold=True, font_size=16, align="center")
    making.sheet.set_row(0, max(32, height(named, 100, 24)))
    name = facts.subject.name if book.language == "zh" or facts.subject.name_en is None else facts.subject.name_en
    notice = " ".join(part for part in (ruleset.notice.issuer.say(book.language), ruleset.notice.number) if part)
    status = (
        ""
        if ruleset.status == "official"
        else book.say(
            "；评分标准为推定，各项依据见评分办法", "; criteria are reconstructed, on grounds that the ruleset gives"
        )
        if ruleset.status == "reconstructed"
        else book.say("；草案，不可用于正式打分", "; a draft, not for official scoring")
    )
    row = row_of(scored.review, facts.source.file or "")
    state = "" if row.state is None else PROGRESS_WORDS[row.state].say(book.language)
    if row.reviewed is not None:
        total = span_said(row.reviewed[0])
        grade = "/".join(each.say(book.language) for each in row.reviewed[1])
        state += book.say(f"，复核得分 {total}，等级“{grade}”", f", {total} by review, {grade}")
    said = book.say(
        f"部门（单位）：{name}　　复核状态：{state or '—'}", f"Department: {name}    Review: {state or '—'}"
    )
    making.wide(1, last, shown(said), bold=True)
    making.sheet.set_row(1, height(name, 150, 18))
    making.wide(
        2,
        last,
        shown(
            book.say(
                f"年度：{facts.fiscal_year}；依据：{notice}{status}",
                f"Fiscal year {facts.fiscal_year}; under {notice}{status}",
            )
        ),
        font_size=9,
    )


def sign(making: Grid, row: int, last: int) -> int:
    """Where people sign; the row after."""
    say = making.book.say
    blocks = (
        (
            say("填报人（签字）：", "Prepared by:"),
            say("部门（单位）负责人（签字）：", "Head of department:"),
            say("部门（单位）盖章：", "Seal:"),
            say("日期：", "Date:"),
        ),
        (
            say("复核人（签字）：", "Reviewed by:"),
            say("复核意见：", "Opinion:"),
            say("复核单位盖章：", "Seal:"),
            say("日期：", "Date:"),
        ),
    )
    for block in blocks:
        making.sheet.set_row(row, 34)
        columns = [0, making.columns["criterion"], making.columns["losses"], making.columns["doubts"]]
        for at, text in zip(columns, block, strict=True):
            put(making.sheet, row, at, text, making.book.look())
        row += 1
    return row


def print_on_a4(making: Grid, row: int, last: int) -> None:
    """Lay the sheet out for A4."""
    sheet, book = making.sheet, making.book
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(3)
    sheet.print_area(0, 0, row - 1, last)
    sheet.center_horizontally()
    sheet.set_footer(book.say("&C第 &P 页，共 &N 页", "&CPage &P of &N"))
    sheet.freeze_panes(4, making.depth)
    sheet.hide_gridlines(2)

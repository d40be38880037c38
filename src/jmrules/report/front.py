"""The front page of a template: whose facts these are, how to fill them in, and what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.facts.forms import cells as said
from jmrules.report.book import Book, height, put, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.ruleset import Ruleset

_HOW = (
    ("黄色格是要填的，填一半也可以：空着的必填项就是未知，得分是一个区间，并列出还要填什么。", "Yellow cells are for you. Half is enough: what is asked for and blank is not known, the score is then an interval, and what to fill in next is listed."),
    ("不确切的数填区间（0.95～1 或 95%～100%），不知道的填“未知”；没有就填 0 或“否”，不要空着。", "A figure that is not exact is an interval (0.95~1 or 95%~100%); what is not known is “unknown”; where there is none, fill in 0 or no."),
    ("每个数写明出自哪份材料、哪一节：先在“佐证材料”表列出材料，再从下拉列表中选。", "Say of each figure which document and section it comes from: list documents on their sheet first, then choose them."),
    ("列表一项一行，填在各自的表里；带 * 的栏必填。", "Lists have sheets of their own, a row an item; columns with * are needed."),
)  # fmt: skip


def front_page(
    sheet: Any, book: Book, ruleset: Ruleset, document: Mapping[str, Any], counts: Sequence[tuple[str, int, str, int]]
) -> None:
    """Write the front page.

    Args:
        counts: of each sheet its name, how many facts it asks for, the formula that counts what is missing, and what that comes to now.
    """
    look, say = book.look, book.say
    put(sheet, 0, 0, "jmrules:front", look())
    put(sheet, 0, 2, "value", look())
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 58)
    sheet.set_column(3, 3, 14)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    title = shown(ruleset.title.say(book.language))
    sheet.merge_range(1, 1, 1, 3, "", look())
    put(sheet, 1, 1, title, look(bold=True, font_size=16, align="center", text_wrap=True))
    sheet.set_row(1, max(36, height(title, 60, 24)))
    row = _whose(sheet, book, ruleset, document)
    row = _missing(sheet, book, row + 1, counts)
    put(sheet, row + 1, 1, say("怎样填", "How to fill it in"), look(bold=True, font_size=12))
    for at, (zh, en) in enumerate(_HOW, row + 2):
        sheet.merge_range(at, 1, at, 3, "", look())
        put(sheet, at, 1, say(zh, en), look(text_wrap=True, valign="top"))
        sheet.set_row(at, height(say(zh, en), 98))
    sheet.activate()


def _whose(sheet: Any, book: Book, ruleset: Ruleset, document: Mapping[str, Any]) -> int:
    """The department, and what it is scored by."""
    look, say = book.look, book.say
    subject = document.get("subject", {})
    notice = " ".join(part for part in (ruleset.notice.issuer.say(book.language), ruleset.notice.number) if part)
    lines: list[tuple[str, str, Any, bool]] = [
        ("", say("依据", "Under"), shown(notice), False),
        ("/ruleset", say("评分办法", "Ruleset"), document.get("ruleset", ruleset.id), False),
        ("/fiscal_year", say("年度", "Fiscal year"), document.get("fiscal_year", ruleset.fiscal_year), False),
        ("/subject/name", say("部门（单位）名称 *", "Department *"), subject.get("name"), True),
        ("/subject/name_en", say("英文名称", "Name in English"), subject.get("name_en"), True),
        ("/subject/code", say("代码", "Code"), subject.get("code"), True),
        ("/note", say("总的说明", "Note"), document.get("note"), True),
    ]
    for at, (key, label, value, entry) in enumerate(lines, 2):
        put(sheet, at, 0, key or None, look())
        put(sheet, at, 1, label, look(border=1, bg_color="#F2F2F2"))
        written = said.text_in(value) if isinstance(value, str) and key else value
        looks: dict[str, Any] = {"border": 1, "text_wrap": True, "align": "left"} | (
            {"bg_color": "#FFFBE6"} if entry else {}
        )
        put(sheet, at, 2, written, look(**looks, num_format="@" if entry else "General"))
        sheet.set_row(at, height(str(written or ""), 58))
    return 2 + len(lines)


def _missing(sheet: Any, book: Book, row: int, counts: Sequence[tuple[str, int, str, int]]) -> int:
    """What is still missing on each sheet, and in all; the row below."""
    look, say = book.look, book.say
    heads = (
        say("还要填的（随填随变）", "Still missing (counted as you type)"),
        say("工作表", "Sheet"),
        say("待填格数", "Cells to fill"),
    )
    put(sheet, row, 1, heads[0], look(bold=True, font_size=12))
    row += 1
    for at, name in enumerate((heads[1], "", heads[2]), 1):
        put(sheet, row, at, name, look(bold=True, border=1, bg_color="#D9E2F3"))
    first = row + 1
    for at, (name, asked, formula, now) in enumerate(counts, first):
        sheet.write_url(at, 1, f"internal:{quoted(name)}!B3", look(border=1, font_color="#1F4E9E", underline=1), name)
        words = say(f"{asked} 项必填", f"{asked} facts asked for") if asked else ""
        put(
            sheet,
            at,
            2,
            words
            if formula.startswith("COUNTIF")
            else say("已列的行中空着的必填格", "needed cells left blank in rows begun"),
            look(border=1, font_size=9, font_color="#555555"),
        )
        sheet.write_formula(at, 3, f"={formula}", look(border=1, align="center"), now)
    last = first + len(counts)
    put(sheet, last, 1, say("合计", "In all"), look(bold=True, border=1))
    put(sheet, last, 2, None, look(border=1))
    total = sum(each[3] for each in counts)
    sheet.write_formula(last, 3, f"=SUM(D{first + 1}:D{last})", look(bold=True, border=1, align="center"), total)
    red = book.made.add_format({"font_color": "#C00000", "bg_color": "#FCE4D6"})
    sheet.conditional_format(first, 3, last, 3, {"type": "cell", "criteria": ">", "value": 0, "format": red})
    return last + 1

"""What stands beside a score sheet: the documents and what is missing, the figures that ask for an answer, what to fill in next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.crossfoot import STATUS_WORDS, asked, line, said
from jmrules.report.book import Book, height, put, shown
from jmrules.report.telling import cited

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jmrules.report.scored import Scored

FILES = {
    "matches": ("文件与摘要相符", "the file has the stated hash"),
    "differs": ("文件与摘要不符", "the file has another hash"),
    "unstated": ("有文件，未写摘要", "there is a file, no hash is stated"),
    "absent": ("没有找到文件", "the file was not found"),
    "outside": ("文件在别处，未打开", "the file lies elsewhere and was not opened"),
    "none": ("未附文件", "no file"),
}
_STATUSES = {
    "missing": ("缺", "missing"),
    "out of date": ("日期不符", "out of date"),
    "given": ("有", "given"),
    "not needed": ("不需要", "not needed"),
}


def listed(
    book: Book,
    name: str,
    title: str,
    heads: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[Any]],
    marked: int | None = None,
) -> str:
    """A sheet that is a list: a title, headings that filter, a row each; the name of the sheet.

    ``marked``: a column whose text stands out.
    """
    sheet = book.sheet(name)
    last = len(heads) - 1
    sheet.merge_range(0, 0, 0, last, "", book.look())
    put(sheet, 0, 0, shown(title), book.look(bold=True, font_size=15, text_wrap=True))
    sheet.set_row(0, max(28, height(title, sum(wide for _, wide in heads), 22)))
    for at, (head, wide) in enumerate(heads):
        sheet.set_column(at, at, wide)
        put(sheet, 1, at, head, book.look(bold=True, border=1, align="center", text_wrap=True, bg_color="#D9E2F3"))
    sheet.set_row(1, 30)
    row = 1
    for row, cells in enumerate(rows, 2):
        tallest = 18.0
        for at, cell in enumerate(cells):
            looks: dict[str, Any] = {"font_color": "#C00000"} if at == marked else {}
            value = "\n".join(shown(part) for part in cell.split("\n")) if isinstance(cell, str) else cell
            number = (
                {}
                if isinstance(value, str) or value is None
                else {"num_format": "0.00" if not isinstance(value, int) else "0", "align": "center"}
            )
            put(sheet, row, at, value, book.look(border=1, text_wrap=True, valign="top", **looks, **number))
            if isinstance(value, str):
                tallest = max(tallest, height(value, heads[at][1]))
        sheet.set_row(row, tallest)
    sheet.autofilter(1, 0, max(row, 2), last)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer(book.say("&C第 &P 页，共 &N 页", "&CPage &P of &N"))
    sheet.hide_gridlines(2)
    return str(sheet.get_name())


def evidence_sheet(book: Book, scored: Scored) -> None:
    """佐证材料清单: each document with what rests on it; then the documents that are lacking."""
    say, language = book.say, book.language
    pick = 0 if language == "zh" else 1
    labels = {fact.id: fact.label.say(language) for fact in scored.ruleset.facts}
    resting: dict[str, dict[str, None]] = {}
    for name, given in scored.facts.given.items():
        for entry in cited(given):
            if "document" in entry:
                resting.setdefault(entry["document"], {})[labels.get(name, name)] = None
    answers: dict[str, list[str]] = {}
    for each in scored.evidence.required:
        if each.given is not None:
            answers.setdefault(each.given.document.id, []).append(
                f"{each.label.say(language)}（{_STATUSES[each.status][pick]}）"
                if pick == 0
                else f"{each.label.say(language)} ({_STATUSES[each.status][pick]})"
            )
    comma = say("、", ", ")
    rows: list[list[Any]] = []
    for number, check in enumerate(scored.evidence.documents, 1):
        document = check.document
        rows.append(
            [
                number,
                document.title,
                document.number or "",
                document.date or "",
                FILES[check.status][pick],
                comma.join(resting.get(document.id, ())),
                comma.join(answers.get(document.id, ())),
                document.note or "",
            ]
        )
    lacking = [each for each in scored.evidence.required if each.status in ("missing", "out of date")]
    for each in lacking:
        rows.append(
            [
                len(rows) + 1,
                say(
                    f"{_STATUSES[each.status][0]}：{each.kind_label.zh}",
                    f"{_STATUSES[each.status][1]}: {each.kind_label.say('en')}",
                ),
                "",
                "",
                "",
                "",
                each.label.say(language),
                "",
            ]
        )
    heads = [
        (say("序号", "No."), 6.0),
        (say("材料", "Document"), 44.0),
        (say("文号", "Number"), 22.0),
        (say("日期", "Date"), 12.0),
        (say("文件", "File"), 18.0),
        (say("支持的数据", "What rests on it"), 50.0),
        (say("评分要求它的指标", "Indicators that require it"), 40.0),
        (say("说明", "Notes"), 30.0),
    ]
    name = scored.facts.subject.name
    listed(
        book,
        say("佐证材料清单", "Documents"),
        say(f"{name} 佐证材料清单（缺 {len(lacking)} 份）", f"{name}: documents ({len(lacking)} lacking)"),
        heads,
        rows,
    )


def matters_sheet(book: Book, scored: Scored) -> None:
    """What the figures say about each other, but for what agrees, the gravest first."""
    say, language = book.say, book.language
    order = ("contradicts", "question", "cannot-be-computed", "misprint", "remainder", "rounding")
    rows = []
    for status in order:
        for matter in scored.review.matters:
            if matter.status == status:
                ask = asked(matter)
                rows.append(
                    [
                        STATUS_WORDS[matter.status][0].say(language),
                        line(matter).say(language),
                        said(matter).say(language),
                        "" if ask is None else ask.say(language),
                        "",
                    ]
                )
    if not rows:
        return
    heads = [
        (say("结论", "It is"), 14.0),
        (say("事项", "Matter"), 40.0),
        (say("数据和出处", "Figures and places"), 70.0),
        (say("请说明", "To be answered"), 46.0),
        (say("答复", "Answer"), 40.0),
    ]
    listed(
        book,
        say("勾稽核对", "Figures"),
        say(f"{scored.facts.subject.name} 勾稽核对", f"{scored.facts.subject.name}: figures against figures"),
        heads,
        rows,
        marked=0,
    )


def missing_sheet(book: Book, scored: Scored) -> None:
    """What to fill in next: each fact that is not known, and how far knowing it alone narrows the total, the most first."""
    if scored.possible is None:
        return
    say, language = book.say, book.language
    labels = {leaf.id: leaf.label.say(language) for leaf in scored.possible.leaves}
    reads = scored.possible.reads
    rows = []
    for each in scored.possible.worth:
        touched = [labels[id] for id, names in reads.items() if each.fact in names]
        rows.append([each.label.say(language), each.least, each.greatest, say("、", ", ").join(touched)])
    heads = [
        (say("未知的数据", "Not known"), 46.0),
        (say("填上后区间至少缩小", "Narrows the total by at least"), 16.0),
        (say("至多缩小", "and at most"), 14.0),
        (say("影响的指标", "Indicators that read it"), 70.0),
    ]
    listed(
        book,
        say("还要填什么", "To fill in"),
        say(
            f"{scored.facts.subject.name} 还要填的数据，影响大的在前",
            f"{scored.facts.subject.name}: what to fill in next, the most important first",
        ),
        heads,
        rows,
    )

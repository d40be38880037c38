"""A report's own text with the figures marked in it that a matter concerns: one page, nothing to load."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.crossfoot import STATUS_WORDS, STATUSES, asked, line, said, tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Language
    from jmrules.read.audit import Audit
    from jmrules.read.figures import Figure, Spot
    from jmrules.read.paper import Block
    from jmrules.read.sides import Noted

_GRAVE = tuple(reversed(STATUSES))
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.75 "Noto Serif CJK SC", "Songti SC", SimSun, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td:first-child { white-space: nowrap; } td, th { border: 1px solid #8888; padding: .25rem .5rem; text-align: left; vertical-align: top; }
mark { padding: 0 .15em; border-radius: .2em; color: inherit; background: #8882; } a[id] { scroll-margin: 5rem; } a:target + mark { outline: 2px solid; }
.contradicts { background: #e5383b55; } .question { background: #ffb70366; } .cannot-be-computed { background: #b388eb55; }
.misprint { background: #4cc9f055; } .remainder, .rounding { background: #8884; } .agrees { background: #70e00033; }
nav a { text-decoration: none; } .where { opacity: .65; font-size: .85rem; }
@media print { body { max-width: none; } nav a { color: inherit; } }
"""


def marked(name: str, found: Audit, language: Language) -> str:
    """The page of one report."""
    zh = language == "zh"
    marks: dict[int, list[tuple[Figure, int]]] = defaultdict(list)
    told = sorted(found.noted, key=lambda noted: _GRAVE.index(noted.matter.status))
    for number, noted in reversed(list(enumerate(told))):
        for figure in noted.figures:
            marks[figure.spot.block].append((figure, number))
    # Each matter's place is where its first figure stands, though another matter may colour it.
    anchors: dict[Spot, list[int]] = defaultdict(list)
    for number, noted in enumerate(told):
        if noted.figures:
            anchors[noted.figures[0].spot].append(number)
    page = _Page(told, anchors, language)
    head = "报告核对" if zh else "Report held against itself"
    rows = "".join(
        _row(number, noted, language) for number, noted in enumerate(told) if noted.matter.status != "agrees"
    )
    columns = ("情况", "事项", "数据", "请部门") if zh else ("standing", "matter", "figures", "ask for")
    blocks = "\n".join(page.block(block, marks[number]) for number, block in enumerate(found.reading.paper.blocks))
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if zh else "en"}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(name)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{head}：{escape(name)}</h1>\n<p>{escape(tally(found.matters).say(language))}</p>\n<nav><table><thead><tr>"
        + "".join(f"<th>{word}</th>" for word in columns)
        + f"</tr></thead><tbody>{rows}</tbody></table></nav>\n<main>\n{blocks}\n</main></body></html>\n"
    )


def _row(number: int, noted: Noted, language: Language) -> str:
    matter = noted.matter
    ask = asked(matter)
    word = STATUS_WORDS[matter.status][0].say(language)
    name = escape(line(matter).say(language))
    link = f'<a href="#m{number}">{name}</a>' if noted.figures else name
    return (
        f'<tr><td><mark class="{matter.status}">{word}</mark></td><td>{link}</td><td>{escape(said(matter).say(language))}</td>'
        f"<td>{escape(ask.say(language)) if ask else ''}</td></tr>"
    )


@frozen
class _Page:
    """The text of a report, with what is marked in it."""

    told: list[Noted]
    anchors: Mapping[Spot, list[int]]
    language: Language

    def block(self, block: Block, marks: list[tuple[Figure, int]]) -> str:
        """A paragraph, a heading or a table."""
        if block.kind == "table":
            cells: dict[tuple[int | None, int | None], list[tuple[Figure, int]]] = {}
            for figure, at in marks:
                cells.setdefault((figure.spot.row, figure.spot.column), []).append((figure, at))
            rows = []
            for row, texts in enumerate(block.rows):
                shown = (self._text(text, cells.get((row, column), [])) for column, text in enumerate(texts))
                rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in shown)}</tr>")
            return f"<table>{''.join(rows)}</table>"
        tag = "h2" if block.kind == "heading" else "p"
        return f"<{tag}>{self._text(block.text, marks)}</{tag}>"

    def _text(self, text: str, marks: list[tuple[Figure, int]]) -> str:
        # The gravest matter of a figure comes last and counts.
        by_start = {figure.spot.start: (figure, number) for figure, number in marks}
        shown, at = [], 0
        for start in sorted(by_start):
            figure, number = by_start[start]
            if start < at:
                continue
            shown += [escape(text[at:start]), self._mark(text[start : figure.spot.end], figure, number)]
            at = figure.spot.end
        return "".join([*shown, escape(text[at:])])

    def _mark(self, text: str, figure: Figure, number: int) -> str:
        matter, language = self.told[number].matter, self.language
        parts = (STATUS_WORDS[matter.status][0], line(matter), said(matter))
        title = " · ".join(part.say(language) for part in parts)
        places = "".join(f'<a id="m{each}"></a>' for each in self.anchors.get(figure.spot, ()))
        return f'{places}<mark class="{matter.status}" title="{escape(title)}">{escape(text)}</mark>'

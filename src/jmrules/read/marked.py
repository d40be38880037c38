"""A report's own text with the figures marked in it that a matter concerns: one page, nothing to load."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from jmrules.crossfoot import STATUS_WORDS, asked, line, said, tally

if TYPE_CHECKING:
    from jmrules.crossfoot import Status
    from jmrules.errors import Language
    from jmrules.read.audit import Audit
    from jmrules.read.figures import Figure
    from jmrules.read.paper import Block
    from jmrules.read.sides import Noted

_GRAVE: tuple[Status, ...] = (
    "contradicts",
    "question",
    "cannot-be-computed",
    "misprint",
    "remainder",
    "rounding",
    "agrees",
)
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.75 "Noto Serif CJK SC", "Songti SC", SimSun, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid #8888; padding: .25rem .5rem; text-align: left; vertical-align: top; }
mark { padding: 0 .15em; border-radius: .2em; color: inherit; background: #8882; scroll-margin: 5rem; } mark:target { outline: 2px solid; }
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
    head = "报告核对" if zh else "Report held against itself"
    rows = "".join(
        _row(number, noted, language) for number, noted in enumerate(told) if noted.matter.status != "agrees"
    )
    columns = ("情况", "事项", "数据", "请部门") if zh else ("standing", "matter", "figures", "ask for")
    blocks = "\n".join(
        _block(number, block, marks[number], told, language) for number, block in enumerate(found.reading.paper.blocks)
    )
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


def _block(number: int, block: Block, marks: list[tuple[Figure, int]], told: list[Noted], language: Language) -> str:
    if block.kind == "table":
        cells = {(figure.spot.row, figure.spot.column): (figure, at) for figure, at in marks}
        rows = []
        for row, texts in enumerate(block.rows):
            shown = "".join(
                f"<td>{_cell(text, cells.get((row, column)), told, language)}</td>" for column, text in enumerate(texts)
            )
            rows.append(f"<tr>{shown}</tr>")
        return f"<table>{''.join(rows)}</table>"
    tag = "h2" if block.kind == "heading" else "p"
    return f"<{tag}>{_text(block.text, marks, told, language)}</{tag}>"


def _cell(text: str, found: tuple[Figure, int] | None, told: list[Noted], language: Language) -> str:
    return escape(text) if found is None else _mark(text, found[1], told, language)


def _text(text: str, marks: list[tuple[Figure, int]], told: list[Noted], language: Language) -> str:
    # The gravest matter of a figure comes last and counts.
    by_start = {figure.spot.start: (figure, number) for figure, number in marks}
    shown, at = [], 0
    for start in sorted(by_start):
        figure, number = by_start[start]
        if start < at:
            continue
        shown += [escape(text[at:start]), _mark(text[start : figure.spot.end], number, told, language)]
        at = figure.spot.end
    return "".join([*shown, escape(text[at:])])


def _mark(text: str, number: int, told: list[Noted], language: Language) -> str:
    matter = told[number].matter
    title = (
        f"{STATUS_WORDS[matter.status][0].say(language)} · {line(matter).say(language)} · {said(matter).say(language)}"
    )
    return f'<mark id="m{number}" class="{matter.status}" title="{escape(title)}">{escape(text)}</mark>'

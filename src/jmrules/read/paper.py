"""A report in one form, whatever file it came in: headings, paragraphs and tables, each with its section, page and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from jmrules.errors import JmrulesError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.read.language import Speech


class ReportError(JmrulesError):
    """A report that cannot be read."""


@frozen
class Piece:
    """A line, a paragraph or a table as a file has it, before lines and pages are joined."""

    #: of a table, empty
    text: str
    page: int | None = None
    #: where the file has lines, counted from 1
    line: int | None = None
    #: rows of a table
    rows: tuple[tuple[str, ...], ...] = ()
    #: the file itself says that it is a heading
    heading: bool = False
    #: nothing stands between it and the line before: it may go on
    continues: bool = False
    #: the sheet that it stands on
    sheet: str | None = None


@frozen
class Block:
    """A heading, a paragraph or a table of a report, whole."""

    kind: Literal["heading", "paragraph", "table"]
    text: str
    #: numbers of the headings that it stands under, as the report writes them: 二（二）3
    section: str
    #: words of the nearest heading
    subject: str = ""
    page: int | None = None
    line: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    sheet: str | None = None


@frozen
class Paper:
    """A report as read."""

    #: the file's name
    name: str
    blocks: tuple[Block, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """Its paragraphs, one a line."""
        return "\n".join(block.text for block in self.blocks if block.text)


_END = re.compile(r"[。！？!?；;：:…]['”’」』）)】]*$")
_PAUSE = re.compile(r"[，。；：、！？,;:]")
_CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’]")
#: of a title: a line before the first section that is no sentence
_TITLE = 30
#: of the lines of a text that is cut to one width
_WRAPPED = 60
#: of a line that may be a heading by its number
_HEADING = 40


def paper_of(name: str, pieces: Iterable[Piece], speech: Speech) -> Paper:
    """A report from its pieces: lines and pages that break within a sentence joined, sections numbered."""
    return Paper(name, tuple(_sections(tuple(_healed(tuple(pieces), speech)), speech)))


def _healed(pieces: tuple[Piece, ...], speech: Speech) -> Iterator[Piece]:
    """Pieces whose sentence goes on in the next are one."""
    widest = max((len(piece.text.strip()) for piece in pieces), default=0)
    parts: list[str] = []
    first: Piece | None = None
    last = ""
    for piece in pieces:
        text = piece.text.strip()
        if piece.rows:
            if first is not None:
                yield _joined(first, parts)
                first = None
            yield piece
            continue
        if not text:
            continue
        if (
            first is not None
            and not first.heading
            and not piece.heading
            and _goes_on(parts, last, text, piece, widest, speech)
        ):
            parts.append(("" if _without_blank(last, text) else " ") + text)
        else:
            if first is not None:
                yield _joined(first, parts)
            first, parts = piece, [text]
        last = text
    if first is not None:
        yield _joined(first, parts)


def _joined(first: Piece, parts: list[str]) -> Piece:
    return Piece("".join(parts), first.page, first.line, (), first.heading, first.continues, first.sheet)


def _goes_on(parts: list[str], last: str, text: str, piece: Piece, widest: int, speech: Speech) -> bool:
    """Whether a line goes on with the one before: that one ends within a sentence, and this one begins nothing new."""
    if _END.search(last):
        # In a text whose lines are all cut to one width, a full line goes on though a sentence ends with it.
        wrapped = piece.continues and widest <= _WRAPPED and 20 * len(last) >= 17 * widest
        return wrapped and speech.heading_of(text) is None
    number = speech.heading_of(text)
    if number is not None and not _within_number(last, text):
        return False
    head = speech.heading_of(last)
    if len(parts) == 1 and not _PAUSE.search(last if head is None else head[2]):
        # A line without any pause is a title or a heading, unless it fills the width that other lines have.
        if head is not None and len(last) <= _HEADING:
            return False
        return piece.continues and 10 * len(last) >= 7 * widest
    short = len(parts) == 1 and len(last) < _TITLE and not piece.continues
    return not short or _broken(last, text)


def _within_number(last: str, text: str) -> bool:
    """Whether a number goes on in the next line: 19076. / 70 万元."""
    return bool(re.search(r"\d[.,，]?$", last) and re.match(r"[\d.,]", text))


def _broken(last: str, text: str) -> bool:
    """Whether a short line is broken within a word or a number: 项目支出 / 19076.70 万元."""
    return not last.endswith(("。", "：", ":")) and bool(re.match(r"[\d，。；、）)%％]", text))


def _without_blank(last: str, text: str) -> bool:
    return bool(
        _CJK.match(last[-1])
        or _CJK.match(text[0])
        or _within_number(last, text)
        or text[0] in "%,.;)"
        or last[-1] in "("
    )


def _sections(pieces: tuple[Piece, ...], speech: Speech) -> Iterator[Block]:
    numbers: dict[int, str] = {}
    subject = ""
    for piece in pieces:
        if piece.rows:
            yield Block("table", piece.text, _path(numbers), subject, piece.page, piece.line, piece.rows, piece.sheet)
            continue
        found = speech.heading_of(piece.text)
        kind: Literal["heading", "paragraph", "table"] = "paragraph"
        if found is not None:
            level, number, rest = found
            numbers = {of: each for of, each in numbers.items() if of < level} | {level: number}
            head, _, _ = rest.partition("。")
            subject = head[:_HEADING].strip()
            if len(rest) <= _HEADING and not re.search(r"[。；]", rest):
                kind = "heading"
        elif piece.heading:
            kind, subject = "heading", piece.text
        yield Block(kind, piece.text, _path(numbers), subject, piece.page, piece.line, (), piece.sheet)


def _path(numbers: dict[int, str]) -> str:
    return "".join(numbers[level] for level in sorted(numbers))

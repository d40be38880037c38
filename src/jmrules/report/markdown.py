"""Markdown: a department, or many, as text that a forge shows and a memo quotes; whatever a facts file says stays text."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from jmrules.formats import seen
from jmrules.report.html import points_shown, span_shown
from jmrules.report.teller import told
from jmrules.review import STANDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jmrules.errors import Language, Text
    from jmrules.report.given import Figure
    from jmrules.report.scored import Scored
    from jmrules.report.told import Line, Told
    from jmrules.review import Row

#: what Markdown would take for markup
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~$!])")


def plain(text: str) -> str:
    """A text on one line, of which Markdown takes nothing for markup."""
    return _MARKUP.sub(r"\\\1", " ".join(seen(text).split())).replace("\\<", "&lt;").replace("\\>", "&gt;")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> Iterator[str]:
    """A table; cells are Markdown already; ``right``: columns of numbers."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "|".join(" ---: " if at in right else " --- " for at in range(len(heads))) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


class _Writer:
    """A department in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, text: Text | None) -> str:
        return "" if text is None else plain(text.say(self.language))

    def department(self, d: Told) -> Iterator[str]:
        yield from (f"# {self.of(d.name)}", "", f"{self.of(d.title)} · {self.of(d.notice)} · {self.of(d.status)}", "")
        yield from self.sheet(d)
        yield from self.first(d)
        yield f"## {self.say('逐项说明', 'Indicator by indicator')}"
        yield ""
        for line in d.leaves:
            yield from self.leaf(line)
        for label, digest in d.digests:
            yield f"{self.of(label)} `{digest}`  "

    def sheet(self, d: Told) -> Iterator[str]:
        """The totals, and the tree as a table."""
        say = self.say
        heads = [say("指标", "Indicator"), say("分值", "Points"), say("自评", "Claimed"), say("照其所述", "As stated"), say("只凭数据", "On figures"), say("结论", "Standing")]  # fmt: skip
        rows = [
            [
                "\u3000" * line.depth + self.of(line.label), span_shown(line.points), points_shown(line.claimed), span_shown(line.own),
                "—" if line.figures is None else span_shown(line.figures), self.of(line.word),
            ]
            for line in d.every
        ]  # fmt: skip
        grades = f"{plain(d.claimed_grade)}{' → ' if d.claimed_grade else ''}{self.of(d.grades)}"
        figures = "—" if d.figures is None else span_shown(d.figures)
        rows.append([f"**{say('总分', 'Total')}**", f"{d.points.normalize():f}", points_shown(d.claimed), f"**{span_shown(d.own)}**", figures, grades])  # fmt: skip
        yield from table(heads, rows, frozenset({1, 2, 3, 4}))
        for step in d.adjustments:
            yield f"- {plain(step.sign)} {self.of(step.text)}"
        yield ""

    def first(self, d: Told) -> Iterator[str]:
        """What to look at first."""
        say, of = self.say, self.of
        yield f"## {say('先看这些', 'Look at these first')}"
        yield ""
        for line in d.lost:
            reasons = "; ".join(f"{step.sign} {of(step.text)}" for step in line.detail.losses) if line.detail else ""
            yield f"- **−{points_shown(line.loss)}** {of(line.label)}{say('：', ': ')}{reasons}"
        yield ""
        if d.worth:
            heads = [say("先补充", "Fill in first"), say("收窄", "Narrows by")]
            yield from table(heads, ([of(each.label), span_shown((each.least, each.greatest))] for each in d.worth), frozenset({1}))  # fmt: skip
        yield f"{say('勾稽核对', 'Figures against figures')}{say('：', ': ')}{of(d.tally)}"
        yield ""
        for matter in d.matters:
            if matter.status not in ("agrees", "rounding"):
                ask = f" → **{of(matter.ask)}**" if matter.ask else ""
                yield f"- **{of(matter.word)}** {of(matter.label)}{say('：', ': ')}{of(matter.said)}{ask}"
        for found in d.findings:
            yield f"- **{of(found.word)}** {of(found.label)}{say('：', ': ')}{of(found.message)}"
        if d.scored.possible is not None:
            yield say("- 有数据未知：以上结论无论其为何值都成立，其余的要等补齐后才能得出", "- some facts are not known: these follow whatever they are; the rest can be said once they are")  # fmt: skip
        for label, proof in d.lacking:
            yield f"- **{of(proof.status)}** {of(proof.label)} ({of(label)})"
        for each in d.overstated:
            yield f"- {of(each)}"
        yield ""

    def leaf(self, line: Line) -> Iterator[str]:
        """A scored indicator in full."""
        say, of, it = self.say, self.of, line.detail
        assert it is not None
        yield f"### {of(line.label)} · {span_shown(line.own)} / {span_shown(line.points)}"
        yield ""
        colon = say("：", ": ")
        if it.explanation is not None:
            yield f"- {of(it.explanation)}"
        if it.depends:
            head = (
                say("取决于未知的", "depends on what is not known")
                if line.open
                else say("未知，但得分不变", "not known, though the points stand")
            )
            yield f"- {head}{colon}{say('、', ', ').join(of(each) for each in it.depends)}"
        for step in (*it.steps, *it.losses):
            yield f"  - {plain(step.sign)} {of(step.text)}"
        yield f"- {say('评分标准', 'criterion')}{colon}{of(it.criterion)}"
        yield f"- {say('依据', 'clause')}{colon}{of(it.clause.status)} {of(it.clause.ground)}"
        for figure in it.figures:
            yield from self.figure(figure)
        for proof in it.proofs:
            yield f"- {say('佐证材料', 'document')}{colon}{of(proof.label)} {of(proof.status)} {plain(proof.title)}"
        for doubt in it.doubts:
            yield f"- **{say('存疑', 'in doubt')}**{colon}{of(doubt)}"
        if it.note is not None:
            yield f"- {of(it.note)}"
        yield ""

    def figure(self, f: Figure) -> Iterator[str]:
        """A fact and its places."""
        notes = [part for part in (self.of(f.basis), *(plain(place) for place in f.places)) if part]
        where = f" ({'; '.join(notes)})" if notes else ""
        computed = f" = {self.of(f.computed)}" if f.computed else ""
        yield f"- {self.of(f.label)} **{self.of(f.value)}**{computed}{where}"
        for stated in f.stated:
            yield f"  - {self.of(stated)}"
        if f.note:
            yield f"  - {plain(f.note)}"
        if f.table is not None:
            yield ""
            lines = table([self.of(head) for head in f.table.heads], ([self.of(cell) for cell in row] for row in f.table.rows))  # fmt: skip
            yield from (f"  {line}".rstrip() for line in lines)


def department_markdown(scored: Scored, language: Language = "zh") -> bytes:
    """One department."""
    return _text(_Writer(language).department(told(scored)))


def departments_markdown(made: Sequence[tuple[Row, Scored | None]], language: Language = "zh") -> bytes:
    """Many departments: the list, the doubtful ones first."""
    say, of = _Writer(language).say, _Writer(language).of

    def rows() -> Iterator[list[str]]:
        for number, (row, scored) in enumerate(made, 1):
            file = plain(PurePath(row.file).name)
            if scored is None:
                assert row.error is not None
                why = "; ".join(of(each.message) for each in row.error.problems[:3])
                yield [str(number), say("不能打分", "no score"), why, *[""] * 5, file]
                continue
            review = scored.review
            yield [
                str(number), plain(scored.facts.subject.name), of(STANDING_WORDS[row.standing or "not-claimed"]), points_shown(scored.facts.claims.total),
                span_shown(scored.total), points_shown(review.over_claimed), points_shown(review.in_doubt), points_shown(review.on_assertion), file,
            ]  # fmt: skip

    heads = [say("序号", "No."), say("部门", "Department"), say("结论", "Standing"), say("自评", "Claimed"), say("复算", "Recomputed"), say("高于应得", "Over-claimed"), say("存疑", "In doubt"), say("仅有文字说明", "On assertion"), say("文件", "File")]  # fmt: skip
    title = f"# {len(made)} {say('个部门', 'departments')}"
    return _text([title, "", *table(heads, rows(), frozenset({3, 4, 5, 6, 7}))])


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines).rstrip() + "\n").encode()

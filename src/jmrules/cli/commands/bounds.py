"""What ``jmrules score --trust`` prints: the claimed total, what its facts support, and what each unknown one is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.output import styled
from jmrules.cli.show.intervals import notes, row, span, worths
from jmrules.cli.show.lines import rule
from jmrules.cli.show.sheet import BASES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.rules.bounds import Bounds


def show(bounds: Bounds, facts: Facts, language: Language, out: Console) -> None:
    """The tree of intervals, the total, and the unknown facts, the one worth most first."""
    zh = language == "zh"
    trusted = next(name_zh if zh else name_en for basis, name_zh, name_en in BASES if basis == bounds.trust)
    out.print(styled("[bold]{}[/] · {}", facts.subject.name, bounds.ruleset.title.say(language)), soft_wrap=True)
    out.print(
        f"只采信不低于“{trusted}”的事实，其余视为未知"
        if zh
        else f"only facts that rest on {trusted}, or better, are trusted; the others count as unknown",
        soft_wrap=True,
    )
    out.print()
    row(
        "", ("指标", "分值", "自评", "可得") if zh else ("indicator", "points", "claimed", "supported"), "", out, "bold"
    )
    rule(out)
    for depth, node in bounds.root.walk():
        claimed = facts.claims.indicators.get(node.id)
        cells = (
            node.label.say(language),
            span(*node.points),
            "—" if claimed is None else f"{claimed:f}",
            span(node.low, node.high),
        )
        row("  " * depth, cells, "" if node.tight else "*", out, "bold" if depth == 0 else "")
    rule(out)
    _total(bounds, facts, language, out)
    notes(bounds, language, out)
    worths(bounds, language, out)


def _total(bounds: Bounds, facts: Facts, language: Language, out: Console) -> None:
    zh = language == "zh"
    claimed = facts.claims.total
    grades = " / ".join(grade.label.say(language) for grade in bounds.grades)
    mark = "" if bounds.tight else "*"
    words = ("自评", "可得", "可能的等级") if zh else ("claimed", "supported", "possible grades")
    parts: list[str | RichText] = [styled("[bold]{} {}[/]", words[0], f"{claimed:f}")] if claimed is not None else []
    parts += [styled("[bold]{} {}{}[/]", words[1], span(bounds.low, bounds.high), mark), f"{words[2]} {grades}"]
    out.print(styled("{}   " * (len(parts) - 1) + "{}", *parts))

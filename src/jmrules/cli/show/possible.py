"""The score of facts that are not all known: what is claimed, what the department's own statements and its figures leave possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.output import styled
from jmrules.cli.show.intervals import notes, row, span, worths
from jmrules.cli.show.lines import rule
from jmrules.crossfoot import grade_named

if TYPE_CHECKING:
    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.rules.bounds import Bounds

#: unknown facts that the opening asks for
_FIRST = 4


def show_possible(own: Bounds, figures: Bounds, facts: Facts, language: Language, out: Console) -> None:
    """The opening, the sheet with both intervals, why an end may not be reached, and what each unknown fact is worth."""
    zh = language == "zh"
    out.print(styled("[bold]{}[/] · {}", facts.subject.name, own.ruleset.title.say(language)), soft_wrap=True)
    for line in opening(own, figures, facts, language):
        out.print(line, soft_wrap=True, highlight=False)
    out.print()
    heading = (
        ("指标", "分值", "自评", "照其所述", "只凭数据")
        if zh
        else ("indicator", "points", "claimed", "as stated", "on figures")
    )
    row("", heading, "", out, "bold")
    rule(out)
    for (depth, node), (_, other) in zip(own.root.walk(), figures.root.walk(), strict=True):
        claimed = facts.claims.indicators.get(node.id)
        cells = (
            node.label.say(language),
            span(*node.points),
            "—" if claimed is None else f"{claimed:f}",
            span(node.low, node.high) + (" " if node.tight else "*"),
            span(other.low, other.high),
        )
        row("  " * depth, cells, "", out, "bold" if depth == 0 else "")
    rule(out)
    notes(own, language, out)
    worths(own, language, out)


def opening(own: Bounds, figures: Bounds, facts: Facts, language: Language) -> list[str]:
    """Three lines: the totals, how its figures stand to each other, and the unknown facts that are worth most."""
    zh = language == "zh"
    claims = facts.claims
    claimed = "—" if claims.total is None else f"{claims.total:f}"
    named = grade_named(own.ruleset, claims.grade) if claims.grade else None
    grade = f" {named.label.say(language) if named else claims.grade}" if claims.grade else ""
    totals = (
        (f"自评 {claimed}{grade}", f"照其所述 {_total(own, language)}", f"只凭数据 {_total(figures, language)}")
        if zh
        else (
            f"claimed {claimed}{grade}",
            f"on its own statements {_total(own, language)}",
            f"on its figures {_total(figures, language)}",
        )
    )
    first = [
        f"{each.label.say(language)} {each.greatest:.2f}{' 分' if zh else ''}"
        for each in own.worth[:_FIRST]
        if each.greatest
    ]
    lines = [" | ".join(totals), matters(own, facts, language)]
    if first:
        lines.append(f"{'先补充' if zh else 'ask first for'}  {' · '.join(first)}")
    return lines


def _total(bounds: Bounds, language: Language) -> str:
    found = span(bounds.low, bounds.high)
    if len(bounds.grades) == len(bounds.ruleset.grades):
        return found
    return f"{found} {'/'.join(grade.label.say(language) for grade in bounds.grades)}"


def matters(bounds: Bounds, facts: Facts, language: Language) -> str:
    """How many matters stand how, the gravest first."""
    from jmrules.crossfoot import cross_foot, tally

    return f"{'勾稽核对' if language == 'zh' else 'cross-footing'}  {tally(cross_foot(bounds.ruleset, facts)).say(language)}"

"""``jmrules adjudicate``: what reviewers change, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, all_known, chosen_language, ruleset_for
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.review import Adjudicated

STAGES = {
    "self_evaluation": ("部门自评", "self-evaluation"),
    "department": ("主管部门复核", "supervising department"),
    "finance": ("财政部门复核", "finance bureau"),
    "reply": ("反馈意见答复", "reply"),
    "final": ("最终结果", "final"),
}
_WIDEST = 100


def adjudicate(
    facts: Annotated[str, typer.Argument(metavar="FACTS", help="事实文件。 A facts file.")],
    decisions: Annotated[str, typer.Argument(metavar="REVIEW", help="复核决定文件。 The reviewers' file.")],
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """按复核决定改分：自评、计算、复核并列，每项决定及其影响。 Apply reviewers' decisions; show each and its effect."""
    language = chosen_language(lang)
    from jmrules.errors import Text
    from jmrules.facts import load_facts
    from jmrules.review import adjudicate as apply
    from jmrules.review import load_adjudication

    given, review = load_facts(facts), load_adjudication(decisions)
    rules = ruleset_for(given, ruleset)
    with all_known(
        rules, Text("复核决定没有核定，仍没有确切的得分", "the decisions leave them so: there is no exact score")
    ):
        found = apply(rules, given, review)
    if as_json:
        emit(found.to_json())
    else:
        _show(found, language, console())


def _show(found: Adjudicated, language: Language, out: Console) -> None:
    from rich.padding import Padding

    from jmrules.review import deviations, table

    zh = language == "zh"
    pick = 0 if zh else 1
    width = min(out.width, _WIDEST)
    out.print(styled("[bold]{}[/] · {}\n", found.facts.subject.name, found.ruleset.title.say(language)), soft_wrap=True)
    heading = (
        ("指标", "自评", "计算", "复核", "偏差") if zh else ("indicator", "claimed", "computed", "reviewed", "off")
    )
    _row("", heading, width, out, "bold")
    out.print("─" * width, style="dim")
    for _, label, depth, claimed, computed, reviewed in table(found):
        off = None if claimed is None else reviewed - claimed
        cells = (label.say(language), _points(claimed), _points(computed), _points(reviewed), _signed(off))
        _row("  " * depth, cells, width, out, "yellow" if off else "")
    out.print("─" * width, style="dim")
    total, earned = found.reviewed.total, found.computed
    off = None if found.facts.claims.total is None else total - found.facts.claims.total
    cells = (
        "总分" if zh else "total",
        _points(found.facts.claims.total),
        _points(None if earned is None else earned.total),
        _points(total),
        _signed(off),
    )
    _row("", cells, width, out, "bold")
    grade = found.reviewed.grade.label.say(language)
    line = f"{'复核等级' if zh else 'grade by review'} {grade}"
    last = found.last_year
    if last is not None:
        moved = deviations(found)["from_last_year"]
        words = ("上年复核", "较上年") if zh else ("reviewed last year", "against last year")
        line += f"   {words[0]} {_points(last['total'])} {last.get('grade', '')}   {words[1]} {_signed(moved)}"
    out.print(line)
    out.print(styled("\n[bold]{}[/]", "阶段" if zh else "stages"))
    for stage in found.stages:
        signed = stage.signed
        by = f"{signed.by} {signed.date}" if signed else "未签署" if zh else "not signed off"
        out.print(Padding(f"{STAGES[stage.stage][pick]} {_points(stage.total)} · {by}", (0, 0, 0, 2)))
    out.print(styled("\n[bold]{}[/]{}", "复核决定" if zh else "decisions", "" if found.decisions else "  —"))
    for decided in found.decisions:
        change = decided.change
        effect = "" if decided.effect is None else f"{'总分' if zh else 'total'} {_signed(decided.effect)}"
        head = f"{decided.label.say(language)}: {_plain(decided.before)} → {_plain(decided.after)}   {effect}"
        out.print(Padding(head, (0, 0, 0, 2)))
        where = "、".join(part for each in change.evidence for part in (each.document, each.section, each.note) if part)
        out.print(
            Padding(
                (
                    f"{change.why}（{change.by}，{change.date}；{where}）"
                    if zh
                    else f"{change.why} ({change.by}, {change.date}; {where})"
                ),
                (0, 0, 0, 6),
            ),
            style="dim",
        )


def _plain(value: object) -> str:
    """A value as a document states it; of a fact object, its value."""
    from jmrules.documents import pretty

    if isinstance(value, dict):
        value = value.get("value")
    shown = "—" if value is None else pretty(value, width=10**6)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


def _points(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:.2f}"


def _signed(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:+.2f}".replace("-", "−") if points else "0"


def _row(indent: str, cells: tuple[str, ...], width: int, out: Console, style: str) -> None:
    """A line of the table; a name too long for its column goes on below."""
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text as RichText

    size = 10
    room = width - 4 * size
    name, *numbers = cells
    for number, line in enumerate(RichText(name).wrap(out, room - len(indent) - 1)):
        text = set_cell_size(indent + line.plain, room)
        if number == 0:
            text += "".join(" " * (size - cell_len(cell)) + cell for cell in numbers)
        out.print(RichText(text.rstrip()), style=style, no_wrap=True, overflow="ignore", crop=False)

"""What ``jmrules score --trust`` prints: the claimed total, what its facts support, and what each unknown one is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.show.sheet import BASES

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.rules.bounds.result import Bounds, NodeBounds
    from jmrules.rules.bounds.worth import Worth

_WIDEST = 100
#: widths of the columns: points, claimed, interval
_POINTS, _CLAIMED, _INTERVAL = 8, 9, 16
#: unknown facts that are listed
_MOST = 15


def show(bounds: Bounds, facts: Facts, language: Language, out: Console) -> None:
    """The tree of intervals, the total, and the unknown facts, the one worth most first."""
    zh = language == "zh"
    width = min(out.width, _WIDEST)
    trusted = next(name_zh if zh else name_en for basis, name_zh, name_en in BASES if basis == bounds.trust)
    out.print(f"[bold]{facts.subject.name}[/] · {bounds.ruleset.title.say(language)}", soft_wrap=True)
    out.print(
        f"只采信不低于“{trusted}”的事实，其余视为未知"
        if zh
        else f"only facts that rest on {trusted}, or better, are trusted; the others count as unknown",
        soft_wrap=True,
    )
    out.print()
    points = {node.id: _range(*node.points) for _, node in bounds.root.walk()}
    room = max(_POINTS, 2 + max(map(len, points.values())))
    heading = ("指标", "分值", "自评", "可得") if zh else ("indicator", "points", "claimed", "supported")
    _row("", *heading, "", width, out, "bold", room)
    out.print("─" * width, style="dim")
    loose: list[NodeBounds] = []
    for depth, node in bounds.root.walk():
        claimed = facts.claims.indicators.get(node.id)
        _row(
            "  " * depth,
            node.label.say(language),
            points[node.id],
            "—" if claimed is None else f"{claimed:f}",
            _range(node.low, node.high),
            "" if node.tight else "*",
            width,
            out,
            "bold" if depth == 0 else "",
            room,
        )
        if node.reason is not None and not node.children:
            loose.append(node)
    out.print("─" * width, style="dim")
    _total(bounds, facts, language, out)
    _notes(bounds, loose, language, out)
    _worths(bounds, language, width, out)


def _total(bounds: Bounds, facts: Facts, language: Language, out: Console) -> None:
    zh = language == "zh"
    claimed = facts.claims.total
    grades = " / ".join(grade.label.say(language) for grade in bounds.grades)
    mark = "" if bounds.tight else "*"
    words = ("自评", "可得", "可能的等级") if zh else ("claimed", "supported", "possible grades")
    parts = [f"[bold]{words[0]} {claimed:f}[/]"] if claimed is not None else []
    parts += [f"[bold]{words[1]} {_range(bounds.low, bounds.high)}{mark}[/]", f"{words[2]} {grades}"]
    out.print("   ".join(parts))


def _notes(bounds: Bounds, loose: list[NodeBounds], language: Language, out: Console) -> None:
    """Why ends marked with a star may not be reached, and what may leave the department without a score."""
    zh = language == "zh"
    notes = [(node.label, node.reason) for node in loose] + [(bounds.root.label, bounds.reason)]
    if any(reason is not None for _, reason in notes):
        out.print(
            "* 得分不会超出此范围，两端未必都能达到："
            if zh
            else "* no score lies outside, but the ends may not both be reached:",
            style="dim",
        )
    for label, reason in notes:
        if reason is not None:
            out.print(f"  {label.say(language)}{'：' if zh else ': '}{reason.say(language)}", style="dim", markup=False)
    for node in bounds.leaves:
        if node.undefined is not None:
            words = "可能无法计算" if zh else "may be undefined"
            out.print(
                f"{node.label.say(language)} {words}{'：' if zh else ': '}{node.undefined.say(language)}", markup=False
            )


def _worths(bounds: Bounds, language: Language, width: int, out: Console) -> None:
    zh = language == "zh"
    worth = [each for each in bounds.worth if each.greatest]
    if not worth:
        return
    out.print()
    heading = ("只补充这一项", "收窄", "如自报属实") if zh else ("supply this alone", "narrows by", "as claimed")
    _row("", heading[0], "", heading[2], heading[1], "", width, out, "bold")
    out.print("─" * width, style="dim")
    for each in worth[:_MOST]:
        claimed = "—" if each.claimed is None else f"{each.claimed:.2f}"
        _row("", each.label.say(language), "", claimed, _worth(each), "", width, out, "")
    rest, idle = len(worth) - _MOST, len(bounds.worth) - len(worth)
    if rest > 0:
        out.print(f"另有 {rest} 项，见 --json" if zh else f"{rest} more: see --json", style="dim")
    if idle:
        out.print(
            f"其余 {idle} 项单独补充不改变总分区间"
            if zh
            else f"the other {idle}, alone, leave the total as open as it is",
            style="dim",
        )


def _worth(worth: Worth) -> str:
    return _range(worth.least, worth.greatest)


def _range(low: Decimal, high: Decimal) -> str:
    return f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"


def _row(
    indent: str,
    name: str,
    points: str,
    claimed: str,
    interval: str,
    mark: str,
    width: int,
    out: Console,
    style: str,
    points_room: int = _POINTS,
) -> None:
    """A line of a table; a name too long for its column goes on below."""
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text as RichText

    room = width - points_room - _CLAIMED - _INTERVAL - 2
    cells = ((points, points_room), (claimed, _CLAIMED), (interval, _INTERVAL))
    numbers = "".join(" " * max(1, size - cell_len(cell)) + cell for cell, size in cells) + mark
    for number, line in enumerate(RichText(name).wrap(out, room - len(indent) - 1)):
        text = set_cell_size(indent + line.plain, room) + (numbers if number == 0 else "")
        out.print(RichText(text.rstrip()), style=style, no_wrap=True, overflow="ignore", crop=False)

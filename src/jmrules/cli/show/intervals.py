"""Intervals of points in a terminal: rows of a table, why an end may not be reached, what each unknown fact is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.show import lines

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.rules.bounds import Bounds

#: widths of the columns: points, claimed, an interval
_WIDTHS = (11, 9, 16, 16)
#: unknown facts that are listed
_MOST = 15


def span(low: Decimal, high: Decimal) -> str:
    """Both ends, or the one that there is."""
    return f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"


def row(indent: str, cells: tuple[str, ...], mark: str, out: Console, style: str) -> None:
    """A line of a table: a name and numbers, the last with its mark."""
    name, *numbers = cells
    lines.row(indent, name, numbers, _WIDTHS[: len(numbers)], out, style, mark, room=2)


def notes(bounds: Bounds, language: Language, out: Console) -> None:
    """Why ends marked with a star may not be reached, and what may leave the department without a score."""
    zh = language == "zh"
    loose = [node for _, node in bounds.root.walk() if node.reason is not None and not node.children]
    told = [(node.label, node.reason) for node in loose] + [(bounds.root.label, bounds.reason)]
    if any(reason is not None for _, reason in told):
        out.print(
            "* 得分不会超出此范围，两端未必都能达到："
            if zh
            else "* no score lies outside, but the ends may not both be reached:",
            style="dim",
        )
    for label, reason in told:
        if reason is not None:
            out.print(f"  {label.say(language)}{'：' if zh else ': '}{reason.say(language)}", style="dim")
    for node in bounds.leaves:
        if node.undefined is not None:
            words = "可能无法计算" if zh else "may be undefined"
            out.print(f"{node.label.say(language)} {words}{'：' if zh else ': '}{node.undefined.say(language)}")


def worths(bounds: Bounds, language: Language, out: Console) -> None:
    """The unknown facts, the one worth most first."""
    zh = language == "zh"
    worth = [each for each in bounds.worth if each.greatest]
    if not worth:
        return
    out.print()
    heading = (
        ("只补充这一项", "", "如自报属实", "收窄") if zh else ("supply this alone", "", "as claimed", "narrows by")
    )
    row("", heading, "", out, "bold")
    lines.rule(out)
    for each in worth[:_MOST]:
        claimed = "—" if each.claimed is None else f"{each.claimed:.2f}"
        row("", (each.label.say(language), "", claimed, span(each.least, each.greatest)), "", out, "")
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

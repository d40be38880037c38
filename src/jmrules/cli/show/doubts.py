"""What is doubtful about a score, in a line; and the facts that claim to rest on more than they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.show.sheet import basis_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts import Overstated
    from jmrules.findings import Doubts
    from jmrules.ruleset import Scale

#: facts that are named; the rest are counted
_MOST = 5


def before_scaling(scale: Scale | None, language: Language) -> str:
    """Where a sheet is scaled, that these points are its own: awards are scaled together, and not one by one."""
    return "" if scale is None else "（折算前）" if language == "zh" else " (before scaling)"


def show_doubts(doubts: Doubts, scale: Scale | None, language: Language, out: Console) -> None:
    """The four numbers, and on how many of the notice's indicators points rest on assertion alone."""
    zh = language == "zh"
    asserted, doubtful, over, under = (
        f"{points:.2f}" for points in (doubts.on_assertion, doubts.in_doubt, doubts.over_claimed, doubts.under_claimed)
    )
    on, own = counted(doubts, language), before_scaling(scale, language)
    if zh:
        out.print(f"仅有文字说明 {asserted} 分{on} · 存疑 {doubtful} 分{own}")
        out.print(f"自评高于应得 {over} 分 · 低于应得 {under} 分")
    else:
        out.print(f"on assertion alone {asserted}{on} · in doubt {doubtful}{own}")
        out.print(f"over-claimed {over} · under-claimed {under}")


def counted(doubts: Doubts, language: Language) -> str:
    """Of how many of the notice's indicators points rest on assertion alone."""
    count, of = len(doubts.asserted), len(doubts.indicators)
    return f"（{of} 项指标中的 {count} 项）" if language == "zh" else f" ({count} of {of} indicators)"


def show_beyond(doubts: Doubts, scale: Scale | None, language: Language, out: Console) -> None:
    """What is in doubt, and claimed too high or too low, where there is any."""
    zh = language == "zh"
    names = (
        ("存疑", "in doubt", doubts.in_doubt, before_scaling(scale, language)),
        ("自评高于应得", "over-claimed", doubts.over_claimed, ""),
        ("自评低于应得", "under-claimed", doubts.under_claimed, ""),
    )
    said = [
        f"{zh_name if zh else en_name} {points:.2f}{' 分' if zh else ''}{own}"
        for zh_name, en_name, points, own in names
        if points
    ]
    if said:
        out.print(" · ".join(said))


def show_overstated(found: Sequence[Overstated], language: Language, out: Console) -> None:
    """The facts whose basis counts for less than they say."""
    from rich.padding import Padding

    if not found:
        return
    zh = language == "zh"
    count = len(found)
    out.print(
        f"{count} 处数据自称的依据高于所示，按所示计："
        if zh
        else f"a stronger basis is claimed than shown {count} time{'' if count == 1 else 's'}; what is shown counts:",
        style="yellow",
    )
    for each in found[:_MOST]:
        label, claims, counts = (
            each.label.say(language),
            basis_name(each.claims, language),
            basis_name(each.counts, language),
        )
        said = f"{label}：自称{claims}，按{counts}" if zh else f"{label}: says {claims}, counts as {counts}"
        out.print(Padding(said, (0, 0, 0, 2)))
    rest = len(found) - _MOST
    if rest > 0:
        out.print(Padding(f"另有 {rest} 处" if zh else f"{rest} more", (0, 0, 0, 2)))

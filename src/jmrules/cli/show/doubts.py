"""What is doubtful about a score, in a line; and the facts that claim to rest on more than they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.show.sheet import basis_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.facts.basis import Overstated
    from jmrules.findings.doubts import Doubts

#: facts that are named; the rest are counted
_MOST = 5


def show_doubts(doubts: Doubts, language: Language, out: Console) -> None:
    """The four numbers, and on how many of the notice's indicators assertion alone bears points."""
    zh = language == "zh"
    count, of = len(doubts.asserted), len(doubts.indicators)
    parts = [
        f"仅有文字说明 {doubts.on_assertion:.2f} 分（{of} 项指标中的 {count} 项）"
        if zh
        else f"on assertion alone {doubts.on_assertion:.2f} ({count} of {of} indicators)",
        f"存疑 {doubts.in_doubt:.2f} 分" if zh else f"in doubt {doubts.in_doubt:.2f}",
        f"自评高于应得 {doubts.over_claimed:.2f} 分" if zh else f"over-claimed {doubts.over_claimed:.2f}",
        f"低于应得 {doubts.under_claimed:.2f} 分" if zh else f"under-claimed {doubts.under_claimed:.2f}",
    ]
    out.print(" · ".join(parts), soft_wrap=True)


def show_overstated(found: Sequence[Overstated], language: Language, out: Console) -> None:
    """The facts whose basis counts for less than they say."""
    if not found:
        return
    zh = language == "zh"
    facts = list(dict.fromkeys(each.fact for each in found))
    said = [
        f"{each.label.say(language)}{'（自称' if zh else ' (says '}{basis_name(each.claims, language)}"
        f"{'，按' if zh else ', counts as '}{basis_name(each.counts, language)}{'）' if zh else ')'}"
        for each in found[:_MOST]
    ]
    rest = len(found) - _MOST
    more = (f"，另有 {rest} 处" if zh else f", {rest} more") if rest > 0 else ""
    head = (
        f"{len(facts)} 项事实自称的依据高于所示，按所示计："
        if zh
        else f"{len(facts)} facts claim a stronger basis than they show, and count as what they show: "
    )
    out.print(head + ("、" if zh else ", ").join(said) + more, style="yellow", markup=False, soft_wrap=True)

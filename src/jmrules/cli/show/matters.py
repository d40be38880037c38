"""Matters in a terminal: how many of each status, then each that is more than agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.cli.output import styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from jmrules.crossfoot import Matter
    from jmrules.errors import Language

_STYLES = {
    "contradicts": "red",
    "question": "yellow",
    "cannot-be-computed": "magenta",
    "misprint": "cyan",
    "remainder": "dim",
    "rounding": "dim",
}


def show_matters(matters: Sequence[Matter], language: Language, out: Console) -> None:
    """How many matters there are of each status, then each but those that agree, gravest first."""
    from rich.padding import Padding

    from jmrules.crossfoot import STATUS_WORDS, asked, line, said, tally

    name = "勾稽核对" if language == "zh" else "cross-footing"
    out.print(styled("\n[bold]{}[/]  {}", name, tally(matters).say(language)))
    for status, style in _STYLES.items():
        for matter in matters:
            if matter.status == status:
                mark = STATUS_WORDS[matter.status][0].say(language)
                out.print(Padding(styled(f"[{style}]{{}}[/] {{}}", mark, line(matter).say(language)), (0, 0, 0, 2)))
                out.print(Padding(said(matter).say(language), (0, 0, 0, 6)), style="dim")
                ask = asked(matter)
                if ask is not None and status in ("contradicts", "question", "cannot-be-computed"):
                    out.print(Padding(f"→ {ask.say(language)}", (0, 0, 0, 6)))

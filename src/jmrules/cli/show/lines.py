"""Lines of a table whose first column is a name of any length and whose others are short: readable at any width."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

#: a table grows no wider than this
WIDEST = 100
#: cells that a name must have beside its numbers; with fewer, the numbers go below it
_LEAST = 20


def width_of(out: Console) -> int:
    """How wide the tables of a terminal are."""
    return min(out.width, WIDEST)


def rule(out: Console) -> None:
    """A line across the table."""
    out.print("─" * width_of(out), style="dim")


def row(
    indent: str, name: str, cells: Sequence[str], sizes: Sequence[int], out: Console, style: str, end: str = "", room: int = 0
) -> None:  # fmt: skip
    """A line of the table: a name, which goes on below where it is too long for its column, and cells to the right of it.

    Args:
        cells, sizes: what stands to the right, set to the right, and how wide each is.
        end, room: what follows, set to the left, and how much room it needs.
    """
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text

    width = width_of(out)
    own = width - sum(sizes) - room
    shown = "".join(" " * max(1, size - cell_len(cell)) + cell for cell, size in zip(cells, sizes, strict=True)) + end
    beside = own >= _LEAST
    lines = [line.plain for line in Text(name).wrap(out, max(2, (own if beside else width) - len(indent) - beside))]
    if beside:
        texts = [
            set_cell_size(indent + line, own) + (shown if at == 0 else "") for at, line in enumerate(lines or [""])
        ]
    else:
        if cell_len(shown) > width:
            shown = indent + re.sub(r"\s{2,}", "  ", shown.strip())
        texts = [*(indent + line for line in lines), " " * max(0, own) + shown if shown.strip() else ""]
    for text in texts:
        if text:
            out.print(Text(text.rstrip()), style=style, no_wrap=True, overflow="ignore", crop=False)

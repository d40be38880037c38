"""Where a rule comes from, for readers: whether the notice states it, and where or on what ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.errors import Text

if TYPE_CHECKING:
    from jmrules.ruleset import Source

_LEVELS = {"high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low")}


def how_sourced(source: Source) -> Text:
    """Stated, or reconstructed with so much confidence."""
    if source.status == "stated":
        return Text("见于原文", "stated")
    zh, en = _LEVELS[source.confidence or "low"]
    return Text(f"推定（把握{zh}）", f"reconstructed ({en} confidence)")


def ground_of(source: Source) -> Text:
    """The clause or the ground, and the note."""
    clause = source.clause or ""
    parts = [Text(clause, clause) if source.ground is None else source.ground, source.note]
    told = [part for part in parts if part is not None and part.zh]
    return Text("\u3000".join(part.zh for part in told), " ".join(part.say("en") for part in told))

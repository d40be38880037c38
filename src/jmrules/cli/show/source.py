"""Where a rule comes from, for readers: whether the notice states it, and where or on what ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.ruleset import Source

_LEVELS = {"high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low")}


def status_of(source: Source, language: Language) -> str:
    """Stated, or reconstructed with so much confidence."""
    zh = language == "zh"
    if source.status == "stated":
        return "见于原文" if zh else "stated"
    level = _LEVELS[source.confidence or "low"][0 if zh else 1]
    return f"推定（把握{level}）" if zh else f"reconstructed ({level} confidence)"


def heading(what: tuple[str, str], source: Source, language: Language) -> str:
    """What is stated, or reconstructed: 标准为推定（把握中）."""
    status = status_of(source, language)
    if language == "en":
        return f"{what[1]} {status}"
    return f"{what[0]}{'' if source.status == 'stated' else '为'}{status}"


def said_of(source: Source, language: Language) -> str:
    """The clause or the ground, and the note."""
    said = source.clause if source.ground is None else source.ground.say(language)
    note = source.note.say(language) if source.note else ""
    return (
        "\u3000".join(part for part in (said, note) if part)
        if language == "zh"
        else " ".join(part for part in (said, note) if part)
    )

"""Where a rule comes from, in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.ruleset import Source


def status_of(source: Source, language: Language) -> str:
    """Stated, or reconstructed with so much confidence."""
    from jmrules.compare import how_sourced

    return how_sourced(source).say(language)


def heading(what: tuple[str, str], source: Source, language: Language) -> str:
    """What is stated, or reconstructed: 标准为推定（把握中）."""
    status = status_of(source, language)
    if language == "en":
        return f"{what[1]} {status}"
    return f"{what[0]}{'' if source.status == 'stated' else '为'}{status}"


def said_of(source: Source, language: Language) -> str:
    """The clause or the ground, and the note."""
    from jmrules.compare import ground_of

    return ground_of(source).say(language)

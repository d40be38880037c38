"""Charts for Word, where what draws them is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.report.scored import Scored


@frozen
class Picture:
    """A chart as PNG, and what it shows."""

    title: str
    png: bytes


def pictures(scored: Scored, language: Language) -> tuple[Picture, ...]:
    """The charts of a department."""
    del scored, language
    return ()

"""Charts for Word, where what draws them is installed; without it the tables say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import JmrulesError
from jmrules.report.charts import award_rates, claimed_against_supported, year_over_year
from jmrules.report.drawing import png
from jmrules.report.teller import told

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.report.scored import Scored


@frozen
class Picture:
    """A chart as PNG, and what it shows."""

    title: str
    said: str
    png: bytes


def pictures(scored: Scored, language: Language) -> tuple[Picture, ...]:
    """The charts that stand beside the conclusion: claimed against supported, award rates, year over year."""
    of_it = told(scored)
    charts = [draw(of_it, language) for draw in (claimed_against_supported, award_rates, year_over_year)]
    try:
        return tuple(Picture(each.title, each.said, png(each)) for each in charts if each is not None)
    except JmrulesError:
        return ()

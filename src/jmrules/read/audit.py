"""A report held against itself: every figure against the others that speak of the same, one line a matter. No ruleset is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.read.counted import count_matters
from jmrules.read.language import speech as speech_in
from jmrules.read.links import read_figures
from jmrules.read.points import point_matters
from jmrules.read.rates import rate_matters
from jmrules.read.repeated import repeated_matters
from jmrules.read.sides import Noted
from jmrules.read.spending import absence_matters, beyond_matters, evaluated_matters, period_matters
from jmrules.read.sums import sum_matters

if TYPE_CHECKING:
    from jmrules.crossfoot import Matter
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading
    from jmrules.read.paper import Paper


@frozen
class Audit:
    """What a report's own figures say about each other."""

    reading: Reading = field(repr=False)
    noted: tuple[Noted, ...]

    @property
    def matters(self) -> tuple[Matter, ...]:
        """The matters alone."""
        return tuple(each.matter for each in self.noted)


def audit(paper: Paper, speech: Speech | None = None) -> Audit:
    """Hold a report's figures against each other: sums, shares, rates, repetitions, years, points, counts."""
    speech = speech or speech_in()
    reading = read_figures(paper, speech)
    found = [
        *sum_matters(reading),
        *repeated_matters(reading, speech),
        *rate_matters(reading, speech),
        *beyond_matters(reading),
        *period_matters(reading),
        *evaluated_matters(reading, speech),
        *absence_matters(reading, speech),
        *(Noted(matter, figures) for matter, figures in point_matters(reading, speech)),
        *count_matters(reading),
    ]
    return Audit(reading, tuple(found))

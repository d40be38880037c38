"""Figures of a report as sides of a matter: in one unit, and as far off as their printing leaves open."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.crossfoot import Matter, Range, Side
from jmrules.errors import Text
from jmrules.read.language import speech
from jmrules.units import UNITS

if TYPE_CHECKING:
    from jmrules.crossfoot import Verdict
    from jmrules.read.figures import Figure
    from jmrules.read.links import Reading


def unit_of_sides(figure: Figure) -> str:
    """The unit in which a figure and those held against it are told: its own."""
    return "ratio" if figure.unit in ("percent", "permille") else figure.unit


def range_of(figure: Figure, unit: str) -> Range:
    """What the number behind a printed figure may be, in another unit of its kind."""
    factor = Fraction(UNITS[figure.unit].factor) / Fraction(UNITS[unit].factor)
    value = Fraction(figure.value) * factor
    if figure.between is not None:
        low, high = figure.between
        return Range(None, low * factor, None if high is None else high * factor)
    half = figure.half * factor
    return Range(value, value - half, value + half)


def percentage(figure: Figure) -> Range:
    """A percentage as a ratio."""
    return range_of(figure, "ratio")


def side(label: Text, figure: Figure) -> Side:
    """A figure as the side of a matter."""
    unit = unit_of_sides(figure)
    factor = Fraction(UNITS[figure.unit].factor) / Fraction(UNITS[unit].factor)
    sections = (figure.spot.section,) if figure.spot.section else ()
    if figure.between is not None and figure.between[1] is not None:
        low, high = figure.between
        assert high is not None
        return Side(label, None, unit, sections, (low * factor, high * factor))
    value = figure.value if factor == 1 else Fraction(figure.value) * factor
    return Side(label, value, unit, sections)


def of_words(name: str) -> str:
    """What a figure is of, in words: a concept's own, or the report's."""
    found = next((each for each in speech().concepts if each.id == name), None)
    return name if found is None else found.label.zh


@frozen
class Noted:
    """A matter, and the figures of the report that show it."""

    matter: Matter
    figures: tuple[Figure, ...] = field(repr=False)


def name_of(reading: Reading, figure: Figure) -> str:
    return "·".join(of_words(name) for name in reading.path(figure))


def sections_of(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.spot.section for figure in figures if figure.spot.section))


def ratio_matter(
    kind: str,
    label: Text,
    stated: Figure,
    words: tuple[Text, Text],
    verdict: Verdict,
    of: tuple[Figure, ...],
    reason: Text | None = None,
) -> Noted:
    return Noted(
        Matter(
            f"{kind}.{stated.spot.block}.{stated.spot.start}.{stated.spot.row or 0}.{stated.spot.column or 0}",
            "ratio",
            label,
            verdict.status,
            (),
            stated=side(words[0], stated),
            computed=Side(words[1], verdict.computed, "ratio", sections_of(of)),
            difference=verdict.difference,
            tolerance=verdict.tolerance,
            reason=reason,
        ),
        (stated, *of),
    )


def value_in(figure: Figure, unit: str) -> Fraction:
    value = range_of(figure, unit).value
    return Fraction(0) if value is None else value


def projects_in(reading: Reading) -> list[tuple[Figure, Figure]]:
    paths = {reading.path(figure): figure for figure in reversed(reading.figures) if figure.money}
    return [
        (paths["budget", *path[1:]], spent)
        for path, spent in paths.items()
        if path[0] == "outturn" and len(path) > 2 and ("budget", *path[1:]) in paths
    ]

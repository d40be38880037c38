"""How a ruleset says that reports word a fact, held against a report: figures by what they are of, statements by their words."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from jmrules.review import number as in_decimals
from jmrules.units import UNITS, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.read.figures import Figure, Spot
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading
    from jmrules.ruleset import FactDeclaration


@frozen
class Given:
    """A fact as a facts file gives it, and how sure it is."""

    value: Any
    sure: Literal["exact", "likely", "unclear"]


@frozen
class Statement:
    """Words that say something: the part of the sentence, and where it stands."""

    text: str
    section: str
    value: Any


def place_of(spot: Spot, reading: Reading) -> str:
    """A place as a section of the report, or its page or line where it has none."""
    if spot.section:
        return spot.section
    block = reading.paper.blocks[spot.block]
    return (
        f"第 {spot.page} 页"
        if spot.page
        else f"第 {spot.line} 行"
        if spot.line
        else block.subject or f"第 {spot.block + 1} 段"
    )


def matches(path: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a figure is of what a wording asks for: each step is named so, or ends so."""
    return len(path) == len(wanted) and all(
        own == name or own.endswith(name) for own, name in zip(path, wanted, strict=True)
    )


def figures_of(
    reading: Reading, declaration: FactDeclaration, wording: Mapping[str, Any], speech: Speech
) -> Given | None:
    """A number that the report states, with each place that states it."""
    if "rate" in wording:
        found = [
            rate.stated for rate in reading.rates
            if _kind_of(reading, rate, speech) == wording["rate"] and rate.stated.adjusted == wording.get("adjusted", False)
        ]  # fmt: skip
    elif "of" in wording:
        wanted = tuple(wording["of"])
        found = [figure for figure in reading.figures if matches(reading.path(figure), wanted)]
    elif "words" in wording:
        found = [figure for figure in reading.figures if any(word in figure.label for word in wording["words"])]
    else:
        found = [figure for figure in reading.figures if figure.label == declaration.label.zh]
    found = [figure for figure in found if fits(figure, declaration) and not figure.period]
    if not found:
        return None
    return given(reading, found, declaration, "exact" if "of" in wording or "rate" in wording else "likely")


def _kind_of(reading: Reading, rate: Any, speech: Speech) -> str | None:
    if rate.kind is not None:
        return str(rate.kind)
    if rate.part is None or rate.whole is None:
        return None
    part, whole = reading.path(rate.part)[0], reading.path(rate.whole)[0]
    return next((each.id for each in speech.rates if part in each.part and whole in each.whole), None)


def fits(figure: Figure, declaration: FactDeclaration) -> bool:
    """Whether a figure's unit is of the kind that the fact is declared in."""
    declared, own = unit_of(declaration.unit or ""), UNITS[figure.unit]
    return declared is not None and declared.kind == own.kind


def given(
    reading: Reading, figures: list[Figure], declaration: FactDeclaration, sure: Literal["exact", "likely", "unclear"]
) -> Given:
    """A fact with all places that state it; where they differ, the first counts and nothing is sure."""
    first = figures[0]
    statements = [_statement(figure, reading, declaration) for figure in figures]
    value = stated(first, declaration)
    if any(stated(figure, declaration) != value for figure in figures):
        sure = "unclear"
    fact = {**value, "basis": "assertion" if "between" in value else "figure", "evidence": places(figures, reading)}
    return Given({**fact, "statements": statements, "sure": sure}, sure)


def places(figures: list[Figure], reading: Reading) -> list[dict[str, str]]:
    """The places of figures as evidence, the first alone where a number stands."""
    named = dict.fromkeys(place_of(figure.spot, reading) for figure in figures)
    return [{"document": "report", "section": section} for section in named][
        : 1 if figures[0].between is None else None
    ]


def stated(figure: Figure, declaration: FactDeclaration) -> dict[str, Any]:
    """Value and unit of a figure; what it lies between, where the report says only about how much."""
    if figure.between is not None:
        factor = Fraction(UNITS[figure.unit].factor) / Fraction(UNITS[declaration.unit or figure.unit].factor)
        low, high = figure.between
        if high is None:
            return {"unknown": True}
        return {"between": [in_decimals(low * factor), in_decimals(high * factor)]}
    return {"value": plain(figure), **_unit(figure, declaration)}


def _unit(figure: Figure, declaration: FactDeclaration) -> dict[str, str]:
    own = UNITS[figure.unit]
    declared = unit_of(declaration.unit or "")
    return {} if declared is not None and declared.factor == own.factor else {"unit": own.symbol.zh or own.id}


def plain(figure: Figure) -> Any:
    """Its number as JSON writes it."""
    value = figure.value
    return int(value) if value == value.to_integral_value() and not figure.places else value


def _statement(figure: Figure, reading: Reading, declaration: FactDeclaration) -> dict[str, Any]:
    found: dict[str, Any] = {"value": plain(figure) if figure.between is None else figure.text}
    if figure.between is None:
        found |= _unit(figure, declaration)
    if figure.year is not None:
        found["year"] = figure.year
    return found | {
        "document": "report",
        "section": place_of(figure.spot, reading),
        "note": f"{figure.label} {figure.text}".strip(),
    }


# ---- statements in words


def said_of(reading: Reading, wording: Mapping[str, Any], name: str | None = None) -> tuple[Statement, ...]:
    """The parts of sentences that say what a wording asks for; those of its first phrase that any says."""
    for phrase in wording.get("says", ()):
        found = tuple(
            Statement(part, section, phrase["value"])
            for part, section in parts(reading)
            if says(phrase, part, name)
        )  # fmt: skip
        if found:
            return found
    return ()


def says(phrase: Mapping[str, Any], text: str, name: str | None = None) -> bool:
    """Whether a text holds all words of a phrase, one of its alternatives, and none that it excludes."""

    def named(words: Any) -> Iterator[str]:
        return (word.replace("{name}", name or "\0") for word in words)

    return (
        all(word in text for word in named(phrase.get("all", ())))
        and (not phrase.get("any") or any(word in text for word in named(phrase["any"])))
        and not any(word in text for word in named(phrase.get("none", ())))
    )


_PART = re.compile(r"[^。；！？]+")


def parts(reading: Reading) -> Iterator[tuple[str, str]]:
    """Sentences cut at semicolons, each with its section."""
    for sentence in reading.sentences:
        block = reading.paper.blocks[sentence.block]
        if block.kind == "paragraph":
            for found in _PART.finditer(sentence.text):
                yield found[0], block.section


def told(reading: Reading, statements: tuple[Statement, ...], declaration: FactDeclaration) -> Given | None:
    """A fact that the report says in words: an assertion, with the words."""
    if not statements:
        return None
    first = statements[0]
    sections = dict.fromkeys(statement.section for statement in statements if statement.section)
    fact: dict[str, Any] = {"value": first.value, "basis": "assertion"}
    if sections:
        fact["evidence"] = [{"document": "report", "section": section} for section in sections]
    return Given({**fact, "note": f"“{first.text.strip()[:200]}”", "sure": "likely"}, "likely")

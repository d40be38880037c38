"""Figures in a report's sentences: value, unit, what they are of, the year named, and the very characters that say so."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from jmrules.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.read.language import Leeway, Speech
    from jmrules.read.paper import Block, Paper

#: full-width signs whose narrow form means the same; characters keep their places
_NARROW = str.maketrans(
    {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    | {"％": "%", "．": ".", "\u00a0": " ", "\u3000": " ", "\u2009": " ", "＋": "+", "－": "-", "﹪": "%"}
)
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?")
_BOUND = re.compile(r"[，。；：、（）()！？,;:!?]")
_MAX_DIGITS = 30
#: characters that a name and its figure may be apart
_FAR = 120


@frozen
class Spot:
    """Where a figure stands."""

    #: number of its block in the report
    block: int
    #: characters of the block's text; of a table, of the cell
    start: int
    end: int
    section: str
    page: int | None = None
    line: int | None = None
    #: of a table: row and column, counted from 0
    row: int | None = None
    column: int | None = None


@frozen
class Figure:
    """A number that a report states."""

    value: Decimal
    #: id of its unit
    unit: str
    #: as printed, with the words that bound it
    text: str
    #: what it is of, in the report's words
    label: str
    spot: Spot
    #: what it may be where the words say only about how much; None: it is exact as printed
    between: tuple[Fraction, Fraction | None] | None = None
    year: int | None = None
    #: years that it covers
    period: tuple[int, int] | None = None
    #: what the label means, if it means one of the concepts known
    concept: str | None = None
    #: decimals printed
    places: int = 0
    #: the words before it deny it
    denied: bool = False
    #: it is what remains when something is left out
    adjusted: bool = False
    #: of a table: the concept that its column holds
    under: str | None = None

    @property
    def half(self) -> Fraction:
        """How far the number behind the printed one may be off."""
        whole = not self.places and self.unit not in ("percent", "permille")
        return Fraction(0) if whole else Fraction(1, 2 * 10**self.places)

    @property
    def money(self) -> bool:
        """Whether it is an amount of money."""
        return self.unit.startswith("CNY")


@frozen
class Sentence:
    """A sentence of a block with its figures, in order."""

    block: int
    start: int
    text: str
    figures: tuple[Figure, ...]


def narrow(text: str) -> str:
    """Full-width digits and signs made narrow, each character in its place."""
    return _WIDE_COMMA.sub(",", text).translate(_NARROW)


def sentences(paper: Paper, speech: Speech) -> Iterator[Sentence]:
    """Every sentence of a report's paragraphs and headings, with its figures."""
    for number, block in enumerate(paper.blocks):
        if block.kind == "table":
            continue
        year: int | None = None
        for found in _SENTENCE.finditer(narrow(block.text)):
            if found[0]:
                scanned = tuple(_scan(found[0], found.start(), number, block, speech, year))
                scanned = _respectively(found[0], found.start(), scanned, speech)
                yield Sentence(number, found.start(), found[0], scanned)
                year = next((each.year for each in reversed(scanned) if each.year is not None), year)


def in_cell(text: str, label: str, spot: Spot, block: Block, speech: Speech) -> list[Figure]:
    """The figures of a cell of a table that holds words, or a number with its unit."""
    return [
        evolve(figure, label=label, concept=None, spot=evolve(spot, start=figure.spot.start, end=figure.spot.end))
        for figure in _scan(text, 0, spot.block, block, speech, None)
    ]


_JOIN = re.compile(r"[、，,]?\s*(?:和|及|与|以及)?\s*")


def _respectively(text: str, start: int, figures: tuple[Figure, ...], speech: Speech) -> tuple[Figure, ...]:
    """Names before 分别为 given to as many figures after it; where they are not as many, the figures are of nothing known."""
    told = list(figures)
    starts = [each.spot.start - start for each in figures]
    for cue in speech.words["respectively"]:
        at = text.find(cue)
        while at >= 0:
            first = bisect_left(starts, at + len(cue))
            since = at + len(cue)
            at = text.find(cue, since)
            if first == len(told) or text[since : told[first].spot.start - start].strip("：: "):
                continue
            last = first
            while last + 1 < len(told) and _JOIN.fullmatch(
                text[told[last].spot.end - start : told[last + 1].spot.start - start]
            ):
                last += 1
            names = re.split(
                r"、|和|及|与",
                _without_asides(
                    re.split(r"[，。；：,;:]", text[max(0, since - len(cue) - _FAR) : since - len(cue)])[-1]
                ),
            )
            fits = len(names) == last - first + 1 > 1
            for index in range(first, last + 1):
                label = trimmed_label(names[index - first], speech) if fits else ""
                concept = speech.concept_of(label) if label else None
                told[index] = evolve(told[index], label=label, concept=concept)
    return tuple(told)


@frozen
class _Told:
    """What has been read of a sentence so far."""

    #: where the words of the next label may begin
    since: int = 0
    period: tuple[int, int] | None = None


def _scan(text: str, offset: int, number: int, block: Block, speech: Speech, year: int | None) -> Iterator[Figure]:
    """The figures of a sentence; ``year`` is that of the sentence before."""
    told = _Told()
    named: int | None = None
    without = min((at for word in speech.words["left_out"] if (at := text.find(word)) >= 0), default=len(text))
    for found in speech.scanner.finditer(text):
        if found["period"]:
            told = evolve(told, period=(int(found["y1"]), int(found["y2"])))
            continue
        if found["date"] or found["year"]:
            named = int(found["y"] or found["year"])
            continue
        if found["docnumber"] or found["numbered"]:
            continue
        read = _quantity(found, speech)
        if read is None:
            continue
        value, unit, leeway, places = read
        before = text[told.since : found.start()]
        label = (unit == "count" and counted_in(text[found.end() : found.end() + _FAR])) or label_in(before, speech)
        spot = Spot(number, offset + found.start(), offset + found.end(), block.section, block.page, block.line)
        between: tuple[Fraction, Fraction | None] | None = None
        if found["high"]:
            between = Fraction(value), Fraction(_plain(found["high"]))
        elif leeway is not None:
            exact = Fraction(value)
            between = (exact * leeway.low, None if leeway.high is None else exact * leeway.high)
        clause = before[max((each.end() for each in _HARD.finditer(before)), default=0) :]
        yield Figure(
            value,
            unit,
            found[0].strip(),
            label,
            spot,
            between,
            named if named is not None else year,
            told.period,
            speech.concept_of(label) if label else None,
            places,
            any(word in clause for word in speech.words["negation"]),
            without < found.start(),
        )
        told = evolve(told, since=found.end())


_HARD = re.compile(r"[，。；！？,;]")


def _quantity(found: re.Match[str], speech: Speech) -> tuple[Decimal, str, Leeway | None, int] | None:
    """Value, unit, what its words leave open, and decimals."""
    if found["percent"]:
        share = speech.numeral(found["percent"])
        return None if share is None else (_decimal(share), "percent", speech.before.get(found["before2"] or ""), 0)
    if found["tenths"]:
        leeway = speech.before.get(found["before6"] or "") or speech.after.get(found["after6"] or "")
        return Decimal(10 * speech.numerals[found["tenths"]]), "percent", leeway, 0
    if found["numeral"]:
        return _in_numerals(found, speech)
    if found["high"]:
        low, high = _plain(found["low"]), _plain(found["high"])
        if max(len(low), len(high)) > _MAX_DIGITS or Decimal(low) > Decimal(high):
            return None
        return Decimal(low), speech.units[found["unit4"]], None, len(low.partition(".")[2])
    digits = _plain(found["number"])
    if len(digits) > _MAX_DIGITS:
        return None
    before, after = found["before"] or "", found["odd"] or found["after"] or ""
    leeway = speech.before.get(before) or speech.after.get(after)
    value, unit, places = Decimal(digits), speech.units[found["unit"]], len(digits.partition(".")[2])
    if found["larger"]:
        whole = value * speech.larger[found["larger"]]
        return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole, unit, leeway, 0
    return value, unit, leeway, places


def _in_numerals(found: re.Match[str], speech: Speech) -> tuple[Decimal, str, Leeway | None, int] | None:
    """Money in Chinese numerals; of things only numbers above ten, as 一个 and 两个 are mostly no numbers."""
    signs = found["numeral"]
    value = speech.numeral(signs)
    if value is None or not any(sign in speech.numerals for sign in signs):
        return None
    leeway = speech.before.get(found["before3"] or "") or speech.after.get(found["odd5"] or found["after3"] or "")
    if found["unit5"] and (value < 10 or not any(sign in speech.powers for sign in signs)):
        return None
    return _decimal(value), speech.units[found["unit3"] or found["unit5"]], leeway, 0


def _plain(number: str) -> str:
    return re.sub(r"[,，]", "", number).replace("－", "-").replace("−", "-")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(half_up(value.numerator * 10**6, value.denominator)).scaleb(-6).normalize() + 0


def label_in(words: str, speech: Speech) -> str:
    """What the words before a figure say that it is of: the last clause, without what leads in and what trails."""
    text = _without_asides(words.rstrip(" 　"))
    end = len(text)
    while end and _BOUND.match(text[end - 1]):
        end -= 1
    text = text[:end]
    start = max((each.end() for each in _BOUND.finditer(text)), default=0)
    label = trimmed_label(text[start:], speech)
    if label:
        return label
    if any(text.endswith(word) for word in speech.words["totals"]):
        return next(word for word in speech.words["totals"] if text.endswith(word))
    # 占, 为 and the like alone: what is meant stands in the clause before, if no figure does
    clauses = [each for each in _BOUND.split(text[:start]) if each.strip()]
    return trimmed_label(clauses[-1], speech) if clauses else ""


_COUNTED = re.compile(r"\s*([\u4e00-\u9fff“”]{2,12}?)(?=[，。；：、（(）)的等]|$)")


def counted_in(words: str) -> str:
    """What is counted, where it stands after the measure word: 161 个业务系统; empty where it does not."""
    found = _COUNTED.match(words)
    return found[1] if found else ""


_ASIDE = re.compile(r"[（(][^（）()]*[)）]")
_YEARS = re.compile(
    r"(?:(?:19|20)\d\d\s*(?:[-—–~～至到]\s*)?)+年?(?:度)?(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?(?:底|末)?"
)


def _without_asides(words: str) -> str:
    """Without what stands in brackets that are closed."""
    return _ASIDE.sub("", words)


def trimmed_label(words: str, speech: Speech) -> str:
    """A label without years, words that lead in, and verbs that lead to the number."""
    label = _YEARS.sub("", words).strip(" 　\"'")
    label = re.sub(r"^(?:[（(]?[①-⑳]|\d{1,2}(?:[.．]\d{1,2}){0,3}(?:[.、．]|(?=\s)))\s*", "", label)
    again = True
    while again and label and label not in speech.words["keep_trail"]:
        again = False
        for word in speech.words["lead"]:
            if label.startswith(word) and len(label) > len(word):
                label, again = label[len(word) :].strip(), True
                break
        if label.endswith(speech.words["keep_trail"]):
            continue
        for word in speech.words["trail"]:
            if label.endswith(word):
                label, again = label[: -len(word)].strip(), True
                break
    return label.strip("“”\"' 　") if label.count("“") != label.count("”") else label

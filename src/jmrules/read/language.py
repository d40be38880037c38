"""How reports speak: units, numerals, cue words and headings, from a table that is data (schemas/reading.zh.json)."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents import read
from jmrules.errors import Text
from jmrules.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping


#: signs of a number in Chinese numerals
_MAX_NUMERAL = 40


@frozen
class Leeway:
    """What a word like 约 leaves open of the number beside it: factors of it, None for no end."""

    low: Fraction
    high: Fraction | None


@frozen
class Concept:
    """What figures may be of, by the words that name it."""

    id: str
    label: Text
    words: tuple[str, ...]
    but: tuple[str, ...] = ()
    #: of a rate: concepts whose quotient it is
    #: words that name it at the end of a label that names a thing
    ends: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def named_in(self, words: str) -> int:
        """How long the longest of its words is that stands in a label; 0 where none does."""
        if any(word in words for word in self.but):
            return 0
        return max((len(word) for word in self.words if word in words), default=0)


@frozen
class Absence:
    """Something that a report may say there is none of, and the least share of a budget that makes it."""

    words: tuple[str, ...]
    label: Text
    least: Fraction


@frozen(eq=False)
class Speech:
    """The table of a language, ready for use."""

    #: word -> id of its unit, longest first
    units: Mapping[str, str]
    before: Mapping[str, Leeway]
    after: Mapping[str, Leeway]
    concepts: tuple[Concept, ...]
    rates: tuple[Concept, ...]
    columns: tuple[tuple[str, str], ...]
    closed: tuple[frozenset[str], ...]
    absences: tuple[Absence, ...]
    grades: tuple[tuple[str, Fraction, Fraction], ...]
    words: Mapping[str, tuple[str, ...]]
    numerals: Mapping[str, int]
    powers: Mapping[str, int]
    #: words between a number and the word that counts -> by what the number is multiplied
    larger: Mapping[str, int]
    headings: tuple[re.Pattern[str], ...]
    #: every number with its unit and the words around it that bound it
    scanner: re.Pattern[str] = field(repr=False)

    def heading_of(self, text: str) -> tuple[int, str, str] | None:
        """The level, number and words of a line that begins with the number of a heading; None for another."""
        for level, pattern in enumerate(self.headings):
            found = pattern.match(text)
            if found is not None:
                return level, found["n"], text[found.end() :].strip()
        return None

    def concept_of(self, words: str) -> str | None:
        """What a label is of: the concept that has the longest word in it."""
        best = max(((each.named_in(words), -number) for number, each in enumerate(self.concepts)), default=(0, 0))
        if best[0]:
            return self.concepts[-best[1]].id
        return next((each.id for each in self.concepts if self._of_a_thing(words, each)), None)

    def _of_a_thing(self, words: str, concept: Concept) -> bool:
        """Whether a label is of a thing's own budget: 法律援助经费预算."""
        end = next((word for word in concept.ends if words.endswith(word)), None)
        if end is None or any(word in words for word in concept.but):
            return False
        return any(thing in words.removesuffix(end) for thing in self.words["things"])

    def rate_of(self, words: str) -> Concept | None:
        """The rate that a label names."""
        best = max(((each.named_in(words), -number) for number, each in enumerate(self.rates)), default=(0, 0))
        return self.rates[-best[1]] if best[0] else None

    def concept(self, id: str) -> Concept:
        """A concept by its id."""
        return next(each for each in (*self.concepts, *self.rates) if each.id == id)

    def column_of(self, head: str) -> str | None:
        """What a column of a table holds, by its head."""
        found = [(len(word), concept) for word, concept in self.columns if word in head]
        return max(found)[1] if found else None

    def numeral(self, text: str) -> Fraction | None:
        """A number in Chinese numerals, with 点 for the decimal point; None for what is none."""
        if len(text) > _MAX_NUMERAL:
            return None
        whole, dot, rest = text.partition(self.words["decimal_numeral"][0])
        if dot and (not rest or any(sign not in self.numerals for sign in rest)):
            return None
        value = self._whole(whole)
        if value is None:
            return None
        digits = "".join(str(self.numerals[sign]) for sign in rest)
        return Fraction(value) + (Fraction(int(digits), 10 ** len(digits)) if digits else 0)

    def _whole(self, text: str) -> int | None:
        if text and all(sign in self.numerals for sign in text) and len(text) > 1:
            # digit by digit, as years are written
            return int("".join(str(self.numerals[sign]) for sign in text))
        total, section, digit = 0, 0, None
        for sign in text:
            if sign in self.numerals:
                digit = self.numerals[sign]
                continue
            power = self.powers.get(sign)
            if power is None:
                return None
            if power >= 10000:
                # 一亿二千万: what was told of a larger power stands apart; 二千万亿 is multiplied whole
                whole = section + (digit or 0)
                total = total + whole * power if total and total % power == 0 and whole else (total + whole) * power
                section = 0
            else:
                section += (1 if digit is None else digit) * power
            digit = None
        return total + section + (digit or 0) if text else None


@cache
def speech(language: str = "zh") -> Speech:
    """The table of a language that ships with the package."""
    return speech_of(read(shipped("schemas") / f"reading.{language}.json").value)


def speech_of(table: Mapping[str, Any]) -> Speech:
    """A table of words, ready for use."""
    units = {word: each["unit"] for each in table["units"] for word in each["words"]}
    refused = {word: each.get("not_before", ()) for each in table["units"] for word in each["words"]}
    paused = frozenset(word for each in table["units"] for word in each["words"] if each.get("only_before_pause"))
    before, after = _leeways(table["approximate"]), _leeways(table["approximate_after"])
    names = (
        "signs", "between_number_and_unit", "grouped_by", "share", "lead", "trail", "keep_trail", "negation", "left_out",
        "additions", "without_amount", "totals", "subtotals", "grade_cues", "decimal_numeral", "percent_of", "numbered", "relative",
        "points_got", "evaluated", "within", "change", "made_of", "made_up", "respectively", "things", "of_a_list", "besides", "tenths",
    )  # fmt: skip
    words = {name: tuple(sorted(table[name], key=len, reverse=True)) for name in names}
    words["some"] = tuple(sorted(table["parts"]["some"], key=len, reverse=True))
    words["all"] = tuple(sorted(table["parts"]["all"], key=len, reverse=True))
    return Speech(
        units,
        before,
        after,
        tuple(_concept(each) for each in table["concepts"]),
        tuple(_concept(each) for each in table["rates"]),
        tuple((word, each["concept"]) for each in table["columns"] for word in each["words"]),
        tuple(frozenset(each) for each in table["closed"]),
        tuple(
            Absence(tuple(each["words"]), Text(each["zh"], each["en"]), Fraction(each["least"]))
            for each in table["absence"]
        ),
        tuple((each["label"], Fraction(each["from"]), Fraction(each["to"])) for each in table["grades"]),
        words,
        table["numerals"],
        table["powers"],
        table["larger"],
        tuple(re.compile(pattern) for pattern in table["headings"]),
        _scanner(units, refused, paused, before, after, words, table),
    )


def _concept(each: Mapping[str, Any]) -> Concept:
    return Concept(
        each["id"],
        Text(each["zh"], each["en"]),
        tuple(each["words"]),
        tuple(each.get("not", ())),
        tuple(each.get("ends", ())),
        tuple(each.get("part", ())),
        tuple(each.get("whole", ())),
    )


#: nothing but a pause follows
_PAUSED = r"(?=\s*(?:[，。；：、！？,;:()（）]|$))"


def _leeways(entries: Any) -> dict[str, Leeway]:
    return {
        word: Leeway(Fraction(each["from"]), None if each["to"] is None else Fraction(each["to"]))
        for each in entries
        for word in each["words"]
    }


def _any(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _scanner(
    units: Mapping[str, str],
    refused: Mapping[str, Any],
    paused: frozenset[str],
    before: Mapping[str, Leeway],
    after: Mapping[str, Leeway],
    words: Mapping[str, tuple[str, ...]],
    table: Mapping[str, Any],
) -> re.Pattern[str]:
    """One expression that finds dates, periods, years and quantities, in time linear in the text."""
    signs = "".join((*table["numerals"], *table["powers"], *table["decimal_numeral"]))
    unit = "|".join(
        re.escape(word) + (f"(?!{_any(refused[word])})" if refused[word] else "") + (_PAUSED if word in paused else "")
        for word in sorted(units, key=len, reverse=True)
    )
    counted = "|".join(
        re.escape(word) + (f"(?!{_any(refused[word])})" if refused[word] else "")
        for word in sorted(units, key=len, reverse=True)
        if units[word] in ("count", "person", "day", "tonne")
    )
    # Possessive, and never begun within another number: what fails is not tried again digit by digit.
    number = r"(?<!第)(?<!第 )(?<!\d)(?<!\d[,.])[-−]?\d++(?:,\d{3}(?!\d))*+(?:，\d{3}(?=\.\d|，\d{3}))*+(?:\.\d++)?"
    larger = _any(table["larger"])
    sign = f"(?:[{''.join(words['signs'])}]\\s*)?"
    pieces = (
        rf"(?P<numbered>(?:{_any(words['numbered'])})\s*\d{{1,3}}(?:[-.．—]\d{{1,3}})*+(?!\d|\s*(?:{unit})))",
        r"(?P<period>(?P<y1>(?:19|20)\d\d)\s*年?\s*(?:-|—|–|－|~|～|至|到)+\s*(?P<y2>(?:19|20)\d\d)\s*年)",
        r"(?P<date>(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*日)?)",
        r"(?P<year>(?:19|20)\d\d)\s*年(?:度)?(?!级)",
        r"(?P<docnumber>〔(?:19|20)\d\d〕\s*\d+\s*号)",
        rf"(?<![从由第\d.,])(?P<before4>{_any(before)})?\s*{sign}(?P<low>{number})\s*(?:{unit})?\s*(?:-|—|–|－|~|～|至|到)++\s*"
        rf"{sign}(?P<high>{number})\s*(?P<unit4>{unit})",
        rf"(?P<before>{_any(before)})?\s*{sign}(?P<number>{number})\s*(?P<larger>(?!{unit})(?:{larger})(?=(?:{counted})))?"
        rf"(?P<odd>{_any(words['between_number_and_unit'])})?\s*(?P<unit>{unit})(?P<after>{_any(after)})?",
        rf"(?P<before2>{_any(before)})?(?:{_any(words['percent_of'])})(?P<percent>[{signs}]++)",
        rf"(?P<before6>{_any(before)})?(?<![{signs}第])(?P<tenths>[{''.join(table['numerals'])}])(?:{_any(words['tenths'])})"
        rf"(?:(?P<after6>{_any(after)})|{_PAUSED})",
        rf"(?P<before3>{_any(before)})?(?<![{signs}第])(?P<numeral>[{signs}]++)"
        rf"(?:(?P<unit3>元)|(?P<odd5>{_any(words['between_number_and_unit'])})?(?P<unit5>{counted}))(?P<after3>{_any(after)})?",
    )
    return re.compile("|".join(pieces))

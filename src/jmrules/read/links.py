"""What figures have to do with each other: totals with their parts, shares with amounts, rates with what they are of."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.read.figures import sentences
from jmrules.read.tabled import Group, Rate, tabled
from jmrules.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.read.figures import Figure, Sentence, Spot
    from jmrules.read.language import Speech
    from jmrules.read.paper import Paper


@frozen
class Reading:
    """All figures of a report, and what they have to do with each other."""

    paper: Paper
    figures: tuple[Figure, ...] = field(repr=False)
    groups: tuple[Group, ...] = field(repr=False)
    rates: tuple[Rate, ...] = field(repr=False)
    sentences: tuple[Sentence, ...] = field(repr=False)

    paths: Mapping[Spot, tuple[str, ...]] = field(repr=False)
    by_path: Mapping[tuple[str, ...], tuple[Figure, ...]] = field(repr=False)
    #: budgets, spending and the like of the department as a whole, in the order of the report
    by_concept: Mapping[str, tuple[Figure, ...]] = field(repr=False)

    def path(self, figure: Figure) -> tuple[str, ...]:
        """What a figure is of, from the whole down: (budget, 项目支出, …); figures with one path are of the same thing."""
        return self.paths.get(figure.spot, (figure.concept or figure.label,))

    def of(self, path: tuple[str, ...]) -> tuple[Figure, ...]:
        """The figures that are of one thing, in the order of the report."""
        return self.by_path.get(path, ())


def read_figures(paper: Paper, speech: Speech) -> Reading:
    """All figures of a report, in its sentences and its tables, and what they have to do with each other."""
    told = tuple(sentences(paper, speech))
    groups, rates = linked(paper, told, speech)
    figures = [figure for sentence in told for figure in sentence.figures]
    for number, block in enumerate(paper.blocks):
        if block.kind == "table":
            cells, more, of = tabled(block, number, paper, speech)
            figures += cells
            groups += more
            rates += of
    figures.sort(key=lambda each: (each.spot.block, each.spot.row or 0, each.spot.column or 0, each.spot.start))
    paths = _paths(figures, groups, speech, told)
    by_path: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        by_path.setdefault(paths[figure.spot], []).append(figure)
    return Reading(
        paper, tuple(figures), tuple(groups), tuple(rates), told, paths,
        {path: tuple(same) for path, same in by_path.items()}, _by_concept(figures, paths),
    )  # fmt: skip


def _by_concept(figures: list[Figure], paths: Mapping[Spot, tuple[str, ...]]) -> dict[str, tuple[Figure, ...]]:
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.concept is not None and paths[figure.spot] == (figure.concept,):
            found.setdefault(figure.concept, []).append(figure)
    return {concept: tuple(same) for concept, same in found.items()}


def _paths(
    figures: list[Figure], groups: list[Group], speech: Speech, told: Iterable[Sentence]
) -> dict[Spot, tuple[str, ...]]:
    above: dict[Spot, Figure] = {
        part.spot: group.total for group in groups if group.total is not None for part in group.parts
    }
    found: dict[Spot, tuple[str, ...]] = {}
    rows = sorted({each.label for each in figures if each.under and not each.concept and len(each.label) > 1}, key=len)
    named = re.compile("|".join(map(re.escape, reversed(rows)))) if rows else None
    whole = {word for each in speech.closed for word in each}
    # What a table of projects adds up to need not be all that the department had.
    listed = {
        group.total.spot for group in groups
        if group.table and group.total is not None and not any(part.label.endswith(tuple(whole)) for part in group.parts)
    }  # fmt: skip
    own = _owned(told, named, speech)
    for figure in figures:
        chain = [figure]
        while chain[-1].spot in above and len(chain) < 5:
            chain.append(above[chain[-1].spot])
        names = [each.concept or each.label for each in reversed(chain)]
        if len(chain) == 1 and figure.under is not None and figure.concept is None:
            names.insert(0, figure.under)
        if len(chain) == 1 and figure.spot in listed:
            names.append(speech.words["totals"][0])
        if len(chain) == 1:
            names += own.get(figure.spot, [])
        found[figure.spot] = tuple(name for index, name in enumerate(names) if not index or name != names[index - 1])
    return found


def _owned(told: Iterable[Sentence], rows: re.Pattern[str] | None, speech: Speech) -> dict[Spot, list[str]]:
    """Of budgets and spending that are a project's: its name, which a sentence says once: 甲项目预算 60 万元，实际支出 57 万元."""
    found: dict[Spot, list[str]] = {}
    for sentence in told:
        last: list[str] = []
        for figure in sentence.figures:
            if figure.concept not in ("budget", "adjusted", "outturn"):
                continue
            name = _of_its_own(figure, rows, speech)
            if not name and figure.label in speech.concept(figure.concept).words:
                name = last
            last = name
            if name:
                found[figure.spot] = name
    return found


def _of_its_own(figure: Figure, rows: re.Pattern[str] | None, speech: Speech) -> list[str]:
    """What a budget or spending is of that is not the whole department's: a project by its name, as a table names it."""
    found = rows.search(figure.label) if rows is not None else None
    if found is not None:
        return [found[0]]
    concept = speech.concept(figure.concept or "")
    word = max((each for each in concept.words if each in figure.label), key=len, default="")
    word = word or next((each for each in concept.ends if figure.label.endswith(each)), "")
    rest = figure.label.replace(word, "")
    return [rest] if word and any(thing in rest for thing in speech.words["things"]) else []


def linked(paper: Paper, told: Iterable[Sentence], speech: Speech) -> tuple[list[Group], list[Rate]]:
    """The groups and rates of a report's sentences."""
    groups: list[Group] = []
    rates: list[Rate] = []
    section: str | None = None
    before: list[Figure] = []
    first = 0
    every: list[Figure] = []
    for sentence in told:
        if paper.blocks[sentence.block].section != section:
            section, before, first = paper.blocks[sentence.block].section, [], len(groups)
        reader = _Reader(sentence, speech, before, groups[first:], every)
        reader.run()
        groups += reader.found
        rates += reader.rates
        before += sentence.figures
        every += sentence.figures
    return groups, rates


#: figures back that a list's name is looked for
_NEAR = 200


class _Reader:
    """Reads one sentence from its first figure to its last."""

    def __init__(
        self, sentence: Sentence, speech: Speech, before: list[Figure], groups: list[Group], every: list[Figure]
    ) -> None:
        self.every = every
        #: what the list may be of, where its name alone does not say which
        self.choice: tuple[Figure, ...] = ()
        #: the list is of this total only if it adds up to it
        self.doubtful = False
        #: the list may go on elsewhere: that it lacks something says nothing
        self.loose = False
        self.sentence, self.speech, self.before, self.earlier = sentence, speech, before, groups
        self.found: list[Group] = []
        self.rates: list[Rate] = []
        #: the group that is being read: total, parts, shares, whether the words say that it is whole, by what, and in brackets
        self.total: Figure | None = None
        self.parts: list[Figure] = []
        self.shares: list[Figure | None] = []
        self.whole = self.open = self.bracketed = False
        self.by = ""

    def run(self) -> None:
        """Read it."""
        text, start = self.sentence.text, self.sentence.start
        since = 0
        last: Figure | None = None
        of: tuple[Figure, Figure] | None = None
        for figure in self.sentence.figures:
            gap = text[since : figure.spot.start - start]
            since = figure.spot.end - start
            if figure.unit in ("percent", "permille"):
                if of is not None and gap.strip() in ("的", "比例为", "的比例为"):
                    self.rates.append(Rate(figure, *of))
                elif last is not None and self._is_share(gap):
                    self._share(last, figure)
                else:
                    self.rates.append(Rate(figure, kind=self._kind(figure)))
                of = None
                continue
            if figure.unit == "percentage_point":
                continue
            of = None
            if last is not None and last.money and figure.money and re.match(r"[，,]?\s*占", gap):
                of = (last, figure)
                continue
            self._amount(figure, gap, last)
            last = figure
        self._close()

    def _kind(self, figure: Figure) -> str | None:
        rate = self.speech.rate_of(figure.label)
        return None if rate is None else rate.id

    def _is_share(self, gap: str) -> bool:
        words = gap.strip("，,、（( ")
        return words in self.speech.words["share"] or words in {f"{word}比" for word in self.speech.words["share"]}

    def _share(self, amount: Figure, share: Figure) -> None:
        if not self.open:
            self._open(None, whole=True)
            self.parts, self.shares = [amount], [None]
        if self.parts and self.parts[-1] is amount:
            self.shares[-1] = share

    def _amount(self, figure: Figure, gap: str, last: Figure | None) -> None:
        cue = self._cue(gap)
        told: Figure | None = None
        by = self._by(gap)
        if self.open and (self.bracketed and re.search("[）)]", gap)):
            self._close()
        if self.open and cue is None and any(word in gap for word in self.speech.words["besides"]):
            self._close()
        if cue is not None:
            at, whole = cue
            named = gap[:at]
            total = last if last is not None and _alike(last, figure) else None
            if total is None or re.search("[。；]", named):
                total = self._named(named, figure) or total
            if total is None and not named.strip("，：, "):
                total = told = self._just_told(figure)
            choice = self._choice(named, figure) if total is None else ()
            self._close(keep=by or self.by)
            self.choice, self.doubtful = choice, self._respective(gap)
            self.loose = told is not None
            self._open(total, whole=whole, bracketed=bool(re.search(r"[（(][^）)]*$", named)))
            self._add(figure)
        elif by and last is not None and not figure.concept and _alike(last, figure):
            self._close(keep=by)
            self._open(last, whole=True)
            self._add(figure)
        elif by and not figure.concept and (choice := self._choice(gap[: gap.find(by)], figure)):
            self._close(keep=by)
            self._open(None, whole=True)
            self.choice = choice
            self._add(figure)
        elif by and self.earlier + self.found and not figure.concept:
            base = next(
                (each for each in reversed(self.earlier + self.found) if each.total is not None and each.by), None
            )
            self._close(keep=by)
            if base is not None and base.total is not None and _alike(base.total, figure):
                self._open(base.total, whole=True)
                self._add(figure)
        elif self.open and self.whole and self.total is None and len(self.parts) > 1 and self._adds_up(figure, gap):
            self.total, self.doubtful = figure, False
            self._close(keep=by)
        elif self.open and self._goes_on(figure):
            self._add(figure)
        else:
            self._close(keep=by)

    def _adds_up(self, figure: Figure, gap: str) -> bool:
        return gap.strip("，,、； ") in self.speech.words["totals"] and _alike(self.parts[-1], figure)

    def _respective(self, gap: str) -> bool:
        """Whether names and figures are told side by side, and nothing says that they are parts of what came before."""
        rest = gap.rstrip("：: ")
        for word in self.speech.words["respectively"]:
            rest = rest.removesuffix(word)
        if rest == gap.rstrip("：: "):
            return False
        return not any(word in rest for name in ("some", "all") for word in self.speech.words[name])

    def _just_told(self, figure: Figure) -> Figure | None:
        """The last amount of the sentence before, which a sentence that begins with 其中 is of."""
        near = (
            each for each in reversed(self.before[-4:])
            if each.unit not in ("percent", "permille", "percentage_point")
            and not each.label.startswith(self.speech.words["relative"])
        )  # fmt: skip
        last = next(near, None)
        same = last is not None and last.spot.block == figure.spot.block and _alike(last, figure)
        return last if same else None

    def _choice(self, words: str, figure: Figure) -> tuple[Figure, ...]:
        """The figures told anywhere before that the words before a list name: 项目支出(预算)主要包括."""
        name = re.split(r"[，。；：、（()]", words.strip("，：, "))[-1].strip()
        names = {name, *(name.removesuffix(word) for word in self.speech.words["of_a_list"])}
        found: dict[object, Figure] = {}
        for each in self.every[: -_NEAR - 1 : -1]:
            if len(each.label) > 2 and each.label in names and _alike(each, figure) and each.between is None:
                found.setdefault(_worth(each), each)
        return tuple(found.values())

    def _resolved(self) -> Figure | None:
        """The total of the list: of several that it may be of, the one that it adds up to, or the only one left."""
        added = sum((_worth(part) for part in self.parts), Fraction(0))
        if self.total is not None and self.loose and added < _worth(self.total):
            return None
        if self.total is not None:
            return self.total if not self.doubtful or _worth(self.total) == added else None
        fitting = [each for each in self.choice if _worth(each) == added]
        if not fitting and not self.whole:
            fitting = [each for each in self.choice if _worth(each) > added]
        if not fitting:
            fitting = list(self.choice)
        return fitting[0] if len(fitting) == 1 else None

    def _cue(self, gap: str) -> tuple[int, bool] | None:
        found = [
            (gap.rfind(word) + len(word), len(word), word, whole)
            for whole, name in ((False, "some"), (True, "all"))
            for word in self.speech.words[name]
            if word in gap
        ]
        if not found:
            return None
        end, length, _, whole = max(found)
        return end - length, whole

    def _by(self, gap: str) -> str:
        for word in self.speech.words["grouped_by"]:
            found = re.search(rf"(按[^，。；：]{{2,20}}?){word}", gap)
            if found is not None:
                return found[1]
        return ""

    def _named(self, words: str, figure: Figure) -> Figure | None:
        """The figure told before whose label ends the words that lead to a list: 项目支出主要包括."""
        name = re.split(r"[，。；：、（()]", words.strip("，：, "))[-1].strip()
        near = self.before[: -_NEAR - 1 : -1]
        return next((each for each in near if each.label and name.endswith(each.label) and _alike(each, figure)), None)

    def _goes_on(self, figure: Figure) -> bool:
        if figure.concept in ("budget", "outturn", "adjusted", "score", "full", "past"):
            return False
        if figure.label.startswith(self.speech.words["relative"]):
            return False
        return not self.parts or _alike(self.parts[-1], figure)

    def _open(self, total: Figure | None, *, whole: bool, bracketed: bool = False) -> None:
        self.total, self.parts, self.shares = total, [], []
        self.whole, self.open, self.bracketed = whole, True, bracketed

    def _add(self, figure: Figure) -> None:
        self.parts.append(figure)
        self.shares.append(None)

    def _close(self, keep: str = "") -> None:
        if self.open:
            self.total = self._resolved()
        self.choice, self.doubtful, self.loose = (), False, False
        if (self.open and len(self.parts) > 1) or (self.open and self.parts and self.total is not None):
            names = frozenset(part.label for part in self.parts)
            whole = self.whole or all(share is not None for share in self.shares) or names in self.speech.closed
            self.found.append(Group(self.total, tuple(self.parts), tuple(self.shares), whole, self.by))
        self.open, self.parts, self.shares, self.total = False, [], [], None
        self.by = keep


def _worth(figure: Figure) -> Fraction:
    return Fraction(figure.value) * Fraction(UNITS[figure.unit].factor)


def _alike(one: Figure, other: Figure) -> bool:
    return one.money == other.money and (one.money or one.unit == other.unit)

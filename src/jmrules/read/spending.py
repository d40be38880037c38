"""Spending beyond what was budgeted, and what a report says there is none of."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.crossfoot import Matter, Open, Side
from jmrules.errors import Text
from jmrules.read.language import speech
from jmrules.read.sides import Noted, name_of, projects_in, sections_of, side, value_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.read.figures import Figure
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading


def beyond_matters(reading: Reading) -> Iterator[Noted]:
    """Spending above the initial budget of the same thing, against the additions that the report tells of."""
    over: list[tuple[Figure, Figure, Fraction]] = []
    unit = "CNY_10k"
    totals = speech().words["totals"]
    paths = {reading.path(figure): figure for figure in reversed(reading.figures) if figure.money and not figure.period}
    for path, spent in paths.items():
        planned = paths.get(("budget", *path[1:]))
        if path[0] != "outturn" or planned is None or len(path) < 2 or path[-1] in totals:
            continue
        later = paths.get(("adjusted", *path[1:]))
        if later is not None and later.value >= planned.value:
            # What was added since stands in the adjusted budget.
            planned = later
        # What is listed below is told by its own lines, where both sides list it.
        below = [
            each for each in paths
            if each[: len(path)] == path and len(each) > len(path) and ("budget", *each[1:]) in paths
        ]  # fmt: skip
        difference = value_in(spent, unit) - value_in(planned, unit)
        if not below and difference > 0:
            over.append((spent, planned, difference))
    more = [(spent, amount) for spent, _, amount in over]
    rest = _unlisted(reading, unit)
    implied = sum((amount for _, amount in more), Fraction(0)) + (rest if rest is not None and rest > 0 else 0)
    if implied <= 0:
        return
    added = next((figure for figure in reading.figures if figure.concept == "added" and figure.money), None)
    stated = Fraction(0) if added is None else value_in(added, unit)
    if stated >= implied:
        return
    sides = [Side(Text(name_of(reading, spent)), amount, unit, sections_of((spent,))) for spent, amount in more]
    if rest is not None and rest > 0:
        sides.append(Side(Text("未列明的项目", "projects not listed"), rest, unit))
    said = Text("所述年中追加", "additions as stated")
    yield Noted(
        Matter(
            "beyond", "excess", Text("超出年初预算的支出与年中追加", "spending beyond the initial budgets against mid-year additions"),
            "question", (),
            stated=side(said, added) if added is not None else Side(said, Fraction(0), unit),
            computed=Side(Text("按决算至少应追加", "additions that the outturn implies, at least"), implied, unit),
            difference=implied - stated, figures=tuple(sides),
        ),
        (*((added,) if added is not None else ()), *(figure for spent, planned, _ in over for figure in (spent, planned))),
    )  # fmt: skip


def _unlisted(reading: Reading, unit: str) -> Fraction | None:
    """How much more the projects that are not listed spent than they had: what both lists leave of their totals."""
    rests = []
    for top in ("outturn", "budget"):
        found = next(
            (
                g
                for g in reading.groups
                if g.total is not None
                and reading.path(g.total)[0] == top
                and len(reading.path(g.total)) == 2
                and reading.path(g.total)[1] not in speech().words["totals"]
            ),
            None,
        )
        if found is None or found.total is None:
            return None
        rests.append(value_in(found.total, unit) - sum((value_in(part, unit) for part in found.parts), Fraction(0)))
    return rests[0] - rests[1]


def period_matters(reading: Reading) -> Iterator[Noted]:
    year = _report_year(reading)
    told = [group for group in reading.groups if group.total is not None and group.total.period is not None]
    wide = [group for group in told if group.total is not None and group.total.period not in (None, (year, year))]
    if not wide or year is None:
        return
    totals = tuple(group.total for group in wide if group.total is not None)
    names = dict.fromkeys(
        f"“{name_of(reading, total)}{f'，{group.by}' if group.by else ''}”"
        for group, total in zip(wide, totals, strict=True)
    )
    period = totals[0].period
    assert period is not None
    label = "、".join(names)
    yield Noted(
        Matter(
            f"period.{totals[0].spot.block}", "period",
            Text(f"{label}的期间不只是本年度", f"{label}: not of this year alone"), "question", (),
            figures=(
                Side(Text(f"所述期间 {period[0]}-{period[1]}", f"period stated {period[0]}-{period[1]}"), None, None, sections_of(totals)),
                Side(Text(f"评价年度 {year}", f"year evaluated {year}"), None),
            ),
        ),
        totals,
    )  # fmt: skip


#: of a period with days: 2022年7月1日至2023年6月30日
_DAYS = re.compile(
    r"^[^，。；]{0,8}?((?:19|20)\d\d)\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?\s*(?:-|—|–|~|～|至|到)+\s*"
    r"(?:((?:19|20)\d\d)\s*年\s*)?(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?"
)


def evaluated_matters(reading: Reading, words: Speech) -> Iterator[Noted]:
    """The period that the report says it evaluates, where it is not one whole year."""
    for sentence in reading.sentences:
        for word in words.words["evaluated"]:
            at = sentence.text.find(word)
            found = _DAYS.match(sentence.text[at + len(word) :]) if at >= 0 else None
            if found is None:
                continue
            first, last = int(found[1]), int(found[4] or found[1])
            if first == last and int(found[2]) == 1 and int(found[5]) == 12:
                continue
            section = reading.paper.blocks[sentence.block].section
            period = found[0].lstrip("为是：: ")
            yield Noted(
                Matter(
                    f"evaluated.{sentence.block}.{sentence.start}", "period",
                    Text(f"{word}不是一个完整年度", "the period evaluated is not one whole year"), "question", (),
                    figures=(Side(Text(f"所述期间 {period}", f"period stated {period}"), None, None, (section,) if section else ()),),
                ),
                (),
            )  # fmt: skip
            break


def _report_year(reading: Reading) -> int | None:
    """The year that a report is of: the one that it names most often."""
    text = reading.paper.text
    years = [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)\s*年", text)]
    return max(dict.fromkeys(years), key=years.count) if years else None


def absence_matters(reading: Reading, words: Speech) -> Iterator[Noted]:
    """What the report says there is none of, against the figures that may be just that."""
    for absence in words.absences:
        for sentence in reading.sentences:
            if not any(word in sentence.text for word in absence.words):
                continue
            if not any(word in sentence.text for word in words.words["negation"]):
                continue
            unspent = [
                (planned, spent)
                for planned, spent in projects_in(reading)
                if planned.value > 0 and value_in(planned, "CNY_10k") * (1 - absence.least) > value_in(spent, "CNY_10k")
            ]
            if not unspent:
                continue
            section = reading.paper.blocks[sentence.block].section
            yield Noted(
                Matter(
                    f"absent.{sentence.block}.{sentence.start}", "ratio",
                    Text(f"{absence.label.zh}与预算、决算", f"{absence.label.say('en')} against budget and outturn"),
                    "cannot-be-computed", (),
                    stated=Side(absence.label, Decimal(0), "count", (section,)),
                    open=Open(
                        Fraction(0), Fraction(len(unspent)), "count", Text("各项目调整后的预算", "the adjusted budget of each project"),
                    ),
                ),
                tuple(figure for pair in unspent for figure in pair),
            )  # fmt: skip
            break

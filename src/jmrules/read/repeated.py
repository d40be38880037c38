"""The same figure told in several places, and the years named beside it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.crossfoot import Matter, Side, compare
from jmrules.errors import Text
from jmrules.read.sides import Noted, name_of, range_of, sections_of, side, unit_of_sides, value_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.read.figures import Figure
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading


def repeated_matters(reading: Reading, speech: Speech) -> Iterator[Noted]:
    named = {each.id for each in speech.concepts if each.id in ("budget", "outturn", "adjusted")}
    by_path: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in reading.figures:
        path = reading.path(figure)
        if (
            figure.money
            and figure.between is None
            and path[0]
            and (path[0] in named or len(path) > 1 or len(path[0]) >= 4)
            and not path[-1].startswith(speech.words["relative"])
            and path[-1].replace(" ", "") not in (*speech.words["subtotals"], *speech.words["totals"])
        ):
            by_path[path].append(figure)
    for path, figures in by_path.items():
        if len(figures) > 1:
            yield from _values(reading, path, figures, speech)
    yield from _years(reading, by_path)


def _perhaps_of_a_part(figure: Figure, first: Figure, speech: Speech) -> bool:
    """Whether a bare 实际支出 in another section, of far less, may be that of a project told of there."""
    if figure.concept is None or figure.spot.section == first.spot.section or figure.spot.row is not None:
        return False
    bare = figure.label in speech.concept(figure.concept).words
    return bare and 2 * value_in(figure, "CNY") < value_in(first, "CNY")


def _values(reading: Reading, path: tuple[str, ...], figures: list[Figure], speech: Speech) -> Iterator[Noted]:
    first = figures[0]
    unit = unit_of_sides(first)
    one = range_of(first, unit)
    others = [
        figure for figure in figures[1:]
        if not (figure.period and figure.period != first.period)
        and not _perhaps_of_a_part(figure, first, speech)
        and not (figure.spot.row is not None and first.spot.row is not None and figure.year != first.year)
    ]  # fmt: skip
    differing = [each for each in others if compare(range_of(each, unit), one, "contradicts").status == "contradicts"]
    years = {figure.year for figure in differing} - {None, first.year}
    if differing and years and first.year is not None:
        return  # of other years
    label = name_of(reading, first)
    if differing:
        other = differing[0]
        verdict = compare(
            range_of(other, unit), one, "contradicts" if path[0] in _TOLD_ONCE or len(path) > 1 else "question"
        )
        yield Noted(
            Matter(
                f"repeated.{other.spot.block}.{other.spot.start}", "statements",
                Text(f"{label}：各处所述", f"{label}: as stated in several places"), verdict.status, (),
                stated=side(Text("另一处所述", "as stated elsewhere"), other), computed=side(Text(label), first),
                difference=verdict.difference, tolerance=verdict.tolerance,
            ),
            (first, *differing),
        )  # fmt: skip
    elif others:
        yield Noted(
            Matter(
                f"repeated.{first.spot.block}.{first.spot.start}", "statements",
                Text(f"{label}：各处所述", f"{label}: as stated in several places"), "agrees", (),
                stated=side(Text("另一处所述", "as stated elsewhere"), others[0]), computed=side(Text(label), first),
                difference=Fraction(0),
            ),
            (first, *others),
        )  # fmt: skip


#: of which there is one of a year
_TOLD_ONCE = ("budget", "outturn", "adjusted")


def _years(reading: Reading, by_path: dict[tuple[str, ...], list[Figure]]) -> Iterator[Noted]:
    """The same figure told of two years: one line a sentence, however many figures stand in it."""
    slips: dict[tuple[int, int, int], list[tuple[Figure, Figure]]] = defaultdict(list)
    for figures in by_path.values():
        dated = [figure for figure in figures if figure.year is not None]
        values = {figure.value for figure in dated}
        if len(values) != 1 or len({figure.year for figure in dated}) < 2:
            continue
        years = [figure.year for figure in dated]
        due = max(years, key=lambda year: (years.count(year), -years.index(year)))
        right = next(figure for figure in dated if figure.year == due)
        for figure in dated:
            if figure.year != due:
                assert figure.year is not None and due is not None
                slips[figure.spot.block, figure.year, due].append((figure, right))
    for (_, named, due), pairs in slips.items():
        told = "、".join(dict.fromkeys(name_of(reading, figure) for figure, _ in pairs))
        yield Noted(
            Matter(
                f"year.{pairs[0][0].spot.block}.{pairs[0][0].spot.start}", "year",
                Text(f"{told}的年度", f"the year of {told}"), "misprint", (),
                stated=Side(Text("所述年度", "year named"), Decimal(named), None, sections_of((pairs[0][0],))),
                computed=Side(Text("应为年度", "year due"), Decimal(due), None, sections_of((pairs[0][1],))),
                difference=Fraction(named - due), tolerance=Fraction(0),
            ),
            tuple(figure for pair in pairs for figure in pair),
        )  # fmt: skip

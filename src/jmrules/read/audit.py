"""A report held against itself: every figure against the others that speak of the same, one line a matter. No ruleset is needed."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from jmrules.crossfoot import Matter, Open, Range, Side, compare, judge_ratio, judge_sum, quotient
from jmrules.errors import Text
from jmrules.read.language import speech as speech_in
from jmrules.read.links import read_figures
from jmrules.read.points import point_matters
from jmrules.read.sides import of_words, percentage, range_of, side, unit_of_sides
from jmrules.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot import Status, Verdict
    from jmrules.read.figures import Figure
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading
    from jmrules.read.paper import Paper
    from jmrules.read.tabled import Group

_ONE = Range(Fraction(1), Fraction(1), Fraction(1))
_PLUG = Text(
    "各项占比四舍五入后合计不足或超过 100%，差额调在最大一项上",
    "the rounded shares do not add up to 100 %, and the difference was put on the largest",
)


@frozen
class Noted:
    """A matter, and the figures of the report that show it."""

    matter: Matter
    figures: tuple[Figure, ...] = field(repr=False)


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
        *_sums(reading),
        *_repeated(reading, speech),
        *_rates(reading, speech),
        *_beyond(reading),
        *_periods(reading),
        *_absent(reading, speech),
        *(Noted(matter, figures) for matter, figures in point_matters(reading, speech)),
        *_counted(reading),
    ]
    return Audit(reading, tuple(found))


# ---- totals and parts, shares


def _sums(reading: Reading) -> Iterator[Noted]:
    """Each list of parts once, however often the report repeats it."""
    seen: dict[tuple[object, ...], int] = {}
    found: list[Noted] = []
    for group in reading.groups:
        key = (
            group.total and (reading.path(group.total), group.total.value),
            tuple((part.label, part.value) for part in group.parts),
        )
        if key in seen and group.total is not None:
            at = seen[key]
            found[at] = _also(found[at], group)
            continue
        if group.total is not None and any(part.unit != "point" for part in group.parts):
            seen[key] = len(found)
            found.append(_sum(reading, group))
        found += _shares(reading, group)
    yield from found


def _also(noted: Noted, group: Group) -> Noted:
    matter, total = noted.matter, group.total
    assert total is not None
    stated, computed = matter.stated, matter.computed
    assert stated is not None and computed is not None
    more = (total.spot.section,)
    return evolve(
        noted,
        matter=evolve(
            matter,
            stated=evolve(stated, sections=tuple(dict.fromkeys((*stated.sections, *more)))),
            computed=evolve(computed, sections=tuple(dict.fromkeys((*computed.sections, *more)))),
        ),
        figures=(*noted.figures, total, *group.parts),
    )


def _name(reading: Reading, figure: Figure) -> str:
    return "·".join(of_words(name) for name in reading.path(figure))


def _sum(reading: Reading, group: Group) -> Noted:
    total = group.total
    assert total is not None
    unit = unit_of_sides(total)
    parts = tuple(range_of(part, unit) for part in group.parts)
    verdict = judge_sum(range_of(total, unit), parts, "contradicts", exhaustive=group.whole)
    what = Text(_name(reading, total) + (f"，{group.by}" if group.by else ""))
    listed = Text("各部分之和", "sum of the parts")
    return Noted(
        Matter(
            f"sum.{total.spot.block}.{total.spot.start}.{total.spot.column or 0}",
            "sum",
            Text(f"{what.zh}与各部分之和", f"{what.zh} against its parts"),
            verdict.status,
            (),
            stated=side(Text(what.zh), total),
            computed=Side(listed, verdict.computed, unit, _sections(group.parts)),
            difference=verdict.difference,
            tolerance=verdict.tolerance,
        ),
        (total, *group.parts),
    )


def _sections(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.spot.section for figure in figures if figure.spot.section))


def _shares(reading: Reading, group: Group) -> Iterator[Noted]:
    pairs = [(part, share) for part, share in zip(group.parts, group.shares, strict=True) if share is not None]
    if not pairs:
        return
    if group.total is not None:
        unit = unit_of_sides(group.total)
        total = range_of(group.total, unit)
        plugged = _plugged(group, unit)
        table = judge_sum(total, tuple(range_of(part, unit) for part in group.parts), "contradicts", exhaustive=group.whole)
        differs: Status = "misprint" if table.status != "contradicts" else "question"
        for part, share in pairs:
            rate = quotient(range_of(part, unit), total)
            if rate is None:
                continue
            verdict = judge_ratio(percentage(share), rate, "rounding" if part is plugged else differs)
            label = Text(f"{part.label}的占比", f"share of {part.label}")
            words = Text("所述占比", "share stated"), Text("按金额计算", "by amounts")
            yield _ratio("share", label, share, words, verdict, (part,), _PLUG if part is plugged else None)
    if len(pairs) == len(group.parts) and group.whole:
        shares = tuple(percentage(share) for _, share in pairs)
        verdict = judge_sum(_ONE, shares, "contradicts", exhaustive=True)
        if verdict.status == "contradicts" and group.total is not None:
            return  # a share of them is off, and told
        name = group.by or (group.total.label if group.total is not None else group.parts[0].label)
        yield Noted(
            Matter(
                f"shares.{group.parts[0].spot.block}.{group.parts[0].spot.start}", "sum",
                Text(f"{name}：占比之和", f"{name}: shares together"), verdict.status, (),
                stated=Side(Text("全部", "all"), Decimal(1), "ratio", _sections(group.parts)),
                computed=Side(Text("占比之和", "sum of the shares"), verdict.computed, "ratio", _sections(group.parts)),
                difference=verdict.difference, tolerance=verdict.tolerance,
            ),
            tuple(share for _, share in pairs),
        )  # fmt: skip


def _ratio(
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
            computed=Side(words[1], verdict.computed, "ratio", _sections(of)),
            difference=verdict.difference,
            tolerance=verdict.tolerance,
            reason=reason,
        ),
        (stated, *of),
    )


def _plugged(group: Group, unit: str) -> Figure | None:
    """The part whose share took up what the rounded ones lack of 100 %: the only one that is off, the largest, by just that."""
    total = group.total
    if total is None or not total.value or not group.whole or any(share is None for share in group.shares):
        return None
    of = range_of(total, unit).value
    assert of
    off, due = [], Fraction(0)
    for part, share in zip(group.parts, group.shares, strict=True):
        assert share is not None
        printed, step = percentage(share).value, 2 * share.half / 100
        value = range_of(part, unit).value
        if not step or printed is None or value is None:
            return None
        exact = value / of / step
        rounded = half_up(exact.numerator, exact.denominator) * step
        due += rounded
        if rounded != printed:
            off.append((part, printed - rounded))
    if len(off) != 1 or off[0][1] != 1 - due:
        return None
    part = off[0][0]
    return part if part.value == max(each.value for each in group.parts) else None


# ---- the same figure told twice, the years named beside it


def _repeated(reading: Reading, speech: Speech) -> Iterator[Noted]:
    named = {each.id for each in speech.concepts if each.id in ("budget", "outturn", "adjusted")}
    by_path: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in reading.figures:
        path = reading.path(figure)
        if figure.money and figure.between is None and path[0] and (path[0] in named or len(path) > 1 or len(path[0]) >= 4):
            by_path[path].append(figure)
    for path, figures in by_path.items():
        if len(figures) > 1:
            yield from _values(reading, path, figures)
    yield from _years(reading, by_path)


def _values(reading: Reading, path: tuple[str, ...], figures: list[Figure]) -> Iterator[Noted]:
    first = figures[0]
    unit = unit_of_sides(first)
    one = range_of(first, unit)
    others = [figure for figure in figures[1:] if not (figure.period and figure.period != first.period)]
    differing = [each for each in others if compare(range_of(each, unit), one, "contradicts").status == "contradicts"]
    years = {figure.year for figure in differing} - {None, first.year}
    if differing and years and first.year is not None:
        return  # of other years
    label = _name(reading, first)
    if differing:
        other = differing[0]
        verdict = compare(range_of(other, unit), one, "contradicts" if path[0] in _TOLD_ONCE or len(path) > 1 else "question")
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
        told = "、".join(dict.fromkeys(_name(reading, figure) for figure, _ in pairs))
        yield Noted(
            Matter(
                f"year.{pairs[0][0].spot.block}.{pairs[0][0].spot.start}", "year",
                Text(f"{told}的年度", f"the year of {told}"), "misprint", (),
                stated=Side(Text("所述年度", "year named"), Decimal(named), None, _sections((pairs[0][0],))),
                computed=Side(Text("应为年度", "year due"), Decimal(due), None, _sections((pairs[0][1],))),
                difference=Fraction(named - due), tolerance=Fraction(0),
            ),
            tuple(figure for pair in pairs for figure in pair),
        )  # fmt: skip


# ---- rates


def _rates(reading: Reading, speech: Speech) -> Iterator[Noted]:
    seen: dict[tuple[object, ...], int] = {}
    found: list[Noted] = []
    for rate in reading.rates:
        stated, part, whole = rate.stated, rate.part, rate.whole
        kind = None if rate.kind is None else speech.concept(rate.kind)
        if part is None and kind is not None and rate.kind != "award":
            part, whole = _nearest(reading, stated, kind.part), _nearest(reading, stated, kind.whole)
        if part is None or whole is None:
            continue
        unit = unit_of_sides(whole)
        computed = quotient(range_of(part, unit), range_of(whole, unit))
        if computed is None:
            continue
        name = kind.label if kind is not None else Text(f"{part.label}的占比", f"share of {part.label}")
        if stated.adjusted:
            one = _adjusted(reading, stated, computed, name, (part, whole), speech)
            key: tuple[object, ...] = ("adjusted", stated.value, stated.between)
            if key in seen:
                was = found[seen[key]]
                assert was.matter.stated is not None
                both = tuple(dict.fromkeys((*was.matter.stated.sections, stated.spot.section)))
                found[seen[key]] = Noted(
                    evolve(was.matter, stated=evolve(was.matter.stated, sections=both)), (*was.figures, stated)
                )
            else:
                seen[key] = len(found)
                found.append(one)
            continue
        printed = percentage(stated)
        verdict = judge_ratio(printed, computed, "contradicts")
        words = Text(f"所述{name.zh}", f"{name.say('en')} as stated"), Text("按数据计算", "by the figures")
        found.append(_ratio("rate", Text(f"{name.zh}与数据", f"{name.say('en')} against figures"), stated, words, verdict, (part, whole)))
    yield from found


_NEAR = 8


def _nearest(reading: Reading, stated: Figure, concepts: tuple[str, ...]) -> Figure | None:
    """The figure of one of these things that the report told last, of the same year where both name one."""
    for concept in concepts:
        candidates = reading.of((concept,))
        place = (stated.spot.block, stated.spot.start)
        count = bisect(candidates, place, key=lambda each: (each.spot.block, each.spot.start))
        # The nearest before it of the same year, else the nearest; nobody looks further than a few.
        near = candidates[max(0, count - _NEAR) : count][::-1] or candidates[:_NEAR]
        fitting = [each for each in near if None in (each.year, stated.year) or each.year == stated.year]
        if near:
            return (fitting or near)[0]
    return None


def _adjusted(
    reading: Reading, stated: Figure, raw: Range, name: Text, of: tuple[Figure, Figure], speech: Speech
) -> Noted:
    """A rate after something was left out: where no amounts are given, it cannot be computed."""
    text = reading.paper.text
    words = [word for word in speech.words["without_amount"] if word in text]
    told = "、".join(words[:3]) or "剔除事项"
    part, whole = of
    unit = unit_of_sides(whole)
    outturn, budget = range_of(part, unit).value, range_of(whole, unit).value
    reaches = percentage(stated).high
    needed = high = None
    if outturn is not None and budget is not None and reaches:
        needed = budget - outturn / reaches
    most = sum((max(_value(plan, unit) - _value(spent, unit), Fraction(0)) for plan, spent in _projects(reading)), Fraction(0))
    if most and outturn is not None and budget is not None and budget > most:
        high = outturn / (budget - most)
    return Noted(
        Matter(
            f"adjusted.{stated.spot.block}.{stated.spot.start}", "ratio",
            Text(f"剔除后的{name.zh}", f"{name.say('en')} after what is left out"), "cannot-be-computed", (),
            stated=side(Text("报告所述", "as stated"), stated),
            open=Open(
                raw.value, high, "ratio", Text(f"{told}等的金额和批复", f"amounts and approvals of: {told}"),
                needed if needed is not None and needed > 0 else None, most or None, unit, reaches,
            ),
        ),
        (stated, part, whole),
    )  # fmt: skip


# ---- spent beyond what was budgeted


def _beyond(reading: Reading) -> Iterator[Noted]:
    """Spending above the initial budget of the same thing, against the additions that the report tells of."""
    over: list[tuple[Figure, Figure, Fraction]] = []
    unit = "CNY_10k"
    paths = {reading.path(figure): figure for figure in reversed(reading.figures) if figure.money and not figure.period}
    for path, spent in paths.items():
        planned = paths.get(("budget", *path[1:]))
        if path[0] != "outturn" or planned is None or len(path) < 2:
            continue
        later = paths.get(("adjusted", *path[1:]))
        if later is not None and later.value >= planned.value:
            # What was added since stands in the adjusted budget.
            planned = later
        below = [each for each in paths if each[: len(path)] == path and len(each) > len(path)]
        difference = _value(spent, unit) - _value(planned, unit)
        if not below and difference > 0:
            over.append((spent, planned, difference))
    more = [(spent, amount) for spent, _, amount in over]
    rest = _unlisted(reading, unit)
    implied = sum((amount for _, amount in more), Fraction(0)) + (rest if rest is not None and rest > 0 else 0)
    if implied <= 0:
        return
    added = next((figure for figure in reading.figures if figure.concept == "added" and figure.money), None)
    stated = Fraction(0) if added is None else _value(added, unit)
    if stated >= implied:
        return
    sides = [Side(Text(_name(reading, spent)), amount, unit, _sections((spent,))) for spent, amount in more]
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


def _value(figure: Figure, unit: str) -> Fraction:
    value = range_of(figure, unit).value
    return Fraction(0) if value is None else value


def _unlisted(reading: Reading, unit: str) -> Fraction | None:
    """How much more the projects that are not listed spent than they had: what both lists leave of their totals."""
    rests = []
    for top in ("outturn", "budget"):
        found = next(
            (g for g in reading.groups if g.total is not None and reading.path(g.total)[0] == top and len(reading.path(g.total)) == 2),
            None,
        )
        if found is None or found.total is None:
            return None
        rests.append(_value(found.total, unit) - sum((_value(part, unit) for part in found.parts), Fraction(0)))
    return rests[0] - rests[1]


# ---- periods, and what a report says there is none of


def _periods(reading: Reading) -> Iterator[Noted]:
    year = _report_year(reading)
    told = [group for group in reading.groups if group.total is not None and group.total.period is not None]
    wide = [group for group in told if group.total is not None and group.total.period not in (None, (year, year))]
    if not wide or year is None:
        return
    totals = tuple(group.total for group in wide if group.total is not None)
    names = dict.fromkeys(f"“{_name(reading, total)}{f'，{group.by}' if group.by else ''}”" for group, total in zip(wide, totals, strict=True))
    period = totals[0].period
    assert period is not None
    label = "、".join(names)
    yield Noted(
        Matter(
            f"period.{totals[0].spot.block}", "period",
            Text(f"{label}的期间不只是本年度", f"{label}: not of this year alone"), "question", (),
            figures=(
                Side(Text(f"所述期间 {period[0]}-{period[1]}", f"period stated {period[0]}-{period[1]}"), None, None, _sections(totals)),
                Side(Text(f"评价年度 {year}", f"year evaluated {year}"), None),
            ),
        ),
        totals,
    )  # fmt: skip


def _report_year(reading: Reading) -> int | None:
    """The year that a report is of: the one that it names most often."""
    text = reading.paper.text
    years = [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)\s*年", text)]
    return max(dict.fromkeys(years), key=years.count) if years else None


def _absent(reading: Reading, speech: Speech) -> Iterator[Noted]:
    """What the report says there is none of, against the figures that may be just that."""
    for absence in speech.absences:
        for sentence in reading.sentences:
            if not any(word in sentence.text for word in absence.words):
                continue
            if not any(word in sentence.text for word in speech.words["negation"]):
                continue
            unspent = [
                (planned, spent)
                for planned, spent in _projects(reading)
                if planned.value > 0 and _value(planned, "CNY_10k") * (1 - absence.least) > _value(spent, "CNY_10k")
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


def _projects(reading: Reading) -> list[tuple[Figure, Figure]]:
    paths = {reading.path(figure): figure for figure in reversed(reading.figures) if figure.money}
    return [
        (paths["budget", *path[1:]], spent)
        for path, spent in paths.items()
        if path[0] == "outturn" and len(path) > 2 and ("budget", *path[1:]) in paths
    ]


# ---- counts against the names listed


_LIST = re.compile(r"^[^，。；：]{0,12}[：:]\s*([^。；]+)")


def _counted(reading: Reading) -> Iterator[Noted]:
    """A number of things against the names that follow it."""
    for sentence in reading.sentences:
        for index, figure in enumerate(sentence.figures):
            if figure.unit != "count" or figure.between is not None:
                continue
            end = sentence.figures[index + 1].spot.start - sentence.start if index + 1 < len(sentence.figures) else len(sentence.text)
            rest = sentence.text[figure.spot.end - sentence.start : end]
            found = _LIST.match(rest)
            if found is None or index + 1 < len(sentence.figures):
                continue
            names = [name for name in re.split(r"[、，,]|和|及", found[1].strip()) if name.strip()]
            if len(names) < 2 or found[1].rstrip("。；").endswith("等") or len(names) == figure.value:
                continue
            yield Noted(
                Matter(
                    f"counted.{sentence.block}.{figure.spot.start}", "list",
                    Text(f"{figure.label}的个数与所列", f"number of {figure.label} against those listed"), "question", (),
                    stated=side(Text(figure.label), figure),
                    computed=Side(Text("所列", "listed"), Decimal(len(names)), "count", (figure.spot.section,)),
                    difference=Fraction(figure.value) - len(names),
                ),
                (figure,),
            )  # fmt: skip

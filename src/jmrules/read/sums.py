"""Totals against the parts that a report lists, and shares against amounts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.crossfoot import Matter, Range, Side, judge_ratio, judge_sum, quotient
from jmrules.errors import Text
from jmrules.read.sides import Noted, name_of, percentage, range_of, ratio_matter, sections_of, side, unit_of_sides
from jmrules.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot import Status
    from jmrules.read.figures import Figure
    from jmrules.read.links import Reading
    from jmrules.read.tabled import Group

_ONE = Range(Fraction(1), Fraction(1), Fraction(1))
_PLUG = Text(
    "各项占比四舍五入后合计不足或超过 100%，差额调在最大一项上",
    "the rounded shares do not add up to 100 %, and the difference was put on the largest",
)


def sum_matters(reading: Reading) -> Iterator[Noted]:
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
        if group.total is not None and (group.table or any(part.unit != "point" for part in group.parts)):
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


def _sum(reading: Reading, group: Group) -> Noted:
    total = group.total
    assert total is not None
    unit = unit_of_sides(total)
    parts = tuple(range_of(part, unit) for part in group.parts)
    verdict = judge_sum(range_of(total, unit), parts, "contradicts", exhaustive=group.whole)
    what = Text(name_of(reading, total) + (f"，{group.by}" if group.by else ""))
    listed = Text("各部分之和", "sum of the parts")
    return Noted(
        Matter(
            f"sum.{total.spot.block}.{total.spot.start}.{total.spot.column or 0}",
            "sum",
            Text(f"{what.zh}与各部分之和", f"{what.zh} against its parts"),
            verdict.status,
            (),
            stated=side(Text(what.zh), total),
            computed=Side(listed, verdict.computed, unit, sections_of(group.parts)),
            difference=verdict.difference,
            tolerance=verdict.tolerance,
        ),
        (total, *group.parts),
    )


def _shares(reading: Reading, group: Group) -> Iterator[Noted]:
    pairs = [(part, share) for part, share in zip(group.parts, group.shares, strict=True) if share is not None]
    if not pairs:
        return
    if group.total is not None:
        unit = unit_of_sides(group.total)
        total = range_of(group.total, unit)
        plugged = _plugged(group, unit)
        table = judge_sum(
            total, tuple(range_of(part, unit) for part in group.parts), "contradicts", exhaustive=group.whole
        )
        differs: Status = "misprint" if table.status != "contradicts" else "question"
        for part, share in pairs:
            rate = quotient(range_of(part, unit), total)
            if rate is None:
                continue
            verdict = judge_ratio(percentage(share), rate, "rounding" if part is plugged else differs)
            label = Text(f"{part.label}的占比", f"share of {part.label}")
            words = Text("所述占比", "share stated"), Text("按金额计算", "by amounts")
            yield ratio_matter("share", label, share, words, verdict, (part,), _PLUG if part is plugged else None)
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
                stated=Side(Text("全部", "all"), Decimal(1), "ratio", sections_of(group.parts)),
                computed=Side(Text("占比之和", "sum of the shares"), verdict.computed, "ratio", sections_of(group.parts)),
                difference=verdict.difference, tolerance=verdict.tolerance,
            ),
            tuple(share for _, share in pairs),
        )  # fmt: skip


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

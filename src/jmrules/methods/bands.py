"""``bands``, 分档计分: constant ranges of one number, each with its worth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.feel import (
    EVERYTHING,
    Intervals,
    closed,
    complement,
    empty_range,
    empty_ranges,
    holding,
    intervals,
    overlap,
    parse_unary_tests,
    right_name,
    said_tests,
)
from jmrules.methods.base import Branch, Fields, Method, Told, Worth, problem, value_site, worth_problems
from jmrules.methods.changes import ranges_changes, worth_change, worths
from jmrules.methods.shapes import Table
from jmrules.methods.shares import number
from jmrules.methods.wording import distinct, fill, joined, lost_for, sentence
from jmrules.quantities import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.feel import Interval
    from jmrules.methods.base import Bounds, Checking, Found, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Band:
    """One band: the values ``tests`` allows earn ``worth``."""

    tests: str
    worth: Worth
    label: Text | None = None


@frozen
class Otherwise:
    """What a value outside every band earns."""

    worth: Worth
    label: Text | None = None


@frozen
class Bands(Fields):
    """分档计分."""

    value: str
    bands: tuple[Band, ...]
    otherwise: Otherwise | None = None


def problems(fields: Bands, checking: Checking) -> Iterator[Found]:
    """Bands that are no constant ranges, are empty, overlap, or leave a number out."""
    left, taken = checking.domain(fields.value), list[Intervals]()
    for index, band in enumerate(fields.bands):
        yield from worth_problems(band.worth, checking.points, f"/bands/{index}")
        ranges = intervals(band.tests)
        if ranges is None:
            yield (
                f"/bands/{index}/in",
                problem(
                    "not-constant",
                    "分档须为常数区间",
                    "a band must be a constant range of numbers",
                    right_name(band.tests) or ("例如 <= 0.10 或 (0.10..0.20]", "such as <= 0.10 or (0.10..0.20]"),
                ),
            )
            return
        if empty_ranges(parse_unary_tests(band.tests), band.tests) or not ranges:
            yield f"/bands/{index}/in", empty_range()
        for earlier, other in enumerate(taken):
            both = overlap(ranges, other)
            if both:
                yield (
                    f"/bands/{index}/in",
                    problem(
                        "overlapping-bands",
                        f"与第 {earlier + 1} 档重叠于 {both[0]}",
                        f"overlaps band {earlier + 1} in {both[0]}",
                        ("请改用半开区间，例如 (0.10..0.20]", "use half-open ranges, such as (0.10..0.20]"),
                    ),
                )
        taken.append(ranges)
        left = complement(ranges, left)
    if fields.otherwise is not None:
        yield from worth_problems(fields.otherwise.worth, checking.points, "/otherwise")
    elif left := holding(left, checking.decimals(fields.value)):
        gaps = "、".join(map(str, left))
        yield (
            "/bands",
            problem(
                "gap-between-bands",
                f"没有一档覆盖 {gaps}",
                f"no band covers {gaps.replace('、', ', ')}",
                ("请补上一档，或写明 otherwise", "add a band, or say what happens otherwise"),
            ),
        )


def shape(fields: Bands, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Table:
    """The bands' ranges and shares."""
    ranges = [intervals(band.tests) or EVERYTHING for band in fields.bands]
    if fields.otherwise is None:
        # What is still between them is between two numbers that there are, or no value that the facts may have.
        ranges = [*closed(ranges)]
    worths = [band.worth.of(points) for band in fields.bands]
    return Table(
        call("/value"),
        tuple(zip(ranges, worths, strict=True)),
        None if fields.otherwise is None else fields.otherwise.worth.of(points),
    )


def branches(fields: Bands, _shape: Table) -> Iterator[Branch]:
    """Each band, and what is in none."""
    for index, band in enumerate(fields.bands):
        named = band.label or Text(band.tests, band.tests)
        label = Text(f"第 {index + 1} 档：{named.zh}", named.say("en"))
        yield Branch(f"band {index + 1}", label, f"/bands/{index}")
    if fields.otherwise is not None:
        yield Branch("otherwise", Text("不在所列各档", "in none of the bands"), "/otherwise")


def taken(_fields: Bands, shape: Table, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """The band that holds the value."""
    index = shape.entry(number(read(shape.value)))
    yield "otherwise" if index is None else f"band {index + 1}"


def ruled_out(_fields: Bands, shape: Table, key: str, bounds: Callable[[Call], Bounds]) -> Call | None:
    """A band that no number within the bounds lies in."""
    if not key.startswith("band "):
        return None
    ranges = shape.entries[int(key.removeprefix("band ")) - 1][0]
    return shape.value if all(_apart(interval, bounds(shape.value)) for interval in ranges) else None


def _apart(interval: Interval, bounds: Bounds) -> bool:
    """Whether no number within the bounds lies in the interval."""
    low, high = bounds
    start, end = interval.low, interval.high
    if high is not None and start.at is not None and (high < start.at or (high == start.at and start.above)):
        return True
    return low is not None and end.at is not None and (low > end.at or (low == end.at and not end.above))


def mutations(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    yield from ranges_changes([("/bands", method["bands"])])
    yield from worths(method["bands"], "/bands", points, quantum, "该档得分", "the worth of the band")
    if "otherwise" in method:
        yield worth_change(method["otherwise"], "/otherwise", points, quantum, "其他情形得分", "the worth otherwise")


def criterion(fields: Bands, speaker: Speaker) -> Text:
    """The criterion in words."""
    unit = speaker.unit(fields.value)
    found = [(speaker.tests(band.tests, unit), speaker.worth(band.worth)) for band in fields.bands]
    said = joined([fill("{of} 得 {worth}", "{of}: {worth}", of=of, worth=worth) for of, worth in found])
    if fields.otherwise is not None:
        said = fill(
            "{said}；其他得 {worth}", "{said}; else {worth}", said=said, worth=speaker.worth(fields.otherwise.worth)
        )
    return fill("{value}：{said}", "{value}: {said}", value=speaker.expression(fields.value), said=said)


def _range(band: Band, unit: str | None) -> Text:
    said, label = said_tests(band.tests, unit), band.label
    return Text(
        f"，在 {said.zh} 一档" + (f"（{label.zh}）" if label else ""),
        f", in the band {said.say('en')}" + (f" ({label.say('en')})" if label else ""),
    )


def explain(view: View, fields: Bands, shape: Table, share: Fraction) -> Told:
    """The value, and the band that it lies in."""
    value = number(view.read(shape.value))
    index, unit = shape.entry(value), view.unit(shape.value)
    text = distinct(view, shape.value, value, shape.turns)
    said = view.said(shape.value, value, text)
    if index is None:
        assert fields.otherwise is not None
        outside = fields.otherwise.label or Text("不在所列各档", "in none of the bands")
        where = Text(f"，{outside.zh}", f", {outside.say('en')}")
    else:
        where = _range(fields.bands[index], unit)
    named = view.meaning(shape.value)
    head = Text(f"{named.label.zh} {text.zh}", f"{named.label.say('en')} {text.say('en')}") if named else said
    reason = Text(
        f"{head.zh}{where.zh}，得分值的 {percent(share)}",
        f"{head.say('en')}{where.say('en')}: {percent(share)} of the points",
    )
    if named and said.zh == head.zh:
        said = head
    full = Text(said.zh + where.zh, said.say("en") + where.say("en"))
    return Told(sentence(view, full, share), lost_for(share, reason))


BANDS = Method(
    "bands", Bands, value_site, shape, branches, taken, criterion, explain,
    problems=problems, ruled_out=ruled_out, mutations=mutations,
)  # fmt: skip

"""``interpolate``, 线性插值: piecewise linear through knots, level beyond the first and the last."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import Branch, Fields, Method, Told, Worth, problem, value_site, worth_problems
from jmrules.methods.changes import GONE, moved, step_at, value_change, worth_change
from jmrules.methods.shapes import Line
from jmrules.methods.shares import number
from jmrules.methods.wording import fill, lost_for, pairs, sentence
from jmrules.quantities import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Bounds, Checking, Found, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Knot:
    """A point of a piecewise linear function."""

    at: Decimal
    worth: Worth


@frozen
class Interpolate(Fields):
    """线性插值: level beyond the first and the last knot."""

    value: str
    knots: tuple[Knot, ...]


def problems(fields: Interpolate, checking: Checking) -> Iterator[Found]:
    """Knots out of order, or worth more than there is."""
    for index, (one, other) in enumerate(pairwise(fields.knots), 1):
        if one.at >= other.at:
            yield (
                f"/knots/{index}/at",
                problem("knots-not-increasing", "节点须严格递增", "knots must increase strictly"),
            )
    for index, knot in enumerate(fields.knots):
        yield from worth_problems(knot.worth, checking.points, f"/knots/{index}")


def shape(fields: Interpolate, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Line:
    """The line through the knots."""
    return Line(call("/value"), tuple((Fraction(knot.at), knot.worth.of(points)) for knot in fields.knots))


def branches(_fields: Interpolate, shape: Line) -> Iterator[Branch]:
    """The level ends, and each segment."""
    count = len(shape.knots)
    yield Branch("first", Text("到第一个节点为止", "up to the first knot"), "/knots/0")
    for index in range(1, count):
        label = Text(f"第 {index} 与第 {index + 1} 个节点之间", f"between knots {index} and {index + 1}")
        yield Branch(f"segment {index}", label, f"/knots/{index}")
    yield Branch("last", Text("从最后一个节点起", "from the last knot on"), f"/knots/{count - 1}")


def taken(_fields: Interpolate, shape: Line, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """Where the value lies."""
    at, knots = Fraction(number(read(shape.value))), shape.turns
    if at <= knots[0]:
        yield "first"
    elif at >= knots[-1]:
        yield "last"
    else:
        yield f"segment {sum(knot < at for knot in knots)}"


def ruled_out(_fields: Interpolate, shape: Line, key: str, bounds: Callable[[Call], Bounds]) -> Call | None:
    """A part of the line that no number within the bounds lies in."""
    (low, high), knots = bounds(shape.value), shape.turns
    if key == "first":
        reached = low is None or low <= knots[0]
    elif key == "last":
        reached = high is None or high >= knots[-1]
    else:
        index = int(key.removeprefix("segment "))
        reached = (low is None or low < knots[index]) and (high is None or high > knots[index - 1])
    return None if reached else shape.value


def mutations(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    knots = method["knots"]
    for index, knot in enumerate(knots):
        at = f"/knots/{index}"
        yield from moved(f"{at}/at", knot["at"], step_at(Decimal(knot["at"])), "节点", "a knot")
        yield worth_change(knot, at, points, quantum, "节点得分", "the worth at a knot")
        if 0 < index < len(knots) - 1:
            yield value_change(at, knot["at"], GONE, "少一个节点", "a knot is missing")


def criterion(fields: Interpolate, speaker: Speaker) -> Text:
    """The criterion in words."""
    unit = speaker.unit(fields.value)
    return fill(
        "{value}：{knots}，其间线性插值",
        "{value}: {knots}, linear between",
        value=speaker.expression(fields.value),
        knots=pairs((speaker.number(knot.at, unit), speaker.worth(knot.worth)) for knot in fields.knots),
    )


def explain(view: View, _fields: Interpolate, shape: Line, share: Fraction) -> Told:
    """The value, and the share that it is worth."""
    said = view.said(shape.value, number(view.read(shape.value)))
    reason = Text(
        f"{said.zh}，按线性插值得分值的 {percent(share)}",
        f"{said.say('en')}: {percent(share)} of the points by interpolation",
    )
    return Told(sentence(view, reason, share), lost_for(share, reason))


INTERPOLATE = Method(
    "interpolate", Interpolate, value_site, shape, branches, taken, criterion, explain,
    problems=problems, ruled_out=ruled_out, mutations=mutations,
)  # fmt: skip

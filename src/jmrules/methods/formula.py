"""``formula``, 公式: a FEEL number of points, within 0 and the leaf's points."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import Branch, Fields, Method, Site, Told
from jmrules.methods.shapes import Line
from jmrules.methods.shares import number
from jmrules.methods.wording import fill, lost_for, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Bounds, Speaker, View
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Formula(Fields):
    """公式: a FEEL number of points."""

    points: str


def sites(fields: Formula) -> tuple[Site, ...]:
    """The points."""
    return (Site("points", fields.points, "number"),)


def shape(_fields: Formula, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Line:
    """A line from no points to all."""
    return Line(call("/points"), ((Fraction(0), Fraction(0)), (points, Fraction(1))))


def branches(_fields: Formula, _shape: Line) -> Iterator[Branch]:
    """Below 0, within the points, above them."""
    yield Branch("below", Text("公式得数为负", "the formula yields less than 0"))
    yield Branch("inside", Text("公式得数在 0 与分值之间", "the formula yields a number within the points"))
    yield Branch("above", Text("公式得数超过分值", "the formula yields more than the points"))


def taken(_fields: Formula, shape: Line, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """Where the points lie."""
    found = Fraction(number(read(shape.value)))
    yield "below" if found < 0 else "above" if found > shape.turns[-1] else "inside"


def ruled_out(_fields: Formula, shape: Line, key: str, bounds: Callable[[Call], Bounds]) -> Call | None:
    """A side that the formula does not come to."""
    low, high = bounds(shape.value)
    if key == "below" and low is not None and low >= 0:
        return shape.value
    if key == "above" and high is not None and high <= shape.turns[-1]:
        return shape.value
    return None


def criterion(fields: Formula, speaker: Speaker) -> Text:
    """The criterion in words."""
    return fill("得分 = {points}", "points = {points}", points=speaker.expression(fields.points))


_BOUNDED = {
    "above": Text("，以分值为限", ", limited to the points"),
    "below": Text("，不低于 0", ", not below 0"),
    "inside": Text("", ""),
}


def explain(view: View, fields: Formula, shape: Line, share: Fraction) -> Told:
    """The formula, and which end it is held to."""
    value = number(view.read(shape.value))
    said = view.said(shape.value, value)
    (key,) = taken(fields, shape, lambda _: value, share)
    reason = fill("{said}{bounded}", "{said}{bounded}", said=said, bounded=_BOUNDED[key])
    return Told(sentence(view, reason, share), lost_for(share, reason))


FORMULA = Method("formula", Formula, sites, shape, branches, taken, criterion, explain, ruled_out=ruled_out)

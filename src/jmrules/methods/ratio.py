"""``ratio``, 按比例计分: linear from where nothing is earned to where all is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import Branch, Fields, Method, Told, problem, value_site
from jmrules.methods.changes import HUNDREDTH, moved, step_at
from jmrules.methods.shapes import Line
from jmrules.methods.shares import number
from jmrules.methods.wording import constant, distinct, fill, lost_for, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Bounds, Checking, Found, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Ratio(Fields):
    """按比例计分: linear from ``zero_at`` to ``full_at``, bounded."""

    value: str
    full_at: Decimal = Decimal(1)
    zero_at: Decimal = Decimal(0)


def problems(fields: Ratio, _checking: Checking) -> Iterator[Found]:
    """Two bounds that are one."""
    if fields.full_at == fields.zero_at:
        yield "", problem("flat-ratio", "full_at 与 zero_at 相同", "full_at and zero_at are the same number")


def shape(fields: Ratio, _points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Line:
    """A line between the two bounds."""
    ends = (Fraction(fields.zero_at), Fraction(0)), (Fraction(fields.full_at), Fraction(1))
    return Line(call("/value"), tuple(sorted(ends)))


def branches(_fields: Ratio, _shape: Line) -> Iterator[Branch]:
    """Nothing, a part, all."""
    yield Branch("zero", Text("比例到零分的界限", "the ratio earns nothing"))
    yield Branch("between", Text("比例在两个界限之间", "the ratio earns a part"))
    yield Branch("full", Text("比例到满分的界限", "the ratio earns all"))


def taken(_fields: Ratio, _shape: Line, _read: Callable[[Call], Any], share: Fraction) -> Iterator[str]:
    """As the share says."""
    yield "full" if share == 1 else "between" if share else "zero"


def ruled_out(_fields: Ratio, shape: Line, key: str, bounds: Callable[[Call], Bounds]) -> Call | None:
    """An end that the value does not reach."""
    low, high = bounds(shape.value)
    if low is None or high is None:
        return None
    shares = shape.share(low), shape.share(high)
    missed = (key == "full" and max(shares) < 1) or (key == "zero" and min(shares) > 0)
    return shape.value if missed else None


def mutations(method: dict[str, Any], _points: Decimal, _quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    full, zero = method.get("full_at", 1), method.get("zero_at", 0)
    step = HUNDREDTH if abs(full - zero) <= 1 else max(step_at(Decimal(full)), HUNDREDTH)
    yield from moved("/full_at", full, step, "满分界限", "where it earns all")
    yield from moved("/zero_at", zero, step, "零分界限", "where it earns nothing")


def criterion(fields: Ratio, speaker: Speaker) -> Text:
    """The criterion in words."""
    unit = speaker.unit(fields.value)
    return fill(
        "{value}：{full} 得满分，{none} 不得分，其间按比例",
        "{value}: full at {full}, none at {none}, in proportion between",
        value=speaker.expression(fields.value),
        full=speaker.number(fields.full_at, unit),
        none=speaker.number(fields.zero_at, unit),
    )


def explain(view: View, fields: Ratio, shape: Line, share: Fraction) -> Told:
    """The value, and on which side of what would earn all."""
    value = number(view.read(shape.value))
    text = distinct(view, shape.value, value, shape.turns)
    said, named = view.said(shape.value, value, text), view.named_value(shape.value, value, text)
    rises = fields.full_at > fields.zero_at
    goal_zh, goal_en = constant(Fraction(fields.full_at), view.unit(shape.value))
    reason = Text(
        f"{named.zh}，{'未达到' if rises else '超过'} {goal_zh}",
        f"{named.say('en')}, {'short of' if rises else 'above'} {goal_en}",
    )
    return Told(sentence(view, said, share), lost_for(share, reason))


RATIO = Method(
    "ratio", Ratio, value_site, shape, branches, taken, criterion, explain,
    problems=problems, ruled_out=ruled_out, mutations=mutations,
)  # fmt: skip

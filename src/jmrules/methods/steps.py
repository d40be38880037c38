"""``steps``, 每超过一步扣分，扣完为止: points lost per step beyond a bound."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import Branch, Fields, Method, Told, value_site
from jmrules.methods.changes import moved, step_at, value_change
from jmrules.methods.shapes import Grid, Line
from jmrules.methods.shares import number
from jmrules.methods.wording import constant, distinct, fill, lost_for, points, sentence
from jmrules.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Bounds, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Steps(Fields):
    """每超过一步扣分，扣完为止: points lost per step beyond a bound."""

    value: str
    bound: Decimal
    direction: Literal["above", "below"]
    step: Decimal
    loss: Decimal
    partial: Literal["ignore", "full", "proportional"]

    @property
    def sign(self) -> int:
        """1 where beyond is above the bound, -1 below."""
        return 1 if self.direction == "above" else -1

    def beyond(self, shape: Line, value: Any) -> Fraction:
        """How many steps the value lies beyond the bound, parts of a step counted as the ruleset says."""
        if shape.grid is not None:
            return Fraction(shape.grid.steps(value))
        return max(Fraction(0), (Fraction(value) - Fraction(self.bound)) * self.sign) / Fraction(self.step)


def shape(fields: Steps, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Line:
    """A line from the bound to where nothing is left, of whole steps where parts do not count in proportion."""
    bound, step, loss, sign = Fraction(fields.bound), Fraction(fields.step), Fraction(fields.loss), fields.sign
    knots = (bound, Fraction(1)), (bound + sign * step * points / loss, Fraction(0))
    grid = None if fields.partial == "proportional" else Grid(bound, step, sign, up=fields.partial == "full")
    return Line(call("/value"), tuple(sorted(knots)), grid)


def branches(_fields: Steps, _shape: Line) -> Iterator[Branch]:
    """Within, beyond, too far beyond."""
    yield Branch("within", Text("未超出界限", "within the bound"))
    yield Branch("beyond", Text("超出界限而未扣完", "beyond the bound, with points left"))
    yield Branch("nothing left", Text("扣完为止", "so far beyond the bound that nothing is left"))


def taken(fields: Steps, shape: Line, read: Callable[[Call], Any], share: Fraction) -> Iterator[str]:
    """Whether a step counts, and whether something is left."""
    beyond = fields.beyond(shape, number(read(shape.value)))
    yield "within" if not beyond else "beyond" if share else "nothing left"


def ruled_out(fields: Steps, shape: Line, key: str, bounds: Callable[[Call], Bounds]) -> Call | None:
    """As many steps beyond as the value never goes."""
    low, high = bounds(shape.value)
    worst = high if fields.sign > 0 else low
    if worst is None:
        return None
    never = (key == "beyond" and not fields.beyond(shape, worst)) or (key == "nothing left" and shape.share(worst) > 0)
    return shape.value if never else None


def mutations(method: dict[str, Any], _points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    yield from moved("/bound", method["bound"], step_at(Decimal(method["bound"])), "界限", "the bound")
    step = method["step"]
    yield from moved("/step", step, step_at(Decimal(step)), "每一步的大小", "the step", low=Decimal(0))
    yield value_change("/loss", method["loss"], method["loss"] + quantum, "每一步的扣分", "the loss per step")
    for other in ("ignore", "full", "proportional"):
        if other != method["partial"]:
            yield value_change("/partial", method["partial"], other, "不足一步的部分", "what a part of a step costs")
    other = "below" if method["direction"] == "above" else "above"
    yield value_change("/direction", method["direction"], other, "方向", "the direction")


_SIDES = {"above": Text("高于", "above"), "below": Text("低于", "below")}
_PARTIAL = {
    "ignore": Text("不足一步不扣", "a partial step costs nothing"),
    "full": Text("不足一步按一步扣", "a partial step costs a whole one"),
    "proportional": Text("不足一步按比例扣", "a partial step costs in proportion"),
}


def criterion(fields: Steps, speaker: Speaker) -> Text:
    """The criterion in words."""
    unit = speaker.unit(fields.value)
    return fill(
        "{value}{side} {bound} 的部分，每 {step} 扣 {loss}，{partial}，扣完为止",
        "{value}: {loss} lost per {step} {side} {bound}, {partial}, down to none",
        value=speaker.expression(fields.value),
        side=_SIDES[fields.direction],
        bound=speaker.number(fields.bound, unit),
        step=speaker.number(fields.step, unit),
        loss=points(fields.loss),
        partial=_PARTIAL[fields.partial],
    )


def explain(view: View, fields: Steps, shape: Line, share: Fraction) -> Told:
    """The value, how many steps beyond the bound, and what each costs."""
    value = number(view.read(shape.value))
    unit, beyond = view.unit(shape.value), fields.beyond(shape, value)
    text = distinct(view, shape.value, value, (Fraction(fields.bound),))
    said, named = view.said(shape.value, value, text), view.named_value(shape.value, value, text)
    above = fields.direction == "above"
    bound_zh, bound_en = constant(Fraction(fields.bound), unit)
    if not beyond:
        within = Text(
            f"{said.zh}，{'未超过' if above else '不低于'} {bound_zh}",
            f"{said.say('en')}, {'not above' if above else 'not below'} {bound_en}",
        )
        return Told(sentence(view, within, share), lost_for(share, within))
    loss = points(fields.loss)
    step_zh, step_en = constant(Fraction(fields.step), unit)
    count = quantity(beyond, None, None, "zh")
    over = abs(Fraction(value) - Fraction(fields.bound)) / Fraction(fields.step)
    part = fill("（{said}）", " ({said})", said=_PARTIAL[fields.partial]) if over.denominator != 1 else Text("", "")
    side = Text("超过", "above") if above else Text("低于", "below")
    each = step_en.removeprefix("1 ")
    space, times = " " if step_zh.isascii() else "", "once" if count == "1" else f"{count} times"
    reason = Text(
        f"{named.zh}，{side.zh} {bound_zh}，每 {step_zh}{space}扣 {loss.zh}，计 {count} 次{part.zh}",
        f"{named.say('en')}, {side.say('en')} {bound_en}: {loss.say('en')} per {each}, {times}{part.say('en')}",
    )
    return Told(sentence(view, reason, share), lost_for(share, reason))


STEPS = Method(
    "steps", Steps, value_site, shape, branches, taken, criterion, explain, ruled_out=ruled_out, mutations=mutations
)

"""Criteria as readers say them: a method in words, in Chinese and English, before there are any facts."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.feel import CONTEXT, parse, parse_unary_tests
from jmrules.feel.tree import Name
from jmrules.feel.words import Words, said_test
from jmrules.quantities import points_text, quantity
from jmrules.ruleset.check_methods import share_of
from jmrules.ruleset.methods import (
    Bands,
    Checklist,
    Completion,
    Deductions,
    Formula,
    Interpolate,
    Levels,
    Ratio,
    Steps,
    Worth,
)
from jmrules.trace.account import item_meanings, meanings
from jmrules.trace.view import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.ruleset.model import Leaf, Ruleset


@frozen(eq=False)
class Speaker:
    """Says what the parts of one leaf's method mean."""

    ruleset: Ruleset
    points: Decimal

    def expression(self, text: str) -> Text:
        """An expression with labels for names."""
        known = meanings(self.ruleset)
        words = Words(known, _no_value, _no_value, item_meanings(self.ruleset), local=frozenset(known))
        return words.both(parse(text), text)

    def unit(self, text: str) -> str | None:
        """The unit of an expression that is a single name."""
        tree = parse(text)
        meaning = meanings(self.ruleset).get(tree.name) if isinstance(tree, Name) else None
        return meaning.unit if meaning else None

    def number(self, value: Decimal, unit: str | None) -> Text:
        """A constant in a unit."""
        return Text(quantity(value, unit, None, "zh"), quantity(value, unit, None, "en"))

    def worth(self, worth: Worth) -> Text:
        """What a worth is in points."""
        return points(share_of(worth, self.points) * Fraction(self.points))

    def tests(self, tests: str, unit: str | None) -> Text:
        """Constant tests, such as ≤ 10%."""
        parsed = parse_unary_tests(tests)
        if parsed.negated or not parsed.tests:
            return Text(tests, tests)
        return Text(
            " 或 ".join(said_test(test, unit, "zh") for test in parsed.tests),
            " or ".join(said_test(test, unit, "en") for test in parsed.tests),
        )


def _no_value(*_: object) -> None:
    """There are no facts yet, so nothing has a value."""


def points(amount: Fraction | Decimal) -> Text:
    """An amount of points."""
    return Text(points_text(amount, "zh"), points_text(amount, "en"))


def criterion(ruleset: Ruleset, leaf: Leaf) -> Text:
    """How ``leaf`` is scored, in words."""
    with localcontext(CONTEXT):
        return _said(leaf.method, Speaker(ruleset, leaf.points))


def in_words(ruleset: Ruleset, expression: str) -> Text:
    """An expression of ``ruleset`` with labels for names."""
    with localcontext(CONTEXT):
        return Speaker(ruleset, Decimal(0)).expression(expression)


def _fill(zh: str, en: str, **parts: Text | str) -> Text:
    def said(language: Any) -> dict[str, str]:
        return {name: part if isinstance(part, str) else part.say(language) for name, part in parts.items()}

    return Text(zh.format(**said("zh")), en.format(**said("en")))


def _pairs(pairs: Iterable[tuple[Text, Text]]) -> Text:
    return joined([_fill("{of}得 {worth}", "{of}: {worth}", of=of, worth=worth) for of, worth in pairs])


@singledispatch
def _said(method: Any, speaker: Speaker) -> Text:
    raise TypeError(type(method).__name__)


@_said.register
def _(method: Ratio, speaker: Speaker) -> Text:
    value, unit = speaker.expression(method.value), speaker.unit(method.value)
    full, none = speaker.number(method.full_at, unit), speaker.number(method.zero_at, unit)
    return _fill(
        "{value}：{full} 得满分，{none} 不得分，其间按比例",
        "{value}: full at {full}, none at {none}, in proportion between",
        value=value,
        full=full,
        none=none,
    )


@_said.register
def _(method: Bands, speaker: Speaker) -> Text:
    unit = speaker.unit(method.value)
    pairs = [(speaker.tests(band.tests, unit), speaker.worth(band.worth)) for band in method.bands]
    said = joined([_fill("{of} 得 {worth}", "{of}: {worth}", of=of, worth=worth) for of, worth in pairs])
    if method.otherwise is not None:
        said = _fill(
            "{said}；其他得 {worth}", "{said}; else {worth}", said=said, worth=speaker.worth(method.otherwise.worth)
        )
    return _fill("{value}：{said}", "{value}: {said}", value=speaker.expression(method.value), said=said)


@_said.register
def _(method: Steps, speaker: Speaker) -> Text:
    unit = speaker.unit(method.value)
    side = Text(*{"above": ("高于", "above"), "below": ("低于", "below")}[method.direction])
    partial = Text(
        *{
            "ignore": ("不足一步不扣", "a partial step costs nothing"),
            "full": ("不足一步按一步扣", "a partial step costs a whole one"),
            "proportional": ("不足一步按比例扣", "a partial step costs in proportion"),
        }[method.partial]
    )
    return _fill(
        "{value}{side} {bound} 的部分，每 {step} 扣 {loss}，{partial}，扣完为止",
        "{value}: {loss} lost per {step} {side} {bound}, {partial}, down to none",
        value=speaker.expression(method.value),
        side=side,
        bound=speaker.number(method.bound, unit),
        step=speaker.number(method.step, unit),
        loss=points(method.loss),
        partial=partial,
    )


@_said.register
def _(method: Deductions, speaker: Speaker) -> Text:
    def said(item: Any) -> Text:
        loss = Text("全部", "all") if item.loss == "all" else points(item.loss)
        line = _fill("{label}每处扣 {loss}", "{label}: {loss} each", label=item.label, loss=loss)
        if item.at_most is None:
            return line
        return _fill("{line}，至多 {most}", "{line}, at most {most}", line=line, most=points(item.at_most))

    return _fill("{items}，扣完为止", "{items}, down to none", items=joined([said(item) for item in method.items]))


@_said.register
def _(method: Checklist, speaker: Speaker) -> Text:
    def said(item: Any) -> Text:
        when = speaker.expression(item.when)
        return _fill(
            "{label}（{when}）得 {worth}",
            "{label} ({when}): {worth}",
            label=item.label,
            when=when,
            worth=speaker.worth(item.worth),
        )

    return joined([said(item) for item in method.items])


@_said.register
def _(method: Levels, speaker: Speaker) -> Text:
    def worth(level: Any) -> Text:
        if level.range is None:
            return points(Fraction(level.share or 0) * Fraction(speaker.points))
        low, high = (points(Fraction(share) * Fraction(speaker.points)) for share in level.range)
        return _fill("{low}至 {high}", "{low} to {high}", low=low, high=high)

    return _fill(
        "{level}：{levels}",
        "{level}: {levels}",
        level=speaker.expression(method.level),
        levels=_pairs((level.label, worth(level)) for level in method.levels),
    )


@_said.register
def _(method: Interpolate, speaker: Speaker) -> Text:
    unit = speaker.unit(method.value)
    return _fill(
        "{value}：{knots}，其间线性插值",
        "{value}: {knots}, linear between",
        value=speaker.expression(method.value),
        knots=_pairs((speaker.number(knot.at, unit), speaker.worth(knot.worth)) for knot in method.knots),
    )


@_said.register
def _(method: Formula, speaker: Speaker) -> Text:
    return _fill("得分 = {points}", "points = {points}", points=speaker.expression(method.points))


@_said.register
def _(method: Completion, speaker: Speaker) -> Text:
    said = _fill("{items}完成率的平均", "mean completion of {items}", items=speaker.expression(method.items))
    if method.points is not None:
        said = _fill(
            "{items}按各自分值的完成率",
            "completion of {items}, each with its own points",
            items=speaker.expression(method.items),
        )
    elif method.weight is not None:
        said = _fill("{said}（加权）", "weighted {said}", said=said)
    if method.over_achievement is not None:
        tolerance = speaker.number(method.over_achievement.tolerance, "ratio")
        said = _fill(
            "{said}；目标值偏低而超额的，按偏离度超过 {tolerance} 的部分扣减",
            "{said}; over-achievement of a low target is reduced by its deviation beyond {tolerance}",
            said=said,
            tolerance=tolerance,
        )
    if method.item_rounding is not None:
        places = str(method.item_rounding)
        said = _fill(
            "{said}；各项得分取 {places} 位小数", "{said}; each item to {places} decimals", said=said, places=places
        )
    return said

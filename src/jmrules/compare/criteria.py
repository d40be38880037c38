"""Criteria as readers say them: a method in words, in Chinese and English, before there are any facts."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Text
from jmrules.feel import CONTEXT, Vocabulary, Words, parse, said_tests
from jmrules.methods import method_of
from jmrules.methods.wording import points
from jmrules.quantities import quantity
from jmrules.trace import item_meanings, meanings

if TYPE_CHECKING:
    from jmrules.methods import Worth
    from jmrules.ruleset import Leaf, Ruleset


@frozen(eq=False)
class Speaker:
    """Says what the parts of one leaf's method mean."""

    ruleset: Ruleset
    points: Decimal

    def expression(self, text: str) -> Text:
        """An expression with labels for names."""
        known = meanings(self.ruleset)
        words = Words(Vocabulary(known, item_meanings(self.ruleset), frozenset(known)), _no_value, _no_value)
        return words.both(parse(text), text)

    def unit(self, text: str) -> str | None:
        """The unit of an expression, as far as the names in it tell."""
        return Vocabulary(meanings(self.ruleset), item_meanings(self.ruleset)).unit_of(parse(text))

    def number(self, value: Decimal, unit: str | None) -> Text:
        """A constant in a unit."""
        return Text(quantity(value, unit, None, "zh"), quantity(value, unit, None, "en"))

    def worth(self, worth: Worth) -> Text:
        """What a worth is in points."""
        return points(worth.of(self.points) * Fraction(self.points))

    def tests(self, tests: str, unit: str | None) -> Text:
        """Constant tests, such as ≤ 10%."""
        return said_tests(tests, unit)

    def part(self, points: Decimal) -> Speaker:
        """The same of a part that has so many points."""
        return Speaker(self.ruleset, points)


def _no_value(*_: object) -> None:
    """There are no facts yet, so nothing has a value."""


def criterion(ruleset: Ruleset, leaf: Leaf) -> Text:
    """How ``leaf`` is scored, in words."""
    with localcontext(CONTEXT):
        return method_of(leaf.method).criterion(leaf.method, Speaker(ruleset, leaf.points))


def tests_in_words(ruleset: Ruleset, tests: str) -> Text:
    """Constant tests on a number of points."""
    with localcontext(CONTEXT):
        return Speaker(ruleset, Decimal(0)).tests(tests, "point")


def in_words(ruleset: Ruleset, expression: str) -> Text:
    """An expression of ``ruleset`` with labels for names."""
    with localcontext(CONTEXT):
        return Speaker(ruleset, Decimal(0)).expression(expression)

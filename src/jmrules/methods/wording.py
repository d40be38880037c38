"""Sentences that methods have in common."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.errors import Text
from jmrules.methods.base import Lost
from jmrules.quantities import points_text, quantity_apart, quantity_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from jmrules.feel import Number
    from jmrules.methods.base import View
    from jmrules.methods.shapes import Call


def joined(texts: Sequence[Text], zh: str = "；", en: str = "; ") -> Text:
    """Texts one after the other."""
    return Text(zh.join(text.zh for text in texts), en.join(text.say("en") for text in texts))


def points(amount: Fraction | Decimal) -> Text:
    """An amount of points."""
    return Text(points_text(amount, "zh"), points_text(amount, "en"))


def fill(zh: str, en: str, **parts: Text | str) -> Text:
    """A sentence in both languages, with each part in its language."""

    def said(language: Any) -> dict[str, str]:
        return {name: part if isinstance(part, str) else part.say(language) for name, part in parts.items()}

    return Text(zh.format(**said("zh")), en.format(**said("en")))


def pairs(found: Iterable[tuple[Text, Text]]) -> Text:
    """What earns what."""
    return joined([fill("{of}得 {worth}", "{of}: {worth}", of=of, worth=worth) for of, worth in found])


def sentence(view: View, said: Text, share: Fraction) -> Text:
    """What was found, and what it earns."""
    ending = view.ending(share)
    return Text(f"{said.zh}，{ending.zh}", f"{said.say('en')}: {ending.say('en')}")


def lost_for(share: Fraction, reason: Text) -> tuple[Lost, ...]:
    """All that the share leaves unearned, for one reason."""
    return (Lost(1 - share, reason),) if share < 1 else ()


def constant(value: Fraction, unit: str | None) -> tuple[str, str]:
    """A constant of the ruleset in the unit of what it is compared with, in both languages."""
    said = quantity_in_words(value, unit, None)
    return said.zh, said.say("en")


def distinct(view: View, call: Call, value: Number, edges: Sequence[Fraction]) -> Text:
    """The value with as many decimals as it takes not to look like an edge that it is not on."""
    exact, meaning = Fraction(value), view.meaning(call)
    near = min(edges, key=lambda edge: abs(edge - exact), default=exact)
    return quantity_apart(value, view.unit(call), meaning.decimals if meaning else None, near)

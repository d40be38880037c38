"""Numbers as readers expect them: thousands separated, ratios as percentages, units after them."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.errors import Text
from jmrules.units import unit_of

if TYPE_CHECKING:
    from jmrules.errors import Language

#: decimals shown of a number that does not say how many it has
SHOWN = 4
#: exact quotients may be larger than any FEEL number
_SHOWN = Context(prec=34, Emax=MAX_EMAX, Emin=MIN_EMIN)
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(33))
#: largest exponent of a number shown in plain digits
FAR = 24


def points_text(points: Decimal | Fraction, language: Language) -> str:
    """Points with their word, at most two decimals more than none: 2 分, 1.5 分, 8.13 分."""
    return points_in_words(points).say(language)


def points_in_words(points: Decimal | Fraction) -> Text:
    """Points with their word, in both languages."""
    number = trimmed(_decimal(points), 2)
    return Text(f"{number} 分", f"{number} point{'' if number == '1' else 's'}")


def quantity(value: Decimal | Fraction, unit: str | None, decimals: int | None, language: Language) -> str:
    """A number in its unit: 21,573.15 万元, 0.02%, 3 个."""
    return quantity_in_words(value, unit, decimals).say(language)


def quantity_in_words(value: Decimal | Fraction, unit: str | None, decimals: int | None) -> Text:
    """A number in its unit, in both languages."""
    number = _decimal(value)
    known = unit_of(unit) if unit else None
    if known is None:
        text = trimmed(number, SHOWN if decimals is None else max(decimals, 0), group=True)
        return Text(text, text)
    if known.percent:
        text = f"{trimmed(number * known.factor * 100, 2)}%"
        return Text(text, text)
    if known.kind != "money":
        text = trimmed(number, SHOWN if decimals is None else max(decimals, 0), group=True)
    elif decimals is None:
        own = _own_decimals(number)
        text = grouped(number, max(2, own) if own <= SHOWN else SHOWN)
    else:
        text = grouped(number, max(min(decimals, 2), min(_own_decimals(number), decimals)))
    zh, en = known.symbol.zh, known.symbol.say("en")
    return Text(f"{text} {zh}" if zh else text, f"{text} {en}" if en else text)


def percent(value: Decimal | Fraction, distinct_from: Decimal | None = None) -> str:
    """A ratio as a percentage with two decimals; more where fewer would show it as equal to ``distinct_from``."""
    number = _decimal(value) * 100
    places = 2
    if distinct_from is not None and value != distinct_from:
        other = distinct_from * 100
        while places < 30 and trimmed(number, places) == trimmed(other, places):
            places += 1
    return f"{trimmed(number, places)}%"


def trimmed(number: Decimal, decimals: int, *, group: bool = False) -> str:
    """The number with at most so many decimals, without trailing zeros."""
    text = grouped(number, decimals) if group else _plain(number, decimals, "f")
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def grouped(number: Decimal, decimals: int) -> str:
    """The number with exactly so many decimals and separated thousands."""
    return _plain(number, decimals, ",f")


def _plain(number: Decimal, decimals: int, form: str) -> str:
    """In plain digits; numbers that nobody reads digit by digit, with an exponent."""
    if number.adjusted() > FAR:
        return format(number, ".6E")
    places = min(decimals, 32 - max(number.adjusted(), 0))
    rounded = number.quantize(_QUANTA[places] if places >= 0 else Decimal(1).scaleb(-places), ROUND_HALF_UP)
    # No minus sign on a zero.
    return format(rounded or abs(rounded), form)


def _own_decimals(number: Decimal) -> int:
    if number.adjusted() > FAR:
        return 0
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _decimal(value: Decimal | Fraction) -> Decimal:
    if isinstance(value, Decimal):
        return value
    return _SHOWN.divide(Decimal(value.numerator), Decimal(value.denominator))

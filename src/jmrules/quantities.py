"""Numbers as readers expect them: thousands separated, ratios as percentages, units after them."""

from __future__ import annotations

import numbers
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.errors import Text
from jmrules.rounding import half_up
from jmrules.units import unit_of

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.units import Unit

#: decimals shown of a number that does not say how many it has
SHOWN = 4
#: exact quotients may be larger than any FEEL number
_SHOWN = Context(prec=34, Emax=MAX_EMAX, Emin=MIN_EMIN)
#: for a power of ten times any number there is, whatever arithmetic is in force
_ALL = Context(prec=100_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(33))
#: largest exponent of a number shown in plain digits
FAR = 24


def decimal_of(value: object) -> Decimal | None:
    """The number that a value of Python or NumPy stands for; None for what is no number, a boolean and a fraction among them.

    A float, of whatever class and width, means the shortest decimal that is read as it; it may be infinite or not a number.
    """
    if isinstance(value, Decimal):
        return value if type(value) is Decimal else Decimal(value)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    if isinstance(value, float):
        # A subclass may write itself in another way.
        return Decimal(float.__repr__(value))
    if isinstance(value, numbers.Integral):
        return Decimal(int(value))
    return None if isinstance(value, numbers.Rational) else Decimal(str(value))


def points_text(points: Decimal | Fraction, language: Language) -> str:
    """Points with their word, at most two decimals more than none: 2 分, 1.5 分, 8.13 分."""
    return points_in_words(points).say(language)


def points_in_words(points: Decimal | Fraction, decimals: int = 2) -> Text:
    """Points with their word, in both languages."""
    number = trimmed(points, decimals)
    return Text(f"{number} 分", f"{number} point{'' if number == '1' else 's'}")


def quantity(value: Decimal | Fraction, unit: str | None, decimals: int | None, language: Language) -> str:
    """A number in its unit: 21,573.15 万元, 0.02%, 3 个."""
    return quantity_in_words(value, unit, decimals).say(language)


def quantity_in_words(value: Decimal | Fraction, unit: str | None, decimals: int | None) -> Text:
    """A number in its unit, in both languages."""
    known = unit_of(unit) if unit else None
    if known is None:
        text = _signed(trimmed(value, SHOWN if decimals is None else max(decimals, 0), group=True))
        return Text(text, text)
    if known.percent:
        text = f"{_signed(_percentage(_times(value, known.factor * 100)))}%"
        return Text(text, text)
    if known.kind != "money":
        text = trimmed(value, SHOWN if decimals is None else max(decimals, 0), group=True)
    elif decimals is None:
        own = _own_decimals(value)
        text = grouped(value, max(2, own) if own <= SHOWN else SHOWN)
    else:
        text = grouped(value, max(min(decimals, 2), min(_own_decimals(value), decimals)))
    return _in_unit(_signed(text), known)


def _in_unit(text: str, unit: Unit) -> Text:
    """A number with the sign of its unit, which in English is one of one."""
    zh, en = unit.symbol.zh, unit.one if text == "1" else unit.symbol.say("en")
    return Text(f"{text} {zh}" if zh else text, f"{text} {en}" if en else text)


def _signed(text: str) -> str:
    """A number with the minus sign of print, as all that is lost is shown with."""
    return text.replace("-", "−")


def _percentage(number: Decimal | Fraction) -> str:
    """A number of percent with two decimals; with more where it would look like a whole one that it is not."""
    text = trimmed(number, 2)
    if "." in text or "E" in text:
        return text
    whole = Decimal(text)
    return text if number == whole else _apart(number, whole, 2)


def quantity_apart(
    value: Decimal | Fraction, unit: str | None, decimals: int | None, other: Decimal | Fraction
) -> Text:
    """As :func:`quantity_in_words`, with as many decimals as it takes not to look like ``other``, where it is not that."""
    text = quantity_in_words(value, unit, decimals)
    if value == other or text != quantity_in_words(other, unit, decimals):
        return text
    known = unit_of(unit) if unit else None
    if known is not None and known.percent:
        factor = known.factor * 100
        said = f"{_signed(_apart(_times(value, factor), _times(other, factor), 2))}%"
        return Text(said, said)
    said = _signed(_apart(value, other, SHOWN if decimals is None else max(decimals, 0), group=True))
    return Text(said, said) if known is None else _in_unit(said, known)


def percent(value: Decimal | Fraction) -> str:
    """A ratio as a percentage with two decimals."""
    return f"{trimmed(_times(value, Decimal(100)), 2)}%"


_NUMERALS = "零一二三四五六七八九"


def place_among(index: int, count: int) -> Text:
    """Which of so many steps, the first being 0: 三档中的第二档."""
    return Text(f"{_numeral(count)}档中的第{_numeral(index + 1)}档", f"step {index + 1} of {count}")


def _numeral(number: int) -> str:
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return f"{_NUMERALS[tens] if tens > 1 else ''}十{_NUMERALS[ones] if ones else ''}"


def points_apart(exact: Fraction, award: Decimal | Fraction, decimals: int) -> str:
    """Points before rounding, with as many decimals as it takes to see that they are not the award."""
    return _apart(exact, award, decimals)


def _apart(number: Decimal | Fraction, other: Decimal | Fraction, places: int, *, group: bool = False) -> str:
    while places < 30 and trimmed(number, places) == trimmed(other, places):
        places += 1
    return trimmed(number, places, group=group)


def trimmed(number: Decimal | Fraction, decimals: int, *, group: bool = False) -> str:
    """The number with at most so many decimals, without trailing zeros."""
    text = grouped(number, decimals) if group else _plain(number, decimals, "f")
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def grouped(number: Decimal | Fraction, decimals: int) -> str:
    """The number with exactly so many decimals and separated thousands."""
    return _plain(number, decimals, ",f")


def _plain(number: Decimal | Fraction, decimals: int, form: str) -> str:
    """In plain digits, the last one rounded half up; numbers that nobody reads digit by digit, with an exponent."""
    short = number if isinstance(number, Decimal) else _short(number)
    if short.adjusted() > FAR:
        return format(short, ".6E")
    places = min(decimals, 32 - max(short.adjusted(), 0))
    if isinstance(number, Decimal):
        rounded = number.quantize(_QUANTA[places], ROUND_HALF_UP, _SHOWN)
    else:
        whole = half_up(abs(number.numerator) * 10**places, number.denominator)
        rounded = Decimal(-whole if number < 0 else whole).scaleb(-places, _SHOWN)
    # No minus sign on a zero.
    return format(rounded or rounded.copy_abs(), form)


def _own_decimals(number: Decimal | Fraction) -> int:
    if not isinstance(number, Decimal):
        # As many as its short form has, unless that is not the number.
        short = _short(number)
        return _own_decimals(short) if short == number else FAR
    if number.adjusted() > FAR:
        return 0
    exponent = number.normalize(_SHOWN).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _times(value: Decimal | Fraction, factor: Decimal) -> Decimal | Fraction:
    return _ALL.multiply(value, factor) if isinstance(value, Decimal) else Fraction(value) * Fraction(factor)


def _short(value: Fraction) -> Decimal:
    return _SHOWN.divide(Decimal(value.numerator), Decimal(value.denominator))


def from_to(low: Text, high: Text) -> Text:
    """Two quantities in words as the ends of a span: 95% 至 100%, 0 至 3 个."""
    number, _, unit = low.zh.rpartition(" ")
    same = bool(number) and high.zh.endswith(f" {unit}")
    zh = f"{number} 至 {high.zh}" if same else f"{low.zh} 至 {high.zh}"
    return Text(zh, f"{low.say('en')} to {high.say('en')}")

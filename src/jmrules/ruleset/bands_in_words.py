"""Bands as a criterion writes them: 95%（含）以上计6分；85%（含）-95%，计4分；低于85%不得分. All of it is understood, or nothing is."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from attrs import frozen

_N = r"([0-9]+(?:\.[0-9]+)?)(%?)"
_IN = r"(\(含\)|含)?"
_EARNS = re.compile(
    r"[,]?(?:的)?[,]?(?:(?:计|得|给)(?P<points>[0-9]+(?:\.[0-9]+)?)分|(?P<none>不得分|不计分)|(?P<all>(?:计|得)满分))$"
)
_OTHERS = re.compile(r"(?:其余|其他|其它)(?:情况|情形)?")
_NAME = r"(?:[^0-9<>≤≥=%\[\](,]*?)"
_FORMS = tuple(
    (re.compile(f"{_NAME}{pattern}"), low, high)
    for pattern, low, high in (
        # what each bound is: True includes it, False leaves it out, None: there is none; "?" as (含) beside it says
        (rf"(?:≥|≧|>=|达到|不低于|不少于|大于等于|大于或等于){_N}(?:及?以上)?", True, None),
        (rf"{_N}(?:\(含\)|含|及|\(含{_N}\))以上", True, None),
        (rf"(?:>|大于|高于|超过){_N}", False, None),
        (rf"(?:≤|≦|<=|不超过|不高于|不大于|小于等于|小于或等于){_N}(?:及?以下)?", None, True),
        (rf"{_N}(?:\(含\)|含|及)以下", None, True),
        (rf"(?:<|低于|小于|不足|不到){_N}", None, False),
    )
)
_EQUAL = re.compile(rf"{_NAME}(?:=|等于){_N}")
_RANGE = re.compile(rf"{_NAME}{_N}{_IN}(?:[-—–~～至到]){_N}{_IN}(?:之间)?")
_BRACKETS = re.compile(rf"{_NAME}([\[(]){_N}[,-]{_N}([\])])")


@frozen
class Band:
    """A stretch of numbers and what it earns."""

    low: Decimal | None
    high: Decimal | None
    #: whether each bound belongs to it
    with_low: bool
    with_high: bool
    points: Decimal

    def test(self) -> str:
        """It in FEEL."""
        if self.low is not None and self.low == self.high:
            return _plain(self.low)
        if self.low is None:
            return f"{'<=' if self.with_high else '<'} {_plain(self.high)}"
        if self.high is None:
            return f"{'>=' if self.with_low else '>'} {_plain(self.low)}"
        return f"{'[' if self.with_low else '('}{_plain(self.low)}..{_plain(self.high)}{']' if self.with_high else ')'}"


def bands_in(text: str, points: Decimal) -> tuple[list[Band], Decimal | None] | None:
    """The bands of percentages that a text writes, and what all else earns; None where it says anything else, leaves a gap, or overlaps."""
    if "%" not in text:
        return None
    found: list[Band] = []
    otherwise: Decimal | None = None
    for part in filter(None, (each.strip(" ,") for each in re.split(r"[;。\n]", text))):
        earns = _EARNS.search(part)
        if earns is None or otherwise is not None:
            return None
        worth = Decimal(0) if earns["none"] else points if earns["all"] else Decimal(earns["points"])
        condition = part[: earns.start()]
        if _OTHERS.fullmatch(condition):
            otherwise = worth
            continue
        band = _band(condition, worth)
        if band is None:
            return None
        found.append(band)
    whole = sorted(found, key=lambda each: (each.low is not None, each.low or Decimal(0), not each.with_low))
    if len(whole) < 2 or max(each.points for each in whole) != points or min(each.points for each in whole) < 0:
        return None
    return (found, otherwise) if _fit(whole, gaps=otherwise is not None) else None


def _band(condition: str, points: Decimal) -> Band | None:
    if (equal := _EQUAL.fullmatch(condition)) is not None:
        at = _share(equal[1], equal[2])
        return None if at is None else Band(at, at, with_low=True, with_high=True, points=points)
    if (closed := _BRACKETS.fullmatch(condition)) is not None:
        low, high = _share(closed[2], closed[3] or closed[5]), _share(closed[4], closed[5])
        return _between(low, high, closed[1] == "[", closed[6] == "]", points)
    if (between := _RANGE.fullmatch(condition)) is not None:
        low, high = _share(between[1], between[2] or between[5]), _share(between[4], between[5])
        # where neither end says that it belongs, it is not known which does
        return (
            None if not (between[3] or between[6]) else _between(low, high, bool(between[3]), bool(between[6]), points)
        )
    for form, with_low, with_high in _FORMS:
        if (one := form.fullmatch(condition)) is not None:
            at = _share(one[1], one[2])
            if at is None:
                return None
            if with_low is None:
                return Band(None, at, with_low=False, with_high=bool(with_high), points=points)
            return Band(at, None, with_low=with_low, with_high=False, points=points)
    return None


def _between(
    low: Decimal | None, high: Decimal | None, with_low: bool, with_high: bool, points: Decimal
) -> Band | None:
    return None if low is None or high is None or low >= high else Band(low, high, with_low, with_high, points)


def _share(number: str, percent: str) -> Decimal | None:
    """The number as a ratio; None where it is not said to be a percentage (0 is 0 in any case)."""
    value = Decimal(number)
    return value / 100 if percent else value if value == 0 else None


def _fit(bands: list[Band], *, gaps: bool) -> bool:
    """Whether bands from low to high overlap nowhere and, unless there may be gaps, leave nothing out."""
    for one, other in pairwise(bands):
        if one.high is None or other.low is None or one.high > other.low:
            return False
        if one.high == other.low and one.with_high and other.with_low:
            return False
        if not gaps and (one.high < other.low or not (one.with_high or other.with_low)):
            return False
    return gaps or (bands[0].low is None and bands[-1].high is None)


def _plain(value: Decimal | None) -> str:
    return f"{(value or Decimal(0)).normalize():f}"

"""Matters in words: the figures, where they stand, what lies between them, and what to ask."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.crossfoot.results import STATUSES
from jmrules.errors import Text
from jmrules.quantities import from_to, percent, quantity_in_words, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jmrules.crossfoot.results import Effect, Matter, Open, Side, Status

#: each status in words, and what it means
STATUS_WORDS: dict[Status, tuple[Text, Text]] = {
    "contradicts": (
        Text("相互矛盾", "contradicts"),
        Text("印出的数字无论怎样取舍都不能同时成立", "no numbers behind the printed figures could agree"),
    ),
    "question": (
        Text("需说明", "question"),
        Text("数字可以成立，但需要说明", "the figures can stand, but need explaining"),
    ),
    "cannot-be-computed": (
        Text("不能计算", "cannot be computed"),
        Text("缺少数据；给出仍可能的范围", "figures are missing; what is still possible is told"),
    ),
    "misprint": (
        Text("笔误", "misprint"),
        Text("只是印出的占比或年度有误", "a printed share or year is off, nothing else"),
    ),
    "remainder": (
        Text("未列明差额", "remainder"),
        Text("所列各项之外还有的数", "what is left beside the items listed"),
    ),
    "rounding": (
        Text("四舍五入尾差", "rounding"),
        Text("差额在印出位数的取舍之内", "the difference lies within what the printed digits leave open"),
    ),
    "agrees": (Text("相符", "agrees"), Text("各数一致", "the figures agree")),
}
_SEMICOLON = Text("；", "; ")


def tally(matters: Iterable[Matter]) -> Text:
    """How many matters stand how, the gravest first."""
    found = [matter.status for matter in matters]
    counts = [(STATUS_WORDS[status][0], found.count(status)) for status in reversed(STATUSES) if status in found]
    return Text(
        " · ".join(f"{word.zh} {count}" for word, count in counts) or "—",
        " · ".join(f"{word.say('en')} {count}" for word, count in counts) or "—",
    )


def line(matter: Matter) -> Text:
    """What a matter is about, with the item it is of."""
    if matter.item is None:
        return matter.label
    return Text(f"{matter.label.zh}（{matter.item}）", f"{matter.label.say('en')} ({matter.item})")


def said(matter: Matter) -> Text:
    """Its figures, where they stand, and what lies between them."""
    return _joined(_parts(matter))


def _parts(matter: Matter) -> Iterator[Text]:
    year = matter.kind == "year"
    for side in (matter.stated, matter.computed):
        # What is not known is among what is missing.
        if side is not None and not (matter.open and side.value is None and side.between is None):
            yield side_in_words(side, year=year)
    if matter.figures and not year:
        yield _joined((side_in_words(side) for side in matter.figures), Text("，", "; "))
    if matter.difference and not year and matter.stated is not None:
        name = {"remainder": Text("差额", "remainder"), "question": Text("需说明", "to be explained")}.get(
            matter.status, Text("差", "difference")
        )
        yield _with(name, _difference(matter.difference, matter.stated.unit))
    if matter.open is not None:
        yield from _open(matter.open)
    if matter.effect is not None:
        yield from _effect(matter.effect)
    if matter.reason is not None:
        yield matter.reason


def asked(matter: Matter) -> Text | None:
    """What to ask the department for; None where there is nothing to ask."""
    match matter.status:
        case "contradicts" if matter.kind == "claims":
            return Text("请更正自评得分或等级", "correct the points or the grade claimed")
        case "contradicts":
            return Text(
                "请核实两处数据，说明以哪一处为准及其计算依据", "say which figure stands, and how it was computed"
            )
        case "question":
            return Text("请说明原因和计算依据", "explain it, and how it was computed")
        case "cannot-be-computed" if matter.open is not None:
            missing = matter.open.missing
            return Text(f"请补报{missing.zh}", f"submit: {missing.say('en')}")
        case "misprint":
            return Text("请更正", "correct it")
        case _:
            return None


def side_in_words(side: Side, *, year: bool = False, places: bool = True) -> Text:
    """A figure with its name, and the places that state it. A year is a name rather than a quantity."""
    where, where_en = (mark.join(side.sections) if places else "" for mark in ("、", ", "))
    zh, en = side.label.zh, side.label.say("en")
    if side.value is not None:
        value = Text(f"{side.value:f}", f"{side.value:f}") if year else _quantity(side.value, side.unit)
        zh, en = f"{zh} {value.zh}", f"{en} {value.say('en')}"
    elif side.between is not None:
        span = _span(*side.between, side.unit)
        zh, en = f"{zh} {span.zh}", f"{en} {span.say('en')}"
    return Text(f"{zh}（{where}）", f"{en} ({where_en})") if where else Text(zh, en)


def _open(still: Open) -> Iterator[Text]:
    if still.low is not None or still.high is not None:
        span = _span(still.low, still.high, still.unit)
        yield Text(f"按已有数据为 {span.zh}", f"by the figures there are: {span.say('en')}")
    if still.needed is not None and still.most is not None and still.reaches is not None:
        rate = percent(still.reaches)
        needed, most = _quantity(still.needed, still.whole_unit), _quantity(still.most, still.whole_unit)
        yield Text(
            f"达到 {rate} 须剔除 {needed.zh}，至多可剔除 {most.zh}",
            f"to reach {rate}, {needed.say('en')} must be left out; at most {most.say('en')} can be",
        )
    yield Text(f"缺：{still.missing.zh}", f"missing: {still.missing.say('en')}")


def _effect(effect: Effect) -> Iterator[Text]:
    derived = [side_in_words(side) for side in effect.derived]
    if derived:
        yield Text(
            f"如是，{'、'.join(each.zh for each in derived)}", f"if so, {', '.join(each.say('en') for each in derived)}"
        )
    for standing in effect.indicators:
        zh, en = standing.label.zh, standing.label.say("en")
        before, after = (_points(ends) for ends in (standing.before, standing.after))
        if standing.before == standing.after:
            yield Text(f"“{zh}”仍得 {before} 分", f"{en} keeps {before} points")
        else:
            yield Text(f"“{zh}”由 {before} 分变为 {after} 分", f"{en}: {before} points become {after}")


def _points(ends: tuple[Decimal, Decimal]) -> str:
    low, high = (trimmed(end, 2) for end in ends)
    return low if low == high else f"{low}–{high}"


def _span(low: Fraction | None, high: Fraction | None, unit: str | None) -> Text:
    if low is None or high is None:
        end = _quantity(low if low is not None else high or Fraction(0), unit)
        return (
            Text(f"{end.zh}以上", f"{end.say('en')} or more")
            if high is None
            else Text(f"{end.zh}以下", f"{end.say('en')} or less")
        )
    one, other = _quantity(low, unit), _quantity(high, unit)
    return from_to(one, other)


def _difference(value: Decimal | Fraction, unit: str | None) -> Text:
    """A difference of rates is one of percentage points, with as many places as it takes to see it."""
    if unit != "ratio":
        return _quantity(value, unit)
    points = Fraction(value) * 100
    shown = trimmed(points, 2 if abs(points) >= Fraction(1, 10) else 4).replace("-", "−")
    return Text(f"{shown} 个百分点", f"{shown} percentage points")


def _quantity(value: Decimal | Fraction, unit: str | None) -> Text:
    number = value if isinstance(value, Decimal) else _short(value)
    return quantity_in_words(number, unit, None)


def _short(value: Fraction) -> Decimal | Fraction:
    """A fraction as the decimal that it is, where it is one."""
    bottom = value.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    if bottom != 1:
        return value
    places = 0
    while value.denominator != 1 and places < 100:
        value, places = value * 10, places + 1
    return Decimal(value.numerator).scaleb(-places)


def _with(name: Text, value: Text) -> Text:
    return Text(f"{name.zh} {value.zh}", f"{name.say('en')} {value.say('en')}")


def _joined(parts: Iterable[Text], between: Text = _SEMICOLON) -> Text:
    told = tuple(parts)
    return Text(between.zh.join(part.zh for part in told), between.say("en").join(part.say("en") for part in told))

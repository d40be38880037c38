"""Units of measurement, and exact conversion between units of the same kind."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Problem, Text, did_you_mean

if TYPE_CHECKING:
    from jmrules.errors import Language


@frozen
class Unit:
    """A unit: how it is written, and how many of its kind's base units it is."""

    id: str
    kind: str
    #: in base units of the kind
    factor: Decimal
    symbol: Text
    #: shown to readers as a percentage
    percent: bool = False
    #: what one of it is called in English
    one: str = ""


#: English words for units that differ for one
_ONE = {"people": "person", "times": "time", "days": "day", "months": "month", "years": "year", "points": "point"}


def _units(*rows: tuple[str, str, str, str, str]) -> dict[str, Unit]:
    return {
        id: Unit(id, kind, Decimal(factor), Text(zh, en), kind == "ratio", _ONE.get(en, en))
        for id, kind, factor, zh, en in rows
    }


UNITS = _units(
    ("CNY", "money", "1", "元", "CNY"),
    ("CNY_1k", "money", "1000", "千元", "CNY 1k"),
    ("CNY_10k", "money", "10000", "万元", "CNY 10k"),
    ("CNY_1M", "money", "1000000", "百万元", "CNY 1M"),
    ("CNY_10M", "money", "10000000", "千万元", "CNY 10M"),
    ("CNY_100M", "money", "100000000", "亿元", "CNY 100M"),
    ("ratio", "ratio", "1", "", ""),
    ("percent", "ratio", "0.01", "%", "%"),
    ("permille", "ratio", "0.001", "‰", "‰"),
    ("count", "count", "1", "个", ""),
    ("count_10k", "count", "10000", "万个", "10k"),
    ("person", "person", "1", "人", "people"),
    ("person_10k", "person", "10000", "万人", "10k people"),
    ("time", "time", "1", "次", "times"),
    ("minute", "duration", "1", "分钟", "min"),
    ("hour", "duration", "60", "小时", "h"),
    ("day", "duration", "1440", "天", "days"),
    ("month", "months", "1", "个月", "months"),
    ("year", "months", "12", "年", "years"),
    ("m2", "area", "1", "平方米", "m²"),
    ("hectare", "area", "10000", "公顷", "ha"),
    ("km2", "area", "1000000", "平方公里", "km²"),
    ("m", "length", "1", "米", "m"),
    ("km", "length", "1000", "公里", "km"),
    ("kg", "mass", "1", "千克", "kg"),
    ("tonne", "mass", "1000", "吨", "t"),
    ("point", "score", "1", "分", "points"),
)

# Counting words of Chinese that count the same: a fact in 项 answers a declaration in 个.
_SYMBOLS = (
    {unit.symbol.zh: unit for unit in UNITS.values() if unit.symbol.zh}
    | dict.fromkeys(("项", "件", "家", "户", "套", "台", "份", "处", "篇", "条", "宗", "期"), UNITS["count"])
    | {
        "人次": UNITS["person"],
        "万人次": UNITS["person_10k"],
        "日": UNITS["day"],
        "工作日": UNITS["day"],
        "㎡": UNITS["m2"],
        "％": UNITS["percent"],
    }
)

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[Inexact])


def unit_of(name: str) -> Unit | None:
    """The unit called ``name``, by id (CNY_10k) or symbol (万元)."""
    return UNITS.get(name) or _SYMBOLS.get(name)


def names_of_kind(kind: str) -> list[str]:
    """Every id and symbol of the units of a kind: those that are converted into one another."""
    return [name for name, unit in (UNITS | _SYMBOLS).items() if unit.kind == kind]


def unit_text(unit: Unit) -> Text:
    """A unit as readers know it; by its id, where it has no sign."""
    return Text(unit.symbol.zh or unit.id, unit.symbol.en or unit.id)


def unit_words(name: str, language: Language) -> str:
    """A unit as readers know it, by its id or symbol."""
    unit = unit_of(name)
    return name if unit is None else unit_text(unit).say(language)


def unknown_unit(name: str) -> Problem:
    """The problem of a unit that is not known."""
    names = [*UNITS, *_SYMBOLS]
    signs = [unit_text(unit) for unit in UNITS.values()]
    zh, en = "、".join(sign.zh for sign in signs), ", ".join(UNITS)
    hint = did_you_mean(name, names, Text(f"可用的单位：{zh}", f"units: {en}"))
    return Problem("unknown-unit", Text(f"未知的单位“{name}”", f"unknown unit “{name}”"), hint)


def convert(value: Decimal, given: str, declared: str | None) -> Decimal | Problem:
    """``value`` in the ``declared`` unit, exactly; or the problem that it cannot be.

    Units of the same kind are convertible; a result that would need more than 60 digits is a problem.
    """
    source = unit_of(given)
    if source is None:
        return unknown_unit(given)
    target = unit_of(declared) if declared else None
    if target is None or source.kind != target.kind:
        wanted = unit_text(target) if target else Text("—")
        zh, en = wanted.zh, wanted.say("en")
        return Problem(
            "unit-mismatch",
            Text(f"单位“{given}”不能换算为“{zh}”", f"the unit “{given}” cannot be converted to “{en}”"),
            Text(f"请用与“{zh}”同类的单位", f"use a unit of the same kind as “{en}”")
            if declared
            else Text("此项没有单位，请删去 unit", "this fact has no unit: remove it"),
        )
    if source.factor == target.factor:
        return value
    try:
        return _EXACT.divide(_EXACT.multiply(value, source.factor), target.factor)
    except Inexact:
        return Problem(
            "unit-inexact",
            Text(
                f"{value} {given} 换算为 {unit_text(target).zh} 时除不尽",
                f"{value} {given} has no exact value in {unit_text(target).say('en')}",
            ),
            Text(f"请直接以 {unit_text(target).zh} 给出", f"give it in {unit_text(target).say('en')}"),
        )

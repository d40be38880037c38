"""What names mean to readers, and values in words, in Chinese and English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.feel.interpreter import interpret_part
from jmrules.feel.numbers import is_number
from jmrules.feel.parser import parse_unary_tests
from jmrules.feel.tree import AtLiteral, Boolean, Call, Negation, Number, Range, String, Test
from jmrules.feel.values import string_of
from jmrules.quantities import quantity_in_words
from jmrules.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Language
    from jmrules.feel.tree import Expression

#: operators as readers write them, where that is otherwise
OPERATORS = {
    "*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "**": "^",
}  # fmt: skip


@frozen
class Meaning:
    """What a name stands for, to a reader."""

    label: Text
    unit: str | None = None
    decimals: int | None = None
    #: of strings that have names: what each is called
    values: Mapping[str, Text] = field(factory=dict)
    #: a number that is none of anything, such as a year
    plain: bool = False

    def in_both(self, value: Any) -> Text:
        """A value of it for readers."""
        if isinstance(value, str) and value in self.values:
            return self.values[value]
        if self.plain and is_number(value):
            return Text(f"{value:f}", f"{value:f}")
        return shown_in_both(value, self.unit, self.decimals)

    def shown(self, value: Any, language: Language) -> str:
        """A value of it in one language."""
        return self.in_both(value).say(language)


def shown(value: Any, unit: str | None, decimals: int | None, language: Language) -> str:
    """A FEEL value for readers."""
    return shown_in_both(value, unit, decimals).say(language)


def shown_in_both(value: Any, unit: str | None, decimals: int | None) -> Text:
    """A FEEL value for readers, in both languages."""
    if is_number(value):
        return quantity_in_words(value, unit, decimals)
    if isinstance(value, bool):
        return _YES if value else _NO
    if value is None:
        return _NOT_GIVEN
    if isinstance(value, list):
        return Text(f"{len(value)} 项", f"{len(value)} item{'' if len(value) == 1 else 's'}")
    text = string_of(value) or ""
    return Text(text, text)


_YES, _NO, _NOT_GIVEN = Text("是", "yes"), Text("否", "no"), Text("未填", "not given")


def said_test(
    test: Test | Expression,
    unit: str | None,
    language: Language,
    named: Mapping[str, Text] | None = None,
    *,
    years: bool = False,
) -> str:
    """A constant unary test, such as ≤ 10%, for a value in ``unit``.

    ``named`` says what strings are called; ``years``, that numbers like 2024 are years.
    """

    def number(tree: Expression | None) -> str:
        if isinstance(tree, Number):
            if years and _FIRST_YEAR <= tree.value <= _LAST_YEAR:
                return f"{tree.value:f}"
            return shown(tree.value, unit, None, language)
        if isinstance(tree, Negation):
            return f"−{number(tree.operand)}"
        if isinstance(tree, String):
            label = (named or {}).get(tree.value)
            return f"“{tree.value if label is None else label.say(language)}”"
        if isinstance(tree, Boolean):
            return (_YES if tree.value else _NO).say(language)
        if isinstance(tree, AtLiteral):
            return day_said(tree.text, language)
        if isinstance(tree, Call) and len(tree.arguments) == 1 and isinstance(tree.arguments[0].value, String):
            return day_said(tree.arguments[0].value.value, language)
        value = None if tree is None else _computed(tree)
        return "" if tree is None else "…" if value is None else shown(value, unit, None, language)

    if isinstance(test, Test):
        return f"{OPERATORS.get(test.operator, test.operator)} {number(test.operand)}"
    if isinstance(test, Range):
        low, high = ("≤" if test.start_included else "<"), ("≤" if test.end_included else "<")
        if test.low is None:
            return f"{high} {number(test.high)}"
        if test.high is None:
            return f"{'≥' if test.start_included else '>'} {number(test.low)}"
        middle = "且" if language == "zh" else "and"
        return f"{'≥' if low == '≤' else '>'} {number(test.low)} {middle} {high} {number(test.high)}"
    return f"= {number(test)}"


def _computed(tree: Expression) -> Any:
    """The value of an end that is computed from constants, such as a date and so many days."""
    return interpret_part(tree, "", {}, strict=False)[0]


_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def day_said(text: str, language: Language) -> str:
    """A day as readers write it; other times as they stand."""
    found = _DAY.fullmatch(text)
    if found is None or language == "en":
        return text
    return f"{found[1]} 年 {int(found[2])} 月 {int(found[3])} 日"


def said_tests(tests: str, unit: str | None, named: Mapping[str, Text] | None = None, *, years: bool = False) -> Text:
    """Constant unary tests in both languages, such as ≤ 10% or ≥ 2024 年 1 月 1 日; arguments as for :func:`said_test`."""
    parsed = parse_unary_tests(tests)
    if not parsed.tests:
        return Text(tests, tests)
    if all(isinstance(test, String) for test in parsed.tests):
        zh = "、".join(said_test(test, unit, "zh", named).removeprefix("= ") for test in parsed.tests)
        en = ", ".join(said_test(test, unit, "en", named).removeprefix("= ") for test in parsed.tests)
        return Text(f"{zh} 以外", f"other than {en}") if parsed.negated else Text(zh, en)
    zh = " 或 ".join(said_test(test, unit, "zh", named, years=years) for test in parsed.tests)
    en = " or ".join(said_test(test, unit, "en", named, years=years) for test in parsed.tests)
    return Text(f"非（{zh}）", f"not ({en})") if parsed.negated else Text(zh, en)


def is_ratio(unit: str | None) -> bool:
    """Whether values in this unit are shown as percentages."""
    known = unit_of(unit) if unit else None
    return known is not None and known.percent

"""What a fact is called, what stood there and what may stand there, in words for readers."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.errors import Text
from jmrules.feel import day_said, said_tests, shown, string_of

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.ruleset import FactDeclaration

#: whole numbers without a unit between these are years
_YEARS = (Decimal(1900), Decimal(2200))
_LONGEST = 60


def called(declaration: FactDeclaration) -> Text:
    """The fact by its label; the place says under which name it stands in a document."""
    return Text(f"“{declaration.label.zh}”", f"“{declaration.label.say('en')}”")


def stood(value: Any) -> str:
    """A value as it stands in a document, cut where it is long."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        return format(number, "f") if abs(number.adjusted()) < 40 else format(number, ".6E")
    if isinstance(value, dict | list | tuple):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = f"“{value}”" if isinstance(value, str) else _plainly(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}…"


def _plainly(value: Any) -> str:
    try:
        return json.dumps(value)
    except TypeError:
        # What came from Python is told as a document would say it, where one could.
        return value.isoformat() if isinstance(value, datetime.date) else f"<{type(value).__name__}>"


def told(value: Any, declaration: FactDeclaration) -> Text:
    """A value of the declared type, in the declared unit and under its own name."""
    if isinstance(value, str):
        named = {each.value: each.label for each in declaration.values}
        return named.get(value, Text(stood(value), stood(value)))
    if isinstance(value, Decimal) and (_a_year(value, declaration) or abs(value.adjusted()) > 40):
        return Text(stood(value), stood(value))
    if declaration.type == "date":
        day = string_of(value) or ""
        return Text(day_said(day, "zh"), day)
    languages: tuple[Language, Language] = ("zh", "en")
    return Text(*(shown(value, declaration.unit, declaration.decimals, language) for language in languages))


def _a_year(value: Any, declaration: FactDeclaration) -> bool:
    return declaration.unit is None and declaration.decimals == 0 and _YEARS[0] <= value <= _YEARS[1]


def allowed(declaration: FactDeclaration) -> Text:
    """What a fact may be, by the declaration's tests."""
    tests = declaration.tests or "-"
    named = {each.value: each.label for each in declaration.values}
    years = declaration.unit is None and declaration.decimals == 0
    said = said_tests(tests, declaration.unit, named, years=years)
    return said if said.zh != tests else Text("评分办法所说的范围", "the range that the ruleset states")


def counted(declaration: FactDeclaration, most: int) -> Text:
    """How many items a list may have."""
    return said_tests(declaration.count or f"<= {most}", None)

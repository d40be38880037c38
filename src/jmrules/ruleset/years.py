"""The name ``fiscal_year`` in a ruleset's expressions: the year that is scored, written out before anything is compiled.

``date(fiscal_year, 12, 31)`` becomes the date of that year and ``fiscal_year - 1`` the year before, so that a ruleset in force for years says
neither, and every reading of an expression sees constants.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: the name by which expressions read the year that is scored
FISCAL_YEAR = "fiscal_year"

_SHIFTED = rf"{FISCAL_YEAR}\s*(?:(?P<sign>[+-])\s*(?P<by>[0-9]{{1,2}}))?"
#: texts and the items of a history, whose own year goes by the same name, are passed over; what has no group stays as it is
_WORDS = re.compile(
    r'"(?:[^"\\]|\\.)*"'
    r"|\bhistory\s*\[[^\]]*\]"
    r"|\.\s*[A-Za-z_]\w*"
    rf"|\bdate\(\s*{_SHIFTED}\s*,\s*(?P<month>[0-9]{{1,2}})\s*,\s*(?P<day>[0-9]{{1,2}})\s*\)"
    rf"|(?P<bare>\b{FISCAL_YEAR}\b)(?!\s*:)"
)
_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
#: members whose strings are no expressions
_PLAIN = frozenset(["by", "as", "id", "kind", "status", "clause", "number"])


def first_year(value: Mapping[str, Any]) -> Any:
    """The year, or the first of the years, that a ruleset document scores; its file is called by it. None where it says neither."""
    years = value.get("fiscal_years")
    return years.get("from") if isinstance(years, dict) else value.get(FISCAL_YEAR)


def covers(value: Mapping[str, Any], year: int) -> bool:
    """Whether a ruleset document says that it scores ``year``."""
    years = value.get("fiscal_years")
    if not isinstance(years, dict):
        return bool(value.get(FISCAL_YEAR) == year)
    first, last = years.get("from"), years.get("to")
    return isinstance(first, int) and first <= year and (not isinstance(last, int) or year <= last)


def in_year(value: Any, year: int) -> Any:
    """A document's content, or a part of it, with the year written into its expressions and the expressions of its messages."""
    if isinstance(value, str):
        return written(value, year)
    if isinstance(value, list):
        return [in_year(part, year) for part in value]
    if isinstance(value, dict):
        if isinstance(value.get("zh"), str):
            return {name: _in_message(part, year) for name, part in value.items()}
        return {name: part if name in _PLAIN else in_year(part, year) for name, part in value.items()}
    return value


def written(text: str, year: int) -> str:
    """An expression with the year written out."""
    return "".join(piece for piece, _ in _pieces(text, year)) if FISCAL_YEAR in text else text


def offset_before(text: str, year: int, offset: int) -> int:
    """Where in ``text`` that stands which stands at ``offset`` once the year is written out."""
    at = start = 0
    for piece, length in _pieces(text, year):
        if at + len(piece) > offset:
            return start + min(offset - at, max(length - 1, 0))
        at, start = at + len(piece), start + length
    return start + offset - at


def _in_message(text: Any, year: int) -> Any:
    if not isinstance(text, str) or FISCAL_YEAR not in text:
        return text
    return _BRACES.sub(lambda match: written(match.group(), year), text)


def _pieces(text: str, year: int) -> Iterator[tuple[str, int]]:
    """Pieces of the text as they read with the year written out, and how long each was."""
    end = 0
    for match in _WORDS.finditer(text):
        yield text[end : match.start()], match.start() - end
        yield _replaced(match, year), match.end() - match.start()
        end = match.end()
    yield text[end:], len(text) - end


def _replaced(match: re.Match[str], year: int) -> str:
    if match["bare"]:
        return str(year)
    if not match["month"]:
        return match.group()
    shift = int(f"{match['sign']}{match['by']}") if match["by"] else 0
    try:
        return f'date("{datetime.date(year + shift, int(match["month"]), int(match["day"])).isoformat()}")'
    except ValueError:
        # The compiler says what is wrong with such a date.
        return match.group().replace(FISCAL_YEAR, str(year))

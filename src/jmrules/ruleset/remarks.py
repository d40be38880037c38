"""What is allowed in a ruleset and yet wants a second look: years written out, which next year's ruleset would take over; points
that are not a hundred."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jmrules.documents import escape
from jmrules.errors import Problem, Text
from jmrules.memo import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.ruleset.model import Ruleset

#: members that say of which year something is, and rightly so
_OWN = frozenset(["$schema", "notice", "effective", "title", "listed", "source", "note", "ground", "clause"])
_DATE = re.compile(r'"((?:19|20|21)[0-9]{2})-[0-9]{2}-[0-9]{2}"')
_YEAR = re.compile(r"(?<![0-9.])((?:19|20|21)[0-9]{2})(?![0-9.])")
#: a number so near the year scored is a year
_NEAR = 5


@kept
def remarks(ruleset: Ruleset) -> tuple[Problem, ...]:
    """Every year that stands in an expression, a label or a message, and a total of points other than 100, in the order of the
    document."""
    document = ruleset.source
    found = [
        _remark(year, in_words).at(document.place(pointer))
        for pointer, text, in_words in _texts(document.value, "", False)
        for year in _years(text, in_words, ruleset.fiscal_year)
    ]
    total = sum(node.points for node in ruleset.indicators)
    # points stated for the whole sheet are meant
    if total != 100 and ruleset.stated_points is None:
        message = Text(
            f"各指标分值合计 {total:f} 分，不是 100 分", f"the points of the indicators add up to {total:f}, not to 100"
        )
        hint = Text(
            "请核对分值；通知本就如此的，在最外层写明 points",
            "check the points; if the notice says so, state them as `points` at the root",
        )
        found.append(Problem("not-a-hundred", message, hint, document.place("/indicators")))
    found.sort(key=lambda problem: (problem.place.file or "", problem.place.line or 0))
    return tuple(dict.fromkeys(found))


def _texts(value: Any, pointer: str, in_words: bool) -> Iterator[tuple[str, str, bool]]:
    """Strings with their pointers, and whether they are for readers."""
    if isinstance(value, str):
        yield pointer, value, in_words
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, f"{pointer}/{index}", in_words)
    elif isinstance(value, dict):
        words = in_words or isinstance(value.get("zh"), str)
        for name, part in value.items():
            if name not in _OWN:
                yield from _texts(part, f"{pointer}/{escape(name)}", words)


def _years(text: str, in_words: bool, scored: int) -> list[str]:
    if in_words:
        found = _YEAR.findall(text)
    else:
        found = _DATE.findall(text) + (_YEAR.findall(_DATE.sub("", text)) if "year" in text else [])
    return [year for year in found if abs(int(year) - scored) <= _NEAR]


def _remark(year: str, in_words: bool) -> Problem:
    if in_words:
        return Problem(
            "absolute-year",
            Text(f"文字中写有年份 {year}", f"the year {year} stands in a text"),
            Text(
                "改写为“本年度”“上年度”等，下一年度才能沿用",
                "write “this year” or “last year”, so that next year's ruleset can take it over",
            ),
        )
    return Problem(
        "absolute-year",
        Text(f"表达式中写有年份 {year}", f"the year {year} stands in an expression"),
        Text(
            "用 fiscal_year 表示评价年度，例如 date(fiscal_year, 12, 31)、fiscal_year - 1，下一年度才能沿用",
            "write fiscal_year for the year scored, such as date(fiscal_year, 12, 31) or fiscal_year - 1, so that next year's ruleset can take it over",
        ),
    )

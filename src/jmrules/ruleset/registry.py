"""Where rulesets are found: by reference, such as ``somewhere/department-overall@2024``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Problem, RulesetError, Text
from jmrules.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

_REFERENCE = re.compile(r"(?P<id>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)+)(?:@(?P<year>[0-9]{4}|latest))?")


@frozen
class Entry:
    """A ruleset that can be loaded by reference."""

    id: str
    fiscal_year: int
    path: Path


def entries() -> tuple[Entry, ...]:
    """The rulesets that ship with the package, by id and year: ``<place>/<evaluation>/<year>.json``."""
    root = shipped("rulesets")
    found = [
        Entry(path.parent.relative_to(root).as_posix(), int(path.stem), path)
        for path in root.glob("*/*/[0-9][0-9][0-9][0-9].json")
    ]
    return tuple(sorted(found, key=lambda entry: (entry.id, entry.fiscal_year)))


def is_reference(text: str) -> bool:
    """Whether ``text`` has the form of a reference rather than that of a path."""
    return _REFERENCE.fullmatch(text) is not None


def find(reference: str) -> Path:
    """The file of ``id@year``; without a year, or with ``@latest``, the latest.

    Raises:
        RulesetError: no such id, or no such year; the years there are.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise RulesetError(
            Problem(
                "bad-reference",
                Text(f"“{reference}”不是评分办法的引用", f"{reference!r} is not a reference to a ruleset"),
                Text("应为 地区/评价@年度，或文件路径", "write place/evaluation@year, or the path of a file"),
            )
        )
    known = entries()
    years = {entry.fiscal_year: entry.path for entry in known if entry.id == match["id"]}
    if not years:
        ids = sorted({entry.id for entry in known})
        near = get_close_matches(match["id"], ids, n=1)
        hint = (
            Text(f"是否想写“{near[0]}”？", f"did you mean {near[0]!r}?")
            if near
            else Text(f"现有：{'、'.join(ids)}", f"there are: {', '.join(ids)}")
        )
        raise RulesetError(
            Problem(
                "no-such-ruleset", Text(f"没有评分办法“{match['id']}”", f"there is no ruleset {match['id']!r}"), hint
            )
        )
    year = max(years) if match["year"] in (None, "latest") else int(match["year"])
    if year not in years:
        listed = sorted(years)
        raise RulesetError(
            Problem(
                "no-such-year",
                Text(f"“{match['id']}”没有 {year} 年度的评分办法", f"{match['id']} has no ruleset for {year}"),
                Text(f"现有年度：{'、'.join(map(str, listed))}", f"years there are: {', '.join(map(str, listed))}"),
            )
        )
    return years[year]

"""A comparison as JSON, and as Markdown for an explanatory memo."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from jmrules.compare.attribution import Attribution
from jmrules.compare.departments import Department, Outcome
from jmrules.compare.impact import Impact
from jmrules.compare.totals import Reason, Totals, Unscored
from jmrules.compare.words import KINDS, PARTS, said
from jmrules.documents import in_json, pretty, tell
from jmrules.ruleset import Ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jmrules.errors import Language
    from jmrules.ruleset import Difference


def diff_document(before: Ruleset, after: Ruleset, differences: Sequence[Difference]) -> dict[str, Any]:
    """The comparison in JSON's terms: which rulesets, and each difference with its members and words."""
    told = [_difference(difference, before, after) for difference in differences]
    found: dict[str, Any] = in_json({"before": before, "after": after, "differences": told})
    return found


def _difference(difference: Difference, before: Ruleset, after: Ruleset) -> dict[str, Any]:
    was, now = said(difference, before, after)
    document = {
        "part": difference.part,
        "id": difference.id,
        "label": difference.label,
        "kind": difference.kind,
        "was": was,
        "now": now,
    }
    if difference.members:
        document["members"] = [
            _given(at=member.at, before=member.before, after=member.after) for member in difference.members
        ]
    if difference.through:
        document["through"] = difference.through
    if difference.places:
        document["places"] = [{"parent": parent, "index": index} for parent, index in difference.places]
    return document


def _given(**members: Any) -> dict[str, Any]:
    """Those that are not None, even where they are empty."""
    return {name: value for name, value in members.items() if value is not None}


def diff_markdown(before: Ruleset, after: Ruleset, differences: Sequence[Difference], language: Language) -> str:
    """The comparison as Markdown tables, one a part of the document."""
    zh = language == "zh"
    pick = 0 if zh else 1
    lines = [
        f"# {'修订说明' if zh else 'What changed'}",
        "",
        f"- {'原' if zh else 'before'}: {before.title.say(language)} ({before.reference}#{before.revision}, {before.digest[:12]})",
        f"- {'现' if zh else 'after'}: {after.title.say(language)} ({after.reference}#{after.revision}, {after.digest[:12]})",
    ]
    if not differences:
        lines += ["", "没有差别。" if zh else "Nothing differs."]
    for part, found in groupby(differences, key=lambda difference: difference.part):
        columns = ("名称", "变化", "原", "现") if zh else ("entry", "change", "before", "after")
        lines += ["", f"## {PARTS[part][pick]}", "", f"| {' | '.join(columns)} |", "|---|---|---|---|"]
        for difference in found:
            was, now = said(difference, before, after)
            cells = (difference.label.say(language), KINDS[difference.kind][pick], was.say(language), now.say(language))
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def _paths(paths: Iterable[Sequence[str]]) -> list[str]:
    return [".".join(path) for path in paths]


def _who(department: Department) -> dict[str, Any]:
    """Which department."""
    return _given(name=department.name, file=department.file, row=department.row)


def _problems(department: Department) -> list[dict[str, Any]]:
    return [
        {"code": problem.code, "message": problem.message, "place": str(problem.place)}
        for problem in department.problems
    ]


def _department(department: Department) -> dict[str, Any]:
    found: dict[str, Any] = {**_who(department), **in_json(department)}
    return found


tell(Ruleset, "id", "fiscal_year", "revision", "status", "title", "digest")
tell(Attribution, "id", "label", "change", "parts", "within?")
tell(Outcome, "total", "grade")
tell(
    Department,
    "before?",
    "after?",
    ("change?", lambda one: one.change if one.scored else None),
    ("indicators?", lambda one: list(one.attributions) if one.scored else None),
    ("total_rounding?", lambda one: one.total_rounding if one.scored else None),
    ("limits?", lambda one: one.limits if one.scored else None),
    ("needed?", lambda one: _paths(one.needed) or None),
    ("problems?", lambda one: _problems(one) or None),
)
tell(Totals, "departments", "scored", "gained", "lost", "regraded", "change", "total_rounding", "limits")
tell(
    Reason,
    "by",
    "code=problem.code",
    "message=problem.message",
    "departments=count",
    ("first", lambda reason: [_who(department) for department in reason.first]),
)
tell(
    Unscored,
    "before",
    "after",
    ("needed", lambda found: {".".join(path): count for path, count in found.needed.items()}),
    "reasons",
)
tell(
    Impact,
    "before",
    "after",
    ("distribution", lambda impact: dict(zip(("before", "after"), impact.distribution(), strict=True))),
    "totals",
    ("newly_needed", lambda impact: _paths(impact.newly_needed)),
    "no_longer_used",
    "indicators=totals.indicators",
    "not_scored=totals.unscored",
)


def impact_json(impact: Impact, departments: Iterable[Department]) -> Iterator[str]:
    """What a new ruleset would do, and to some of the departments; fractions as text, since they may have no end as decimals.

    It comes piece by piece: a table's departments need not be in memory together.
    """
    yield pretty(in_json(impact)).removesuffix("\n}") + ',\n  "departments": ['
    before = "\n    "
    for department in departments:
        yield before + pretty(_department(department), indent=4)
        before = ",\n    "
    yield "]\n}\n" if before == "\n    " else "\n  ]\n}\n"

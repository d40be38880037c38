"""A comparison as JSON, and as Markdown for an explanatory memo."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from jmrules.compare.words import KINDS, PARTS, said
from jmrules.documents import pretty
from jmrules.documents.unstructure import in_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jmrules.compare.attribution import Attribution
    from jmrules.compare.departments import Department
    from jmrules.compare.impact import Impact
    from jmrules.compare.totals import Unscored
    from jmrules.errors import Language
    from jmrules.ruleset.diff import Difference
    from jmrules.ruleset.model import Ruleset


def head_document(ruleset: Ruleset) -> dict[str, Any]:
    """Which ruleset, in JSON's terms."""
    return {
        "id": ruleset.id,
        "fiscal_year": ruleset.fiscal_year,
        "revision": ruleset.revision,
        "status": ruleset.status,
        "title": in_json(ruleset.title),
        "digest": ruleset.digest,
    }


def diff_document(before: Ruleset, after: Ruleset, differences: Sequence[Difference]) -> dict[str, Any]:
    """The comparison in JSON's terms: which rulesets, and each difference with its members and words."""
    return {
        "before": head_document(before),
        "after": head_document(after),
        "differences": [_difference(difference, before, after) for difference in differences],
    }


def _difference(difference: Difference, before: Ruleset, after: Ruleset) -> dict[str, Any]:
    was, now = said(difference, before, after)
    document: dict[str, Any] = {
        "part": difference.part,
        "id": difference.id,
        "label": in_json(difference.label),
        "kind": difference.kind,
        "was": in_json(was),
        "now": in_json(now),
    }
    if difference.members:
        document["members"] = [
            {
                "at": member.at,
                **({"before": member.before} if member.before is not None else {}),
                **({"after": member.after} if member.after is not None else {}),
            }
            for member in difference.members
        ]
    if difference.through:
        document["through"] = list(difference.through)
    if difference.places:
        document["places"] = [{"parent": parent, "index": index} for parent, index in difference.places]
    return document


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


def impact_document(impact: Impact) -> dict[str, Any]:
    """What a new ruleset would do, in JSON's terms; fractions as text, since they may have no end as decimals."""
    return {**_head(impact), "departments": [_department(department) for department in impact.departments]}


def impact_json(impact: Impact, departments: Iterable[Department]) -> Iterator[str]:
    """The text of :func:`impact_document` with some of the departments, piece by piece: a table's need not be in memory together."""
    yield pretty(_head(impact)).removesuffix("\n}") + ',\n  "departments": ['
    before = "\n    "
    for department in departments:
        yield before + pretty(_department(department), indent=4)
        before = ",\n    "
    yield "]\n}\n" if before == "\n    " else "\n  ]\n}\n"


def _head(impact: Impact) -> dict[str, Any]:
    totals = impact.totals
    counts = ("departments", "scored", "gained", "lost", "regraded", "change", "total_rounding", "limits")
    return {
        "before": head_document(impact.before),
        "after": head_document(impact.after),
        "distribution": dict(zip(("before", "after"), impact.distribution(), strict=True)),
        "totals": {name: getattr(totals, name) for name in counts},
        "newly_needed": [".".join(path) for path in impact.newly_needed],
        "no_longer_used": list(impact.no_longer_used),
        "indicators": [_attribution(one) for one in impact.by_indicator()],
        "not_scored": _unscored(totals.unscored),
    }


def _unscored(unscored: Unscored) -> dict[str, Any]:
    return {
        "before": unscored.before,
        "after": unscored.after,
        "needed": {".".join(path): count for path, count in unscored.needed.items()},
        "reasons": [
            {
                "by": reason.by,
                "code": reason.problem.code,
                "message": in_json(reason.problem.message),
                "departments": reason.count,
                "first": [_who(department) for department in reason.first],
            }
            for reason in unscored.reasons
        ],
    }


def _who(department: Department) -> dict[str, Any]:
    """Which department."""
    named = {"name": department.name, "file": department.file, "row": department.row}
    return {name: value for name, value in named.items() if value is not None}


def _attribution(one: Attribution) -> dict[str, Any]:
    parts = {cause: str(part) for cause, part in one.parts.items()}
    document = {"id": one.id, "label": in_json(one.label), "change": one.change, "parts": parts}
    return document if one.within is None else {**document, "within": one.within}


def _department(department: Department) -> dict[str, Any]:
    document = _who(department)
    for name, outcome in (("before", department.before), ("after", department.after)):
        if outcome is not None:
            document[name] = {"total": outcome.total, "grade": outcome.grade}
    if department.scored:
        document["change"] = department.change
        document["indicators"] = [_attribution(one) for one in department.attributions]
        document["total_rounding"] = department.total_rounding
        document["limits"] = department.limits
    if department.needed:
        document["needed"] = [".".join(path) for path in department.needed]
    if department.problems:
        document["problems"] = [
            {"code": problem.code, "message": in_json(problem.message), "place": str(problem.place)}
            for problem in department.problems
        ]
    return document

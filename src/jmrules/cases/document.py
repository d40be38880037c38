"""What testing found out, as a JSON document for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.cases.mutants import Mutant
from jmrules.cases.mutation import Mutation
from jmrules.cases.reach import Suggestion
from jmrules.cases.report import Report
from jmrules.cases.run import Difference, Result
from jmrules.documents import in_json, tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.cases.branches import Branch


def _coverage(report: Report) -> dict[str, Any]:
    coverage = report.coverage
    return {
        "branches": coverage.total,
        "covered": [{"branch": branch.id, "cases": coverage.taken_by[branch.id]} for branch in coverage.covered],
        "uncovered": [_uncovered(branch, report.suggestions.get(branch.id)) for branch in coverage.uncovered],
        "unreachable": [{"branch": branch.id, "reason": branch.unreachable} for branch in coverage.unreachable],
    }


def _uncovered(branch: Branch, found: Suggestion | None) -> dict[str, Any]:
    said = {"branch": branch.id, "pointer": branch.pointer, "label": branch.label}
    return said if found is None else {**said, "reach": found}


tell(Difference, "kind", "indicator?", "expected", "got", "explanation?")
tell(Result, "name=case.name", "passed", "differences?")
tell(Suggestion, "case", "changes")
tell(Mutant, "mutant=id", "pointer", "label")
tell(
    Mutation,
    "mutants=total",
    ("killed", lambda found: [{**in_json(mutant), "case": case} for mutant, case in found.killed]),
    "survived",
    ("equivalent", lambda found: [{**in_json(mutant), "reason": reason} for mutant, reason in found.equivalent]),
    "rejected",
)
tell(
    Report,
    "ruleset=ruleset.reference",
    "revision=ruleset.revision",
    "digest=ruleset.digest",
    ("file", lambda report: str(report.file)),
    "cases=results",
    ("coverage", _coverage),
    ("unbroken?", lambda report: [each.id for each in report.unbroken] if report.ruleset.constraints else None),
    "mutation?",
    "stale_exceptions?=stale",
    "unsigned?",
)


def document_of_reports(reports: Iterable[Report]) -> dict[str, Any]:
    """``{"rulesets": […]}``: of each its cases, its coverage and, where it was mutated, its mutants."""
    return {"rulesets": in_json(tuple(reports))}

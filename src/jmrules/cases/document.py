"""What testing found out, as a JSON document for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.documents.unstructure import in_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.cases.branches import Branch
    from jmrules.cases.coverage import Coverage
    from jmrules.cases.mutants import Mutant
    from jmrules.cases.mutation import Mutation
    from jmrules.cases.reach import Suggestion
    from jmrules.cases.report import Report
    from jmrules.cases.run import Difference, Result


def document_of_reports(reports: Iterable[Report]) -> dict[str, Any]:
    """``{"rulesets": […]}``: of each its cases, its coverage and, where it was mutated, its mutants."""
    return {"rulesets": [_report(report) for report in reports]}


def _report(report: Report) -> dict[str, Any]:
    ruleset = report.ruleset
    return {
        "ruleset": ruleset.reference,
        "revision": ruleset.revision,
        "digest": ruleset.digest,
        "file": str(report.file),
        "cases": [_result(result) for result in report.results],
        "coverage": _coverage(report.coverage, report),
        **({"unbroken": [each.id for each in report.unbroken]} if report.ruleset.constraints else {}),
        **({} if report.mutation is None else {"mutation": _mutation(report.mutation)}),
        **({"stale_exceptions": list(report.stale)} if report.stale else {}),
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "name": result.case.name,
        "passed": result.passed,
        **({"differences": [_difference(each) for each in result.differences]} if result.differences else {}),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "kind": difference.kind,
        **({} if difference.indicator is None else {"indicator": difference.indicator}),
        "expected": difference.expected,
        "got": difference.got,
        **({} if difference.explanation is None else {"explanation": in_json(difference.explanation)}),
    }


def _coverage(coverage: Coverage, report: Report) -> dict[str, Any]:
    return {
        "branches": coverage.total,
        "covered": [{"branch": branch.id, "cases": list(coverage.taken_by[branch.id])} for branch in coverage.covered],
        "uncovered": [_uncovered(branch, report.suggestions.get(branch.id)) for branch in coverage.uncovered],
        "unreachable": [
            {"branch": branch.id, "reason": in_json(branch.unreachable)}
            for branch in coverage.unreachable
            if branch.unreachable is not None
        ],
    }


def _uncovered(branch: Branch, found: Suggestion | None) -> dict[str, Any]:
    said = {"branch": branch.id, "pointer": branch.pointer, "label": in_json(branch.label)}
    if found is None:
        return said
    changes = [{"pointer": change.pointer, "value": change.value} for change in found.changes]
    return {**said, "reach": {"case": found.case, "changes": changes}}


def _mutation(mutation: Mutation) -> dict[str, Any]:
    return {
        "mutants": mutation.total,
        "killed": [{**_mutant(mutant), "case": case} for mutant, case in mutation.killed],
        "survived": [_mutant(mutant) for mutant in mutation.survived],
        "equivalent": [{**_mutant(mutant), "reason": in_json(reason)} for mutant, reason in mutation.equivalent],
        "rejected": [_mutant(mutant) for mutant in mutation.rejected],
    }


def _mutant(mutant: Mutant) -> dict[str, Any]:
    return {"mutant": mutant.id, "pointer": mutant.pointer, "label": in_json(mutant.label)}

"""What an author says no case can show: branches that nothing reaches, mutants that change nothing. Each with its reason.

They stand beside the cases in ``cases/<year>.exceptions.json``, never silently in a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.cases.branches import branches_of
from jmrules.cases.cases import CasesError
from jmrules.documents import check as check_schema
from jmrules.documents import read
from jmrules.errors import Problem, Text
from jmrules.plan import plan_of

if TYPE_CHECKING:
    from pathlib import Path

    from jmrules.ruleset import Ruleset


@frozen
class Exceptions:
    """Reasons by branch id and by mutant id."""

    unreachable: dict[str, Text] = field(factory=dict)
    equivalent: dict[str, Text] = field(factory=dict)


def exceptions_file(ruleset_file: Path) -> Path:
    """Where the exceptions of the ruleset in ``<year>.json`` stand."""
    return ruleset_file.parent / "cases" / f"{ruleset_file.stem}.exceptions.json"


def load_exceptions(ruleset_file: Path, ruleset: Ruleset) -> Exceptions:
    """The exceptions beside a ruleset's cases; none where there is no such file.

    Raises:
        CasesError: it has not the form of exceptions, or names a branch that the ruleset does not have.
    """
    path = exceptions_file(ruleset_file)
    if not path.is_file():
        return Exceptions()
    document = read(path)
    problems = check_schema(document, "exceptions")
    if problems:
        raise CasesError(problems)
    found = {
        kind: {id: Text(reason["zh"], reason.get("en")) for id, reason in document.value.get(kind, {}).items()}
        for kind in ("unreachable", "equivalent")
    }
    known = {branch.id for branch in branches_of(plan_of(ruleset))}
    problems = [
        Problem(
            "unknown-branch",
            Text(f"评分办法没有分支“{id}”", f"the ruleset has no branch {id!r}"),
            Text("请照 jmrules test 列出的名称填写，或删去", "write it as jmrules test does, or remove it"),
            document.place(f"/unreachable/{id}", of_key=True),
        )
        for id in found["unreachable"]
        if id not in known
    ]
    if problems:
        raise CasesError(problems)
    return Exceptions(found["unreachable"], found["equivalent"])

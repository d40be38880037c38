"""Tests of rulesets: cases beside them, the branches the cases take, and mutants that they must notice.

- ``cases``: facts with expected scores (``NAME.json``, ``NAME.expected.json``), run and compared.
- ``accepting``: expected scores written from what comes out, to be looked at and signed.
- ``branches``, ``hits``, ``coverage``: every branch of a ruleset, those an evaluation takes, and what is left.
- ``reach``: facts that would take a branch no case takes.
- ``mutants``, ``mutation``: the ruleset changed in one place at a time, and the changes that no case notices.
- ``plugin``: the cases of a ruleset repository under plain pytest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jmrules.cases.accepting import accept
    from jmrules.cases.document import document_of_reports
    from jmrules.cases.find import rulesets_to_test
    from jmrules.cases.mutation import Mutation
    from jmrules.cases.report import Report, report_on
    from jmrules.cases.run import Result
    from jmrules.cases.words import (
        coverage_line,
        name_of,
        percent,
        suggestion_line,
        unbroken_line,
        unreachable_line,
        unsigned_line,
    )

__all__ = [
    "Mutation",
    "Report",
    "Result",
    "accept",
    "coverage_line",
    "document_of_reports",
    "name_of",
    "percent",
    "report_on",
    "rulesets_to_test",
    "suggestion_line",
    "unbroken_line",
    "unreachable_line",
    "unsigned_line",
]

# pytest imports the package for its plugin whenever it starts: the rest waits until it is asked for.
_HOMES = {
    "jmrules.cases.accepting": ("accept",),
    "jmrules.cases.document": ("document_of_reports",),
    "jmrules.cases.find": ("rulesets_to_test",),
    "jmrules.cases.mutation": ("Mutation",),
    "jmrules.cases.report": (
        "Report",
        "report_on",
    ),
    "jmrules.cases.run": ("Result",),
    "jmrules.cases.words": (
        "coverage_line",
        "name_of",
        "percent",
        "suggestion_line",
        "unbroken_line",
        "unreachable_line",
        "unsigned_line",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


# A type checker that saw it would believe every name there is.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOME_OF:
            raise AttributeError(f"module 'jmrules.cases' has no attribute {name!r}")
        return getattr(import_module(_HOME_OF[name]), name)

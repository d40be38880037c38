"""Reports where facts are wanted: they are read, and the facts drafted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jmrules.cli.common import facts_in, is_folder, ruleset_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.facts import Facts

#: endings of files that are reports and never facts
_REPORTS = (".docx", ".pdf", ".txt", ".md", ".html", ".htm")


def is_report(name: str) -> bool:
    """Whether a file is a report by its name."""
    return Path(name).suffix.lower() in _REPORTS


def given_in(name: str) -> list[str]:
    """The facts files of a folder, or the reports where it holds none; a file stands for itself."""
    path = Path(name)
    found = facts_in(name)
    if not is_folder(name) or found != [name]:
        return found
    from jmrules.read import reports_in

    return [str(each) for each in reports_in(path) if is_report(each.name)] or found


def loader(files: Sequence[str], ruleset: str | None) -> Callable[[str], Facts]:
    """How facts are had: from a facts file, or drafted from a report for the ruleset that is named.

    Raises:
        ReportError: there are reports, and no ruleset is named.
    """
    from jmrules.facts import load_facts

    reports = [file for file in files if is_report(file)]
    if not reports:
        return load_facts
    from jmrules.errors import Place, Problem, Text
    from jmrules.read import ReportError, drafted_facts

    if ruleset is None:
        raise ReportError(
            Problem(
                "needs-ruleset",
                Text("报告没有写明用哪个评分办法", "a report names no ruleset"),
                Text(
                    "请用 --ruleset 指明；现有的见 jmrules rulesets",
                    "name one by --ruleset; jmrules rulesets lists them",
                ),
                Place(reports[0]),
            )
        )
    rules = ruleset_asked(ruleset)
    return lambda file: drafted_facts(Path(file), rules) if is_report(file) else load_facts(file)

"""pytest plugin: the cases beside rulesets are tests.

Every ``cases/<year>/NAME.expected.json`` with its ``<year>.json`` two folders up is collected as a test of its own. With
``jmrules_min_coverage = 100`` in pytest's configuration, every ruleset with cases has one more, of its coverage of branches.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jmrules.cases.report import Report
    from jmrules.cases.run import Result

_EXPECTED = ".expected.json"
_YEAR = re.compile(r"[0-9]{4}")
_OPTION = "jmrules_min_coverage"


class CaseFailure(Exception):
    """A case that did not come out as expected."""

    def __init__(self, result: Result) -> None:
        self.result = result
        super().__init__(result.case.name)


class CoverageFailure(Exception):
    """A ruleset whose cases take too few of its branches."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(report.ruleset.reference)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what the configuration may say."""
    parser.addini(_OPTION, "percent of a ruleset's branches that its cases must take (0: not looked at)", default="0")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect cases, and rulesets with cases where their coverage is asked for."""
    if file_path.name.endswith(_EXPECTED):
        folder = file_path.parent
        if _YEAR.fullmatch(folder.name) and folder.parent.name == "cases" and _ruleset_beside(folder).is_file():
            return CaseFile.from_parent(parent, path=file_path)
        return None
    if file_path.suffix == ".json" and _YEAR.fullmatch(file_path.stem) and _asked(parent.config):
        from jmrules.cases.find import has_cases

        if has_cases(file_path):
            return RulesetFile.from_parent(parent, path=file_path)
    return None


def _ruleset_beside(folder: Path) -> Path:
    return folder.parents[1] / f"{folder.name}.json"


def _asked(config: pytest.Config) -> int:
    text = str(config.getini(_OPTION))
    if not text.isdecimal() or int(text) > 100:
        raise pytest.UsageError(f"{_OPTION} must be a whole percentage, 0 to 100, not {text!r}")
    return int(text)


class CaseFile(pytest.File):
    """A file of expected scores."""

    def collect(self) -> Iterator[pytest.Item]:
        """The one test that it is."""
        name = self.path.name.removesuffix(_EXPECTED)
        yield CaseItem.from_parent(self, name=name)


class RulesetFile(pytest.File):
    """A ruleset whose coverage counts."""

    def collect(self) -> Iterator[pytest.Item]:
        """The one test that it is."""
        yield CoverageItem.from_parent(self, name="coverage")


class _Item(pytest.Item):
    """A test of a ruleset: its failures are told in words, without a traceback."""

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test is, for pytest's reports."""
        return self.path, None, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **more: Any) -> Any:
        """A failure as its reader wants it."""
        from jmrules.cases.words import coverage_lines, result_lines
        from jmrules.errors import JmrulesError, language_asked

        error, language = excinfo.value, language_asked()
        if isinstance(error, CaseFailure):
            return "\n".join(result_lines(error.result, language))
        if isinstance(error, CoverageFailure):
            return "\n".join(coverage_lines(error.report, language))
        if isinstance(error, JmrulesError):
            return error.say(language)
        return super().repr_failure(excinfo, *args, **more)


class CaseItem(_Item):
    """One case."""

    def runtest(self) -> None:
        """Score the facts and compare."""
        from jmrules.cases.cases import load_case
        from jmrules.cases.run import run_case
        from jmrules.ruleset import load_ruleset

        folder = self.path.parent
        ruleset = load_ruleset(_ruleset_beside(folder))
        result = run_case(ruleset, load_case(folder / f"{self.name}.json", ruleset))
        if not result.passed:
            raise CaseFailure(result)


class CoverageItem(_Item):
    """The coverage of one ruleset."""

    def runtest(self) -> None:
        """Run all its cases and count the branches that they take."""
        from jmrules.cases.report import report_on

        report = report_on(self.path)
        if not report.coverage.reaches(_asked(self.config)):
            raise CoverageFailure(report)

"""The cases of a ruleset repository under plain pytest."""

import pytest

from cases.repository import CASES, YEAR, repository, write

pytest_plugins = ["pytester"]


@pytest.fixture
def run(pytester, monkeypatch):
    monkeypatch.setenv("JMRULES_LANG", "en")

    def run(*arguments):
        # By its module, whether or not this checkout is installed with its entry points.
        return pytester.runpytest_inprocess("-p", "no:jmrules", "-p", "jmrules.cases.plugin", *arguments)

    return run


def test_every_case_is_a_test(pytester, run):
    repository(pytester.path)
    run("-v").assert_outcomes(passed=2)


def test_a_failing_case_is_told_in_words(pytester, run):
    repository(pytester.path, indicators={"leaf": 6})
    found = run()
    found.assert_outcomes(passed=1, failed=1)
    lines = ["half *half.expected.json", "*: expected 6, got 5.00", "*5 of 10 points"]
    found.stdout.fnmatch_lines(lines)
    found.stdout.no_fnmatch_line("*Traceback*")


def test_a_case_that_cannot_be_read_is_told_in_words(pytester, run):
    repository(pytester.path)
    write(pytester.path / CASES / "half.expected.json", {"total": 5})
    found = run()
    found.assert_outcomes(passed=1, failed=1)
    found.stdout.fnmatch_lines(["*half.expected.json*grade is missing*"])


def test_one_case_can_be_run_alone(pytester, run):
    repository(pytester.path)
    run(f"{CASES}/half.expected.json").assert_outcomes(passed=1)


def test_coverage_is_a_test_where_it_is_asked_for(pytester, run):
    repository(pytester.path)
    pytester.makeini("[pytest]\njmrules_min_coverage = 80\n")
    run().assert_outcomes(passed=3)
    pytester.makeini("[pytest]\njmrules_min_coverage = 100\n")
    found = run()
    found.assert_outcomes(passed=2, failed=1)
    found.stdout.fnmatch_lines(["*branches: 4 of 5 covered (80.0%)", "*leaf: zero*", "*take all and set /x = 0"])


def test_a_senseless_percentage_is_refused(pytester, run):
    repository(pytester.path)
    pytester.makeini("[pytest]\njmrules_min_coverage = 101\n")
    found = run()
    assert found.ret != 0
    assert "jmrules_min_coverage" in found.stdout.str() + found.stderr.str()


def test_other_json_files_are_no_tests(pytester, run):
    write(pytester.path / "a.expected.json", {})
    write(pytester.path / "cases/2024/a.expected.json", {})
    write(pytester.path / "cases/drafts/a.expected.json", {})
    write(pytester.path / YEAR, {})
    run().assert_outcomes()

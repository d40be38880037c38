"""Cases in a folder: run, compared, and told apart from files that are no cases."""

import json

import pytest

from cases.repository import CASES, repository, write
from cases.sheets import facts_document
from jmrules import JmrulesError, load_ruleset
from jmrules.cases.cases import folder_of, load_cases
from jmrules.cases.exceptions import exceptions_file
from jmrules.cases.report import report_on
from jmrules.cases.run import run_case


def results(file):
    ruleset = load_ruleset(file)
    return {case.name: run_case(ruleset, case) for case in load_cases(folder_of(file), ruleset)}


def differences(file, name="half"):
    return [(each.kind, each.expected, each.got) for each in results(file)[name].differences]


def problems(file):
    with pytest.raises(JmrulesError) as caught:
        report_on(file)
    found = caught.value.problems
    assert all(problem.message.zh and problem.message.en and str(problem.place) for problem in found)
    return {problem.code for problem in found}


def test_cases_that_come_out_as_expected(tmp_path):
    found = results(repository(tmp_path))
    assert list(found) == ["all", "half"]
    assert all(result.passed for result in found.values())


def test_every_difference_is_told_with_how_it_came_about(tmp_path):
    file = repository(tmp_path, total=6, grade="pass", indicators={"leaf": 6})
    assert differences(file) == [("total", "6", "5.00"), ("grade", "pass", "fail"), ("awarded", "6", "5.00")]
    (awarded,) = [each for each in results(file)["half"].differences if each.kind == "awarded"]
    assert awarded.indicator == "leaf"
    assert "0.5" in awarded.explanation.zh
    assert "5 of 10 points" in awarded.explanation.en


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outcomes": {}}, []),
        ({"outcomes": {"leaf": "zero"}}, [("outcome", "zero", "scored")]),
        ({"losses": {"leaf": ["数"]}}, []),
        ({"losses": {"leaf": ["short of"]}}, []),
        ({"losses": {"leaf": ["something else"]}}, [("losses", "something else")]),
        ({"losses": {"leaf": []}}, [("losses", "")]),
        ({"losses": {"leaf": ["数", "数"]}}, [("losses", "数; 数")]),
        ({"indicators": None}, []),
        ({"total": None, "grade": None, "indicators": None, "errors": ["missing-fact"]}, [("errors", "missing-fact")]),
    ],
)
def test_what_a_case_may_expect(tmp_path, changed, told):
    found = differences(repository(tmp_path, **changed))
    assert [each[: len(wanted)] for each, wanted in zip(found, told, strict=True)] == told


def test_facts_that_cannot_be_scored_may_be_a_case(tmp_path):
    file = repository(tmp_path)
    write(tmp_path / CASES / "none.json", facts_document({}))
    write(tmp_path / CASES / "none.expected.json", {"errors": ["missing-fact"], "note": "缺少事实"})
    assert results(file)["none"].passed
    write(tmp_path / CASES / "none.expected.json", {"errors": ["wrong-fact-type"]})
    assert differences(file, "none") == [("errors", "wrong-fact-type", "missing-fact")]
    write(tmp_path / CASES / "none.expected.json", {"total": 1, "grade": "fail"})
    assert differences(file, "none") == [("errors", "1", "missing-fact")]


def test_facts_that_fit_no_ruleset_neither_cover_branches_nor_kill_mutants(tmp_path):
    file = repository(tmp_path)
    write(tmp_path / CASES / "none.json", facts_document({}))
    write(tmp_path / CASES / "none.expected.json", {"errors": ["missing-fact"]})
    report = report_on(file, mutate=True)
    assert "none" not in {name for names in report.coverage.taken_by.values() for name in names}
    assert "none" not in {case for _, case in report.mutation.killed}


def test_an_undefined_leaf_expected_as_an_error_kills_the_mutants_that_would_score_it(tmp_path):
    file = repository(tmp_path)
    document = json.loads(file.read_text("utf-8"))
    document["indicators"][0]["method"]["value"] = "1 / x"
    write(file, document)
    for name, x, expected in (
        ("half", 2, {"total": 5, "grade": "fail"}),
        ("all", 1, {"total": 10, "grade": "pass"}),
        ("none", 0, {"errors": ["undefined-value"]}),
    ):
        write(tmp_path / CASES / f"{name}.json", facts_document({"x": x}))
        write(tmp_path / CASES / f"{name}.expected.json", expected)
    killed = {mutant.id: case for mutant, case in report_on(file, mutate=True).mutation.killed}
    assert killed["/indicators/0/method/value: 1 / x → 1 * x"] == "half"
    (tmp_path / CASES / "half.json").unlink()
    (tmp_path / CASES / "half.expected.json").unlink()
    killed = {mutant.id: case for mutant, case in report_on(file, mutate=True).mutation.killed}
    assert killed["/indicators/0/method/value: 1 / x → 1 * x"] == "none"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("lonely.json", facts_document({"x": 1}), "no-expected"),
        ("lonely.expected.json", {"total": 1, "grade": "fail"}, "no-facts"),
        ("half.expected.json", {"total": 1}, "schema-required"),
        ("half.expected.json", {"total": "1", "grade": "fail"}, "schema-type"),
        ("half.expected.json", {"total": 1, "grade": "fail", "sum": 1}, "unknown-member"),
        ("half.expected.json", {"total": 1, "grade": "fail", "errors": ["x"]}, "unknown-member"),
        ("half.expected.json", {"total": 1, "grade": "best"}, "unknown-grade"),
        ("half.expected.json", {"total": 1, "grade": "fail", "indicators": {"leef": 1}}, "unknown-indicator"),
        ("half.expected.json", {"total": 1, "grade": "fail", "losses": {"leef": ["a"]}}, "unknown-indicator"),
        ("half.json", {"facts": {}}, "schema-required"),
        ("../2024.exceptions.json", {"unreachable": {"leaf: half": {"zh": "到不了"}}}, "unknown-branch"),
        ("../2024.exceptions.json", {"unreachable": {"leaf: full": "到不了"}}, "schema-type"),
        ("../2024.exceptions.json", {"unreachable": {"leaf: full": {"en": "no"}}}, "schema-required"),
    ],
)
def test_files_that_are_no_cases_are_told_at_their_place(tmp_path, name, content, code):
    file = repository(tmp_path)
    write(tmp_path / CASES / name, content)
    assert code in problems(file)


def test_all_that_is_wrong_with_the_cases_is_told_at_once(tmp_path):
    file = repository(tmp_path, grade="best", indicators={"leef": 1})
    write(tmp_path / CASES / "lonely.json", facts_document({"x": 1}))
    (tmp_path / CASES / "all.expected.json").write_text("{", encoding="utf-8")
    assert problems(file) >= {"unknown-grade", "unknown-indicator", "no-expected"}
    assert len(problems(file)) == 4


def test_exceptions_set_a_branch_aside_with_its_reason(tmp_path):
    file = repository(tmp_path)
    before = report_on(file)
    assert [branch.id for branch in before.coverage.uncovered] == ["leaf: zero"]
    write(exceptions_file(file), {"unreachable": {"leaf: zero": {"zh": "不会为零", "en": "never nothing"}}})
    after = report_on(file)
    assert not after.coverage.uncovered
    assert [branch.unreachable.zh for branch in after.coverage.unreachable] == ["不会为零"]


def test_an_exception_that_the_cases_prove_wrong_fails(tmp_path):
    file = repository(tmp_path)
    reason = {"zh": "误以为"}
    write(exceptions_file(file), {"unreachable": {"leaf: full": reason}})
    report = report_on(file)
    assert report.stale == ("leaf: full",)
    assert not report.holds(0, 0)
    killed, no_mutant = "/indicators/0/method/full_at: 1 → 0.99", "/indicators/0/method/full_at: 1 → 7"
    write(exceptions_file(file), {"equivalent": {killed: reason, no_mutant: reason}})
    assert report_on(file).stale == ()
    assert report_on(file, mutate=True).stale == (killed, no_mutant)


def test_nothing_is_mutated_where_a_case_fails(tmp_path):
    report = report_on(repository(tmp_path, total=6), mutate=True)
    assert report.mutation is None
    assert not report.holds(0, 0)


def test_the_written_numbers_are_exact(tmp_path):
    file = repository(tmp_path)
    path = tmp_path / CASES / "half.expected.json"
    path.write_text(json.dumps({"total": 5, "grade": "fail"}).replace("5,", "5.000000000000000000000001,"), "utf-8")
    assert differences(file) == [("total", "5.000000000000000000000001", "5.00")]


def opened(folder, bounds):
    """The repository, with ``half`` a department of which only two bounds are known."""
    file = repository(folder, total=None, grade=None, indicators=None, bounds=bounds)
    write(folder / CASES / "half.json", facts_document({"x": {"between": [0.3, 0.5]}}))
    return file


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ({"assertion": {"total": [3, 5], "grades": ["fail"], "indicators": {"leaf": [3, 5]}}}, []),
        ({"figure": {"total": [0, 10]}}, []),
        ({"assertion": {"total": [3, 5]}, "figure": {"total": [0, 9]}}, [("bounds", "0–9", "0.00–10.00")]),
        (
            {"assertion": {"total": [3, 4], "grades": ["fail", "pass"], "indicators": {"leaf": [5, 5]}}},
            [("bounds", "3–4", "3.00–5.00"), ("bounds", "fail, pass", "fail"), ("bounds", "5", "3.00–5.00")],
        ),
    ],
)
def test_facts_that_are_not_all_known_are_expected_to_score_between_bounds(tmp_path, bounds, told):
    assert differences(opened(tmp_path, bounds)) == told


def test_such_a_case_covers_no_branch_and_kills_no_mutant(tmp_path):
    report = report_on(opened(tmp_path, {"assertion": {"total": [3, 5]}}), mutate=True)
    assert not report.failed
    assert {name for cases in report.coverage.taken_by.values() for name in cases} == {"all"}
    assert {case for _, case in report.mutation.killed} <= {"all"}


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ({"assertion": {"total": [3, 5], "indicators": {"leef": [3, 5]}}}, "unknown-indicator"),
        ({"assertion": {"total": [3, 5], "grades": ["passed"]}}, "unknown-grade"),
        ({"assertion": {"grades": ["pass"]}}, "schema-required"),
        ({"rumour": {"total": [3, 5]}}, "bad-name"),
    ],
)
def test_bounds_that_no_case_can_expect(tmp_path, bounds, code):
    assert code in problems(opened(tmp_path, bounds))

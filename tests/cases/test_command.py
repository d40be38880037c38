"""``jmrules test``: exit codes, words in both languages, JSON for tools."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cases.repository import CASES, YEAR, repository, write
from jmrules.cli.main import app, main


def run(*arguments):
    return CliRunner().invoke(app, ["test", *map(str, arguments)])


def test_a_sound_ruleset_passes_and_what_is_uncovered_is_listed(tmp_path):
    found = run(repository(tmp_path), "--lang", "en")
    assert found.exit_code == 0
    assert "cases: 2 of 2 as expected" in found.output
    assert "branches: 4 of 5 covered (80.0%)" in found.output
    assert "leaf: zero" in found.output
    assert "take all and set /x = 0" in found.output


def test_a_failing_case_exits_1_with_a_diff(tmp_path):
    file = repository(tmp_path, indicators={"leaf": 6})
    for language, words in (("en", ("half", "indicator", "expected", "got")), ("zh", ("half", "指标", "应为", "实得"))):
        found = run(file, "--lang", language)
        assert found.exit_code == 1
        assert all(word in found.output for word in words)
        assert "5.00" in found.output


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--min-coverage", "80"), 0),
        (("--min-coverage", "81"), 1),
        (("--min-killed", "100"), 1),
        (("--mutate", "--min-killed", "10"), 0),
        (("--min-coverage", "101"), 2),
        (("--min-killed", "-1"), 2),
    ],
)
def test_thresholds(tmp_path, options, code):
    assert run(repository(tmp_path), *options).exit_code == code


def test_survivors_are_named_in_words(tmp_path):
    found = run(repository(tmp_path), "--mutate", "--lang", "en")
    assert "mutants:" in found.output
    assert "where it earns nothing" in found.output or "the mode" in found.output
    assert "→" in found.output


def test_json_tells_everything(tmp_path):
    file = repository(tmp_path, total=6)
    (told,) = json.loads(run(file, "--json").output)["rulesets"]
    assert told["ruleset"] == "somewhere/department-overall@2024"
    assert [(case["name"], case["passed"]) for case in told["cases"]] == [("all", True), ("half", False)]
    assert told["cases"][1]["differences"] == [{"kind": "total", "expected": "6", "got": "5.00"}]
    assert told["coverage"]["branches"] == 5
    (uncovered,) = told["coverage"]["uncovered"]
    assert uncovered["branch"] == "leaf: zero"
    assert uncovered["reach"] == {"case": "all", "changes": [{"pointer": "/x", "value": 0}]}
    (told,) = json.loads(run(repository(tmp_path), "--json", "--mutate").output)["rulesets"]
    assert told["mutation"]["mutants"] == len(told["mutation"]["killed"]) + len(told["mutation"]["survived"])
    assert all(set(mutant) >= {"mutant", "pointer", "label"} for mutant in told["mutation"]["survived"])


def test_a_folder_is_searched_for_rulesets_with_cases(tmp_path):
    repository(tmp_path / "one")
    repository(tmp_path / "two" / "deeper")
    write(tmp_path / "three" / "2024.json", {})
    found = run(tmp_path, "--lang", "en")
    assert found.exit_code == 0
    assert found.output.count("cases: 2 of 2") == 2


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda folder: None, None),
        (lambda folder: (folder / YEAR).unlink(), "no-such-file"),
        (lambda folder: (folder / YEAR).write_text("{", "utf-8"), None),
        (lambda folder: (folder / CASES / "half.expected.json").write_text("[]", "utf-8"), None),
        (lambda folder: [path.unlink() for path in (folder / CASES).iterdir()], None),
    ],
)
def test_bad_input_is_told_and_exits_2(tmp_path, monkeypatch, capsys, break_it, code):
    file = repository(tmp_path)
    break_it(tmp_path)
    broken = code is not None or run(file).exception is not None
    monkeypatch.setattr(sys, "argv", ["jmrules", "test", str(file), "--lang", "en"])
    with pytest.raises(SystemExit) as caught:
        main()
    said = capsys.readouterr()
    assert caught.value.code == (2 if broken else 0)
    assert ("error" in said.err) is broken


def test_an_unknown_reference_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["jmrules", "test", "nowhere/department-overall@2024", "--lang", "en"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "nowhere/department-overall" in capsys.readouterr().err


def test_the_command_does_not_load_testing_before_it_is_asked_to():
    code = "import sys, jmrules.cli.main; print([m for m in sys.modules if m.startswith('jmrules.cases')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

"""``jmrules new``: what it starts is sound, and passes its own cases."""

import json
import shlex

import pytest
from typer.testing import CliRunner

from jmrules import RulesetError, evaluate, load_facts, load_ruleset
from jmrules.cli.main import app
from jmrules.documents import check, read
from jmrules.ruleset.registry import summaries
from jmrules.ruleset.sources import sources

ID = "yunxi/department-overall"
SHIPPED = [summary.entry.reference for summary in summaries(sources()[:1])[0]]
BASE = "jiangmen/department-overall@2024"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JMRULES_PATH", "")
    return tmp_path / "rulesets"


def run(*arguments):
    return CliRunner().invoke(app, ["new", *map(str, arguments), "--lang", "en"])


def test_a_new_ruleset_is_sound_and_scores_its_example(folder):
    result = run(ID, 2025)
    assert result.exit_code == 0
    ruleset = load_ruleset(folder / ID / "2025.json")
    assert (ruleset.id, ruleset.fiscal_year, ruleset.status) == (ID, 2025, "draft")
    cases = folder / ID / "cases/2025"
    facts = load_facts(cases / "example.json")
    expected = json.loads((cases / "example.expected.json").read_text())
    evaluation = evaluate(ruleset, facts)
    assert (evaluation.total, evaluation.grade.id) == (expected["total"], expected["grade"])
    assert check(read(cases / "example.expected.json"), "expected") == []
    for path in (folder / ID / "2025.json", cases / "example.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))["$schema"]
        assert (path.parent / schema).resolve().is_file()
    for line in result.stdout.splitlines()[:-3]:
        assert (folder.parent / line).is_file()


def test_schemas_beside_the_folder_are_used_rather_than_copied(folder):
    schemas = folder.parent / "schemas"
    schemas.mkdir()
    for name in ("ruleset", "facts"):
        (schemas / f"{name}.schema.json").write_text("{}")
    assert run(ID, 2025).exit_code == 0
    assert (
        json.loads((folder / ID / "2025.json").read_text(encoding="utf-8"))["$schema"]
        == "../../../schemas/ruleset.schema.json"
    )
    assert not list(folder.glob("*.json"))


def test_next_years_overlay_scores_as_the_base_does(folder):
    assert run("jiangmen/department-overall", 2031, "--extends", BASE).exit_code == 0
    base, made = load_ruleset(BASE), load_ruleset(folder / "jiangmen/department-overall/2031.json")
    assert made.status == "draft" and "2031" in made.title.zh
    assert made.source.value["indicators"] == base.source.value["indicators"]
    assert "2031-12-31" in str(made.indicators) and "2024-12-31" not in str(made.indicators)
    cases = sorted((folder / "jiangmen/department-overall/cases/2031").glob("*.json"))
    facts = [path for path in cases if not path.name.endswith(".expected.json")]
    assert len(facts) * 2 == len(cases) > 10
    for path in facts:
        expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
        if "total" in expected:
            assert float(evaluate(made, load_facts(path)).total) == expected["total"]


def typed(result):
    """The commands that a run printed, as a shell takes them apart."""
    lines = [shlex.split(line) for line in result.stdout.splitlines() if line.startswith("  jmrules ")]
    assert len(lines) == 2
    return [words[1:] for words in lines]


@pytest.mark.parametrize("base", [None, *sorted(SHIPPED)])
@pytest.mark.parametrize("dir", ["rulesets", "评分 办法/$x"])
def test_exactly_the_commands_that_are_printed_work(folder, base, dir):
    arguments = [] if base is None else ["--extends", base]
    made = run("yunxi/some-evaluation", 2031, *arguments, "--dir", dir)
    assert made.exit_code == 0, made.output
    for command in typed(made):
        ran = CliRunner().invoke(app, [*command, "--lang", "en"])
        assert ran.exit_code == 0, (command, ran.output, ran.exception)


def test_a_base_given_as_a_file_is_found_again(folder, tmp_path):
    assert run(ID, 2025, "--dir", "elsewhere").exit_code == 0
    made = run("yunxi/next", 2026, "--extends", f"elsewhere/{ID}/2025.json")
    for command in typed(made):
        assert CliRunner().invoke(app, command).exit_code == 0
    (tmp_path / "loose.json").write_bytes((tmp_path / "elsewhere" / ID / "2025.json").read_bytes())
    error = run("yunxi/next", 2027, "--extends", "loose.json").exception
    assert error.problems[0].code == "not-found-by-reference"


def test_nothing_is_overwritten(folder):
    assert run(ID, 2025).exit_code == 0
    path = folder / ID / "2025.json"
    path.write_text("mine")
    error = run(ID, 2025).exception
    assert isinstance(error, RulesetError) and error.problems[0].code == "file-exists"
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("id", "year", "code"),
    [
        ("../up", 2025, "bad-identifier"),
        ("/abs/olute", 2025, "bad-identifier"),
        ("Alone", 2025, "bad-identifier"),
        ("one", 2025, "bad-identifier"),
        ("a/../../b", 2025, "bad-identifier"),
        (ID, 25, "bad-year"),
        (ID, 99999, "bad-year"),
    ],
)
def test_a_name_that_cannot_be_one_is_one_clear_error(folder, id, year, code):
    error = run(id, year).exception
    assert isinstance(error, RulesetError)
    (problem,) = error.problems
    assert problem.code == code and problem.hint is not None and problem.message.en
    assert not folder.exists()


def test_a_ruleset_cannot_extend_itself(folder):
    error = run("jiangmen/department-overall", 2024, "--extends", BASE).exception
    assert isinstance(error, RulesetError) and error.problems[0].code == "extends-itself"


def test_a_folder_that_cannot_be_written_is_one_clear_error(folder):
    folder.write_text("a file")
    error = run(ID, 2025).exception
    assert isinstance(error, RulesetError) and error.problems[0].code == "cannot-write"

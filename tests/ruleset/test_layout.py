"""The canonical layout: one form, whatever the members' order, and what is said stays the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from jmrules.cli.main import app
from jmrules.documents import canonical, document_of, parse, pretty, read
from jmrules.ruleset.layout import laid_out
from ruleset.edits import HEAD, edited
from strategies import cases, shuffled

ROOT = Path(__file__).parents[2] / "rulesets"
RULESETS = sorted(ROOT.glob("*/*/[0-9][0-9][0-9][0-9].json"))


@given(cases(), st.randoms())
def test_layout_keeps_what_is_said_and_is_stable(case, random):
    text = laid_out(document_of(shuffled(case.ruleset, random)))
    document = parse(text)
    assert canonical(document.value) == canonical(case.ruleset)
    assert laid_out(document) == text


@given(edited(), st.randoms())
def test_the_order_of_members_makes_no_difference_to_an_overlay(case, random):
    """But for names that an author chose, whose order is the author's."""
    _, _, changes = case
    overlay = {**HEAD, "extends": "a/b@2024", "changes": [change for change in changes if "indicator" in change]}
    values = [change.get("value", {}) for change in overlay["changes"]]
    assert all("item" not in value for value in values)
    assert laid_out(document_of(shuffled(overlay, random))) == laid_out(document_of(overlay))


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_shipped_rulesets_are_laid_out(path):
    assert path.read_text(encoding="utf-8") == laid_out(read(path))


def run(*arguments):
    return CliRunner().invoke(app, ["fmt", *map(str, arguments), "--lang", "en"])


def test_the_command_rewrites_files_and_folders_and_can_only_look(tmp_path):
    (tmp_path / "schemas").mkdir()
    schema = tmp_path / "schemas/some.schema.json"
    schema.write_text('{"a":   1}')
    path = tmp_path / "ruleset.json"
    original = pretty({"indicators": [], "id": "a/b"})
    path.write_text(original)
    assert run("--check", tmp_path).exit_code == 1
    assert path.read_text() == original
    assert run(tmp_path).exit_code == 0
    assert path.read_text() == '{"id": "a/b", "indicators": []}\n'
    assert run("--check", tmp_path).exit_code == 0
    assert schema.read_text() == '{"a":   1}'


def test_of_a_folder_only_what_is_ours_is_rewritten(tmp_path):
    """A folder may be anything, a home or a disk: what other programs keep in JSON is theirs."""
    others = {"package.json": '{"name":   "x"}', "settings.json": '{"id":   "a", "facts": 1}', "list.json": "[1,   2]"}
    for name, text in others.items():
        (tmp_path / name).write_text(text)
    ruleset = tmp_path / "place/evaluation/2024.json"
    ruleset.parent.mkdir(parents=True)
    ruleset.write_text('{"indicators":   [], "id": "a/b"}')
    assert run(tmp_path).exit_code == 0
    assert {name: (tmp_path / name).read_text() for name in others} == others
    assert ruleset.read_text() == '{"id": "a/b", "indicators": []}\n'


def test_numbers_stay_as_they_are_written(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text('{"a": 0.10, "b": 1.50, "c": 10000000000000000000000}')
    assert run(path).exit_code == 0
    assert path.read_text() == '{"a": 0.10, "b": 1.50, "c": 10000000000000000000000}\n'


def test_what_is_not_json_is_told_of_and_left_alone(tmp_path):
    path, fine = tmp_path / "a.json", tmp_path / "b.json"
    path.write_text("{")
    fine.write_text("{ }")
    result = run(path, fine, tmp_path / "none.json")
    assert result.exit_code == 2
    assert path.read_text() == "{" and fine.read_text() == "{}\n"

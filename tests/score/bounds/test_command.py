"""``jmrules score --trust`` on the real report."""

import sys
from pathlib import Path

import pytest

from jmrules.cli import main
from jmrules.documents import check, parse

REAL = Path(__file__).parents[3] / "rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"


@pytest.fixture
def jmrules(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["jmrules", *map(str, arguments)])
        monkeypatch.setattr("jmrules.cli.common._chosen", None)
        monkeypatch.setenv("COLUMNS", "80")
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_headline(jmrules):
    code, out, _ = jmrules("score", REAL, "--trust", "figure", "--lang", "en")
    assert code == 0
    assert "claimed 100   supported 2.00–100.00   possible grades excellent / good / fair /" in out
    assert max(len(line) for line in out.splitlines()[2:]) <= 80
    _, zh, _ = jmrules("score", REAL, "--trust", "figure", "--lang", "zh")
    assert "自评 100   可得 2.00–100.00   可能的等级 优 / 良 / 中 / 差" in zh


def test_the_document(jmrules, tmp_path):
    _, out, _ = jmrules("score", REAL, "--trust", "figure", "--json")
    document = parse(out)
    assert check(document, "trace") == []
    assert len(document.value["bounds"]["unknown"]) == 36
    file = tmp_path / "bounds.json"
    file.write_text(out, encoding="utf-8")
    code, said, _ = jmrules("validate", file, "--lang", "en")
    assert code == 0 and said.startswith(f"{file}: bounds (") and "none left out" in said
    file.write_text(out.replace('"low": ', '"low": 1', 1), encoding="utf-8")
    assert jmrules("validate", file)[0] == 2


def test_a_level_there_is_not(jmrules):
    code, _, err = jmrules("score", REAL, "--trust", "rumour")
    assert code == 2 and "rumour" in err

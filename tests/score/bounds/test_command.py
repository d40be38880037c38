"""``jmrules score --trust`` on the real report."""

import sys
from pathlib import Path

import pytest

from jmrules import bounds, load_facts, load_ruleset
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
    assert "claimed 100   supported 5.96–100.00*   possible grades excellent / good / fair /" in out
    assert max(len(line) for line in out.splitlines()[2:]) <= 80
    _, zh, _ = jmrules("score", REAL, "--trust", "figure", "--lang", "zh")
    assert "自评 100   可得 5.96–100.00*   可能的等级 优 / 良 / 中 / 差" in zh


def test_the_document(jmrules, tmp_path):
    _, out, _ = jmrules("score", REAL, "--trust", "figure", "--json")
    document = parse(out)
    assert check(document, "trace") == []
    facts = load_facts(REAL)
    found = bounds(load_ruleset(f"{facts.ruleset}@{facts.fiscal_year}"), facts, "figure")
    assert [each["fact"] for each in document.value["bounds"]["unknown"]] == [each.fact for each in found.worth]
    file = tmp_path / "bounds.json"
    file.write_text(out, encoding="utf-8")
    code, said, _ = jmrules("validate", file, "--lang", "en")
    assert code == 0 and said.startswith(f"{file}: bounds (") and "none left out" in said
    file.write_text(out.replace('"low": ', '"low": 1', 1), encoding="utf-8")
    assert jmrules("validate", file)[0] == 2


def test_a_level_there_is_not(jmrules):
    code, _, err = jmrules("score", REAL, "--trust", "rumour")
    assert code == 2 and "rumour" in err


def test_facts_that_are_not_all_known_are_told_at_once_on_statements_and_on_figures(jmrules):
    code, out, _ = jmrules("score", REAL, "--lang", "en")
    lines = out.splitlines()
    assert code == 0
    totals, matters, first = "\n".join(lines[1 : lines.index("")]), "cross-footing", "ask first for"
    assert "claimed 100 excellent | on its own statements 38.96–100.00 | on its figures 5.96–100.00" in totals
    assert matters in totals and f"{first}  benefit indicators 15.00" in totals
    row = next(line for line in lines if "fund expenditure rate" in line).split()
    assert row[-3:] == ["—", "3.96–10.00*", "3.96–10.00"]
    assert "no score lies outside" in out and "supply this alone" in out
    _, zh, _ = jmrules("score", REAL, "--lang", "zh")
    assert "自评 100 优 | 照其所述 38.96–100.00 | 只凭数据 5.96–100.00" in zh and "先补充  效益指标 15.00 分" in zh


def test_their_document_is_the_one_of_the_bounds(jmrules):
    code, out, _ = jmrules("score", REAL, "--json")
    document = parse(out)
    assert (code, check(document, "trace")) == (0, [])
    assert document.value["total"] is None and document.value["bounds"]["trust"] == "assertion"


def test_they_are_sound_facts_and_what_reads_none_of_them_is_explained(jmrules):
    code, out, _ = jmrules("validate", REAL, "--lang", "en")
    assert code == 0 and "facts (29 not known, so the score is an interval), sound" in out
    code, out, _ = jmrules("explain", REAL, "--lang", "en")
    assert code == 0
    assert "budget constraint  2.00 / 2.00" in out and "0.02%" in out
    assert "fund expenditure rate  3.96–10.00 / 10.00" in out
    assert "open, for these are not known: budget adjustments" in out

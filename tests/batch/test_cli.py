"""``jmrules batch`` as it is typed."""

import json
import sys
from contextlib import suppress

import pyarrow.parquet as pq
import pytest

from batch import files
from jmrules.cli import main


@pytest.fixture
def jmrules(monkeypatch, capsys, tmp_path):
    """Run the command with arguments; what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("jmrules.cli.common._chosen", None)

    def run(*arguments, fails=False):
        monkeypatch.setattr(sys, "argv", ["jmrules", *map(str, arguments)])
        code = 0
        with suppress(SystemExit):
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
                raise
        printed = capsys.readouterr()
        assert bool(code) is fails, printed.err
        return printed.err if fails else printed.out

    return run


def test_scores_rejects_and_summary(jmrules, tmp_path):
    rows = [row | ({"budget": -row["budget"]} if index == 2 else {}) for index, row in enumerate(files.departments(9))]
    source, ruleset = files.parquet(tmp_path, rows), files.ruleset_file(tmp_path)
    said = jmrules(
        "batch", source, "--ruleset", ruleset, "-o", "out.csv", "--key", "dept", "--summary", "sum.json", "--chunk", 4, "--lang", "en"
    )  # fmt: skip
    assert "8 departments scored, 1 not" in said
    assert "out.rejects.csv" in said
    assert max(map(len, said.splitlines())) <= 80
    assert json.loads((tmp_path / "sum.json").read_text("utf-8"))["rejected"] == 1
    assert len((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()) == 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_row_explained(jmrules, tmp_path, language):
    source = files.csv(tmp_path, files.departments(9))
    said = jmrules(
        "batch", source, "--ruleset", files.ruleset_file(tmp_path), "--key", "dept", "--explain", 4, "--lang", language
    )
    total = {"zh": "总分", "en": "total"}[language]
    jmrules("batch", source, "--ruleset", "ruleset.json", "-o", "out.parquet")
    line = pq.read_table(tmp_path / "out.parquet").to_pylist()[3]
    assert f"{total} {line['total']}" in said
    assert "103" in said
    assert "10" in jmrules("batch", source, "--ruleset", "ruleset.json", "--explain", 10, fails=True)


def test_what_is_computed_by_columns(jmrules, tmp_path):
    said = jmrules("batch", "nothing.parquet", "--ruleset", files.ruleset_file(tmp_path), "--plan", "--lang", "en")
    assert said.count("by columns") == 3


def test_errors_say_what_to_do_and_exit_with_2(jmrules, tmp_path):
    table = files.table(files.departments(3)).rename_columns(["dept", "budgt", "spent", "audited", "filed", "outputs"])
    pq.write_table(table, tmp_path / "in.parquet")
    said = jmrules(
        "batch",
        "in.parquet",
        "--ruleset",
        files.ruleset_file(tmp_path),
        "-o",
        "out.parquet",
        "--lang",
        "zh",
        fails=True,
    )
    assert "--map budget=budgt" in said
    assert not (tmp_path / "out.parquet").exists()


def test_spark_reads_and_writes_parquet_only(jmrules, tmp_path):
    source, ruleset = files.csv(tmp_path, files.departments(3)), files.ruleset_file(tmp_path)
    said = jmrules(
        "batch", source, "--ruleset", ruleset, "-o", "out.parquet", "--engine", "spark", "--lang", "en", fails=True
    )
    assert "Parquet" in said


def test_missing_packages_are_named(jmrules, tmp_path, monkeypatch):
    monkeypatch.setattr("jmrules.batch.needs.find_spec", lambda name: None)
    said = jmrules("batch", "in.parquet", "--ruleset", "x", "-o", "out.parquet", "--lang", "en", fails=True)
    assert "pip install" in said
    assert "jmrules[batch]" in said

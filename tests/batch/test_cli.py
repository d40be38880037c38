"""``jmrules batch`` as it is typed."""

import json

import pyarrow.parquet as pq
import pytest

from batch import files


@pytest.fixture
def command(jmrules, monkeypatch, tmp_path):
    """Run the command in a folder of its own; what it prints, or what it says is wrong where it ``fails``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments, fails=False, code=None):
        ran = jmrules(*arguments)
        assert ran.code == code if code is not None else bool(ran.code) is fails, ran.err
        return ran.err if fails else ran.out

    return run


def test_scores_rejects_and_summary(command, tmp_path):
    rows = [row | ({"budget": -row["budget"]} if index == 2 else {}) for index, row in enumerate(files.departments(9))]
    source, ruleset = files.parquet(tmp_path, rows), files.ruleset_file(tmp_path)
    said = command(
        "batch", source, "--ruleset", ruleset, "-o", "out.csv", "--key", "dept", "--summary", "sum.json", "--chunk", 4, "--lang", "en",
        code=1,
    )  # fmt: skip
    assert "8 departments scored, 1 not" in said
    assert "out.rejects.csv" in said
    assert max(map(len, said.splitlines())) <= 80
    assert json.loads((tmp_path / "sum.json").read_text("utf-8"))["rejected"] == 1
    assert len((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()) == 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_row_explained(command, tmp_path, language):
    source = files.csv(tmp_path, files.departments(9))
    said = command(
        "batch", source, "--ruleset", files.ruleset_file(tmp_path), "--key", "dept", "--explain", 5, "--lang", language
    )
    total = {"zh": "总分", "en": "total"}[language]
    command("batch", source, "--ruleset", "ruleset.json", "-o", "out.parquet")
    line = pq.read_table(tmp_path / "out.parquet").to_pylist()[3]
    assert f"{total} {line['total']}" in said
    assert "103" in said
    for row in (1, 11):
        assert str(row) in command("batch", source, "--ruleset", "ruleset.json", "--explain", row, fails=True)


@pytest.mark.parametrize(("budgets", "code"), [(["1", "2"], 0), (["1", "无"], 1), (["无", "=1"], 2), ([], 2)])
def test_the_exit_code_says_whether_all_some_or_none_were_scored(command, tmp_path, budgets, code):
    lines = [
        "情况表,,,",
        "dept,budget,支出,outputs",
        *(f"教育局[a]{n},{each},1,[]" for n, each in enumerate(budgets)),
        "合计,9,9,",
    ]
    (tmp_path / "in.csv").write_text("\n".join(lines), "utf-8")
    said = command(
        "batch", "in.csv", "--ruleset", files.ruleset_file(tmp_path), "-o", "out.csv", "--key", "dept", code=code
    )
    if code < 2:
        assert "教育局[a]0" in said


def test_what_was_found_is_said_and_what_is_asked_can_be_answered(command, tmp_path, jmrules):
    text = "dept,budget,支出,outputs,备注\nA,1,1,[],x\n\ndept,budget,spent,outputs,备注\nB,1,1,[],x\n合计,1,1,,\n"
    (tmp_path / "in.csv").write_text(text, "gb18030")
    shared = ("batch", "in.csv", "--ruleset", files.ruleset_file(tmp_path), "-o", "out.csv")
    assert "--header-row" in command(*shared, fails=True)
    ran = jmrules(*shared, "--header-row", 4, lang="zh")
    assert ran.code == 0
    for word in ("GB18030", "第 6 行是合计行", "没有用到的列：dept、备注"):
        assert word in ran.err, word
    assert "--sheet" in command(*shared, "--sheet", "表", fails=True)
    files.excel(tmp_path, files.departments(2))
    assert "Sheet" in command("batch", "in.xlsx", *shared[2:], "--sheet", "表", fails=True)
    files.parquet(tmp_path, files.departments(2))
    assert "Excel" in command("batch", "in.parquet", *shared[2:], "--header-row", 2, fails=True)


def test_what_is_computed_by_columns(command, tmp_path):
    said = command("batch", "nothing.parquet", "--ruleset", files.ruleset_file(tmp_path), "--plan", "--lang", "en")
    assert said.count("by columns") == 3


def test_errors_say_what_to_do_and_exit_with_2(command, tmp_path):
    table = files.table(files.departments(3)).rename_columns(["dept", "budgt", "spent", "audited", "filed", "outputs"])
    pq.write_table(table, tmp_path / "in.parquet")
    said = command(
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


def test_spark_reads_and_writes_parquet_only(command, tmp_path):
    source, ruleset = files.csv(tmp_path, files.departments(3)), files.ruleset_file(tmp_path)
    said = command(
        "batch", source, "--ruleset", ruleset, "-o", "out.parquet", "--engine", "spark", "--lang", "en", fails=True
    )
    assert "Parquet" in said


def test_missing_packages_are_named(command, tmp_path, monkeypatch):
    monkeypatch.setattr("jmrules.extras.find_spec", lambda name: None)
    said = command("batch", "in.parquet", "--ruleset", "x", "-o", "out.parquet", "--lang", "en", fails=True)
    assert "pip install" in said
    assert "jmrules[batch]" in said


def test_a_summary_is_never_written_over_what_is_read(command, tmp_path):
    source, ruleset = files.parquet(tmp_path, files.departments(5)), files.ruleset_file(tmp_path)
    for summary in (source, ruleset, "out.csv"):
        said = command("batch", source, "--ruleset", ruleset, "-o", "out.csv", "--summary", summary, fails=True)
        assert "would overwrite" in said
    assert not (tmp_path / "out.csv").exists()

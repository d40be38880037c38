"""What is wrong with files and columns is told at once, and never leaves a file that looks whole."""

import errno
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch import files
from jmrules import FactsError, JmrulesError, load_ruleset
from jmrules.batch import run
from jmrules.batch.errors import BatchError
from jmrules.batch.mapping import mapped
from jmrules.batch.sources import open_source
from jmrules.batch.text import typed

ROWS = files.departments(12)


def codes(error):
    return sorted(problem.code for problem in error.problems)


def refuses(job):
    with pytest.raises(JmrulesError) as caught:
        run(job())
    assert all(problem.message.zh and problem.message.en for problem in caught.value.problems)
    return caught.value


def test_missing_and_mistyped_columns_are_told_together_with_a_suggestion(tmp_path):
    table = files.table(ROWS).drop_columns(["budget", "outputs"]).append_column("budgt", pa.array([1.0] * 12))
    table = table.set_column(1, "spent", pa.array([1.0] * 12, pa.float32()))
    pq.write_table(table, tmp_path / "in.parquet")
    error = refuses(lambda: files.job(tmp_path / "in.parquet", tmp_path / "out.parquet"))
    assert isinstance(error, FactsError)
    assert codes(error) == ["missing-column", "missing-column", "mistyped-column"]
    assert "budgt" in error.say("zh")
    assert "float64" in error.say("en")
    assert not (tmp_path / "out.parquet").exists()


def test_fields_of_items_are_looked_at_too(tmp_path):
    items = pa.array([[{"target": "ten"}]] * 12, pa.list_(pa.struct([("target", pa.string())])))
    table = files.table(ROWS)
    pq.write_table(table.set_column(5, "outputs", items), tmp_path / "in.parquet")
    error = refuses(lambda: files.job(tmp_path / "in.parquet", tmp_path / "out.parquet"))
    assert [(problem.code, problem.place.pointer) for problem in error.problems] == [
        ("mistyped-column", "/outputs/target"), ("missing-column", "/outputs/actual"),
    ]  # fmt: skip


def test_names_in_options_are_checked_together(tmp_path):
    source = files.parquet(tmp_path, ROWS)
    error = refuses(
        lambda: files.job(
            source, tmp_path / "out.parquet", key="dpt", keep=["x"], pairs=["budgett=spent", "budget=spnt", "budget"],
            lists=["spent=a.csv:id", "outputs=none.csv:id"],
        )
    )  # fmt: skip
    assert codes(error) == ["misread-option", "no-such-column", "no-such-column", "no-such-column", "no-such-fact",
                            "no-such-file", "no-such-list-fact"]  # fmt: skip


@pytest.mark.parametrize("name", ["支出（人）", "支出（美元）", "支出（万）", "支出（单位：教育局）"])
def test_a_column_that_says_it_is_in_another_unit(tmp_path, name):
    document = json.loads(json.dumps(files.DOCUMENT))
    document["facts"]["spent"]["unit"] = "CNY_10k"
    (tmp_path / "in.csv").write_text(f"dept,budget,{name},outputs\nA,100,5,[]\n", "utf-8")
    with pytest.raises(BatchError) as caught:
        mapped(load_ruleset(document), open_source(tmp_path / "in.csv"), [f"spent={name}"])
    assert codes(caught.value)[0] in ("column-unit", "unknown-unit")
    assert name in caught.value.say("zh") and "万元" in caught.value.say("zh")
    assert "C1" in caught.value.say("zh")


@pytest.mark.parametrize("name", ["支出（万元）", "支出（2024年）", "支出（元）合计", "支出"])
def test_columns_in_the_units_of_their_facts_or_of_none(tmp_path, name):
    document = json.loads(json.dumps(files.DOCUMENT))
    document["facts"]["spent"]["unit"] = "CNY_10k"
    (tmp_path / "in.csv").write_text(f"dept,budget,{name},outputs\nA,100,5,[]\n", "utf-8")
    columns = mapped(load_ruleset(document), open_source(tmp_path / "in.csv"), [f"spent={name}"])
    assert columns.facts["spent"] == name


def test_how_numbers_are_to_be_written_tells_their_unit():
    document = json.loads(json.dumps(files.DOCUMENT))
    document["facts"]["spent"]["unit"] = "CNY_10k"
    declaration = next(fact for fact in load_ruleset(document).facts if fact.id == "spent")
    made, wrong = typed(declaration, pa.array(["12", "120万元", "1,200", "12亿", "1,20"]))
    assert made.to_pylist()[:3] == [12, 120, 1200]
    assert sorted(wrong) == [3, 4]
    assert "万元" in wrong[3].hint.zh and "CNY 10k" in wrong[3].hint.en


def test_a_department_twice_and_one_without_a_key(tmp_path):
    rows = [dict(row) for row in ROWS]
    rows[9]["dept"], rows[10]["dept"] = rows[1]["dept"], None
    source = files.parquet(tmp_path, rows)
    summary = run(files.job(source, tmp_path / "out.parquet", rows=4, language="en"))
    assert (summary.scored, summary.rejected) == (9, 3)
    told = (tmp_path / "out.rejects.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in told[1:]] == ["duplicate-key", "duplicate-key", "no-key"]
    assert "2, 10" in told[1] and told[3].startswith("11,")


def test_items_of_nobody(tmp_path):
    pq.write_table(
        pa.table({"id": ["D0001", "nobody"], "target": [1.0, 1.0], "actual": [1.0, 1.0]}), tmp_path / "items.parquet"
    )
    source = files.parquet(tmp_path, ROWS)
    error = refuses(
        lambda: files.job(source, tmp_path / "out.parquet", lists=[f"outputs={tmp_path / 'items.parquet'}:id"])
    )
    assert codes(error) == ["orphan-items"]
    assert "nobody" in error.say("en")


@pytest.mark.parametrize("keep", [0, 4, 100, -20])
def test_damaged_files(tmp_path, keep):
    source = files.parquet(tmp_path, ROWS)
    source.write_bytes(source.read_bytes()[:keep])
    assert codes(refuses(lambda: files.job(source, tmp_path / "out.parquet"))) == ["unreadable-file"]


def test_damage_inside_a_file(tmp_path):
    source = files.parquet(tmp_path, files.departments(3000), compression="zstd")
    content = bytearray(source.read_bytes())
    content[200:2000] = bytes(1800)
    source.write_bytes(content)
    assert codes(refuses(lambda: files.job(source, tmp_path / "out.parquet"))) == ["unreadable-file"]
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize(("name", "content"), [("in.xlsx", b"no workbook"), ("in.arrow", b"ARROW1"), ("in.csv", b"")])
def test_files_that_are_not_what_their_name_says(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert codes(refuses(lambda: files.job(tmp_path / name, tmp_path / "out.parquet"))) == ["unreadable-file"]


def test_what_is_read_is_never_written_over(tmp_path):
    source = files.parquet(tmp_path, ROWS)
    before = source.read_bytes()
    linked = tmp_path / "linked.parquet"
    linked.symlink_to(source)
    for output in (source, linked, source.parent / "." / source.name):
        assert codes(refuses(lambda output=output: files.job(source, output))) == ["overwrites"]
    (tmp_path / "x.rejects.csv").write_text("dept,budget,spent,outputs\n", "utf-8")
    assert codes(refuses(lambda: files.job(tmp_path / "x.rejects.csv", tmp_path / "x.csv"))) == ["overwrites"]
    assert source.read_bytes() == before


def test_a_folder_is_no_file(tmp_path):
    assert codes(refuses(lambda: files.job(tmp_path, tmp_path / "out.csv"))) == ["is-a-folder"]


def test_unknown_formats_and_absent_files(tmp_path):
    assert codes(refuses(lambda: files.job(tmp_path / "in.txt", tmp_path / "out.parquet"))) == ["unknown-format"]
    assert codes(refuses(lambda: files.job(tmp_path / "in.csv", tmp_path / "out.parquet"))) == ["no-such-file"]
    source = files.parquet(tmp_path, ROWS)
    assert codes(refuses(lambda: files.job(source, tmp_path / "out.docx"))) == ["unknown-format"]


def test_strict_stops_and_leaves_nothing(tmp_path):
    rows = [row | ({"budget": -row["budget"]} if index == 5 else {}) for index, row in enumerate(ROWS)]
    source = files.parquet(tmp_path, rows)
    error = refuses(lambda: files.job(source, tmp_path / "out.parquet", rows=4, strict=True))
    assert isinstance(error, BatchError)
    assert "6" in error.say("zh")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.parametrize("after", [0, 2, 4])
def test_a_full_disk_leaves_no_output_and_what_is_done_is_kept(tmp_path, monkeypatch, after):
    source, output = files.parquet(tmp_path, ROWS), tmp_path / "out.parquet"
    replace, left = os.replace, [after]

    def full(one, other):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(one, other)

    monkeypatch.setattr(os, "replace", full)
    assert codes(refuses(lambda: files.job(source, output, rows=4))) == ["disk-full"]
    assert not output.exists()
    monkeypatch.setattr(os, "replace", replace)
    assert run(files.job(source, output, rows=4)).scored == 12
    assert not list(tmp_path.glob(".*"))

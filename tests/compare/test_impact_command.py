"""``jmrules impact`` on a table, as it is typed."""

import copy
import json
from decimal import Decimal as D

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from batch import files

AFTER = copy.deepcopy(files.DOCUMENT)
AFTER["fiscal_year"] = 2025
AFTER["facts"]["online"] = {"type": "boolean", "label": {"zh": "上网", "en": "online"}}
AFTER["indicators"][0]["points"] = 3
AFTER["indicators"].append(
    files.leaf(
        "web", 1, {"kind": "checklist", "items": [{"id": "w", "label": {"zh": "上网"}, "share": 1, "when": "online"}]}
    )
)
ROWS = files.departments(30)


@pytest.fixture
def impact(jmrules, monkeypatch, tmp_path):
    """Run the command on ``test/batch`` before and after; exit code, what it prints, and what it says is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name, document in (("before", files.DOCUMENT), ("after", AFTER)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document), "utf-8")

    def run(*arguments):
        ran = jmrules("impact", "before.json", "after.json", *arguments, lang="zh")
        return ran.code, ran.out, ran.err

    return run


def documents(folder, rows):
    """The same departments as facts documents."""
    folder.mkdir()
    for row in rows:
        document = {
            "ruleset": "test/batch", "fiscal_year": 2024, "subject": {"name": row["dept"]}, "facts": files.facts_alone(row),
        }  # fmt: skip
        (folder / f"{row['dept']}.json").write_text(json.dumps(document, default=float), "utf-8")
    return folder


def departments(text):
    return [
        {name: value for name, value in each.items() if name not in ("file", "row")}
        for each in json.loads(text, parse_float=D)["departments"]
    ]


@pytest.mark.parametrize("write", [files.csv, files.parquet, files.arrow, files.excel])
def test_a_table_in_any_format_is_the_departments_as_documents(impact, tmp_path, write):
    options = ("--json", "--assume", "online=true")
    code, as_table, _ = impact(write(tmp_path, ROWS), "--key", "dept", *options)
    _, as_documents, _ = impact(documents(tmp_path / "facts", ROWS), *options)
    assert code == 0
    assert departments(as_table) == departments(as_documents)
    one, other = (json.loads(text) for text in (as_table, as_documents))
    for name in ("before", "after", "distribution", "totals", "newly_needed", "no_longer_used", "not_scored"):
        assert one[name] == other[name], name
    assert {each["id"]: each["change"] for each in one["indicators"]} == {
        each["id"]: each["change"] for each in other["indicators"]
    }
    # a sheet counts its head as the first row
    first = 2 if write in (files.csv, files.excel) else 1
    assert [each["row"] for each in one["departments"]] == list(range(first, len(ROWS) + first))


def test_lists_may_stand_in_a_file_of_their_own(impact, tmp_path):
    table = files.table(ROWS)
    items = [(row["dept"], item["target"], item["actual"]) for row in ROWS for item in row["outputs"]][::-1]
    pq.write_table(
        pa.table(dict(zip(("of", "aim", "actual"), map(list, zip(*items, strict=True)), strict=True))), "items.parquet"
    )
    pq.write_table(table.drop_columns("outputs").rename_columns({"spent": "支出"}), "in.parquet")
    pq.write_table(table, "whole.parquet")
    options = ("--key", "dept", "--json", "--assume", "online=false")
    apart = impact(
        "in.parquet",
        "--list",
        "outputs=items.parquet:of",
        "--map",
        "outputs.target=aim",
        "--map",
        "spent=支出",
        *options,
    )
    whole = impact("whole.parquet", *options)
    assert apart[0] == 0
    assert [each["change"] for each in departments(apart[1])] == [each["change"] for each in departments(whole[1])]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_it_prints_fits_80_columns_and_says_who_is_left_out(impact, tmp_path, language):
    rows = [row | ({"budget": D(0)} if row["dept"] in ("D0003", "D0004") else {}) for row in ROWS]
    table = files.table(rows).append_column(
        "online", pa.array([None if i == 9 else i % 2 == 0 for i in range(len(rows))])
    )
    pq.write_table(table, tmp_path / "in.parquet")
    code, said, _ = impact("in.parquet", "--key", "dept", "--limit", 4, "--lang", language)
    assert code == 0
    assert all(cell_len(line) <= 80 for line in said.splitlines())
    words = {
        "zh": ("27 个部门", "另有 23 个部门", "30 个部门中的 2 个", "第 4 行 D0003、第 5 行 D0004", "--assume online=值", "第 10 行 D0009"),
        "en": ("departments: 27", "23 more", "2 of 30 departments", "row 4 D0003, row 5 D0004", "--assume online=VALUE", "row 10 D0009"),
    }[language]  # fmt: skip
    for word in words:
        assert word in said, word


def test_columns_that_either_ruleset_lacks_are_told_together(impact, tmp_path):
    table = files.table(ROWS).drop_columns(["budget"])
    pq.write_table(table.set_column(1, "spent", pa.array([1.0] * len(ROWS), pa.float32())), tmp_path / "in.parquet")
    code, said, wrong = impact("in.parquet", "--lang", "en")
    assert code == 2 and not said
    assert "3 problems" in wrong
    assert "budget (budget) is missing; test/batch@2024 and test/batch@2025 need it" in wrong
    assert "online) is missing; test/batch@2025 needs it" in wrong
    assert "--assume online=VALUE" in wrong and "--assume budget" not in wrong
    assert "of type float" in wrong


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("in.parquet", "facts.json"), "one table alone"),
        (("in.parquet", "in.parquet"), "one table alone"),
        (("facts.json", "--key", "dept"), "for tables alone"),
        (("in.parquet", "--assume", "online=7"), "true or false"),
        (("in.parquet", "--assume", "outputs=[3]"), "a list of objects"),
        (("in.parquet", "--assume", "online=true", "--key", "dep"), "did you mean 'dept'"),
        (("in.parquet", "--assume", "online=true", "--map", "spnt=spent"), "did you mean 'spent'"),
        (("twice.parquet", "--assume", "online=true", "--key", "dept"), "stands in rows 1, 31"),
        (("broken.parquet",), "damaged"),
        (("none.csv",), "no such file"),
        (("empty.parquet", "--assume", "online=true"), "no departments"),
    ],
)
def test_what_cannot_be_is_one_clear_error(impact, tmp_path, arguments, word):
    files.parquet(tmp_path, ROWS)
    pq.write_table(files.table(ROWS + ROWS), tmp_path / "twice.parquet")
    pq.write_table(files.table([]), tmp_path / "empty.parquet")
    (tmp_path / "broken.parquet").write_bytes((tmp_path / "in.parquet").read_bytes()[:200])
    code, _, wrong = impact(*arguments, "--lang", "en")
    assert code == 2
    assert word in wrong


def test_nothing_compared_ends_with_2_and_its_reasons_together(impact, tmp_path):
    rows = [row | {"budget": D(0) if row["dept"] < "D0010" else row["budget"]} for row in ROWS]
    table = files.table(rows).append_column("online", pa.nulls(len(rows), pa.bool_()))
    pq.write_table(table, tmp_path / "in.parquet")
    code, said, wrong = impact("in.parquet", "--lang", "en")
    assert code == 2 and not said
    assert "2 problems" in wrong
    assert "--assume online=VALUE" in wrong
    assert "and 5 more" in wrong and "and 15 more" in wrong


def test_text_that_is_no_value_refuses_its_department_alone(impact, tmp_path):
    file = files.csv(tmp_path, ROWS)
    file.write_text(file.read_text("utf-8-sig").replace("D0002,102", "D0002,many"), "utf-8")
    _, said, _ = impact(file, "--key", "dept", "--json", "--assume", "online=true")
    found = json.loads(said)
    assert (found["totals"]["scored"], found["not_scored"]["before"]) == (len(ROWS) - 1, 1)
    (reason,) = found["not_scored"]["reasons"]
    assert (reason["code"], reason["first"][0]["row"]) == ("wrong-fact-type", 4)
    assert "many" in found["departments"][2]["problems"][0]["message"]["en"]


def test_limited_json_holds_those_named(impact, tmp_path):
    file = files.parquet(tmp_path, ROWS)
    _, said, _ = impact(file, "--json", "--limit", 3, "--assume", "online=true")
    assert len(json.loads(said)["departments"]) == 3
    _, said, _ = impact(file, "--json", "--limit", 0, "--assume", "online=true")
    assert json.loads(said)["departments"] == []

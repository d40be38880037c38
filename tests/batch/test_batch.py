"""A batch scores every department as ``evaluate`` does, whatever the formats, chunks and interruptions."""

import json
from decimal import Decimal as D

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch import files
from jmrules import evaluate
from jmrules.batch import run

ROWS = files.departments(40)


def scored(rows):
    """What the exact backend says of each."""
    made = []
    for row in rows:
        evaluation = evaluate(files.ruleset(), files.facts_alone(row))
        awards = [D(award).scaleb(-2) for award in evaluation.outcome.awards]
        made.append((row["dept"], *awards, evaluation.total, evaluation.grade.id))
    return made


def read(file):
    """The scores in a file, as ``scored`` gives them."""
    if file.suffix == ".parquet":
        lines = pq.read_table(file).to_pylist()
    elif file.suffix == ".arrow":
        lines = pa.ipc.open_file(pa.memory_map(str(file))).read_all().to_pylist()
    elif file.suffix == ".csv":
        import csv

        with file.open(encoding="utf-8-sig") as opened:
            lines = list(csv.DictReader(opened))
    else:
        from openpyxl import load_workbook

        head, *rest = load_workbook(file).active.iter_rows(values_only=True)
        lines = [dict(zip(head, line, strict=True)) for line in rest]
    points = ("awarded.rate", "awarded.done", "awarded.order", "total")
    return [(line["dept"], *(round(D(str(line[name])), 2) for name in points), line["grade"]) for line in lines]


@pytest.mark.parametrize("kind", ["parquet", "csv", "excel", "arrow"])
@pytest.mark.parametrize("ending", [".parquet", ".csv", ".xlsx", ".arrow"])
def test_every_format_in_and_out(tmp_path, kind, ending):
    source = getattr(files, kind)(tmp_path, ROWS)
    output = tmp_path / f"out{ending}"
    summary = run(files.job(source, output, rows=7))
    assert read(output) == scored(ROWS)
    assert (summary.scored, summary.rejected) == (40, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, output.name])


class Killed(Exception):
    """What stops a run in the middle."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.integers(1, 9), st.integers(0, 8), st.booleans())
def test_resumed_is_uninterrupted(tmp_path_factory, rows, chunks, half_written):
    folder = tmp_path_factory.mktemp("resumed")
    source, output = files.parquet(folder, ROWS), folder / "out.parquet"
    left = [chunks]

    def stop(done, total):
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    try:
        run(files.job(source, output, rows=rows, progress=stop))
    except Killed:
        assert not output.exists()
        if half_written:
            (folder / "out.parquet.parts" / f"{chunks + 1:08d}.tmp").write_bytes(b"half")
    seen = []
    summary = run(files.job(source, output, rows=rows, progress=lambda done, total: seen.append(done)))
    again = folder / "again.parquet"
    assert run(files.job(source, again, rows=40)) == summary
    assert pq.read_table(output).equals(pq.read_table(again))
    assert not (folder / "out.parquet.parts").exists()


def test_parts_of_another_input_are_not_used(tmp_path):
    source, output = files.parquet(tmp_path, ROWS[:20]), tmp_path / "out.parquet"

    def stop(done, total):
        raise Killed

    with pytest.raises(Killed):
        run(files.job(source, output, rows=5, progress=stop))
    files.parquet(tmp_path, ROWS[20:])
    run(files.job(source, output, rows=5))
    assert read(output) == scored(ROWS[20:])


def test_lists_from_a_file_of_their_own(tmp_path):
    items = [
        {"id": row["dept"], "goal": item["target"], "actual": item["actual"]} for row in ROWS for item in row["outputs"]
    ]
    items = items[::-1]
    # rows of one department keep their order only as far as the file keeps it: completion does not ask for it
    pq.write_table(pa.Table.from_pylist(items), tmp_path / "items.parquet")
    source = files.parquet(tmp_path, [row | {"outputs": []} for row in ROWS])
    output = tmp_path / "out.parquet"
    run(
        files.job(
            source, output, rows=6, lists=[f"outputs={tmp_path / 'items.parquet'}:id"], pairs=["outputs.target=goal"]
        )
    )
    assert read(output) == scored(ROWS)


def test_columns_by_other_names_and_columns_handed_on(tmp_path):
    table = files.table(ROWS).rename_columns(["dept", "年初预算", "spent", "audited", "filed", "outputs"])
    pq.write_table(table.append_column("区", pa.array(["城东"] * 40)), tmp_path / "in.parquet")
    output = tmp_path / "out.parquet"
    run(files.job(tmp_path / "in.parquet", output, pairs=["budget=年初预算"], keep=["区"]))
    assert read(output) == scored(ROWS)
    assert pq.read_table(output).column_names[:2] == ["dept", "区"]


def test_departments_without_a_score_are_told_and_the_rest_is_scored(tmp_path):
    rows = [dict(row) for row in ROWS]
    rows[3]["budget"], rows[8]["spent"] = D(0), None
    output = tmp_path / "out.parquet"
    summary = run(files.job(files.parquet(tmp_path, rows), output, rows=7))
    assert (summary.scored, summary.rejected) == (38, 2)
    good = [row for index, row in enumerate(rows) if index not in (3, 8)]
    table = pq.read_table(output)
    assert [line for line in table.to_pylist() if line["error"]] == [table.to_pylist()[3], table.to_pylist()[8]]
    kept = table.filter(pa.compute.is_null(table["error"]))
    pq.write_table(kept, tmp_path / "kept.parquet")
    assert read(tmp_path / "kept.parquet") == scored(good)
    import csv

    with (tmp_path / "out.rejects.csv").open(encoding="utf-8-sig") as opened:
        told = list(csv.DictReader(opened))
    assert [(line["行"], line["部门"], line["代码"]) for line in told] == [
        ("4", "D0003", "out-of-domain"),
        ("9", "D0008", "missing-fact"),
    ]


def test_text_that_is_no_number_is_told(tmp_path):
    file = files.csv(tmp_path, ROWS[:3])
    file.write_text(
        file.read_text("utf-8-sig").replace("D0001,101,", "D0001,一百,").replace("否", "也许", 1), "utf-8-sig"
    )
    output = tmp_path / "out.csv"
    summary = run(files.job(file, output))
    rejects = (tmp_path / "out.rejects.csv").read_text("utf-8-sig")
    assert summary.rejected == 1
    assert "一百" in rejects
    assert "也许" in rejects


def test_long_numerals_are_kept_whole(tmp_path):
    lines = ["budget,spent,outputs", "3000000000000000000.03,1000000000000000000.01,[]", "1e-7,0.00000005,[]"]
    (tmp_path / "in.csv").write_text("\n".join(lines), "utf-8")
    run(files.job(tmp_path / "in.csv", tmp_path / "out.parquet", key=None))
    assert [line["awarded.rate"] for line in pq.read_table(tmp_path / "out.parquet").to_pylist()] == [
        D("1.33"),
        D("2.00"),
    ]


def test_ranks_and_summary(tmp_path):
    output = tmp_path / "out.parquet"
    summary = run(files.job(files.parquet(tmp_path, ROWS), output, rows=9))
    totals = [total for *_, total, _ in scored(ROWS)]
    lines = pq.read_table(output).to_pylist()
    assert [line["rank"] for line in lines] == [1 + sum(other > total for other in totals) for total in totals]
    ordered = sorted(totals)
    assert (summary.quantiles["least"], summary.quantiles["median"], summary.quantiles["greatest"]) == (
        ordered[0], ordered[19], ordered[-1],
    )  # fmt: skip
    assert abs(summary.mean - sum(totals) / 40) <= D("0.005")
    by_id = {line.id: line for line in summary.indicators}
    rates = [award for _, award, *_ in scored(ROWS)]
    assert abs(by_id["rate"].awarded - sum(rates) / 40) <= D("0.005")
    assert sum(count for *_, count in summary.grades) == 40
    assert abs(sum(line.share_of_losses for line in summary.indicators) - 1) < D("0.001")
    document = json.loads(summary.to_json())
    assert (document["best"][0]["rank"], document["scored"]) == (1, 40)


def test_a_file_without_departments(tmp_path):
    output = tmp_path / "out.parquet"
    summary = run(files.job(files.parquet(tmp_path, []), output))
    assert (summary.scored, summary.mean, pq.read_table(output).num_rows) == (0, None, 0)
    assert json.loads(summary.to_json())["total"]["mean"] is None


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".arrow", ".parquet"])
def test_no_departments_in_any_format(tmp_path, ending):
    output = tmp_path / f"out{ending}"
    run(files.job(files.csv(tmp_path, []), output))
    assert read(output) == []


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_memory_of_chunks_does_not_show(tmp_path, rows):
    output = tmp_path / "out.parquet"
    run(files.job(files.parquet(tmp_path, ROWS, row_group_size=11), output, rows=rows))
    assert read(output) == scored(ROWS)

"""``jmrules batch --engine spark`` leaves the same scores as the local engine."""

import os
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from batch import files


def test_the_command_on_spark(tmp_path):
    rows = files.departments(60)
    items = [{"id": row["dept"], **item} for row in rows for item in row["outputs"]]
    pq.write_table(pa.Table.from_pylist(items), tmp_path / "items.parquet")
    source = files.parquet(tmp_path, [row | {"outputs": []} for row in rows])
    shared = [
        "--ruleset",
        files.ruleset_file(tmp_path),
        "--key",
        "dept",
        "--list",
        f"outputs={tmp_path / 'items.parquet'}:id",
    ]

    def batch(output, *more):
        command = [
            sys.executable,
            "-c",
            "from jmrules.cli import main; main()",
            "batch",
            source,
            "-o",
            output,
            *shared,
            *more,
        ]
        environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    said = batch(tmp_path / "spark.parquet", "--engine", "spark", "--master", "local[2]", "--lang", "en")
    batch(tmp_path / "here.parquet")
    assert "60 departments scored" in " ".join((said).split())
    there = pq.read_table(tmp_path / "spark.parquet").sort_by("dept")
    here = pq.read_table(tmp_path / "here.parquet").drop_columns(["rank"])
    texts = [[column.cast(pa.string()).to_pylist() for column in table.columns] for table in (there, here)]
    assert there.column_names == here.column_names
    assert texts[0] == texts[1]
    assert not list(tmp_path.glob(".*"))

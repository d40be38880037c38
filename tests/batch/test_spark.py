"""On Spark, every department scores as by columns here, also when an executor dies in the middle."""

import os
import signal
import subprocess
import threading
import time
from decimal import Decimal as D

import pytest

from batch import files
from jmrules import FactsError, evaluate_table
from jmrules.batch.executors import evaluate

COUNT = 600


def rows_of(df):
    return sorted((row.asDict() for row in df.collect()), key=lambda row: row["dept"])


def local(table):
    scores = evaluate_table(files.ruleset(), table)
    made = table.select(["dept"]).to_pylist()
    return [{**head, **line} for head, line in zip(made, scores.to_pylist(), strict=True)]


def on_spark(spark, folder, rows):
    file = files.parquet(folder, rows, row_group_size=50)
    return spark.read.parquet(str(file)).repartition(6)


@pytest.fixture(scope="module")
def departments():
    rows = [dict(row) for row in files.departments(COUNT)]
    rows[17]["budget"], rows[400]["spent"] = D(0), None
    return rows


def test_equal_to_the_columns_here_with_rejects_as_a_column(spark, tmp_path, departments):
    scored = evaluate(on_spark(spark, tmp_path, departments), files.ruleset(), keep=["dept"])
    assert rows_of(scored) == local(files.table(departments))
    assert scored.where("error is not null").count() == 2


def test_columns_are_checked_before_anything_runs(spark, tmp_path, departments):
    df = on_spark(spark, tmp_path, departments)
    with pytest.raises(FactsError) as caught:
        evaluate(df.drop("budget").withColumn("spent", df["spent"].cast("float")), files.ruleset())
    assert sorted(problem.code for problem in caught.value.problems) == ["missing-column", "mistyped-column"]


def executors():
    """Process ids of the executors of this session's cluster: descendants of this process."""
    found = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    parents, executing = {}, []
    for line in found.splitlines()[1:]:
        pid, parent, command = line.split(None, 2)
        parents[int(pid)] = int(parent)
        if "CoarseGrainedExecutorBackend" in command and "java" in command.split(None, 1)[0]:
            executing.append(int(pid))

    def is_ours(pid):
        while pid in parents and pid != os.getpid():
            pid = parents[pid]
        return pid == os.getpid()

    return [pid for pid in executing if is_ours(pid)]


def test_an_executor_killed_in_the_middle_loses_nothing(spark, tmp_path, departments):
    from pyspark.sql import functions as f

    df = on_spark(spark, tmp_path, departments).repartition(8)
    slow = f.udf(lambda name: time.sleep(0.005) or name, "string")
    before = executors()
    assert len(before) == 2
    killed = []

    def kill():
        time.sleep(2)
        os.kill(before[0], signal.SIGKILL)
        killed.append(before[0])

    killer = threading.Thread(target=kill)
    killer.start()
    scored = rows_of(evaluate(df.withColumn("dept", slow("dept")), files.ruleset(), keep=["dept"]))
    killer.join()
    assert killed
    assert scored == local(files.table(departments))

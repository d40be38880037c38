"""How scoring on Spark grows with executors: the departments of ``columns.py`` on one and on two executors of one core.

    python tests/bench/spark.py [departments]

Each executor is a process of its own (local-cluster); the departments are read from Parquet and the scores counted, not written.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

import columns
import jmrules
from jmrules.batch.executors import evaluate


def measure(executors: int, file: Path, count: int) -> float:
    """Seconds for one pass over the departments, the median of three after one to warm up."""
    session = (
        SparkSession.builder.master(f"local-cluster[{executors},1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.files.maxPartitionBytes", str(max(1 << 20, file.stat().st_size // 8)))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
        .getOrCreate()
    )
    ruleset = jmrules.load_ruleset(columns.RULESET)
    taken = []
    for _ in range(4):
        start = perf_counter()
        scored = evaluate(session.read.parquet(str(file)), ruleset)
        assert scored.selectExpr("count(total)").collect()[0][0] == count
        taken.append(perf_counter() - start)
    session.stop()
    return median(taken[1:])


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "departments.parquet"
        pq.write_table(
            columns.table_of(columns.ties(count, np.random.default_rng(7))), file, row_group_size=count // 16
        )
        for executors in (1, 2):
            seconds = measure(executors, file, count)
            print(f"{executors} executors: {seconds:.1f} s, {count / seconds:,.0f} departments a second", flush=True)


if __name__ == "__main__":
    main()

"""A batch on Spark: the same columns, keys and output, over as many machines as the master has."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jmrules.batch.chunks import ENDS, Tally
from jmrules.batch.errors import BatchError, batch_error, keep_apart
from jmrules.batch.scores import AWARDED, ERROR, GRADE, TOTAL
from jmrules.batch.summary import Summary, merged, summarise
from jmrules.errors import Place, Problem, Text
from jmrules.extras import check_installed
from jmrules.plan import plan_of

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame, SparkSession

    from jmrules.batch.mapping import Columns
    from jmrules.batch.sources import Source
    from jmrules.errors import Language
    from jmrules.ruleset import Ruleset


def run_on_spark(
    ruleset: Ruleset, source: Source, columns: Columns, output: Path, master: str | None, language: Language
) -> Summary:
    """Score a Parquet file on Spark into a folder of Parquet files, which appears when all of them are written.

    Departments without a score are rows with ``error``. Raises BatchError and FactsError as the local engine does.
    """
    check_installed("spark", ("pyspark", "pandas", "pyarrow"))
    for path, kind in (
        (source.path, source.format),
        *((table.source.path, table.source.format) for table in columns.lists),
    ):
        if kind != "parquet":
            raise batch_error("spark-needs-parquet", "Spark 只读 Parquet", "the Spark engine reads Parquet only",
                              ("请先转换成 .parquet", "convert the file to .parquet"), path)  # fmt: skip
    if output.suffix.lower() not in (".parquet", ".pq"):
        raise batch_error("spark-needs-parquet", "Spark 只写 Parquet", "the Spark engine writes Parquet only",
                          ("请把结果写成 .parquet", "name the output .parquet"), output)  # fmt: skip
    keep_apart(columns.files(source), (output,))
    temporary = output.with_name(f".{output.name}.tmp")
    session = _session(master)
    try:
        departments = _departments(session, source, columns)
        from jmrules.batch.executors import evaluate

        scored = evaluate(departments, ruleset, keep=columns.kept, language=language)
        scored.write.mode("overwrite").parquet(str(temporary))
    finally:
        session.stop()
    if output.is_dir():
        shutil.rmtree(output)
    os.replace(temporary, output)
    return summarise(ruleset, _tally(ruleset, output, columns.key))


def _session(master: str | None) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("jmrules")
    if master is not None:
        builder = builder.master(master)
    return builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536").getOrCreate()


def _departments(session: SparkSession, source: Source, columns: Columns) -> DataFrame:
    """The departments with the facts' own names, and their lists."""
    from pyspark.sql import functions as f

    given = session.read.parquet(str(source.path))
    facts = [f.col(f"`{column}`").alias(fact) for fact, column in columns.facts.items()]
    kept = [f.col(f"`{name}`") for name in columns.kept if name not in columns.facts]
    departments = given.select(*facts, *kept)
    if columns.key is not None:
        _check_keys(given, columns.key, source)
    for table in columns.lists:
        assert columns.key is not None
        items = session.read.parquet(str(table.source.path))
        fields = [f.col(f"`{column}`").alias(field) for field, column in table.columns.items()]
        grouped = items.groupBy(f.col(f"`{table.key}`").alias("__key__")).agg(
            f.collect_list(f.struct(*fields)).alias(table.fact)
        )
        _check_orphans(given, grouped, columns.key, table.fact, table.source)
        departments = departments.join(grouped, departments[columns.key] == grouped["__key__"], "left").drop("__key__")
        departments = departments.withColumn(table.fact, f.coalesce(f.col(table.fact), f.array()))
    return departments


def _check_keys(given: DataFrame, key: str, source: Source) -> None:
    from pyspark.sql import functions as f

    doubled = (
        given.groupBy(f.col(f"`{key}`").alias("key")).count().where("count > 1 or key is null").limit(20).collect()
    )
    if doubled:
        raise BatchError(
            Problem(
                "no-key" if row["key"] is None else "duplicate-key",
                Text(
                    f"部门“{row['key']}”出现 {row['count']} 次",
                    f"the department {row['key']!r} occurs {row['count']} times",
                ),
                Text("每个部门只应有一行", "every department should have one row"),
                Place(str(source.path)),
            )
            for row in doubled
        )


def _check_orphans(given: DataFrame, grouped: DataFrame, key: str, fact: str, source: Source) -> None:
    lost = grouped.join(given, grouped["__key__"] == given[key], "left_anti").limit(10).collect()
    if lost:
        shown = ", ".join(str(row["__key__"]) for row in lost)
        raise BatchError(
            Problem(
                "orphan-items",
                Text(f"“{fact}”中有不属于任何部门的行：{shown}", f"rows of {fact} belong to no department: {shown}"),
                Text("请核对两个文件的部门编号", "compare the keys of the two files"),
                Place(str(source.path)),
            )
        )


def _tally(ruleset: Ruleset, output: Path, key: str | None) -> Tally:
    """The tally of a folder of scores, read file by file; points are the stated ones."""
    import pyarrow.dataset as ds

    leaves = plan_of(ruleset).leaves
    tallies = []
    start = 0
    for batch in ds.dataset(output).to_batches():
        tallies.append(_tally_of(ruleset, batch, key, start))
        start += batch.num_rows
    return merged(tallies, len(leaves))


def _tally_of(ruleset: Ruleset, batch: pa.RecordBatch, key: str | None, start: int) -> Tally:
    leaves = plan_of(ruleset).leaves
    valid = pc.is_null(batch.column(ERROR)).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(valid)
    totals = _units(batch.column(TOTAL))[rows]
    order = np.argsort(totals, kind="stable")
    ids = [grade.id for grade in ruleset.grades]

    def named(places: Any) -> tuple[tuple[int, int, str | None], ...]:
        return tuple(
            (
                int(totals[place]),
                start + int(rows[place]) + 1,
                None if key is None else str(batch.column(key)[int(rows[place])]),
            )
            for place in places
        )

    grades = Counter(grade for grade in batch.column(GRADE).to_pylist() if grade is not None)
    return Tally(
        scored=len(rows),
        rejected=batch.num_rows - len(rows),
        totals=Counter(totals.tolist()),
        grades=Counter({ids.index(id): count for id, count in grades.items()}),
        awarded=tuple(int(_units(batch.column(f"{AWARDED}{leaf.leaf.id}"))[rows].sum()) for leaf in leaves),
        points=tuple(leaf.quanta * len(rows) for leaf in leaves),
        best=named(np.argsort(-totals, kind="stable")[:ENDS]),
        worst=named(order[:ENDS]),
    )


def _units(column: Any) -> Any:
    """Decimals of 128 bits as whole numbers of their last digit; 0 where null."""
    words = np.frombuffer(column.buffers()[1], dtype=np.int64, count=2 * len(column), offset=16 * column.offset)[::2]
    return np.where(np.asarray(column.is_valid()), words, 0)

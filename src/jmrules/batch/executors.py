"""Departments on many machines: the columns backend inside Spark's tasks, by ``DataFrame.mapInArrow``.

A department is one row and its score needs no other row, so nothing is shuffled: every task reads its rows as Arrow batches, scores them and hands
them on. The ruleset travels once to each executor as a broadcast document, and each Python worker compiles it once. A task that is lost with
its executor is run again by Spark, which changes nothing, since a row's score depends on the row alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.memo import by_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from jmrules.errors import Language
    from jmrules.ruleset import Ruleset

#: decimals that Spark can hold
_PRECISION = 18


def evaluate(df: DataFrame, ruleset: Ruleset, *, keep: Sequence[str] = (), language: Language = "zh") -> DataFrame:
    """Score every row of a DataFrame: its columns ``keep``, then those of :func:`jmrules.evaluate_table`.

    Args:
        df: a column per fact; lists as ``array<struct>``, dates as ``date``, numbers as integers, double or decimal.
        ruleset: a loaded ruleset; executors need jmrules and its extra ``batch``.
        keep: columns to hand on, such as the department's key.
        language: that of the column ``error``.

    Raises:
        FactsError: columns that are missing or of a type that cannot hold the fact; all of them.
    """
    from pyspark.sql.pandas.types import to_arrow_schema

    from jmrules.documents import canonical
    from jmrules.ruleset import content_of
    from jmrules.score.columns import prepared

    prepared(ruleset, to_arrow_schema(df.schema).empty_table())
    # resolved, so that an overlay needs no base where it is compiled
    document = df.sparkSession.sparkContext.broadcast(canonical(content_of(ruleset.source.value)))
    kept, year = list(keep), ruleset.fiscal_year

    def scored(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        compiled = _compiled(document.value, year)
        for batch in batches:
            yield from _score(compiled, batch, kept, language)

    return df.mapInArrow(scored, _schema(df, ruleset, kept))


@by_text(4_000_000)
def _compiled(document: str, year: int) -> Ruleset:
    """The ruleset of a document, compiled once in each Python worker."""
    from jmrules.ruleset import parse_ruleset

    return parse_ruleset(document, year=year)


def _score(ruleset: Ruleset, batch: pa.RecordBatch, keep: list[str], language: Language) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    from jmrules.batch.scores import evaluate_table

    table = pa.Table.from_batches([batch])
    scores = evaluate_table(ruleset, table, language=language, threads=1)
    columns = [table.column(name) for name in keep] + [_widened(column) for column in scores.columns]
    yield from pa.table(columns, names=[*keep, *scores.column_names]).combine_chunks().to_batches()


def _widened(column: Any) -> Any:
    """Decimals of 128 bits, which are all that Spark reads."""
    import pyarrow as pa

    return column.cast(pa.decimal128(_PRECISION, column.type.scale)) if pa.types.is_decimal(column.type) else column


def _schema(df: DataFrame, ruleset: Ruleset, keep: list[str]) -> StructType:
    from pyspark.sql.types import DecimalType, StringType, StructField, StructType

    from jmrules.batch.scores import schema_of

    fields = [df.schema[name] for name in keep]
    for field in schema_of(ruleset):
        kind = StringType() if field.name in ("grade", "error") else DecimalType(_PRECISION, field.type.scale)
        fields.append(StructField(field.name, kind))
    return StructType(fields)

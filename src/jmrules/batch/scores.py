"""Scores as an Arrow table: points as decimals, grades as words, errors as they would be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from jmrules.batch.across import with_across
from jmrules.batch.table import CHUNK, Scores, evaluate_columns
from jmrules.ruleset import Group, everything

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.feel.vectors import Array
    from jmrules.ruleset import Ruleset

#: prefix of the columns that hold what an indicator was awarded
AWARDED = "awarded."
TOTAL, GRADE, FINDINGS, ERROR = "total", "grade", "findings", "error"


def evaluate_table(
    ruleset: Ruleset,
    table: Any,
    *,
    language: Language = "zh",
    threads: int | None = None,
    chunk: int = CHUNK,
    findings: bool = False,
) -> pa.Table:
    """Score every row of a table and return the scores as a table with a row for each, in the same order.

    Columns: ``awarded.<indicator>`` for every indicator in document order, ``total`` (both decimals), ``grade`` (the
    grade's id), with ``findings`` a column of that name (ids of the rules that fire), and ``error`` (null, or why the row has no
    score; then the others are null).

    Args and errors as :func:`evaluate_columns`; ``language`` is that of the errors.
    """
    scores = evaluate_columns(ruleset, with_across(ruleset, table), threads=threads, chunk=chunk, findings=findings)
    return scores_table(scores, language)


def scores_table(scores: Scores, language: Language = "zh") -> pa.Table:
    """The scores as a table; see :func:`evaluate_table`."""
    ruleset = scores.program.plan.ruleset
    schema = schema_of(ruleset, findings=scores.findings is not None)
    invalid = np.fromiter(scores.errors, dtype=np.int64, count=len(scores.errors))
    leaves = {leaf.leaf.id: leaf.index for leaf in scores.program.plan.leaves}
    columns = []
    for field, (_, node) in zip(schema, everything(ruleset), strict=False):
        values = scores.group(node.id) if isinstance(node, Group) else scores.awards[leaves[node.id]]
        columns.append(_decimals(values, field.type, invalid))
    columns += [_decimals(scores.totals, schema.field(TOTAL).type, invalid), _grades(scores)]
    if scores.findings is not None:
        columns.append(
            pa.array([None if row in scores.errors else each for row, each in enumerate(scores.findings)], _LIST)
        )
    columns.append(_errors(scores, language))
    return pa.table(columns, schema=schema)


_LIST = pa.list_(pa.string())


def schema_of(ruleset: Ruleset, *, findings: bool = False) -> pa.Schema:
    """The columns of the scores of a ruleset."""
    rounding = ruleset.rounding
    largest = int(
        max(ruleset.most, *(node.points for _, node in everything(ruleset)), -ruleset.least).scaleb(rounding.leaf)
    )
    points = _decimal(largest, rounding.leaf)
    total = _decimal(largest * 10 ** max(0, rounding.total - rounding.leaf), rounding.total)
    nodes = [node.id for _, node in everything(ruleset)]
    return pa.schema(
        [
            *((f"{AWARDED}{id}", points) for id in nodes),
            (TOTAL, total),
            (GRADE, pa.string()),
            *([(FINDINGS, _LIST)] if findings else []),
            (ERROR, pa.string()),
        ]
    )


def _decimal(largest: int, digits: int) -> pa.DataType:
    """The narrowest decimal type; it is what the engine's whole numbers are, so that nothing is copied."""
    return pa.decimal32(9, digits) if largest < 10**9 else pa.decimal64(18, digits)


def _decimals(values: Array, kind: pa.DataType, invalid: Array) -> pa.Array:
    """Whole numbers of units as decimals."""
    held = np.ascontiguousarray(values, dtype=np.int32 if kind.bit_width == 32 else np.int64)
    return pa.Array.from_buffers(kind, len(values), [_validity(len(values), invalid), pa.py_buffer(held)])


def _validity(count: int, invalid: Array) -> pa.Buffer | None:
    if not len(invalid):
        return None
    valid = np.ones(count, dtype=bool)
    valid[invalid] = False
    return pa.py_buffer(np.packbits(valid, bitorder="little"))


def _grades(scores: Scores) -> pa.Array:
    ids = pa.array([grade.id for grade in scores.program.plan.ruleset.grades], pa.string())
    codes = pa.array(scores.grades, pa.int8(), mask=scores.grades < 0)
    return pa.DictionaryArray.from_arrays(codes, ids).dictionary_decode()


def _errors(scores: Scores, language: Language) -> pa.Array:
    count = scores.awards.shape[1]
    if not scores.errors:
        return pa.nulls(count, pa.string())
    words: list[str | None] = [None] * count
    for row, error in scores.errors.items():
        words[row] = error.say(language)
    return pa.array(words, pa.string())

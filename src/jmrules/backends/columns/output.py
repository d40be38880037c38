"""Scores as an Arrow table: points as decimals, grades as words, errors as they would be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from jmrules.backends.columns.table import CHUNK, Scores, evaluate_columns
from jmrules.ruleset.model import Group, walk

if TYPE_CHECKING:
    from jmrules.backends.columns.vectors import Array
    from jmrules.errors import Language
    from jmrules.ruleset.model import Ruleset

#: prefix of the columns that hold what an indicator was awarded
AWARDED = "awarded."
TOTAL, GRADE, ERROR = "total", "grade", "error"


def evaluate_table(
    ruleset: Ruleset, table: Any, *, language: Language = "zh", threads: int | None = None, chunk: int = CHUNK
) -> pa.Table:
    """Score every row of a table and return the scores as a table with a row for each, in the same order.

    Columns: ``awarded.<indicator>`` for every indicator in document order, ``total`` (both decimals), ``grade`` (the
    grade's id) and ``error`` (null, or why the row has no score; then the others are null).

    Args and errors as :func:`evaluate_columns`; ``language`` is that of the errors.
    """
    scores = evaluate_columns(ruleset, table, threads=threads, chunk=chunk)
    return scores_table(scores, language)


def scores_table(scores: Scores, language: Language = "zh") -> pa.Table:
    """The scores as a table; see :func:`evaluate_table`."""
    ruleset = scores.program.plan.ruleset
    rounding = ruleset.rounding
    invalid = np.fromiter(scores.errors, dtype=np.int64, count=len(scores.errors))
    names, columns = [], []
    leaves = {leaf.leaf.id: leaf.index for leaf in scores.program.plan.leaves}
    for _, node in walk(ruleset.indicators):
        values = scores.group(node.id) if isinstance(node, Group) else scores.awards[leaves[node.id]]
        names.append(f"{AWARDED}{node.id}")
        columns.append(_decimals(values, rounding.leaf, invalid))
    columns.append(_decimals(scores.totals, rounding.total, invalid))
    columns.append(_grades(scores))
    columns.append(_errors(scores, language))
    return pa.table(columns, names=[*names, TOTAL, GRADE, ERROR])


def schema_of(ruleset: Ruleset) -> pa.Schema:
    """The columns of the scores of a ruleset."""
    nodes = [node for _, node in walk(ruleset.indicators)]
    largest = int(ruleset.points.scaleb(ruleset.rounding.leaf))
    fields = [pa.field(f"{AWARDED}{node.id}", _type(ruleset.rounding.leaf, largest)) for node in nodes]
    whole = int(ruleset.points.scaleb(ruleset.rounding.total))
    return pa.schema(
        [*fields, (TOTAL, _type(ruleset.rounding.total, whole)), (GRADE, pa.string()), (ERROR, pa.string())]
    )


def _type(digits: int, largest: int) -> pa.DataType:
    return pa.decimal128(18, digits)


def _decimals(values: Array, digits: int, invalid: Array) -> pa.Array:
    """Whole numbers of units as decimals."""
    words = np.zeros((len(values), 2), dtype=np.int64)
    words[:, 0] = values
    return pa.Array.from_buffers(
        pa.decimal128(18, digits), len(values), [_validity(len(values), invalid), pa.py_buffer(words)]
    )


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

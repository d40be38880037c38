"""Rows of the shipped notices' own cases, with perturbed figures: what columns are measured on, and held to.

All money of a row is moved by one factor, so that what is a part stays within its whole, and a quarter of all figures by one of their own;
both are written to a few decimals, as figures are. Counts, words, dates and what is true stay those of the case.
"""

from __future__ import annotations

import datetime
import json
from decimal import Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from jmrules import JmrulesError, load_facts, load_ruleset
from jmrules.batch.table import evaluate_columns
from jmrules.facts.bind import bind
from jmrules.feel.numbers import CONTEXT
from jmrules.score.columns.facts import bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from jmrules.ruleset.model import FactDeclaration, Ruleset

MONEY = frozenset(("CNY", "CNY_10k", "CNY_100m"))
ROOT = Path(__file__).parents[2] / "rulesets"


def notices() -> Iterator[tuple[str, Ruleset, list[list[Any]]]]:
    """The shipped rulesets that have cases, each with the facts of its cases in the order of its declarations."""
    for path in sorted(ROOT.glob("*/*/*.json")):
        folder = path.parent / "cases" / path.stem
        if not folder.is_dir():
            continue
        ruleset = load_ruleset(path)
        rows = list(_cases(ruleset, folder))
        if rows:
            yield f"{path.parent.parent.name} {path.stem}", ruleset, rows


def _cases(ruleset: Ruleset, folder: Path) -> Iterator[list[Any]]:
    for file in sorted(folder.glob("*.json")):
        if ".expected" in file.name or "facts" not in json.loads(file.read_text("utf-8")):
            continue
        try:
            with localcontext(CONTEXT):
                yield [_plain(value) for value in bind(ruleset, load_facts(file))]
        except JmrulesError:  # a case that is meant to fail has no row
            continue


def _plain(value: Any) -> Any:
    """A fact as bound, for Arrow."""
    if isinstance(value, list | tuple):
        return [{name: _plain(part) for name, part in item.items()} for item in value]
    if type(value).__name__ == "Date":
        return datetime.date(value.year, value.month, value.day)
    return float(value) if isinstance(value, Decimal) else value


def arrow_type(part: FactDeclaration) -> pa.DataType:
    """What holds a declared fact."""
    if part.type == "list":
        return pa.list_(pa.struct([pa.field(inner.id, arrow_type(inner)) for inner in part.item]))
    return {"boolean": pa.bool_(), "string": pa.string(), "date": pa.date32(), "number": pa.float64()}[part.type]


#: departments that are made anew; where more are asked for, they come again
POOL = 20_000


def perturbed(ruleset: Ruleset, rows: list[list[Any]], count: int, seed: int = 7) -> pa.Table:
    """So many departments, made of these; those that have no score (their moved figures contradict each other) are left out."""
    rng = np.random.default_rng(seed)
    wanted, made = min(count, POOL), []
    while sum(each.num_rows for each in made) < wanted:
        table = candidates(ruleset, rows, wanted, rng)
        errors = evaluate_columns(ruleset, table).errors
        good = np.setdiff1d(np.arange(table.num_rows), list(errors))
        assert len(good) > wanted / 100
        made.append(table.take(pa.array(good)))
    pool = pa.concat_tables(made).combine_chunks()
    return pool.take(pa.array(rng.integers(0, pool.num_rows, count))) if count > wanted else pool.slice(0, count)


def candidates(ruleset: Ruleset, rows: list[list[Any]], count: int, rng: np.random.Generator) -> pa.Table:
    """Departments with moved figures, also such as have no score."""
    chosen = rng.integers(0, len(rows), count)
    factors = rng.uniform(0.8, 1.25, count)
    columns = {}
    for place, part in enumerate(ruleset.facts):
        given = pa.array([row[place] for row in rows], arrow_type(part))
        columns[part.id] = _moved(part, given.take(pa.array(chosen)), factors, rng)
    return pa.table(columns)


def _moved(part: FactDeclaration, array: pa.Array, factors: NDArray[np.float64], rng: np.random.Generator) -> pa.Array:
    if part.type == "list":
        counts = np.diff(array.offsets.to_numpy())
        fields = [array.values.field(number) for number in range(len(part.item))]
        inner = np.repeat(factors, counts)
        moved = [_moved(each, field, inner, rng) for each, field in zip(part.item, fields, strict=True)]
        made = pa.StructArray.from_arrays(moved, fields=list(array.type.value_type))
        mask = array.is_null() if array.null_count else None
        return pa.ListArray.from_arrays(array.offsets, made, mask=mask)
    if part.type != "number" or part.unit == "point" or not len(array):
        return array
    x = array.to_numpy(zero_copy_only=False)
    own = np.where(rng.random(len(x)) < 0.25, rng.uniform(0.9, 1.1, len(x)), 1.0)
    digits = 2 if part.unit in MONEY else 4
    moved = np.round(x * own * (factors if part.unit in MONEY else 1.0), digits)
    low, high, _ = bounds_of(part)
    stays = (part.decimals == 0) | (np.rint(x) == x) & (np.abs(x) < 20) | (moved < low) | (moved > high)
    return pa.array(np.where(stays, x, moved), pa.float64(), mask=np.isnan(x))

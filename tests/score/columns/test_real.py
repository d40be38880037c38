"""The shipped rulesets' cases, as one table each, score as they do one by one."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from bench.notices import candidates, notices
from jmrules import JmrulesError, load_facts, load_ruleset
from jmrules.batch.report import explain_plan
from jmrules.batch.table import evaluate_columns
from jmrules.ruleset import leaves
from score.columns.tables import expected, found

ROOT = Path(__file__).parents[3] / "rulesets"
RULESETS = sorted(path for path in ROOT.glob("*/*/*.json") if path.parent.joinpath("cases", path.stem).is_dir())


def column_type(part):
    if part.type == "list":
        return pa.list_(pa.struct([pa.field(inner.id, column_type(inner)) for inner in part.item]))
    return {"boolean": pa.bool_(), "string": pa.string(), "date": pa.date32(), "number": pa.decimal128(38, 12)}[
        part.type
    ]


def plain(value):
    """A fact as bound, for Arrow."""
    if isinstance(value, list):
        return [{name: plain(part) for name, part in item.items()} for item in value]
    if type(value).__name__ == "Date":
        import datetime

        return datetime.date(value.year, value.month, value.day)
    return value


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_cases_of_a_ruleset(path):
    from decimal import localcontext

    from jmrules.facts.bind import bind
    from jmrules.feel import CONTEXT

    ruleset = load_ruleset(path)
    files = sorted(
        each for each in path.parent.joinpath("cases", path.stem).glob("*.json") if ".expected" not in each.name
    )
    rows = []
    for file in files:
        if "facts" not in json.loads(file.read_text("utf-8")):
            continue
        facts = load_facts(file)
        try:
            with localcontext(CONTEXT):
                rows.append([plain(value) for value in bind(ruleset, facts)])
        except JmrulesError:  # a case that is meant to fail has no row
            continue
    assert rows
    table = pa.table(
        {part.id: pa.array([row[place] for row in rows], column_type(part)) for place, part in enumerate(ruleset.facts)}
    )
    scores = evaluate_columns(ruleset, table)
    for index, row in enumerate(rows):
        given = {part.id: value for part, value in zip(ruleset.facts, row, strict=True) if value is not None}
        assert found(ruleset, scores, index) == expected(ruleset, without_nulls(given))


NOTICES = list(notices())


@pytest.mark.parametrize(("name", "ruleset", "cases"), NOTICES, ids=[name for name, _, _ in NOTICES])
def test_cases_with_moved_figures(name, ruleset, cases):
    """Every row is scored as it is alone, also those whose figures contradict each other; only targets with directions of their own are scored row by row."""
    table = candidates(ruleset, cases, 25, np.random.default_rng(len(name)))
    scores = evaluate_columns(ruleset, table)
    for index, row in enumerate(table.to_pylist()):
        assert found(ruleset, scores, index) == expected(ruleset, without_nulls(row))
    directed = {leaf.id for leaf in leaves(ruleset.indicators) if getattr(leaf.method, "direction", None) is not None}
    assert {line.id for line in explain_plan(ruleset) if line.by_rows} <= directed


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [without_nulls(part) for part in value]
    return value


def test_the_report_names_every_leaf():
    ruleset = load_ruleset(RULESETS[0])
    lines = explain_plan(ruleset)
    assert len(lines) == len({line.id for line in lines}) > 0
    assert all((line.reason is not None) is line.by_rows for line in lines)

"""Nothing that should not matter does: chunks, threads, row order, the library a table comes from, other columns."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import evaluate_table
from jmrules.batch.table import evaluate_columns
from score.columns.tables import fits, found, numbers, table_of, tables


def results(ruleset, table, **options):
    scores = evaluate_columns(ruleset, table, **options)
    return [found(ruleset, scores, row) for row in range(table.num_rows)]


def held(facts, rows):
    return [row for row in rows if all(fits(number, "float") for number in numbers(facts, row))]


@given(tables(), st.integers(1, 4), st.integers(1, 3))
def test_chunks_and_threads_change_nothing(made, chunk, threads):
    ruleset, facts, rows = made
    table = table_of(facts, held(facts, rows) * 3)
    assert results(ruleset, table, chunk=chunk, threads=threads) == results(ruleset, table, threads=1)


@given(tables(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(made, random):
    ruleset, facts, rows = made
    table = table_of(facts, held(facts, rows) * 2)
    order = list(range(table.num_rows))
    random.shuffle(order)
    straight = results(ruleset, table)
    assert results(ruleset, table.take(pa.array(order, pa.int64()))) == [straight[row] for row in order]


@given(tables())
def test_slices_of_a_table_are_read_where_they_stand(made):
    ruleset, facts, rows = made
    rows = held(facts, rows)
    table = table_of(facts, rows[::-1] + rows).slice(len(rows))
    assert results(ruleset, table) == results(ruleset, table_of(facts, rows))


@given(tables())
def test_scores_as_arrow_are_the_scores(made):
    ruleset, facts, rows = made
    table = table_of(facts, held(facts, rows)).append_column("note", pa.nulls(len(held(facts, rows))))
    scores, output = evaluate_columns(ruleset, table), evaluate_table(ruleset, table)
    leaves = scores.program.plan.leaves
    for row, line in enumerate(output.to_pylist()):
        said = found(ruleset, scores, row)
        if said is None:
            assert line.pop("error")
            assert set(line.values()) == {None}
        else:
            awards, total, grade = said
            digits = ruleset.rounding.leaf
            assert [line[f"awarded.{leaf.leaf.id}"].scaleb(digits) for leaf in leaves] == awards
            assert (line["total"], line["grade"], line["error"]) == (total, grade, None)


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_tables_of_other_libraries(library):
    from importlib import import_module
    from pathlib import Path

    from jmrules import load_ruleset

    ruleset = load_ruleset(Path(__file__).parents[2] / "bench" / "peers.json")
    table = department_table()
    module = import_module(library)
    other = module.from_arrow(table) if library == "polars" else table.to_pandas(types_mapper=module.ArrowDtype)
    assert evaluate_table(ruleset, other).equals(evaluate_table(ruleset, table))


def department_table():
    """Two departments of the benchmark's ruleset."""
    levels = ("compile_level", "goal_level", "clear_level", "cost_level", "control_level", "system_level",
              "result_level", "disclosed", "perf_disclosed")  # fmt: skip
    items = [{"target": 100.0, "actual": 99.5}, {"target": 3.0, "actual": 1.0}]
    return pa.table(
        {
            "outputs": [items, items[:1]],
            "benefits": [items[1:], items],
            "fund_budget": [14400.0, 3.0],
            "fund_actual": [13616.26, 1.0],
            "fund_completion": [0.97, 0.5],
            "budget": [21573.15, 100.0],
            "added": [4.9, 20.0],
            "new_projects": [0, 3],
            "new_assessed": [0, 1],
            "finance_problems": [1, 9],
            **{name: [0.8, 0.125] for name in levels},
        }
    )

"""The columns backend and the exact backend give every department the same awards, total and grade."""

from hypothesis import assume, event, given
from hypothesis import strategies as st

from jmrules.batch.table import evaluate_columns
from score.columns.tables import expected, fits, found, numbers, table_of, tables


@given(tables(), st.sampled_from(("float", "decimal")))
def test_every_row_is_as_the_exact_backend_says(made, kind):
    ruleset, facts, rows = made
    rows = [row for row in rows if all(fits(number, kind) for number in numbers(facts, row))]
    assume(rows)
    scores = evaluate_columns(ruleset, table_of(facts, rows, kind))
    for index, row in enumerate(rows):
        assert found(ruleset, scores, index) == expected(ruleset, row), row
    event("needs the scalar backend" if scores.scalar else "columns alone")
    event("in doubt" if scores.doubtful else "floats alone")
    event("by rows" if scores.program.by_rows else "every leaf by columns")

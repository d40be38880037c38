"""Aggregates over lists that hold null: null with a reason, never a crash."""

import pytest

from jmrules.feel import FeelError, evaluate, evaluate_with_diagnostics


@pytest.mark.parametrize("name", ["sum", "product", "mean", "median", "stddev", "mode", "min", "max"])
def test_a_null_among_the_numbers_makes_the_aggregate_null(name: str) -> None:
    value, diagnostics = evaluate_with_diagnostics(
        f"{name}(items.amount)", {"items": [{"amount": 1}, {"amount": None}]}
    )
    assert value is None
    assert diagnostics
    with pytest.raises(FeelError):
        evaluate(f"{name}([1, null])", strict=True)

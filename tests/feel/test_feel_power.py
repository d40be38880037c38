"""Powers that are no numbers are null with a reason, in both readings."""

from decimal import Decimal

import pytest

from jmrules import feel
from jmrules.feel import types


@pytest.mark.parametrize("text", ["0 ** -1", "0 ** -0.5", "modulo(0 ** -1, 1)", "(-8) ** 0.5", "10 ** 7000"])
def test_a_power_that_is_no_number_is_null(text):
    value, diagnostics = feel.evaluate_with_diagnostics(text)
    assert value is None and diagnostics
    with pytest.raises(feel.FeelError):
        feel.evaluate(text, strict=True)


def test_the_compiled_reading_agrees():
    power = feel.compile("a ** b", {"a": types.NUMBER, "b": types.NUMBER})
    with pytest.raises(feel.FeelError):
        power.function(Decimal(0), Decimal(-1))
    assert power.function(Decimal(0), Decimal(0)) == 1
    assert power.function(Decimal(2), Decimal(-2)) == Decimal("0.25")

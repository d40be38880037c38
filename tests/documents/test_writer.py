"""Writing JSON: numbers as they are, and nothing that is not exact."""

import pytest

from jmrules.documents import canonical, compact, pretty


@pytest.mark.parametrize("write", [compact, canonical, pretty])
@pytest.mark.parametrize("value", [1.5, [1.5], {"a": {"b": [1, 2.0]}}, {"a": 1e300}, {"a": float("nan")}])
def test_a_float_is_never_written(write, value):
    with pytest.raises(TypeError):
        write(value)

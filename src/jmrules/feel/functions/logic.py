"""Built-in functions on booleans, and those on any values."""

from __future__ import annotations

from typing import Any

from jmrules.feel import temporal
from jmrules.feel import types as ft
from jmrules.feel.functions.registry import builtin
from jmrules.feel.values import TEMPORAL, equal, kind_of


@builtin("not", "negand: boolean!", ft.Nullable(ft.BOOLEAN))
def negation(negand: bool | None) -> bool | None:
    return None if negand is None else not negand


@builtin("is", "value1: any, value2: any", ft.BOOLEAN)
def is_same(value1: Any, value2: Any) -> bool:
    if isinstance(value1, TEMPORAL) and isinstance(value2, TEMPORAL):
        return temporal.is_same(value1, value2)
    return kind_of(value1) == kind_of(value2) and equal(value1, value2) is True

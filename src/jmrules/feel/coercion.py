"""Whether a value is of a type, and FEEL's implicit conversions (DMN 1.5, 10.3.2.9.4)."""

from __future__ import annotations

from typing import Any, Final

from jmrules.feel import temporal
from jmrules.feel import types as ft
from jmrules.feel.values import Function, Range, kind_of


class _Mismatch:
    """The mark of a value that cannot be converted."""


MISMATCH: Final = _Mismatch()


def is_instance(value: Any, kind: ft.Type) -> bool:
    """Whether ``value`` is of ``kind``; null is of no type but Null and the nullable ones."""
    if value is None:
        return kind == ft.NULL or isinstance(kind, ft.Nullable)
    match kind:
        case ft.SimpleType():
            return kind == ft.ANY or kind_of(value) == kind.name
        case ft.Nullable():
            return is_instance(value, kind.of)
        case ft.ListType():
            return isinstance(value, list) and (
                kind.item == ft.ANY or all(_is_member(item, kind.item) for item in value)
            )
        case ft.ContextType():
            return isinstance(value, dict) and all(
                name in value and _is_member(value[name], member) for name, member in kind.fields
            )
        case ft.RangeType():
            if not isinstance(value, Range):
                return False
            return all(bound is None or is_instance(bound, kind.of) for bound in (value.start, value.end))
        case ft.FunctionType():
            return isinstance(value, Function) and _is_function_of(value, kind)
    return False


def _is_member(value: Any, kind: ft.Type) -> bool:
    return value is None or is_instance(value, kind)


def _is_function_of(value: Function, kind: ft.FunctionType) -> bool:
    if kind.parameters is None:
        return True
    if value.parameters is None or len(value.parameters) != len(kind.parameters):
        return False
    own = value.types or (ft.ANY,) * len(value.parameters)
    return all(map(ft.conforms, kind.parameters, own)) and ft.may_conform(_result_of(value), kind.result)


def _result_of(function: Function) -> ft.Type:
    """The type of what a function gives."""
    if function.result is None:
        return ft.ANY
    return function.result if isinstance(function.result, ft.Type) else function.result()


def coerce(value: Any, kind: ft.Type) -> Any:
    """``value`` as one of ``kind``, or MISMATCH.

    A value becomes a list of itself where a list is wanted, a list of one item that item, and a date its midnight in
    UTC where a date and time is wanted. Null is let through: whether it may stand is for the caller to say.
    """
    if value is None or is_instance(value, kind):
        return value
    wanted = ft.bare(kind)
    if isinstance(wanted, ft.ListType) and not isinstance(value, list):
        item = coerce(value, wanted.item)
        return MISMATCH if item is MISMATCH else [item]
    if isinstance(value, list) and len(value) == 1 and value[0] is not None:
        return value[0] if is_instance(value[0], wanted) else MISMATCH
    if wanted == ft.DATE_TIME and isinstance(value, temporal.Date):
        return temporal.DateTime(value, temporal.Time(0, 0, 0, 0, 0, None))
    return MISMATCH

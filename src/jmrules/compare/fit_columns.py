"""Columns given for one ruleset, as another would read them: in its units, with what is assumed where nothing is given.

The meaning is that of ``fit``, which reads the facts of one department.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jmrules.batch import typed
from jmrules.documents import pretty
from jmrules.errors import Problem, Text
from jmrules.score.columns import prepared
from jmrules.units import convert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.ruleset import FactDeclaration, Ruleset

#: digits of the decimals of a column
_DIGITS, _PLACES = 38, 18


def constants(ruleset: Ruleset, assumed: Mapping[str, Any]) -> tuple[dict[str, pa.Array], list[Problem]]:
    """Assumed facts as columns of one row, and the problems of values that are none of the declared type."""
    problems: list[Problem] = []
    made = {}
    for declaration in ruleset.facts:
        if declaration.id in assumed:
            try:
                made[declaration.id] = _constant(declaration, _bare(declaration, assumed[declaration.id]))
            except (TypeError, ValueError):
                problems.append(_misfit(declaration))
    return made, problems


def _constant(declaration: FactDeclaration, value: Any) -> pa.Array:
    if declaration.type == "string":
        return pa.array([value], pa.string())
    text = value if declaration.type == "date" else pretty(value, width=10**9)
    array, wrong = typed(declaration, pa.array([text], pa.string()))
    if wrong or array.null_count:
        raise ValueError
    return array


def _bare(declaration: FactDeclaration, value: Any) -> Any:
    """The value without what a fact object says besides, in the declared unit; raises ValueError where it does not fit."""
    unit = None
    if isinstance(value, dict):
        unit, value = value.get("unit"), value.get("value")
    if declaration.type == "list":
        if not isinstance(value, list | tuple) or not all(isinstance(item, dict) for item in value):
            raise ValueError
        known = {part.id: part for part in declaration.item}
        if any(not known.keys() >= item.keys() for item in value):
            raise ValueError
        return [{name: _bare(known[name], part) for name, part in item.items() if part is not None} for item in value]
    kinds: dict[str, Any] = {"number": (int, Decimal), "boolean": bool}
    if not isinstance(value, kinds.get(declaration.type, str)) or (
        declaration.type == "number" and isinstance(value, bool)
    ):
        raise ValueError
    if unit is None:
        return value
    converted = convert(Decimal(value), unit, declaration.unit) if declaration.type == "number" else None
    if not isinstance(converted, Decimal):
        raise ValueError
    return converted


def _misfit(declaration: FactDeclaration) -> Problem:
    label = declaration.label
    return Problem(
        "assumed-misfit",
        Text(
            f"--assume {declaration.id}：该值不能作“{label.zh}”的值",
            f"--assume {declaration.id}: the value cannot be that of {label.say('en')}",
        ),
        Text(
            f"写成 JSON：{_EXAMPLES[declaration.type][0]}",
            f"write it as JSON: {_EXAMPLES[declaration.type][1]}",
        ),
    )


_EXAMPLES = {
    "number": ("数，例如 100", "a number, such as 100"),
    "boolean": ("true 或 false", "true or false"),
    "string": ('带引号的文字，例如 "是"', 'a text in quotes, such as "yes"'),
    "date": ('带引号的日期，例如 "2025-03-31"', 'a date in quotes, such as "2025-03-31"'),
    "list": ("对象的列表，例如 [{…}]", "a list of objects, such as [{…}]"),
}


def with_missing(table: pa.Table, assumed: Mapping[str, pa.Array]) -> pa.Table:
    """The table with a column for each assumed fact that has none."""
    for name, value in assumed.items():
        if name not in table.column_names:
            table = table.append_column(name, _repeated(value, table.num_rows))
    return table


def _repeated(value: pa.Array, count: int) -> pa.Array:
    return value.take(pa.array(np.zeros(count, dtype=np.int64)))


def fitted_columns(
    before: Sequence[FactDeclaration], after: Ruleset, table: pa.Table, assumed: Mapping[str, pa.Array]
) -> tuple[pa.Table, Any]:
    """The facts of ``after`` as columns in its units, and a mask of the departments whose facts columns cannot hold.

    Args:
        before: the declarations that the table's figures are given for.
        table: its columns by names of facts.
        assumed: see :func:`constants`.

    Raises:
        FactsError: columns that are missing or mistyped; all of them.
    """
    given = set(table.column_names)
    ready = prepared(after, with_missing(table, assumed))
    known = {declaration.id: declaration for declaration in before}
    odd = np.zeros(ready.num_rows, dtype=bool)
    for place, declaration in enumerate(after.facts):
        if declaration.id not in given:
            continue
        column = ready.column(place).combine_chunks()
        fitted, unfit = _in_unit(known.get(declaration.id), declaration, column)
        odd |= unfit
        if declaration.id in assumed and fitted.null_count:
            fitted, unfit = _filled(fitted, assumed[declaration.id], unfit)
            odd |= unfit
        if fitted is not column:
            ready = ready.set_column(place, declaration.id, fitted)
    return ready, odd


def _in_unit(old: FactDeclaration | None, new: FactDeclaration, column: pa.Array) -> tuple[pa.Array, Any]:
    """A column in the unit of the new declaration, and where that cannot be."""
    none = np.zeros(len(column), dtype=bool)
    if old is None or pa.types.is_null(column.type):
        return column, none
    if new.type == old.type == "list":
        return _items_in_unit(old, new, column)
    if old.unit is None or old.unit == new.unit:
        return column, none
    if new.type != "number":
        return column, np.asarray(pc.is_valid(column))
    values: list[Decimal | None] = []
    for value in column.to_pylist():
        converted = None if value is None else convert(_decimal(value), old.unit, new.unit)
        values.append(converted if isinstance(converted, Decimal) and converted.is_finite() else None)
    made, unfit = _numbers(values)
    missing = np.array([value is None for value in values], dtype=bool)
    return made, unfit | (missing & np.asarray(pc.is_valid(column)))


def _decimal(value: float | int | Decimal) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _items_in_unit(old: FactDeclaration, new: FactDeclaration, column: pa.Array) -> tuple[pa.Array, Any]:
    known = {part.id: part for part in old.item}
    counts = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    items = column.flatten()
    parts = {part.id: part for part in new.item}
    names = [items.type.field(index).name for index in range(items.type.num_fields)]
    arrays, changed, odd = [], False, np.zeros(len(items), dtype=bool)
    for name, array in zip(names, items.flatten(), strict=True):
        made = array
        if name in parts:
            made, unfit = _in_unit(known.get(name), parts[name], array)
            odd |= unfit
        changed = changed or made is not array
        arrays.append(made)
    owners = np.repeat(np.arange(len(counts)), counts)
    unfit = np.bincount(owners[odd], minlength=len(counts)).astype(bool)
    if not changed:
        return column, unfit
    struct = pa.StructArray.from_arrays(arrays, names, mask=pc.is_null(items))
    return pa.LargeListArray.from_arrays(pa.array(offsets), struct, mask=pc.is_null(column)), unfit


def _numbers(values: list[Decimal | None]) -> tuple[pa.Array, Any]:
    """Doubles where those say the same, else decimals; and those that neither can hold."""
    if all(value is None or Decimal(repr(float(value))) == value for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64()), np.zeros(
            len(values), dtype=bool
        )
    odd = np.array([value is not None and not _held(value) for value in values], dtype=bool)
    fitting = [None if unfit else value for value, unfit in zip(values, odd, strict=True)]
    places = max((-int(value.normalize().as_tuple().exponent) for value in fitting if value is not None), default=0)
    return pa.array(fitting, pa.decimal128(_DIGITS, max(places, 0))), odd


def _held(value: Decimal) -> bool:
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= _PLACES and value.adjusted() < _DIGITS - _PLACES


def _filled(column: pa.Array, value: pa.Array, odd: Any) -> tuple[pa.Array, Any]:
    """The value where nothing is given; where a column of its type cannot hold it, that is left to the reading one by one."""
    if pa.types.is_null(column.type):
        return _repeated(value, len(column)), odd
    empty = np.asarray(pc.is_null(column)) & ~odd
    try:
        held = value if value.type == column.type else value.cast(column.type)
        if not held.cast(value.type).equals(value):
            return column, empty
        return pc.if_else(pc.is_valid(column), column, _repeated(held, len(column))), odd
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return column, empty

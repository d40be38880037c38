"""Exact values as Arrow columns: doubles where they say the same numbers, else decimals; and the values that neither holds."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jmrules.score.columns import type_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.ruleset import FactDeclaration

#: digits of an Arrow decimal of 128 bits
_DIGITS = 38
_ALL = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)


def packed(declaration: FactDeclaration, values: list[Any], owners: Sequence[int]) -> tuple[Any, set[int]]:
    """Values of a declared fact as a column, and the owners of those that no column holds (null there).

    Args:
        values: Decimal, bool, str, a date of Python or FEEL, a list of dicts of such; or None.
        owners: whose each is.
    """
    if declaration.type == "number":
        return _numbers(values, owners)
    if declaration.type == "list":
        return _lists(declaration, values, owners)
    if declaration.type == "date":
        return _dates(values, owners)
    return pa.array(values, type_of(declaration)), set()


def _numbers(values: list[Any], owners: Sequence[int]) -> tuple[Any, set[int]]:
    doubles = [None if value is None else float(value) for value in values]
    if all(value is None or _same(value, double) for value, double in zip(values, doubles, strict=True)):
        return pa.array(doubles, pa.float64()), set()
    short = [None if value is None else value.normalize(_ALL) for value in values]
    wholes = max(
        (max(value.adjusted() + 1, 1) for value in short if value is not None and value.adjusted() < _DIGITS), default=1
    )
    decimals = max((-value.as_tuple().exponent for value in short if value is not None), default=0)
    scale = max(0, min(decimals, _DIGITS - wholes))
    lost = set()
    for place, value in enumerate(short):
        if value is not None and (value.adjusted() + 1 > _DIGITS - scale or -value.as_tuple().exponent > scale):
            lost.add(owners[place])
            short[place] = None
    return pa.array(short, pa.decimal128(_DIGITS, scale)), lost


def _same(value: Decimal, double: float | None) -> bool:
    # an infinite one equals no number
    return Decimal(repr(double)) == value


def _dates(values: list[Any], owners: Sequence[int]) -> tuple[Any, set[int]]:
    from datetime import date

    made: list[date | None] = []
    lost = set()
    for value, owner in zip(values, owners, strict=True):
        try:
            made.append(None if value is None else date(value.year, value.month, value.day))
        except ValueError:
            made.append(None)
            lost.add(owner)
    return pa.array(made, pa.date32()), lost


def _lists(declaration: FactDeclaration, values: list[Any], owners: Sequence[int]) -> tuple[Any, set[int]]:
    offsets, of = [0], list[int]()
    items: list[dict[str, Any]] = []
    for value, owner in zip(values, owners, strict=True):
        items += value or ()
        of += [owner] * len(value or ())
        offsets.append(len(items))
    arrays, names, lost = [], [], set()
    for part in declaration.item:
        array, more = packed(part, [item.get(part.id) for item in items], of)
        arrays.append(array)
        names.append(part.id)
        lost |= more
    struct = pa.StructArray.from_arrays(arrays, names) if names else pa.array([{}] * len(items), pa.struct([]))
    mask = pa.array([value is None for value in values], pa.bool_())
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), struct, mask=mask), lost

"""The completion method over lists of targets, by the compiled kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.feel.vectors import kernels
from jmrules.feel.vectors.approximate import Approx, U
from jmrules.feel.vectors.iterations import listed
from jmrules.feel.vectors.rational import Exact
from jmrules.feel.vectors.vectors import (
    Array,
    Context,
    Empty,
    Items,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Truth,
    Unchecked,
    Vector,
    either,
    full,
)
from jmrules.score.columns import completion_kernels

if TYPE_CHECKING:
    from jmrules.feel.vectors.expressions import Rows
    from jmrules.plan.model import MeanCompletion

#: how the kernels number the modes
KINDS = {
    "half up": kernels.HALF,
    "half down": kernels.HALF,
    "half even": kernels.HALF,
    "up": kernels.UP,
    "down": kernels.DOWN,
}
_MODES = {"half up": 0, "half down": 1, "half even": 2, "up": 3, "down": 4}
_TARGET, _ACTUAL, _SHARE, _SIZE = range(4)


def completion_share(method: MeanCompletion, value: Vector, rows: Rows) -> tuple[Any, Mask, Mask]:
    """Shares, where they are undefined, and where they are in doubt."""
    if isinstance(value, Nothing):
        value = Empty(undef=np.ones(rows.count, dtype=bool), doubt=value.doubt)
    items = listed(rows, value)
    if not isinstance(items.item, Context | Nothing):
        raise NotColumnar("列表的项没有字段", "the items have no fields")
    undef = either(items.undef, items.null)
    if not items.size:
        empty = np.ones(rows.count, dtype=bool)
        return (
            (Exact(np.int64(0), np.int64(1)) if rows.arithmetic.exact else Approx(np.zeros(rows.count))),
            empty,
            items.doubt,
        )
    assert isinstance(items.item, Context)
    if not rows.arithmetic.exact and _is_plain(method):
        plain = _plain(method, items, items.item)
        if plain is not None:
            return plain[0], either(undef, plain[1]), items.doubt
    fields = _numbers(method, items.item)
    flags = [_flag(items.item, name, items.size) for name in (method.less_is_better, method.set_too_low)]
    doubt = items.doubt
    for vector in [*fields, *flags]:
        if vector is not None:
            undef, doubt = either(undef, items.any_of(vector.undef)), either(doubt, items.any_of(vector.doubt))
    compute = _exact if rows.arithmetic.exact else _approximate
    share, undefined, unsure = compute(method, items, fields, [_held(flag, items.size) for flag in flags])
    return share, either(undef, undefined), either(doubt, unsure)


def _numbers(method: MeanCompletion, item: Context) -> list[Number | None]:
    size = method.points if method.points is not None else method.weight
    found: list[Number | None] = []
    for name in (method.target, method.actual, method.share, size):
        vector = item.member(name) if name is not None and name in item.members else None
        if vector is not None and not isinstance(vector, Number | Nothing):
            raise NotColumnar(f"字段 {name} 不是数", f"the field {name} is not a number")
        if isinstance(vector, Number) and isinstance(vector.value, Approx) and not vector.value.raw:
            raise NotColumnar(f"字段 {name} 是算出来的", f"the field {name} is computed")
        found.append(vector if isinstance(vector, Number) else None)
    return found


def _flag(item: Context, name: str | None, size: int) -> Truth | None:
    if name is None:
        return None
    vector = item.member(name)
    if isinstance(vector, Nothing):
        return None
    if not isinstance(vector, Truth):
        raise NotColumnar(f"字段 {name} 不是真或假", f"the field {name} is not true or false")
    return vector


def _held(flag: Truth | None, size: int) -> Array:
    if flag is None:
        return np.zeros(size, dtype=bool)
    holds = full(flag.holds, size)
    return np.ascontiguousarray(holds if flag.null is None else holds & ~flag.null)


def _given(numbers: list[Number | None], size: int) -> Array:
    given = np.zeros((4, size), dtype=bool)
    for kind, number in enumerate(numbers):
        if number is not None:
            given[kind] = True if number.null is None else ~number.null
    return given


def _is_plain(method: MeanCompletion) -> bool:
    """More is better, and nothing else is declared."""
    options = (
        method.share,
        method.less_is_better,
        method.weight,
        method.points,
        method.set_too_low,
        method.item_rounding,
    )
    return all(option is None for option in options)


def _plain(method: MeanCompletion, items: Items, item: Context) -> tuple[Approx, Mask] | None:
    """Shares of a plain completion and where they are undefined, by the quick kernel; None where it cannot be used.

    Numbers that nobody has looked at yet are looked at on the way.
    """
    columns = [_column(item, name) for name in (method.target, method.actual)]
    if columns[0] is None or columns[1] is None:
        return None
    share = np.empty(len(items.offsets) - 1)
    bounds = np.array([edge for column in columns if column is not None for edge in column.bounds])
    target, actual = (np.ascontiguousarray(full(column.x, items.size)) for column in columns if column is not None)
    undefined, outside = completion_kernels.plain_completion(target, actual, items.offsets, share, bounds)
    if outside:
        return None
    for column in columns:
        if column is not None:
            column.accept()
    most = int(items.counts.max(initial=0))
    return Approx(share, (most + 4) * U), share < 0 if undefined else None


def _column(item: Context, name: str) -> Unchecked | None:
    """The raw numbers of a field without nulls."""
    if name in item.unchecked:
        return item.unchecked[name]
    vector = item.member(name) if name in item.members else None
    if (
        not isinstance(vector, Number)
        or vector.null is not None
        or vector.undef is not None
        or vector.doubt is not None
    ):
        return None
    return Unchecked(vector.value.x, (-np.inf, np.inf), whole=vector.value.whole) if vector.value.raw else None


def _approximate(
    method: MeanCompletion, items: Items, numbers: list[Number | None], flags: list[Array]
) -> tuple[Approx, Mask, Mask]:
    count = len(items.offsets) - 1
    share = np.empty(count)
    values = np.zeros((4, items.size))
    for kind, number in enumerate(numbers):
        if number is not None:
            values[kind] = number.value.x
    error, state = np.empty(count), np.empty(count, dtype=np.int8)
    leaf_points = float(method.leaf_points)
    completion_kernels.completion(
        items.offsets, values, np.stack(flags), _given(numbers, items.size), _sizing(method), leaf_points,
        float(method.tolerance), 0.0 if method.item_rounding is None else 10.0**-method.item_rounding,
        KINDS[method.mode], share, error, state,
    )  # fmt: skip
    return (
        Approx(share, 0.0, float(error.max(initial=0.0))),
        _in_state(state, completion_kernels.UNDEFINED),
        _in_state(state, completion_kernels.DOUBTFUL),
    )


def _sizing(method: MeanCompletion) -> int:
    return 2 if method.points is not None else 1 if method.weight is not None else 0


def _in_state(state: Array, which: int) -> Mask:
    found = state == which
    return found if found.any() else None


def _exact(
    method: MeanCompletion, items: Items, numbers: list[Number | None], flags: list[Array]
) -> tuple[Exact, Mask, Mask]:
    tops = np.zeros((4, items.size), dtype=np.int64)
    bottoms = np.ones(4, dtype=np.int64)
    unsure = None
    for kind, number in enumerate(numbers):
        if number is None:
            continue
        if np.ndim(number.value.bottom) or number.value.ends is not None:
            raise NotColumnar("字段是算出来的", "a field is computed")
        tops[kind], bottoms[kind] = number.value.top, number.value.bottom
    count = len(items.offsets) - 1
    top, bottom = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    state = np.empty(count, dtype=np.int8)
    leaf, tolerance = method.leaf_points, method.tolerance
    completion_kernels.exact_completion(
        items.offsets, tops, bottoms, _given(numbers, items.size), flags[0], flags[1], _sizing(method),
        leaf.numerator, leaf.denominator, tolerance.numerator, tolerance.denominator,
        0 if method.item_rounding is None else 10**method.item_rounding, _MODES[method.mode], top, bottom, state,
    )  # fmt: skip
    unsure = _in_state(state, completion_kernels.DOUBTFUL)
    return Exact(top, bottom), _in_state(state, completion_kernels.UNDEFINED), unsure

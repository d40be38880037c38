"""Arithmetic in float64 with a bound, for each number, on how far it is from the exact one.

A number v is held as x with |x - v| <= error. ``U`` stands for one rounding, 2^-53, with room for the roundings of the bounds themselves.
Numbers read from a table are *raw*: x is the double nearest to a decimal of at most 15 digits, or v is the shortest decimal that reads as x.
Either way equal doubles mean equal decimals, and comparing raw numbers is exact. What floats cannot hold (too large, too small, too near to
a tie) has a bound that decides nothing: infinite, or not a number.

Where a bound does not decide (a comparison, a rounding, a division by what may be 0), the exact numbers of those rows are asked for, as far back
as the table, and computed by ``exactly``.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf, log2
from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.feel.quotients import quotient_of
from jmrules.feel.vectors import exactly
from jmrules.feel.vectors.exactly import Quotients
from jmrules.feel.vectors.vectors import LONGEST, Approx, Array, Mask, full, of_both, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.feel.vectors.vectors import Items

U = 1.2e-16
#: room for the roundings of a bound, over as many terms as a list has
SLACK = 1 + 1e-6
WHOLE = 2.0**53
#: smaller results are not within one rounding; ``LOST`` is more than what they then miss
SMALLEST, LOST = 1e-280, 1e-270
#: digits of a decimal that its nearest double tells from all others
DIGITS = 15


#: rows whose exact numbers are held at a time
_AT_ONCE = 4096


def mask_of(mask: Array) -> Mask:
    """The mask, or None where it is nowhere."""
    return mask if np.any(mask) else None


def settled(values: Array, unsure: Array, exact: Callable[[Array], Array]) -> Array:
    """The values, those that are unsure replaced by the exact ones."""
    if not np.any(unsure):
        return values
    if np.ndim(unsure) == np.ndim(values) == 0:
        return exact(np.zeros(1, dtype=np.int64))[0]
    values, unsure = (np.array(each) for each in np.broadcast_arrays(values, unsure))
    rows = np.flatnonzero(unsure)
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        values[some] = exact(some)
    return values


@lru_cache(maxsize=4096)
def constant(value: Decimal | Fraction) -> Approx:
    """A number of the ruleset, the same for all rows."""
    exact = Fraction(value)
    bits = max(exact.numerator.bit_length(), exact.denominator.bit_length())
    try:
        x = exact.numerator / exact.denominator
    except OverflowError:
        return Approx(
            np.float64(inf if exact > 0 else -inf), inf, exact=lambda _: exactly.quotients_of(exact), bits=bits
        )
    error = 0.0 if Fraction(x) == exact else U * abs(x) + (LOST if abs(x) < SMALLEST else 0.0)
    held = exactly.quotients_of(exact)
    raw = not exact or (SMALLEST < abs(x) < 1 / SMALLEST and _is_short(exact))
    return Approx(
        np.float64(x), error, exact=lambda _: held, raw=raw, whole=exact.denominator == 1 and abs(x) < WHOLE, bits=bits
    )


def _is_short(value: Fraction) -> bool:
    """Whether a decimal of few digits holds it."""
    made = quotient_of(value)
    return isinstance(made, Decimal) and len("".join(map(str, made.as_tuple().digits)).rstrip("0")) <= DIGITS


def column(x: Array) -> Approx:
    """Numbers of a table, each the double nearest to its decimal."""
    x = np.asarray(x)
    most = max(-float(x.min(initial=0.0)), float(x.max(initial=0.0)))
    bits = 64 + int(log2(max(1.0, most)))
    integers = np.rint(x) == x
    if most < WHOLE and integers.all():
        return Approx(x, part=0.0, raw=True, whole=True, bits=bits)
    size = np.abs(x)
    least = float(np.where(integers, 1.0, size).min(initial=1.0))
    bits += int(-log2(least))
    if least < SMALLEST:
        return Approx(x, size * U + LOST, exact=lambda rows: exactly.decimals_of(taken(x, rows)), bits=bits)
    return Approx(x, part=U, raw=True, bits=bits)


def counts(x: Array) -> Approx:
    """Whole numbers below 2^53."""
    return Approx(np.asarray(x, dtype=np.float64), part=0.0, raw=True, whole=True)


def add(a: Approx, b: Approx, sign: int = 1) -> Approx:
    """The sum, or with ``sign`` -1 the difference."""
    z = a.x + b.x if sign > 0 else a.x - b.x
    bits = a.bits + b.bits + 1
    if a.whole and b.whole and _all_whole(z):
        return Approx(z, part=0.0, raw=True, whole=True, bits=bits)
    return Approx(
        z, lambda: a.error + b.error + U * np.abs(z),
        exact=lambda rows: exactly.plus(a.at(rows), b.at(rows), sign), bits=bits,
    )  # fmt: skip


def _all_whole(z: Array) -> bool:
    return bool(np.all(np.abs(z) < WHOLE))


def negative(a: Approx) -> Approx:
    """The numbers with the other sign."""
    return _alike(a, -a.x, exactly.minus)


def magnitude(a: Approx) -> Approx:
    """The numbers without their sign."""
    return _alike(a, np.abs(a.x), exactly.size_of)


def _alike(a: Approx, x: Array, function: Callable[[Quotients], Quotients]) -> Approx:
    """Numbers that are as far from the exact ones as others."""
    exact = None if a.raw else lambda rows: function(a.at(rows))
    error: Any = None if a.part is not None else lambda: a.error
    return Approx(x, error, part=a.part, exact=exact, raw=a.raw, whole=a.whole, bits=a.bits)


def multiply(a: Approx, b: Approx) -> Approx:
    """The product."""
    z = a.x * b.x
    bits = a.bits + b.bits
    if a.whole and b.whole and _all_whole(z):
        return Approx(z, part=0.0, raw=True, whole=True, bits=bits)
    size = np.abs(z)
    lost = _lost(size, a, b)

    def error() -> Array:
        made = np.abs(a.x) * b.error + (np.abs(b.x) + b.error) * a.error + U * size
        return made if lost is None else np.where(lost, made + LOST, made)

    part = _parts(a, b, lost)
    return Approx(
        z, error if part is None else None, part=part,
        exact=lambda rows: exactly.times(a.at(rows), b.at(rows)), bits=bits,
    )  # fmt: skip


def _parts(a: Approx, b: Approx, lost: Mask) -> float | None:
    """What part of itself a product or quotient is off at most."""
    return None if a.part is None or b.part is None or lost is not None else (a.part + b.part + U) * SLACK


def _lost(size: Array, *factors: Approx) -> Mask:
    """Where a result is too small for doubles, unless a factor is 0."""
    small = size < SMALLEST
    if not small.any():
        return None
    for each in factors:
        small = small & (each.x != 0 if each.part is not None else (each.x != 0) | (each.error != 0))
    return mask_of(small)


def divide(a: Approx, b: Approx) -> tuple[Approx, Mask, Mask]:
    """The quotient, where it has no value, and where it is in doubt whether it has (nowhere: that is settled here)."""
    bottom, zero, back = b.x, None, None
    near = bottom == 0 if b.part is not None else ~(np.abs(bottom) > 2 * b.error)
    if near.any():
        zero = near
        if b.part is None:
            zero = settled(near, near, lambda rows: b.at(rows).top == 0)
            back = mask_of(near & ~zero)
        bottom = np.where(near, 1.0, bottom)
    z = a.x / bottom
    size = np.abs(z)
    lost = _lost(size, a)

    def exact(rows: Array) -> Quotients:
        return exactly.over(a.at(rows), b.at(rows))

    def error() -> Array:
        off = np.where(near, 0.0, b.error)
        made = (a.error + size * off) / (np.abs(bottom) - off) + U * size
        made = made if lost is None else np.where(lost, made + LOST, made)
        return made if back is None else settled(made, back, lambda rows: exactly.floats(exact(rows))[1])

    part = _parts(a, b, lost)
    z = z if back is None else settled(z, back, lambda rows: exactly.floats(exact(rows))[0])
    made = Approx(z, error if part is None else None, part=part, exact=exact, bits=a.bits + b.bits)
    return made, None if zero is None else mask_of(zero), None


def extreme(numbers: Sequence[Approx], *, greatest: bool) -> Approx:
    """The greatest or least of some numbers, row by row."""
    made = numbers[0]
    for other in numbers[1:]:
        made = _extreme(made, other, greatest)
    return made


def _extreme(a: Approx, b: Approx, greatest: bool) -> Approx:
    pick = np.maximum if greatest else np.minimum
    # where one is surely picked, its own bound would do; the greater one does always
    return of_both(
        a, b, pick(a.x, b.x), lambda: np.maximum(a.error, b.error),
        lambda rows: exactly.extreme(a.at(rows), b.at(rows), greatest=greatest),
    )  # fmt: skip


def clipped(a: Approx) -> Approx:
    """The numbers, or 0 or 1 where they are beyond; those that surely are have no error."""

    def error() -> Array:
        off = a.error * SLACK
        return np.where((a.x - 1 >= off) | (-a.x >= off), 0.0, a.error)

    # numbers that are off by a part of themselves may keep that
    of: Any = error if a.part is None else None
    return Approx(np.clip(a.x, 0.0, 1.0), of, part=a.part, exact=lambda rows: _clip(a.at(rows)), bits=a.bits)


def _clip(a: Quotients) -> Quotients:
    nothing, all_of_it = exactly.quotients_of(Fraction(0)), exactly.quotients_of(Fraction(1))
    return exactly.extreme(exactly.extreme(a, nothing, greatest=True), all_of_it, greatest=False)


def extreme_item(a: Approx, items: Items, *, greatest: bool) -> Approx:
    """The greatest or least item of each list; 1 where it is empty."""
    pick = np.maximum if greatest else np.minimum

    def exact(rows: Array) -> Quotients:
        owned, counts = items.places(rows)
        return exactly.extremes(a.at(owned), counts, greatest=greatest)

    error: Any = None if a.part is not None else lambda: _reduced(np.maximum, a.error, items, 0.0)
    return Approx(
        _reduced(pick, a.x, items, 1.0), error, part=a.part, exact=None if a.raw else exact, raw=a.raw,
        whole=a.whole, bits=a.bits,
    )  # fmt: skip


def compare(operator: str, a: Approx, b: Approx) -> tuple[Array, Mask]:
    """Truth values, and where they are in doubt (nowhere: that is settled here)."""
    function = COMPARE[operator]
    holds = function(a.x, b.x)
    if a.raw and b.raw:
        return holds, None
    error = a.error + b.error
    unsure = ~(np.abs(a.x - b.x) > error * SLACK)
    if unsure.any():
        # two exact numbers are told apart by their doubles
        unsure = unsure & ~(error == 0)
        holds = settled(holds, unsure, lambda rows: exactly.compares(function, a.at(rows), b.at(rows)))
    return holds, None


def rounded(a: Approx, scale: int, mode: str) -> tuple[Approx, Mask]:
    """To ``scale`` decimals, and where that is in doubt (nowhere: that is settled here)."""
    if a.whole and scale >= 0:
        return a, None
    factor = 10.0**scale
    y = a.x * factor
    error = (a.error * factor + 2 * U * np.abs(y)) * SLACK
    nearest = mode.startswith("half")
    whole = np.rint(y) if nearest else _TO_WHOLE[mode](y)
    away = np.abs(y - np.rint(y)) if not nearest else 0.5 - np.abs(y - whole)
    unsure = ~((away > error) & (np.abs(whole) < 10.0**DIGITS))
    if unsure.any() and scale >= 0:
        # a number without error that is whole already stays as it is
        unsure = unsure & ~((a.error == 0) & (np.rint(a.x) == a.x) & (np.abs(whole) < 10.0**DIGITS))
    units = exactly.quotients_of(Fraction(10) ** scale)

    def exact(rows: Array) -> Array:
        return exactly.to_whole(exactly.times(a.at(rows), units), mode)

    def as_numbers(rows: Array) -> Quotients:
        return exactly.over(Quotients(exact(rows), exactly.ONE), units)

    rough = np.any(unsure & ~(np.abs(whole) < 10.0**DIGITS))
    x = settled(whole, unsure, lambda rows: exactly.floats(Quotients(exact(rows), exactly.ONE))[0]) / factor
    rough = rough or np.any(np.abs(x * factor) > 10.0**DIGITS)
    bits = a.bits + 64
    if rough:
        return Approx(x, 4 * U * np.abs(x) + LOST, exact=as_numbers, bits=bits), None
    return Approx(x, part=U if scale else 0.0, raw=True, whole=not scale, bits=bits), None


def total(a: Approx, items: Items) -> tuple[Approx, Mask]:
    """The sum of each list's numbers (0 where it is empty), and where exact arithmetic might find it too long."""
    x = full(a.x, items.size)
    z = _reduced(np.add, x, items, 0.0)
    positive = x.min(initial=0.0) >= 0
    size = z if positive else _reduced(np.add, np.abs(x), items, 0.0)
    most = int(items.counts.max(initial=0))
    bits = a.bits + most.bit_length() if a.raw else a.bits * min(most, LONGEST // a.bits)
    doubt = None if a.raw else mask_of(items.counts > LONGEST // a.bits)
    if a.whole and _all_whole(size):
        return Approx(z, part=0.0, raw=True, whole=True, bits=bits), doubt

    def error() -> Array:
        return (U * size) * items.counts + _reduced(np.add, full(a.error, items.size), items, 0.0)

    def exact(rows: Array) -> Quotients:
        owned, counts = items.places(rows)
        return exactly.sums(a.at(owned), counts)

    part = (a.part + U * most) * SLACK if positive and a.part is not None else None
    return Approx(z, error if part is None else None, part=part, exact=exact, bits=bits), doubt


def _reduced(function: Any, x: Array, items: Items, empty: float) -> Array:
    """The items of each list, put together."""
    result = np.full(len(items.offsets) - 1, empty)
    filled = items.counts > 0
    if filled.any():
        values = np.ascontiguousarray(full(x, items.size), dtype=np.float64)
        result[filled] = function.reduceat(values, items.offsets[:-1][filled])
    return result


def awarded(share: Approx, quanta: Array, mode: str, out: Array) -> None:
    """Fill in the points that shares earn of ``quanta`` (one number, or one a row)."""
    points = quanta.astype(np.float64)
    if mode in NEAREST:
        y = np.clip(share.x * points, 0.0, points)
        near = np.rint(y)
        off = (share.part + 3e-16) * y if share.part is not None else share.error * points + 3e-16 * y
        unsure = ~(np.abs(y - near) + off * SLACK < 0.5)
    else:
        part = clipped(share)
        y = part.x * points
        near = np.rint(y)
        unsure = ~(np.abs(y - near) > (part.error * points + 3e-16 * y) * SLACK)
        certain = (part.error == 0) & ((part.x == 0) | ((part.x == 1) & (points < WHOLE)))
        near = np.where(certain, y, np.ceil(y) if mode == "up" else np.floor(y))
        unsure = unsure & ~certain
    out[:] = near

    def exact(rows: Array) -> Array:
        of = Quotients(taken(quanta, rows) if quanta.size > 1 else quanta, exactly.ONE)
        return exactly.to_whole(exactly.times(_clip(share.at(rows)), of), mode)

    rows = np.flatnonzero(full(unsure, len(out)))
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        out[some] = exact(some)


#: modes of the rounding of awards that only a tie leaves in doubt
NEAREST = frozenset(("half up", "half down", "half even"))
COMPARE: dict[str, Any] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_TO_WHOLE: dict[str, Any] = {
    "floor": np.floor,
    "ceiling": np.ceil,
    "up": lambda y: np.sign(y) * np.ceil(np.abs(y)),
    "down": np.trunc,
}

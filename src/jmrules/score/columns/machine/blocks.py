"""Instructions that fill registers, for a block of departments."""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.facts import domain
from jmrules.feel.vectors import kernels
from jmrules.score.columns.completion_kernels import even_completion, plain_completion
from jmrules.score.columns.machine import codes, floats
from jmrules.score.columns.machine.floats import DOUBTFUL, SLACK, UNDEFINED, UNIT, WHOLE
from jmrules.score.columns.machine.memory import offsets_at, view

#: items of a list
MAX_ITEMS = domain.MAX_ITEMS
#: what is known of a register's numbers: how they are bounded, and flags
REL, ABS, LOW, HIGH = range(4)
KNOWN, RAW, INTEGRAL, MASKED = range(4)


@njit(cache=True, nogil=True, error_model="numpy")
def _extent(r, x, bounds, flags):
    """Least and greatest number of a register in this block."""
    if not flags[r, KNOWN]:
        bounds[r, LOW], bounds[r, HIGH] = kernels.extent(x)
        flags[r, KNOWN] = True
    return bounds[r, LOW], bounds[r, HIGH]


@njit(cache=True, nogil=True, error_model="numpy")
def _most(r, x, bounds, flags):
    low, high = _extent(r, x, bounds, flags)
    return max(abs(low), abs(high))


@njit(cache=True, nogil=True, error_model="numpy")
def _becomes_whole(r, a, b, z, bounds, flags):
    """Whether the result of whole numbers is one that a double holds."""
    if flags[a, INTEGRAL] and flags[b, INTEGRAL] and _most(r, z, bounds, flags) < WHOLE:
        bounds[r, REL], bounds[r, ABS] = 0.0, 0.0
        flags[r, RAW] = flags[r, INTEGRAL] = True
        return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _add(r, a, b, sign, x, y, z, bounds, flags):
    floats.combined(codes.ADD if sign > 0 else codes.SUBTRACT, x, y, z)
    if _becomes_whole(r, a, b, z, bounds, flags):
        return
    low_a, high_a = _extent(a, x, bounds, flags)
    low_b, high_b = _extent(b, y, bounds, flags)
    slip = (bounds[a, ABS] + bounds[b, ABS]) * SLACK
    if sign < 0:
        low_b, high_b = -high_b, -low_b
    if (low_a >= 0 and low_b >= 0) or (high_a <= 0 and high_b <= 0):
        bounds[r, REL], bounds[r, ABS] = max(bounds[a, REL], bounds[b, REL]) * SLACK + UNIT, slip
    else:
        moved = bounds[a, REL] * max(abs(low_a), abs(high_a)) + bounds[b, REL] * max(abs(low_b), abs(high_b))
        bounds[r, REL], bounds[r, ABS] = UNIT, (slip + moved) * SLACK


@njit(cache=True, nogil=True, error_model="numpy")
def _multiply(r, a, b, x, y, z, bounds, flags):
    floats.combined(codes.MULTIPLY, x, y, z)
    if _becomes_whole(r, a, b, z, bounds, flags):
        return
    slip_a, slip_b = bounds[a, ABS], bounds[b, ABS]
    slip = 0.0
    if slip_a > 0.0 or slip_b > 0.0:
        slip = (slip_a * _most(b, y, bounds, flags) + slip_b * _most(a, x, bounds, flags) + slip_a * slip_b) * SLACK
    bounds[r, REL], bounds[r, ABS] = (bounds[a, REL] + bounds[b, REL]) * SLACK + UNIT, slip


@njit(cache=True, nogil=True, error_model="numpy")
def _divide(r, a, b, x, y, z, mask, spare, bounds, flags):
    """The quotient; rows without one, or near it, are marked."""
    rel, slip, slip_a = bounds[b, REL], bounds[b, ABS], bounds[a, ABS]
    low, high = _extent(b, y, bounds, flags)
    least = min(abs(low), abs(high)) if low > 0 or high < 0 else 0.0
    divisor = y
    if slip > 0.0:
        if least <= slip * 2.0**24:
            threshold = slip * 2.0**30
            flags[r, MASKED] |= floats.replaced(y, threshold, DOUBTFUL, spare, mask)
            divisor = spare
            least = min(threshold, 1.0)
        rel += slip / least
    elif least == 0.0:
        flags[r, MASKED] |= floats.replaced(y, 0.0, UNDEFINED, spare, mask)
        divisor = spare
    moved = 0.0
    if slip_a > 0.0:
        if least == 0.0:
            # what is replaced already is not near 0
            for i in range(z.size):
                spare[i] = divisor[i]
            flags[r, MASKED] |= floats.replaced(spare, 2.0**-30, DOUBTFUL, spare, mask)
            divisor = spare
            least = 2.0**-30
        moved = slip_a / least * (1 + 2 * rel) * SLACK
    floats.combined(codes.DIVIDE, x, divisor, z)
    bounds[r, REL] = (bounds[a, REL] + rel) * (1 + 2 * rel) * SLACK + UNIT
    bounds[r, ABS] = moved


@njit(cache=True, nogil=True, error_model="numpy")
def _both(r, a, b, bounds, flags):
    """The looser bounds of two registers, of which each number of the result is one."""
    bounds[r, REL] = max(bounds[a, REL], bounds[b, REL]) * SLACK
    bounds[r, ABS] = max(bounds[a, ABS], bounds[b, ABS]) * SLACK
    flags[r, RAW] = flags[a, RAW] and flags[b, RAW]
    flags[r, INTEGRAL] = flags[a, INTEGRAL] and flags[b, INTEGRAL]


@njit(cache=True, nogil=True, error_model="numpy")
def _truths(r, bounds, flags):
    """Truth values are the whole numbers 0 and 1."""
    bounds[r, REL], bounds[r, ABS] = 0.0, 0.0
    flags[r, RAW] = flags[r, INTEGRAL] = True


@njit(cache=True, nogil=True, error_model="numpy")
def _compare(r, kind, a, b, x, y, z, mask, bounds, flags):
    floats.combined(kind, x, y, z)
    raw = flags[a, RAW] and flags[b, RAW]
    rel_a, abs_a, rel_b, abs_b = bounds[a, REL], bounds[a, ABS], bounds[b, REL], bounds[b, ABS]
    if not raw and (rel_a > 0.0 or abs_a > 0.0 or rel_b > 0.0 or abs_b > 0.0):
        flags[r, MASKED] |= floats.doubtful_comparisons(x, y, rel_a, abs_a, rel_b, abs_b, mask)
    _truths(r, bounds, flags)


@njit(cache=True, nogil=True, error_model="numpy")
def _marks(r, kind, both, a, b, c, left, masks, flags, size):
    """Hand on the marks of what a register reads."""
    mask = masks[r]
    marked = False
    for read in (a, b, c):
        marked |= read >= 0 and flags[read, MASKED]
    flags[r, MASKED] = marked
    if not marked:
        return
    for i in range(size):
        mask[i] = 0
    if a >= 0 and flags[a, MASKED]:
        for i in range(size):
            mask[i] = masks[a, i]
    if kind == codes.CHOOSE:
        for i in range(size):
            mask[i] |= masks[b, i] * np.uint8(flags[b, MASKED] and left[i] != 0.0)
            mask[i] |= masks[c, i] * np.uint8(flags[c, MASKED] and left[i] == 0.0)
    elif b >= 0 and flags[b, MASKED]:
        decisive = np.nan
        if not both and (kind in (codes.AND, codes.OR)):
            decisive = 0.0 if kind == codes.AND else 1.0
        for i in range(size):
            mask[i] |= masks[b, i] * np.uint8(left[i] != decisive)


@njit(cache=True, nogil=True, error_model="numpy")
def _load(r, start, size, own, low_high, fed, second, values, address, bounds, flags, aside):
    """A fed column as a register; numbers that do not fit are replaced and their departments set aside."""
    x = view(fed + 8 * start, size)
    address[r] = fed + 8 * start
    low, high, factor = low_high[0], low_high[1], low_high[2]
    computed = second & codes.FED_COMPUTED
    if not second & codes.FED_CHECKED or computed:
        if second & codes.FED_CHECKED:
            low, high, factor = -np.inf, np.inf, 0.0
        if floats.misfits(x, low, high, factor, computed):
            floats.mended(x, low, high, factor, computed, own, aside)
            address[r] = values[r].ctypes.data
    flags[r, RAW], flags[r, KNOWN] = True, False
    flags[r, INTEGRAL] = bool(second & codes.FED_WHOLE) or factor == 1.0
    bounds[r, REL], bounds[r, ABS] = 0.0 if flags[r, INTEGRAL] else UNIT, 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _complete(r, start, size, second, columns, limits, z, mask, bounds, flags, aside):
    """The mean completion of lists of targets."""
    edges = offsets_at(columns[0], start, size + 1)
    first, last, count = np.int64(edges[0]), np.int64(edges[size]), edges[1] - edges[0]
    target, actual = view(columns[1 + second // 100], last), view(columns[1 + second % 100], last)
    uneven = 0
    for i in range(size):
        uneven += np.int32(edges[i + 1] - edges[i] != count)
    most = np.int64(count)
    if not uneven and count:
        undefined, outside = even_completion(target[first:last], actual[first:last], most, z, limits)
    else:
        offsets = edges.astype(np.int64)
        for i in range(size):
            most = max(most, offsets[i + 1] - offsets[i])
        undefined, outside = plain_completion(target, actual, offsets, z, limits)
    if most > MAX_ITEMS:
        for i in range(size):
            aside[i] |= edges[i + 1] - edges[i] > MAX_ITEMS
    bounds[r, REL], bounds[r, ABS] = (most + 4) * UNIT, 0.0
    flags[r, MASKED] = undefined > 0
    if undefined:
        for i in range(size):
            mask[i] = np.uint8(UNDEFINED if z[i] < 0.0 else 0)
    if outside:
        for i in range(size):
            for k in range(edges[i], edges[i + 1]):
                fits = (target[k] >= limits[0]) & (target[k] <= limits[1])
                fits &= (actual[k] >= limits[2]) & (actual[k] <= limits[3])
                if not fits:
                    aside[i] = True
                    z[i] = 0.0
    return outside


@njit(cache=True, nogil=True, error_model="numpy")
def _method(r, kind, a, b, first, size, own_floats, own_whole, x, y, z, mask, bounds, flags):
    """What methods do with a number."""
    if kind == codes.BAND:
        count = own_whole[0]
        rel, slip = bounds[a, REL], bounds[a, ABS]
        certain = flags[a, RAW] or (rel == 0.0 and slip == 0.0)
        flags[r, MASKED] |= floats.banded(x, rel, slip + 1e-290, own_floats[:count], own_whole, certain, z, mask)
        _truths(r, bounds, flags)
    elif kind == codes.INTERPOLATE:
        floats.interpolated(x, own_floats[:first], own_floats[first : 2 * first], z)
        largest = 0.0
        for k in range(first):
            largest = max(largest, abs(own_floats[k]))
        moved = (bounds[a, REL] + 4 * UNIT) * largest * 2 + bounds[a, ABS]
        bounds[r, REL], bounds[r, ABS] = 0.0, own_floats[2 * first] * moved * SLACK + 16 * UNIT
    elif kind == codes.DEDUCT:
        if not flags[b, RAW] and not flags[b, INTEGRAL]:
            for i in range(size):
                mask[i] |= DOUBTFUL
            flags[r, MASKED] = True
            z[:] = 0.0
        else:
            if a < 0:
                x[:] = np.float64(own_whole[0])
            flags[r, MASKED] |= floats.deducted(x, y, own_whole, z, mask)
        _truths(r, bounds, flags)
    elif kind == codes.WEIGH:
        for i in range(size):
            z[i] = (0.0 if a < 0 else x[i]) + y[i] * own_floats[0]
        _truths(r, bounds, flags)


@njit(cache=True, nogil=True, error_model="numpy")
def execute(
    r, start, size, code, pool, whole, fed, lists, values, masks, address, bounds, flags, aside, spare
):  # fmt: skip
    """Execute instruction ``r`` for the block; how many items of a list do not fit."""
    kind, a, b, c = code[r, codes.CODE], code[r, codes.A], code[r, codes.B], code[r, codes.C]
    first, second = code[r, codes.FIRST], code[r, codes.SECOND]
    own_floats, own_whole = pool[code[r, codes.FLOATS] :], whole[code[r, codes.WHOLE] :]
    z, mask = values[r, :size], masks[r, :size]
    if kind == codes.CONSTANT:
        return 0
    if kind == codes.LOAD:
        _load(r, start, size, z, own_floats, fed[first], second, values, address, bounds, flags, aside)
        return 0
    flags[r, KNOWN] = flags[r, RAW] = flags[r, INTEGRAL] = False
    if kind == codes.COMPLETION:
        return _complete(r, start, size, second, lists[first], own_floats[:4], z, mask, bounds, flags, aside)
    x = view(address[a], size) if a >= 0 else spare[:size]
    y = view(address[b], size) if b >= 0 else spare[:size]
    _marks(r, kind, first, a, b, c, x, masks, flags, size)
    if not flags[r, MASKED] and kind != codes.CHOOSE:
        for i in range(size):
            mask[i] = 0
    if kind in (codes.ADD, codes.SUBTRACT):
        _add(r, a, b, 1 if kind == codes.ADD else -1, x, y, z, bounds, flags)
    elif kind == codes.MULTIPLY:
        _multiply(r, a, b, x, y, z, bounds, flags)
    elif kind == codes.DIVIDE:
        _divide(r, a, b, x, y, z, mask, spare[:size], bounds, flags)
    elif kind in (codes.LEAST, codes.GREATEST):
        floats.combined(kind, x, y, z)
        _both(r, a, b, bounds, flags)
    elif codes.EQUAL <= kind <= codes.AT_LEAST:
        _compare(r, kind, a, b, x, y, z, mask, bounds, flags)
    elif kind in (codes.AND, codes.OR):
        floats.combined(kind, x, y, z)
        _truths(r, bounds, flags)
    elif kind == codes.NOT:
        for i in range(size):
            z[i] = 1.0 - x[i]
        _truths(r, bounds, flags)
    elif kind == codes.CHOOSE:
        other = view(address[c], size)
        for i in range(size):
            z[i] = y[i] if x[i] != 0.0 else other[i]
        _both(r, b, c, bounds, flags)
    elif kind in (codes.NEGATE, codes.MAGNITUDE):
        for i in range(size):
            z[i] = -x[i] if kind == codes.NEGATE else abs(x[i])
        _both(r, a, a, bounds, flags)
    elif kind == codes.ROUND:
        if flags[a, INTEGRAL]:
            z[:] = x
            _truths(r, bounds, flags)
        else:
            flags[r, MASKED] |= floats.rounded(x, bounds[a, REL], bounds[a, ABS], first, second, z, mask)
            bounds[r, REL], bounds[r, ABS] = UNIT if second else 0.0, 0.0
            flags[r, RAW], flags[r, INTEGRAL] = True, second == 0
    else:
        _method(r, kind, a, b, first, size, own_floats, own_whole, x, y, z, mask, bounds, flags)
    return 0

"""The machine: instructions over blocks of departments."""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.backends.columns.completion_kernels import plain_completion
from jmrules.backends.columns.machine import codes, exact, floats
from jmrules.backends.columns.machine.floats import DOUBTFUL, SLACK, UNDEFINED, UNIT, WHOLE
from jmrules.backends.columns.machine.memory import offset_at, view
from jmrules.facts import domain

#: departments of a block
BLOCK = 1024
#: items of a list
MAX_ITEMS = domain.MAX_ITEMS
#: what is known of a register's numbers: how they are bounded, and flags
_REL, _ABS, _LOW, _HIGH = range(4)
_KNOWN, _RAW, _INTEGRAL, _MASKED = range(4)


@njit(cache=True, nogil=True, error_model="numpy")
def _extent(r, x, bounds, flags):
    """Least and greatest number of a register in this block."""
    if not flags[r, _KNOWN]:
        bounds[r, _LOW], bounds[r, _HIGH] = floats.extent(x)
        flags[r, _KNOWN] = True
    return bounds[r, _LOW], bounds[r, _HIGH]


@njit(cache=True, nogil=True, error_model="numpy")
def _most(r, x, bounds, flags):
    low, high = _extent(r, x, bounds, flags)
    return max(abs(low), abs(high))


@njit(cache=True, nogil=True, error_model="numpy")
def _becomes_whole(r, a, b, z, bounds, flags):
    """Whether the result of whole numbers is one that a double holds."""
    if flags[a, _INTEGRAL] and flags[b, _INTEGRAL] and _most(r, z, bounds, flags) < WHOLE:
        bounds[r, _REL], bounds[r, _ABS] = 0.0, 0.0
        flags[r, _RAW] = flags[r, _INTEGRAL] = True
        return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def _add(r, a, b, sign, x, y, z, bounds, flags):
    floats.combined(codes.ADD if sign > 0 else codes.SUBTRACT, x, y, z)
    if _becomes_whole(r, a, b, z, bounds, flags):
        return
    low_a, high_a = _extent(a, x, bounds, flags)
    low_b, high_b = _extent(b, y, bounds, flags)
    slip = (bounds[a, _ABS] + bounds[b, _ABS]) * SLACK
    if sign < 0:
        low_b, high_b = -high_b, -low_b
    if (low_a >= 0 and low_b >= 0) or (high_a <= 0 and high_b <= 0):
        bounds[r, _REL], bounds[r, _ABS] = max(bounds[a, _REL], bounds[b, _REL]) * SLACK + UNIT, slip
    else:
        moved = bounds[a, _REL] * max(abs(low_a), abs(high_a)) + bounds[b, _REL] * max(abs(low_b), abs(high_b))
        bounds[r, _REL], bounds[r, _ABS] = UNIT, (slip + moved) * SLACK


@njit(cache=True, nogil=True, error_model="numpy")
def _multiply(r, a, b, x, y, z, bounds, flags):
    floats.combined(codes.MULTIPLY, x, y, z)
    if _becomes_whole(r, a, b, z, bounds, flags):
        return
    slip_a, slip_b = bounds[a, _ABS], bounds[b, _ABS]
    slip = 0.0
    if slip_a > 0.0 or slip_b > 0.0:
        slip = (slip_a * _most(b, y, bounds, flags) + slip_b * _most(a, x, bounds, flags) + slip_a * slip_b) * SLACK
    bounds[r, _REL], bounds[r, _ABS] = (bounds[a, _REL] + bounds[b, _REL]) * SLACK + UNIT, slip


@njit(cache=True, nogil=True, error_model="numpy")
def _divide(r, a, b, x, y, z, mask, spare, bounds, flags):
    """The quotient; rows without one, or near it, are marked."""
    rel, slip, slip_a = bounds[b, _REL], bounds[b, _ABS], bounds[a, _ABS]
    low, high = _extent(b, y, bounds, flags)
    least = min(abs(low), abs(high)) if low > 0 or high < 0 else 0.0
    divisor = y
    if slip > 0.0:
        if least <= slip * 2.0**24:
            threshold = slip * 2.0**30
            flags[r, _MASKED] |= floats.replaced(y, threshold, DOUBTFUL, spare, mask)
            divisor = spare
            least = min(threshold, 1.0)
        rel += slip / least
    elif least == 0.0:
        flags[r, _MASKED] |= floats.replaced(y, 0.0, UNDEFINED, spare, mask)
        divisor = spare
    moved = 0.0
    if slip_a > 0.0:
        if least == 0.0:
            # what is replaced already is not near 0
            for i in range(z.size):
                spare[i] = divisor[i]
            flags[r, _MASKED] |= floats.replaced(spare, 2.0**-30, DOUBTFUL, spare, mask)
            divisor = spare
            least = 2.0**-30
        moved = slip_a / least * (1 + 2 * rel) * SLACK
    floats.combined(codes.DIVIDE, x, divisor, z)
    bounds[r, _REL] = (bounds[a, _REL] + rel) * (1 + 2 * rel) * SLACK + UNIT
    bounds[r, _ABS] = moved


@njit(cache=True, nogil=True, error_model="numpy")
def _both(r, a, b, bounds, flags):
    """The looser bounds of two registers, of which each number of the result is one."""
    bounds[r, _REL] = max(bounds[a, _REL], bounds[b, _REL]) * SLACK
    bounds[r, _ABS] = max(bounds[a, _ABS], bounds[b, _ABS]) * SLACK
    flags[r, _RAW] = flags[a, _RAW] and flags[b, _RAW]
    flags[r, _INTEGRAL] = flags[a, _INTEGRAL] and flags[b, _INTEGRAL]


@njit(cache=True, nogil=True, error_model="numpy")
def _truths(r, bounds, flags):
    """Truth values are the whole numbers 0 and 1."""
    bounds[r, _REL], bounds[r, _ABS] = 0.0, 0.0
    flags[r, _RAW] = flags[r, _INTEGRAL] = True


@njit(cache=True, nogil=True, error_model="numpy")
def _compare(r, kind, a, b, x, y, z, mask, bounds, flags):
    floats.combined(kind, x, y, z)
    raw = flags[a, _RAW] and flags[b, _RAW]
    rel_a, abs_a, rel_b, abs_b = bounds[a, _REL], bounds[a, _ABS], bounds[b, _REL], bounds[b, _ABS]
    if not raw and (rel_a > 0.0 or abs_a > 0.0 or rel_b > 0.0 or abs_b > 0.0):
        flags[r, _MASKED] |= floats.doubtful_comparisons(x, y, rel_a, abs_a, rel_b, abs_b, mask)
    _truths(r, bounds, flags)


@njit(cache=True, nogil=True, error_model="numpy")
def _marks(r, kind, both, a, b, c, left, masks, flags, size):
    """Hand on the marks of what a register reads."""
    mask = masks[r]
    marked = False
    for read in (a, b, c):
        marked |= read >= 0 and flags[read, _MASKED]
    flags[r, _MASKED] = marked
    if not marked:
        return
    for i in range(size):
        mask[i] = 0
    if a >= 0 and flags[a, _MASKED]:
        for i in range(size):
            mask[i] = masks[a, i]
    if kind == codes.CHOOSE:
        for i in range(size):
            mask[i] |= masks[b, i] * np.uint8(flags[b, _MASKED] and left[i] != 0.0)
            mask[i] |= masks[c, i] * np.uint8(flags[c, _MASKED] and left[i] == 0.0)
    elif b >= 0 and flags[b, _MASKED]:
        decisive = np.nan
        if not both and (kind == codes.AND or kind == codes.OR):
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
    flags[r, _RAW], flags[r, _KNOWN] = True, False
    flags[r, _INTEGRAL] = bool(second & codes.FED_WHOLE) or factor == 1.0
    bounds[r, _REL], bounds[r, _ABS] = 0.0 if flags[r, _INTEGRAL] else UNIT, 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _complete(r, start, size, second, columns, limits, z, mask, bounds, flags, aside):
    """The mean completion of lists of targets."""
    offsets = np.empty(size + 1, np.int64)
    most = 0
    for i in range(size + 1):
        offsets[i] = offset_at(columns[0], start + i)
    last = offsets[size]
    target, actual = view(columns[1 + second // 100], last), view(columns[1 + second % 100], last)
    undefined, outside = plain_completion(target, actual, offsets, z, limits)
    for i in range(size):
        most = max(most, offsets[i + 1] - offsets[i])
    if most > MAX_ITEMS:
        for i in range(size):
            aside[i] |= offsets[i + 1] - offsets[i] > MAX_ITEMS
    bounds[r, _REL], bounds[r, _ABS] = (most + 4) * UNIT, 0.0
    flags[r, _MASKED] = undefined > 0
    if undefined:
        for i in range(size):
            mask[i] = np.uint8(UNDEFINED if z[i] < 0.0 else 0)
    if outside:
        for i in range(size):
            for k in range(offsets[i], offsets[i + 1]):
                fits = (target[k] >= limits[0]) & (target[k] <= limits[1])
                fits &= (actual[k] >= limits[2]) & (actual[k] <= limits[3])
                if not fits:
                    aside[i] = True
                    z[i] = 0.0
    return outside


@njit(cache=True, nogil=True, error_model="numpy")
def _execute(
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
    flags[r, _KNOWN] = flags[r, _RAW] = flags[r, _INTEGRAL] = False
    if kind == codes.COMPLETION:
        return _complete(r, start, size, second, lists[first], own_floats[:4], z, mask, bounds, flags, aside)
    x = view(address[a], size) if a >= 0 else spare[:size]
    y = view(address[b], size) if b >= 0 else spare[:size]
    _marks(r, kind, first, a, b, c, x, masks, flags, size)
    if not flags[r, _MASKED] and kind != codes.CHOOSE:
        for i in range(size):
            mask[i] = 0
    if kind == codes.ADD or kind == codes.SUBTRACT:
        _add(r, a, b, 1 if kind == codes.ADD else -1, x, y, z, bounds, flags)
    elif kind == codes.MULTIPLY:
        _multiply(r, a, b, x, y, z, bounds, flags)
    elif kind == codes.DIVIDE:
        _divide(r, a, b, x, y, z, mask, spare[:size], bounds, flags)
    elif kind == codes.LEAST or kind == codes.GREATEST:
        floats.combined(kind, x, y, z)
        _both(r, a, b, bounds, flags)
    elif codes.EQUAL <= kind <= codes.AT_LEAST:
        _compare(r, kind, a, b, x, y, z, mask, bounds, flags)
    elif kind == codes.AND or kind == codes.OR:
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
    elif kind == codes.NEGATE or kind == codes.MAGNITUDE:
        for i in range(size):
            z[i] = -x[i] if kind == codes.NEGATE else abs(x[i])
        _both(r, a, a, bounds, flags)
    elif kind == codes.ROUND:
        if flags[a, _INTEGRAL]:
            z[:] = x
            _truths(r, bounds, flags)
        else:
            flags[r, _MASKED] |= floats.rounded(x, bounds[a, _REL], bounds[a, _ABS], first, second, z, mask)
            bounds[r, _REL], bounds[r, _ABS] = UNIT if second else 0.0, 0.0
            flags[r, _RAW], flags[r, _INTEGRAL] = True, second == 0
    elif kind == codes.BAND:
        count = own_whole[0]
        rel, slip = bounds[a, _REL], bounds[a, _ABS]
        certain = flags[a, _RAW] or (rel == 0.0 and slip == 0.0)
        flags[r, _MASKED] |= floats.banded(x, rel, slip + 1e-290, own_floats[:count], own_whole, certain, z, mask)
        _truths(r, bounds, flags)
    elif kind == codes.INTERPOLATE:
        floats.interpolated(x, own_floats[:first], own_floats[first : 2 * first], z)
        largest = 0.0
        for k in range(first):
            largest = max(largest, abs(own_floats[k]))
        moved = (bounds[a, _REL] + 4 * UNIT) * largest * 2 + bounds[a, _ABS]
        bounds[r, _REL], bounds[r, _ABS] = 0.0, own_floats[2 * first] * moved * SLACK + 16 * UNIT
    elif kind == codes.DEDUCT:
        if not flags[b, _RAW] and not flags[b, _INTEGRAL]:
            for i in range(size):
                mask[i] |= DOUBTFUL
            flags[r, _MASKED] = True
            z[:] = 0.0
        else:
            if a < 0:
                x[:] = np.float64(own_whole[0])
            flags[r, _MASKED] |= floats.deducted(x, y, own_whole, z, mask)
        _truths(r, bounds, flags)
    elif kind == codes.WEIGH:
        for i in range(size):
            z[i] = (0.0 if a < 0 else x[i]) + y[i] * own_floats[0]
        _truths(r, bounds, flags)
    return 0


@njit(cache=True, nogil=True, error_model="numpy")
def _exempt(condition, masked, mask, otherwise, earned, marks):
    """Award those to whom the leaf does not apply; marks are those of the condition where it has any."""
    for i in range(earned.size):
        applies = condition[i] != 0.0
        unclear = mask[i] if masked else np.uint8(0)
        earned[i] = earned[i] if applies else otherwise
        marks[i] = unclear if unclear else marks[i] * np.uint8(applies)


@njit(cache=True, nogil=True, error_model="numpy")
def _award(
    r, start, size, code, pool, whole, needed, starts, fed, lists, masks, address, bounds, flags, aside, earned, doubts,
    marks, held, error,
):  # fmt: skip
    """Fill the awards of a leaf for the block; how many departments were in doubt, and are still (told in ``doubts``)."""
    own = whole[code[r, codes.WHOLE] :]
    share, applies = code[r, codes.A], code[r, codes.B]
    x = view(address[share], size)
    quanta, otherwise, undefined, mode = own[1], own[2], own[3], own[4]
    rel, slip = bounds[share, _REL], bounds[share, _ABS]
    entries = code[r, codes.CODE] == codes.AWARD_ENTRY
    unsure = 0
    if entries:
        table = own[6 : 6 + own[5]]
        for i in range(size):
            earned[i] = table[min(max(np.int64(x[i]), 0), table.size - 1)]
            unsure += np.int64(earned[i] < 0)
    elif mode <= codes.HALF_EVEN:
        unsure = floats.half_awards(x, rel, slip, np.float64(quanta), earned)
    else:
        for i in range(size):
            made, doubtful = floats.award(x[i], rel, slip, np.float64(quanta), mode)
            earned[i] = made
            unsure += np.int64(doubtful)
    if not unsure and applies < 0 and not flags[share, _MASKED]:
        return 0, 0
    for i in range(size):
        marks[i] = masks[share, i] if flags[share, _MASKED] else 0
    if unsure and entries:
        for i in range(size):
            marks[i] |= np.uint8(UNDEFINED * (earned[i] < 0))
    elif unsure:
        floats.mark_doubts(x, rel, slip, np.float64(quanta), mode, marks)
    if applies >= 0:
        _exempt(view(address[applies], size), flags[applies, _MASKED], masks[applies], otherwise, earned, marks)
    found, left, lanes = 0, 0, 0
    rows, settled = np.empty(exact.LANES, np.int64), np.empty(exact.LANES, np.int64)
    for i in range(size):
        mark = marks[i]
        if mark == 0 and (lanes == 0 or i < size - 1):
            continue
        if mark & DOUBTFUL and not aside[i]:
            rows[lanes] = start + i
            lanes += 1
        elif mark:
            earned[i] = max(undefined, 0)
            aside[i] |= undefined < 0
        if lanes and (lanes == exact.LANES or i == size - 1):
            some = rows[:lanes]
            exact.settle(
                r, some, code, pool, whole, needed, starts, fed, lists, held[0], held[1], held[2], held[3], error, settled
            )  # fmt: skip
            for lane in range(lanes):
                at = some[lane] - start
                earned[at] = max(settled[lane], 0)
                if settled[lane] == exact.UNSETTLED:
                    unclear = applies >= 0 and flags[applies, _MASKED] and masks[applies, at] & DOUBTFUL
                    # the vectors settle shares, not conditions
                    aside[at] |= unclear
                    doubts[at] = not unclear
                    left += 1
                elif settled[lane] < 0:
                    aside[at] = True
            found += lanes
            lanes = 0
    return found, left


@njit(cache=True, nogil=True, error_model="numpy")
def _total(awards, cuts, codes_of_grades, factor, begin, sums, totals, grades):
    """The totals of a block, and the codes of the last cuts that they have reached; cuts are in quanta."""
    sums[:] = 0
    for leaf in range(awards.shape[0]):
        some = awards[leaf][begin : begin + sums.size]
        for i in range(sums.size):
            sums[i] += some[i]
    for i in range(sums.size):
        totals[i] = sums[i] * factor
        grades[i] = codes_of_grades[0]
    for k in range(1, cuts.size):
        cut, code = sums.dtype.type(cuts[k]), codes_of_grades[k]
        for i in range(sums.size):
            grades[i] = code if sums[i] >= cut else grades[i]


@njit(cache=True, nogil=True, error_model="numpy")
def execute(
    code, pool, whole, needed, starts, fed, lists, begin, awards, aside, doubts, totals, grades, cuts, grade_codes, factor
):  # fmt: skip
    """Execute a program for ``aside.size`` departments, whose columns are those of ``awards`` from ``begin`` on.

    Fills the rows of ``awards`` that the program is about and sets in ``aside`` the departments that only the scalar backend can
    score. ``doubts`` has a row per leaf: awards that are left to the vectors. ``factor`` times a sum of awards is a total; 0: there are
    to be no totals. Returns how many awards floats left in doubt, how many of those remain, and how many items of lists
    do not fit.
    """
    count, size = code.shape[0], aside.size
    values, masks = np.empty((count, BLOCK)), np.zeros((count, BLOCK), np.uint8)
    address = np.empty(count, np.int64)
    bounds, flags = np.zeros((count, 4)), np.zeros((count, 4), np.bool_)
    sums = np.empty(BLOCK, awards.dtype)
    spare, marks = np.empty(BLOCK), np.empty(BLOCK, np.uint8)
    held, error = np.zeros((4, count, exact.LANES), np.int64), np.zeros((count, exact.LANES))
    exact.prepare(code, whole, held[1], held[2], held[3])
    for r in range(count):
        address[r] = values[r].ctypes.data
        if code[r, codes.CODE] == codes.CONSTANT:
            values[r, :] = pool[code[r, codes.FLOATS]]
            bounds[r, _REL] = pool[code[r, codes.FLOATS] + 1]
            bounds[r, _LOW] = bounds[r, _HIGH] = values[r, 0]
            flags[r, _KNOWN] = True
            flags[r, _RAW], flags[r, _INTEGRAL] = code[r, codes.FIRST] & 1, code[r, codes.FIRST] & 2
    doubtful, left, outside = 0, 0, 0
    for start in range(0, size, BLOCK):
        end = min(start + BLOCK, size)
        beside = aside[start:end]
        for r in range(count):
            if code[r, codes.CODE] < codes.AWARD:
                outside += _execute(
                    r, start, end - start, code, pool, whole, fed, lists, values, masks, address, bounds, flags, beside,
                    spare,
                )  # fmt: skip
                continue
            leaf = whole[code[r, codes.WHOLE]]
            earned = awards[leaf][begin + start : begin + end]
            found, more = _award(
                r, start, end - start, code, pool, whole, needed, starts, fed, lists, masks, address, bounds, flags,
                beside, earned, doubts[leaf][start:end], marks, held, error,
            )  # fmt: skip
            doubtful += found
            left += more
        if factor:
            _total(
                awards, cuts, grade_codes, factor, begin + start, sums[: end - start], totals[begin + start : begin + end],
                grades[begin + start : begin + end],
            )  # fmt: skip
    return doubtful, left, outside

"""The machine: a program over blocks of departments."""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.feel.vectors import kernels
from jmrules.score.columns.machine import blocks, codes, exact, floats
from jmrules.score.columns.machine.blocks import ABS, HIGH, INTEGRAL, KNOWN, LOW, MASKED, RAW, REL
from jmrules.score.columns.machine.floats import DOUBTFUL, UNDEFINED
from jmrules.score.columns.machine.memory import view

#: departments of a block: what is at work on them stays in the caches near the processor
BLOCK = 1024


@njit(cache=True, nogil=True, error_model="numpy")
def _exempt(condition, masked, mask, otherwise, earned, marks, unclear):
    """Award those to whom the leaf does not apply; marks are those of the condition where it has any, ``unclear`` where it is in doubt."""
    for i in range(earned.size):
        applies = condition[i] != 0.0
        own = mask[i] if masked else np.uint8(0)
        earned[i] = earned[i] if applies else otherwise
        marks[i] = own if own else marks[i] * np.uint8(applies)
        unclear[i] = own & DOUBTFUL > 0


@njit(cache=True, nogil=True, error_model="numpy")
def _first_awards(x, rel, slip, quanta, mode, table, earned):
    """The awards of a block as floats and tables tell; whether any of them needs another look."""
    if table.size:
        unsure = 0
        for i in range(earned.size):
            earned[i] = table[min(max(np.int64(x[i]), 0), table.size - 1)]
            unsure += np.int64(earned[i] < 0)
        return unsure > 0
    if mode <= codes.HALF_EVEN:
        return kernels.half_awards(x, rel, slip, quanta, earned) > 0
    unsure = 0
    for i in range(earned.size):
        made, doubtful = floats.award(x[i], rel, slip, quanta, mode)
        earned[i] = made
        unsure += np.int64(doubtful)
    return unsure > 0


@njit(cache=True, nogil=True, error_model="numpy")
def _take(rows, settled, start, unclear, earned, aside, doubts):
    """Take over the awards that were settled in whole numbers; how many were not."""
    left = 0
    for lane in range(rows.size):
        at = rows[lane] - start
        earned[at] = max(settled[lane], 0)
        if settled[lane] == exact.UNSETTLED:
            # the vectors settle shares, not conditions
            aside[at] |= unclear[at]
            doubts[at] = not unclear[at]
            left += 1
        elif settled[lane] < 0:
            aside[at] = True
    return left


@njit(cache=True, nogil=True, error_model="numpy")
def _award(
    r, start, size, code, pool, whole, needed, starts, fed, lists, masks, address, bounds, flags, aside, earned, doubts,
    marks, unclear, held, error,
):  # fmt: skip
    """Fill the awards of a leaf for the block; how many departments were in doubt, and are still (told in ``doubts``)."""
    own = whole[code[r, codes.WHOLE] :]
    share, applies = code[r, codes.A], code[r, codes.B]
    x = view(address[share], size)
    quanta, otherwise, undefined, mode = np.float64(own[1]), own[2], own[3], own[4]
    rel, slip = bounds[share, REL], bounds[share, ABS]
    table = own[6 : 6 + own[5]] if code[r, codes.CODE] == codes.AWARD_ENTRY else own[:0]
    unsure = _first_awards(x, rel, slip, quanta, mode, table, earned)
    if not unsure and applies < 0 and not flags[share, MASKED]:
        return 0, 0
    for i in range(size):
        marks[i] = masks[share, i] if flags[share, MASKED] else 0
        unclear[i] = False
    if unsure and table.size:
        for i in range(size):
            marks[i] |= np.uint8(UNDEFINED * (earned[i] < 0))
    elif unsure:
        floats.mark_doubts(x, rel, slip, quanta, mode, marks)
    if applies >= 0:
        _exempt(view(address[applies], size), flags[applies, MASKED], masks[applies], otherwise, earned, marks, unclear)
    found, left, lanes = 0, 0, 0
    rows, settled = np.empty(exact.LANES, np.int64), np.empty(exact.LANES, np.int64)
    for i in range(size):
        if marks[i] & DOUBTFUL and not aside[i]:
            rows[lanes] = start + i
            lanes += 1
        elif marks[i]:
            earned[i] = max(undefined, 0)
            aside[i] |= undefined < 0
        if lanes and (lanes == exact.LANES or i == size - 1):
            exact.settle(
                r, rows[:lanes], code, pool, whole, needed, starts, fed, lists, held[0], held[1], held[2], held[3], error,
                settled,
            )  # fmt: skip
            left += _take(rows[:lanes], settled, start, unclear, earned, aside, doubts)
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
    unclear = np.zeros(BLOCK, np.bool_)
    held, error = np.zeros((4, count, exact.LANES), np.int64), np.zeros((count, exact.LANES))
    exact.prepare(code, whole, held[1], held[2], held[3])
    for r in range(count):
        address[r] = values[r].ctypes.data
        if code[r, codes.CODE] == codes.CONSTANT:
            values[r, :] = pool[code[r, codes.FLOATS]]
            bounds[r, REL] = pool[code[r, codes.FLOATS] + 1]
            bounds[r, LOW] = bounds[r, HIGH] = values[r, 0]
            flags[r, KNOWN] = True
            flags[r, RAW], flags[r, INTEGRAL] = code[r, codes.FIRST] & 1, code[r, codes.FIRST] & 2
    doubtful, left, outside = 0, 0, 0
    for start in range(0, size, BLOCK):
        end = min(start + BLOCK, size)
        beside = aside[start:end]
        for r in range(count):
            if code[r, codes.CODE] < codes.AWARD:
                outside += blocks.execute(
                    r, start, end - start, code, pool, whole, fed, lists, values, masks, address, bounds, flags, beside,
                    spare,
                )  # fmt: skip
                continue
            leaf = whole[code[r, codes.WHOLE]]
            earned = awards[leaf][begin + start : begin + end]
            found, more = _award(
                r, start, end - start, code, pool, whole, needed, starts, fed, lists, masks, address, bounds, flags,
                beside, earned, doubts[leaf][start:end], marks, unclear, held, error,
            )  # fmt: skip
            doubtful += found
            left += more
        if factor:
            _total(
                awards, cuts, grade_codes, factor, begin + start, sums[: end - start], totals[begin + start : begin + end],
                grades[begin + start : begin + end],
            )  # fmt: skip
    return doubtful, left, outside

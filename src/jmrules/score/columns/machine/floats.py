"""What instructions do to a block of departments, in float64 with the error bounds of ``approximate``."""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.score.columns.machine import codes

UNDEFINED, DOUBTFUL = 1, 2
#: values as in ``approximate``
UNIT, SLACK, WHOLE = 1.2e-16, 1 + 1e-9, 2.0**53
#: magnitudes beyond which a number of a table is not computed with
_TINY = 1e-30
_MOST_PARTS = 1e15


@njit(cache=True, nogil=True, error_model="numpy")
def misfits(x, low, high, factor, tiny):
    """How many entries are not within bounds, have too many decimals, or are too small to be computed with."""
    found = 0
    for i in range(x.size):
        found += np.int64(not ((x[i] >= low) & (x[i] <= high)))
    if factor > 0.0:
        for i in range(x.size):
            top = np.rint(x[i] * factor)
            found += np.int64((top / factor != x[i]) | (abs(top) > _MOST_PARTS))
    if tiny:
        for i in range(x.size):
            found += np.int64((abs(x[i]) < _TINY) & (x[i] != 0.0))
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def mended(x, low, high, factor, tiny, out, aside):
    """A copy that fits, and the departments whose own number does not."""
    # harmless to the bounds of the block: neither huge nor next to 0
    stand_in = min(max(low, 1.0), high)
    if not (_TINY <= abs(stand_in) <= 1.0 / _TINY):
        stand_in = 1.0
    for i in range(x.size):
        top = np.rint(x[i] * factor)
        fits = (x[i] >= low) & (x[i] <= high)
        if factor > 0.0:
            fits &= (top / factor == x[i]) & (abs(top) <= _MOST_PARTS)
        if tiny:
            fits &= (abs(x[i]) >= _TINY) | (x[i] == 0.0)
        out[i] = x[i] if fits else stand_in
        aside[i] |= not fits


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nsz"})
def combined(code, x, y, z):
    """The operation on two numbers each."""
    if code == codes.ADD:
        for i in range(z.size):
            z[i] = x[i] + y[i]
    elif code == codes.SUBTRACT:
        for i in range(z.size):
            z[i] = x[i] - y[i]
    elif code == codes.MULTIPLY:
        for i in range(z.size):
            z[i] = x[i] * y[i]
    elif code == codes.DIVIDE:
        for i in range(z.size):
            z[i] = x[i] / y[i]
    elif code in (codes.LEAST, codes.AND):
        for i in range(z.size):
            z[i] = x[i] if x[i] < y[i] else y[i]
    elif code in (codes.GREATEST, codes.OR):
        for i in range(z.size):
            z[i] = x[i] if x[i] > y[i] else y[i]
    elif code == codes.EQUAL:
        for i in range(z.size):
            z[i] = np.float64(x[i] == y[i])
    elif code == codes.UNEQUAL:
        for i in range(z.size):
            z[i] = np.float64(x[i] != y[i])
    elif code == codes.LESS:
        for i in range(z.size):
            z[i] = np.float64(x[i] < y[i])
    elif code == codes.AT_MOST:
        for i in range(z.size):
            z[i] = np.float64(x[i] <= y[i])
    elif code == codes.MORE:
        for i in range(z.size):
            z[i] = np.float64(x[i] > y[i])
    else:
        for i in range(z.size):
            z[i] = np.float64(x[i] >= y[i])


@njit(cache=True, nogil=True, error_model="numpy")
def doubtful_comparisons(x, y, rel_x, abs_x, rel_y, abs_y, mask):
    """Mark the comparisons that the bounds do not decide; whether there are any."""
    found = False
    for i in range(x.size):
        error = (rel_x * abs(x[i]) + abs_x + rel_y * abs(y[i]) + abs_y) * SLACK + 1e-290
        if not abs(x[i] - y[i]) * (1 - 1e-12) > error:
            mask[i] |= DOUBTFUL
            found = True
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def replaced(x, threshold, bit, out, mask):
    """Divisors of which none is near 0: those at most ``threshold`` are 1 and their rows marked; whether there are any."""
    found = 0
    for i in range(x.size):
        found += np.int64(abs(x[i]) <= threshold)
    if found:
        for i in range(x.size):
            mask[i] |= np.uint8(bit * (abs(x[i]) <= threshold))
    # last, since it may be x itself that is filled
    for i in range(x.size):
        out[i] = 1.0 if abs(x[i]) <= threshold else x[i]
    return found > 0


@njit(cache=True, nogil=True, error_model="numpy")
def rounded(x, rel, slip, mode, decimals, out, mask):
    """Rounded to decimals; where that is in doubt is marked; whether there are any."""
    factor = 10.0**decimals
    found = False
    for i in range(x.size):
        y = x[i] * factor
        error = ((rel + 2 * UNIT) * abs(y) + slip * factor) * SLACK
        near = np.rint(y)
        if mode <= codes.HALF_EVEN:
            whole, away = near, 0.5 - abs(y - near)
        else:
            away = abs(y - near)
            if mode == codes.FLOOR:
                whole = np.floor(y)
            elif mode == codes.CEILING:
                whole = np.ceil(y)
            elif mode == codes.UP:
                whole = np.ceil(abs(y)) if y > 0 else -np.ceil(abs(y))
            else:
                whole = np.trunc(y)
        out[i] = whole / factor
        if not ((away > error) and (abs(whole) < 1e15)):
            mask[i] |= DOUBTFUL
            found = True
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def banded(x, rel, slip, cuts, whole, exact, out, mask):
    """The band of each number; where that is in doubt is marked; whether there are any."""
    found = 0
    count = cuts.size
    for i in range(x.size):
        out[i] = 0.0
    for k in range(count):
        cut, below = cuts[k], whole[1 + k] == 0
        reach = 2.0 * rel * abs(cut) + slip
        for i in range(x.size):
            out[i] += np.float64((x[i] > cut) | ((x[i] == cut) & below))
        if not exact:
            for i in range(x.size):
                unsure = not (abs(x[i] - cut) > reach)
                mask[i] |= np.uint8(DOUBTFUL * unsure)
                found += np.int64(unsure)
    for i in range(x.size):
        out[i] = whole[1 + count + np.int64(out[i])]
    return found > 0


@njit(cache=True, nogil=True, error_model="numpy")
def interpolated(x, ats, shares, out):
    """Piecewise linear, level beyond the ends."""
    last = ats.size - 1
    for i in range(x.size):
        k = 0
        while k < last and x[i] > ats[k + 1]:
            k += 1
        if x[i] <= ats[0]:
            out[i] = shares[0]
        elif k == last:
            out[i] = shares[last]
        else:
            out[i] = shares[k] + (x[i] - ats[k]) * ((shares[k + 1] - shares[k]) / (ats[k + 1] - ats[k]))


@njit(cache=True, nogil=True, error_model="numpy")
def deducted(left, count, whole, out, mask):
    """Take what the problems cost off what is left; whether a count is none, which is marked."""
    loss, most, enough = np.float64(whole[1]), np.float64(whole[2]), np.float64(whole[3])
    found = False
    for i in range(out.size):
        number = np.rint(count[i])
        wrong = (number != count[i]) | (number < 0.0)
        if wrong:
            mask[i] |= UNDEFINED
            found = True
        cost = min(max(number, 0.0), enough) * loss
        if loss < 0.0:
            cost = left[i] if number > 0.0 else 0.0
        out[i] = left[i] - min(cost, most, left[i])
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def award(share, rel, slip, quanta, mode):
    """Points in quanta of one department, and whether they are in doubt."""
    share = min(1.0, max(0.0, share))
    y = share * quanta
    error = (rel + 3e-16) * y + slip * quanta + 1e-290
    near = np.rint(y)
    if mode <= codes.HALF_EVEN:
        return np.int64(near), not (abs(y - near) + error < 0.5)
    if rel == 0.0 and slip == 0.0 and (share in {0.0, 1.0}):
        return np.int64(near), False
    return np.int64(np.ceil(y) if mode == codes.UP else np.floor(y)), not (abs(y - near) > error)


@njit(cache=True, nogil=True, error_model="numpy")
def mark_doubts(x, rel, slip, quanta, mode, marks):
    """Mark the awards that are in doubt."""
    if mode <= codes.HALF_EVEN:
        reach = 0.5 - slip * quanta - 1e-290
        for i in range(x.size):
            y = min(1.0, max(0.0, x[i])) * quanta
            marks[i] |= np.uint8(DOUBTFUL * (not (abs(y - np.rint(y)) + (rel + 3e-16) * y < reach)))
    else:
        for i in range(x.size):
            marks[i] |= np.uint8(DOUBTFUL * award(x[i], rel, slip, quanta, mode)[1])

"""The loops over rows that must be tight, compiled by numba at their first use and kept on disk."""

from __future__ import annotations

import numpy as np
from numba import njit

HALF, UP, DOWN = 0, 1, 2


#: what may be assumed of finite numbers, so that loops use vector instructions
FINITE = {"nnan", "nsz", "reassoc"}


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FINITE)
def extent(x):
    """Least and greatest of a vector of finite numbers; 0 and 0 where it is empty."""
    if x.size == 0:
        return 0.0, 0.0
    low = x[0]
    high = x[0]
    for i in range(x.size):
        v = x[i]
        low = v if v < low else low
        high = v if v > high else high
    return low, high


@njit(cache=True, nogil=True, error_model="numpy")
def misfits(x, low, high):
    """How many entries are not a number from ``low`` to ``high``."""
    found = 0
    for i in range(x.size):
        found += np.int64(not ((x[i] >= low) & (x[i] <= high)))
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def tiny(x, least):
    """How many entries are smaller than ``least`` and not 0."""
    found = 0
    for i in range(x.size):
        size = abs(x[i])
        found += np.int64((size < least) & (size != 0.0))
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def bands(x, rel, slip, cuts, above, entries, index, doubt):
    """The band of each number, of those that lie between the cuts; how many are in doubt.

    ``above`` tells whether a cut lies just above its value rather than just below. A number is at most ``rel * |x| + slip`` off; without
    either, and for raw numbers, comparing is exact.
    """
    doubtful = 0
    exact = rel == 0.0 and slip == 0.0
    for i in range(x.size):
        v = x[i]
        place = 0
        unsure = False
        for k in range(cuts.size):
            place += (v > cuts[k]) | ((v == cuts[k]) & (not above[k]))
            unsure |= abs(v - cuts[k]) <= 2.0 * rel * abs(cuts[k]) + slip
        index[i] = entries[place]
        unsure &= not exact
        doubt[i] = unsure
        doubtful += unsure
    return doubtful


@njit(cache=True, nogil=True, error_model="numpy")
def half_awards(x, rel, slip, quanta, out):
    """``awards`` for the modes that go to the nearest, where all rows have the same points; without a mask, it is vectorised."""
    doubtful = 0
    reach = 0.5 - slip * quanta - 1e-290
    for i in range(x.size):
        y = min(1.0, max(0.0, x[i])) * quanta
        near = np.rint(y)
        out[i] = np.int32(near)
        doubtful += np.int64(not (abs(y - near) + (rel + 3e-16) * y < reach))
    return doubtful


@njit(cache=True, nogil=True, error_model="numpy")
def counts(x, most, count):
    """Whole numbers from 0 on, at most ``most``; how many entries are none."""
    wrong = 0
    for i in range(x.size):
        whole = np.rint(x[i])
        wrong += np.int64((whole != x[i]) | (whole < 0.0))
        count[i] = np.int64(min(most, max(0.0, whole)))
    return wrong


@njit(cache=True, nogil=True)
def deduct(left, count, loss, most, enough):
    """Take ``count`` x ``loss`` off what is left, at most ``most`` and what is left; from ``enough`` problems on nothing is left."""
    for i in range(left.size):
        cost = min(count[i], enough) * loss
        left[i] -= min(cost, most, left[i])


@njit(cache=True, nogil=True, error_model="numpy")
def totals(awards, cuts, codes, sums, grades):
    """The sum of each column of ``awards``, and the code of the last cut that it has reached."""
    for begin in range(0, sums.size, 1024):
        end = min(begin + 1024, sums.size)
        part = np.zeros(end - begin, sums.dtype)
        for row in range(awards.shape[0]):
            some = awards[row, begin:end]
            for column in range(part.size):
                part[column] += some[column]
        for column in range(part.size):
            place = 0
            for k in range(1, cuts.size):
                place += np.int64(part[column] >= cuts[k])
            grades[begin + column] = codes[place]
            sums[begin + column] = part[column]


@njit(cache=True, nogil=True, error_model="numpy")
def awards(x, rel, slip, quanta, kind, out, doubt):
    """Points in quanta of shares near x, each at most ``rel * x + slip`` off; how many are in doubt."""
    doubtful = 0
    certain = rel == 0.0 and slip == 0.0
    for i in range(x.size):
        q = quanta[i] if quanta.size > 1 else quanta[0]
        share = x[i]
        share = min(1.0, max(0.0, share))
        y = share * q
        error = (rel + 3e-16) * y + slip * q + 1e-290
        near = np.rint(y)
        if kind == HALF:
            unsure = not (abs(y - near) + error < 0.5)
            out[i] = np.int32(near)
        elif certain and share in (0.0, 1.0):
            unsure = False
            out[i] = np.int32(near)
        else:
            unsure = not (abs(y - near) > error)
            out[i] = np.int32(np.ceil(y) if kind == UP else np.floor(y))
        doubt[i] = unsure
        doubtful += unsure
    return doubtful


@njit(cache=True, nogil=True, error_model="numpy")
def longer(x, factor, most):
    """How many entries are not a whole number of at most ``most`` parts, ``factor`` parts making 1."""
    bad = 0
    for i in range(x.size):
        top = np.rint(x[i] * factor)
        bad += np.int64((top / factor != x[i]) | (abs(top) > most))
    return bad


@njit(cache=True, nogil=True)
def products(a, b, result, over):
    """``a * b``, each of as many numbers as the result or of one; 1 and ``over`` where it would overflow; how many do."""
    many_a, many_b = np.int64(a.size > 1), np.int64(b.size > 1)
    found = 0
    for i in range(result.size):
        one, two = a[i * many_a], b[i * many_b]
        beyond = abs(np.float64(one) * np.float64(two)) > 9.0e18
        result[i] = 1 if beyond else one * two
        over[i] = beyond
        found += np.int64(beyond)
    return found


@njit(cache=True, nogil=True)
def endless(top, bottom, mask):
    """Where ``top / bottom`` is no decimal of at most 33 digits; how often, and the most decimals of the others."""
    found, places = 0, 0
    for i in range(mask.size):
        rest = bottom[i] if bottom.size > 1 else bottom[0]
        twos, fives = 0, 0
        while rest % 2 == 0:
            rest //= 2
            twos += 1
        while rest % 5 == 0:
            rest //= 5
            fives += 1
        least = max(twos, fives)
        digits = abs(np.float64(top[i])) / rest * 2.0 ** (least - twos) * 5.0 ** (least - fives)
        mask[i] = top[i] % rest != 0 or digits > 1e33
        found += np.int64(mask[i])
        if not mask[i]:
            places = max(places, least)
    return found, places

"""Numbers as quotients of 64-bit whole numbers, held as FEEL holds them.

A number is ``top / bottom`` of 64 bits. ``places`` tells how FEEL, which keeps 34 digits, holds it: a decimal of at most so many decimals, exactly;
or (DIRECT) a quotient of such that has not been looked at; or (NEAR) a number at most ``error`` beside the quotient.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.score.columns.machine import codes
from jmrules.score.columns.machine.floats import UNDEFINED

DIRECT, NEAR = -2, -1
#: outcomes beside UNDEFINED
FINE, UNKNOWN = 0, 2
#: places of what no digits bound
ANY_PLACES = 10**6
LIMIT = 9.0e18
_LAST_DIGIT = 1.01e-33
#: digits that FEEL holds, with room
_HELD = 32
_POWERS = 10.0 ** np.arange(_HELD + 1)


@njit(cache=True, nogil=True, error_model="numpy")
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def fits(a, b):
    return abs(np.float64(a)) * abs(np.float64(b)) < LIMIT


@njit(cache=True, nogil=True, error_model="numpy")
def decimal_of(x, whole):
    """The decimal that a double of a table stands for: top, bottom, decimals; bottom 0 where it has too many digits."""
    if whole:
        return np.int64(x), 1, 0
    factor = 1.0
    bottom = 1
    for places in range(0, 13, 2):
        top = np.rint(x * factor)
        if top / factor == x and abs(top) <= 1e15:
            return np.int64(top), bottom, places
        factor *= 100.0
        bottom *= 100
    return 0, 0, 0


@njit(cache=True, nogil=True, error_model="numpy")
def looked_at(top, bottom):
    """How FEEL holds a quotient of two decimals that it holds: its decimals, or NEAR."""
    # unsigned, so that division need not look at signs
    rest = np.uint64(bottom)
    twos, fives = 0, 0
    while rest & np.uint64(1) == np.uint64(0):
        rest >>= np.uint64(1)
        twos += 1
    while rest % np.uint64(5) == np.uint64(0):
        rest //= np.uint64(5)
        fives += 1
    places = max(twos, fives)
    if places > _HELD or abs(np.float64(top)) / np.float64(bottom) * _POWERS[places] > 1e33:
        return NEAR
    return places if np.uint64(abs(top)) % rest == np.uint64(0) else NEAR


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def magnitude(top, bottom):
    return abs(np.float64(top)) / np.float64(bottom)


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def digits_held(size, pa, pb, digits, unlimited, slip):
    """How FEEL holds the result of an operation on numbers of ``pa`` and ``pb`` places; ``digits``: decimals where both are held."""
    if pa >= 0 and pb >= 0:
        if unlimited:
            return min(digits, ANY_PLACES), 0.0
        if digits < _HELD and size < _POWERS[_HELD - digits]:
            return digits, 0.0
    return NEAR, (slip + (0.0 if unlimited else size * _LAST_DIGIT)) * 1.01


@njit(cache=True, nogil=True, error_model="numpy")
def added(ta, ba, tb, bb):
    """The sum of two quotients; bottom 0 where it overflows."""
    if ba == bb:
        one, other = 1, 1
    elif ba % bb == 0:
        one, other = 1, ba // bb
    elif bb % ba == 0:
        one, other = bb // ba, 1
    else:
        # a common divisor costs more than all the rest
        common = gcd(ba, bb)
        one, other = bb // common, ba // common
    if not fits(ba, one) or abs(np.float64(ta)) * one + abs(np.float64(tb)) * other > LIMIT:
        return 0, 0
    return ta * one + tb * other, ba * one


@njit(cache=True, nogil=True, error_model="numpy")
def multiplied(ta, ba, tb, bb):
    """The product of two quotients, whose bottoms are positive; bottom 0 where it overflows."""
    if fits(ta, tb) and fits(ba, bb):
        return ta * tb, ba * bb
    first, second = max(gcd(abs(ta), bb), 1), max(gcd(abs(tb), ba), 1)
    ta, bb = ta // first, bb // first
    tb, ba = tb // second, ba // second
    if not fits(ta, tb) or not fits(ba, bb):
        return 0, 0
    return ta * tb, ba * bb


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def ordered(ta, ba, pa, ea, tb, bb, pb, eb):
    """-1, 0 or 1, or 2 where that is not known."""
    if not fits(ta, bb) or not fits(tb, ba):
        return 2
    one, other = ta * bb, tb * ba
    if one == other:
        # a quotient that equals a decimal ends: FEEL holds both
        if (pa == DIRECT and pb >= 0) or (pb == DIRECT and pa >= 0):
            return 0
        pa = looked_at(ta, ba) if pa == DIRECT else pa
        pb = looked_at(tb, bb) if pb == DIRECT else pb
        return 0 if pa >= 0 and pb >= 0 else 2
    if ea > 0.0 or eb > 0.0:
        gap = abs(np.float64(one) - np.float64(other))
        if gap <= 1e-9 * abs(np.float64(one)):
            # so near that floats do not tell how near
            gap = np.float64(abs(one - other))
        if gap / (np.float64(ba) * np.float64(bb)) <= (ea + eb) * 1.01:
            return 2
    return -1 if one < other else 1


@njit(cache=True, nogil=True, error_model="numpy")
def to_whole(top, bottom, mode):
    """top / bottom rounded, and how far it is from where the mode would change its mind; of negative ones, towards the lower."""
    floor = top // bottom
    rest = top - floor * bottom
    if mode in (codes.UP, codes.CEILING):
        return floor + np.int64(rest > 0), min(rest, bottom - rest) / np.float64(bottom)
    if mode in (codes.DOWN, codes.FLOOR):
        return floor, min(rest, bottom - rest) / np.float64(bottom)
    above = rest - (bottom - rest)
    more = above > 0 or (above == 0 and (mode == codes.HALF_UP or (mode == codes.HALF_EVEN and floor % 2 == 1)))
    return floor + np.int64(more), abs(above) / (2.0 * np.float64(bottom))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def operated(kind, unlimited, ta, ba, pa, ea, tb, bb, pb, eb):
    """One of the four operations on numbers held as told: top, bottom, places, error and outcome."""
    if pa == DIRECT:
        pa = looked_at(ta, ba)
        ea = 0.0 if pa >= 0 else ea
    if pb == DIRECT:
        pb = looked_at(tb, bb)
        eb = 0.0 if pb >= 0 else eb
    if kind == codes.DIVIDE:
        if tb == 0:
            # a number beside 0 may be 0 or not
            return 0, 1, 0, 0.0, UNDEFINED if pb >= 0 else UNKNOWN
        if ba == bb:
            made, over = ta if tb > 0 else -ta, abs(tb)
        else:
            made, over = multiplied(ta if tb > 0 else -ta, ba, bb, abs(tb))
    elif kind == codes.MULTIPLY:
        made, over = multiplied(ta, ba, tb, bb)
    else:
        made, over = added(ta, ba, tb if kind == codes.ADD else -tb, bb)
    if over == 0:
        return 0, 1, 0, 0.0, UNKNOWN
    if unlimited and pa >= 0 and pb >= 0:
        return made, over, ANY_PLACES, 0.0, FINE
    size = magnitude(made, over)
    if kind == codes.DIVIDE:
        if pa >= 0 and pb >= 0:
            return made, over, DIRECT, size * _LAST_DIGIT, FINE
        divisor = magnitude(tb, bb)
        if divisor < eb * 1e6:
            return 0, 1, 0, 0.0, UNKNOWN
        digits, slip = digits_held(size, NEAR, pb, 0, unlimited, (ea + eb * size) / divisor * (1 + 1e-5))
    elif kind == codes.MULTIPLY:
        digits, slip = digits_held(
            size, pa, pb, pa + pb, unlimited, ea * magnitude(tb, bb) + eb * magnitude(ta, ba) + ea * eb
        )
    else:
        digits, slip = digits_held(size, pa, pb, max(pa, pb), unlimited, ea + eb)
    return made, over, digits, slip, FINE

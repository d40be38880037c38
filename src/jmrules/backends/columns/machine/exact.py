"""A leaf of one department in whole numbers, where floats leave it in doubt.

A number is ``top / bottom`` of 64 bits. ``places`` tells how FEEL, which keeps 34 digits, holds it: a decimal of at most so many decimals, exactly;
or (DIRECT) a quotient of such that has not been looked at; or (NEAR) a number at most ``error`` beside the quotient.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.backends.columns.machine import codes
from jmrules.backends.columns.machine.floats import UNDEFINED
from jmrules.backends.columns.machine.memory import double_at, view, whole_at

#: columns of what is held of each register
TOP, BOTTOM, PLACES, STATE = range(4)
DIRECT, NEAR = -2, -1
#: outcomes beside UNDEFINED
FINE, UNKNOWN = 0, 2
#: what is said instead of an award
UNSETTLED = -2
_LIMIT = 9.0e18
_LAST_DIGIT = 1.01e-33
#: digits that FEEL holds, with room
_HELD = 32
_POWERS = 10.0 ** np.arange(_HELD + 1)


@njit(cache=True, nogil=True, inline="always")
def _gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@njit(cache=True, nogil=True, inline="always")
def _fits(a, b):
    return abs(np.float64(a)) * abs(np.float64(b)) < _LIMIT


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


@njit(cache=True, nogil=True, inline="always")
def _looked_at(top, bottom):
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


@njit(cache=True, nogil=True, inline="always")
def _look(r, held, error):
    """Find out how FEEL holds a register's quotient."""
    if held[r, PLACES] == DIRECT:
        held[r, PLACES] = _looked_at(held[r, TOP], held[r, BOTTOM])
        if held[r, PLACES] >= 0:
            error[r] = 0.0


@njit(cache=True, nogil=True, inline="always")
def _size(r, held):
    return abs(np.float64(held[r, TOP])) / np.float64(held[r, BOTTOM])


@njit(cache=True, nogil=True, inline="always")
def _settle(r, a, b, digits, unlimited, slip, held, error):
    """How FEEL holds the result of an operation on registers; ``digits``: decimals where both are held."""
    size = _size(r, held)
    both = held[a, PLACES] >= 0 and held[b, PLACES] >= 0
    if both and unlimited:
        held[r, PLACES], error[r] = min(digits, 10**6), 0.0
    elif both and digits < _HELD and size < _POWERS[_HELD - digits]:
        held[r, PLACES], error[r] = digits, 0.0
    else:
        held[r, PLACES], error[r] = NEAR, (slip + (0.0 if unlimited else size * _LAST_DIGIT)) * 1.01


@njit(cache=True, nogil=True, inline="always")
def _sum(r, a, b, sign, unlimited, held, error):
    _look(a, held, error)
    _look(b, held, error)
    one, other = held[b, BOTTOM], held[a, BOTTOM]
    if one == other:
        one, other = 1, 1
    elif held[b, BOTTOM] % held[a, BOTTOM] == 0:
        one, other = held[b, BOTTOM] // held[a, BOTTOM], 1
    elif held[a, BOTTOM] % held[b, BOTTOM] == 0:
        one, other = 1, held[a, BOTTOM] // held[b, BOTTOM]
    else:
        common = _gcd(held[a, BOTTOM], held[b, BOTTOM])
        one, other = held[b, BOTTOM] // common, held[a, BOTTOM] // common
    if not _fits(held[a, BOTTOM], one) or abs(np.float64(held[a, TOP])) * one + abs(np.float64(held[b, TOP])) * other > _LIMIT:
        return UNKNOWN
    held[r, TOP], held[r, BOTTOM] = held[a, TOP] * one + sign * held[b, TOP] * other, held[a, BOTTOM] * one
    _settle(
        r, a, b, max(held[a, PLACES], held[b, PLACES]), unlimited, error[a] + error[b], held, error
    )  # fmt: skip
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _reduced_product(one, over, other, under):
    """one / over * other / under, in lowest terms of the crossed pairs; bottom 0 where it overflows."""
    first, second = _gcd(abs(one), under), _gcd(abs(other), over)
    one, under = one // max(first, 1), under // max(first, 1)
    other, over = other // max(second, 1), over // max(second, 1)
    if not _fits(one, other) or not _fits(over, under):
        return 0, 0
    return one * other, over * under


@njit(cache=True, nogil=True, inline="always")
def _product(r, a, b, unlimited, held, error):
    _look(a, held, error)
    _look(b, held, error)
    if _fits(held[a, TOP], held[b, TOP]) and _fits(held[a, BOTTOM], held[b, BOTTOM]):
        held[r, TOP], held[r, BOTTOM] = held[a, TOP] * held[b, TOP], held[a, BOTTOM] * held[b, BOTTOM]
    else:
        held[r, TOP], held[r, BOTTOM] = _reduced_product(held[a, TOP], held[a, BOTTOM], held[b, TOP], held[b, BOTTOM])
        if held[r, BOTTOM] == 0:
            return UNKNOWN
    slip = error[a] * _size(b, held) + error[b] * _size(a, held) + error[a] * error[b]
    _settle(r, a, b, held[a, PLACES] + held[b, PLACES], unlimited, slip, held, error)
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _quotient(r, a, b, unlimited, held, error):
    if unlimited:
        _look(a, held, error)
    _look(b, held, error)
    if held[b, TOP] == 0:
        # a number beside 0 may be 0 or not
        return UNDEFINED if held[b, PLACES] >= 0 else UNKNOWN
    sign = 1 if held[b, TOP] > 0 else -1
    if _fits(held[a, TOP], held[b, BOTTOM]) and _fits(held[a, BOTTOM], held[b, TOP]):
        held[r, TOP], held[r, BOTTOM] = sign * held[a, TOP] * held[b, BOTTOM], held[a, BOTTOM] * sign * held[b, TOP]
    else:
        held[r, TOP], held[r, BOTTOM] = _reduced_product(sign * held[a, TOP], held[a, BOTTOM], held[b, BOTTOM], sign * held[b, TOP])
        if held[r, BOTTOM] == 0:
            return UNKNOWN
    _look(a, held, error)
    size = _size(r, held)
    if held[a, PLACES] >= 0 and held[b, PLACES] >= 0:
        if unlimited:
            # as methods compute: the quotient itself
            held[r, PLACES], error[r] = 10**6, 0.0
        else:
            held[r, PLACES], error[r] = DIRECT, size * _LAST_DIGIT
        return FINE
    divisor = _size(b, held)
    if divisor < error[b] * 1e6:
        return UNKNOWN
    slip = (error[a] + error[b] * size) / divisor * (1 + 1e-5)
    held[r, PLACES], error[r] = NEAR, (slip + (0.0 if unlimited else size * _LAST_DIGIT)) * 1.01
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _compare(a, b, held, error):
    """-1, 0 or 1, or 2 where that is not known."""
    if not _fits(held[a, TOP], held[b, BOTTOM]) or not _fits(held[b, TOP], held[a, BOTTOM]):
        return 2
    one, other = held[a, TOP] * held[b, BOTTOM], held[b, TOP] * held[a, BOTTOM]
    if one == other:
        # a quotient that equals a decimal ends: FEEL holds both
        if held[a, PLACES] == DIRECT and held[b, PLACES] >= 0 or held[b, PLACES] == DIRECT and held[a, PLACES] >= 0:
            return 0
        _look(a, held, error)
        _look(b, held, error)
        return 0 if held[a, PLACES] >= 0 and held[b, PLACES] >= 0 else 2
    if error[a] > 0.0 or error[b] > 0.0:
        away = abs(np.float64(one) - np.float64(other)) / (np.float64(held[a, BOTTOM]) * np.float64(held[b, BOTTOM]))
        if away <= (error[a] + error[b]) * 1.01 + _size(a, held) * 1e-15:
            # floats cannot tell such a small difference: whole numbers can, where they fit
            exactly = np.float64(abs(one - other)) / (np.float64(held[a, BOTTOM]) * np.float64(held[b, BOTTOM]))
            if exactly <= (error[a] + error[b]) * 1.01:
                return 2
    return -1 if one < other else 1


@njit(cache=True, nogil=True, inline="always")
def _whole(top, bottom, mode):
    """top / bottom (not negative) rounded, and how far it is from where the mode would change its mind."""
    floor = top // bottom
    rest = top - floor * bottom
    if mode == codes.UP or mode == codes.CEILING:
        return floor + np.int64(rest > 0), min(rest, bottom - rest) / np.float64(bottom)
    if mode == codes.DOWN or mode == codes.FLOOR:
        return floor, min(rest, bottom - rest) / np.float64(bottom)
    above = rest - (bottom - rest)
    more = above > 0 or (above == 0 and (mode == codes.HALF_UP or (mode == codes.HALF_EVEN and floor % 2 == 1)))
    return floor + np.int64(more), abs(above) / (2.0 * np.float64(bottom))


@njit(cache=True, nogil=True, inline="always")
def _rounded(r, a, mode, decimals, held, error):
    factor = 1
    for _ in range(decimals):
        factor *= 10
    if not _fits(held[a, TOP], factor) or held[a, BOTTOM] > 4e18:
        return UNKNOWN
    _look(a, held, error)
    scaled = held[a, TOP] * factor
    if scaled < 0 and mode <= codes.DOWN:
        made, edge = _whole(-scaled, held[a, BOTTOM], mode)
        made = -made
    else:
        made, edge = _whole(scaled, held[a, BOTTOM], mode)
    if held[a, PLACES] < 0 and edge <= error[a] * factor * 1.01:
        return UNKNOWN
    held[r, TOP], held[r, BOTTOM], held[r, PLACES], error[r] = made, factor, decimals, 0.0
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _mean_completion(target, actual, begin, end):
    """Mean of min(1, actual / target) as a quotient; and FINE, UNDEFINED or UNKNOWN."""
    top, bottom = 0, 1
    unknown = end - begin > 10**6
    if end == begin:
        return 0, 1, UNDEFINED
    for i in range(begin, end):
        if not target[i] > 0.0:
            return 0, 1, UNDEFINED
    for i in range(begin, end):
        goal, over, _ = decimal_of(target[i], 0)
        done, under, _ = decimal_of(actual[i], 0)
        if unknown or over == 0 or under == 0:
            return 0, 1, UNKNOWN
        if actual[i] >= target[i]:
            one, size = 1, 1
        elif done <= 0:
            continue
        else:
            common = max(over, under)
            if not _fits(goal, common // over) or not _fits(done, common // under):
                return 0, 1, UNKNOWN
            one, size = done * (common // under), goal * (common // over)
            divisor = _gcd(one, size)
            one, size = one // divisor, size // divisor
        divisor = 1 if bottom == size else _gcd(bottom, size)
        first, second = (1, 1) if bottom == size else (size // divisor, bottom // divisor)
        if not _fits(bottom, first) or top * 1.0 * first + one * 1.0 * second > _LIMIT:
            return 0, 1, UNKNOWN
        top, bottom = top * first + one * second, bottom * first
    if not _fits(bottom, end - begin):
        return 0, 1, UNKNOWN
    return top, bottom * (end - begin), FINE


@njit(cache=True, nogil=True, inline="always")
def _copy(r, a, held, error):
    held[r, TOP], held[r, BOTTOM], held[r, PLACES], error[r] = held[a, TOP], held[a, BOTTOM], held[a, PLACES], error[a]


@njit(cache=True, nogil=True, inline="always")
def _set(r, value, held, error):
    held[r, TOP], held[r, BOTTOM], held[r, PLACES], error[r] = value, 1, 0, 0.0


@njit(cache=True, nogil=True, inline="always")
def _band(r, a, whole, at, held, error):
    """As ``floats.banded``."""
    count = whole[at]
    place = 0
    # a row that no register uses
    spare = held.shape[0] - 1
    for k in range(count):
        held[spare, TOP], held[spare, BOTTOM] = whole[at + 2 + 2 * count + k], whole[at + 2 + 3 * count + k]
        held[spare, PLACES], error[spare] = 0, 0.0
        order = _compare(a, spare, held, error)
        if order == 2:
            return UNKNOWN
        place += np.int64(order > 0 or (order == 0 and whole[at + 1 + k] == 0))
    _set(r, whole[at + 1 + count + place], held, error)
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _deduct(r, a, b, whole, at, held, error):
    """As ``floats.deducted``."""
    _look(b, held, error)
    if held[b, PLACES] < 0:
        return UNKNOWN
    if held[b, TOP] < 0 or held[b, TOP] % held[b, BOTTOM] != 0:
        return UNDEFINED
    count = held[b, TOP] // held[b, BOTTOM]
    left = whole[at] if a < 0 else held[a, TOP]
    cost = left if count > 0 else 0
    if whole[at + 1] >= 0:
        cost = min(count, whole[at + 3]) * whole[at + 1]
    _set(r, left - min(cost, whole[at + 2], left), held, error)
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _logic(r, code, a, b, both, held, error):
    """``and`` and ``or``: what the right side is counts only where the left does not decide."""
    decisive = code == codes.OR
    if (held[a, TOP] != 0) != decisive or both:
        if held[b, STATE] != FINE:
            return held[b, STATE]
    _set(r, np.int64(held[a, TOP] != 0 or held[b, TOP] != 0 if decisive else held[a, TOP] != 0 and held[b, TOP] != 0), held, error)
    return FINE


@njit(cache=True, nogil=True, inline="always")
def _holds(code, order):
    if code == codes.EQUAL:
        return order == 0
    if code == codes.UNEQUAL:
        return order != 0
    if code == codes.LESS:
        return order < 0
    if code == codes.AT_MOST:
        return order <= 0
    if code == codes.MORE:
        return order > 0
    return order >= 0


@njit(cache=True, nogil=True, inline="always")
def step(r, row, code, floats, whole, fed, lists, held, error):
    """Execute instruction ``r`` for the department at ``row``."""
    kind, a, b, c = code[r, codes.CODE], code[r, codes.A], code[r, codes.B], code[r, codes.C]
    first, second = code[r, codes.FIRST], code[r, codes.SECOND]
    at = code[r, codes.WHOLE]
    if kind == codes.LOAD:
        x = double_at(fed[first] + 8 * row)
        held[r, TOP], held[r, BOTTOM], held[r, PLACES] = decimal_of(x, second & codes.FED_WHOLE)
        error[r] = 0.0
        return FINE if held[r, BOTTOM] else UNKNOWN
    if kind == codes.CONSTANT:
        held[r, TOP], held[r, BOTTOM], error[r] = whole[at], whole[at + 1], 0.0
        held[r, PLACES] = whole[at + 2] if whole[at + 2] >= 0 else 10**6
        return FINE
    if kind == codes.COMPLETION:
        target, actual, offsets = lists[first, 1 + second // 100], lists[first, 1 + second % 100], lists[first, 0]
        begin, end = whole_at(offsets + 8 * row), whole_at(offsets + 8 * row + 8)
        made, over, outcome = _mean_completion(view(target, end), view(actual, end), begin, end)
        held[r, TOP], held[r, BOTTOM], held[r, PLACES], error[r] = made, over, 10**6, 0.0
        return outcome
    # what the left side of a condition or a choice decides is looked at below
    if a >= 0 and held[a, STATE] != FINE:
        return held[a, STATE]
    if kind == codes.AND or kind == codes.OR:
        return _logic(r, kind, a, b, first, held, error)
    if kind == codes.CHOOSE:
        taken = b if held[a, TOP] != 0 else c
        if held[taken, STATE] == FINE:
            _copy(r, taken, held, error)
        return held[taken, STATE]
    if b >= 0 and held[b, STATE] != FINE:
        return held[b, STATE]
    unlimited = second == codes.UNLIMITED
    if kind == codes.ADD or kind == codes.SUBTRACT:
        return _sum(r, a, b, 1 if kind == codes.ADD else -1, unlimited, held, error)
    if kind == codes.MULTIPLY:
        return _product(r, a, b, unlimited, held, error)
    if kind == codes.DIVIDE:
        return _quotient(r, a, b, unlimited, held, error)
    if kind == codes.LEAST or kind == codes.GREATEST:
        order = _compare(a, b, held, error)
        if order == 2:
            return UNKNOWN
        _copy(r, b if (order > 0) == (kind == codes.LEAST) else a, held, error)
        return FINE
    if codes.EQUAL <= kind <= codes.AT_LEAST:
        order = _compare(a, b, held, error)
        _set(r, np.int64(_holds(kind, order)), held, error)
        return UNKNOWN if order == 2 else FINE
    if kind == codes.NEGATE:
        _copy(r, a, held, error)
        held[r, TOP] = -held[r, TOP]
        return FINE
    if kind == codes.MAGNITUDE:
        _copy(r, a, held, error)
        held[r, TOP] = abs(held[r, TOP])
        return FINE
    if kind == codes.NOT:
        _set(r, np.int64(held[a, TOP] == 0), held, error)
        return FINE
    if kind == codes.ROUND:
        return _rounded(r, a, first, second, held, error)
    if kind == codes.BAND:
        return _band(r, a, whole, at, held, error)
    if kind == codes.DEDUCT:
        return _deduct(r, a, b, whole, at, held, error)
    if kind == codes.WEIGH:
        before = 0 if a < 0 else held[a, TOP]
        _set(r, before + held[b, TOP] * np.int64(floats[code[r, codes.FLOATS]]), held, error)
        return FINE
    return UNKNOWN


@njit(cache=True, nogil=True, inline="always")
def award(r, row, code, floats, whole, needed, starts, fed, lists, held, error):
    """The award of instruction ``r`` for the department at ``row``; -1 where it is undefined, or UNSETTLED."""
    for k in range(starts[r], starts[r + 1]):
        i = needed[k]
        held[i, STATE] = step(i, row, code, floats, whole, fed, lists, held, error)
    at = code[r, codes.WHOLE]
    quanta, otherwise, undefined, mode = whole[at + 1], whole[at + 2], whole[at + 3], whole[at + 4]
    share, applies = code[r, codes.A], code[r, codes.B]
    if applies >= 0:
        if held[applies, STATE] != FINE:
            return UNSETTLED if held[applies, STATE] == UNKNOWN else undefined
        if held[applies, TOP] == 0:
            return otherwise
    if held[share, STATE] != FINE:
        return UNSETTLED if held[share, STATE] == UNKNOWN else undefined
    if code[r, codes.CODE] == codes.AWARD_ENTRY:
        found = whole[at + 6 + held[share, TOP]]
        return undefined if found < 0 else found
    top, bottom = held[share, TOP], held[share, BOTTOM]
    if top <= 0 or top >= bottom:
        # what is beside the end may be inside, which matters to modes that look at any distance
        beyond = np.float64(-top if top <= 0 else top - bottom) / np.float64(bottom)
        if mode > codes.HALF_EVEN and held[share, PLACES] < 0 and beyond <= error[share] * 1.01:
            _look(share, held, error)
            if held[share, PLACES] < 0:
                return UNSETTLED
        return 0 if top <= 0 else quanta
    if not _fits(top, quanta) or bottom > 4e18:
        return UNSETTLED
    made, edge = _whole(top * quanta, bottom, mode)
    if held[share, PLACES] < 0 and edge <= error[share] * quanta * 1.01:
        _look(share, held, error)
        if held[share, PLACES] < 0:
            return UNSETTLED
    return made

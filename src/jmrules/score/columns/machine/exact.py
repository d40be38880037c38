"""Leaves of some departments in whole numbers, where floats leave them in doubt."""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.score.columns.machine import codes
from jmrules.score.columns.machine.floats import UNDEFINED
from jmrules.score.columns.machine.memory import double_at, offset_at, view
from jmrules.score.columns.machine.quotients import (
    ANY_PLACES,
    DIRECT,
    FINE,
    NEAR,
    UNKNOWN,
    added,
    decimal_of,
    fits,
    gcd,
    looked_at,
    operated,
    ordered,
    to_whole,
)

#: departments that are settled together
LANES = 64
#: what is said instead of an award
UNSETTLED = -2


@njit(cache=True, nogil=True, error_model="numpy")
def _sum_of_completions(target, actual, begin, end, reducing):
    """Sum of min(1, actual / target) as a quotient; bottom 0 where it overflows, which it does less if ``reducing``."""
    top, bottom, met = 0, 1, 0
    for i in range(begin, end):
        if actual[i] >= target[i]:
            met += 1
            continue
        goal, over, _ = decimal_of(target[i], 0)
        done, under, _ = decimal_of(actual[i], 0)
        if over == 0 or under == 0:
            return 0, 0
        if done <= 0:
            continue
        # both are powers of ten
        common = max(over, under)
        if not fits(goal, common // over) or not fits(done, common // under):
            return 0, 0
        one, size = done * (common // under), goal * (common // over)
        if reducing:
            divisor = gcd(one, size)
            one, size = one // divisor, size // divisor
        top, bottom = added(top, bottom, one, size)
        if bottom == 0:
            return 0, 0
    return added(top, bottom, met, 1)


@njit(cache=True, nogil=True, error_model="numpy")
def _mean_completion(target, actual, begin, end):
    """Mean of min(1, actual / target) as a quotient; and FINE, UNDEFINED or UNKNOWN."""
    if end == begin:
        return 0, 1, UNDEFINED
    for i in range(begin, end):
        if not target[i] > 0.0:
            return 0, 1, UNDEFINED
    top, bottom = _sum_of_completions(target, actual, begin, end, False)
    if bottom == 0:
        top, bottom = _sum_of_completions(target, actual, begin, end, True)
    if bottom == 0 or not fits(bottom, end - begin):
        return 0, 1, UNKNOWN
    return top, bottom * (end - begin), FINE


@njit(cache=True, nogil=True, error_model="numpy")
def _arithmetic(r, kind, a, b, unlimited, count, state, top, bottom, places, error):
    """One of the four operations for some departments."""
    for lane in range(count):
        before = state[a, lane] if state[a, lane] != FINE else state[b, lane]
        if before == FINE:
            top[r, lane], bottom[r, lane], places[r, lane], error[r, lane], before = operated(
                kind, unlimited,
                top[a, lane], bottom[a, lane], places[a, lane], error[a, lane],
                top[b, lane], bottom[b, lane], places[b, lane], error[b, lane],
            )  # fmt: skip
        state[r, lane] = before


@njit(cache=True, nogil=True, error_model="numpy")
def _ordered(r, kind, a, b, count, state, top, bottom, places, error):
    """Comparisons, or the lesser or greater of two, for some departments."""
    for lane in range(count):
        before = state[a, lane] if state[a, lane] != FINE else state[b, lane]
        if before == FINE:
            order = ordered(
                top[a, lane], bottom[a, lane], places[a, lane], error[a, lane],
                top[b, lane], bottom[b, lane], places[b, lane], error[b, lane],
            )  # fmt: skip
            if order == 2:
                before = UNKNOWN
            elif kind in (codes.LEAST, codes.GREATEST):
                _copy(r, b if (order > 0) == (kind == codes.LEAST) else a, lane, top, bottom, places, error)
            else:
                _set(r, np.int64(_holds(kind, order)), lane, top, bottom, places, error)
        state[r, lane] = before


@njit(cache=True, nogil=True, error_model="numpy")
def _copy(r, a, lane, top, bottom, places, error):
    top[r, lane], bottom[r, lane] = top[a, lane], bottom[a, lane]
    places[r, lane], error[r, lane] = places[a, lane], error[a, lane]


@njit(cache=True, nogil=True, error_model="numpy")
def _set(r, value, lane, top, bottom, places, error):
    top[r, lane], bottom[r, lane], places[r, lane], error[r, lane] = value, 1, 0, 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _rounded(r, a, mode, decimals, lane, top, bottom, places, error):
    factor = 1
    for _ in range(decimals):
        factor *= 10
    ta, ba, pa = top[a, lane], bottom[a, lane], places[a, lane]
    if not fits(ta, factor) or ba > 4e18:
        return UNKNOWN
    scaled = ta * factor
    # these modes treat negative numbers as the mirror image of positive ones
    mirrored = scaled < 0 and mode <= codes.DOWN
    made, edge = to_whole(-scaled if mirrored else scaled, ba, mode)
    if pa == DIRECT:
        pa = looked_at(ta, ba)
    if pa < 0 and edge <= error[a, lane] * factor * 1.01:
        return UNKNOWN
    top[r, lane], bottom[r, lane] = -made if mirrored else made, factor
    places[r, lane], error[r, lane] = decimals, 0.0
    return FINE


@njit(cache=True, nogil=True, error_model="numpy")
def _band(r, a, whole, at, lanes, state, top, bottom, places, error):
    """As ``floats.banded``."""
    count = whole[at]
    for lane in range(lanes):
        place, outcome = 0, state[a, lane]
        for k in range(count if outcome == FINE else 0):
            cut, of = whole[at + 2 + 2 * count + k], whole[at + 2 + 3 * count + k]
            order = ordered(top[a, lane], bottom[a, lane], places[a, lane], error[a, lane], cut, of, 0, 0.0)
            if order == 2:
                outcome = UNKNOWN
            place += np.int64(order > 0 or (order == 0 and whole[at + 1 + k] == 0))
        _set(r, whole[at + 1 + count + place], lane, top, bottom, places, error)
        state[r, lane] = outcome


@njit(cache=True, nogil=True, error_model="numpy")
def _deduct(r, a, b, whole, at, lane, top, bottom, places, error):
    """As ``floats.deducted``."""
    if places[b, lane] < 0:
        return UNKNOWN
    if top[b, lane] < 0 or top[b, lane] % bottom[b, lane] != 0:
        return UNDEFINED
    count = top[b, lane] // bottom[b, lane]
    left = whole[at] if a < 0 else top[a, lane]
    cost = left if count > 0 else 0
    if whole[at + 1] >= 0:
        cost = min(count, whole[at + 3]) * whole[at + 1]
    _set(r, left - min(cost, whole[at + 2], left), lane, top, bottom, places, error)
    return FINE


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _seeing(r, kind, a, b, c, first, lane, state, top, bottom, places, error):
    """What may leave a side unseen: conditions and choices; the outcome."""
    if state[a, lane] != FINE:
        return state[a, lane]
    left = top[a, lane] != 0
    if kind == codes.CHOOSE:
        taken = b if left else c
        if state[taken, lane] == FINE:
            _copy(r, taken, lane, top, bottom, places, error)
        return state[taken, lane]
    decisive = kind == codes.OR
    if (left != decisive or first) and state[b, lane] != FINE:
        return state[b, lane]
    right = top[b, lane] != 0
    _set(r, np.int64(left or right if decisive else left and right), lane, top, bottom, places, error)
    return FINE


@njit(cache=True, nogil=True, error_model="numpy")
def _other(r, kind, a, b, c, first, second, floats, pool, whole, at, lane, state, top, bottom, places, error):
    """Any instruction but those that read the table, for one department; its outcome."""
    if kind in (codes.AND, codes.OR, codes.CHOOSE):
        return _seeing(r, kind, a, b, c, first, lane, state, top, bottom, places, error)
    if a >= 0 and state[a, lane] != FINE:
        return state[a, lane]
    if b >= 0 and state[b, lane] != FINE:
        return state[b, lane]
    if kind in (codes.NEGATE, codes.MAGNITUDE):
        _copy(r, a, lane, top, bottom, places, error)
        top[r, lane] = -top[r, lane] if kind == codes.NEGATE else abs(top[r, lane])
        return FINE
    if kind == codes.NOT:
        _set(r, np.int64(top[a, lane] == 0), lane, top, bottom, places, error)
        return FINE
    if kind == codes.ROUND:
        return _rounded(r, a, first, second, lane, top, bottom, places, error)
    if kind == codes.DEDUCT:
        return _deduct(r, a, b, whole, at, lane, top, bottom, places, error)
    if kind == codes.WEIGH:
        before = 0 if a < 0 else top[a, lane]
        _set(r, before + top[b, lane] * np.int64(pool[floats]), lane, top, bottom, places, error)
        return FINE
    return UNKNOWN


@njit(cache=True, nogil=True, error_model="numpy")
def _loaded(r, rows, column, whole, state, top, bottom, places, error):
    """The decimals of a fed column for some departments."""
    for lane in range(rows.size):
        # most figures are whole, or have two decimals
        x = double_at(column + 8 * rows[lane])
        hundredths = np.rint(x * 100.0)
        if hundredths / 100.0 == x and abs(hundredths) <= 1e15 and not whole:
            top[r, lane], bottom[r, lane], places[r, lane] = np.int64(hundredths), 100, 2
        else:
            top[r, lane], bottom[r, lane], places[r, lane] = decimal_of(x, whole)
        state[r, lane], error[r, lane] = FINE if bottom[r, lane] else UNKNOWN, 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _step(r, rows, code, pool, whole, fed, lists, state, top, bottom, places, error):
    """Execute instruction ``r`` for the departments at ``rows``."""
    kind, a, b, c = code[r, codes.CODE], code[r, codes.A], code[r, codes.B], code[r, codes.C]
    first, second = code[r, codes.FIRST], code[r, codes.SECOND]
    floats, at = code[r, codes.FLOATS], code[r, codes.WHOLE]
    if kind == codes.LOAD:
        _loaded(r, rows, fed[first], second & codes.FED_WHOLE, state, top, bottom, places, error)
    elif kind == codes.CONSTANT:
        # filled in once, by prepare
        pass
    elif kind == codes.COMPLETION:
        for lane in range(rows.size):
            begin, end = offset_at(lists[first, 0], rows[lane]), offset_at(lists[first, 0], rows[lane] + 1)
            target, actual = view(lists[first, 1 + second // 100], end), view(lists[first, 1 + second % 100], end)
            made, over, outcome = _mean_completion(target, actual, begin, end)
            top[r, lane], bottom[r, lane], places[r, lane], error[r, lane] = made, over, ANY_PLACES, 0.0
            state[r, lane] = outcome
    elif codes.ADD <= kind <= codes.DIVIDE:
        _arithmetic(r, kind, a, b, second == codes.UNLIMITED, rows.size, state, top, bottom, places, error)
    elif kind in (codes.LEAST, codes.GREATEST) or codes.EQUAL <= kind <= codes.AT_LEAST:
        _ordered(r, kind, a, b, rows.size, state, top, bottom, places, error)
    elif kind == codes.BAND:
        _band(r, a, whole, at, rows.size, state, top, bottom, places, error)
    else:
        for lane in range(rows.size):
            state[r, lane] = _other(
                r, kind, a, b, c, first, second, floats, pool, whole, at, lane, state, top, bottom, places, error
            )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def prepare(code, whole, top, bottom, places):
    """Fill in the constants, which are the same for all departments."""
    for r in range(code.shape[0]):
        if code[r, codes.CODE] == codes.CONSTANT:
            at = code[r, codes.WHOLE]
            top[r, :], bottom[r, :] = whole[at], whole[at + 1]
            places[r, :] = whole[at + 2] if whole[at + 2] >= 0 else ANY_PLACES


@njit(cache=True, nogil=True, error_model="numpy")
def _rounded_award(one, over, places, error, quanta, mode):
    """What a share earns in quanta, or UNSETTLED."""
    if one <= 0 or one >= over:
        made, edge = 0 if one <= 0 else quanta, 1.0
        if mode > codes.HALF_EVEN:
            # what is beside the end may be inside, which matters to modes that look at any distance
            edge = np.float64(-one if one <= 0 else one - over) / np.float64(over)
    elif not fits(one, quanta) or over > 4e18:
        return UNSETTLED
    else:
        made, edge = to_whole(one * quanta, over, mode)
    near = places < 0 and edge <= error * quanta * 1.01
    if near and (places == NEAR or looked_at(one, over) < 0):
        return UNSETTLED
    return made


@njit(cache=True, nogil=True, error_model="numpy")
def _awards(r, code, whole, state, top, bottom, places, error, found):
    """The awards of instruction ``r``, what it reads being done; -1 where one is undefined, or UNSETTLED."""
    at = code[r, codes.WHOLE]
    quanta, otherwise, undefined, mode = whole[at + 1], whole[at + 2], whole[at + 3], whole[at + 4]
    share, applies = code[r, codes.A], code[r, codes.B]
    entries = code[r, codes.CODE] == codes.AWARD_ENTRY
    for lane in range(found.size):
        before, holds = state[share, lane], True
        if applies >= 0:
            holds = state[applies, lane] != FINE or top[applies, lane] != 0
            before = state[applies, lane] if state[applies, lane] != FINE else before
        if not holds:
            found[lane] = otherwise
        elif before != FINE:
            found[lane] = UNSETTLED if before == UNKNOWN else undefined
        elif entries:
            entry = whole[at + 6 + top[share, lane]]
            found[lane] = undefined if entry < 0 else entry
        else:
            found[lane] = _rounded_award(
                top[share, lane], bottom[share, lane], places[share, lane], error[share, lane], quanta, mode
            )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def settle(r, rows, code, pool, whole, needed, starts, fed, lists, state, top, bottom, places, error, found):
    """The awards of instruction ``r`` for the departments at ``rows`` (at most LANES)."""
    for k in range(starts[r], starts[r + 1]):
        _step(needed[k], rows, code, pool, whole, fed, lists, state, top, bottom, places, error)
    _awards(r, code, whole, state, top, bottom, places, error, found[: rows.size])

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


@njit(cache=True, nogil=True, error_model="numpy")
def totals(awards, cuts, codes, sums, grades):
    """The sum of each column of ``awards``, and the code of the last cut that it has reached."""
    for begin in range(0, sums.size, 1024):
        end = min(begin + 1024, sums.size)
        part = np.zeros(end - begin, np.int64)
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
        elif certain and (share == 0.0 or share == 1.0):
            unsure = False
            out[i] = np.int32(near)
        else:
            unsure = not (abs(y - near) > error)
            out[i] = np.int32(np.ceil(y) if kind == UP else np.floor(y))
        doubt[i] = unsure
        doubtful += unsure
    return doubtful


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FINITE)
def _quotients(actual, target, result):
    """min(1, max(0, actual / target)), vectorised; the least target. What stands where the target is not positive is anything."""
    least = np.inf
    for i in range(result.size):
        quotient = actual[i] / target[i]
        quotient = 1.0 if quotient > 1.0 else quotient
        result[i] = 0.0 if quotient < 0.0 else quotient
    for i in range(result.size):
        least = target[i] if target[i] < least else least
    return least


@njit(cache=True, nogil=True, error_model="numpy")
def plain_completion(target, actual, offsets, share):
    """Mean of min(1, actual / target) where more is better and nothing else is declared; how many rows are undefined.

    An undefined row's share is -1. Works in blocks that stay in the nearest cache.
    """
    undefined = 0
    rows = offsets.size - 1
    buffer = np.empty(_BLOCK)
    row = 0
    while row < rows:
        first, last = offsets[row], row
        while last < rows and offsets[last + 1] - first <= buffer.size:
            last += 1
        if last == row:
            buffer = np.empty(offsets[row + 1] - first)
            continue
        size = offsets[last] - first
        some = buffer[:size]
        least = _quotients(actual[first : first + size], target[first : first + size], some)
        wrong = not least > 0.0
        for each in range(row, last):
            begin, end = offsets[each] - first, offsets[each + 1] - first
            # four sums, so that one addition need not wait for another
            one, two, three, four = 0.0, 0.0, 0.0, 0.0
            i = begin
            while i + 3 < end:
                one += some[i]
                two += some[i + 1]
                three += some[i + 2]
                four += some[i + 3]
                i += 4
            while i < end:
                one += some[i]
                i += 1
            share[each] = ((one + two) + (three + four)) / (end - begin)
            undefined += np.int64(begin == end)
            if begin == end:
                share[each] = -1.0
            elif wrong:
                for k in range(first + begin, first + end):
                    if not target[k] > 0.0:
                        share[each] = -1.0
                undefined += np.int64(share[each] == -1.0)
        row = last
    return undefined


_BLOCK = 2048


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
    """Where ``top / bottom`` is no decimal of at most 33 digits; how often."""
    found = 0
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
    return found


UNDEFINED, DOUBTFUL = 1, 2
_UNIT = 1.2e-16


@njit(cache=True, nogil=True, error_model="numpy")
def _micro(x):
    """A raw double in millionths, or -1 where it has more decimals or digits."""
    scaled = np.rint(x * 1e6)
    if scaled / 1e6 != x or abs(scaled) > 1e15:
        return -1.0
    return scaled


@njit(cache=True, nogil=True, error_model="numpy")
def _item(target, actual, share, has, is_less, is_low, has_low, tolerance):
    """Completion of an item near the exact one, its error, and 1 where it is undefined."""
    if has[2]:
        if share < 0.0 or share > 1.0:
            return 0.0, 0.0, 1
        return share, _UNIT * share, 0
    if not has[0] or not has[1] or not target > 0.0:
        return 0.0, 0.0, 1
    exceeded = actual < target if is_less else actual > target
    if exceeded and has_low and is_low:
        away = abs(actual - target) / target
        error = 3 * _UNIT * (abs(actual) + target) / target
        beyond = away - tolerance
        if beyond <= 0.0:
            return 1.0, error + 2 * _UNIT, 0
        return max(0.0, 1.0 - beyond), error + 4 * _UNIT * (1.0 + away + tolerance), 0
    if exceeded or actual == target:
        return 1.0, 0.0, 0
    quotient = target / actual if is_less else actual / target
    if not quotient > 0.0:
        return 0.0, 0.0, 0
    return quotient, 4 * _UNIT * quotient, 0


@njit(cache=True, nogil=True, error_model="numpy")
def completion(offsets, numbers, flags, given, sizing, leaf_points, tolerance, quantum, kind, share, error, state):
    """Completion with any of its options.

    ``numbers`` holds target, actual, stated share and size (weight or points) in its rows, ``given`` where each is not null,
    ``flags`` less-is-better and set-too-low. ``sizing`` is 0 for none, 1 for weights, 2 for points. ``quantum`` is 0 or what the items
    are rounded to. Fills share, its error, and per row 0, UNDEFINED or DOUBTFUL.
    """
    has = np.zeros(3, np.bool_)
    for row in range(offsets.size - 1):
        begin, end = offsets[row], offsets[row + 1]
        count = end - begin
        state[row] = UNDEFINED if count == 0 else 0
        share[row] = 0.0
        error[row] = 0.0
        sizes = 0.0
        if sizing and count:
            micros = 0.0
            fits = True
            for i in range(begin, end):
                size = numbers[3, i]
                if not given[3, i] or size < 0.0:
                    state[row] = UNDEFINED
                micro = _micro(size)
                fits &= micro >= 0.0
                micros += micro
                sizes += size
            if sizing == 2 and state[row] == 0:
                if not fits or micros > 9e15:
                    state[row] = DOUBTFUL
                elif micros != np.rint(leaf_points * 1e6):
                    state[row] = UNDEFINED
            if sizes == 0.0:
                state[row] = UNDEFINED
        if state[row] == UNDEFINED:
            continue
        total = 0.0
        slip = 0.0
        for i in range(begin, end):
            for k in range(3):
                has[k] = given[k, i]
            done, off, wrong = _item(
                numbers[0, i], numbers[1, i], numbers[2, i], has, flags[0, i], flags[1, i], True, tolerance
            )
            if wrong:
                state[row] = UNDEFINED
                break
            part = numbers[3, i] / sizes if sizing else 1.0 / count
            piece = part * done
            off = part * off + (count + 4) * _UNIT * piece
            if quantum > 0.0:
                y = piece * leaf_points / quantum
                away = off * leaf_points / quantum + 4 * _UNIT * y
                near = np.rint(y)
                if kind == HALF:
                    if not (abs(y - near) + away < 0.5):
                        state[row] = DOUBTFUL
                elif not (abs(y - near) > away):
                    if done == 0.0 and off == 0.0:
                        near = 0.0
                    else:
                        state[row] = DOUBTFUL
                elif kind == UP:
                    near = np.ceil(y)
                else:
                    near = np.floor(y)
                piece = near * quantum / leaf_points
                off = 4 * _UNIT * piece
            total += piece
            slip += off
        share[row] = min(total, 1.0)
        error[row] = slip + (count + 2) * _UNIT * total + 1e-290


@njit(cache=True, nogil=True)
def _gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@njit(cache=True, nogil=True)
def _fits(a, b):
    return abs(float(a)) * abs(float(b)) < 9.0e18


@njit(cache=True, nogil=True)
def _rounded(top, bottom, kind):
    """As ``rounding.ROUND``: 0 half up, 1 half down, 2 half even, 3 up, 4 down; top and bottom below 2^62."""
    floor = top // bottom
    rest = top - floor * bottom
    above = rest - (bottom - rest)
    if kind == 4:
        return floor
    if kind == 3:
        return floor + (1 if rest > 0 else 0)
    if above > 0 or (above == 0 and (kind == 0 or (kind == 2 and floor % 2 == 1))):
        return floor + 1
    return floor


@njit(cache=True, nogil=True)
def _exact_item(i, tops, bottoms, given, less, low, tolerance_top, tolerance_bottom):
    """Completion of an item as a quotient in lowest terms; state 0, UNDEFINED or DOUBTFUL."""
    if given[2, i]:
        top, bottom = tops[2, i], bottoms[2]
        if top < 0 or top > bottom:
            return 0, 1, UNDEFINED
        divisor = _gcd(top, bottom)
        return top // divisor, bottom // divisor, 0
    if not given[0, i] or not given[1, i] or tops[0, i] <= 0:
        return 0, 1, UNDEFINED
    if not _fits(tops[0, i], bottoms[1]) or not _fits(tops[1, i], bottoms[0]):
        return 0, 1, DOUBTFUL
    target, actual = tops[0, i] * bottoms[1], tops[1, i] * bottoms[0]
    divisor = _gcd(target, abs(actual))
    target, actual = target // divisor, actual // divisor
    exceeded = actual < target if less[i] else actual > target
    if exceeded and low[i]:
        away = abs(actual - target)
        if not _fits(away, tolerance_bottom) or not _fits(tolerance_top, target) or not _fits(tolerance_bottom, target):
            return 0, 1, DOUBTFUL
        bottom = target * tolerance_bottom
        beyond = away * tolerance_bottom - tolerance_top * target
        top = bottom - max(beyond, 0)
        top = max(top, 0)
        divisor = _gcd(top, bottom)
        return top // divisor, bottom // divisor, 0
    if exceeded or actual == target:
        return 1, 1, 0
    top, bottom = (target, actual) if less[i] else (actual, target)
    if top <= 0:
        return 0, 1, 0
    return top, bottom, 0


@njit(cache=True, nogil=True)
def exact_completion(
    offsets, tops, bottoms, given, less, low, sizing, leaf_top, leaf_bottom, tolerance_top, tolerance_bottom,
    item_scale, kind, share_top, share_bottom, state,
):  # fmt: skip
    """The same in whole numbers; ``item_scale`` is 0 or 10^decimals of the item rounding, ``bottoms`` one per kind of number."""
    for row in range(offsets.size - 1):
        begin, end = offsets[row], offsets[row + 1]
        count = end - begin
        share_top[row] = 0
        share_bottom[row] = 1
        state[row] = UNDEFINED if count == 0 else 0
        sizes = 0
        if sizing:
            for i in range(begin, end):
                if not given[3, i] or tops[3, i] < 0:
                    state[row] = UNDEFINED
                sizes += tops[3, i]
                if sizes > 4e18:
                    state[row] = DOUBTFUL
                    sizes = 0
            if state[row] == 0 and sizing == 2:
                if not _fits(sizes, leaf_bottom) or not _fits(leaf_top, bottoms[3]):
                    state[row] = DOUBTFUL
                elif sizes * leaf_bottom != leaf_top * bottoms[3]:
                    state[row] = UNDEFINED
            if sizes == 0 and state[row] == 0:
                state[row] = UNDEFINED
        if state[row]:
            continue
        whole = sizes if sizing else count
        top, bottom = 0, 1
        for i in range(begin, end):
            one, over, wrong = _exact_item(i, tops, bottoms, given, less, low, tolerance_top, tolerance_bottom)
            if wrong:
                # an undefined item decides, whatever is in doubt elsewhere
                if state[row] != UNDEFINED:
                    state[row] = wrong
                continue
            if state[row]:
                continue
            size = tops[3, i] if sizing else 1
            # the item earns size / whole x one / over of the leaf
            if not _fits(size, one) or not _fits(whole, over):
                state[row] = DOUBTFUL
                continue
            item_top, item_bottom = size * one, over
            if item_scale:
                # points x completion x scale, rounded, as a share again
                divisor = _gcd(size, whole)
                part, of = size // divisor, whole // divisor
                if not _fits(part * 1.0 * one, float(leaf_top) * item_scale) or not _fits(of * 1.0 * over, leaf_bottom * 4):
                    state[row] = DOUBTFUL
                    continue
                rounded = _rounded(part * one * leaf_top * item_scale, of * over * leaf_bottom, kind)
                item_top, item_bottom = rounded * leaf_bottom, leaf_top * item_scale
            divisor = _gcd(item_top, item_bottom)
            item_top, item_bottom = item_top // divisor, item_bottom // divisor
            divisor = _gcd(bottom, item_bottom)
            if (
                not _fits(bottom // divisor, item_bottom)
                or not _fits(top, item_bottom // divisor)
                or not _fits(item_top, bottom // divisor)
                or top * 1.0 * (item_bottom // divisor) + item_top * 1.0 * (bottom // divisor) > 9.0e18
            ):
                state[row] = DOUBTFUL
                continue
            top = top * (item_bottom // divisor) + item_top * (bottom // divisor)
            bottom = bottom // divisor * item_bottom
        if state[row]:
            continue
        if not item_scale:
            if not _fits(bottom, whole):
                state[row] = DOUBTFUL
                continue
            bottom *= whole
        share_top[row], share_bottom[row] = (top, bottom) if top < bottom else (1, 1)

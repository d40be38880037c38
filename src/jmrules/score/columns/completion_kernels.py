"""The completion of lists of targets, row by row, compiled by numba: in floats with error bounds, and in whole numbers."""

from __future__ import annotations

import numpy as np
from numba import njit

from jmrules.feel.vectors.kernels import HALF, UP
from jmrules.score.columns.machine.quotients import fits, gcd


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"nsz"})
def _quotients(actual, target, bounds, result):
    """min(1, max(0, actual / target)), vectorised; how many targets are not positive, and how many numbers are not within bounds.

    What stands where a target is not positive is anything. The comparisons hide behind the divisions.
    """
    wrong, outside = 0, 0
    low, high, least, most = bounds[0], bounds[1], bounds[2], bounds[3]
    for i in range(result.size):
        goal, done = target[i], actual[i]
        quotient = done / goal
        quotient = 1.0 if quotient > 1.0 else quotient
        result[i] = 0.0 if quotient < 0.0 else quotient
        wrong += np.int64(not (goal > 0.0))
        outside += np.int64(not ((goal >= low) & (goal <= high) & (done >= least) & (done <= most)))
    return wrong, outside


@njit(cache=True, nogil=True, error_model="numpy")
def _even_means(some, count, share):
    """Means of lists of ``count`` numbers each; four sums, so that one addition need not wait for another."""
    for row in range(share.size):
        i, end = row * count, (row + 1) * count
        one, two, three, four = 0.0, 0.0, 0.0, 0.0
        while i + 4 <= end:
            one += some[i]
            two += some[i + 1]
            three += some[i + 2]
            four += some[i + 3]
            i += 4
        while i < end:
            one += some[i]
            i += 1
        share[row] = ((one + two) + (three + four)) / count


@njit(cache=True, nogil=True, error_model="numpy")
def _means(some, offsets, share):
    """Means of lists; where one is empty, not a number."""
    for row in range(share.size):
        total = 0.0
        for i in range(offsets[row], offsets[row + 1]):
            total += some[i - offsets[0]]
        share[row] = total / (offsets[row + 1] - offsets[row])


@njit(cache=True, nogil=True, error_model="numpy")
def plain_completion(target, actual, offsets, share, bounds):
    """Mean of min(1, actual / target) where more is better and nothing else is declared.

    An undefined row's share is -1. Works in blocks that stay in the nearest cache. Returns how many rows are undefined, and how many numbers
    are not within ``bounds`` (of targets, then of actuals); where some are not, the shares count for nothing.
    """
    undefined, outside = 0, 0
    rows = offsets.size - 1
    buffer = np.empty(_BLOCK)
    row = 0
    while row < rows:
        first, last = offsets[row], row
        count, even = offsets[row + 1] - first, True
        while last < rows and offsets[last + 1] - first <= buffer.size:
            even &= offsets[last + 1] - offsets[last] == count
            last += 1
        if last == row:
            buffer = np.empty(offsets[row + 1] - first)
            continue
        end = offsets[last]
        some = buffer[: end - first]
        wrong, beyond = _quotients(actual[first:end], target[first:end], bounds, some)
        outside += beyond
        if even and count:
            _even_means(some, count, share[row:last])
        else:
            _means(some, offsets[row : last + 1], share[row:last])
        if wrong or not even or not count:
            for each in range(row, last):
                missing = offsets[each] == offsets[each + 1]
                for k in range(offsets[each], offsets[each + 1] if wrong else offsets[each]):
                    missing |= not (target[k] > 0.0)
                if missing:
                    share[each] = -1.0
                    undefined += 1
        row = last
    return undefined, outside


@njit(cache=True, nogil=True, error_model="numpy")
def even_completion(target, actual, count, share, bounds):
    """The same for lists of ``count`` items each, one after another; how many rows are undefined, and numbers out of bounds."""
    undefined, outside = 0, 0
    buffer = np.empty(max(_BLOCK, count))
    step = max(_BLOCK // count, 1)
    for row in range(0, share.size, step):
        last = min(row + step, share.size)
        begin, end = row * count, last * count
        some = buffer[: end - begin]
        wrong, beyond = _quotients(actual[begin:end], target[begin:end], bounds, some)
        outside += beyond
        _even_means(some, count, share[row:last])
        for each in range(row, last if wrong else row):
            for k in range(each * count, (each + 1) * count):
                if not target[k] > 0.0:
                    share[each] = -1.0
            undefined += np.int64(share[each] == -1.0)
    return undefined, outside


_BLOCK = 2048


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
def _sizes(sizes, given, begin, end, own_points, leaf_points):
    """Sum of the items' weights or own points, and the row's state."""
    total, micros = 0.0, 0.0
    fits = True
    state = 0
    for i in range(begin, end):
        if not given[i] or sizes[i] < 0.0:
            state = UNDEFINED
        micro = _micro(sizes[i])
        fits &= micro >= 0.0
        micros += micro
        total += sizes[i]
    if total == 0.0:
        state = UNDEFINED
    if own_points and state == 0:
        if not fits or micros > 9e15:
            state = DOUBTFUL
        elif micros != np.rint(leaf_points * 1e6):
            state = UNDEFINED
    return total, state


@njit(cache=True, nogil=True, error_model="numpy")
def _rounded_piece(piece, off, leaf_points, quantum, kind, nothing):
    """An item's share of the leaf after its points were rounded, and whether the rounding is in doubt."""
    y = piece * leaf_points / quantum
    away = off * leaf_points / quantum + 4 * _UNIT * y
    near = np.rint(y)
    if kind == HALF:
        return near * quantum / leaf_points, not (abs(y - near) + away < 0.5)
    if nothing:
        return 0.0, False
    whole = np.ceil(y) if kind == UP else np.floor(y)
    return whole * quantum / leaf_points, not (abs(y - near) > away)


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
        sizes = np.float64(count)
        state[row] = UNDEFINED if count == 0 else 0
        share[row], error[row] = 0.0, 0.0
        if sizing and count:
            sizes, state[row] = _sizes(numbers[3], given[3], begin, end, sizing == 2, leaf_points)
        if state[row] == UNDEFINED:
            continue
        total, slip = 0.0, 0.0
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
                piece, doubtful = _rounded_piece(piece, off, leaf_points, quantum, kind, done == 0.0 and off == 0.0)
                off = 4 * _UNIT * piece
                if doubtful:
                    state[row] = DOUBTFUL
            total += piece
            slip += off
        share[row] = min(total, 1.0)
        error[row] = slip + (count + 2) * _UNIT * total + 1e-290


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
        divisor = gcd(top, bottom)
        return top // divisor, bottom // divisor, 0
    if not given[0, i] or not given[1, i] or tops[0, i] <= 0:
        return 0, 1, UNDEFINED
    if not fits(tops[0, i], bottoms[1]) or not fits(tops[1, i], bottoms[0]):
        return 0, 1, DOUBTFUL
    target, actual = tops[0, i] * bottoms[1], tops[1, i] * bottoms[0]
    divisor = gcd(target, abs(actual))
    target, actual = target // divisor, actual // divisor
    exceeded = actual < target if less[i] else actual > target
    if exceeded and low[i]:
        away = abs(actual - target)
        if not fits(away, tolerance_bottom) or not fits(tolerance_top, target) or not fits(tolerance_bottom, target):
            return 0, 1, DOUBTFUL
        bottom = target * tolerance_bottom
        beyond = away * tolerance_bottom - tolerance_top * target
        top = bottom - max(beyond, 0)
        top = max(top, 0)
        divisor = gcd(top, bottom)
        return top // divisor, bottom // divisor, 0
    if exceeded or actual == target:
        return 1, 1, 0
    top, bottom = (target, actual) if less[i] else (actual, target)
    if top <= 0:
        return 0, 1, 0
    return top, bottom, 0


@njit(cache=True, nogil=True)
def _exact_sizes(tops, bottom, given, begin, end, own_points, leaf_top, leaf_bottom):
    """As ``_sizes``, in whole numbers."""
    total = 0
    state = 0
    for i in range(begin, end):
        if not given[i] or tops[i] < 0:
            return 1, UNDEFINED
        total += tops[i]
        if total > 4e18:
            return 1, DOUBTFUL
    if total == 0:
        state = UNDEFINED
    elif own_points:
        if not fits(total, leaf_bottom) or not fits(leaf_top, bottom):
            state = DOUBTFUL
        elif total * leaf_bottom != leaf_top * bottom:
            state = UNDEFINED
    return total, state


@njit(cache=True, nogil=True)
def _exact_piece(size, whole, one, over, leaf_top, leaf_bottom, item_scale, kind):
    """What an item earns: with rounding, of the leaf; without, of ``1 / whole`` of it. A quotient in lowest terms, 0/0 where it overflows."""
    if not fits(size, one) or not fits(whole, over):
        return 0, 0
    top, bottom = size * one, over
    if item_scale:
        divisor = gcd(size, whole)
        part, of = size // divisor, whole // divisor
        if not fits(part * 1.0 * one, float(leaf_top) * item_scale) or not fits(of * 1.0 * over, leaf_bottom * 4):
            return 0, 0
        rounded = _rounded(part * one * leaf_top * item_scale, of * over * leaf_bottom, kind)
        top, bottom = rounded * leaf_bottom, leaf_top * item_scale
    divisor = gcd(top, bottom)
    return top // divisor, bottom // divisor


@njit(cache=True, nogil=True)
def _added(top, bottom, more_top, more_bottom):
    """The sum of two quotients, 0/0 where it overflows."""
    divisor = gcd(bottom, more_bottom)
    one, other = more_bottom // divisor, bottom // divisor
    if not fits(bottom, one) or top * 1.0 * one + more_top * 1.0 * other > 9.0e18:
        return 0, 0
    return top * one + more_top * other, bottom * one


@njit(cache=True, nogil=True)
def exact_completion(
    offsets, tops, bottoms, given, less, low, sizing, leaf_top, leaf_bottom, tolerance_top, tolerance_bottom,
    item_scale, kind, share_top, share_bottom, state,
):  # fmt: skip
    """The same in whole numbers; ``item_scale`` is 0 or 10^decimals of the item rounding, ``bottoms`` one per kind of number."""
    for row in range(offsets.size - 1):
        begin, end = offsets[row], offsets[row + 1]
        whole = end - begin
        share_top[row], share_bottom[row] = 0, 1
        state[row] = UNDEFINED if whole == 0 else 0
        if sizing and whole:
            whole, state[row] = _exact_sizes(
                tops[3], bottoms[3], given[3], begin, end, sizing == 2, leaf_top, leaf_bottom
            )
        if state[row] == UNDEFINED:
            continue
        top, bottom = 0, 1
        for i in range(begin, end):
            one, over, wrong = _exact_item(i, tops, bottoms, given, less, low, tolerance_top, tolerance_bottom)
            if wrong == UNDEFINED:
                # decides, whatever is in doubt elsewhere
                state[row] = UNDEFINED
                break
            if wrong or state[row]:
                state[row] = DOUBTFUL
                continue
            size = tops[3, i] if sizing else 1
            more_top, more_bottom = _exact_piece(size, whole, one, over, leaf_top, leaf_bottom, item_scale, kind)
            if more_bottom:
                top, bottom = _added(top, bottom, more_top, more_bottom)
            if not more_bottom or not bottom:
                state[row] = DOUBTFUL
        if not item_scale and not fits(bottom, whole):
            state[row] = DOUBTFUL if state[row] == 0 else state[row]
        if state[row] == 0:
            bottom *= 1 if item_scale else whole
            share_top[row], share_bottom[row] = (top, bottom) if top < bottom else (1, 1)

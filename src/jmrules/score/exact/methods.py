"""The share that each shape yields, as an exact quotient (numerator, denominator).

Each shape becomes one function of the slots, built once. FEEL numbers say their numerator and denominator; sums of
quotients are kept as integer pairs and never reduced, which is exact and quick.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from jmrules.feel import quotient_of
from jmrules.methods.shapes import (
    TOGETHER,
    Call,
    Compose,
    Line,
    Lookup,
    Mean,
    Shape,
    Table,
    Take,
    Weigh,
    chosen_in,
    count_of,
    no_case,
    outside_bands,
)
from jmrules.methods.shares import ALL, NOTHING, Share, number, pair, truth
from jmrules.score.exact.completion import completion_function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def share_function(
    shape: Shape, read: Callable[[Call], Callable[[Sequence[Any]], Any]]
) -> Callable[[Sequence[Any]], Share]:
    """The shape as a function of the slots; ``read`` turns its calls into functions of the slots.

    The function raises a JmrulesError where the share is undefined.
    """
    match shape:
        case Line():
            ends = shape.ends
            return _line(shape, read(shape.value)) if ends is None else _straight(*ends, read(shape.value))
        case Table():
            return _table(shape, read(shape.value))
        case Weigh():
            return _weigh([(read(item.when), item.share) for item in shape.items])
        case Take():
            return _take(shape, [read(item.count) for item in shape.items])
        case Lookup():
            return _lookup(shape, read(shape.word), read(shape.chosen) if shape.chosen else None)
        case Mean():
            return completion_function(shape, read(shape.items))
        case Compose():
            return _compose(shape, read)


def _straight(
    zero: Fraction, all_at: Fraction, value: Callable[[Sequence[Any]], Any]
) -> Callable[[Sequence[Any]], Share]:
    # share = (value - zero) / width, as value = t / b: (t * p - b * q) / (b * r) with integers p, q, r
    width = all_at - zero
    zero_top, zero_bottom = pair(zero)
    width_top, width_bottom = pair(width)
    full, rises = quotient_of(all_at), width > 0

    def share(slots: Sequence[Any]) -> Share:
        found = value(slots)
        if type(found) is not Decimal:
            found = number(found)
        if (found >= full) if rises else (found <= full):
            return ALL
        top, bottom = found.as_integer_ratio()
        top = (top * zero_bottom - zero_top * bottom) * width_bottom
        bottom *= zero_bottom * width_top
        if bottom < 0:
            top, bottom = -top, -bottom
        if top <= 0:
            return NOTHING
        return (top, bottom) if top < bottom else ALL

    return share


def _line(shape: Line, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    def share(slots: Sequence[Any]) -> Share:
        found = shape.share(number(value(slots)))
        return ALL if found == 1 else pair(found)

    return share


def _table(shape: Table, value: Callable[[Sequence[Any]], Any]) -> Callable[[Sequence[Any]], Share]:
    shares = [pair(share) for _, share in shape.entries]
    otherwise = None if shape.otherwise is None else pair(shape.otherwise)

    def share(slots: Sequence[Any]) -> Share:
        found = number(value(slots))
        index = shape.entry(found)
        if index is None and otherwise is None:
            raise outside_bands(found)
        return otherwise if index is None else shares[index]  # type: ignore[return-value]

    return share


def _take(shape: Take, counts: list[Callable[[Sequence[Any]], Any]]) -> Callable[[Sequence[Any]], Share]:
    costs = [cost for item in shape.items for cost in (item.loss, item.at_most) if cost is not None]
    bottom = lcm(*(cost.denominator for cost in costs))

    def whole(cost: Fraction | None) -> int | None:
        return None if cost is None else cost.numerator * (bottom // cost.denominator)

    items = [
        (read, whole(item.loss), whole(item.at_most), item.free) for item, read in zip(shape.items, counts, strict=True)
    ]

    def share(slots: Sequence[Any]) -> Share:
        left = bottom
        for read, loss, most, free in items:
            count = count_of(read(slots)) - free
            if count > 0:
                cost = left if loss is None else count * loss
                left -= min(cost, left) if most is None else min(cost, most, left)
        return ALL if left == bottom else (left, bottom)

    return share


def _weigh(items: list[tuple[Callable[[Sequence[Any]], Any], Fraction]]) -> Callable[[Sequence[Any]], Share]:
    bottom = lcm(*(worth.denominator for _, worth in items))
    parts = [(read, worth.numerator * (bottom // worth.denominator)) for read, worth in items]

    def share(slots: Sequence[Any]) -> Share:
        top = 0
        for read, worth in parts:
            if truth(read(slots)):
                top += worth
        return top, bottom

    return share


def _lookup(
    shape: Lookup, word: Callable[[Sequence[Any]], Any], chosen: Callable[[Sequence[Any]], Any] | None
) -> Callable[[Sequence[Any]], Share]:
    def share(slots: Sequence[Any]) -> Share:
        found = shape.found(word(slots))
        if isinstance(found, Fraction):
            return pair(found)
        assert chosen is not None
        return pair(chosen_in(found, chosen(slots), shape.whole))

    return share


def _compose(
    shape: Compose, read: Callable[[Call], Callable[[Sequence[Any]], Any]]
) -> Callable[[Sequence[Any]], Share]:
    parts = [
        (
            None if part.when is None else read(part.when),
            part.worth,
            None if part.shape is None else share_function(part.shape, read),
        )
        for part in shape.parts
    ]

    def earned(worth: Fraction, of: Callable[[Sequence[Any]], Share] | None, slots: Sequence[Any]) -> Fraction:
        return worth if of is None else worth * Fraction(*of(slots))

    def first(slots: Sequence[Any]) -> Share:
        for when, worth, of in parts:
            if when is None or truth(when(slots)):
                return pair(earned(worth, of, slots))
        raise no_case()

    together = TOGETHER.get(shape.how)
    if together is None:
        return first
    return lambda slots: pair(together([earned(worth, of, slots) for _, worth, of in parts]))

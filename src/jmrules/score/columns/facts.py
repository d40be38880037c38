"""Columns of a table as vectors of facts, and the rows whose facts only the careful reading can judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from jmrules.facts import MAX_ITEMS, MAX_STRING, domain_of
from jmrules.feel import parse_unary_tests
from jmrules.feel.tree import INPUT
from jmrules.feel.vectors import (
    DIGITS,
    WHOLE,
    Array,
    Context,
    Days,
    Items,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Rows,
    Truth,
    Vector,
    Words,
    column,
    counts,
    either,
    evaluate,
    mask_of,
    starts,
)
from jmrules.memo import kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from jmrules.feel.tree import UnaryTests
    from jmrules.ruleset import FactDeclaration

#: numbers beyond are left to the careful reading
_MOST = 1e30
_DIGITS = 1e15
#: days since 1970 of the calendar that facts are written in, from year 1 to year 9999
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896


@frozen(eq=False)
class Fact:
    """A declared fact: its vector, made when it is read, and the rows that must be left to the careful reading."""

    read: Callable[[], Vector]
    aside: Mask


def read_fact(declaration: FactDeclaration, array: pa.Array) -> Fact:
    """The fact of an array whose type fits the declaration."""
    null = _nulls(array)
    missing = null if null is not None and not declaration.optional else None
    if pa.types.is_null(array.type):
        return Fact(Nothing, missing)
    match declaration.type:
        case "number":
            fact = _number(declaration, array, null)
        case "boolean":
            fact = _boolean(array, null)
        case "string":
            fact = _string(array, null)
        case "date":
            fact = _date(array, null)
        case _:
            fact = _list(declaration, array, null)
    outside = None
    tested = declaration.count if declaration.type == "list" else declaration.tests
    if tested is not None and declaration.type != "number":
        outside = _outside(declaration, fact.read(), len(array), null)
    return Fact(fact.read, either(missing, fact.aside, outside))


def _nulls(array: pa.Array) -> Mask:
    if not array.null_count:
        return None
    return np.ones(len(array), dtype=bool) if pa.types.is_null(array.type) else ~_bits(array.buffers()[0], array)


def _bits(buffer: Any, array: pa.Array) -> Array:
    """The truth values of a buffer of bits."""
    if not len(array):
        return np.empty(0, dtype=bool)
    begin, end = array.offset // 8, (array.offset + len(array) + 7) // 8
    taken = np.frombuffer(buffer, dtype=np.uint8, count=end - begin, offset=begin)
    skip = array.offset - 8 * begin
    return np.unpackbits(taken, bitorder="little")[skip : skip + len(array)].view(bool)


def _view(array: pa.Array, kind: Any) -> Array:
    """The values of a primitive array without copying; what stands where it is null is anything."""
    _, data = array.buffers()
    width = np.dtype(kind).itemsize
    return (
        np.frombuffer(data, dtype=kind, count=len(array), offset=array.offset * width)
        if len(array)
        else np.empty(0, kind)
    )


def _number(declaration: FactDeclaration, array: pa.Array, null: Mask) -> Fact:
    kind = array.type
    whole, scale, aside = False, None, None
    if pa.types.is_floating(kind):
        x = _view(array, np.float64)
    elif pa.types.is_integer(kind):
        ints = _view(array, kind.to_pandas_dtype())
        x, whole, scale = ints.astype(np.float64), True, 0
    else:
        x, aside = _of_decimals(array)
        scale = max(kind.scale, 0)
        whole = scale == 0
    low, high, decided = bounds_of(declaration)
    # what stands where nothing counts: a number that gives no trouble
    filling = min(max(low, 1.0), high)
    if null is not None:
        x = np.where(null, filling, x)
    if whole:
        large = np.abs(x) >= WHOLE
        aside = either(aside, large if large.any() else None)
    if not (x.min(initial=filling) >= low and x.max(initial=filling) <= high):
        aside = either(aside, ~((x >= low) & (x <= high)))
    if aside is not None:
        x = np.where(aside, filling, x)
    if declaration.decimals is not None and (scale is None or scale > declaration.decimals):
        aside = either(aside, _too_fine(x, declaration.decimals))
    read = _once(lambda: Number(column(x), null=null))
    outside = None if decided else _outside(declaration, read(), len(array), null)
    return Fact(read, either(aside, outside))


def _once(make: Callable[[], Vector]) -> Callable[[], Vector]:
    """Make it when it is first asked for, and keep it."""
    made: list[Vector] = []

    def read() -> Vector:
        if not made:
            made.append(make())
        return made[0]

    return read


def _too_fine(x: Array, decimals: int) -> Mask:
    """Where numbers have more decimals than are declared, or so many digits that it cannot be told."""
    if not decimals:
        top = np.rint(x)
        return mask_of((top != x) | (np.abs(x) > _DIGITS))
    factor = 10.0 ** min(decimals, 22)
    top = np.rint(x * factor)
    wrong = top / factor != x
    most = max(-float(top.min(initial=0.0)), float(top.max(initial=0.0)))
    return mask_of(wrong if most <= _DIGITS else wrong | (np.abs(top) > _DIGITS))


def _of_decimals(array: pa.Array) -> tuple[Array, Mask]:
    """Decimals as the nearest doubles, and those of more than 15 digits."""
    kind = array.type
    if kind.bit_width != 128:
        array = array.cast(pa.decimal128(min(kind.precision, 38), kind.scale))
    _, data = array.buffers()
    count = len(array)
    words = (
        np.frombuffer(data, dtype=np.int64, count=2 * count, offset=array.offset * 16)
        if count
        else np.empty(0, np.int64)
    )
    low, high = words[0::2], words[1::2]
    aside = (high != (low >> 63)) | (np.abs(low) >= _DIGITS) | (low == np.iinfo(np.int64).min)
    x = low.astype(np.float64)
    x = x / 10.0**kind.scale if 0 <= kind.scale <= 22 else x
    if not 0 <= kind.scale <= 22:
        aside = np.ones(count, dtype=bool)
    return x, aside if aside.any() else None


def _boolean(array: pa.Array, null: Mask) -> Fact:
    def read() -> Vector:
        holds = _bits(array.buffers()[1], array)
        return Truth(holds if null is None else holds & ~null, null=null)

    return Fact(_once(read), None)


def _string(array: pa.Array, null: Mask) -> Fact:
    def read() -> Vector:
        coded = array.dictionary_encode()
        words = tuple(coded.dictionary.to_pylist()) or ("",)
        codes = _view(coded.indices, np.int32)
        return Words(codes if null is None else np.where(null, 0, codes), words, null=null)

    if not len(array):
        return Fact(_once(read), None)
    aside = None
    offsets = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, places, _ = array.buffers()
    ends: Array = np.frombuffer(places, dtype=offsets)[array.offset : array.offset + len(array) + 1]
    # no string has more characters than bytes
    if ends[-1] - ends[0] > MAX_STRING and (ends[1:] - ends[:-1]).max() > MAX_STRING:
        aside = pc.greater(pc.utf8_length(array), MAX_STRING).fill_null(False).to_numpy(zero_copy_only=False)
    return Fact(_once(read), aside)


def _date(array: pa.Array, null: Mask) -> Fact:
    def read() -> Vector:
        days = _view(array, np.int32).astype(np.int64)
        return Days(days if null is None else np.where(null, 0, days), span=False, null=null)

    days = _view(array, np.int32)
    outside = (days < _FIRST_DAY) | (days > _LAST_DAY)
    return Fact(_once(read), mask_of(outside if null is None else outside & ~null))


def _list(declaration: FactDeclaration, array: pa.Array, null: Mask) -> Fact:
    if null is None:
        given = array.offsets.to_numpy()
        offsets = given.astype(np.int64) - given[0]
        values = array.values.slice(given[0], offsets[-1])
    else:
        # a null list may own items all the same: they are dropped
        offsets = starts(pc.list_value_length(array).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64))
        values = array.flatten()
    aside: Mask = offsets[1:] - offsets[:-1] > MAX_ITEMS if len(values) > MAX_ITEMS else None
    members: dict[str, Callable[[], Vector]] = {}
    item_aside = _nulls(values)
    struct_names = {values.type.field(index).name: index for index in range(values.type.num_fields)}
    for part in declaration.item:
        child = values.field(struct_names[part.id]) if part.id in struct_names else pa.nulls(len(values))
        fact = read_fact(part, child)
        item_aside = either(item_aside, fact.aside)
        members[part.id] = fact.read
    vector = Items(offsets, Context(members), null=null)
    return Fact(lambda: vector, either(aside, vector.any_of(item_aside)))


@kept
def _tests(declaration: FactDeclaration) -> UnaryTests | None:
    """What the declaration allows of a value, or of how many items a list has."""
    tests = declaration.count if declaration.type == "list" else declaration.tests
    return None if tests is None else parse_unary_tests(tests)


def _outside(declaration: FactDeclaration, vector: Vector, count: int, null: Mask) -> Mask:
    """Rows that are not surely inside the declared domain."""
    tests = _tests(declaration)
    if tests is None or not count:
        return None
    if isinstance(vector, Items):
        vector = Number(counts(vector.counts))

    def find(name: str) -> Vector | None:
        return vector if name == INPUT else None

    try:
        holds = evaluate(tests, Rows(count, find))
    except NotColumnar:
        return np.ones(count, dtype=bool)
    if not isinstance(holds, Truth):
        return null
    outside = ~np.broadcast_to(holds.holds, count)
    outside = either(outside, holds.null, holds.undef, holds.doubt)
    if null is not None:
        outside = outside & ~null
    return outside if outside.any() else None


@kept
def bounds_of(declaration: FactDeclaration) -> tuple[float, float, bool]:
    """Least and greatest number that are allowed and that the engine reads, and whether that is all there is to say."""
    ranges = domain_of(declaration).ranges
    if ranges is None or len(ranges) != 1:
        return -_MOST, _MOST, False
    (interval,) = ranges
    if not all(edge.at is None or _is_short(edge.at) for edge in (interval.low, interval.high)):
        return -_MOST, _MOST, False
    low = -_MOST if interval.low.at is None else float(interval.low.at)
    high = _MOST if interval.high.at is None else float(interval.high.at)
    if interval.low.at is not None and interval.low.above:
        low = float(np.nextafter(low, np.inf))
    if interval.high.at is not None and not interval.high.above:
        high = float(np.nextafter(high, -np.inf))
    return max(low, -_MOST), min(high, _MOST), True


def _is_short(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= DIGITS

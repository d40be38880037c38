"""What an expression yields for many departments at once: one vector per kind of FEEL value.

Every vector has three masks over its rows, None standing for "nowhere": ``null`` where the value is FEEL's null, ``undef`` where a strict
evaluation ends in an error, and ``doubt`` where floats cannot tell, so that nothing else said of the row counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen

from jmrules.feel.vectors.exactly import Quotients, decimals_of, where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Array = Any
Mask = Any
Exact = Callable[[Array], Quotients]

#: bits of a numerator or denominator up to which exact arithmetic surely computes
LONGEST = 60_000


#: parts of a number that are small enough for their products to be left out of account
_LARGEST_PART = 1e-9


class NotColumnar(Exception):
    """An expression that is not evaluated by columns, and why: the leaves that read it are scored row by row."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def either(*masks: Mask) -> Mask:
    """Where one of the masks is."""
    found = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found


def within(mask: Mask, rows: Array) -> Mask:
    """The mask, as far as it lies in ``rows``."""
    return None if mask is None else mask & rows


def outside(mask: Mask, rows: Mask) -> Mask:
    """The mask, as far as it lies outside ``rows``."""
    return mask if mask is None or rows is None else mask & ~rows


def taken(array: Array, rows: Array) -> Array:
    """The entries at ``rows``; what is the same for all rows stays as it is."""
    return array if array is None or np.ndim(array) == 0 else array[rows]


def full(array: Array, count: int) -> Array:
    """The array with ``count`` entries, where it may be one value for all."""
    return np.broadcast_to(array, count) if np.ndim(array) == 0 else array


class Approx:
    """Numbers with a bound on the error of each: see ``approximate``."""

    __slots__ = ("_error", "bits", "exact", "part", "raw", "whole", "x")

    def __init__(
        self, x: Array, error: Array | Callable[[], Array] = None, *, part: float | None = None,
        exact: Exact | None = None, raw: bool = False, whole: bool = False, bits: int = 64,
    ) -> None:  # fmt: skip
        self.x, self._error, self.raw = x, error, raw
        #: no number is farther from the exact one than this part of itself; None: only ``error`` says how far
        self.part = part if part is None or part < _LARGEST_PART else None
        if error is None:
            self._error = 0.0 if not part else lambda: part * np.abs(x)
        #: exact whole numbers below 2^53
        self.whole = whole
        #: more than the numerator and the denominator of any of the exact numbers have
        self.bits = bits
        #: the exact numbers of some rows, for those that floats cannot tell; None: the shortest decimals that read as ``x``
        self.exact = exact
        if bits > LONGEST:
            raise NotColumnar("乘除过多，数可能过长", "so many operations that the numbers might be too long")

    @property
    def error(self) -> Array:
        """The bound, computed when it is first asked for: comparing raw numbers needs none."""
        if callable(self._error):
            self._error = self._error()
        return self._error

    def at(self, rows: Array) -> Quotients:
        """The exact numbers at ``rows``."""
        return decimals_of(taken(self.x, rows)) if self.exact is None else self.exact(rows)

    def take(self, rows: Array) -> Approx:
        """The numbers at ``rows``."""
        exact = self.exact
        further: Exact | None = None if exact is None else lambda each: exact(rows[each])
        error: Any = None if self.part is not None else lambda: taken(self.error, rows)
        x = taken(self.x, rows)
        return Approx(x, error, part=self.part, exact=further, raw=self.raw, whole=self.whole, bits=self.bits)

    def select(self, other: Approx, chosen: Array) -> Approx:
        """The own number where ``chosen``, else the other's."""
        return of_both(
            self, other, np.where(chosen, self.x, other.x), lambda: np.where(chosen, self.error, other.error),
            lambda rows: where(taken(chosen, rows), self.at(rows), other.at(rows)),
        )  # fmt: skip

    def replaced(self, places: Array, other: Approx) -> Approx:
        """The numbers, those at ``places`` replaced by the other's, in their order."""
        if not len(places):
            return self
        x = np.array(self.x)
        x[places] = other.x
        spot: list[Array] = []

        def error() -> Array:
            made = np.array(full(self.error, len(x)))
            made[places] = other.error
            return made

        def exact(rows: Array) -> Quotients:
            if not spot:
                spot.append(np.full(len(x), -1))
                spot[0][places] = np.arange(len(places))
            found = spot[0][rows]
            return where(found >= 0, other.at(np.maximum(found, 0)), self.at(rows))

        return of_both(self, other, x, error, exact)


def of_both(a: Approx, b: Approx, x: Array, error: Callable[[], Array], exact: Exact) -> Approx:
    """Numbers made of two others: with these values and errors, and what holds of both."""
    raw = a.raw and b.raw
    part = None if a.part is None or b.part is None else max(a.part, b.part)
    return Approx(
        x, error if part is None else None, part=part, exact=None if raw else exact, raw=raw,
        whole=a.whole and b.whole, bits=max(a.bits, b.bits),
    )  # fmt: skip


@frozen(eq=False, kw_only=True)
class Vector:
    """A value per row; see the module for its masks."""

    null: Mask = None
    undef: Mask = None
    doubt: Mask = None

    def take(self, rows: Array) -> Vector:
        """The values of ``rows``, in their order."""
        masks = {name: taken(getattr(self, name), rows) for name in ("null", "undef", "doubt")}
        return evolve(self._taken(rows), **masks)

    def _taken(self, rows: Array) -> Vector:
        return self

    def select(self, other: Vector, chosen: Array) -> Vector:
        """The own value where ``chosen``, else the other's; without masks."""
        raise NotColumnar("两个分支的值不是同一类", "the branches yield different kinds of value")


@frozen(eq=False)
class Nothing(Vector):
    """Null everywhere."""


@frozen(eq=False)
class Number(Vector):
    """Numbers."""

    value: Approx

    def _taken(self, rows: Array) -> Vector:
        return Number(self.value.take(rows))

    def select(self, other: Vector, chosen: Array) -> Vector:
        if not isinstance(other, Number):
            return super().select(other, chosen)
        return Number(self.value.select(other.value, chosen))


@frozen(eq=False)
class Truth(Vector):
    """Truth values."""

    holds: Array

    def _taken(self, rows: Array) -> Vector:
        return Truth(taken(self.holds, rows))

    def select(self, other: Vector, chosen: Array) -> Vector:
        if not isinstance(other, Truth):
            return super().select(other, chosen)
        return Truth(np.where(chosen, self.holds, other.holds))


@frozen(eq=False)
class Words(Vector):
    """Strings: numbers of the entries of a vocabulary."""

    codes: Array
    words: tuple[str, ...]

    def _taken(self, rows: Array) -> Vector:
        return Words(taken(self.codes, rows), self.words)

    def select(self, other: Vector, chosen: Array) -> Vector:
        if not isinstance(other, Words):
            return super().select(other, chosen)
        words, codes = self.with_vocabulary(other)
        return Words(np.where(chosen, self.codes, codes), words)

    def with_vocabulary(self, other: Words) -> tuple[tuple[str, ...], Array]:
        """The own vocabulary with the other's words added, and the other's codes in it."""
        place = {word: code for code, word in enumerate(self.words)}
        for word in other.words:
            place.setdefault(word, len(place))
        codes = np.array([place[word] for word in other.words] or [0], dtype=np.int64)
        return tuple(place), codes[other.codes]


@frozen(eq=False)
class Days(Vector):
    """Dates as days since 1970-01-01; or, as ``span``, durations of whole days."""

    days: Array
    span: bool

    def _taken(self, rows: Array) -> Vector:
        return Days(taken(self.days, rows), self.span)

    def select(self, other: Vector, chosen: Array) -> Vector:
        if not isinstance(other, Days) or other.span is not self.span:
            return super().select(other, chosen)
        return Days(np.where(chosen, self.days, other.days), self.span)


@frozen(eq=False)
class Context(Vector):
    """Contexts whose members are computed when they are read."""

    members: Mapping[str, Callable[[], Vector]]
    _known: dict[str, Vector] = field(factory=dict, repr=False)

    def member(self, name: str) -> Vector:
        """The values of a member."""
        if name not in self._known:
            if name not in self.members:
                raise NotColumnar(f"没有成员 {name}", f"there is no member {name}")
            self._known[name] = self.members[name]()
        return self._known[name]

    def _taken(self, rows: Array) -> Vector:
        def reader(name: str) -> Callable[[], Vector]:
            return lambda: self.member(name).take(rows)

        return Context({name: reader(name) for name in self.members})


@frozen(eq=False)
class Items(Vector):
    """Lists: those of row i are the items ``offsets[i]`` to ``offsets[i + 1]``, of which ``item`` is the vector."""

    offsets: NDArray[np.int64]
    item: Vector
    _counts: list[NDArray[np.int64]] = field(factory=list, repr=False)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Items of each list."""
        if not self._counts:
            self._counts.append(self.offsets[1:] - self.offsets[:-1])
        return self._counts[0]

    @property
    def size(self) -> int:
        """Items of all lists."""
        return int(self.offsets[-1])

    def owners(self) -> NDArray[np.int64]:
        """The row of each item."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    def places(self, rows: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of the items that ``rows`` own, and how many each owns."""
        counts = self.counts[rows]
        begins = self.offsets[:-1][rows] - (np.cumsum(counts) - counts)
        return np.repeat(begins, counts) + np.arange(counts.sum()), counts

    def any_of(self, mask: Mask) -> Mask:
        """Rows one of whose items is in a mask over the items."""
        if mask is None:
            return None
        return self.count_of(mask) > 0

    def count_of(self, mask: Array) -> NDArray[np.int64]:
        """How many of each row's items are in a mask over the items."""
        running = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(full(mask, self.size), out=running[1:])
        return running[self.offsets[1:]] - running[self.offsets[:-1]]

    def kept(self, mask: Array) -> Items:
        """The lists with only those items that are in the mask."""
        mask = full(mask, self.size)
        counts = self.count_of(mask)
        return Items(starts(counts), self.item.take(np.flatnonzero(mask)))

    def _taken(self, rows: Array) -> Vector:
        places, counts = self.places(rows)
        return Items(starts(counts), self.item.take(places))

    def select(self, other: Vector, chosen: Array) -> Vector:
        if isinstance(other, Empty):
            counts = np.where(chosen, self.counts, 0)
            return Items(
                starts(counts), self.item.take(np.flatnonzero(np.repeat(full(chosen, len(counts)), self.counts)))
            )
        return super().select(other, chosen)


@frozen(eq=False)
class Empty(Vector):
    """The list without items, for every row."""

    def select(self, other: Vector, chosen: Array) -> Vector:
        return self if isinstance(other, Empty) else other.select(self, ~np.asarray(chosen))


def starts(counts: Array) -> NDArray[np.int64]:
    """Offsets of lists with these counts of items."""
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


#: bits of what tells rows apart, and how far rows are told apart without sorting them
_BITS, _FEW = 62, 2**16


def patterns(marks: Sequence[Array], count: int) -> tuple[Array, Array]:
    """A row for each combination of marks that occurs, and which combination each row has.

    Marks are truth values, or whole numbers from 0 on: of each row, or one for all rows.
    """
    code, width = np.zeros(count, dtype=np.int64), 0
    for mark in marks:
        if np.ndim(mark) == 0:
            continue
        bits = 1 if mark.dtype == bool else int(mark.max(initial=0)).bit_length()
        if width + bits > _BITS:
            code = np.unique(code, return_inverse=True)[1].reshape(-1)
            width = int(code.max(initial=0)).bit_length()
        code = (code << bits) | mark
        width += bits
    if 2**width <= _FEW:
        place = np.zeros(2**width, dtype=np.int64)
        place[code] = 1
        found = np.flatnonzero(place)
        place[found] = np.arange(len(found))
        which = place[code]
        first = np.zeros(len(found), dtype=np.int64)
        first[which[::-1]] = np.arange(count - 1, -1, -1)
        return first, which
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    return first, which.reshape(-1)


def chosen_of(chosen: Array, then: Vector, otherwise: Vector) -> Vector:
    """``then`` where ``chosen``, else ``otherwise``, with the masks of the side taken."""
    chosen = np.asarray(chosen)
    null = either(within(null_of(then), chosen), within(null_of(otherwise), ~chosen))
    if isinstance(then, Nothing) or isinstance(otherwise, Nothing):
        made = otherwise if isinstance(then, Nothing) else then
    elif then is otherwise:
        made = then
    else:
        made = then.select(otherwise, chosen)
    undef = either(within(then.undef, chosen), within(otherwise.undef, ~chosen))
    doubt = either(within(then.doubt, chosen), within(otherwise.doubt, ~chosen))
    return evolve(made, null=null, undef=undef, doubt=doubt)


def null_of(vector: Vector) -> Mask:
    """Where a vector is null."""
    return np.True_ if isinstance(vector, Nothing) else vector.null


def gathered(vectors: Sequence[Vector]) -> dict[str, Mask]:
    """Where one of several operands is undefined or in doubt."""
    return {
        "undef": either(*(vector.undef for vector in vectors)),
        "doubt": either(*(vector.doubt for vector in vectors)),
    }

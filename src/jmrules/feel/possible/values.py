"""What a FEEL value may be, where it is not known: a value that is known, or what is possible instead of it.

A :class:`Possible` never leaves out a value that can occur; it may hold more. Numbers are kept as one closed span, truth
and null as they are, strings as a finite set or any, lists by their items. Whether there is a value at all is part of it:
``error`` is why there may be none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from jmrules.errors import JmrulesError
from jmrules.feel import temporal
from jmrules.feel.numbers import Number, is_number, is_whole
from jmrules.feel.quotients import LONG_DIGITS
from jmrules.memo import Keeper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: an unknown number is taken to be at most this large, and, where it is not 0, at least the inverse of it
LARGEST = Decimal("1e60")
SMALLEST = Decimal("1e-60")
#: items of a list that are looked at one by one; a longer list is looked at as so many items alike
MAX_ENTRIES = 10_000


@frozen
class Span:
    """The numbers from ``low`` to ``high``, both included."""

    low: Number
    high: Number
    #: whole numbers only
    whole: bool = False

    @property
    def opposite(self) -> Span:
        """The numbers with the other sign."""
        return Span(opposite(self.high), opposite(self.low), self.whole)

    @property
    def single(self) -> bool:
        """Whether it holds one number."""
        return self.low == self.high


@frozen(eq=False)
class Known:
    """A value that is known."""

    value: Any


@frozen(eq=False)
class Items(Keeper):
    """A list: items that stand in it or may stand in it, and further ones, all like ``rest``, anywhere among them."""

    #: item, and whether it is certain to be there
    entries: tuple[tuple[Value, bool], ...] = ()
    rest: Value | None = None
    #: how many further items there are, at least and at most
    least: int = 0
    most: int = 0
    #: the same list but for the items at these places
    like: tuple[Items, tuple[int, ...]] | None = None

    def changed(self, items: Mapping[int, Value]) -> Items:
        """The list with other items at some places, which are certain."""
        entries = list(self.entries)
        for index, item in items.items():
            entries[index] = item, True
        return Items(tuple(entries), self.rest, self.least, self.most, (self, tuple(items)))

    @property
    def shortest(self) -> int:
        """The least number of items."""
        return sum(certain for _, certain in self.entries) + self.least

    @property
    def longest(self) -> int:
        """The greatest number of items."""
        return len(self.entries) + self.most

    @property
    def fixed(self) -> bool:
        """Whether it is known which items there are, and in which order."""
        return not self.most and all(certain for _, certain in self.entries)

    def all(self) -> Iterable[Value]:
        """Every item there may be, the further ones once."""
        yield from (item for item, _ in self.entries)
        if self.rest is not None and self.most:
            yield self.rest


@frozen(eq=False)
class Possible:
    """Values of which one may be the case; see the module."""

    span: Span | None = None
    truths: frozenset[bool] = frozenset()
    null: bool = False
    #: None: any string
    texts: frozenset[str] | None = frozenset()
    items: Items | None = None
    #: members of a context
    members: Mapping[str, Value] | None = None
    #: any date
    date: bool = False
    #: any value of the kinds that are not followed: other lists and contexts, times, durations, ranges, functions
    other: bool = False
    #: why there may be no value
    error: JmrulesError | None = field(default=None)

    @property
    def empty(self) -> bool:
        """Whether there is certainly no value."""
        return not (
            self.span
            or self.truths
            or self.null
            or self.texts is None
            or self.texts
            or self.items
            or self.members is not None
            or self.date
            or self.other
        )


Value = Known | Possible

NOTHING = Possible()
BOTH = frozenset((True, False))
#: beyond every number that is computed with; there is no computing with it
END = Decimal((0, (1,), LONG_DIGITS + 100))
WHOLE_LINE = Span(END.copy_negate(), END)
TRUE, FALSE, NULL = Known(True), Known(False), Known(None)


def opposite(number: Number) -> Number:
    """The number with the other sign, an end of the line too."""
    return number.copy_negate() if is_end(number) else -number  # type: ignore[union-attr]


def is_end(number: Number) -> bool:
    """Whether it is an end of the line."""
    return number in (WHOLE_LINE.low, WHOLE_LINE.high)


def anything(error: JmrulesError | None = None) -> Possible:
    """Any value there is."""
    return Possible(WHOLE_LINE, BOTH, True, None, None, None, True, True, error)


def failing(error: JmrulesError) -> Possible:
    """Certainly no value."""
    return Possible(error=error)


def number_of(span: Span, error: JmrulesError | None = None) -> Value:
    """A number of the span."""
    if span.low == span.high and error is None:
        return Known(span.low)
    return Possible(span, error=error)


def truth_of(truths: Iterable[bool], *, null: bool = False, error: JmrulesError | None = None) -> Value:
    """One of the truths, perhaps null, perhaps none."""
    found = frozenset(truths)
    if len(found) == 1 and not null and error is None:
        return TRUE if True in found else FALSE
    return Possible(truths=found, null=null, error=error)


def spread(value: Value) -> Possible:
    """A value as what is possible; a known list or context by its parts."""
    if isinstance(value, Possible):
        return value
    known = value.value
    if known is None:
        return Possible(null=True)
    if known is True or known is False:
        return Possible(truths=frozenset((known,)))
    if is_number(known):
        return Possible(Span(known, known, is_whole(known)))
    if isinstance(known, str):
        return Possible(texts=frozenset((known,)))
    if isinstance(known, list):
        return Possible(items=listed([Known(item) for item in known]))
    if isinstance(known, dict):
        return Possible(members={name: Known(part) for name, part in known.items()})
    if isinstance(known, temporal.Date):
        return Possible(date=True)
    return Possible(other=True)


def listed(items: list[Value]) -> Items:
    """A list of these items; a long one as so many items alike."""
    if len(items) <= MAX_ENTRIES:
        return Items(tuple((item, True) for item in items))
    return Items((), join(items), len(items), len(items))


def error_of(*values: Value) -> JmrulesError | None:
    """Why one of the values may not be there."""
    for value in values:
        if isinstance(value, Possible) and value.error is not None:
            return value.error
    return None


def failing_too(value: Value, error: JmrulesError | None) -> Value:
    """The value, which also may not be there."""
    if error is None or error_of(value) is not None:
        return value
    return evolve(spread(value), error=error)


def without_error(value: Value) -> Value:
    """The value, provided there is one."""
    if isinstance(value, Known) or value.error is None:
        return value
    return collapsed(evolve(value, error=None))


def collapsed(value: Possible) -> Value:
    """The value itself where only one is possible."""
    if value.error is not None or value.items or value.members is not None or value.date or value.other:
        return value
    if value.texts is None:
        return value
    kinds = bool(value.span) + len(value.truths) + value.null + len(value.texts)
    if kinds != 1:
        return value
    if value.span:
        return Known(value.span.low) if value.span.low == value.span.high else value
    if value.null:
        return NULL
    return Known(next(iter(value.truths or value.texts)))


def join(values: Iterable[Value]) -> Value:
    """What may be any of the values."""
    result: Value | None = None
    for value in values:
        result = value if result is None else _join(result, value)
    return NOTHING if result is None else result


def _join(one: Value, other: Value) -> Value:
    if one is other or (
        isinstance(one, Known)
        and isinstance(other, Known)
        and type(one.value) is type(other.value)
        and one.value == other.value
    ):
        return one
    a, b = spread(one), spread(other)
    return collapsed(
        Possible(
            span=_join_spans(a.span, b.span),
            truths=a.truths | b.truths,
            null=a.null or b.null,
            texts=None if a.texts is None or b.texts is None else a.texts | b.texts,
            items=_join_items(a.items, b.items),
            members=_join_members(a.members, b.members),
            date=a.date or b.date,
            other=a.other
            or b.other
            or (a.members is not None and b.members is not None and set(a.members) != set(b.members)),
            error=a.error or b.error,
        )
    )


def _join_spans(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return one or other
    return Span(min(one.low, other.low), max(one.high, other.high), one.whole and other.whole)


def _join_items(one: Items | None, other: Items | None) -> Items | None:
    if one is None or other is None or one is other:
        return one or other
    if one.fixed and other.fixed and len(one.entries) == len(other.entries):
        return Items(tuple((_join(a, b), True) for (a, _), (b, _) in zip(one.entries, other.entries, strict=True)))
    return Items(
        (), join((*one.all(), *other.all())), min(one.shortest, other.shortest), max(one.longest, other.longest)
    )


def _join_members(one: Mapping[str, Value] | None, other: Mapping[str, Value] | None) -> Mapping[str, Value] | None:
    if one is None or other is None or one is other:
        return other if one is None else one
    # Where the members differ, ``other`` says that it may be another context.
    return {name: _join(one[name], other[name]) for name in one if name in other}

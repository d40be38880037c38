"""What a declaration lets a fact be: read once, and asked by everything that binds, bounds, tries, moves or shows facts."""

from __future__ import annotations

import datetime
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules import feel
from jmrules.documents import MAX_DIGITS, MAX_EXPONENT
from jmrules.errors import Undefined
from jmrules.feel import EVERYTHING, Edge, ends_on_grid, intervals, temporal, types
from jmrules.feel import tree as t
from jmrules.feel.possible import BOTH, END, LARGEST, SMALLEST, Items, Possible, Span, Value, collapsed
from jmrules.memo import Keeper, by_text, kept
from jmrules.quantities import decimal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jmrules.feel import Interval, Intervals
    from jmrules.ruleset import FactDeclaration

#: items of a list, characters of a string
MAX_ITEMS = 100_000
MAX_STRING = 10_000
#: a set of at most so many values is gone through value by value
FEW = 8
#: the least number above 0 and the greatest number that are reckoned with: those of bounds, and those of no bound at all
WITHIN_REASON = (SMALLEST, LARGEST)
UNLIMITED = (Decimal(0), END)

_DAY = temporal.parse_duration("P1D")
_HUNDREDTH, _HALF = Decimal("0.01"), Decimal("0.5")
#: to compute with numbers of any length without rounding them
_MANY = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def _boolean(given: Any) -> bool | None:
    return given if isinstance(given, bool) else None


def _string(given: Any) -> str | None:
    return given if isinstance(given, str) and len(given) <= MAX_STRING else None


def _date(given: Any) -> Any:
    if isinstance(given, datetime.date) and not isinstance(given, datetime.datetime):
        return temporal.from_python(given)
    if isinstance(given, temporal.Date):
        return given
    return temporal.parse_date(given) if isinstance(given, str) else None


def _number(given: Any) -> Decimal | None:
    number = decimal_of(given)
    return number if number is not None and number.is_finite() else None


def _list_reading(fields: Mapping[str, Domain]) -> Callable[[Any], Any]:
    def read(given: Any) -> list[dict[str, Any]] | None:
        if given is None:
            return None
        return [{name: part.read(item.get(name)) for name, part in fields.items()} for item in given]

    return read


@kept
def domain_of(declaration: FactDeclaration) -> Domain:
    """The one reading of a declaration."""
    kind, tests, count = declaration.type, declaration.tests, declaration.count
    fields = {part.id: domain_of(part) for part in declaration.item}
    tree = None if tests is None else feel.parse_unary_tests(tests)
    numbers = None if count is None else intervals(count)
    least, most = (0, MAX_ITEMS) if not numbers else _whole_hull(numbers)
    return Domain(
        declaration,
        _list_reading(fields) if kind == "list" else _KINDS[kind].read,
        test=None if tests is None or kind == "list" else _function(tests, kind),
        count=None if count is None else _function(count, "number"),
        ranges=(EVERYTHING if tests is None else intervals(tests)) if kind == "number" else None,
        step=None if declaration.decimals is None else Decimal(1).scaleb(-declaration.decimals),
        named=() if tree is None else tuple(dict.fromkeys(_KINDS[kind].named(tree))),
        listed=kind == "string" and tree is not None and _lists_strings(tree),
        least=max(0, least),
        most=min(MAX_ITEMS, most),
        fields=fields,
    )


def _strings(tests: t.UnaryTests) -> Iterator[str]:
    return (test.value for test in tests.tests if isinstance(test, t.String))


def _lists_strings(tests: t.UnaryTests) -> bool:
    """Whether a string that passes is one of those that the tests name."""
    return bool(tests.tests) and not tests.negated and all(isinstance(test, t.String) for test in tests.tests)


def _days(tests: t.UnaryTests) -> Iterator[Any]:
    for node in t.walk(tests):
        text = node.text if isinstance(node, t.AtLiteral) else node.value if isinstance(node, t.String) else ""
        day = temporal.parse_date(text)
        if day is not None:
            yield from (day, temporal.add(day, _DAY), temporal.subtract(day, _DAY))


@frozen
class _Kind:
    """A type of single values: as FEEL names it, how a plain value is read, and what tests on it name."""

    type: types.Type
    read: Callable[[Any], Any]
    named: Callable[[t.UnaryTests], Iterable[Any]] = lambda _: ()


_KINDS = {
    "number": _Kind(types.NUMBER, _number),
    "boolean": _Kind(types.BOOLEAN, _boolean),
    "string": _Kind(types.STRING, _string, _strings),
    "date": _Kind(types.DATE, _date, _days),
}


@by_text(1_000_000)
def _function(tests: str, type_name: str) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = feel.compile(tests, {"?": _KINDS[type_name].type}, unary=True).function
    return function


def _whole_hull(ranges: Intervals) -> tuple[int, int]:
    """The least and the greatest number of items in some ranges."""
    ends = [ends_on_grid(interval, 0) for interval in ranges]
    lows, highs = zip(*ends, strict=True)
    return (
        min(0 if low is None else low for low in lows),
        max(MAX_ITEMS if high is None else high for high in highs),
    )


@frozen(eq=False)
class Domain(Keeper):
    """The values that a fact, or a field of a list's items, may have. Made by :func:`domain_of`.

    Values are FEEL's: Decimal in the declared unit, bool, str, a FEEL date, a list of dicts that have every field; None where
    there is none.
    """

    declaration: FactDeclaration
    #: the FEEL value of a plain one in the declared unit; None where it is not of the declared type. A list is taken to fit
    read: Callable[[Any], Any] = field(repr=False)
    #: the declared tests on a value, and on a list's number of items, as functions to True, False or None
    test: Callable[[Any], Any] | None = field(repr=False)
    count: Callable[[Any], Any] | None = field(repr=False)
    #: the numbers that the tests leave; None where they are not ranges, and of what is no number
    ranges: Intervals | None
    #: what every number is a multiple of, a power of ten
    step: Decimal | None
    #: the strings that the tests name, in their order, or the days, with those beside them; whether it must be one of the strings
    named: tuple[Any, ...]
    listed: bool
    #: of a list, the least and the greatest number of items
    least: int
    most: int
    #: of a list, the fields of its items
    fields: Mapping[str, Domain]

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.declaration.decimals == 0

    @property
    def words(self) -> tuple[str, ...] | None:
        """The strings that it must be one of; None where any string may pass."""
        return self.named if self.listed else None

    def passes(self, value: Any) -> bool:
        """Whether a value of the declared type passes the declared tests."""
        try:
            return self.test is None or self.test(value) is True
        except Undefined:
            return False

    def counts(self, items: int) -> bool:
        """Whether a list may have so many items."""
        return items <= MAX_ITEMS and (self.count is None or self.count(Decimal(items)) is True)

    def on_grid(self, number: Decimal) -> bool:
        """Whether a number has no more decimals than are declared."""
        return self.step is None or self.rounded(number) == number

    def rounded(self, number: Decimal) -> Decimal:
        """The nearest number of no more decimals than are declared, half to even."""
        return number if self.step is None else _on_grid(number, self.step, ROUND_HALF_EVEN)

    def allows(self, value: Any) -> bool:
        """Whether a fact may have a value, FEEL's or a plain one; a list with every field of its items."""
        if value is None:
            return self.declaration.optional
        if self.declaration.type == "list":
            return isinstance(value, list) and self.counts(len(value)) and all(map(self._allows_item, value))
        found = self.read(value)
        if found is None or (isinstance(found, Decimal) and (beyond(found) or not self.on_grid(found))):
            return False
        return self.passes(found)

    def _allows_item(self, item: Any) -> bool:
        return (
            isinstance(item, dict)
            and item.keys() == self.fields.keys()
            and all(part.allows(item[name]) for name, part in self.fields.items())
        )

    def nearest(self, number: Decimal) -> Decimal | None:
        """The number nearest to one that it allows; beside an open end, where none is nearest, one close by.

        None where there is none, or none is found.
        """
        near = [self._near(interval, number) for interval in self.ranges or EVERYTHING]
        found = [each for each in near if each is not None]
        return min(found, key=lambda each: abs(Fraction(each) - Fraction(number)), default=None)

    def _near(self, interval: Interval, number: Decimal) -> Decimal | None:
        within = self._within(interval, None, None, UNLIMITED)
        if within is None:
            return None
        low, high = within
        near = min(max(self.rounded(number), low), high)
        inside = min(_HUNDREDTH, _MANY.multiply(_MANY.subtract(high, low), _HALF))
        tried = (near, _MANY.add(near, inside), _MANY.subtract(near, inside))
        return next(filter(self.allows, tried), None)

    def span(
        self,
        low: Decimal | None = None,
        high: Decimal | None = None,
        reach: tuple[Decimal, Decimal] = WITHIN_REASON,
    ) -> Span | None:
        """The least span of all numbers from ``low`` to ``high`` that it allows; None where there is none.

        Where neither they nor the declaration give an end, ``reach`` does: the least number above 0, and the greatest.
        """
        parts = [self._within(interval, low, high, reach) for interval in self.ranges or EVERYTHING]
        found = [part for part in parts if part is not None]
        return Span(found[0][0], found[-1][1], self.whole) if found else None

    def _within(
        self, interval: Interval, low: Decimal | None, high: Decimal | None, reach: tuple[Decimal, Decimal]
    ) -> tuple[Decimal, Decimal] | None:
        """The least and the greatest number in an interval, an open end included where no number is next to it."""
        start, end = interval.low, interval.high
        smallest, far = reach
        least, most = start.at, end.at
        if low is not None and (least is None or low > least):
            least, start = low, Edge(low, False)
        if high is not None and (most is None or high < most):
            most, end = high, Edge(high, True)
        if least is None:
            least = min(far.copy_negate(), Decimal(0) if most is None else most * 2)
        if most is None:
            most = max(far, Decimal(0) if start.at is None else least * 2)
        open_below, open_above = start.at is not None and start.above, end.at is not None and not end.above
        inside = smallest
        if self.step is not None:
            inside = self.step
            open_below = open_below and self.on_grid(least)
            open_above = open_above and self.on_grid(most)
            least, most = _on_grid(least, inside, ROUND_CEILING), _on_grid(most, inside, ROUND_FLOOR)
        else:
            open_below, open_above = open_below and not least, open_above and not most
        least = _MANY.add(least, inside) if open_below else least
        most = _MANY.subtract(most, inside) if open_above else most
        return (least, most) if least <= most else None

    @property
    @kept
    def few(self) -> tuple[Any, ...] | None:
        """Every value that it may have, null aside, where they are few and the declaration says which."""
        match self.declaration.type:
            case "boolean":
                return tuple(truth for truth in (False, True) if self.passes(truth))
            case "string":
                return tuple(sorted(self.named)) if self.listed and len(self.named) <= FEW else None
            case "number":
                span = self.span()
                return None if span is None else self.few_in(span)
        return None

    def few_in(self, span: Span) -> tuple[Decimal, ...] | None:
        """The numbers of a span that it may be, where they are few."""
        if self.step is None or not span.high - span.low < FEW * self.step:
            return None
        count = int((span.high - span.low) / self.step) + 1
        values = (span.low + index * self.step for index in range(count))
        return tuple(value for value in values if self.passes(value))

    @property
    def possible(self) -> Value:
        """All that it may be, numbers within reason: :mod:`jmrules.feel.possible`."""
        return self._possible(WITHIN_REASON)

    @property
    def anything(self) -> Value:
        """All that it may be, numbers without an end where none is declared."""
        return self._possible(UNLIMITED)

    @kept
    def _possible(self, reach: tuple[Decimal, Decimal]) -> Value:
        null = self.declaration.optional
        match self.declaration.type:
            case "boolean":
                return collapsed(Possible(truths=frozenset(filter(self.passes, BOTH)), null=null))
            case "number":
                return collapsed(Possible(self.span(reach=reach), null=null))
            case "string":
                return collapsed(Possible(texts=None if self.words is None else frozenset(self.words), null=null))
            case "date":
                return Possible(date=True, null=null)
        item = Possible(members={name: part._possible(reach) for name, part in self.fields.items()})
        return Possible(items=items_alike(item, self.least, self.most), null=null)


def items_alike(item: Value, least: int, most: int) -> Items:
    """A list of items alike, as many as there may be."""
    if least == most <= FEW * 8:
        return Items(((item, True),) * least)
    return Items((), item, least, most)


def beyond(number: Decimal) -> bool:
    """Whether a number has more digits than a fact may have, or an exponent beyond."""
    return abs(number.adjusted()) > MAX_EXPONENT or len(number.normalize(_MANY).as_tuple().digits) > MAX_DIGITS


def _on_grid(number: Decimal, step: Decimal, rounding: str) -> Decimal:
    # As it stands where it has no more decimals: a number may be far too large for its digits to be written out.
    if number.as_tuple().exponent >= step.as_tuple().exponent:  # type: ignore[operator]  # both are finite
        return number
    return number.quantize(step, rounding, _MANY)

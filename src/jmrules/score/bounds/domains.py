"""What each fact may be: its value where it is known well enough, else every value that its declaration allows."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules import feel
from jmrules.errors import Undefined
from jmrules.facts.domain import MAX_ITEMS, tests_of
from jmrules.feel import tree as t
from jmrules.feel.intervals import intervals
from jmrules.feel.numbers import divide, quantized
from jmrules.feel.possible.values import (
    BOTH,
    LARGEST,
    SMALLEST,
    Items,
    Known,
    Possible,
    Span,
    Value,
    collapsed,
    listed,
)
from jmrules.memo import kept

if TYPE_CHECKING:
    from jmrules.feel.intervals import Interval
    from jmrules.ruleset.model import FactDeclaration

#: a set of at most so many values is gone through value by value
FEW = 8


@frozen(eq=False)
class Fixed:
    """A value that is known."""

    value: Any

    @property
    def possible(self) -> Value:
        """It, and nothing else."""
        return Known(self.value)


@frozen(eq=False)
class Unknown:
    """A single value that is not known: a number, a truth, a string, a date."""

    declaration: FactDeclaration
    possible: Value
    #: every value it may have, where they are few
    values: tuple[Any, ...] | None = None


@frozen(eq=False)
class Rows:
    """A list whose items are known in number, field by field."""

    declaration: FactDeclaration
    rows: tuple[dict[str, Domain], ...]
    #: whether there may be no list at all
    null: bool = False

    @property
    def possible(self) -> Value:
        """Its items, each by what its fields may be."""
        return Possible(items=listed([members_of(row) for row in self.rows]), null=self.null)


@frozen(eq=False)
class Length:
    """A list of which only the number of items is known, or between which numbers it lies."""

    declaration: FactDeclaration
    least: int
    most: int
    each: dict[str, Domain]
    null: bool = False

    @property
    def possible(self) -> Value:
        """Items alike, as many as there may be."""
        item = members_of(self.each)
        if self.least == self.most <= FEW * 8:
            return Possible(items=Items(((item, True),) * self.least), null=self.null)
        return Possible(items=Items((), item, self.least, self.most), null=self.null)


Domain = Fixed | Unknown | Rows | Length


def members_of(row: dict[str, Domain]) -> Value:
    """An item of a list by what its fields may be."""
    if all(isinstance(part, Fixed) for part in row.values()):
        return Known({name: part.value for name, part in row.items() if isinstance(part, Fixed)})
    return Possible(members={name: part.possible for name, part in row.items()})


@kept
def wholly_unknown(declaration: FactDeclaration) -> Domain:
    """A fact of which nothing is known but its declaration; an optional one may be absent."""
    if declaration.type == "list":
        least, most = item_counts(declaration)
        each = {part.id: wholly_unknown(part) for part in declaration.item}
        return Length(declaration, least, most, each, declaration.optional)
    values = _few(declaration)
    if values is not None and declaration.optional:
        values = (*values, None)
    return Unknown(declaration, _allowed(declaration, declaration.optional), values)


def between(declaration: FactDeclaration, low: Decimal, high: Decimal) -> Domain | None:
    """A number from ``low`` to ``high`` that its declaration allows; None where there is none."""
    span = number_span(declaration, low, high)
    if span is None:
        return None
    if span.single:
        return Fixed(span.low)
    return Unknown(declaration, Possible(span), _steps(declaration, span))


@kept
def _allowed(declaration: FactDeclaration, null: bool) -> Value:
    kind = declaration.type
    if kind == "boolean":
        truths = frozenset(truth for truth in BOTH if _passes(declaration, truth))
        return collapsed(Possible(truths=truths, null=null))
    if kind == "number":
        return collapsed(Possible(number_span(declaration, None, None), null=null))
    if kind == "string":
        return collapsed(Possible(texts=_strings(declaration.tests), null=null))
    return Possible(date=True, null=null)


def _passes(declaration: FactDeclaration, value: Any) -> bool:
    tests = tests_of(declaration)
    try:
        return tests is None or tests(value) is True
    except Undefined:
        return False


def allows(declaration: FactDeclaration, value: Any) -> bool:
    """Whether the declaration allows a value, null where the fact is optional."""
    if value is None:
        return declaration.optional
    if isinstance(value, Decimal) and declaration.decimals is not None:
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and exponent < -declaration.decimals:
            return False
    return _passes(declaration, value)


def _strings(tests: str | None) -> frozenset[str] | None:
    """The strings that constant tests list; None where any string may pass."""
    tree = None if tests is None else feel.parse_unary_tests(tests)
    if tree is None or tree.negated or not tree.tests:
        return None
    found = [test.value for test in tree.tests if isinstance(test, t.String)]
    return frozenset(found) if len(found) == len(tree.tests) else None


def number_span(declaration: FactDeclaration, low: Decimal | None, high: Decimal | None) -> Span | None:
    """The numbers from ``low`` to ``high`` (None: no bound given) that the declaration allows; None where there is none."""
    allowed = None if declaration.tests is None else intervals(declaration.tests)
    spans = []
    for interval in allowed if allowed is not None else ():
        span = _within(declaration, interval, low, high)
        if span is not None:
            spans.append(span)
    if allowed is None:
        return _snapped(declaration, -LARGEST if low is None else low, LARGEST if high is None else high)
    if not spans:
        return None
    return Span(min(span.low for span in spans), max(span.high for span in spans), spans[0].whole)


def _within(declaration: FactDeclaration, interval: Interval, low: Decimal | None, high: Decimal | None) -> Span | None:
    start, end = interval.low, interval.high
    least = min(-LARGEST, end.at * 2 if end.at is not None else Decimal(0)) if start.at is None else start.at
    most = max(LARGEST, start.at * 2 if start.at is not None else Decimal(0)) if end.at is None else end.at
    if low is not None and low > least:
        least, open_below = low, False
    else:
        open_below = start.at is not None and start.above
    if high is not None and high < most:
        most, open_above = high, False
    else:
        open_above = end.at is not None and not end.above
    # An open end is moved to the next number where there is one; elsewhere it is taken in, which is only wider.
    step = SMALLEST if declaration.decimals is None else Decimal(1).scaleb(-declaration.decimals)
    span = _snapped(declaration, least, most)
    if span is None:
        return None
    grid = declaration.decimals is not None
    if open_below and span.low == least and (grid or least == 0):
        least = span.low + step
    if open_above and span.high == most and (grid or most == 0):
        most = span.high - step
    return _snapped(declaration, least, most)


def _snapped(declaration: FactDeclaration, low: Decimal, high: Decimal) -> Span | None:
    """The span without what has more decimals than are declared."""
    whole = declaration.decimals == 0
    if declaration.decimals is not None:
        low, high = (
            _on_grid(low, declaration.decimals, ROUND_CEILING),
            _on_grid(high, declaration.decimals, ROUND_FLOOR),
        )
    return Span(low, high, whole) if low <= high else None


def _on_grid(value: Decimal, decimals: int, rounding: str) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -decimals:
        return value
    return quantized(value, Decimal(1).scaleb(-decimals), rounding)


def _few(declaration: FactDeclaration) -> tuple[Any, ...] | None:
    """Every value that the declaration allows, where they are few and it says which."""
    if declaration.type == "boolean":
        return tuple(truth for truth in (False, True) if _passes(declaration, truth))
    if declaration.type == "string":
        strings = _strings(declaration.tests)
        return tuple(sorted(strings)) if strings is not None and len(strings) <= FEW else None
    if declaration.type == "number":
        span = number_span(declaration, None, None)
        return None if span is None else _steps(declaration, span)
    return None


def _steps(declaration: FactDeclaration, span: Span) -> tuple[Decimal, ...] | None:
    """The numbers of a span, where they are few."""
    if declaration.decimals is None or not span.high - span.low < FEW:
        return None
    step = Decimal(1).scaleb(-declaration.decimals)
    count = int(divide(span.high - span.low, step)) + 1
    if count > FEW:
        return None
    values = (span.low + index * step for index in range(count))
    return tuple(value for value in values if _passes(declaration, value))


@kept
def item_counts(declaration: FactDeclaration) -> tuple[int, int]:
    """The least and greatest number of items that a list may have."""
    allowed = None if declaration.count is None else intervals(declaration.count)
    if not allowed:
        return 0, MAX_ITEMS
    lows = [0 if part.low.at is None else int(part.low.at.to_integral_value(ROUND_CEILING)) for part in allowed]
    highs = [
        MAX_ITEMS if part.high.at is None else int(part.high.at.to_integral_value(ROUND_FLOOR)) for part in allowed
    ]
    return max(0, min(lows)), min(MAX_ITEMS, max(highs))

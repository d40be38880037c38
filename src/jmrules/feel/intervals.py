"""Constant ranges on one number: read from FEEL unary tests, and looked over for gaps and overlaps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import total_ordering
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Problem, Text
from jmrules.feel.constants import constant as value_of
from jmrules.feel.parser import parse_unary_tests
from jmrules.feel.problems import place_of
from jmrules.feel.tree import Expression, Negation, Node, Number, Range, Test, walk
from jmrules.feel.values import compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@total_ordering
@frozen(order=False)
class Edge:
    """A cut of the number line: just below ``at`` (``above`` false) or just above it. ``at`` None is an end of the line."""

    at: Decimal | None
    above: bool

    def _key(self) -> tuple[int, Decimal, bool]:
        if self.at is None:
            return (1 if self.above else -1, Decimal(0), False)
        return (0, self.at, self.above)

    def __lt__(self, other: Edge) -> bool:
        return self._key() < other._key()


START = Edge(None, False)
END = Edge(None, True)


@frozen
class Interval:
    """The numbers between two edges."""

    low: Edge
    high: Edge

    @property
    def empty(self) -> bool:
        """No number lies between the edges."""
        return self.low >= self.high

    def __str__(self) -> str:
        if self.low.at is not None and self.low.at == self.high.at:
            return f"{self.low.at:f}"
        if self.low.at is None and self.high.at is None:
            return "-"
        if self.low.at is None:
            return f"{'<=' if self.high.above else '<'} {self.high.at:f}"
        if self.high.at is None:
            return f"{'>' if self.low.above else '>='} {self.low.at:f}"
        return f"{'(' if self.low.above else '['}{self.low.at:f}..{self.high.at:f}{']' if self.high.above else ')'}"


Intervals = tuple[Interval, ...]
EVERYTHING: Intervals = (Interval(START, END),)


def empty_range() -> Problem:
    """That constants were written which leave no value between them."""
    return Problem(
        "empty-range",
        Text("区间是空的：没有任何值在其中", "the range is empty: no value lies in it"),
        Text(
            "小的一端在前；两端相同则两端都须包含，例如 (0.10..0.20]、[8..8]",
            "the lesser end comes first; equal ends must both be included, as in (0.10..0.20], [8..8]",
        ),
    )


def empty_ranges(tree: Node, text: str) -> list[Problem]:
    """The ranges between constants, of numbers, dates or any other values, that hold nothing; each with its place in ``text``."""
    found: list[Problem] = []
    for node in walk(tree):
        if not isinstance(node, Range) or node.low is None or node.high is None or node.equality:
            continue
        order = compare(value_of(node.low), value_of(node.high))
        if order is not None and (order > 0 or (order == 0 and not (node.start_included and node.end_included))):
            found.append(empty_range().at(place_of(text, node.start)))
    return found


def between(low: Decimal, high: Decimal) -> Intervals:
    """The closed interval from ``low`` to ``high``."""
    return (Interval(Edge(low, False), Edge(high, True)),)


def intervals(tests: str) -> Intervals | None:
    """The numbers that constant unary tests allow, merged and in order; None where they are not constant numbers."""
    tree = parse_unary_tests(tests)
    parts: list[Interval] = []
    for test in tree.tests:
        part = _of_test(test)
        if part is None:
            return None
        parts += part
    if not tree.tests:
        return EVERYTHING
    merged = merge(parts)
    return complement(merged, EVERYTHING) if tree.negated else merged


def ends_on_grid(interval: Interval, decimals: int) -> tuple[int | None, int | None]:
    """The least and the greatest whole ``n`` for which ``n * 10**-decimals`` lies in the interval; None at an end of the line."""
    low, high, scale = interval.low, interval.high, 10**decimals
    least = most = None
    if low.at is not None:
        exact = Fraction(low.at) * scale
        least = floor(exact) + 1 if low.above else ceil(exact)
    if high.at is not None:
        exact = Fraction(high.at) * scale
        most = floor(exact) if high.above else ceil(exact) - 1
    return least, most


def holding(parts: Intervals, decimals: int | None) -> Intervals:
    """Those in which a number of so many decimals lies; all of them where that is not known."""
    if decimals is None:
        return parts
    ends = [(part, *ends_on_grid(part, decimals)) for part in parts]
    return tuple(part for part, least, most in ends if least is None or most is None or least <= most)


def closed(parts: Sequence[Intervals]) -> tuple[Intervals, ...]:
    """Disjoint ranges with what lies between two neighbours given to the lower: where no number that there is lies between them."""
    rows = [[*ranges] for ranges in parts]
    order = sorted(
        ((row, index) for row, ranges in enumerate(rows) for index in range(len(ranges))),
        key=lambda at: rows[at[0]][at[1]].low,
    )
    for (row, index), (after, place) in pairwise(order):
        lower, upper = rows[row][index], rows[after][place]
        if lower.high < upper.low:
            rows[row][index] = Interval(lower.low, upper.low)
    return tuple(map(tuple, rows))


def _of_test(test: Test | Expression) -> list[Interval] | None:
    if isinstance(test, Test):
        at = constant(test.operand)
        if at is None:
            return None
        below, above = Edge(at, False), Edge(at, True)
        return {
            "<": [Interval(START, below)],
            "<=": [Interval(START, above)],
            ">": [Interval(above, END)],
            ">=": [Interval(below, END)],
            "=": [Interval(below, above)],
            "!=": [Interval(START, below), Interval(above, END)],
        }[test.operator]
    if isinstance(test, Range):
        low = None if test.low is None else constant(test.low)
        high = None if test.high is None else constant(test.high)
        if (test.low is not None and low is None) or (test.high is not None and high is None):
            return None
        return [
            Interval(
                START if low is None else Edge(low, not test.start_included),
                END if high is None else Edge(high, test.end_included),
            )
        ]
    at = constant(test)
    return None if at is None else [Interval(Edge(at, False), Edge(at, True))]


def constant(node: Expression) -> Decimal | None:
    """The number that a literal, perhaps with a minus sign, stands for."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Negation):
        inner = constant(node.operand)
        return None if inner is None else inner.copy_negate() if inner else inner
    return None


def merge(parts: Iterable[Interval]) -> Intervals:
    """The union, as disjoint intervals in order."""
    result: list[Interval] = []
    for part in sorted((part for part in parts if not part.empty), key=lambda part: part.low):
        if result and part.low <= result[-1].high:
            result[-1] = Interval(result[-1].low, max(result[-1].high, part.high))
        else:
            result.append(part)
    return tuple(result)


def complement(parts: Intervals, within: Intervals) -> Intervals:
    """What ``within`` has and ``parts`` has not; both merged."""
    left: list[Interval] = []
    for whole in within:
        low = whole.low
        for part in parts:
            if part.high <= low or part.low >= whole.high:
                continue
            left.append(Interval(low, part.low))
            low = max(low, part.high)
        left.append(Interval(low, whole.high))
    return tuple(part for part in left if not part.empty)


def overlap(one: Intervals, other: Intervals) -> Intervals:
    """What both have."""
    return merge(Interval(max(a.low, b.low), min(a.high, b.high)) for a in one for b in other)

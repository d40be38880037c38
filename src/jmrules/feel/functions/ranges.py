"""Built-in functions on ranges and points (DMN 1.5, 10.3.4.9, after Allen's interval algebra), and ``range``.

A bound is a *cut*: a place right before or right after a value. Every relation is then an order of cuts; a point is the
range from right before it to right after it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.constants import constant
from jmrules.feel.functions.registry import NoValue, builtin
from jmrules.feel.parser import parse
from jmrules.feel.problems import FeelSyntaxError
from jmrules.feel.values import Range, compare, kind_of, make_range

if TYPE_CHECKING:
    from collections.abc import Callable

    Cut = tuple[Any, int]

_BEFORE, _AFTER = -1, 1


def _start(value: Any) -> Cut:
    if isinstance(value, Range):
        if value.equality == "!=":
            raise NoValue("(!= …) 有两段，没有先后", "(!= …) is two ranges, which have no one order")
        return value.start, _BEFORE if value.start_included or value.start is None else _AFTER
    return value, _BEFORE


def _end(value: Any) -> Cut:
    if isinstance(value, Range):
        _start(value)
        return value.end, _AFTER if value.end_included or value.end is None else _BEFORE
    return value, _AFTER


def _order(left: Cut, right: Cut) -> int:
    """The order of two cuts; a start without value lies before, an end without value after all others."""
    if left[0] is None or right[0] is None:
        one, other = (0 if cut[0] is not None else cut[1] for cut in (left, right))
        return (one > other) - (one < other)
    order = compare(left[0], right[0])
    if order is None:
        kinds = kind_of(left[0]), kind_of(right[0])
        raise NoValue(f"{kinds[0]} 与 {kinds[1]} 没有先后", f"{kinds[0]} and {kinds[1]} have no order")
    return order or left[1] - right[1]


def before(one: Any, other: Any) -> bool:
    return _order(_end(one), _start(other)) <= 0


def meets(one: Range, other: Range) -> bool:
    end, start = _end(one), _start(other)
    return one.end_included and other.start_included and _order((end[0], 0), (start[0], 0)) == 0


def overlaps(one: Range, other: Range) -> bool:
    return _order(_end(one), _start(other)) > 0 and _order(_start(one), _end(other)) < 0


def overlaps_before(one: Range, other: Range) -> bool:
    return (
        _order(_start(one), _start(other)) < 0
        and _order(_end(one), _start(other)) > 0
        and _order(_end(one), _end(other)) <= 0
    )


def finishes(one: Any, other: Any) -> bool:
    return _order(_end(one), _end(other)) == 0 and _order(_start(one), _start(other)) >= 0


def starts(one: Any, other: Any) -> bool:
    return _order(_start(one), _start(other)) == 0 and _order(_end(one), _end(other)) <= 0


def includes(one: Any, other: Any) -> bool:
    return _order(_start(one), _start(other)) <= 0 and _order(_end(one), _end(other)) >= 0


def coincides(one: Any, other: Any) -> bool:
    return _order(_start(one), _start(other)) == 0 and _order(_end(one), _end(other)) == 0


def _inverse(relation: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda one, other: relation(other, one)


_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"

for _name, _relation, _signatures in (
    ("before", before, (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("after", _inverse(before), (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("meets", meets, (_RANGES,)),
    ("met by", _inverse(meets), (_RANGES,)),
    ("overlaps", overlaps, (_RANGES,)),
    ("overlaps before", overlaps_before, (_RANGES,)),
    ("overlaps after", _inverse(overlaps_before), (_RANGES,)),
    ("finishes", finishes, (_POINT_RANGE, _RANGES)),
    ("finished by", _inverse(finishes), (_RANGE_POINT, _RANGES)),
    ("includes", includes, (_RANGE_POINT, _RANGES)),
    ("during", _inverse(includes), (_POINT_RANGE, _RANGES)),
    ("starts", starts, (_POINT_RANGE, _RANGES)),
    ("started by", _inverse(starts), (_RANGE_POINT, _RANGES)),
    ("coincides", coincides, (_POINTS, _RANGES)),
):
    for _signature in _signatures:
        builtin(_name, _signature, ft.BOOLEAN)(_relation)


@builtin("range", "from: string", ft.RangeType(ft.ANY))
def range_of_text(text: str) -> Range:
    """The range that a text such as ``[1..3)`` stands for; its bounds must be literals."""
    try:
        tree = parse(text)
    except FeelSyntaxError:
        raise _no_range(text) from None
    if not isinstance(tree, t.Range) or tree.low is None or tree.high is None or tree.equality:
        raise _no_range(text)
    made = make_range(tree.start_included, _bound(tree.low), _bound(tree.high), tree.end_included)
    if made is None:
        raise _no_range(text)
    return made


def _bound(node: t.Expression) -> Any:
    value = constant(node)
    return +value if isinstance(value, Decimal) else value


def _no_range(text: str) -> NoValue:
    return NoValue(f"“{text}”不是区间", f'"{text}" is not a range')

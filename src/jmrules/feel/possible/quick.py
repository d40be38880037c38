"""The usual expressions over numbers of which only the ends are known, without asking at each part what else it might be.

A value is FEEL's own; a number that is not known is the pair of its ends; ``UNKNOWN`` is any other value that is not known.
Where a part reads such a value, has no value, or takes either branch, the reading ends in :class:`Unsure`: the careful one
(:class:`~jmrules.feel.possible.reader.Reader`) then says what there is to say. What it would say otherwise, this one says.
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.numbers import NUMBERS, divide, total
from jmrules.feel.possible.values import Known, Possible, Value
from jmrules.feel.values import compare, equal
from jmrules.memo import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jmrules.feel.compiled import Compiled

    Names = dict[str, Any]
    Part = Callable[[Names], Any]

#: items that one reading goes through; the careful reading counts what is more
MAX_STEPS = 10_000

#: under this name stands what outer names are asked of, and under that what is left to go through
_OUTSIDE, _LEFT = "\0outside", "\0left"
_MISSING = object()


class Unsure(Exception):
    """The careful reading must say what this comes to."""


class _Unknown:
    """A value that is not known and is not a number between two ends."""

    def __repr__(self) -> str:
        return "UNKNOWN" if self is UNKNOWN else "NO_NAME"


#: a value that is not known, and what stands for a name that there is not
UNKNOWN, NO_NAME = _Unknown(), _Unknown()


def quick_value(compiled: Compiled, outside: Callable[[str], Any], names: Mapping[str, Any] = {}) -> Any:
    """What an expression comes to, in an exact context; ``outside`` tells what a name is that is not among ``names``.

    Raises:
        Unsure: where that is not seen so simply.
    """
    part = _part_of(compiled)
    if part is None:
        raise Unsure
    try:
        return part({**names, _OUTSIDE: outside, _LEFT: [MAX_STEPS]})
    except (JmrulesError, DecimalException, KeyError, TypeError, IndexError, AttributeError):
        raise Unsure from None


def quick_of(value: Value) -> Any:
    """What a value is called here."""
    if type(value) is Known:
        return value.value
    assert isinstance(value, Possible)
    if value.error is None and not (
        value.truths or value.null or value.texts or value.texts is None or value.date or value.other
    ):
        if value.span is not None and not value.span.whole and value.items is None and value.members is None:
            return value.span.low, value.span.high
        if value.span is None and value.members is not None and value.items is None:
            return {name: quick_of(member) for name, member in value.members.items()}
        if value.span is None and value.items is not None and value.members is None and value.items.fixed:
            return [quick_of(item) for item, _ in value.items.entries]
    return UNKNOWN


@kept
def _part_of(compiled: Compiled) -> Part | None:
    """The expression as a function of its names; None where it has a part that is not read here."""
    try:
        return _part(compiled.tree)
    except Unsure:
        return None


def _part(node: t.Node) -> Part:
    maker = _PARTS.get(type(node))
    if maker is None:
        raise Unsure
    return maker(node)


def _constant(node: Any) -> Part:
    value = node.value
    return lambda names: value


def _null(node: t.Null) -> Part:
    return lambda names: None


def _name(node: t.Name) -> Part:
    name = node.name

    def part(names: Names) -> Any:
        found = names.get(name, _MISSING)
        if found is _MISSING:
            found = names[_OUTSIDE](name)
        if found is UNKNOWN or found is NO_NAME:
            raise Unsure
        return found

    return part


def _path(node: t.Path) -> Part:
    of, member = _part(node.of), node.member

    def part(names: Names) -> Any:
        value = of(names)
        found = value[member] if isinstance(value, dict) else _each(value, member)
        if found is UNKNOWN:
            raise Unsure
        return found

    return part


def _each(value: Any, member: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unsure
    found = [item[member] for item in value if isinstance(item, dict)]
    if len(found) < len(value) or any(each is UNKNOWN for each in found):
        raise Unsure
    return found


def _negation(node: t.Negation) -> Part:
    operand = _part(node.operand)

    def part(names: Names) -> Any:
        low, high = _ends(operand(names))
        return _between(-high, -low)

    return part


def _ends(value: Any) -> tuple[Any, Any]:
    """The ends of a number."""
    if type(value) is tuple:
        return value
    if type(value) not in NUMBERS:
        raise Unsure
    return value, value


def _between(low: Any, high: Any) -> Any:
    return low if low == high else (low, high)


def _sum(one: Any, other: Any) -> Any:
    if type(one) is Decimal and type(other) is Decimal:
        return one + other
    (a, b), (c, d) = _ends(one), _ends(other)
    return _between(a + c, b + d)


def _difference(one: Any, other: Any) -> Any:
    if type(one) is Decimal and type(other) is Decimal:
        return one - other
    (a, b), (c, d) = _ends(one), _ends(other)
    return _between(a - d, b - c)


def _product(one: Any, other: Any) -> Any:
    if type(one) is Decimal and type(other) is Decimal:
        return one * other
    corners = [a * b for a in _ends(one) for b in _ends(other)]
    return _between(min(corners), max(corners))


def _quotient(one: Any, other: Any) -> Any:
    low, high = _ends(other)
    if low <= 0 <= high:
        raise Unsure
    corners = [divide(top, bottom) for top in _ends(one) for bottom in (low, high)]
    return _between(min(corners), max(corners))


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}


def _before(one: Any, other: Any, *, or_equal: bool) -> bool:
    """Whether the one is certainly less (or equal), or certainly not."""
    if type(one) is tuple or type(other) is tuple:
        (a, b), (c, d) = _ends(one), _ends(other)
        if b < c or (or_equal and b == c):
            return True
        if a > d or (not or_equal and a == d):
            return False
        raise Unsure
    order = compare(one, other)
    if order is None:
        raise Unsure
    return order < 0 or (or_equal and order == 0)


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if type(one) is str and type(other) is str:
        return one == other
    if type(one) is tuple or type(other) is tuple:
        (a, b), (c, d) = _ends(one), _ends(other)
        if b < c or d < a:
            return False
        raise Unsure
    if isinstance(one, list | dict):
        # What they hold may not be known.
        raise Unsure
    found = equal(one, other)
    if found is None:
        raise Unsure
    return found


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _same,
    "!=": lambda one, other: not _same(one, other),
    "<": lambda one, other: _before(one, other, or_equal=False),
    "<=": lambda one, other: _before(one, other, or_equal=True),
    ">": lambda one, other: _before(other, one, or_equal=False),
    ">=": lambda one, other: _before(other, one, or_equal=True),
}


def _truth(value: Any) -> bool:
    if value is not True and value is not False:
        raise Unsure
    return value


def _binary(node: t.Binary) -> Part:
    left, right = _part(node.left), _part(node.right)
    if node.operator in ("and", "or"):
        decisive = node.operator == "or"
        return lambda names: decisive if _truth(left(names)) is decisive else _truth(right(names))
    operation = _ARITHMETIC.get(node.operator) or _COMPARISONS.get(node.operator)
    if operation is None:
        raise Unsure
    return lambda names: operation(left(names), right(names))


def _if(node: t.If) -> Part:
    condition, then, otherwise = _part(node.condition), _part(node.then), _part(node.otherwise)
    return lambda names: then(names) if _truth(condition(names)) else otherwise(names)


def _in(node: t.In) -> Part:
    value, tests = _part(node.value), [_test(test) for test in node.tests]

    def part(names: Names) -> bool:
        found = value(names)
        # All are read: one that has no value is for the careful reading.
        holding = [test(found, names) for test in tests]
        return True in holding

    return part


def _test(test: t.Test | t.Expression) -> Callable[[Any, Names], bool]:
    if isinstance(test, t.Test):
        operation, operand = _COMPARISONS[test.operator], _part(test.operand)
        return lambda value, names: operation(value, operand(names))
    if not isinstance(test, t.Number | t.String | t.Boolean):
        raise Unsure
    wanted = test.value
    return lambda value, names: _same(value, wanted)


def _loop(iterations: tuple[t.Iteration, ...]) -> Callable[[Names], Iterable[Names]]:
    """The frames of an iteration, one after another."""
    domains = [(each.name, _part(each.domain)) for each in iterations]
    if len(domains) > 2:
        raise Unsure
    (first, outer), inner = domains[0], domains[1:]

    def frames(names: Names) -> Iterable[Names]:
        for item in _items(outer(names), names):
            frame = {**names, first: item}
            if not inner:
                yield frame
            else:
                for other in _items(inner[0][1](frame), names):
                    yield {**frame, inner[0][0]: other}

    return frames


def _items(value: Any, names: Names) -> list[Any]:
    if not isinstance(value, list):
        raise Unsure
    left = names[_LEFT]
    left[0] -= len(value)
    if left[0] < 0:
        raise Unsure
    return value


def _for(node: t.For) -> Part:
    if any(isinstance(part, t.Name) and part.name == "partial" for part in t.walk(node.result)):
        raise Unsure
    frames, result = _loop(node.iterations), _part(node.result)
    return lambda names: [result(frame) for frame in frames(names)]


def _quantified(node: t.Quantified) -> Part:
    frames, condition, decisive = _loop(node.iterations), _part(node.condition), node.quantifier == "some"

    def part(names: Names) -> bool:
        for frame in frames(names):
            if _truth(condition(frame)) is decisive:
                return decisive
        return not decisive

    return part


def _filter(node: t.Filter) -> Part:
    if (
        not isinstance(node.condition, t.Binary | t.Quantified | t.In)
        or getattr(node.condition, "operator", "") in _ARITHMETIC
    ):
        # It may be a position.
        raise Unsure
    of, condition = _part(node.of), _part(node.condition)

    def part(names: Names) -> list[Any]:
        kept = []
        for item in _items(of(names), names):
            if not isinstance(item, dict):
                raise Unsure
            if _truth(condition({**names, "item": item, **item})):
                kept.append(item)
        return kept

    return part


def _call(node: t.Call) -> Part:
    target = node.function
    if not isinstance(target, t.Name) or any(argument.name is not None for argument in node.arguments):
        raise Unsure
    name, arguments = target.name, [_part(argument.value) for argument in node.arguments]
    function = _FUNCTIONS.get(name)
    if function is None or not arguments:
        raise Unsure

    def part(names: Names) -> Any:
        if name in names or names[_OUTSIDE](name) is not NO_NAME:
            # Something else bears the name of the function.
            raise Unsure
        found = [argument(names) for argument in arguments]
        return function(found)

    return part


def _numbers(arguments: list[Any]) -> list[tuple[Any, Any]]:
    """The ends of the numbers that a function takes: a list, or one by one."""
    items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
    if not items:
        raise Unsure
    return [_ends(item) for item in items]


def _total(arguments: list[Any]) -> Any:
    ends = _numbers(arguments)
    return _between(total([low for low, _ in ends]), total([high for _, high in ends]))


def _extreme(pick: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    def function(arguments: list[Any]) -> Any:
        ends = _numbers(arguments)
        return _between(pick([low for low, _ in ends]), pick([high for _, high in ends]))

    return function


def _count(arguments: list[Any]) -> Decimal:
    (items,) = arguments
    if not isinstance(items, list):
        raise Unsure
    return Decimal(len(items))


_FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "sum": _total,
    "count": _count,
    "max": _extreme(max),
    "min": _extreme(min),
}
assert _FUNCTIONS.keys() <= BUILT_INS.keys()

_PARTS: dict[type[t.Node], Callable[[Any], Part]] = {
    t.Number: _constant,
    t.String: _constant,
    t.Boolean: _constant,
    t.Null: _null,
    t.Name: _name,
    t.Path: _path,
    t.Negation: _negation,
    t.Binary: _binary,
    t.If: _if,
    t.In: _in,
    t.For: _for,
    t.Quantified: _quantified,
    t.Filter: _filter,
    t.Call: _call,
}

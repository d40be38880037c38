"""FEEL values in Python: numbers, str, bool, None, list, dict, temporal values, Range and Function.

Numbers are ``Decimal``, or ``Quotient`` where arithmetic is exact; contexts are ``dict`` with ``str`` keys; lists are ``list``. ``feel_value`` brings other Python
values into this domain.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel import limits, temporal
from jmrules.feel.letters import is_name
from jmrules.feel.numbers import CONTEXT, is_number, text_of_number
from jmrules.feel.problems import FeelError, problem
from jmrules.feel.quotients import Quotient, is_exact, quotient_of
from jmrules.quantities import decimal_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.tree import Equality
    from jmrules.feel.types import Type

TEMPORAL = (
    temporal.Date,
    temporal.Time,
    temporal.DateTime,
    temporal.DaysTimeDuration,
    temporal.YearsMonthsDuration,
)


@frozen
class Range:
    """An interval; a bound that is None is no bound, and then is not included.

    ``(= 10)`` and ``(!= 10)`` are ranges of their own kind: both bounds are the value, and ``equality`` says which of the two.
    """

    start_included: bool
    start: Any
    end: Any
    end_included: bool
    equality: Equality | None = None


@frozen(eq=False)
class Function:
    """A function value: the author's own, a built-in, or one the host lends.

    ``parameters`` are the names for named arguments, None where the built-in resolves them itself.
    ``call(positional, named)`` gives the value.
    """

    name: str
    parameters: tuple[str, ...] | None
    call: Callable[[list[Any], dict[str, Any]], Any]
    types: tuple[Type, ...] = ()
    #: the type of what it gives, or how to find it; None where it may be anything
    result: Type | Callable[[], Type] | None = None


def feel_value(value: object, _depth: int = 0) -> Any:
    """``value`` as a FEEL value; raises FeelError for one that FEEL has no type for, LimitError
    for one that nests too deep.

    An int becomes a Decimal, a float the decimal of its shortest repr, a Fraction the number that it is in the arithmetic
    in force, datetime's types their FEEL counterparts; a NaN, an infinity or another class is an error.
    """
    if value is None or isinstance(value, (Decimal, str, bool, Range, Function, *TEMPORAL)):
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise _no_value(value)
            return value if type(value) is Decimal else Decimal(value)
        return value
    if isinstance(value, Fraction):
        if is_exact():
            return quotient_of(value)
        return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    if (number := decimal_of(value)) is not None:
        if not number.is_finite():
            raise _no_value(value)
        return number
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return temporal.from_python(value)
    if _depth > limits.MAX_DEPTH:
        raise limits.limit_reached(
            f"数据嵌套超过 {limits.MAX_DEPTH} 层", f"the data is nested more than {limits.MAX_DEPTH} deep"
        )
    if isinstance(value, Mapping):
        return {_key(key): feel_value(item, _depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [feel_value(item, _depth + 1) for item in value]
    raise _no_value(value)


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise _no_value(key)


def _no_value(value: object) -> FeelError:
    shown = f"{type(value).__name__} {value!r}"[:80]
    return FeelError(
        problem(
            "feel-value",
            f"{shown} 不能作为 FEEL 的值",
            f"{shown} is not a value that FEEL has",
            ("给出数、字符串、布尔值、日期、列表或字典", "give a number, string, boolean, date, list or dict"),
        )
    )


def kind_of(value: object) -> str:
    """The FEEL name of the type of a value, for messages and for telling kinds apart."""
    if is_number(value):
        return "number"
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case list():
            return "list"
        case dict():
            return "context"
        case Range():
            return "range"
        case Function():
            return "function"
        case temporal.Date():
            return "date"
        case temporal.Time():
            return "time"
        case temporal.DateTime():
            return "date and time"
        case temporal.DaysTimeDuration():
            return "days and time duration"
    return "years and months duration"


def equal(left: Any, right: Any) -> bool | None:
    """FEEL's ``=``: None for values of different kinds (DMN 1.5, table 53); null equals null alone."""
    if left is None or right is None:
        return left is right
    if is_number(left) and is_number(right):
        return left == right
    kind = kind_of(left)
    if isinstance(left, TEMPORAL) and isinstance(right, TEMPORAL):
        return temporal.equal(left, right)
    if kind != kind_of(right):
        return None
    if kind == "list":
        if len(left) != len(right):
            return False
        limits.spend(len(left))
        return _all(equal(a, b) for a, b in zip(left, right, strict=True))
    if kind == "context":
        if left.keys() != right.keys():
            return False
        limits.spend(len(left))
        return _all(equal(item, right[key]) for key, item in left.items())
    if kind == "range":
        if _manner(left) != _manner(right):
            return False
        return _all((equal(left.start, right.start), equal(left.end, right.end)))
    if kind == "function":
        return left is right
    return bool(left == right)


def _manner(interval: Range) -> tuple[bool, bool, str | None]:
    """How a range holds its bounds."""
    return interval.start_included, interval.end_included, interval.equality


def _all(results: Any) -> bool | None:
    answer: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is None:
            answer = None
    return answer


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as ``left`` is before, with or after ``right``; None where they have no order."""
    if is_number(left) and is_number(right):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, TEMPORAL) and isinstance(right, TEMPORAL):
        return temporal.compare(left, right)
    return None


def contains(interval: Range, value: Any) -> bool | None:
    """Whether ``value`` lies in ``interval``; None where it cannot be compared with its bounds."""
    if interval.equality == "!=":
        same = equal(value, interval.start)
        return None if same is None else not same
    if interval.start is not None:
        order = compare(value, interval.start)
        if order is None:
            return None
        if order < 0 or (order == 0 and not interval.start_included):
            return False
    if interval.end is not None:
        order = compare(value, interval.end)
        if order is None:
            return None
        if order > 0 or (order == 0 and not interval.end_included):
            return False
    return True


def make_range(start_included: bool, start: Any, end: Any, end_included: bool) -> Range | None:
    """The range between two values; None where one is null, they have no order, or the start is after the end."""
    order = compare(start, end)
    return None if order is None or order > 0 else Range(start_included, start, end, end_included)


def identity(value: Any) -> Any:
    """A hashable key that two values share exactly if they are equal and of one kind."""
    kind = kind_of(value)
    if kind in ("list", "context"):
        limits.spend(len(value))
    if kind == "list":
        return kind, tuple(identity(item) for item in value)
    if kind == "context":
        return kind, frozenset((key, identity(item)) for key, item in value.items())
    if kind == "range":
        return kind, _manner(value), identity(value.start), identity(value.end)
    if kind in ("time", "date and time", "date"):
        return kind, value if kind == "date" else temporal.order_key(value), getattr(value, "is_local", None)
    return kind, value


def joined(left: str, right: str) -> str:
    """Two strings as one."""
    limits.check_string(len(left) + len(right))
    return left + right


def string_of(value: Any) -> str:
    """The canonical text of a value: FEEL's ``string()`` (a string stands for itself; null is "null")."""
    return value if isinstance(value, str) else literal_of(value)


def literal_of(value: Any) -> str:
    """The text of a value as it stands inside a list or a context, where strings are quoted."""
    pieces: list[str] = []
    _write(value, pieces, 0)
    text = "".join(pieces)
    limits.check_string(len(text))
    return text


def _write(value: Any, pieces: list[str], depth: int) -> None:
    if depth > limits.MAX_DEPTH:
        raise limits.limit_reached(
            f"值嵌套超过 {limits.MAX_DEPTH} 层", f"a value nested more than {limits.MAX_DEPTH} deep"
        )
    if isinstance(value, (list, dict)):
        limits.spend(len(value))
    match value:
        case None:
            pieces.append("null")
        case bool():
            pieces.append("true" if value else "false")
        case Decimal():
            pieces.append(text_of_number(value))
        case str():
            pieces.append(quoted(value))
        case list():
            pieces.append("[")
            for index, item in enumerate(value):
                pieces.append(", " if index else "")
                _write(item, pieces, depth + 1)
            pieces.append("]")
        case dict():
            pieces.append("{")
            for index, (key, item) in enumerate(value.items()):
                pieces.append(f"{', ' if index else ''}{key if is_name(key) else quoted(key)}: ")
                _write(item, pieces, depth + 1)
            pieces.append("}")
        case Range():
            pieces.append(_range_text(value))
        case Function():
            pieces.append(f"function({', '.join(value.parameters or ())})")
        case Quotient():
            pieces.append(text_of_number(value))
        case _:
            pieces.append(temporal.string_of(value))


def quoted(text: str) -> str:
    """``text`` as a FEEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _range_text(value: Range) -> str:
    if value.equality is not None:
        return f"({value.equality} {_bound(value.start)})"
    if value.start is None and value.end is not None:
        return f"({'<=' if value.end_included else '<'} {_bound(value.end)})"
    if value.end is None and value.start is not None:
        return f"({'>=' if value.start_included else '>'} {_bound(value.start)})"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    return f"{opening}{_bound(value.start)}..{_bound(value.end)}{closing}"


def _bound(value: Any) -> str:
    return f'@"{temporal.string_of(value)}"' if isinstance(value, TEMPORAL) else literal_of(value)

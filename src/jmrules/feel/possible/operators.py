"""FEEL's operators on what values may be: arithmetic on spans, comparison, three-valued logic.

Numbers are exact, as inside a ruleset: the ends of a result are what the ends of the operands come to.
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.errors import LimitError
from jmrules.feel import temporal
from jmrules.feel.numbers import Number, divide, is_number, is_whole, power
from jmrules.feel.possible.values import (
    BOTH,
    WHOLE_LINE,
    Known,
    Possible,
    Span,
    Value,
    anything,
    collapsed,
    failing,
    is_end,
    number_of,
    opposite,
    spread,
    truth_of,
)
from jmrules.feel.problems import FeelError, problem
from jmrules.feel.values import compare, equal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jmrules.errors import JmrulesError

ZERO = Decimal(0)

#: a span, whether there may be no value, whether there is a value at all
_Result = tuple[Span | None, bool]


def no_value(zh: str, en: str) -> JmrulesError:
    """Why an expression may have no value."""
    return FeelError(problem("feel-unknown", zh, en))


NO_RESULT = no_value("运算可能没有结果", "the operation may have no result")
NOT_COMPARABLE = no_value(
    "可能无法比较（为空或类型不同）", "the values may not be comparable: null, or of different kinds"
)
NOT_A_CONDITION = no_value("条件可能为空", "the condition may be null")
NOT_A_NUMBER = no_value("值可能为空或不是数", "the value may be null or no number")
BY_ZERO = no_value("除数可能是 0", "the divisor may be 0")


def _sum(a: Any, b: Any) -> Number:
    if is_end(a) and is_end(b):
        return a if a == b else ZERO
    return a if is_end(a) else b if is_end(b) else a + b  # type: ignore[no-any-return]


def _add(one: Span, other: Span) -> _Result:
    ends: list[Number] = []
    failed = False
    for a, b, far in ((one.low, other.low, WHOLE_LINE.low), (one.high, other.high, WHOLE_LINE.high)):
        try:
            ends.append(_sum(a, b))
        except (DecimalException, LimitError):
            # Beyond all numbers; short of it, up to the last number on that side.
            failed = True
            ends.append(far)
    return Span(ends[0], ends[1]), failed


def _subtract(one: Span, other: Span) -> _Result:
    return _add(one, other.opposite)


def _multiply(one: Span, other: Span) -> _Result:
    found: list[Number] = []
    failed = False
    for a in (one.low, one.high):
        for b in (other.low, other.high):
            try:
                found.append(a * b or ZERO)
            except (DecimalException, LimitError):
                # At an end of the line, or beyond all numbers, or nearer to 0 than any: which side of it, the signs say.
                failed = True
                end = WHOLE_LINE.high if (a < 0) == (b < 0) else WHOLE_LINE.low
                found += (end,) if is_end(a) or is_end(b) else (ZERO, end)
    return Span(min(found), max(found)), failed


def _quotient(top: Number, bottom: Number | None) -> Number:
    """``top / bottom``; where it is None, by what is above 0 and as small as one likes."""
    try:
        if bottom is not None:
            return ZERO if is_end(bottom) and not is_end(top) else divide(top, bottom)
    except (DecimalException, LimitError):
        pass
    if not top:
        return ZERO
    return WHOLE_LINE.low if top < 0 else WHOLE_LINE.high


def _divide(one: Span, other: Span) -> _Result:
    by_zero = other.low <= 0 <= other.high
    nearest: Number | None = Decimal(1) if other.whole else None
    found: list[Number] = []
    if other.high > 0:
        least = other.low if other.low > 0 else nearest
        found += [_quotient(top, bottom) for top in (one.low, one.high) for bottom in (least, other.high)]
    if other.low < 0:
        mirrored = other.opposite
        least = mirrored.low if mirrored.low > 0 else nearest
        ends = [_quotient(top, bottom) for top in (one.low, one.high) for bottom in (least, mirrored.high)]
        found += map(opposite, ends)
    if not found:
        return None, True
    return Span(min(found), max(found)), by_zero or any(map(is_end, found))


_NUMERIC: dict[str, Callable[[Span, Span], _Result]] = {"+": _add, "-": _subtract, "*": _multiply, "/": _divide}


def kinds(value: Possible) -> tuple[str, ...]:
    """The kinds of value that are possible."""
    found = (
        ("number", value.span is not None),
        ("boolean", bool(value.truths)),
        ("null", value.null),
        ("string", value.texts is None or bool(value.texts)),
        ("list", value.items is not None),
        ("context", value.members is not None),
        ("date", value.date),
        ("other", value.other),
    )
    return tuple(kind for kind, there in found if there)


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """``left operator right`` for ``+ - * /``."""
    a, b = spread(left), spread(right)
    error = a.error or b.error
    if a.empty or b.empty:
        return failing(error or NO_RESULT)
    one, other = kinds(a), kinds(b)
    if one == ("number",) and other == ("number",) and operator in _NUMERIC:
        return _numbers(operator, a, b, error)
    result = Possible(error=error or NO_RESULT)
    if (found := _dates(operator, left, right, one, other)) is not None:
        return evolve(found, error=error)
    if "date" in one + other or "other" in one + other:
        return anything(error or NO_RESULT)
    if a.span is not None and b.span is not None:
        span, _ = _NUMERIC[operator](a.span, b.span)
        whole = operator != "/" and a.span.whole and b.span.whole
        result = Possible(span and Span(span.low, span.high, whole), error=error or NO_RESULT)
    if operator == "+" and "string" in one and "string" in other:
        only = one == ("string",) and other == ("string",)
        return Possible(result.span, texts=_joined(a.texts, b.texts), error=error if only else error or NO_RESULT)
    return result


def raised(left: Value, right: Value) -> Value | None:
    """``left ** right`` for a number and a known whole exponent from 1 up; None where it cannot be followed."""
    p = spread(left)
    exponent = right.value if isinstance(right, Known) else None
    if kinds(p) != ("number",) or p.span is None or not is_number(exponent):
        return None
    if not 1 <= exponent <= 100 or not is_whole(exponent):
        return None
    try:
        ends = [power(end, exponent) for end in (p.span.low, p.span.high)]
    except (DecimalException, LimitError):
        return None
    low, high = min(ends), max(ends)
    if int(exponent) % 2 == 0 and p.span.low < 0 < p.span.high:
        low = ZERO
    return number_of(Span(low, high), p.error)


def _dates(operator: str, left: Value, right: Value, one: tuple[str, ...], other: tuple[str, ...]) -> Possible | None:
    """A date and a duration make a date, and two dates a duration."""
    if one == ("date",) and operator in ("+", "-") and isinstance(right, Known) and _is_duration(right.value):
        return Possible(date=True)
    if other == ("date",) and operator == "+" and isinstance(left, Known) and _is_duration(left.value):
        return Possible(date=True)
    return Possible(other=True) if one == other == ("date",) and operator == "-" else None


def _is_duration(value: Any) -> bool:
    return isinstance(value, (temporal.DaysTimeDuration, temporal.YearsMonthsDuration))


def _numbers(operator: str, a: Possible, b: Possible, error: JmrulesError | None) -> Value:
    assert a.span is not None and b.span is not None
    span, failed = _NUMERIC[operator](a.span, b.span)
    if failed and error is None:
        error = BY_ZERO if operator == "/" else NO_RESULT
    if span is None:
        return failing(error or NO_RESULT)
    whole = operator != "/" and a.span.whole and b.span.whole
    return number_of(Span(span.low, span.high, whole), error)


def _joined(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None or len(one) * len(other) > 64:
        return None
    return frozenset(a + b for a in one for b in other)


def negated(value: Value) -> Value:
    """``-value``."""
    p = spread(value)
    if p.empty:
        return failing(p.error or NO_RESULT)
    found = kinds(p)
    if "date" in found or "other" in found:
        return anything(p.error or NO_RESULT)
    error = p.error if found == ("number",) else p.error or NO_RESULT
    if p.span is None:
        return failing(error or NO_RESULT)
    return number_of(p.span.opposite, error)


def compared(operator: str, left: Value, right: Value) -> Value:
    """``left operator right`` for comparisons: true, false, or no value."""
    a, b = spread(left), spread(right)
    error = a.error or b.error
    if isinstance(left, Known) and isinstance(right, Known):
        return _known(operator, left.value, right.value)
    truths: set[bool] = set()
    for one in kinds(a):
        for other in kinds(b):
            found = _pair(operator, one, other, a, b)
            if found is None:
                error = error or NOT_COMPARABLE
                if "other" in (one, other):
                    truths |= BOTH
            else:
                truths.update(found)
    return truth_of(truths, error=error or (None if truths else NOT_COMPARABLE))


def _known(operator: str, left: Any, right: Any) -> Value:
    if operator in ("=", "!="):
        same = equal(left, right)
        return failing(NOT_COMPARABLE) if same is None else truth_of((same is (operator == "="),))
    order = compare(left, right)
    return failing(NOT_COMPARABLE) if order is None else truth_of((_ORDER[operator](order),))


_ORDER: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _pair(operator: str, one: str, other: str, a: Possible, b: Possible) -> Iterable[bool] | None:
    """What a comparison of these two kinds may come to; None where it may have no value."""
    equality = operator in ("=", "!=")
    if "null" in (one, other):
        return ((one == other) is (operator == "="),) if equality else None
    if one != other or one in ("other", "context", "list"):
        # Lists and contexts are equal or not by what is in them, which may be of different kinds.
        return None if one != other or one == "other" or not equality else BOTH
    if one == "number":
        assert a.span is not None and b.span is not None
        return _spans(operator, a.span, b.span)
    if one == "date":
        return BOTH
    if one == "string":
        return _sets(operator, a.texts, b.texts)
    return _sets(operator, a.truths, b.truths) if equality else None


def _spans(operator: str, a: Span, b: Span) -> set[bool]:
    if operator in ("=", "!="):
        apart = a.high < b.low or b.high < a.low
        same = {False} if apart else {True} if a.single and b.single else {True, False}
        return same if operator == "=" else {not each for each in same}
    if operator in (">", ">="):
        a, b, operator = b, a, {">": "<", ">=": "<="}[operator]
    if operator == "<":
        return {True} if a.high < b.low else {False} if a.low >= b.high else {True, False}
    return {True} if a.high <= b.low else {False} if a.low > b.high else {True, False}


def _sets(operator: str, a: frozenset[Any] | None, b: frozenset[Any] | None) -> Iterable[bool]:
    if a is None or b is None or len(a) * len(b) > 256:
        return BOTH
    if operator in ("=", "!="):
        return {(x == y) is (operator == "=") for x in a for y in b}
    return {_ORDER[operator]((x > y) - (x < y)) for x in a for y in b}


def both(left: Value, right: Value, decisive: bool) -> Value:
    """``and`` (``decisive`` false) and ``or`` (true); what is no boolean counts as no value."""
    a, b = spread(left), spread(right)
    error = a.error or b.error
    odd = set(kinds(a) + kinds(b)) - {"boolean", "null"}
    truths = set()
    if decisive in a.truths or decisive in b.truths:
        truths.add(decisive)
    if (not decisive) in a.truths and (not decisive) in b.truths:
        truths.add(not decisive)
    null = (a.null and (b.null or (not decisive) in b.truths)) or (b.null and (not decisive) in a.truths)
    if odd:
        error = error or NOT_A_CONDITION
    return truth_of(truths, null=null, error=error or (None if truths or null else NOT_A_CONDITION))


def inverted(value: Value) -> Value:
    """``not(value)``: null of null."""
    p = spread(value)
    error = p.error if set(kinds(p)) <= {"boolean", "null"} else p.error or NOT_A_CONDITION
    if not p.truths and not p.null:
        return failing(error or NOT_A_CONDITION)
    return collapsed(Possible(truths=frozenset(not truth for truth in p.truths), null=p.null, error=error))


def condition(value: Value) -> tuple[frozenset[bool], JmrulesError | None]:
    """The truths that a condition may have, and why it may have none: where FEEL runs strict, null is no truth."""
    p = spread(value)
    odd = any(kind != "boolean" for kind in kinds(p))
    return p.truths, p.error or (NOT_A_CONDITION if odd or p.empty else None)


def numeric(value: Value) -> tuple[Span | None, JmrulesError | None]:
    """The numbers that a value may be, and why it may be none."""
    p = spread(value)
    odd = any(kind != "number" for kind in kinds(p))
    return p.span, p.error or (NOT_A_NUMBER if odd or p.empty else None)

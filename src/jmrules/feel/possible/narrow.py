"""What a condition that holds, or fails, says of the names it reads.

In ``if x = null then 0 else x / 2`` the second branch reads an ``x`` that is not null.
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from attrs import evolve

from jmrules.feel import tree as t
from jmrules.feel.limits import uncounted
from jmrules.feel.possible import operators
from jmrules.feel.possible.scope import Scope, item_scope
from jmrules.feel.possible.values import (
    NULL,
    Items,
    Known,
    Possible,
    Span,
    Value,
    collapsed,
    spread,
    without_error,
)

if TYPE_CHECKING:
    from jmrules.feel.numbers import Number
    from jmrules.feel.possible.reader import Reader

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def narrow(reader: Reader, condition: t.Expression, truth: bool, scope: Scope) -> Scope | None:
    """The scope in which ``condition`` has come to ``truth``; None where it cannot."""
    with uncounted():
        return _narrow(reader, condition, truth, scope)


def _narrow(reader: Reader, condition: t.Expression, truth: bool, scope: Scope) -> Scope | None:
    match condition:
        case t.Binary(operator="and" | "or" as word):
            if truth is (word == "and"):
                inner = _narrow(reader, condition.left, truth, scope)
                return None if inner is None else _narrow(reader, condition.right, truth, inner)
            return scope
        case t.Binary(operator="=" | "!=" | "<" | "<=" | ">" | ">=" as sign):
            return _compared(reader, condition.left, sign if truth else _OPPOSITE[sign], condition.right, scope)
        case t.Between() if truth:
            inner = _compared(reader, condition.value, ">=", condition.low, scope)
            return None if inner is None else _compared(reader, condition.value, "<=", condition.high, inner)
        case t.Call(function=t.Name(name="not"), arguments=(t.Argument(value=negand),)):
            return _narrow(reader, negand, not truth, scope)
        case t.Name() | t.Path():
            inner = _assign(reader, condition, Known(truth), scope)
            if inner is not None and isinstance(condition, t.Name) and (tree := scope.definition(condition.name)):
                return _narrow(reader, tree, truth, inner)
            return inner
    return scope


def _compared(reader: Reader, left: t.Expression, sign: str, right: t.Expression, scope: Scope) -> Scope | None:
    """Both sides know more of each other."""
    inner: Scope | None = scope
    for target, operator, other in ((left, sign, right), (right, _TURNED[sign], left)):
        if inner is None:
            return None
        if isinstance(target, (t.Name, t.Path)) or _counted(target, inner) is not None:
            inner = _restrict(reader, target, operator, reader.value(other, inner), inner)
    return inner


def _counted(node: t.Expression, scope: Scope) -> t.Expression | None:
    """The list that ``count`` is called for."""
    match node:
        case t.Call(function=t.Name(name="count"), arguments=(t.Argument(value=t.Name() | t.Path() as of),)):
            return of if scope.find("count") is None else None
    return None


def _restrict(reader: Reader, target: t.Expression, sign: str, other: Value, scope: Scope) -> Scope | None:
    of = _counted(target, scope)
    now = reader.value(target, scope)
    after = restricted(now, sign, other)
    if after is None:
        return None
    if of is not None:
        return _with_length(reader, of, after, scope)
    inner = scope if after is now else _assign(reader, target, after, scope)
    tree = scope.definition(target.name) if isinstance(target, t.Name) else None
    if inner is None or tree is None or not (isinstance(tree, (t.Name, t.Path)) or _counted(tree, inner) is not None):
        return inner
    return _restrict(reader, tree, sign, other, inner)


def _with_length(reader: Reader, of: t.Expression, length: Value, scope: Scope) -> Scope | None:
    p, span = spread(reader.value(of, scope)), spread(length).span
    if p.items is None or p.items.entries or p.other or span is None:
        return scope
    least, most = max(p.items.least, _whole(span.low, up=True)), min(p.items.most, _whole(span.high, up=False))
    if least > most:
        return None
    return _assign(reader, of, Possible(items=Items((), p.items.rest, least, most)), scope)


def _whole(value: Number, *, up: bool) -> int:
    return ceil(value) if up else floor(value)


def restricted(value: Value, sign: str, other: Value) -> Value | None:
    """The ``value`` that stands in this relation to ``other``; None where it has none such."""
    p, q = spread(without_error(value)), spread(without_error(other))
    if isinstance(other, Known) and other.value is None:
        if sign == "=":
            return NULL if p.null else None
        return _present(evolve(p, null=False))
    if sign not in ("=", "!="):
        # An order holds between values of one kind, and null has none.
        p = evolve(p, null=False, truths=frozenset())
        if operators.kinds(q) == ("number",):
            p = Possible(p.span)
    elif sign == "=" and not (q.other or q.null):
        p = _alike(p, q)
    elif sign == "!=" and isinstance(other, Known):
        return _present(
            evolve(p, truths=p.truths - q.truths, texts=_less(p.texts, q.texts), span=_beside(p.span, q.span))
        )
    if p.span is not None and q.span is not None and sign != "!=":
        p = evolve(p, span=_cut(p.span, sign, q.span))
    return _present(p)


def _present(p: Possible) -> Value | None:
    return None if p.empty else collapsed(p)


def _alike(p: Possible, q: Possible) -> Possible:
    """Of ``p``, what is of a kind that ``q`` has, and equal to some of it as far as sets tell."""
    texts = q.texts if p.texts is None else p.texts if q.texts is None else p.texts & q.texts
    return Possible(
        span=p.span if q.span is not None else None,
        truths=p.truths & q.truths,
        texts=texts,
        items=p.items if q.items is not None else None,
        members=p.members if q.members is not None else None,
        date=p.date and q.date,
        other=p.other,
    )


def _less(texts: frozenset[str] | None, without: frozenset[str] | None) -> frozenset[str] | None:
    return texts if texts is None or without is None else texts - without


def _beside(span: Span | None, point: Span | None) -> Span | None:
    """A span of whole numbers without the number at one of its ends; others cannot leave a number out."""
    if span is None or point is None or not point.single:
        return span
    if span.single:
        return None if span.low == point.low else span
    if span.whole and span.low == point.low:
        return Span(span.low + 1, span.high, True)
    if span.whole and span.high == point.low:
        return Span(span.low, span.high - 1, True)
    return span


def _cut(span: Span, sign: str, other: Span) -> Span | None:
    low, high = span.low, span.high
    if sign in ("<", "<=", "="):
        high = min(high, other.high)
        if span.whole:
            whole = Decimal(_whole(high, up=False))
            high = whole - 1 if sign == "<" and whole == other.high else whole
    if sign in (">", ">=", "="):
        low = max(low, other.low)
        if span.whole:
            whole = Decimal(_whole(low, up=True))
            low = whole + 1 if sign == ">" and whole == other.low else whole
    return Span(low, high, span.whole) if low <= high else None


def _assign(reader: Reader, target: t.Expression, value: Value, scope: Scope) -> Scope | None:
    """The scope in which ``target``, a name or a path, is known to be ``value``."""
    now = reader.value(target, scope)
    if isinstance(value, Known) and isinstance(value.value, bool):
        truths = spread(now).truths
        if value.value not in truths:
            return scope if spread(now).other or spread(now).empty else None
    if isinstance(target, t.Path):
        of = reader.value(target.of, scope)
        members = spread(of).members
        if members is None or operators.kinds(spread(of)) != ("context",) or target.member not in members:
            return scope
        return _assign(reader, target.of, Possible(members={**members, target.member: value}), scope)
    assert isinstance(target, t.Name)
    frame = scope.owner(target.name)
    if frame is None or (frame.outer is None and frame.outside(target.name) is None):
        return scope
    if frame.item is None:
        return Scope({target.name: value}, scope, local=False)
    if target.name == "item":
        return item_scope(value, scope)
    members = spread(frame.item).members or {}
    return item_scope(Possible(members={**members, target.name: value}), scope)

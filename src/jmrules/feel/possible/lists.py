"""Filters, iterations and quantifiers over lists whose items, or whose length, are not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel.intervals import constant
from jmrules.feel.joins import join_of_filter, join_of_quantified
from jmrules.feel.possible import operators
from jmrules.feel.possible.narrow import narrow
from jmrules.feel.possible.reader import NOT_FOLLOWED, Reader, handles
from jmrules.feel.possible.scope import Scope, item_scope
from jmrules.feel.possible.values import (
    MAX_ENTRIES,
    NULL,
    Items,
    Possible,
    Value,
    failing,
    failing_too,
    join,
    spread,
    truth_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jmrules.errors import JmrulesError
    from jmrules.feel.possible.joins import Joiner


@frozen(eq=False)
class _Binding:
    """A frame of an iteration, and how many times at least and at most it occurs."""

    scope: Scope
    least: int
    most: int
    #: whether everything before it came before, so that no further item may stand anywhere among them
    ordered: bool


class _NoDomain(Exception):
    """The domain of an iteration cannot be followed."""


@handles(t.Filter)
def _filter(reader: Reader, node: t.Filter, scope: Scope) -> Value:
    value = reader.value(node.of, scope)
    p = spread(value)
    if set(operators.kinds(p)) - {"list", "null"}:
        return reader.give_up(node, p.error)
    error = p.error
    found: list[Value] = [Possible(items=Items())] if p.null else []
    if p.items is not None:
        position = constant(node.condition)
        if position is not None:
            found = [_at(p.items, position)]
        else:
            if not p.items.shortest and _may_be_position(reader, node.condition, scope):
                found.append(NULL)
            items, failure = _kept(reader, node, value, scope)
            if items is None:
                return reader.give_up(node, p.error)
            error = error or failure
            found.append(Possible(items=items))
    if not found:
        return failing(error or NOT_FOLLOWED)
    return failing_too(join(found), error)


def _at(items: Items, position: Decimal) -> Value:
    if not items.fixed:
        return join((NULL, *items.all()))
    index, entries = int(position), items.entries
    if position % 1 or index == 0 or abs(index) > len(entries):
        return NULL
    return entries[index - 1 if index > 0 else index][0]


def _may_be_position(reader: Reader, condition: t.Expression, scope: Scope) -> bool:
    """Whether the condition may be a number even where there is no item to tell."""
    with limits.uncounted():
        return spread(reader.value(condition, Scope({"item": NULL}, scope))).span is not None


def _kept(reader: Reader, node: t.Filter, value: Value, scope: Scope) -> tuple[Items | None, JmrulesError | None]:
    """The items for which the condition may hold; None where it may be a position, or read members that are not known."""
    condition = node.condition
    items = _gone_through(reader, value, condition, reader.joiner(node, join_of_filter), scope)
    error: JmrulesError | None = None
    entries: list[tuple[Value, bool]] = []
    rest, least = None, 0
    listed = [(item, certain, False) for item, certain in items.entries]
    if items.rest is not None and items.most:
        listed.append((items.rest, False, True))
    for item, certain, further in listed:
        if spread(item).other:
            # A member that is not known of would hide a name from outside.
            return None, None
        inner = item_scope(item, scope)
        holds = reader.value(condition, inner)
        if spread(holds).span is not None:
            return None, None
        truths, failure = operators.condition(holds)
        error = error or failure
        if True not in truths:
            continue
        narrowed = narrow(reader, condition, True, inner)
        kept = item if narrowed is None else narrowed.find("item") or item
        always = truths == {True} and not failure
        if further:
            rest, least = kept, items.least if always else 0
        else:
            entries.append((kept, certain and always))
    return Items(tuple(entries), rest, least, items.most if rest is not None else 0), error


def _gone_through(
    reader: Reader, value: Value, body: t.Expression | t.Span, joiner: Joiner | None, scope: Scope
) -> Items:
    """The items of a list that a loop with this body looks at; going through them counts as work."""
    if joiner is None:
        items = spread(value).items
        assert items is not None
    else:
        items = joiner.items(value, lambda key: reader.value(key.other, scope))
    looked_at = len(items.entries) + (items.rest is not None and items.most > 0)
    limits.spend(max(looked_at, items.shortest) * reader.weight(body))
    return items


@handles(t.For)
def _for(reader: Reader, node: t.For, scope: Scope) -> Value:
    if "partial" in reader.names(node.result):
        return reader.give_up(node)
    errors: list[JmrulesError] = []
    entries: list[tuple[Value, bool]] = []
    rest: list[Value] = []
    least = most = 0
    try:
        for bound in _bindings(reader, node.iterations, node.result, None, scope, errors):
            value = reader.value(node.result, bound.scope)
            failure = spread(value).error if isinstance(value, Possible) else None
            if failure:
                errors.append(failure)
            if bound.most == 1 and len(entries) < MAX_ENTRIES:
                entries.append((value, bound.least == 1))
            elif bound.most:
                rest.append(value)
                least, most = least + bound.least, most + bound.most
    except _NoDomain:
        return reader.give_up(node)
    items = Items(tuple(entries), join(rest) if rest else None, least, most)
    return failing_too(Possible(items=items), errors[0] if errors else None)


def _bindings(
    reader: Reader, iterations: tuple[t.Iteration, ...], body: t.Expression, joiner: Joiner | None, scope: Scope,
    errors: list[JmrulesError],
) -> Iterator[_Binding]:  # fmt: skip
    first, *others = iterations
    if isinstance(first.domain, t.Span):
        raise _NoDomain
    value = reader.value(first.domain, scope)
    p = spread(value)
    if p.error:
        errors.append(p.error)
    if p.null:
        errors.append(NOT_FOLLOWED)
    if p.items is None or set(operators.kinds(p)) - {"list", "null"}:
        if p.null and operators.kinds(p) == ("null",):
            return
        raise _NoDomain
    items = _gone_through(reader, value, others[0].domain if others else body, None if others else joiner, scope)
    ordered = items.rest is None or not items.most
    outer = [_Binding(Scope({first.name: item}, scope), int(certain), 1, ordered) for item, certain in items.entries]
    if not ordered and items.rest is not None:
        outer.append(_Binding(Scope({first.name: items.rest}, scope), items.least, items.most, False))
    for bound in outer:
        if not others:
            yield bound
            continue
        for inner in _bindings(reader, tuple(others), body, joiner, bound.scope, errors):
            least, most = bound.least * inner.least, bound.most * inner.most
            yield _Binding(inner.scope, least, most, bound.ordered and inner.ordered)


@handles(t.Quantified)
def _quantified(reader: Reader, node: t.Quantified, scope: Scope) -> Value:
    decisive = node.quantifier == "some"
    errors: list[JmrulesError] = []
    may_decide = must_decide = False
    try:
        joiner = reader.joiner(node, join_of_quantified)
        for bound in _bindings(reader, node.iterations, node.condition, joiner, scope, errors):
            truths, failure = operators.condition(reader.value(node.condition, bound.scope))
            if failure:
                errors.append(failure)
            may_decide = may_decide or decisive in truths
            if truths == {decisive} and not failure and bound.least > 0:
                must_decide = True
                if bound.ordered:
                    # What comes after it is not read.
                    break
    except _NoDomain:
        return reader.give_up(node)
    truths_found = ({decisive} if may_decide else set()) | (set() if must_decide else {not decisive})
    return truth_of(truths_found, error=errors[0] if errors else None)

"""FEEL trees over many departments: each node's handler turns vectors into a vector.

The semantics are those of the strict interpreter (``feel.interpreter``): an error on the path taken makes the row undefined. Both sides of
a condition are computed, and the masks of the side not taken are dropped.
"""

from __future__ import annotations

import sys
from decimal import localcontext
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen

from jmrules import feel
from jmrules.feel import limits, temporal
from jmrules.feel import tree as t
from jmrules.feel.functions import BUILT_INS
from jmrules.feel.numbers import EXACT, NUMBERS
from jmrules.feel.vectors import approximate
from jmrules.feel.vectors.vectors import (
    Array,
    Context,
    Days,
    Empty,
    Items,
    Mask,
    NotColumnar,
    Nothing,
    Number,
    Truth,
    Vector,
    Words,
    chosen_of,
    either,
    gathered,
    null_of,
    outside,
    taken,
    within,
)
from jmrules.memo import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Handler = Callable[["Rows", Any], Vector]

HANDLERS: dict[type[t.Node], Handler] = {}
#: items of all lists of one evaluation
_MOST_ITEMS = 50_000_000
_DAY = 86_400_000_000_000
#: a span of days by which no date of a table is moved out of the calendar
_LONGEST = 10**6 * _DAY
_EPOCH = temporal.order_key(temporal.Date(1970, 1, 1))


@frozen(eq=False)
class Rows:
    """Rows to evaluate for, and what names mean there."""

    count: int
    find: Callable[[str], Vector | None]
    #: how many rows stand for one evaluation, for each; None: one
    load: Array = None
    #: as many combinations of items surely are within FEEL's bound on the work of an evaluation
    bounded: int = sys.maxsize

    def value(self, node: t.Node) -> Vector:
        """The values of a node."""
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise NotColumnar(f"不按列计算 {type(node).__name__}", f"{type(node).__name__} is not evaluated by columns")
        return handler(self, node)

    def known(self, name: str) -> Vector | None:
        """What a name means; None where it is not a name of this place."""
        return self.find(name)

    def with_names(self, names: Mapping[str, Callable[[], Vector]]) -> Rows:
        """The same rows with further names, which come before the others."""

        def find(name: str) -> Vector | None:
            return names[name]() if name in names else self.find(name)

        return Rows(self.count, find, self.load, self.bounded)

    def only(self, places: Array) -> Rows:
        """Some of the rows."""
        known: dict[str, Vector | None] = {}

        def find(name: str) -> Vector | None:
            if name not in known:
                found = self.find(name)
                known[name] = None if found is None else found.take(places)
            return known[name]

        return Rows(len(places), find, taken(self.load, places), self.bounded)

    def of_items(self, items: Items, names: Callable[[Vector], Mapping[str, Callable[[], Vector]]]) -> Rows:
        """The items of lists as rows: their own names, and the outer ones for the row of each item."""
        if items.size > _MOST_ITEMS:
            raise NotColumnar("循环的组合过多", "too many combinations to loop over")
        load = items.counts if self.load is None else items.counts * self.load
        owners: list[Array] = []
        outer: dict[str, Vector | None] = {}
        own = names(items.item)

        def find(name: str) -> Vector | None:
            if name in own:
                return own[name]()
            if name not in outer:
                found = self.find(name)
                if found is not None:
                    if not owners:
                        owners.append(items.owners())
                    found = found.take(owners[0])
                outer[name] = found
            return outer[name]

        return Rows(items.size, find, np.repeat(load, items.counts), self.bounded)


#: decorator: register a function as what to do at nodes of these kinds
handles = t.registering(HANDLERS)


def constant(value: Any) -> Vector:
    """A FEEL value as the same for every row."""
    if value is None:
        return Nothing()
    if isinstance(value, bool):
        return Truth(np.bool_(value))
    if type(value) in NUMBERS:
        return Number(approximate.constant(value))
    if isinstance(value, str):
        return Words(np.int64(0), (value,))
    if isinstance(value, temporal.Date):
        return Days(np.int64(temporal.order_key(value) - _EPOCH), span=False)
    if (
        isinstance(value, temporal.DaysTimeDuration)
        and value.nanoseconds % _DAY == 0
        and abs(value.nanoseconds) <= _LONGEST
    ):
        return Days(np.int64(value.nanoseconds // _DAY), span=True)
    if value == []:
        return Empty()
    raise NotColumnar("这种值不按列计算", "a value of this kind is not evaluated by columns")


@handles(t.Number, t.String, t.Boolean)
def _literal(rows: Rows, node: t.Number | t.String | t.Boolean) -> Vector:
    return _of_literal(node)


@kept
def _of_literal(node: t.Number | t.String | t.Boolean) -> Vector:
    return constant(node.value)


@handles(t.Null)
def _null(rows: Rows, node: t.Null) -> Vector:
    return Nothing()


@handles(t.AtLiteral)
def _at_literal(rows: Rows, node: t.AtLiteral) -> Vector:
    return constant(temporal.parse_literal(node.text))


@handles(t.Name)
def _name(rows: Rows, node: t.Name) -> Vector:
    found = rows.known(node.name)
    if found is None:
        raise NotColumnar(f"名称 {node.name} 不按列计算", f"the name {node.name} is not evaluated by columns")
    return found


@handles(t.Path)
def _path(rows: Rows, node: t.Path) -> Vector:
    of = rows.value(node.of)
    if isinstance(of, Context):
        member = of.member(node.member)
        if of.null is None and of.undef is None and of.doubt is None:
            return member
        return evolve(
            member,
            null=outside(member.null, of.null),
            undef=either(member.undef, of.undef, of.null),
            doubt=either(member.doubt, of.doubt),
        )
    if isinstance(of, Items) and isinstance(of.item, Context):
        return Items(of.offsets, of.item.member(node.member), undef=either(of.undef, of.null), doubt=of.doubt)
    raise NotColumnar("这种成员不按列读取", "a member of this kind is not read by columns")


@handles(t.ContextLiteral)
def _context(rows: Rows, node: t.ContextLiteral) -> Vector:
    known: dict[str, Vector] = {}
    names: dict[str, Callable[[], Vector]] = {}
    inner = rows.with_names(names)
    for entry in node.entries:
        if entry.key in known:
            raise NotColumnar("键出现两次", "a key that occurs twice")
        made = known[entry.key] = inner.value(entry.value)
        names[entry.key] = _always(evolve(made, undef=None, doubt=None))
    # one entry that cannot be computed leaves nothing of the others
    return Context(names, **gathered(list(known.values())))


def _always(vector: Vector) -> Callable[[], Vector]:
    return lambda: vector


@handles(t.Negation)
def _negation(rows: Rows, node: t.Negation) -> Vector:
    operand = rows.value(node.operand)
    if isinstance(operand, Number):
        return Number(
            approximate.negative(operand.value), undef=either(operand.undef, operand.null), doubt=operand.doubt
        )
    raise NotColumnar("只对数取负", "only numbers are negated by columns")


@handles(t.Binary)
def _binary(rows: Rows, node: t.Binary) -> Vector:
    left = rows.value(node.left)
    if node.operator in ("and", "or"):
        decides, _ = _decides(left, node.operator == "or")
        right = _where_needed(rows, node.right, ~decides)
        return left if right is None else logic(node.operator, left, right)
    right = rows.value(node.right)
    if node.operator in ("+", "-", "*", "/", "**"):
        return _arithmetic(rows, node.operator, left, right)
    return compared(rows, node.operator, left, right)


@kept
def _goes_through_lists(node: t.Node) -> bool:
    """Whether a node is so much work that it is better done for some rows only."""
    return any(isinstance(each, t.For | t.Quantified | t.Filter) for each in t.walk(node))


def _where_needed(rows: Rows, node: t.Node, needed: Array) -> Vector | None:
    """The values of a node where they are needed, elsewhere anything; None where they are nowhere needed."""
    if not rows.count:
        return rows.value(node)
    count = int(np.count_nonzero(needed)) if np.ndim(needed) else rows.count * int(needed)
    if not count:
        return None
    if 2 * count > rows.count or not _goes_through_lists(node):
        return rows.value(node)
    places = np.flatnonzero(needed)
    place = np.zeros(rows.count, dtype=np.int64)
    place[places] = np.arange(count)
    return rows.only(places).value(node).take(place)


def _arithmetic(rows: Rows, operator: str, left: Vector, right: Vector) -> Vector:
    masks = gathered((left, right))
    missing = either(left.null, right.null)
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        return Nothing(undef=np.ones(rows.count, dtype=bool), doubt=masks["doubt"])
    if isinstance(left, Days) and isinstance(right, Days):
        return _date_arithmetic(operator, left, right, missing, masks)
    if not isinstance(left, Number) or not isinstance(right, Number):
        raise NotColumnar("这种运算不按列计算", "an operation on these kinds is not evaluated by columns")
    a, b = left.value, right.value
    undef = doubt = None
    match operator:
        case "+" | "-":
            made = approximate.add(a, b, 1 if operator == "+" else -1)
        case "*":
            made = approximate.multiply(a, b)
        case "/":
            made, undef, doubt = approximate.divide(a, b)
        case _:
            raise NotColumnar("乘方不按列计算", "powers are not evaluated by columns")
    return Number(
        made, undef=either(masks["undef"], missing, undef), doubt=either(masks["doubt"], outside(doubt, missing))
    )


def _date_arithmetic(operator: str, left: Days, right: Days, missing: Mask, masks: dict[str, Mask]) -> Vector:
    days = left.days + right.days if operator == "+" else left.days - right.days
    undef = either(masks["undef"], missing)
    match operator, left.span, right.span:
        case ("+", False, True) | ("+", True, False) | ("-", False, True):
            return Days(days, span=False, undef=undef, doubt=masks["doubt"])
        case ("-", False, False) | ("+", True, True) | ("-", True, True):
            return Days(days, span=True, undef=undef, doubt=masks["doubt"])
    raise NotColumnar("这种日期运算不按列计算", "an operation on these dates is not evaluated by columns")


def logic(operator: str, left: Vector, right: Vector) -> Vector:
    """Three-valued ``and`` and ``or``: the right side counts only where the left does not decide."""
    decisive = operator == "or"
    decides_left, unknown_left = _decides(left, decisive)
    decides_right, unknown_right = _decides(right, decisive)
    holds = decides_left | decides_right if decisive else ~(decides_left | decides_right)
    unknown = either(unknown_left, unknown_right)
    return Truth(
        holds,
        null=None if unknown is None else unknown & ~(decides_left | decides_right),
        undef=either(left.undef, outside(right.undef, decides_left)),
        doubt=either(left.doubt, outside(right.doubt, decides_left)),
    )


def _decides(vector: Vector, decisive: bool) -> tuple[Array, Mask]:
    """Where an operand decides, and where it is null."""
    if isinstance(vector, Nothing):
        return np.False_, np.True_
    if not isinstance(vector, Truth):
        raise NotColumnar("条件不是真或假", "a condition that is not true or false")
    decides = np.asarray(vector.holds if decisive else ~np.asarray(vector.holds))
    return (decides, None) if vector.null is None else (decides & ~vector.null, vector.null)


def _kinds_agree(left: Vector, right: Vector) -> bool:
    return type(left) is type(right) and not (
        isinstance(left, Days) and isinstance(right, Days) and left.span is not right.span
    )


def compared(rows: Rows, operator: str, left: Vector, right: Vector) -> Vector:
    """A comparison: equality knows null, order has no value for it."""
    masks = gathered((left, right))
    one_null, other_null = null_of(left), null_of(right)
    if isinstance(left, Nothing) or isinstance(right, Nothing):
        if operator not in ("=", "!="):
            return Nothing(undef=np.ones(rows.count, dtype=bool), doubt=masks["doubt"])
        same = _mask(one_null) & _mask(other_null)
        return Truth(same if operator == "=" else ~same, **masks)
    if not _kinds_agree(left, right):
        raise NotColumnar("两边不是同一类的值", "the sides are of different kinds")
    missing = either(one_null, other_null)
    if operator in ("=", "!="):
        holds, doubt = _equal(rows, operator, left, right)
        if missing is not None:
            same = _mask(one_null) & _mask(other_null)
            holds = np.where(missing, same if operator == "=" else ~same, holds)
        return Truth(holds, undef=masks["undef"], doubt=either(masks["doubt"], outside(doubt, missing)))
    holds, doubt = _ordered(rows, operator, left, right)
    return Truth(holds, undef=either(masks["undef"], missing), doubt=either(masks["doubt"], outside(doubt, missing)))


def _mask(mask: Mask) -> Array:
    return np.False_ if mask is None else np.asarray(mask)


def _equal(rows: Rows, operator: str, left: Vector, right: Vector) -> tuple[Array, Mask]:
    if isinstance(left, Number) and isinstance(right, Number):
        holds, doubt = approximate.compare(operator, left.value, right.value)
        return holds, doubt
    if isinstance(left, Truth) and isinstance(right, Truth):
        same = np.equal(left.holds, right.holds)
    elif isinstance(left, Days) and isinstance(right, Days):
        same = np.equal(left.days, right.days)
    elif isinstance(left, Words) and isinstance(right, Words):
        same = _same_words(left, right)
    else:
        raise NotColumnar("这种值不按列比较", "values of this kind are not compared by columns")
    return (same if operator == "=" else ~same), None


def _same_words(left: Words, right: Words) -> Array:
    _, codes = left.with_vocabulary(right)
    return np.equal(left.codes, codes)


def _ordered(rows: Rows, operator: str, left: Vector, right: Vector) -> tuple[Array, Mask]:
    if isinstance(left, Number) and isinstance(right, Number):
        holds, doubt = approximate.compare(operator, left.value, right.value)
        return holds, doubt
    if isinstance(left, Days) and isinstance(right, Days):
        return approximate.COMPARE[operator](left.days, right.days), None
    raise NotColumnar("这种值不按列比较", "values of this kind are not compared by columns")


@handles(t.If)
def _if(rows: Rows, node: t.If) -> Vector:
    condition = rows.value(node.condition)
    if isinstance(condition, Nothing):
        return Nothing(undef=np.ones(rows.count, dtype=bool), doubt=condition.doubt)
    if not isinstance(condition, Truth):
        raise NotColumnar("条件不是真或假", "a condition that is not true or false")
    holds = np.asarray(condition.holds)
    then, otherwise = _where_needed(rows, node.then, holds), _where_needed(rows, node.otherwise, ~holds)
    if then is None or otherwise is None:
        made = then or otherwise
        assert made is not None
    else:
        made = chosen_of(holds, then, otherwise)
    return evolve(
        made, undef=either(made.undef, condition.undef, condition.null), doubt=either(made.doubt, condition.doubt)
    )


def folded(node: t.Node, rows: Rows) -> Vector:
    """The value of a tree that reads no names; raises NotColumnar for any other, and where it has none."""
    for name in t.names_in(node):
        if name not in BUILT_INS or not BUILT_INS[name].constant or rows.known(name) is not None:
            raise NotColumnar("不按列计算", "not evaluated by columns")
    return _of_constants(node)


@kept
def _of_constants(node: t.Node) -> Vector:
    assert isinstance(node, t.Expression)
    try:
        with localcontext(EXACT):
            return constant(feel.compile(node).strict({}))
    except (feel.FeelError, feel.LimitError):
        raise NotColumnar("这里没有值", "there is no value here") from None


def evaluate(node: t.Node, rows: Rows) -> Vector:
    """The values of a whole tree. NumPy must be told to ignore what overflows or divides by zero: the masks tell of it.

    Rows whose evaluation may be more work than is allowed are in doubt: the exact reading counts it.
    """
    bounded = limits.MAX_WORK // max(1, t.most_work(node))
    return Rows(rows.count, rows.find, None, bounded).value(node)


__all__ = ["HANDLERS", "Rows", "constant", "evaluate", "handles", "within"]

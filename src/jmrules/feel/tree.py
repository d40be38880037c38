"""The tree of a FEEL expression: immutable nodes with the offsets of their text (DMN 1.5, 10.3.1).

Every node carries ``start`` and ``end``, offsets into the text it was read from. Equality is that of structure: two
trees are equal where they say the same, wherever it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from attrs import field, fields, frozen

from jmrules.memo import Keeper, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

Operator = Literal["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
TestOperator = Literal["=", "!=", "<", "<=", ">", ">="]


@frozen
class Node(Keeper):
    """Anything that stands in an expression."""

    #: offset of the first character
    start: int = field(eq=False, kw_only=True, default=0)
    #: offset after the last character
    end: int = field(eq=False, kw_only=True, default=0)


@frozen
class Expression(Node):
    """A node that has a value."""


@frozen
class Number(Expression):
    #: with all its digits, of which standard FEEL keeps 34
    value: Decimal


@frozen
class String(Expression):
    value: str


@frozen
class Boolean(Expression):
    value: bool


@frozen
class Null(Expression):
    pass


@frozen
class AtLiteral(Expression):
    """``@"2024-12-31"``: a date, a time, a date and time or a duration, by its text."""

    text: str


@frozen
class Name(Expression):
    name: str


@frozen
class Path(Expression):
    """``of.member``."""

    of: Expression
    member: str


@frozen
class Filter(Expression):
    """``of[condition]``: the items for which the condition holds, or the item at a position."""

    of: Expression
    condition: Expression


@frozen
class Argument(Node):
    """An argument of a call; ``name`` is None where it is given by position."""

    name: str | None
    value: Expression


@frozen
class Call(Expression):
    function: Expression
    arguments: tuple[Argument, ...]


@frozen
class Negation(Expression):
    operand: Expression


@frozen
class Binary(Expression):
    operator: Operator
    left: Expression
    right: Expression


@frozen
class Between(Expression):
    value: Expression
    low: Expression
    high: Expression


@frozen
class Test(Node):
    """``< 10``: a comparison whose left side is the value tested."""

    __test__ = False

    operator: TestOperator
    operand: Expression


@frozen
class In(Expression):
    """``value in (tests)``: true if one of the tests holds."""

    value: Expression
    tests: tuple[Test | Expression, ...]


@frozen
class TypeName(Node):
    """A type as it is written: ``number``, ``list<string>``, ``context<a: number>``, ``function<number> -> string``."""

    name: str
    #: of list and range: the item; of function: the parameters, then the result; of context: the members
    arguments: tuple[TypeName, ...] = ()
    #: of context: the names of its members, one per argument
    members: tuple[str, ...] = ()


@frozen
class InstanceOf(Expression):
    value: Expression
    type: TypeName


@frozen
class If(Expression):
    condition: Expression
    then: Expression
    otherwise: Expression


@frozen
class Span(Node):
    """``low..high`` as the domain of an iteration; it may run downwards."""

    low: Expression
    high: Expression


@frozen
class Iteration(Node):
    """``name in domain``."""

    name: str
    domain: Expression | Span


@frozen
class For(Expression):
    iterations: tuple[Iteration, ...]
    result: Expression


@frozen
class Quantified(Expression):
    """``some`` or ``every`` … ``satisfies`` …."""

    quantifier: Literal["some", "every"]
    iterations: tuple[Iteration, ...]
    condition: Expression


@frozen
class Parameter(Node):
    name: str
    type: TypeName | None


@frozen
class FunctionLiteral(Expression):
    """``function(a, b: number) body``; an ``external`` body is kept as it stands and never run."""

    parameters: tuple[Parameter, ...]
    body: Expression
    external: bool = False


@frozen
class ListLiteral(Expression):
    items: tuple[Expression, ...]


@frozen
class Entry(Node):
    """One ``key: value`` of a context."""

    key: str
    value: Expression


@frozen
class ContextLiteral(Expression):
    entries: tuple[Entry, ...]


#: a range that is written by an operator of equality: one value, or all but one
Equality = Literal["=", "!="]


@frozen
class Range(Expression):
    """``[low..high)``; a side that is None is unbounded, as in ``(< 10)``; both sides are the value of ``(= 10)`` and ``(!= 10)``."""

    start_included: bool
    low: Expression | None
    high: Expression | None
    end_included: bool
    equality: Equality | None = None


@frozen
class UnaryTests(Node):
    """The tests of a cell: one of them must hold, or none where ``negated``; no test at all (``-``) always holds."""

    __test__ = False

    tests: tuple[Test | Expression, ...]
    negated: bool = False


#: the value that unary tests are about
INPUT = "?"


def position(node: Node) -> int:
    """The offset that an error at ``node`` names: of a path, where its member stands."""
    if isinstance(node, Path):
        return max(node.of.end, node.end - len(node.member))
    return node.start


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below ``node``, in the order of the text."""
    for name in _child_fields(type(node)):
        child: Any = getattr(node, name)
        if isinstance(child, Node):
            yield child
        elif isinstance(child, tuple):
            yield from (part for part in child if isinstance(part, Node))


def walk(node: Node) -> Iterator[Node]:
    """``node`` and every node below it, depth first, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


#: nodes that are as much work as going to the next item is
_NODES_AN_ITEM = 16


def weight(body: Node) -> int:
    """How much an item weighs in a loop with this body, so that a long body counts for more: see ``limits``."""
    return 1 + sum(1 for _ in walk(body)) // _NODES_AN_ITEM


@kept
def most_work(node: Node) -> int:
    """An upper bound on the work of an evaluation, if no list, and no loop within loops, had more than one item.

    So many times the longest combination of items is more than what ``limits`` counts, whichever way is taken.
    """
    most = 0
    for each in walk(node):
        match each:
            case Filter(_, condition):
                most += weight(condition)
            case For(iterations=iterations) | Quantified(iterations=iterations):
                most += len(iterations) * weight(each)
            case Call(_, arguments):
                most += len(arguments)
            case ListLiteral(items):
                most += len(items)
            case Path() | Binary(operator="=" | "!="):
                # an equality may be looked up in an index, whose making is work
                most += 1
    return most


def mentions_input(test: Node) -> bool:
    """Whether a test says by itself, with ``?``, what it asks of the value."""
    return INPUT in names_in(test)


@kept
def names_in(node: Node) -> frozenset[str]:
    """All names that stand in a tree."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Name))


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def _child_fields(kind: type[Node]) -> tuple[str, ...]:
    if kind not in _FIELDS:
        names = (attribute.name for attribute in fields(kind))
        _FIELDS[kind] = tuple(name for name in names if name not in ("start", "end"))
    return _FIELDS[kind]


H = TypeVar("H")


def registering(handlers: dict[type[Node], H]) -> Callable[..., Callable[[H], H]]:
    """A decorator by which a reading of trees says what it does at nodes of some kinds."""

    def of(*kinds: type[Node]) -> Callable[[H], H]:
        def register(handler: H) -> H:
            handlers.update(dict.fromkeys(kinds, handler))
            return handler

        return register

    return of

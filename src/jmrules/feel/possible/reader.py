"""Read an expression whose names may not be known: what each kind of node does is registered by its module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, LimitError, Text, Undefined
from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel.interpreter import interpret_part
from jmrules.feel.possible.joins import Joiner
from jmrules.feel.possible.operators import no_value
from jmrules.feel.possible.scope import Scope, Settled
from jmrules.feel.possible.values import Known, Value, anything, failing

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.joins import Join

    Handler = Callable[["Reader", Any, Scope], Value]

#: what each kind of node does; filled by the modules of this package
HANDLERS: dict[type[t.Node], Handler] = {}

NO_MEMBER = no_value("可能没有该成员", "there may be no such member")
NOT_FOLLOWED = no_value("无法推算其值", "its value cannot be followed")


#: decorator: register a function as what to do at nodes of these kinds
handles = t.registering(HANDLERS)


class Reader:
    """Reads one expression; the same one may be read many times, with other values."""

    def __init__(self, text: str, names: dict[int, tuple[t.Node, tuple[str, ...]]] | None = None) -> None:
        """``names``: where the names of its parts are remembered; readers of one tree may share it."""
        self.text = text
        #: parts that could not be followed and so count as any value
        self.lost: dict[str, Text] = {}
        self._names = {} if names is None else names
        self._weights: dict[int, tuple[t.Node, int]] = {}
        #: joins by the loops that they are, with what this reading remembers of them
        self._joiners: dict[int, Joiner | None] = {}

    def whole(self, node: t.Expression | t.UnaryTests, scope: Scope) -> Value:
        """What a whole expression may come to; raises LimitError for one that takes more work than is allowed."""
        before, self._joiners = self._joiners, {}
        try:
            with limits.metered():
                return self.value(node, scope)
        except LimitError as limit:
            raise limits.of_expression(limit, self.text) from None
        finally:
            self._joiners = before

    def value(self, node: t.Expression | t.UnaryTests, scope: Scope) -> Value:
        """What ``node`` may come to."""
        # Names and constants come more often than anything else.
        kind = type(node)
        if kind is t.Name and isinstance(known := scope.find(node.name), Known):  # type: ignore[union-attr]
            return known
        if kind is t.Number:
            return Known(+node.value)  # type: ignore[union-attr]
        if kind is t.String or kind is t.Boolean:
            return Known(node.value)  # type: ignore[union-attr]
        if self.settled(node, scope):
            try:
                return Known(interpret_part(node, self.text, Settled(scope), strict=True)[0])
            except Undefined as error:
                return failing(error)
        handler = HANDLERS.get(type(node))
        return self.give_up(node) if handler is None else handler(self, node, scope)

    def settled(self, node: t.Node, scope: Scope) -> bool:
        """Whether all that ``node`` reads is known."""
        for name in self.names(node):
            try:
                value = scope.find(name)
            except LimitError:
                return False
            if value is not None and not isinstance(value, Known):
                return False
        return True

    def names(self, node: t.Node) -> tuple[str, ...]:
        """Every name that occurs in ``node``; ``item`` and ``?`` among them."""
        known = self._names.get(id(node))
        if known is None:
            found = {part.name for part in t.walk(node) if isinstance(part, t.Name)}
            known = self._names[id(node)] = node, tuple(found)
        return known[1]

    def weight(self, body: t.Node) -> int:
        """``tree.weight``, remembered."""
        if id(body) not in self._weights:
            self._weights[id(body)] = body, t.weight(body)
        return self._weights[id(body)][1]

    def joiner(self, node: t.Node, join_of: Callable[[Any], Join | None]) -> Joiner | None:
        """The join that the loop at ``node`` is, as far as this reading has come; None where it is none."""
        if id(node) not in self._joiners:
            join = join_of(node)
            self._joiners[id(node)] = None if join is None else Joiner(join)
        return self._joiners[id(node)]

    def give_up(self, node: t.Node, error: JmrulesError | None = None) -> Value:
        """Any value, and a note that this part could not be followed."""
        part = self.text[node.start : node.end] or self.text
        self.lost[part] = Text(f"“{part}”按任意值推算", f"`{part}` counts as any value")
        return anything(error or NOT_FOLLOWED)

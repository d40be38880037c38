"""The state of writing one Python function from one typed tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.feel import limits
from jmrules.feel import types as ft

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.feel.inference import Analysis
    from jmrules.feel.tree import Node
    from jmrules.feel.types import Type

    Path = tuple[str, ...]
    Handler = Callable[["Writer", Any, "Locals"], str]
    #: names that the expression introduces, and the Python code that stands for each
    Locals = Mapping[str, str]

#: how each kind of node is written; filled by the modules of this package
HANDLERS: dict[type[Node], Handler] = {}


class NotGenerable(Exception):
    """The tree needs what only the careful reading does."""


class Irregular(Exception):
    """Generated code met a value that only the careful reading handles."""


class Writer:
    """Writes nodes as Python expressions.

    The text of the code holds operators, and names made here; values and the author's names are bound by reference. A
    written expression either has exactly the value of the careful reading, or raises.
    """

    def __init__(self, analysis: Analysis, parameters: Mapping[Path, str]) -> None:
        self.analysis = analysis
        self.parameters = parameters
        #: what the code refers to
        self.bound: dict[str, Any] = {}
        self._bound_names: dict[int, str] = {}
        self._made = 0
        #: whether a loop is being written; loops within loops are left to the careful reading, which counts its work
        self.in_loop = False
        #: Python allows no assignment in the source of a loop
        self._may_assign = True

    def write(self, node: Node, names: Locals) -> str:
        """The code of ``node``; raises NotGenerable."""
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise NotGenerable
        return handler(self, node, names)

    def type(self, node: Node) -> Type:
        """The type that was inferred for ``node``."""
        return self.analysis.types[id(node)]

    def bare(self, node: Node) -> Type:
        return ft.bare(self.type(node))

    def bind(self, value: Any) -> str:
        """A name in the code for a value."""
        name = self._bound_names.get(id(value))
        if name is None:
            name = self._bound_names[id(value)] = self.fresh("k")
            self.bound[name] = value
        return name

    def fresh(self, prefix: str) -> str:
        """A name that the code does not have yet."""
        self._made += 1
        return f"{prefix}{self._made}"

    def once(self, code: str) -> tuple[str, str]:
        """Code that computes ``code`` and keeps it, and code that repeats its value."""
        if code.isidentifier():
            return code, code
        if not self._may_assign:
            raise NotGenerable
        name = self.fresh("t")
        return f"({name} := {code})", name

    def domain(self, node: Node, names: Locals) -> str:
        """The code of what a loop runs over, a list of bounded length."""
        allowed, self._may_assign = self._may_assign, False
        try:
            return f"{self.bind(bounded)}({self.write(node, names)})"
        finally:
            self._may_assign = allowed

    def body(self, node: Node, names: Locals) -> str:
        """The code of the inside of a loop."""
        if self.in_loop:
            raise NotGenerable
        self.in_loop = True
        try:
            return self.write(node, names)
        finally:
            self.in_loop = False

    def some(self, node: Node, names: Locals) -> str:
        """The code of ``node``, guarded where its value may be null."""
        return self.guarded(self.write(node, names), node)

    def guarded(self, code: str, node: Node) -> str:
        """The code of ``node``, guarded where its value may be null."""
        return f"{self.bind(not_null)}({code})" if ft.may_be_null(self.type(node)) else code


def bounded(items: Any) -> list[Any]:
    """``items``, if it is a list that a loop may run over."""
    if not isinstance(items, list) or len(items) > limits.MAX_ITEMS:
        raise Irregular
    return items


def not_null(value: Any) -> Any:
    """``value``, if it is not null."""
    if value is None:
        raise Irregular
    return value


def irregular() -> None:
    """Leave the generated code for the careful reading."""
    raise Irregular


def writes(*kinds: type[Node]) -> Callable[[Handler], Handler]:
    """Register a function as how to write nodes of these kinds."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            HANDLERS[kind] = handler
        return handler

    return register

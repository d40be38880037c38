"""The state of writing one Python function from one typed tree."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits
from jmrules.feel import types as ft
from jmrules.feel.tree import registering, weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jmrules.feel.functions import Signature
    from jmrules.feel.inference import Analysis
    from jmrules.feel.joins import Join
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
        #: whether the work of the code must be counted
        self.counts = False
        #: whether the code keeps values in ``cells``
        self.keeps = False
        #: what remembers how far a join has come, by its name in the code
        self.joiners: dict[str, Join] = {}
        #: loops that are being written
        self._loops = 0
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
        name = self.fresh("t")
        if not self._may_assign:
            self.keeps = True
            return f"{self.bind(kept)}(cells, '{name}', {code})", f"cells['{name}']"
        return f"({name} := {code})", name

    def source(self, node: Node, names: Locals) -> str:
        """The code of something that is written in the source of a loop."""
        allowed, self._may_assign = self._may_assign, False
        try:
            return self.write(node, names)
        finally:
            self._may_assign = allowed

    def domain(self, code: str, body: Node, join: Join | None, names: Locals) -> str:
        """The code of what a loop with this body runs over, and counts as work; ``code`` gives its list."""
        self.counts = True
        if join is not None and self._loops:
            code = self._joined(code, join, names)
        return f"{self.bind(gone_through)}({code}, {weight(body)})"

    def _joined(self, code: str, join: Join, names: Locals) -> str:
        name = self.fresh("j")
        self.joiners[name] = join
        *others, last = [self.source(key.other, names) for key in join.all_keys]
        reads = "".join(f"({other}) if key.number == {number} else " for number, other in enumerate(others))
        return f"{name}.items({code}, lambda key: {reads}{last})"

    def listed(self, code: str) -> str:
        """The code of a list whose items are gone through, and count as work."""
        self.counts = True
        return f"{self.bind(counted)}({code})"

    @contextmanager
    def inside(self, loops: int) -> Iterator[None]:
        """Within it, what is written stands inside so many more loops."""
        self._loops += loops
        try:
            yield
        finally:
            self._loops -= loops

    def called(self, signature: Signature) -> str:
        """The code of a built-in, which counts its work."""
        self.counts = True
        return self.bind(signature.run)

    def some(self, node: Node, names: Locals) -> str:
        """The code of ``node``, guarded where its value may be null."""
        return self.guarded(self.write(node, names), node)

    def decided(self, node: Node, names: Locals) -> str:
        """The code of a condition, guarded where its value may be null."""
        code = self.write(node, names)
        return f"{self.bind(decided)}({code})" if ft.may_be_null(self.type(node)) else code

    def guarded(self, code: str, node: Node) -> str:
        """The code of ``node``, guarded where its value may be null."""
        return f"{self.bind(not_null)}({code})" if ft.may_be_null(self.type(node)) else code


def decided(value: Any) -> Any:
    """``value``, if it is true or false."""
    if value is True or value is False:
        return value
    raise Irregular


def without_null(items: list[Any]) -> list[Any]:
    """``items``, if none of them is null."""
    if None in items:
        raise Irregular
    return items


def gone_through(items: Any, weight: int) -> list[Any]:
    """``items``, if it is a list that a loop may run over."""
    if not isinstance(items, list):
        raise Irregular
    limits.go_through(len(items), weight)
    return items


def counted(items: Any) -> list[Any]:
    """``items``, if it is a list; its items are counted."""
    if not isinstance(items, list):
        raise Irregular
    limits.spend(len(items))
    return items


def kept(cells: dict[str, Any], name: str, value: Any) -> Any:
    """``value``, kept in a cell."""
    cells[name] = value
    return value


def not_null(value: Any) -> Any:
    """``value``, if it is not null."""
    if value is None:
        raise Irregular
    return value


def irregular() -> None:
    """Leave the generated code for the careful reading."""
    raise Irregular


#: decorator: register a function as how to write nodes of these kinds
writes = registering(HANDLERS)

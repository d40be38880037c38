"""What is known of a tree before it is evaluated: the types of its nodes, the names it reads, what is wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel import types as ft
from jmrules.feel.problems import place_of, problem
from jmrules.feel.tree import position, registering

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.errors import Problem
    from jmrules.feel.tree import Node
    from jmrules.feel.types import Type

    Path = tuple[str, ...]
    Handler = Callable[["Analysis", Any, "Environment"], Type]

#: how the type of each kind of node is found; filled by the modules of this package
HANDLERS: dict[type[Node], Handler] = {}


@frozen
class Environment:
    """Names that the expression introduces, and their types; the environment around it."""

    names: Mapping[str, Type]
    outer: Environment | None = None
    #: whether it may hold names that cannot be known, as the members of a filtered item of unknown type
    open: bool = False

    def find(self, name: str) -> tuple[Type | None, bool]:
        """The type of a name introduced here or further out, else None; and whether an open environment may hold it."""
        environment: Environment | None = self
        passed_open = False
        while environment is not None:
            kind = environment.names.get(name)
            if kind is not None:
                return kind, passed_open
            passed_open = passed_open or environment.open
            environment = environment.outer
        return None, passed_open

    def visible(self) -> list[str]:
        """Every name introduced here or further out, innermost first."""
        return [*self.names, *(self.outer.visible() if self.outer else ())]


class Analysis:
    """The analysis of one tree, built node by node."""

    def __init__(self, text: str, declared: Mapping[str, Type] | None) -> None:
        self.text = text
        self.declared = declared
        #: by the id of the node
        self.types: dict[int, Type] = {}
        #: the outer path that a Name or Path node reads, by the id of the node
        self.slots: dict[int, Path] = {}
        self.reads: dict[Path, None] = {}
        self.problems: list[Problem] = []

    def type(self, node: Node, environment: Environment) -> Type:
        """The type of ``node``, also noted."""
        kind = HANDLERS[type(node)](self, node, environment)
        self.types[id(node)] = kind
        return kind

    def report(self, node: Node, code: str, zh: str, en: str, hint: tuple[str, str] | None = None) -> Type:
        """Note a problem at ``node``; its type is not known then."""
        self.problems.append(problem(code, zh, en, hint, place_of(self.text, position(node))))
        return ft.ANY


#: decorator: register a function as how to find the type of nodes of these kinds
infers = registering(HANDLERS)

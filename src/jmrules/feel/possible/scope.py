"""Names and what they may be, while an expression is read: frames, innermost first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jmrules.feel.possible.values import Known, Value, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.tree import Expression


class Scope:
    """The names of one frame, and the frame around it."""

    __slots__ = ("item", "local", "names", "outer")

    def __init__(
        self, names: Mapping[str, Value], outer: Scope | None, *, item: Value | None = None, local: bool = True
    ) -> None:
        self.names = names
        self.outer = outer
        #: the list item whose members this frame shows
        self.item = item
        #: whether it brings names of its own, rather than says more of names from further out
        self.local = local

    def find(self, name: str) -> Value | None:
        """What the innermost ``name`` may be; None where there is none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            if scope.outer is None:
                return scope.outside(name)
            scope = scope.outer
        return None

    def owner(self, name: str) -> Scope | None:
        """The frame in which ``name`` is found."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names or scope.outer is None:
                return scope
            scope = scope.outer
        return None

    def outside(self, name: str) -> Value | None:
        """A name that no frame has."""
        return None

    def definition(self, name: str) -> Expression | None:
        """The expression of a derived value, where ``name`` is one and no frame hides what it reads."""
        scope: Scope = self
        while scope.outer is not None:
            if scope.local:
                return None
            scope = scope.outer
        return scope.definition(name)

    def shadowed(self) -> dict[str, Value]:
        """What the frames say more of names from outside, all frames together."""
        found: dict[str, Value] = {}
        scope: Scope = self
        while scope.outer is not None:
            found = {**scope.names, **found}
            scope = scope.outer
        return found


class Outermost(Scope):
    """Facts, derived values and scores, each asked for when it is needed."""

    __slots__ = ("_define", "_value")

    def __init__(self, value: Callable[[str], Value | None], define: Callable[[str], Expression | None]) -> None:
        super().__init__({}, None)
        self._value = value
        self._define = define

    def outside(self, name: str) -> Value | None:
        return self._value(name)

    def definition(self, name: str) -> Expression | None:
        return self._define(name)


def item_scope(item: Value, outer: Scope) -> Scope:
    """The scope inside a filter: ``item``, and its members by their names."""
    members = spread(item).members or {}
    return Scope({"item": item, **members}, outer, item=item)


class Settled(Mapping[str, Any]):
    """The known names of a scope, as FEEL's own evaluation reads them."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __getitem__(self, name: str) -> Any:
        value = self._scope.find(name)
        if not isinstance(value, Known):
            raise KeyError(name)
        return value.value

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

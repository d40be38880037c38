"""A context of which some members wait: they are made when one of them is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Later(dict[str, Any]):
    """A dict that says from the start which members it has, and makes those named ``waiting`` together when they are needed.

    ``make`` must be a function of what does not change. Nobody may change the dict.
    """

    __slots__ = ("_make", "_waiting")

    def __init__(self, known: dict[str, Any], waiting: Sequence[str], make: Callable[[], dict[str, Any]]) -> None:
        super().__init__(known)
        self._waiting, self._make = waiting, make

    def _made(self) -> None:
        if self._waiting:
            self.update(self._make())
            self._waiting = ()

    def __missing__(self, name: str) -> Any:
        if name not in self._waiting:
            raise KeyError(name)
        self._made()
        return self[name]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._waiting

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict's."""
        if name not in self:
            return default
        return self[name]

    def __iter__(self) -> Iterator[str]:
        self._made()
        return super().__iter__()

    def __len__(self) -> int:
        self._made()
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self._made()
        return super().__eq__(other)

    __hash__ = None

    def keys(self) -> Any:
        """As a dict's."""
        self._made()
        return super().keys()

    def values(self) -> Any:
        """As a dict's."""
        self._made()
        return super().values()

    def items(self) -> Any:
        """As a dict's."""
        self._made()
        return super().items()

"""Records whose fields can wait: what a trace says is made when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Maker = Callable[[str], Mapping[str, Any]]

R = TypeVar("R", bound="Deferred")
_set = object.__setattr__


class Deferred:
    """The base of frozen, slotted records whose fields may be made when they are first read.

    ``_maker`` gives, for a field that is not there yet, the fields that are made together with it. It must be a function of
    what does not change: then a record reads the same at any time, and threads that read it at once make the same. Equality,
    hash, repr, copies and pickles read every field, so they cannot tell such a record from another.
    """

    __slots__ = ("_maker",)

    if not TYPE_CHECKING:  # a type checker must go on to tell of attributes that no record has

        def __getattr__(self, name):
            # Asked only for what is in no slot yet.
            if name not in type(self).__slots__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            made = self._maker(name)
            for field, value in made.items():
                _set(self, field, value)
            return made[name]


def deferred(kind: type[R], maker: Maker, known: Mapping[str, Any]) -> R:
    """A record with the fields that are known, the others to come from ``maker``."""
    record = kind.__new__(kind)
    _set(record, "_maker", maker)
    for field, value in known.items():
        _set(record, field, value)
    return record

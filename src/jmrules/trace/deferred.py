"""Records whose fields can wait: what a trace says is made when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from jmrules.frozen import frozen_value

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R", bound="Deferred")


class Deferred:
    """The base of frozen, slotted records whose fields may be made when they are first read.

    ``_maker(record, name)`` gives, for a field that is not there yet, the fields that are made together with it. It must be a
    function of what does not change: then a record reads the same at any time, and threads that read it at once make the
    same. Equality, hash, repr, copies and pickles read every field, so they cannot tell such a record from another.
    """

    __slots__ = ("_maker",)

    if not TYPE_CHECKING:  # a type checker must go on to tell of attributes that no record has

        def __getattr__(self, name):
            # Asked only for what is in no slot yet.
            if name not in type(self).__slots__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            made = self._maker(self, name)
            for field, value in made.items():
                object.__setattr__(self, field, frozen_value(value) if type(value) in (dict, list) else value)
            return object.__getattribute__(self, name)


def deferring(kind: type[R], *known: str) -> Callable[..., R]:
    """A function that makes records from a maker and the values of the ``known`` fields; the other fields wait.

    It is written out, as attrs writes constructors: setting the fields in a loop takes three times as long.
    """
    lines = [f"def record(maker, {', '.join(known)}):", "    made = _new(_kind)", "    put_maker(made, maker)"]
    lines += [f"    put_{name}(made, {name})" for name in known]
    namespace: dict[str, Any] = {f"put_{name}": kind.__dict__[name].__set__ for name in known}
    namespace |= {"_new": kind.__new__, "_kind": kind, "put_maker": Deferred.__dict__["_maker"].__set__}
    exec("\n".join([*lines, "    return made"]), namespace)
    record: Callable[..., R] = namespace["record"]
    return record

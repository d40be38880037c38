"""Mappings and lists in JSON's terms that nobody can change: safe to hand out, to share and to hold under a digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn


def _refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
    raise TypeError(
        f"this {'mapping' if isinstance(self, dict) else 'list'} belongs to a document and cannot be changed; thawed() copies it"
    )


class FrozenDict(dict[Any, Any]):
    """A dict that cannot be changed. JSON, comparison and pickling see a dict; copies are the same object."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __copy__(self) -> FrozenDict:
        return self

    def __deepcopy__(self, _: Any) -> FrozenDict:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(list[Any]):
    """A list that cannot be changed; see :class:`FrozenDict`."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = append = clear = extend = insert = pop = remove = _refuse
    reverse = sort = _refuse

    def __copy__(self) -> FrozenList:
        return self

    def __deepcopy__(self, _: Any) -> FrozenList:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


def frozen_value(value: Any) -> Any:
    """A value whose mappings and lists, however deep, are copies that nobody can change; frozen ones stay as they are."""
    if isinstance(value, FrozenDict | FrozenList):
        return value
    if isinstance(value, Mapping):
        return FrozenDict({name: frozen_value(part) for name, part in value.items()})
    if isinstance(value, list):
        return FrozenList([frozen_value(part) for part in value])
    return tuple([frozen_value(part) for part in value]) if type(value) is tuple else value


def frozen_mapping(value: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """:func:`frozen_value` of a mapping, as a converter of fields."""
    return frozen_value(value)  # type: ignore[no-any-return]


def thawed(value: Any) -> Any:
    """A copy of a frozen value in plain dicts and lists, for whoever wants to edit it."""
    if isinstance(value, dict):
        return {name: thawed(part) for name, part in value.items()}
    return [thawed(part) for part in value] if isinstance(value, list) else value

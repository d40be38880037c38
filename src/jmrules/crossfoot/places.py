"""Where a source states a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.facts import is_fact_object

if TYPE_CHECKING:
    from collections.abc import Iterator


def sections_of(given: Any, item: int | None = None) -> tuple[str, ...]:
    """The sections that a given fact cites; of a list, those of one item, or else its own and those of all its items.

    An item that cites nothing stands where its list stands.
    """
    if item is not None:
        value = given.get("value") if is_fact_object(given) else given
        own = tuple(dict.fromkeys(_cited(value[item]))) if isinstance(value, list | tuple) else ()
        return own or tuple(dict.fromkeys(_own(given)))
    return tuple(dict.fromkeys(_cited(given)))


def _own(given: Any) -> Iterator[str]:
    if is_fact_object(given):
        for kind in ("evidence", "statements"):
            for entry in given.get(kind) or ():
                if entry.get("section"):
                    yield entry["section"]


_NESTED = (dict, list, tuple)


def _cited(value: Any) -> list[str]:
    found: list[str] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[str]) -> None:
    if isinstance(value, dict):
        if "evidence" in value or "statements" in value:
            found += _own(value)
        for name, part in value.items():
            if isinstance(part, _NESTED) and name not in ("evidence", "statements"):
                _collect(part, found)
    elif isinstance(value, _NESTED):
        for part in value:
            _collect(part, found)

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


def _cited(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _own(value)
        for name, part in value.items():
            if name not in ("evidence", "statements"):
                yield from _cited(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _cited(part)

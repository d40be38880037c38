"""Facts given for one ruleset, as another would read them: what it needs besides, and what it no longer looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jmrules.ruleset import FactDeclaration

Path = tuple[str, ...]


@frozen
class Fitted:
    """Facts that another ruleset can be asked about."""

    facts: dict[str, Any]
    #: what the other ruleset needs and was not given: names of facts, of fields below lists
    needed: tuple[Path, ...]


def newly_needed(
    before: Sequence[FactDeclaration], after: Sequence[FactDeclaration], path: Path = ()
) -> Iterator[Path]:
    """What ``after`` requires that ``before`` does not even know, or leaves optional."""
    known = {declaration.id: declaration for declaration in before}
    for declaration in after:
        old, here = known.get(declaration.id), (*path, declaration.id)
        if not declaration.optional and (old is None or old.optional):
            yield here
        elif old is not None and declaration.type == old.type == "list":
            yield from newly_needed(old.item, declaration.item, here)


def fit(
    given: Mapping[str, Any],
    before: Sequence[FactDeclaration],
    after: Sequence[FactDeclaration],
    assumed: Mapping[str, Any] | None = None,
) -> Fitted:
    """``given``, which fits the declarations ``before``, without what ``after`` does not declare, and in the units meant.

    ``assumed`` facts, in the units of ``after``, stand in for those that are not given.
    """
    assumed = assumed or {}
    needed: dict[Path, None] = {}
    facts = _fit(given, before, after, (), needed)
    facts |= {name: value for name, value in assumed.items() if name not in facts}
    return Fitted(facts, tuple(path for path in needed if path[0] not in assumed))


def _fit(
    given: Mapping[str, Any],
    before: Sequence[FactDeclaration],
    after: Sequence[FactDeclaration],
    path: Path,
    needed: dict[Path, None],
) -> dict[str, Any]:
    known = {declaration.id: declaration for declaration in before}
    facts = {}
    for declaration in after:
        here = (*path, declaration.id)
        value = given.get(declaration.id)
        if value is None:
            if not declaration.optional:
                needed[here] = None
            continue
        facts[declaration.id] = _value(value, known.get(declaration.id), declaration, here, needed)
    return facts


def _value(given: Any, old: FactDeclaration | None, new: FactDeclaration, path: Path, needed: dict[Path, None]) -> Any:
    if old is None:
        return given
    whole = given if isinstance(given, dict) else {"value": given}
    value = whole.get("value")
    if new.type == old.type == "list" and isinstance(value, list | tuple):
        whole = {**whole, "value": [_fit(item, old.item, new.item, path, needed) for item in value]}
    elif old.unit is not None and old.unit != new.unit and "unit" not in whole:
        # A bare figure is in the unit that its own ruleset declares.
        whole = {**whole, "unit": old.unit}
    return whole if isinstance(given, dict) or whole.keys() > {"value"} else whole["value"]

"""How a value is known: the weakest basis of the facts it was read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.facts.model import BASES, Basis, is_fact_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.ruleset.model import FactDeclaration


def weakest(bases: Iterable[Basis | None]) -> Basis | None:
    """The weakest of the bases; None where there is none."""
    ranks = [BASES.index(basis) for basis in bases if basis is not None]
    return BASES[min(ranks)] if ranks else None


def strength(basis: Basis, declaration: FactDeclaration) -> Basis:
    """The basis as it counts: for what is not a number, a document is as good as a figure."""
    return "figure" if basis == "document" and declaration.type != "number" else basis


def basis_of(given: Any, declaration: FactDeclaration, fields: Iterable[str] | None = None) -> Basis | None:
    """The basis of a given fact; of a list, the weakest of its own and of the ``fields`` read of its items (None: all).

    A list's own basis says how the number of its items is known; a bare value in an item is an assertion like any other.
    An absent fact has no basis.
    """
    if given is None:
        return None
    own: Basis = given.get("basis", "assertion") if is_fact_object(given) else "assertion"
    if declaration.type != "list":
        return strength(own, declaration)
    value = given.get("value") if is_fact_object(given) else given
    parts = {part.id: part for part in declaration.item}
    wanted = list(parts) if fields is None else [name for name in parts if name in set(fields)]
    found = [
        basis_of(item[name], parts[name])
        for item in (value if isinstance(value, list | tuple) else ())
        for name in wanted
        if name in item
    ]
    return weakest([strength(own, declaration), *found])

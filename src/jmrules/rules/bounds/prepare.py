"""What a bounds run works with, kept for those who ask further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.feel.possible import Known
from jmrules.score.bounds import ROOT, Fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.facts import Facts
    from jmrules.feel.possible import Value
    from jmrules.score.bounds import Engine, Extent, Search, SheetBounds


@frozen(eq=False)
class Prepared:
    """The engine with its facts, what the sheet may come to, and what was reached."""

    engine: Engine
    facts: Facts | Mapping[str, Any]
    domains: Mapping[str, Extent]
    claimed: Mapping[str, Any]
    sheet: SheetBounds
    search: Search

    @property
    def unknown(self) -> dict[str, Extent]:
        """The facts that are not known."""
        return {name: domain for name, domain in self.domains.items() if not isinstance(domain, Fixed)}

    @property
    def completion(self) -> list[Any] | None:
        """The values of every fact in some completion that has a score; None where none was found."""
        found = next(
            (self.search.witness[key] for key in ((ROOT, True), (ROOT, False)) if key in self.search.witness), None
        )
        return None if found is None else self.values(found)

    def values(self, facts: Mapping[str, Value]) -> list[Any]:
        """The value of every fact, in the order of their declarations, where the unknown ones are known to be ``facts``."""
        found: list[Any] = []
        for name, domain in self.domains.items():
            value = facts.get(name)
            found.append(
                domain.value if isinstance(domain, Fixed) else value.value if isinstance(value, Known) else None
            )
        return found

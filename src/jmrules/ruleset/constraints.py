"""Relations between facts (数据之间的关系) as data: what must hold before there is a score, or else is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.ruleset.declarations import Source
from jmrules.ruleset.rules import Each

if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen
class Constraint:
    """A condition between facts; with ``each``, one for every item of a list."""

    id: str
    #: the condition
    holds: str
    #: what must hold, in words
    label: Text
    #: where it does not hold: the facts are refused, or the department is asked
    otherwise: Literal["error", "question"]
    source: Source
    each: Each | None = None
    #: when it is to hold; None: always
    when: str | None = None
    note: Text | None = None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Its expressions, with the member at which each stands; what decides first comes first."""
        if self.when is not None:
            yield "when", self.when
        yield "holds", self.holds

    def of_one(self) -> str:
        """The condition on the department, or on one item."""
        return self.holds if self.when is None else f"if {self.when} then {self.holds} else true"

    def whole(self, *, optional: bool) -> str:
        """The condition on the department, whatever it goes through; ``optional``: the list may be absent, and then has no items."""
        if self.each is None:
            return self.of_one()
        every = f"every {self.each.name} in {self.each.of} satisfies ({self.of_one()})"
        return f"if {self.each.of} = null then true else {every}" if optional else every

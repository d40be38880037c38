"""Relations between facts (数据之间的关系) as data: what must hold before there is a score, or else is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.feel.parser import parse
from jmrules.feel.tree import Name, walk
from jmrules.ruleset.declarations import Source
from jmrules.ruleset.rules import Each

if TYPE_CHECKING:
    from collections.abc import Iterator

#: the name by which a constraint reads the year that is scored
YEAR = "fiscal_year"


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

    def texts(self, year: int) -> Iterator[tuple[str, str]]:
        """Its expressions as they are read for a year, with the member at which each stands; what decides first comes first."""
        if self.when is not None:
            yield "when", _dated(self.when, year)
        yield "holds", _dated(self.holds, year)

    def of_one(self, year: int) -> str:
        """The condition on the department, or on one item."""
        texts = dict(self.texts(year))
        return f"if {texts['when']} then {texts['holds']} else true" if "when" in texts else texts["holds"]

    def whole(self, year: int, *, optional: bool) -> str:
        """The condition on the department, whatever it goes through; ``optional``: the list may be absent, and then has no items."""
        if self.each is None:
            return self.of_one(year)
        every = f"every {self.each.name} in {self.each.of} satisfies ({self.of_one(year)})"
        return f"if {self.each.of} = null then true else {every}" if optional else every


def _dated(text: str, year: int) -> str:
    """The expression with the year in the place of its name, so that no reading of it need know the name."""
    places = [node for node in walk(parse(text)) if isinstance(node, Name) and node.name == YEAR]
    for node in sorted(places, key=lambda node: -node.start):
        text = f"{text[: node.start]}{year}{text[node.end :]}"
    return text

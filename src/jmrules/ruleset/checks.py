"""Identities between a department's figures (勾稽关系) as data: they score nothing, and review recomputes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.ruleset.declarations import Source
from jmrules.ruleset.rules import Each

if TYPE_CHECKING:
    from collections.abc import Iterator

CheckKind = Literal["sum", "ratio", "equal", "at_most", "year"]


@frozen
class CrossCheck:
    """What must hold between figures. Which members it has follows from its kind."""

    id: str
    kind: CheckKind
    label: Text
    #: sum: the total as stated, and what it consists of
    total: str | None = None
    parts: tuple[str, ...] = ()
    #: sum: whether the parts are all there are
    exhaustive: bool = True
    #: ratio, equal: the figure as stated
    stated: str | None = None
    #: ratio, at_most
    part: str | None = None
    whole: str | None = None
    #: equal: what the stated figure must come to
    figures: str | None = None
    #: year: facts for which the source must name the fiscal year and ``offset`` years
    facts: tuple[str, ...] = ()
    offset: int = 0
    each: Each | None = None
    #: when it is to hold; None: always
    when: str | None = None
    source: Source | None = None
    note: Text | None = None

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Every expression that yields a number, with the pointer below the check at which it stands."""
        for name, text in (("total", self.total), ("stated", self.stated), ("part", self.part), ("whole", self.whole)):
            if text is not None:
                yield name, text
        yield from ((f"parts/{index}", text) for index, text in enumerate(self.parts))
        if self.figures is not None:
            yield "figures", self.figures

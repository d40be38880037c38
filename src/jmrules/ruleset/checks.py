"""Identities between a department's figures (勾稽关系) as data: they score nothing, and review recomputes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from jmrules.errors import Text
from jmrules.ruleset.declarations import Source
from jmrules.ruleset.rules import Each

if TYPE_CHECKING:
    from collections.abc import Iterator

CheckKind = Literal["sum", "ratio", "equal", "at_most", "excess", "year"]
#: what a difference that rounding does not explain may be
Differs = Literal["contradicts", "question", "misprint"]


@frozen
class Beyond:
    """Something spent, and what was budgeted for it: what it exceeds that by must have come from somewhere."""

    label: Text
    part: str
    whole: str


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
    #: ratio, equal, excess: the figure as stated
    stated: str | None = None
    #: ratio, at_most
    part: str | None = None
    whole: str | None = None
    #: equal: what the stated figure must come to
    figures: str | None = None
    #: excess: what exceeds what, each by nothing or by so much; together the least that must have been added
    items: tuple[Beyond, ...] = ()
    #: ratio: least and greatest that the whole can be where it cannot be computed; equal: the same of the figures
    between: tuple[str, ...] = ()
    #: equal, excess: the number that is in question, so that what it is worth can be said
    instead: str | None = None
    #: what a difference is that rounding does not explain; None: of an excess a question, else a contradiction
    differs: Differs | None = None
    #: what the stated and the computed figure are called; None: as the facts are
    stated_label: Text | None = None
    computed_label: Text | None = None
    #: what is missing where it cannot be computed; None: the facts that are not known
    missing: Text | None = None
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
        yield from ((f"between/{index}", text) for index, text in enumerate(self.between))
        for index, item in enumerate(self.items):
            yield f"items/{index}/part", item.part
            yield f"items/{index}/whole", item.whole

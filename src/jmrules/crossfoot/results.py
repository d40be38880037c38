"""What cross-footing finds: matters, each one line however many figures show it, and how it stands with each."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import frozen

from jmrules.errors import Text

#: how it stands with a matter
Status = Literal["agrees", "rounding", "misprint", "remainder", "question", "cannot-be-computed", "contradicts"]
#: mildest first; of several matters of one check, the last counts
STATUSES: tuple[Status, ...] = (
    "agrees", "rounding", "misprint", "remainder", "cannot-be-computed", "question", "contradicts",
)  # fmt: skip


@frozen
class Side:
    """A figure that takes part in a matter, and where its source states it."""

    label: Text
    #: None where only bounds, or words, are known
    value: Decimal | Fraction | None
    unit: str | None = None
    #: sections of the source
    sections: tuple[str, ...] = ()
    #: what it lies between, where only that is known
    between: tuple[Fraction, Fraction] | None = None


@frozen
class Open:
    """What is still possible of a figure that cannot be computed."""

    #: least and greatest; None: without an end
    low: Fraction | None
    high: Fraction | None
    unit: str | None
    #: figures that nobody gave
    missing: Text
    #: what would have to be left out of the whole to reach ``reaches``, and the most that can be left out
    needed: Fraction | None = None
    most: Fraction | None = None
    #: of both
    whole_unit: str | None = None
    reaches: Fraction | None = None


@frozen
class Standing:
    """An indicator that reads a fact, and what it gets as the fact is stated, and as the other figures have it."""

    id: str
    label: Text
    before: tuple[Decimal, Decimal]
    after: tuple[Decimal, Decimal]


@frozen
class Effect:
    """What would follow if a fact were what the other figures make of it."""

    fact: str
    label: Text
    value: Decimal
    #: values computed from it that indicators read, as they would be
    derived: tuple[Side, ...]
    indicators: tuple[Standing, ...]

    @property
    def moves(self) -> bool:
        """Whether an indicator would get other points."""
        return any(each.before != each.after for each in self.indicators)


@frozen
class Matter:
    """One thing that figures say about each other."""

    #: of the ruleset's checks: their id; of the generic ones: where they stand, and what is looked at
    id: str
    #: sum, ratio, equal, at_most, excess, year, as rulesets have them; statements, list, period; claims, history
    kind: str
    label: Text
    status: Status
    #: facts that it concerns
    facts: tuple[str, ...]
    #: the figure as stated; what the other figures make of it
    stated: Side | None = None
    computed: Side | None = None
    #: stated less computed; of an excess, what is left unexplained
    difference: Decimal | Fraction | None = None
    #: the greatest difference that the printed digits allow
    tolerance: Decimal | Fraction | None = None
    #: of an item of a list, what tells it apart
    item: str | None = None
    #: further figures that show it, or what the computed one consists of
    figures: tuple[Side, ...] = ()
    #: of one that cannot be computed
    open: Open | None = None
    #: of a question whose check names the fact that is in question
    effect: Effect | None = None
    #: why it stands so, where the figures alone do not tell
    reason: Text | None = None

    #: the facts on which doubt falls where there is any; None: all that it concerns
    in_question: tuple[str, ...] | None = None
    #: a fact that it concerns is given as unknown, wholly or in part
    withheld: bool = False

    @property
    def doubted(self) -> tuple[str, ...]:
        """The facts on which it casts doubt: what reads them may score otherwise than it does.

        A contradiction casts doubt, a question too, unless the points stand whatever the answer is. To withhold a figure does
        not do away with either: what cannot be computed because a fact is unknown is as doubtful as if it failed. A slip of the
        pen, a remainder, or rounding says nothing against a figure.
        """
        named = self.facts if self.in_question is None else self.in_question
        match self.status:
            case "contradicts":
                return named
            case "question":
                return named if self.withheld or self.effect is None or self.effect.moves else ()
            case "cannot-be-computed":
                return named if self.withheld else ()
        return ()

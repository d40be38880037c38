"""What an evaluation leaves behind: flat values, from which the trace is built when someone looks."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.facts import bare_facts
from jmrules.feel import in_context
from jmrules.frozen import frozen_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.errors import JmrulesError
    from jmrules.facts import Facts
    from jmrules.methods.shares import Share
    from jmrules.plan import Plan
    from jmrules.ruleset import Grade
    from jmrules.score.allocate import Allocation


@frozen(eq=False)
class Outcome:
    """The slots after evaluation, and per leaf what came of it; a plan's leaves are numbered."""

    _slots: Sequence[Any] = field(repr=False)
    #: None where the condition could not be decided
    applies: Sequence[bool | None]
    shares: Sequence[Share]
    #: in quanta
    awards: Sequence[int]
    allocation: Allocation
    #: why a leaf's value is undefined
    causes: Mapping[int, JmrulesError]

    @cached_property
    def slots(self) -> tuple[Any, ...]:
        """The facts, derived values and scores that the plan numbers, for whoever looks: lists and contexts cannot be changed."""
        return tuple([frozen_value(value) for value in self._slots])


def slots_of(outcome: Outcome) -> Sequence[Any]:
    """The slots as they were left, for what reads them on and hands none of them out."""
    return outcome._slots


@frozen
class Limit:
    """A rule that fired and limits the score: its line after the sum."""

    rule: str
    #: a cap on the total, a veto of it, a cap on the grade
    kind: Literal["cap", "veto", "grade"]
    #: what it takes off the total, 0 or negative
    points: Decimal = Decimal(0)
    #: it is the one that the total, or the grade, comes from
    decides: bool = False
    #: the most that the total can be
    total: Decimal | None = None
    #: the most that the grade can be
    grade: Grade | None = None


@frozen(eq=False)
class Scored:
    """The score of one department, flat: what the trace, the findings and every comparison are made from."""

    total: Decimal
    grade: Grade
    plan: Plan = field(repr=False)
    #: the facts as they were given; None where all came as bare values, so that the slots say all there is to know
    given: Facts | Mapping[str, Any] | None = field(repr=False)
    outcome: Outcome = field(repr=False)
    #: caps and vetoes, in the order of the rules
    limits: tuple[Limit, ...] = field(repr=False, default=())

    def __repr__(self) -> str:
        return brief(
            self, f"total {self.total:f}", self.grade.id, self.plan.ruleset.reference, f"{len(self.limits)} limits"
        )

    @cached_property
    def facts(self) -> Facts | Mapping[str, Any]:
        """The facts that were scored."""
        return bare_facts(self.plan.ruleset, slots_of(self.outcome)) if self.given is None else self.given

    @property
    @in_context
    def total_before_limits(self) -> Decimal:
        """The rounded sum of the indicators."""
        return self.total - sum((limit.points for limit in self.limits), Decimal(0))

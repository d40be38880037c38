"""What an evaluation leaves behind: flat values, from which the trace is built when someone looks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from jmrules.backends.allocate import Allocation
    from jmrules.backends.exact.methods import Share
    from jmrules.errors import JmrulesError
    from jmrules.facts.model import Facts
    from jmrules.plan.model import Plan
    from jmrules.ruleset.model import Grade
    from jmrules.trace.model import Trace


@frozen(eq=False)
class Outcome:
    """The slots after evaluation, and per leaf what came of it; a plan's leaves are numbered."""

    slots: Sequence[Any]
    #: None where the condition could not be decided
    applies: Sequence[bool | None]
    shares: Sequence[Share]
    #: in quanta
    awards: Sequence[int]
    allocation: Allocation
    #: why a leaf's value is undefined
    causes: Mapping[int, JmrulesError]


@frozen(eq=False)
class Evaluation:
    """The score of one department."""

    total: Decimal
    grade: Grade
    plan: Plan = field(repr=False)
    facts: Facts | Mapping[str, Any] = field(repr=False)
    outcome: Outcome = field(repr=False)

    @cached_property
    def trace(self) -> Trace:
        """The score trace: a tree that accounts for every point. Built at the first look."""
        from jmrules.trace.build import build_trace

        return build_trace(self)

    def to_json(self) -> str:
        """The trace document (schemas/trace.schema.json)."""
        from jmrules.trace.document import trace_json

        return trace_json(self.trace)

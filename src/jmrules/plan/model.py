"""The plan: a ruleset as typed steps in dependency order, the one form that every backend reads.

Values live in numbered slots: first the facts, in the order of their declarations, then the derived values, then those scores
that expressions read. Points are whole numbers of quanta, a quantum being the smallest award (10^-leaf decimals).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from jmrules.frozen import frozen_mapping
from jmrules.memo import Keeper
from jmrules.ruleset.expressions import SCORES

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from jmrules.feel import Compiled
    from jmrules.feel.intervals import Intervals
    from jmrules.ruleset.model import Derived, Grade, Group, Leaf, Mode, Ruleset


@frozen(eq=False)
class Call(Keeper):
    """An expression and the slots that it reads."""

    expression: Compiled
    #: slot of each of the expression's names, in their order; None where one is no single slot
    slots: tuple[int, ...] | None
    #: where it stands in the ruleset document
    pointer: str

    def blocked_by(self, failed: Set[str]) -> bool:
        """Whether it reads a derived value or a score that could not be computed."""
        return bool(failed) and any(
            name[0] in failed or (name[0] == SCORES and (len(name) < 2 or name[1] in failed))
            for name in self.expression.names
        )


@frozen(eq=False)
class Linear:
    """Ratio: (value - zero_at) / (full_at - zero_at), bounded."""

    value: Call
    zero_at: Fraction
    full_at: Fraction


@frozen(eq=False)
class MeanCompletion:
    """Completion of a list of targets; fields by their names in the items."""

    items: Call
    target: str
    actual: str
    share: str | None
    less_is_better: str | None
    weight: str | None
    points: str | None
    set_too_low: str | None
    tolerance: Fraction
    item_rounding: int | None
    #: the leaf's stated points
    leaf_points: Fraction
    mode: Mode


@frozen(eq=False)
class Banded(Keeper):
    """Bands: the first whose ranges hold the value."""

    value: Call
    bands: tuple[tuple[Intervals, Fraction], ...]
    otherwise: Fraction | None


@frozen(eq=False)
class Stepped:
    """Steps: a share lost per step beyond the bound."""

    value: Call
    bound: Fraction
    #: 1 where the excess is above the bound, -1 below
    sign: int
    step: Fraction
    loss: Fraction
    partial: Literal["ignore", "full", "proportional"]


@frozen(eq=False)
class PlannedDeduction:
    """A counted problem: the share each costs (None: all that is left), and the most they can cost."""

    count: Call
    loss: Fraction | None
    at_most: Fraction | None


@frozen(eq=False)
class Deducted:
    """Deductions in order, down to nothing."""

    items: tuple[PlannedDeduction, ...]


@frozen(eq=False)
class Checked:
    """Checklist: the shares of the conditions that hold."""

    items: tuple[tuple[Call, Fraction], ...]


@frozen(eq=False)
class Judged:
    """Levels: by id, a share or the range that the chosen share must lie in."""

    level: Call
    levels: Mapping[str, Fraction | tuple[Fraction, Fraction]] = field(converter=frozen_mapping)
    chosen: Call | None


@frozen(eq=False)
class Interpolated:
    """Piecewise linear through (at, share), level beyond the ends."""

    value: Call
    knots: tuple[tuple[Fraction, Fraction], ...]


@frozen(eq=False)
class Computed:
    """Formula: points / the leaf's points, bounded."""

    points: Call
    leaf_points: Fraction


PlannedMethod = Linear | MeanCompletion | Banded | Stepped | Deducted | Checked | Judged | Interpolated | Computed


@frozen(eq=False)
class PlannedLeaf(Keeper):
    """A leaf, ready to be computed."""

    index: int
    leaf: Leaf
    pointer: str
    #: stated points, in quanta
    quanta: int
    method: PlannedMethod
    applies: Call | None
    #: indexes of the leaves that receive its points when it is excluded; empty: its siblings
    recipients: tuple[int, ...]
    #: share earned when the value is undefined; None: that is an error
    undefined: Fraction | None
    #: every call of the leaf
    calls: tuple[Call, ...]


@frozen(eq=False)
class PlannedGroup:
    """A group, and where its children are: leaves by index, groups by id."""

    group: Group
    pointer: str
    children: tuple[int | str, ...]
    #: indexes of all leaves below it
    leaves: tuple[int, ...]


@frozen(eq=False)
class Derive:
    """Step: compute a derived value into its slot."""

    slot: int
    derived: Derived
    call: Call


@frozen(eq=False)
class Score:
    """Step: score a leaf."""

    leaf: int


@frozen(eq=False)
class Sum:
    """Step: a group's score is now known."""

    group: str


Step = Derive | Score | Sum


@frozen(eq=False)
class Plan(Keeper):
    """A ruleset's steps; see the module."""

    ruleset: Ruleset
    #: facts and derived values by name -> slot
    slots: Mapping[str, int] = field(converter=frozen_mapping)
    #: (indicator, points | awarded | rate) -> slot, for the scores that expressions read
    score_slots: Mapping[tuple[str, str], int] = field(converter=frozen_mapping)
    #: the same by indicator
    scores_read: Mapping[str, tuple[tuple[str, int], ...]] = field(converter=frozen_mapping)
    slot_count: int
    leaves: tuple[PlannedLeaf, ...]
    groups: Mapping[str, PlannedGroup] = field(converter=frozen_mapping)
    #: children of the root: leaves by index, groups by id
    roots: tuple[int | str, ...]
    #: derived values that read no scores: computed before any indicator
    first: tuple[Derive, ...]
    #: the rest, in dependency order
    then: tuple[Step, ...]
    grades: tuple[tuple[Grade, Intervals], ...]
    #: whether rules can limit the total or the grade
    limiting: bool = False

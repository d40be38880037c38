"""The plan: a ruleset as typed steps in dependency order, the one form that every backend reads.

Values live in numbered slots: first the facts, in the order of their declarations, then the derived values, then those scores
that expressions read. Points are whole numbers of quanta, a quantum being the smallest award (10^-leaf decimals).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.frozen import frozen_mapping
from jmrules.memo import Keeper
from jmrules.methods.shapes import Call as Call  # noqa: PLC0414 - told on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from jmrules.feel import Intervals
    from jmrules.methods.shapes import Shape
    from jmrules.rounding import Mode
    from jmrules.ruleset import Constraint, Derived, Grade, Group, Leaf, Ruleset


@frozen(eq=False)
class PlannedLeaf(Keeper):
    """A leaf, ready to be computed."""

    index: int
    leaf: Leaf
    pointer: str
    #: stated points, in quanta
    quanta: int
    #: decimals and mode of its award
    digits: int
    mode: Mode
    #: the quanta that its award is a multiple of, but for all its points
    unit: int
    #: what its method comes to
    shape: Shape
    applies: Call | None
    #: indexes of the leaves that receive its points when it is excluded; empty: its siblings
    recipients: tuple[int, ...]
    #: share earned when the value is undefined; None: that is an error
    undefined: Fraction | None
    #: every call of the leaf
    calls: tuple[Call, ...]
    #: what reviewers award it, in quanta, whatever it would earn; None: what it earns
    decided: int | None = None

    def __repr__(self) -> str:
        return brief(self, self.leaf.id, f"{self.quanta} quanta", type(self.shape).__name__)

    @property
    def leaves_the_sheet(self) -> bool:
        """Whether it leaves the sheet where it does not apply: its points go to others, or are not there at all."""
        if self.applies is None or self.leaf.applies is None:
            return False
        return self.leaf.applies.otherwise in ("exclude", "absent")


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
class PlannedConstraint:
    """A relation between facts that refuses them where it does not hold."""

    constraint: Constraint
    #: on the department, whatever it goes through
    call: Call


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
    #: those of the sheet, then the lines beside it
    leaves: tuple[PlannedLeaf, ...]
    #: how many leaves are of the sheet
    on_sheet: int
    #: whether the sum is more than that of the awards: lines stand beside the sheet, or it is scaled
    beside_or_scaled: bool
    groups: Mapping[str, PlannedGroup] = field(converter=frozen_mapping)
    #: children of the root: leaves by index, groups by id
    roots: tuple[int | str, ...]
    #: derived values that read no scores: computed before any indicator
    first: tuple[Derive, ...]
    #: the rest, in dependency order
    then: tuple[Step, ...]
    grades: tuple[tuple[Grade, Intervals], ...]
    #: relations between facts without which there is no score
    constraints: tuple[PlannedConstraint, ...] = ()
    #: whether rules can limit the total or the grade
    limiting: bool = False

    def __repr__(self) -> str:
        return brief(self, self.ruleset.reference, f"{len(self.leaves)} leaves", f"{self.slot_count} slots")

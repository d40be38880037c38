"""Every branch of a ruleset, told from its plan alone: what a complete set of cases must show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from jmrules.cases.possible import Possible
from jmrules.errors import Text
from jmrules.methods import method_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.plan import Plan, PlannedLeaf

#: owner of the branches that are the whole sheet's
TOTAL = "total"


@frozen
class Branch:
    """One way that scoring can take."""

    #: id of the leaf; ``total`` for the grades
    owner: str
    #: which of the owner's branches
    key: str
    #: in words
    label: Text
    #: where the ruleset says it
    pointer: str
    #: why no facts can take it; None where some may
    unreachable: Text | None = None

    @property
    def id(self) -> str:
        """Stable name: ``owner: key``."""
        return f"{self.owner}: {self.key}"


def branches_of(plan: Plan) -> tuple[Branch, ...]:
    """All branches, in the order of the document, the grades last.

    A branch that the declared domains of the facts rule out says so; see :mod:`jmrules.cases.possible`.
    """
    possible = Possible(plan)
    found: list[Branch] = []
    for leaf in plan.leaves:
        found += _around(leaf)
        found += [evolve(branch, unreachable=possible.ruled_out(leaf, branch.key)) for branch in _of_method(leaf)]
    for index, (grade, _) in enumerate(plan.grades):
        label = Text(f"等级“{grade.label.zh}”", f"grade {grade.label.say('en')!r}")
        found.append(Branch(TOTAL, f"grade {grade.id}", label, f"/grades/{index}"))
    return tuple(found)


def _around(leaf: PlannedLeaf) -> Iterator[Branch]:
    """The branches that any leaf has: not to apply, to be undefined."""
    id, pointer = leaf.leaf.id, leaf.pointer
    if leaf.leaf.applies is not None:
        reason = leaf.leaf.applies.reason
        label = Text(f"不适用：{reason.zh}", f"does not apply: {reason.say('en')}")
        yield Branch(id, "does not apply", label, f"{pointer}/applies")
    if leaf.leaf.undefined is not None:
        reason = leaf.leaf.undefined.reason
        label = Text(f"无法计算：{reason.zh}", f"undefined: {reason.say('en')}")
        yield Branch(id, "undefined", label, f"{pointer}/undefined")


def _of_method(leaf: PlannedLeaf) -> Iterator[Branch]:
    fields, at = leaf.leaf.method, f"{leaf.pointer}/method"
    for branch in method_of(fields).branches(fields, leaf.shape):
        yield Branch(leaf.leaf.id, branch.key, branch.label, at + branch.pointer)

"""The sheet after a small change to facts: what does not read them is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.plan import Derive
from jmrules.ruleset import SCORES
from jmrules.score.bounds.engine import Contradicted, World
from jmrules.score.bounds.sheet import Impossible, Possibility, SheetBounds
from jmrules.score.sheet import earn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jmrules.feel.possible import Value
    from jmrules.plan import PlannedLeaf
    from jmrules.score.bounds.engine import Engine
    from jmrules.score.bounds.sheet import Range


class Near:
    """Sheets that differ in a few facts from one of which all is known."""

    def __init__(self, engine: Engine) -> None:
        self.engine, plan = engine, engine.plan
        readers: dict[str, list[PlannedLeaf]] = {name: [] for name in engine.facts}
        #: facts that decide which leaves leave the sheet
        self._deciding: set[str] = set()
        for leaf in plan.leaves:
            for name in engine.leaf_reads[leaf.index] & readers.keys():
                readers[name].append(leaf)
            if leaf.applies is not None and leaf.leaf.applies and leaf.leaf.applies.otherwise not in ("full", "zero"):
                self._deciding |= engine.reads_of(leaf.applies)
        self._readers = readers
        late = any(isinstance(step, Derive) for step in plan.then)
        #: facts that declare a value -> what that is computed from, and they themselves
        self._declared = {declared: engine.reads(name) | {declared} for name, declared in engine.declared.items()}
        self._apart = not late and not any(SCORES in reads for reads in engine.leaf_reads)
        self._base: SheetBounds | None = None
        self._awards: dict[int, Range] = {}
        self._points: list[Range] = []

    def sheet(self, base: SheetBounds, given: Mapping[str, Value], names: Collection[str]) -> SheetBounds | None:
        """The sheet where facts are as ``given``, with those nodes alone that read ``names``.

        ``base`` is exact, and the sheet of facts that differ from ``given`` in ``names`` alone. None: the whole sheet must be read,
        since points may move or scores are read by others. Raises Impossible where there is no score.
        """
        if not self._apart:
            return None
        stated = [declared for declared, behind in self._declared.items() if not behind.isdisjoint(names)]
        if not self._deciding.isdisjoint((*names, *stated)):
            return None
        if self._declared:
            given = {**given, **World(self.engine, given).as_declared()}
        try:
            return self._sheet(base, given, {*names, *stated})
        except Contradicted:
            raise Impossible from None

    def _sheet(self, base: SheetBounds, given: Mapping[str, Value], names: Collection[str]) -> SheetBounds:
        leaves = {leaf.index: leaf for name in names for leaf in self._readers[name]}
        world = World(self.engine, given)
        outcomes = {index: world.leaf(leaf) for index, leaf in leaves.items()}
        conditions = {
            index: (found.applies, None if True in found.applies else found.shares.error)
            for index, found in outcomes.items()
        }
        if self._base is not base:
            plan = self.engine.plan
            self._awards = {leaf.index: base.awards[leaf.leaf.id] for leaf in plan.leaves}
            self._points = [base.points[leaf.leaf.id] for leaf in plan.leaves]
            self._base = base
        sheet = Possibility(world, outcomes, conditions, {})
        sheet.points, sheet.awards = self._points, dict(self._awards)
        for index in sorted(leaves):
            leaf = leaves[index]
            if not earn(sheet, leaf, sheet.always if leaf.applies is None else sheet.applies(leaf)):
                raise Impossible
        return sheet.summed_up(leaves.keys())

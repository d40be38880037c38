"""Look for facts that reach the ends of what is possible: an end that is reached is tight.

Every sheet that is tried has all facts known, so its points are what the exact backend would award.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.feel import is_number
from jmrules.feel.possible import Known, Value, spread
from jmrules.score.bounds.constraints import may_hold
from jmrules.score.bounds.domains import Fixed, Rows, Unknown
from jmrules.score.bounds.engine import World
from jmrules.score.bounds.near import Near
from jmrules.score.bounds.samples import Hints, hints_of, moves, samples
from jmrules.score.bounds.sheet import SHEET, Impossible, Range, SheetBounds, sheet_bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jmrules.plan import PlannedLeaf
    from jmrules.score.bounds.domains import Extent
    from jmrules.score.bounds.engine import Engine

#: sheets tried in all, and for one end of one leaf
MOST_TRIES = 1500
MOST_TRIES_AN_END = 150

#: items of lists that are read in all those sheets together; where lists are long, fewer sheets are tried
MOST_ITEMS = 200_000

#: sheets that are kept to start from
SHEETS = 16

#: the root, among the ids of nodes
ROOT = ""

Facts = dict[str, Value]


class Search:
    """Tries completions of the unknown facts, and keeps the least and the greatest award of each node."""

    def __init__(self, engine: Engine, domains: Mapping[str, Extent], claimed: Mapping[str, Any]) -> None:
        self.engine = engine
        self.plan = engine.plan
        unknown = {name: domain for name, domain in domains.items() if not isinstance(domain, Fixed)}
        # Single values first: there is more to try in lists.
        self.domains = dict(sorted(unknown.items(), key=lambda entry: not isinstance(entry[1], Unknown)))
        self.claimed = claimed
        self.near = Near(engine)
        #: sheets last read in full, of facts that have a score, by the identity of the facts
        self._sheets: dict[int, tuple[Facts, SheetBounds]] = {}
        self._places = {name: place for place, name in enumerate(self.domains)}
        #: what the department declares, as far as its figures allow it
        self.stated = World(engine, {}).as_declared()
        self.reached: dict[str, Range] = {}
        #: the facts that reached each end of a node
        self.witness: dict[tuple[str, bool], Facts] = {}
        items = sum(len(domain.rows) for domain in unknown.values() if isinstance(domain, Rows))
        self.left = min(MOST_TRIES, max(6, MOST_ITEMS // (items + 1)))
        self.hints = hints_of(
            [call.expression.tree for leaf in self.plan.leaves for call in leaf.calls]
            + [call.expression.tree for call in engine.derived.values()],
            [leaf.shape for leaf in self.plan.leaves],
        )

    def run(self, bounds: SheetBounds) -> None:
        """Try to reach both ends of every node."""
        starts = self._starts()
        leaves = self.plan.leaves
        for upwards in (True, False):
            for leaf in leaves:
                wanted = bounds.awards[leaf.leaf.id]
                if self.missing(leaf.leaf.id, wanted, upwards):
                    names = self._names(leaf)
                    self._climb(leaf.leaf.id, wanted, upwards, names, self._hints(leaf), starts)
            self._merge(ROOT, bounds.total, upwards, leaves)
            if self._apart(upwards):
                self._climb(ROOT, bounds.total, upwards, list(self.domains), self.hints, ())
            if SHEET in bounds.awards:
                self._merge(SHEET, bounds.awards[SHEET], upwards, leaves)
                self._climb(SHEET, bounds.awards[SHEET], upwards, list(self.domains), self.hints, ())
            for id, group in self.plan.groups.items():
                self._merge(id, bounds.awards[id], upwards, [leaves[index] for index in group.leaves])

    def _names(self, leaf: PlannedLeaf) -> list[str]:
        """The open facts that a leaf reads."""
        return sorted(self.engine.leaf_reads[leaf.index] & self._places.keys(), key=self._places.__getitem__)

    def _apart(self, upwards: bool) -> bool:
        """Whether the leaves reach further, each for itself, than the root does."""
        ends = [self.reached.get(id) for id in (ROOT, *(leaf.leaf.id for leaf in self.plan.leaves))]
        root, *leaves = [0 if end is None else end.high if upwards else end.low for end in ends]
        return root != sum(leaves)

    def missing(self, id: str, wanted: Range, upwards: bool) -> bool:
        """Whether an end of a node has not been reached yet."""
        found = self.reached.get(id)
        return found is None or (found.high < wanted.high if upwards else found.low > wanted.low)

    def _starts(self) -> list[Facts]:
        """All as claimed, all at the first, all at the last value; those that have a score. None where a fact has no value to try."""
        found: list[Facts] = []
        for pick in (0, 1, -1):
            facts: Facts = {}
            for name, domain in self.domains.items():
                claimed = self.claimed.get(name) if pick == 0 else None
                values = samples(domain, claimed, self.hints)
                if not values:
                    return []
                facts[name] = Known(values[pick if pick < len(values) else 0])
            facts = self._mended(facts)
            if self.try_(facts) is not None:
                found.append(facts)
        return found or [facts]

    def _mended(self, facts: Facts) -> Facts:
        """The facts, with those behind what the department declares changed until that comes out as declared, if that is soon found."""
        behind = frozenset[str]().union(*map(self.engine.reads, self.engine.declared))
        away, improved = self._away(facts), True
        while away and improved and self.left > 0:
            improved = False
            for name in sorted(behind & facts.keys()):
                value = facts[name]
                current = value.value if isinstance(value, Known) else None
                for candidate in moves(self.domains[name], current, self.claimed.get(name), self.hints):
                    self.left -= 1
                    changed: Facts = {**facts, name: Known(candidate)}
                    if (nearer := self._away(changed)) < away:
                        facts, away, improved = changed, nearer, True
                        break
        return facts

    def try_(self, facts: Facts, base: Facts | None = None, names: Collection[str] = ()) -> SheetBounds | None:
        """The sheet for these facts, noted; None where they have no score.

        ``base``: facts that were tried and differ in ``names`` alone; then the nodes that read these are what is told.
        """
        self.left -= 1
        known = None if base is None else self._sheets.get(id(base))
        if not may_hold(self.engine, facts, None if known is None else names):
            return None
        try:
            found = None if known is None else self.near.sheet(known[1], facts, names)
            if found is None:
                known, found = None, sheet_bounds(self.engine, facts)
        except Impossible:
            return None
        if not found.exact or self._away(facts):
            return None
        self._note(facts, found, None if known is None else known[1])
        return found

    def _note(self, facts: Facts, found: SheetBounds, base: SheetBounds | None) -> None:
        better = False
        for id, award in (*found.awards.items(), (ROOT, found.total)):
            known = self.reached.get(id)
            if known is None or award.high > known.high:
                self.witness[id, True], better = facts, True
            if known is None or award.low < known.low:
                self.witness[id, False], better = facts, True
            self.reached[id] = award.joined(known)
        if better or base is None:
            self._keep(facts, found if base is None else found.over(base))

    def _keep(self, facts: Facts, sheet: SheetBounds) -> None:
        self._sheets[id(facts)] = facts, sheet
        if len(self._sheets) > SHEETS:
            del self._sheets[next(iter(self._sheets))]

    def _away(self, facts: Facts) -> Fraction:
        """How far the values that the department declares come out from what it declares, where its figures leave that open."""
        away = Fraction(0)
        for name, declared in self.engine.declared.items():
            said, found = spread(self.stated[declared]).span, World(self.engine, facts).value(name)
            value = found.value if isinstance(found, Known) else None
            if said is not None and is_number(value):
                nearest = min(max(value, said.low), said.high)
                away += abs(Fraction(value) - Fraction(nearest))
        return away

    def _climb(
        self, id: str, wanted: Range, upwards: bool, names: Sequence[str], hints: Hints, starts: Sequence[Facts]
    ) -> None:
        """Change one fact at a time, for as long as that brings the node nearer to its end."""
        begin = self.witness.get((id, upwards))
        for start in (*((begin,) if begin else ()), *starts):
            if not names or not self.missing(id, wanted, upwards):
                return
            self._climb_from(start, id, wanted, upwards, names, hints)

    def _climb_from(
        self, now: Facts, id: str, wanted: Range, upwards: bool, names: Sequence[str], hints: Hints
    ) -> None:
        tries = MOST_TRIES_AN_END
        improved = True
        self._renew(now)
        while improved:
            improved = False
            for name in names:
                value = now[name]
                current = value.value if isinstance(value, Known) else None
                for candidate in moves(self.domains[name], current, self.claimed.get(name), hints):
                    if tries <= 0 or self.left <= 0 or not self.missing(id, wanted, upwards):
                        return
                    tries -= 1
                    facts = {**now, name: Known(candidate)}
                    self.try_(facts, now, (name,))
                    if self.witness.get((id, upwards)) is facts:
                        now, improved = facts, True

    def _renew(self, facts: Facts) -> None:
        """See to it that the sheet of facts that were tried is there to start from."""
        if id(facts) in self._sheets:
            self._keep(*self._sheets.pop(id(facts)))
        elif any(facts is each for each in self.witness.values()):
            self._keep(facts, sheet_bounds(self.engine, facts))

    def _hints(self, leaf: PlannedLeaf) -> Hints:
        reads = self.engine.leaf_reads[leaf.index]
        calls = [*leaf.calls, *([leaf.applies] if leaf.applies else [])]
        calls += [call for name, call in self.engine.derived.items() if name in reads]
        return hints_of([call.expression.tree for call in calls], [leaf.shape])

    def _merge(self, id: str, wanted: Range, upwards: bool, leaves: Sequence[PlannedLeaf]) -> None:
        """Put together the facts that brought each leaf of a node to its end."""
        now = self.witness.get((id, upwards))
        for leaf in leaves:
            best = self.witness.get((leaf.leaf.id, upwards))
            if now is None or best is None or self.left <= 0 or not self.missing(id, wanted, upwards):
                return
            changed = {name: best[name] for name in self._names(leaf) if best[name] is not now[name]}
            if not changed:
                continue
            self._renew(now)
            facts = {**now, **changed}
            self.try_(facts, now, changed)
            if self.witness[id, upwards] is facts:
                now = facts


def per_node(bounds: SheetBounds) -> dict[str, Range]:
    """The awards of every node, the root among them."""
    return {**bounds.awards, ROOT: bounds.total}

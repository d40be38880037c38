"""Sets of variables of one size that may be enough for a goal: found by depth-first search, pruned by bounds.

With a set of variables open, the sheet comes to no more than the sum over its leaves of the most that each may earn; and what
a leaf may earn depends on those variables alone that it reads. One more variable lifts only leaves that read it, and no leaf
above what it may earn with every variable open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jmrules.whatif.goal import Goal
    from jmrules.whatif.prospect import Prospect


class SetSearch:
    """Looks for sets of variables that bounds do not rule out."""

    def __init__(self, prospect: Prospect, goal: Goal, looks: int, nodes: int) -> None:
        self.prospect, self.goal = prospect, goal
        self.renew(looks, nodes)
        self._most: dict[tuple[int, frozenset[int]], int] = {}
        count = len(prospect.variables)
        self.all = self._tops(frozenset(range(count)))
        self.none = self._tops(frozenset())
        self.order = sorted(self._relevant(), key=lambda index: (-self._lift(index), index))

    def renew(self, looks: int, nodes: int) -> None:
        """Allow so many looks at sheets, and so many sets, from now on."""
        self.last, self.nodes = self.prospect.looks + looks, nodes
        #: whether every set that was asked for was looked at
        self.complete = True

    def most(self, chosen: Iterable[int]) -> int:
        """No less than the sheet can come to with these variables open."""
        return sum(self._tops(frozenset(chosen)))

    def _relevant(self) -> set[int]:
        """Variables that lift some leaf, and those that may mend what these spoil, and so on.

        The others reach only leaves that cannot earn more; undoing a change to them loses nothing. Rules that limit the score
        may read any; and where a sheet is scaled, a leaf that leaves it may lift the total by earning nothing.
        """
        readers, plan = self.prospect.readers, self.prospect.plan
        if plan.limiting or plan.ruleset.scale is not None:
            return set(range(len(readers)))
        touched = {leaf for index in range(len(readers)) if self._lift(index) for leaf in readers[index]}
        while True:
            found = {index for index, leaves in enumerate(readers) if touched & leaves}
            wider = touched.union(*(readers[index] for index in found))
            if wider == touched:
                return found
            touched = wider

    def _lift(self, index: int) -> int:
        """How much more the leaves that a variable reaches may earn, with everything open."""
        return sum(self.all[leaf] - self.none[leaf] for leaf in self.prospect.readers[index])

    def _tops(self, chosen: frozenset[int]) -> list[int]:
        return [self._top(leaf.index, chosen) for leaf in self.prospect.plan.leaves]

    def _top(self, leaf: int, chosen: frozenset[int]) -> int:
        """The most that a leaf may earn with these variables open."""
        readers = self.prospect.readers
        mine = frozenset(index for index in chosen if leaf in readers[index])
        if (leaf, mine) not in self._most:
            sheet = self.prospect.opened(mine)
            # The present values are among those that are open, and they have a score.
            assert sheet is not None
            for each in self.prospect.plan.leaves:
                read = frozenset(index for index in mine if each.index in readers[index])
                self._most.setdefault((each.index, read), sheet.awards[each.leaf.id].high)
        return self._most[leaf, mine]

    def of_size(self, size: int) -> Iterator[tuple[int, ...]]:
        """The sets of this size that may be enough, those first whose variables promise most."""
        yield from self._from(0, (), self.none, size)

    def _from(self, start: int, chosen: tuple[int, ...], tops: Sequence[int], left: int) -> Iterator[tuple[int, ...]]:
        if self.prospect.looks > self.last or self.nodes <= 0:
            self.complete = False
            return
        self.nodes -= 1
        if not left:
            if self.goal.possible_with(sum(tops)) and self._enough(chosen):
                yield tuple(sorted(chosen))
            return
        total = sum(tops)
        for position in range(start, len(self.order) - left + 1):
            if not self.goal.possible_with(total + self._room(position, tops, left)):
                return
            index = self.order[position]
            more = (*chosen, index)
            raised = list(tops)
            for leaf in self.prospect.readers[index]:
                raised[leaf] = max(tops[leaf], self._top(leaf, frozenset(more)))
            yield from self._from(position + 1, more, raised, left - 1)

    def _room(self, position: int, tops: Sequence[int], left: int) -> int:
        """By how much ``left`` more variables, from this position of the order on, can lift the sheet at most."""
        readers, order = self.prospect.readers, self.order
        kinds = {readers[order[later]] for later in range(position, len(order))}
        rooms = sorted((sum(self.all[leaf] - tops[leaf] for leaf in kind) for kind in kinds), reverse=True)
        return sum(rooms[:left])

    def _enough(self, chosen: tuple[int, ...]) -> bool:
        sheet = self.prospect.opened(chosen)
        return sheet is not None and self.goal.possible(sheet.total.high)

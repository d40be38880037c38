"""What share of its points each indicator earns, and its points on the sheet, for the departments of a table.

Shares are floats with a bound on their error, as in ``score.columns``: enough to say to many decimals where a sum comes from, while
awards, totals and grades are the exact ones of the scores.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.errors import LimitError
from jmrules.feel.vectors import NotColumnar, clipped, constant
from jmrules.score import Case, earn
from jmrules.score.columns import LeafReader, Share, Sheet, allocated, case_of, doubtful, published, read_fact, share_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from jmrules.batch import Scores
    from jmrules.plan import PlannedLeaf
    from jmrules.score.columns import Program

Array = Any
#: shares, and a bound on the error of each
Pair = tuple[Array, Array]

#: a bound on the error of a share that is no use: one huge number in a column makes that of all large
_TOLERATED = 1e-13


class SheetShares:
    """The shares of one ruleset for some departments that have a score, as an arithmetic of leaves."""

    always: Case[Array] = Case(np.True_, None, None)

    def __init__(self, scores: Scores, facts: pa.Table, rows: Array) -> None:
        """``facts``: the columns that were scored; ``rows``: a mask of the departments to look at."""
        self.program: Program = scores.program
        self.plan = scores.program.plan
        self.count = facts.num_rows
        columns = {name: facts.column(name).combine_chunks() for name in facts.column_names}
        read = {each.id: read_fact(each, columns[each.id]) for each in self.plan.ruleset.facts}
        #: departments that this reading cannot tell everything of
        self.unsure: Array = ~rows
        for fact in read.values():
            if fact.aside is not None:
                self.unsure |= fact.aside
        self._sheet = Sheet(self.program.trees, self.count, {name: fact.read for name, fact in read.items()})
        self._reader = LeafReader(self.plan, columns)
        self._cases = {
            leaf.index: case_of(leaf, self.program, self._sheet, self._reader, self.unsure)
            for leaf in self.plan.leaves
            if leaf.applies is not None
        }
        leaving = {
            leaf.index: exempt
            for leaf in self.plan.leaves
            if leaf.leaves_the_sheet
            if (exempt := self._cases[leaf.index].exempt) is not None
        }
        made = allocated(self.program, leaving, self.unsure)
        #: a row per pattern of excluded leaves: the points of each leaf, in quanta, and whether it is excluded
        self.quanta, self.excluded = np.array(made.table, dtype=np.int64), np.array(made.excluded)
        self.pattern: Array = np.zeros(self.count, dtype=np.int64) if made.pattern is None else made.pattern
        self._scores = self._published(scores)

    def _points(self, leaves: tuple[int, ...]) -> Array:
        """Points of some leaves together, of each department."""
        return self.quanta[:, list(leaves)].sum(axis=1)[self.pattern]

    def _published(self, scores: Scores) -> dict[int, tuple[Array, Array]]:
        """Put the scores that expressions read where they are read; they are known, so order does not matter."""
        digits = self.plan.ruleset.rounding.leaf
        by_place = {}
        for place, (indicator, _) in enumerate(self.plan.score_slots):
            leaves = self.program.leaves_of(indicator)
            awarded = scores.awards[list(leaves)].sum(axis=0, dtype=np.int64)
            points = self._points(leaves)
            self._sheet.publish(indicator, "awarded", published(awarded, digits))
            self._sheet.publish(indicator, "points", published(points, digits))
            by_place[place] = awarded, points
        self._sheet.complete_rates({indicator for indicator, what in self.plan.score_slots if what == "rate"})
        return by_place

    # ---- shares

    def shares(self, leaf: PlannedLeaf) -> tuple[Array, Array]:
        """The share that each department earns of a leaf, and a bound on its error."""
        self._made = np.zeros(self.count), np.zeros(self.count)
        earn(self, leaf, self._cases.get(leaf.index, self.always))
        self.unsure |= ~np.isfinite(self._made[0])
        return self._made

    def share(self, leaf: PlannedLeaf, where: Array) -> tuple[Pair, Array]:
        """The share by the leaf's method, its error, and where it is undefined."""
        x, error = np.zeros(self.count), np.zeros(self.count)
        undef, doubt = np.zeros(self.count, dtype=bool), np.ones(self.count, dtype=bool)
        if leaf.index not in self.program.by_rows:
            try:
                share = share_of(leaf.shape, self._sheet.rows)
            except NotColumnar:
                pass
            else:
                x[:], error[:] = _floats(share)
                if share.undef is not None:
                    undef[:] = share.undef
                doubt = ~(error <= _TOLERATED) if share.doubt is None else share.doubt | ~(error <= _TOLERATED)
        for row in doubtful(doubt & where, self.unsure).tolist():
            try:
                exact = self._reader.share(leaf, row, self._scores)
            except LimitError:
                self.unsure[row] = True
                continue
            undef[row] = exact is None
            if exact is not None:
                x[row], error[row] = _float(Fraction(*exact))
        return (x, error), undef & where

    def constant(self, leaf: PlannedLeaf, share: tuple[int, int]) -> Pair:
        """The nearest float."""
        return _float(Fraction(*share))

    def award(self, leaf: PlannedLeaf, earned: Sequence[tuple[Array, Pair]]) -> None:
        """Of awards nothing is asked here."""
        for where, (x, error) in earned:
            np.copyto(self._made[0], x, where=where)
            np.copyto(self._made[1], error, where=where)

    def fail(self, leaf: PlannedLeaf, where: Array) -> None:
        """Such departments have no score, and are not looked at."""


def sheet_shares(scores: Scores, facts: pa.Table, rows: Array) -> SheetShares:
    """The shares of the departments of the mask ``rows``, ready to be asked for."""
    with np.errstate(all="ignore"):
        return SheetShares(scores, facts, rows)


def _float(share: Fraction) -> tuple[float, float]:
    held = constant(share)
    return float(held.x), float(held.error)


def _floats(share: Share) -> tuple[Array, Array]:
    """Shares between 0 and 1, and a bound on the error of each."""
    if share.value is None:
        pairs = np.array([_float(each) for each in share.table])
        at = np.clip(share.index, 0, len(share.table) - 1)
        return pairs[at, 0], pairs[at, 1]
    value = clipped(share.value)
    return value.x, value.error

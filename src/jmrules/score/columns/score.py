"""Score the leaves of a run of departments in floats, and what they leave in doubt by the exact backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jmrules.errors import LimitError
from jmrules.feel.vectors import Array, Mask, NotColumnar, awarded, full, mask_of
from jmrules.score.columns.by_rows import LeafReader
from jmrules.score.columns.conditions import allocated, case_of, doubtful, set_aside_unmet
from jmrules.score.columns.facts import read_fact
from jmrules.score.columns.shares import Share as Shares
from jmrules.score.columns.shares import share_of
from jmrules.score.columns.sheet import Sheet, published
from jmrules.score.sheet import Case, combined, most_taken, rounded_award

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    import pyarrow as pa

    from jmrules.methods.shares import Share
    from jmrules.plan import Derive, Plan, PlannedLeaf
    from jmrules.score.columns.program import Program


class Run:
    """The arithmetic of one run of departments: where something is so, is a mask of them."""

    always: Case[Array] = Case(np.True_, None, None)

    def __init__(self, program: Program, columns: Mapping[str, pa.Array], awards: Array) -> None:
        self.program, self.plan, self.awards = program, program.plan, awards
        self.count = awards.shape[1]
        self.aside = np.zeros(self.count, dtype=bool)
        facts = {each.id: read_fact(each, columns[each.id]) for each in self.plan.ruleset.facts}
        for fact in facts.values():
            if fact.aside is not None:
                self.aside |= fact.aside
        self.sheet = Sheet(program.trees, self.count, {name: fact.read for name, fact in facts.items()})
        self.reader = LeafReader(self.plan, columns)
        set_aside_unmet(self.plan, self.sheet, self.reader, self.aside)
        self.doubtful = 0
        self._rows = list(awards)

    def applies(self, leaf: PlannedLeaf) -> Case[Array]:
        """Each department has one of the three."""
        return case_of(leaf, self.program, self.sheet, self.reader, self.aside)

    def allocate(self, leaving: Mapping[int, Array]) -> None:
        """Move the points of what is excluded; who has nothing left is set aside."""
        self.quanta = allocated(self.program, leaving, self.aside)

    def derive(self, step: Derive) -> None:
        """It is computed when it is first read."""

    def publish(self, id: str, leaves: Sequence[int]) -> None:
        """Where the sheet reads them."""
        awarded, points = self._together(leaves)
        digits = self.plan.ruleset.rounding.leaf
        self.sheet.publish(id, "awarded", published(awarded, digits))
        self.sheet.publish(id, "points", published(points if points.size > 1 else points[0], digits))
        if any(what == "rate" for what, _ in self.plan.scores_read[id]):
            self.sheet.complete_rates({id})

    def _together(self, leaves: Sequence[int]) -> tuple[Array, Array]:
        """Awards and points of some leaves together."""
        points: Array = sum((self.quanta.per_row(leaf) for leaf in leaves), np.zeros(1, dtype=np.int64))
        return self.awards[list(leaves)].sum(axis=0), points

    def total(self, failed: Set[str]) -> tuple[Array, Array]:
        """Totals and grades; who has no score is set aside."""
        return totals_and_grades(self.program, self.awards, self._together(range(self.plan.on_sheet))[1])

    # ---- one leaf

    def share(self, leaf: PlannedLeaf, where: Array) -> tuple[Array, Mask]:
        """What its shares earn, in place: whether floats can tell a share depends on how it is rounded."""
        out = self._rows[leaf.index]
        undef: Mask = None
        by_rows = leaf.index in self.program.by_rows
        if not by_rows:
            try:
                share = share_of(leaf.shape, self.sheet.rows)
                undef, doubt = share.undef, self._award(leaf, share, out)
            except NotColumnar:
                by_rows = True
        if by_rows:
            out[:], doubt = 0, np.True_
        rows = doubtful(None if doubt is None else doubt & where, self.aside)
        if len(rows):
            self.doubtful += 0 if by_rows else len(rows)
            undef = self._exactly(leaf, rows, undef, out)
        return out, None if undef is None else mask_of(full(undef & where, self.count))

    def _award(self, leaf: PlannedLeaf, share: Shares, out: Array) -> Mask:
        """Fill the awards of shares; where they are in doubt."""
        if share.value is not None:
            if leaf.unit != 1:
                # It is rounded otherwise than the others: each department by the functions of the exact backend.
                out[:] = 0
                return np.True_
            awarded(share.value, self.quanta.per_row(leaf.index), leaf.mode, out)
            return share.doubt
        table = self.program.table(leaf, share.table, self.quanta.of_leaf(leaf.index))
        index = np.clip(share.index, 0, len(share.table) - 1)
        out[:] = table[0 if self.quanta.pattern is None else self.quanta.pattern, index]
        return share.doubt

    def _exactly(self, leaf: PlannedLeaf, rows: Array, undef: Mask, out: Array) -> Mask:
        """Score departments by the functions of the exact backend. The mask of undefined ones, renewed."""
        quanta = np.broadcast_to(self.quanta.per_row(leaf.index), self.count)
        undefined = np.zeros(self.count, dtype=bool) if undef is None else np.array(full(undef, self.count))
        scores = {
            number: self._together(self.program.leaves_of(indicator))
            for number, (indicator, _) in enumerate(self.plan.score_slots)
        }
        for row in rows.tolist():
            try:
                share = self.reader.share(leaf, row, scores)
            except LimitError:
                # The department has no score; the exact backend says why.
                self.aside[row] = True
                continue
            undefined[row] = share is None
            if share is not None:
                out[row] = rounded_award(leaf, share, int(quanta[row]))
        return undefined

    def constant(self, leaf: PlannedLeaf, share: Share) -> Array:
        """What it earns of each number of points."""
        earned = np.array([rounded_award(leaf, share, each) for each in self.quanta.of_leaf(leaf.index)])
        return earned if self.quanta.pattern is None else earned[self.quanta.pattern]

    def award(self, leaf: PlannedLeaf, earned: Sequence[tuple[Array, Array]]) -> None:
        """Those of shares stand there already."""
        out = self._rows[leaf.index]
        if earned[0][1] is not out:
            # Departments set aside have no other.
            out[:] = 0
        for where, each in earned:
            if each is not out:
                np.copyto(out, each, where=where, casting="same_kind")

    def fail(self, leaf: PlannedLeaf, where: Array) -> None:
        """The exact backend says why."""
        self.aside |= where


def totals_and_grades(program: Program, awards: Array, points: Array) -> tuple[Array, Array]:
    """Rounded totals in units of their last decimal, and numbers of grades; ``points``: those of the sheet, of each department."""
    totals = _rounded_sums(program.plan, awards, points)
    ruleset, digits = program.plan.ruleset, program.plan.ruleset.rounding.total
    if ruleset.clamp is not None:
        if ruleset.clamp.least is not None:
            totals = np.maximum(totals, int(ruleset.clamp.least.scaleb(digits)))
        if ruleset.clamp.most is not None:
            totals = np.minimum(totals, int(ruleset.clamp.most.scaleb(digits)))
    place = np.searchsorted(program.grade_cuts, totals, side="right") - 1
    # a department that is set aside may hold anything
    return totals, program.grade_codes[np.maximum(place, 0)]


def _rounded_sums(plan: Plan, awards: Array, points: Array) -> Array:
    rounding = plan.ruleset.rounding
    if plan.ruleset.scale is not None:
        return _scaled_sums(plan, awards, points)
    totals = awards.sum(axis=0, dtype=np.int64) - most_taken(plan)
    factor = 10 ** abs(rounding.total - rounding.leaf)
    if rounding.total >= rounding.leaf:
        totals = totals * factor
    else:
        below = totals < 0
        totals, rest = np.divmod(np.abs(totals), factor)
        up = {
            "half up": 2 * rest >= factor,
            "half down": 2 * rest > factor,
            "half even": (2 * rest > factor) | ((2 * rest == factor) & (totals % 2 == 1)),
            "up": rest > 0,
            "down": np.False_,
        }[rounding.mode]
        totals = totals + up
        totals = np.where(below, -totals, totals)
    return totals


def _scaled_sums(plan: Plan, awards: Array, points: Array) -> Array:
    """Each different sum once, exactly."""
    sums = np.stack(
        [
            awards[: plan.on_sheet].sum(axis=0, dtype=np.int64),
            np.broadcast_to(points, awards.shape[1]),
            awards[plan.on_sheet :].sum(axis=0, dtype=np.int64) - most_taken(plan),
        ]
    )
    different, place = np.unique(sums, axis=1, return_inverse=True)
    # a department that is set aside may have no points
    made = [combined(plan, awarded, max(points, 1), beside) for awarded, points, beside in different.T.tolist()]
    return np.array(made, dtype=np.int64)[place.reshape(-1)]

"""Score the leaves of a run of departments in floats, and what they leave in doubt by the exact backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jmrules.errors import LimitError
from jmrules.feel.vectors.approximate import awarded
from jmrules.feel.vectors.vectors import Array, Mask, NotColumnar, either, full
from jmrules.plan.model import Score, Sum
from jmrules.rounding import ROUND
from jmrules.score.columns.by_rows import LeafReader
from jmrules.score.columns.conditions import (
    APPLIES,
    EXEMPT,
    UNKNOWN,
    allocated,
    doubtful,
    set_aside_unmet,
    states_of,
)
from jmrules.score.columns.facts import read_fact
from jmrules.score.columns.shares import Share, share_of
from jmrules.score.columns.sheet import Sheet, published

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from jmrules.plan.model import PlannedLeaf
    from jmrules.score.columns.program import Program


class Run:
    """One run of departments, while it is being scored."""

    def __init__(self, program: Program, columns: Mapping[str, pa.Array], awards: Array) -> None:
        self.program, self.plan, self.awards = program, program.plan, awards
        self.count = awards.shape[1]
        self.rounding = self.plan.ruleset.rounding
        self.aside = np.zeros(self.count, dtype=bool)
        facts = {each.id: read_fact(each, columns[each.id]) for each in self.plan.ruleset.facts}
        for fact in facts.values():
            if fact.aside is not None:
                self.aside |= fact.aside
        self.sheet = Sheet(program.trees, self.count, {name: fact.read for name, fact in facts.items()})
        self.reader = LeafReader(self.plan, columns)
        self.doubtful = 0

    def everything(self) -> None:
        """All leaves in their order."""
        set_aside_unmet(self.plan, self.sheet, self.reader, self.aside)
        self.states = {
            leaf.index: states_of(leaf, self.program, self.sheet, self.reader, self.aside)
            for leaf in self.plan.leaves
            if leaf.applies is not None
        }
        self.quanta = allocated(self.program, self.states, self.aside)
        groups = self.plan.groups
        for step in self.plan.then:
            if isinstance(step, Score):
                leaf = self.plan.leaves[step.leaf]
                self._leaf(leaf, self.awards[leaf.index])
                self._publish(leaf.leaf.id, (step.leaf,))
            elif isinstance(step, Sum):
                self._publish(step.group, groups[step.group].leaves)

    def _publish(self, indicator: str, leaves: tuple[int, ...]) -> None:
        wanted = {what for what, _ in self.plan.scores_read.get(indicator, ())}
        if not wanted:
            return
        digits = self.rounding.leaf
        points = sum((self.quanta.per_row(leaf) for leaf in leaves), np.zeros(1, dtype=np.int64))
        self.sheet.publish(indicator, "awarded", published(self.awards[list(leaves)].sum(axis=0), digits))
        self.sheet.publish(indicator, "points", published(points if points.size > 1 else points[0], digits))
        if "rate" in wanted:
            self.sheet.complete_rates({indicator})

    # ---- one leaf

    def _leaf(self, leaf: PlannedLeaf, out: Array) -> None:
        states = self.states.get(leaf.index)
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
        if states is not None and doubt is not None:
            doubt = doubt & (states == APPLIES)
        rows = doubtful(doubt, self.aside)
        if len(rows):
            self.doubtful += 0 if by_rows else len(rows)
            undef = self._exactly(leaf, rows, undef, out)
        self._unusual(leaf, states, undef, out)

    def _award(self, leaf: PlannedLeaf, share: Share, out: Array) -> Mask:
        """Fill the awards of shares; where they are in doubt."""
        if share.value is not None:
            return either(share.doubt, awarded(share.value, self.quanta.per_row(leaf.index), self.rounding.mode, out))
        table = self.program.table(share.table, self.quanta.of_leaf(leaf.index))
        index = np.clip(share.index, 0, len(share.table) - 1)
        out[:] = table[0 if self.quanta.pattern is None else self.quanta.pattern, index]
        return share.doubt

    def _exactly(self, leaf: PlannedLeaf, rows: Array, undef: Mask, out: Array) -> Mask:
        """Score departments by the functions of the exact backend. The mask of undefined ones, renewed."""
        rounded = ROUND[self.rounding.mode]
        quanta = np.broadcast_to(self.quanta.per_row(leaf.index), self.count)
        undefined = np.zeros(self.count, dtype=bool) if undef is None else np.array(full(undef, self.count))
        scores = self._scores()
        for row in rows.tolist():
            try:
                share = self.reader.share(leaf, row, scores)
            except LimitError:
                # The department has no score; the exact backend says why.
                self.aside[row] = True
                continue
            undefined[row] = share is None
            if share is not None:
                out[row] = rounded(share[0] * int(quanta[row]), share[1])
        return undefined

    def _scores(self) -> dict[int, tuple[Array, Array]]:
        """Awards and points so far, by slot-bearing indicator, for the reading by rows."""
        found: dict[int, tuple[Array, Array]] = {}
        for number, (indicator, _) in enumerate(self.plan.score_slots):
            leaves = self.program.leaves_of(indicator)
            points: Any = sum((self.quanta.per_row(leaf) for leaf in leaves), np.zeros(1, dtype=np.int64))
            found[number] = self.awards[list(leaves)].sum(axis=0), points
        return found

    def _unusual(self, leaf: PlannedLeaf, states: Array | None, undef: Mask, out: Array) -> None:
        """Leaves that do not apply, and those whose value is undefined."""
        wrong = undef
        if states is not None:
            applies = leaf.leaf.applies
            assert applies is not None
            quanta = self.quanta.per_row(leaf.index)
            earned = quanta if applies.otherwise == "full" else np.zeros(1, dtype=np.int64)
            exempt = states == EXEMPT
            np.copyto(out, earned, where=exempt, casting="same_kind")
            wrong = undef if undef is None else undef & ~exempt
            unknown = states == UNKNOWN
            if unknown.any():
                wrong = unknown if wrong is None else wrong | unknown
        if wrong is None or not np.any(wrong):
            return
        wrong = full(wrong, self.count)
        if leaf.undefined is None:
            self.aside |= wrong
            return
        table = self.program.table((leaf.undefined,), self.quanta.of_leaf(leaf.index))[:, 0]
        out[wrong] = table[0] if self.quanta.pattern is None else table[self.quanta.pattern[wrong]]


def totals_and_grades(program: Program, awards: Array) -> tuple[Array, Array]:
    """Rounded totals in units of their last decimal, and numbers of grades."""
    rounding = program.plan.ruleset.rounding
    totals = awards.sum(axis=0, dtype=np.int64)
    factor = 10 ** abs(rounding.total - rounding.leaf)
    if rounding.total >= rounding.leaf:
        totals = totals * factor
    else:
        totals, rest = np.divmod(totals, factor)
        up = {
            "half up": 2 * rest >= factor,
            "half down": 2 * rest > factor,
            "half even": (2 * rest > factor) | ((2 * rest == factor) & (totals % 2 == 1)),
            "up": rest > 0,
            "down": np.False_,
        }[rounding.mode]
        totals = totals + up
    place = np.searchsorted(program.grade_cuts, totals, side="right") - 1
    # a department that is set aside may hold anything
    return totals, program.grade_codes[np.maximum(place, 0)]

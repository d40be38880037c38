"""Score a run of departments: leaf by leaf in floats, what is in doubt in exact arithmetic, and what remains set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from jmrules.errors import LimitError
from jmrules.feel.vectors import kernels
from jmrules.feel.vectors.approximate import Approx
from jmrules.feel.vectors.rational import to_whole
from jmrules.feel.vectors.vectors import Array, Mask, NotColumnar, full
from jmrules.plan.model import Score, Sum
from jmrules.rounding import ROUND
from jmrules.rules.columns.findings import Found
from jmrules.rules.columns.findings import findings as rules_that_fire
from jmrules.rules.columns.limits import limit
from jmrules.rules.columns.rules import Results
from jmrules.score.columns.by_rows import LeafReader
from jmrules.score.columns.completion import KINDS
from jmrules.score.columns.conditions import (
    APPLIES,
    EXEMPT,
    UNKNOWN,
    allocated,
    doubtful,
    set_aside,
    stated,
    states_of,
)
from jmrules.score.columns.machine.feed import feed
from jmrules.score.columns.machine.run import execute
from jmrules.score.columns.shares import Share, exact_awards, share_of
from jmrules.score.columns.sheet import Sheet, published

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from jmrules.plan.model import PlannedLeaf
    from jmrules.score.columns.program import Program


@frozen(eq=False)
class Filled:
    """The scores of a table while they are being filled in, a run of departments after another."""

    #: a row per leaf, in quanta
    awards: Array
    #: in units of the total's last decimal, as rules limit them
    totals: Array
    #: numbers of grades
    grades: Array


@frozen(eq=False)
class Scored:
    """What else came of a run of departments."""

    #: departments that only the scalar backend can score, or that have no score; what is filled in for them counts for nothing
    aside: Array
    #: points of each leaf over the other departments, in quanta
    points: Array
    #: leaf evaluations that floats could not decide
    doubtful: int
    #: which rules fire, where asked for
    findings: Found | None = None


def score(
    program: Program,
    columns: Mapping[str, pa.Array],
    place: slice,
    filled: Filled,
    *,
    refused: Array = None,
    findings: bool = False,
) -> Scored:
    """Fill in the scores of the departments that stand at a place of the table.

    Those of the mask ``refused`` are set aside from the start.
    """
    awards, totals, grades = filled.awards[:, place], filled.totals[place], filled.grades[place]
    found = None
    with np.errstate(all="ignore"):
        run = _Run(program, columns, awards)
        if refused is not None:
            run.aside |= refused
        if not run.machine(filled, place.start):
            run.everything()
            totals[:], grades[:] = totals_and_grades(program, awards)
        run.late()
        if findings or program.plan.limiting:
            points = [run.quanta.per_row(leaf.index) for leaf in program.plan.leaves]
            results = Results(program.plan, awards, points, totals, grades)
            found = rules_that_fire(program, run.sheet, results) if findings else None
            if program.plan.limiting:
                limit(program, run.sheet, results, run.aside)
    return Scored(run.aside, run.quanta.sums(~run.aside), run.doubtful, found)


class _Run:
    """One run of departments, while it is being scored."""

    def __init__(self, program: Program, columns: Mapping[str, pa.Array], awards: Array) -> None:
        self.program, self.plan, self.columns, self.awards = program, program.plan, columns, awards
        self.count = awards.shape[1]
        self.rounding = self.plan.ruleset.rounding
        self.feed = feed(self.plan.ruleset, columns)
        self.aside = np.zeros(self.count, dtype=bool)
        for fact in self.feed.read.values():
            if fact.aside is not None:
                self.aside |= fact.aside
        facts = {each.id: self.feed.reader(each) for each in self.plan.ruleset.facts}
        self.sheet = Sheet(program.trees, self.count, facts)
        self.reader = LeafReader(self.plan, columns)
        self.doubtful = 0

    def machine(self, filled: Filled, begin: int) -> bool:
        """Score the leaves that are compiled; whether that is all there was to do."""
        plan, machine = self.plan, self.program.machine(self.feed)
        code = machine.code
        self.compiled = machine.leaves
        self.quanta = stated(self.program)
        self.left = np.zeros((len(plan.leaves), self.count), dtype=bool)
        rounding, whole = self.rounding, len(machine.leaves) == len(plan.leaves)
        # totals of fewer decimals than awards need rounding
        factor = 10 ** (rounding.total - rounding.leaf) if whole and rounding.total >= rounding.leaf else 0
        # a cut that no sum of awards reaches need not fit their type
        cuts = np.minimum(-(-self.program.grade_cuts // max(factor, 1)), sum(self.quanta.table[0]) + 1)
        self.doubtful, left, outside = execute(
            code.instructions, code.floats, code.whole, code.needed, code.starts, self.feed.columns, self.feed.list_columns,
            begin, filled.awards, self.aside, self.left, filled.totals, filled.grades, cuts, self.program.grade_codes, factor,
        )  # fmt: skip
        if not outside:
            self.feed.accept(machine.fields)
        return not left and factor > 0 and not plan.scores_read

    def everything(self) -> None:
        """All leaves in their order."""
        states = {
            leaf.index: states_of(leaf, self.program, self.sheet, self.reader, self.aside)
            for leaf in self.plan.leaves
            if leaf.applies is not None and leaf.index not in self.compiled
        }
        self.quanta = allocated(self.program, states, self.aside)
        groups = self.plan.groups
        for step in self.plan.then:
            if isinstance(step, Score):
                leaf = self.plan.leaves[step.leaf]
                self._leaf(leaf, states.get(step.leaf))
                self._publish(leaf.leaf.id, (step.leaf,))
            elif isinstance(step, Sum):
                self._publish(step.group, groups[step.group].leaves)

    def late(self) -> None:
        """Set aside the departments of which it turned out when lists were read that some item does not fit."""
        for found in self.feed.late():
            self.aside |= found

    def _publish(self, indicator: str, leaves: tuple[int, ...]) -> None:
        wanted = {what for what, _ in self.plan.scores_read.get(indicator, ())}
        if not wanted:
            return
        digits = self.rounding.leaf
        awarded = self.awards[list(leaves)].sum(axis=0)
        points = sum((self.quanta.per_row(leaf) for leaf in leaves), np.zeros(1, dtype=np.int64))
        self.sheet.publish(indicator, "awarded", published(awarded, digits))
        self.sheet.publish(indicator, "points", published(points if points.size > 1 else points[0], digits))
        if "rate" in wanted:
            self.sheet.complete_rates({indicator})

    # ---- one leaf

    def _leaf(self, leaf: PlannedLeaf, states: Array | None) -> None:
        out = self.awards[leaf.index]
        if leaf.index in self.compiled:
            rows = doubtful(self.left[leaf.index], self.aside)
            if len(rows):
                self._unusual(leaf, None, self._again(leaf, rows, None, out), out)
            return
        try:
            if leaf.index in self.program.by_rows:
                raise NotColumnar("", "")
            share = share_of(leaf.method, self.sheet.rows)
        except NotColumnar:
            self._leaf_by_rows(leaf, states, out)
            return
        doubt = self._award(leaf, share, self.quanta.per_row(leaf.index), self.quanta.pattern, out)
        undef = share.undef
        if states is not None:
            doubt = None if doubt is None else doubt & (states == APPLIES)
        rows = doubtful(doubt, self.aside)
        if len(rows):
            self.doubtful += len(rows)
            undef = self._again(leaf, rows, undef, out)
        self._unusual(leaf, states, undef, out)

    def _award(self, leaf: PlannedLeaf, share: Share, quanta: Array, pattern: Array, out: Array) -> Mask:
        """Fill the awards of shares; where they are in doubt."""
        mode = self.rounding.mode
        if share.value is None:
            table = self.program.table(share.table, self.quanta.of_leaf(leaf.index))
            if pattern is None:
                np.take(table[0].astype(out.dtype), share.index, out=out, mode="clip")
            else:
                out[:] = table[pattern, share.index]
            return share.doubt
        if isinstance(share.value, Approx):
            value = share.value
            x = np.ascontiguousarray(full(value.x, len(out)))
            kind = KINDS.get(mode, kernels.DOWN)
            same = kind == kernels.HALF and quanta.size == 1
            if same and not kernels.half_awards(x, value.rel, value.abs, float(quanta[0]), out):
                return share.doubt
            unsure = np.empty(len(out), dtype=bool)
            found = kernels.awards(x, value.rel, value.abs, quanta.astype(np.float64), kind, out, unsure)
            return _joined(share.doubt, unsure if found else None)
        whole, doubt = exact_awards(share.value, quanta if quanta.size > 1 else quanta[0], mode)
        out[:] = whole
        return _joined(share.doubt, None if doubt is None else full(doubt, len(out)))

    def _again(self, leaf: PlannedLeaf, rows: Array, undef: Mask, out: Array) -> Mask:
        """Score the departments in doubt exactly; what is still in doubt is set aside. The mask of undefined ones, renewed."""
        pattern = None if self.quanta.pattern is None else self.quanta.pattern[rows]
        awards = np.zeros(len(rows), dtype=out.dtype)
        try:
            share = share_of(leaf.method, self.sheet.exactly(rows).rows)
            doubt = self._award(leaf, share, self.quanta.per_row(leaf.index, rows), pattern, awards)
        except NotColumnar:
            set_aside(self.aside, rows, np.ones(len(rows), dtype=bool))
            return undef
        out[rows] = awards
        set_aside(self.aside, rows, doubt)
        if undef is None and share.undef is None:
            return None
        renewed = np.zeros(self.count, dtype=bool) if undef is None else np.array(full(undef, self.count))
        renewed[rows] = False if share.undef is None else share.undef
        return renewed

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

    def _leaf_by_rows(self, leaf: PlannedLeaf, states: Array | None, out: Array) -> None:
        rounded = ROUND[self.rounding.mode]
        quanta = self.quanta.per_row(leaf.index)
        undef = np.zeros(self.count, dtype=bool)
        out[:] = 0
        scores = self.sheet_scores()
        for row in np.flatnonzero(~self.aside).tolist():
            if states is not None and states[row] != APPLIES:
                continue
            try:
                share = self.reader.share(leaf, row, scores)
            except LimitError:
                # The department has no score; the exact backend says why.
                self.aside[row] = True
                continue
            if share is None:
                undef[row] = True
            else:
                out[row] = rounded(share[0] * int(quanta[row] if quanta.size > 1 else quanta[0]), share[1])
        self._unusual(leaf, states, undef, out)

    def sheet_scores(self) -> dict[int, tuple[Array, Array]]:
        """Awards and points so far, by slot-bearing indicator, for the reading by rows."""
        found: dict[int, tuple[Array, Array]] = {}
        for number, (indicator, _) in enumerate(self.plan.score_slots):
            leaves = self.program.leaves_of(indicator)
            points: Any = sum((self.quanta.per_row(leaf) for leaf in leaves), np.zeros(1, dtype=np.int64))
            found[number] = self.awards[list(leaves)].sum(axis=0), points
        return found


def _joined(one: Mask, other: Mask) -> Mask:
    return other if one is None else one if other is None else one | other


def totals_and_grades(program: Program, awards: Array) -> tuple[Array, Array]:
    """Rounded totals in units of their last decimal, and numbers of grades."""
    rounding = program.plan.ruleset.rounding
    count = awards.shape[1]
    sums, grades = np.empty(count, dtype=awards.dtype), np.empty(count, dtype=np.int8)
    factor = 10 ** abs(rounding.total - rounding.leaf)
    if rounding.total >= rounding.leaf:
        # a grade's cut in units of the total lies in the same place in quanta
        kernels.totals(awards, -(-program.grade_cuts // factor), program.grade_codes, sums, grades)
        return sums.astype(np.int64) * factor if factor > 1 else sums, grades
    kernels.totals(awards, program.grade_cuts[:1], program.grade_codes[:1], sums, grades)
    totals, _ = to_whole(sums.astype(np.int64), np.int64(factor), rounding.mode)
    place = np.searchsorted(program.grade_cuts, totals, side="right") - 1
    # a department that is set aside may hold anything
    return totals, program.grade_codes[np.maximum(place, 0)]

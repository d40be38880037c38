"""A plan made ready for columns: which leaves are scored by columns and why others are not, and tables of points."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from jmrules.errors import LimitError, Problem, Text
from jmrules.feel.vectors import NotColumnar
from jmrules.memo import kept
from jmrules.methods.shares import pair
from jmrules.score.columns.facts import read_fact
from jmrules.score.columns.shares import share_of, truth_of
from jmrules.score.columns.sheet import Sheet, derived_trees, published
from jmrules.score.sheet import most_sum, rounded_award

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jmrules.feel.tree import Node
    from jmrules.plan import Plan, PlannedLeaf
    from jmrules.ruleset import FactDeclaration


#: points in their last decimal are less: what Arrow's decimals of 64 bits hold
MOST_UNITS = 10**18


@frozen(eq=False)
class Program:
    """See the module."""

    plan: Plan
    trees: Mapping[str, Node]
    #: by index of the leaf: why it is scored row by row
    by_rows: Mapping[int, Text]
    #: by index of the leaf: why its condition is decided row by row
    conditions_by_rows: Mapping[int, Text]
    #: cuts between grades in units of the last decimal of the total, and the grade (by number) from each cut on
    grade_cuts: NDArray[np.int64]
    grade_codes: NDArray[np.int8]
    _tables: dict[tuple[int, int, tuple[int, ...]], tuple[tuple[Fraction, ...], NDArray[np.int64]]] = field(
        factory=dict, repr=False
    )

    def leaves_of(self, indicator: str) -> tuple[int, ...]:
        """Indexes of the leaves of a group, or of a leaf."""
        if indicator in self.plan.groups:
            return self.plan.groups[indicator].leaves
        return (next(leaf.index for leaf in self.plan.leaves if leaf.leaf.id == indicator),)

    def table(self, leaf: PlannedLeaf, shares: tuple[Fraction, ...], quanta: tuple[int, ...]) -> NDArray[np.int64]:
        """What each share earns of each number of quanta of a leaf: a row per number of quanta."""
        key = leaf.index, id(shares), quanta
        known = self._tables.get(key)
        if known is None or known[0] is not shares:
            if len(self._tables) > 1000:
                self._tables.clear()
            made = [[rounded_award(leaf, pair(share), each) for share in shares] for each in quanta]
            # the shares are kept, so that no other tuple comes to have their id
            known = self._tables[key] = shares, np.array(made, dtype=np.int64)
        return known[1]


@kept
def program_of(plan: Plan) -> Program:
    """The program of a plan: what can be done by columns is found by doing it for no departments.

    Raises LimitError where points have more digits than 64 bits hold.
    """
    _check_points(plan)
    trees = derived_trees(plan)
    facts = {each.id: read_fact(each, pa.nulls(0, type_of(each))).read for each in plan.ruleset.facts}
    sheet = Sheet(trees, 0, facts)
    nothing = np.zeros(0, dtype=np.int64)
    for indicator, read in plan.scores_read.items():
        for what in ("awarded", "points"):
            sheet.publish(indicator, what, published(nothing, plan.ruleset.rounding.leaf))
        sheet.complete_rates({indicator} if any(what == "rate" for what, _ in read) else set())
    by_rows: dict[int, Text] = {}
    conditions: dict[int, Text] = {}
    with np.errstate(all="ignore"):
        for leaf in plan.leaves:
            _try(lambda leaf=leaf: share_of(leaf.shape, sheet.rows), leaf.index, by_rows)  # type: ignore[misc]
            if leaf.applies is not None:
                _try(lambda leaf=leaf: truth_of(leaf.applies, sheet.rows), leaf.index, conditions)  # type: ignore[misc]
    cuts, codes = _grade_cuts(plan)
    return Program(plan, trees, by_rows, conditions, cuts, codes)


def _check_points(plan: Plan) -> None:
    """The schema's own bounds on points and decimals are far below."""
    rounding = plan.ruleset.rounding
    units = max(sum(leaf.quanta for leaf in plan.leaves), most_sum(plan)) * 10 ** max(0, rounding.total - rounding.leaf)
    if units >= MOST_UNITS:
        zh, en = "分值的位数过多，不能按列打分", "points of more digits than a table of scores holds"
        raise LimitError(Problem("points-too-long", Text(zh, en)))


def _try(work: Callable[[], object], leaf: int, reasons: dict[int, Text]) -> None:
    try:
        work()
    except NotColumnar as reason:
        reasons[leaf] = Text(reason.zh, reason.en)


def type_of(declaration: FactDeclaration) -> pa.DataType:
    """The Arrow type in which a declared fact is read, where the table's own does not matter."""
    if declaration.type == "list":
        return pa.list_(pa.struct([pa.field(part.id, type_of(part)) for part in declaration.item]))
    return {"number": pa.float64(), "boolean": pa.bool_(), "string": pa.string(), "date": pa.date32()}[declaration.type]


def _grade_cuts(plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Grades as cuts of the whole numbers that a total can be, in units of its last decimal."""
    scale = 10**plan.ruleset.rounding.total
    most = int(plan.ruleset.most * scale) + 1
    least = int(plan.ruleset.least * scale) - 1
    found: dict[int, int] = {}
    for code, (_, ranges) in enumerate(plan.grades):
        for interval in ranges:
            low = least
            if interval.low.at is not None:
                exact = Fraction(interval.low.at) * scale
                low = -(-exact.numerator // exact.denominator)
                if interval.low.above and low == exact:
                    low += 1
            high = None
            if interval.high.at is not None:
                exact = Fraction(interval.high.at) * scale
                high = exact.numerator // exact.denominator + (interval.high.above or exact.denominator != 1)
            low = max(low, least)
            if low <= most and (high is None or low < high):
                found[low] = code
    cuts = sorted(found)
    return np.array(cuts, dtype=np.int64), np.array([found[cut] for cut in cuts], dtype=np.int8)

"""Score a run of departments, find which rules fire, and limit the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from jmrules.rules.columns.findings import findings as rules_that_fire
from jmrules.rules.columns.limits import limit
from jmrules.rules.columns.rules import Results
from jmrules.score import score_sheet
from jmrules.score.columns import Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from jmrules.feel.vectors import Array
    from jmrules.rules.columns.findings import Found
    from jmrules.score.columns import Program


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
    points: Sequence[int]
    #: evaluations of leaves done by columns that the exact backend had to do again
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
        run = Run(program, columns, awards)
        if refused is not None:
            run.aside |= refused
        totals[:], grades[:] = score_sheet(run)
        if findings or program.plan.limiting:
            points = [run.quanta.per_row(leaf.index) for leaf in program.plan.leaves]
            results = Results(program.plan, awards, points, totals, grades)
            found = rules_that_fire(program, run.sheet, results) if findings else None
            if program.plan.limiting:
                limit(program, run.sheet, results, run.aside)
    return Scored(run.aside, run.quanta.sums(~run.aside), run.doubtful, found)

"""From a plan and facts to points: one loop over the sheet, and the arithmetic of each reading.

- ``exact``: one department, in rationals.
- ``bounds``: one department of which not all is known.
- ``columns``: many departments at once.
- ``allocate``: where the points of indicators that do not apply go.
"""

from jmrules.score.sheet import (
    Case,
    combined,
    earn,
    most_on_sheet,
    most_sum,
    most_taken,
    rounded_total,
    score_sheet,
    sheet_sum,
    stated_points,
    sum_digits,
    total_and_grade,
)

__all__ = [
    "Case",
    "combined",
    "earn",
    "most_on_sheet",
    "most_sum",
    "most_taken",
    "rounded_total",
    "score_sheet",
    "sheet_sum",
    "stated_points",
    "sum_digits",
    "total_and_grade",
]

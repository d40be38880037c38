"""A department's figures against each other: what agrees, what does not, and by how much."""

from jmrules.crossfoot.claims import grade_named
from jmrules.crossfoot.crossfoot import cross_foot
from jmrules.crossfoot.judge import Range, Verdict, compare, judge_ratio, judge_sum, quotient
from jmrules.crossfoot.results import STATUSES, Effect, Matter, Open, Side, Standing, Status
from jmrules.crossfoot.words import STATUS_WORDS, asked, line, said, side_in_words, tally

__all__ = [
    "STATUSES",
    "STATUS_WORDS",
    "Effect",
    "Matter",
    "Open",
    "Range",
    "Side",
    "Standing",
    "Status",
    "Verdict",
    "asked",
    "compare",
    "cross_foot",
    "grade_named",
    "judge_ratio",
    "judge_sum",
    "line",
    "quotient",
    "said",
    "side_in_words",
    "tally",
]

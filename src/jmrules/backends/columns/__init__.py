"""Many departments at once: the plan as operations on columns, every row equal to the exact backend's to the last digit.

Leaves are computed in float64 with a bound on the error (``approximate``); a decision that lies within the bound is taken again in exact
integers (``rational``), and what those cannot hold is left to ``backends.exact``, as are rows whose facts are wrong.
"""

from jmrules.backends.columns.output import evaluate_table
from jmrules.backends.columns.table import Scores, evaluate_columns

__all__ = ["Scores", "evaluate_columns", "evaluate_table"]

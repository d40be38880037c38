"""The scoring methods: one module each, and ``METHODS``, the only list of them.

A method says all that the other rooms need (:class:`jmrules.methods.base.Method`); they iterate over the list and name none.
Whatever a document states comes to one of the seven shapes of :mod:`jmrules.methods.shapes`, which is what backends compute.
"""

from __future__ import annotations

from jmrules.methods.bands import BANDS
from jmrules.methods.base import Bounds, Checking, Fields, Found, Lost, Method, Part, Told, Worth, Yields, problem
from jmrules.methods.checklist import CHECKLIST
from jmrules.methods.completion import COMPLETION
from jmrules.methods.compose import BEST, CASES, PARTS, WORST
from jmrules.methods.deductions import DEDUCTIONS
from jmrules.methods.formula import FORMULA
from jmrules.methods.interpolate import INTERPOLATE
from jmrules.methods.levels import LEVELS
from jmrules.methods.listed import METHODS, method_of, sites_of
from jmrules.methods.ratio import RATIO
from jmrules.methods.steps import STEPS
from jmrules.methods.targets import Direction, Targets, reached

METHODS.update(
    (method.kind, method)
    for method in (
        RATIO, COMPLETION, BANDS, STEPS, DEDUCTIONS, CHECKLIST, LEVELS, INTERPOLATE, FORMULA, PARTS, BEST, WORST, CASES
    )
)  # fmt: skip

__all__ = [
    "METHODS",
    "Bounds",
    "Checking",
    "Direction",
    "Fields",
    "Found",
    "Lost",
    "Method",
    "Part",
    "Targets",
    "Told",
    "Worth",
    "Yields",
    "method_of",
    "problem",
    "reached",
    "sites_of",
]

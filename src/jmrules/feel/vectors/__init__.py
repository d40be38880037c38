"""FEEL over many values at once: columns, with a bound on the error of each number."""

from __future__ import annotations

from jmrules.feel.vectors import expressions, iterations, membership

# The modules register the nodes that they evaluate: without them whatever holds one would be scored row by row.
__all__ = ["expressions", "iterations", "membership"]

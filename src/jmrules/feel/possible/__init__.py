"""FEEL over values that are not known: what an expression may come to. ``Reader`` is the way in."""

from __future__ import annotations

from jmrules.feel.possible import expressions, functions, lists
from jmrules.feel.possible.reader import Reader

# The modules register what they follow: without them every expression would count as any value.
__all__ = ["Reader", "expressions", "functions", "lists"]

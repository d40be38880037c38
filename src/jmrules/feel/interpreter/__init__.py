"""The careful reading of a tree: FEEL's semantics with nulls, diagnostics and positions (DMN 1.5, 10.3.2).

Generated code is the fast reading; wherever it meets something irregular, this one decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.feel.interpreter import calls, iterations, literals, operators
from jmrules.feel.interpreter.run import Run
from jmrules.feel.limits import metered
from jmrules.feel.scope import Outermost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Problem
    from jmrules.feel.tree import Node
    from jmrules.feel.types import Type

__all__ = ["calls", "interpret", "interpret_part", "iterations", "literals", "operators"]


def interpret(
    tree: Node, text: str, names: Mapping[str, Any], *, strict: bool, types: Mapping[str, Type] | None = None
) -> tuple[Any, tuple[Problem, ...]]:
    """The value of ``tree`` for the values of ``names``, and the diagnostics that were recorded on the way.

    ``names`` is read lazily, each name when it is first needed. Raises FeelError where ``strict`` and the expression
    has no value, and LimitError, strict or not, where a bound of ``limits`` is reached.
    """
    with metered():
        return interpret_part(tree, text, names, strict=strict, types=types)


def interpret_part(
    tree: Node, text: str, names: Mapping[str, Any], *, strict: bool, types: Mapping[str, Type] | None = None
) -> tuple[Any, tuple[Problem, ...]]:
    """As :func:`interpret`, for a part of an expression whose work is being counted as a whole."""
    run = Run(text, strict=strict, types=types)
    value = run.whole(tree, Outermost(names))
    return value, tuple(run.diagnostics)

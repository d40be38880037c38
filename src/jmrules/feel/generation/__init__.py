"""The fast reading of a tree: Python code for typed expressions, as tight as if written by hand.

Generated code never decides anything that is irregular: whatever it raises, the careful reading is asked instead, and
it gives the value, or the error with its position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.feel.generation import collections, expressions
from jmrules.feel.generation.writer import NotGenerable, Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.inference import Analysis
    from jmrules.feel.tree import Node

    Path = tuple[str, ...]

__all__ = ["collections", "expressions", "generate"]

#: all that generated code can name of Python
_WORDS = {word.__name__: word for word in (min, max, len, abs, any, all, Exception)}


def generate(
    tree: Node, analysis: Analysis, parameters: tuple[Path, ...], careful: Callable[..., Any]
) -> Callable[..., Any] | None:
    """A function of the values of ``parameters``, by position; None where only the careful reading will do."""
    names = {path: f"p{index}" for index, path in enumerate(parameters)}
    writer = Writer(analysis, names)
    try:
        code = writer.write(tree, {})
        listed = ", ".join(names.values())
        source = (
            f"def function({listed}):\n    try:\n        return {code}\n"
            f"    except Exception:\n        return careful({listed})\n"
        )
        namespace: dict[str, Any] = {**writer.bound, "careful": careful, "__builtins__": _WORDS}
        exec(compile(source, "<feel>", "exec"), namespace)
    except (NotGenerable, RecursionError, SyntaxError, MemoryError):
        return None
    function: Callable[..., Any] = namespace["function"]
    return function

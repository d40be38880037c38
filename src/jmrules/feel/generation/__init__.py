"""The fast reading of a tree: Python code for typed expressions, as tight as if written by hand.

Generated code never decides anything that is irregular: whatever it raises, the careful reading is asked instead, and
it gives the value, or the error with its position. A bound on work is met by both at the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.errors import LimitError
from jmrules.feel import limits
from jmrules.feel.generation import collections, expressions
from jmrules.feel.generation.writer import NotGenerable, Writer
from jmrules.feel.joins import Joiner

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.feel.inference import Analysis
    from jmrules.feel.tree import Node

    Path = tuple[str, ...]

__all__ = ["collections", "expressions", "generate"]

#: all that generated code can name of Python
_WORDS = {word.__name__: word for word in (min, max, len, abs, any, all, Exception)}
_PLAIN = """\
def function({listed}):
    try:
        return {code}
    except Exception:
        return careful({listed})
"""
_COUNTED = """\
def function({listed}):
    before = METER.left
    METER.left = limits.MAX_WORK
    {made}
    try:
        return {code}
    except LimitError as limit:
        if METER.left < 0:
            raise of_expression(limit, text) from None
    except Exception:
        pass
    finally:
        METER.left = before
    return careful({listed})
"""


def generate(
    tree: Node, text: str, analysis: Analysis, parameters: tuple[Path, ...], careful: Callable[..., Any]
) -> Callable[..., Any] | None:
    """A function of the values of ``parameters``, by position; None where only the careful reading will do."""
    names = {path: f"p{index}" for index, path in enumerate(parameters)}
    writer = Writer(analysis, names)
    try:
        code = writer.write(tree, {})
        made = [f"{name} = Joiner({writer.bind(join)})" for name, join in writer.joiners.items()]
        made += ["cells = {}"] if writer.keeps else []
        shape = _COUNTED if writer.counts or made else _PLAIN
        source = shape.format(listed=", ".join(names.values()), code=code, made="; ".join(made) or "pass")
        namespace: dict[str, Any] = {
            **writer.bound, "careful": careful, "METER": limits.METER, "limits": limits, "LimitError": LimitError,
            "of_expression": limits.of_expression, "text": text, "Joiner": Joiner, "__builtins__": _WORDS,
        }  # fmt: skip
        exec(compile(source, "<feel>", "exec"), namespace)
    except (NotGenerable, RecursionError, SyntaxError, MemoryError):
        return None
    function: Callable[..., Any] = namespace["function"]
    return function

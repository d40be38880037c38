"""Trees that are values already: literals, and the dates, times and durations that are written by their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jmrules.feel import temporal
from jmrules.feel import tree as t

if TYPE_CHECKING:
    from collections.abc import Callable


class _NotConstant:
    """The mark of a tree whose value is not written in it."""


NOT_CONSTANT: Final = _NotConstant()

#: the functions that make a temporal value of a text
MAKERS: dict[str, Callable[[object], Any]] = {
    "date": temporal.date_from,
    "time": temporal.time_from,
    "date and time": temporal.date_time_from,
    "duration": temporal.duration_from,
}


def constant(node: t.Node) -> Any:
    """The value that ``node`` writes out, a number with all its digits; None for null and for a text that names no moment; else NOT_CONSTANT."""
    match node:
        case t.Number(value) | t.String(value) | t.Boolean(value):
            return value
        case t.Null():
            return None
        case t.Negation(t.Number(value)):
            return value.copy_negate() if value else value
        case t.AtLiteral(text):
            return temporal.parse_literal(text)
        case t.Call(t.Name(name), (t.Argument(None, t.String(text)),)) if name in MAKERS:
            return MAKERS[name](text)
    return NOT_CONSTANT

"""FEEL over values that are not known: what an expression may come to. ``Reader`` is the way in."""

from __future__ import annotations

from jmrules.feel.possible import expressions, functions, lists
from jmrules.feel.possible.narrow import narrow
from jmrules.feel.possible.quick import NO_NAME, Unsure, quick_of, quick_value
from jmrules.feel.possible.reader import Reader
from jmrules.feel.possible.scope import Outermost, Scope
from jmrules.feel.possible.values import (
    BOTH,
    END,
    LARGEST,
    MAX_ENTRIES,
    NOTHING,
    NULL,
    SMALLEST,
    WHOLE_LINE,
    Items,
    Known,
    Possible,
    Span,
    Value,
    anything,
    collapsed,
    failing,
    is_end,
    join,
    listed,
    number_of,
    spread,
)

# The modules register what they follow: without them every expression would count as any value.
__all__ = [
    "BOTH",
    "END",
    "LARGEST",
    "MAX_ENTRIES",
    "NOTHING",
    "NO_NAME",
    "NULL",
    "SMALLEST",
    "WHOLE_LINE",
    "Items",
    "Known",
    "Outermost",
    "Possible",
    "Reader",
    "Scope",
    "Span",
    "Unsure",
    "Value",
    "anything",
    "collapsed",
    "expressions",
    "failing",
    "functions",
    "is_end",
    "join",
    "listed",
    "lists",
    "narrow",
    "number_of",
    "quick_of",
    "quick_value",
    "spread",
]

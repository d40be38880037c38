"""What a declared fact may be, as functions compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules import feel
from jmrules.feel import types
from jmrules.memo import by_text, kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.ruleset.model import FactDeclaration

#: items of a list, characters of a string
MAX_ITEMS = 100_000
MAX_STRING = 10_000

_FEEL_TYPES = {
    "number": types.NUMBER,
    "boolean": types.BOOLEAN,
    "string": types.STRING,
    "date": types.DATE,
}


@by_text(1_000_000)
def _function(tests: str, type_name: str) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = feel.compile(tests, {"?": _FEEL_TYPES[type_name]}, unary=True).function
    return function


@kept
def tests_of(declaration: FactDeclaration) -> Callable[[Any], Any] | None:
    """The declared domain of a fact's value, as a function to True, False or None."""
    return None if declaration.tests is None else _function(declaration.tests, declaration.type)


@kept
def count_of(declaration: FactDeclaration) -> Callable[[Any], Any] | None:
    """The declared number of a list's items, as a function to True, False or None."""
    return None if declaration.count is None else _function(declaration.count, "number")

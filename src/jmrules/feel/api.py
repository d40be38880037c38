"""A text and a context to a value, in one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jmrules.feel.interpreter import interpret
from jmrules.feel.parser import parse, parse_unary_tests
from jmrules.feel.tree import INPUT

if TYPE_CHECKING:
    from jmrules.errors import Problem


def evaluate(text: str, context: Mapping[str, Any] | None = None, *, strict: bool = False) -> Any:
    """The value of a FEEL expression.

    ``context`` gives names their values; ints, floats (by their shortest repr) and datetime's types are accepted
    beside FEEL's own. Raises FeelSyntaxError for a text that is not FEEL; FeelError where ``strict`` and the expression
    has no value, or where the context holds what FEEL has no type for; LimitError, strict or not, where a bound on work
    is reached.
    """
    return evaluate_with_diagnostics(text, context, strict=strict)[0]


def evaluate_with_diagnostics(
    text: str, context: Mapping[str, Any] | None = None, *, strict: bool = False
) -> tuple[Any, tuple[Problem, ...]]:
    """The value of a FEEL expression, and why it is null where it is; see :func:`evaluate`."""
    given = {} if context is None else context
    return interpret(parse(text, known_names(given)), text, given, strict=strict)


def unary_tests(
    text: str, value: Any, context: Mapping[str, Any] | None = None, *, strict: bool = False
) -> bool | None:
    """Whether ``value`` passes FEEL unary tests, such as ``[0..10), > 20`` or ``not("a")``; None for null.

    In the text, ``?`` stands for the value. Errors as for :func:`evaluate`.
    """
    given = {**(context or {}), INPUT: value}
    answer: bool | None = interpret(parse_unary_tests(text, known_names(given)), text, given, strict=strict)[0]
    return answer


def known_names(values: Mapping[str, Any]) -> list[str]:
    """The names in a context, at every depth, that a parser must know because they are not single words."""
    names: dict[str, None] = {}
    stack: list[Any] = [values]
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping) and id(value) not in seen:
            seen.add(id(value))
            names.update((key, None) for key in value if isinstance(key, str) and not key.isidentifier())
            stack.extend(value.values())
        elif isinstance(value, (list, tuple)) and id(value) not in seen:
            seen.add(id(value))
            stack.extend(value)
    return list(names)

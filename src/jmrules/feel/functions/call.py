"""Built-ins as values, which can be called or handed on."""

from __future__ import annotations

from typing import Any

from jmrules.feel import types as ft
from jmrules.feel.functions.registry import BUILT_INS, bind
from jmrules.feel.values import Function


def built_in_value(name: str) -> Function:
    """The built-in of this name as a value."""
    built_in = BUILT_INS[name]

    def call(positional: list[Any], named: dict[str, Any]) -> Any:
        signature, arguments = bind(built_in, positional, named)
        return signature.run(*arguments)

    first = built_in.signatures[0]
    names = None if first.variadic else tuple(parameter.name for parameter in first.parameters)
    result = first.result if isinstance(first.result, ft.Type) else ft.ANY
    return Function(name, names, call, tuple(parameter.types[0] for parameter in first.parameters), result)

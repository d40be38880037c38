"""Calls of built-in functions and of the author's own (DMN 1.5, 10.3.2.13)."""

from __future__ import annotations

from decimal import DecimalException, DivisionByZero, InvalidOperation
from typing import TYPE_CHECKING, Any

from jmrules.feel import limits
from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.coercion import MISMATCH, coerce
from jmrules.feel.functions import BUILT_INS, NoValue, built_in_value
from jmrules.feel.inference import analyse
from jmrules.feel.interpreter.literals import type_named
from jmrules.feel.interpreter.run import handles
from jmrules.feel.numbers import is_number
from jmrules.feel.problems import close_matches
from jmrules.feel.quotients import too_long
from jmrules.feel.scope import MISSING, Frame
from jmrules.feel.values import Function, kind_of

if TYPE_CHECKING:
    from jmrules.feel.interpreter.run import Run


@handles(t.Call)
def _call(run: Run, node: t.Call, frame: Frame) -> Any:
    function = _callee(run, node, frame)
    if function is None:
        return None
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for argument in node.arguments:
        value = run.value(argument.value, frame)
        if argument.name is None and not named:
            positional.append(value)
        elif argument.name is None or positional or argument.name in named:
            run.fail(
                argument,
                "feel-arguments",
                "按位置与按名称的参数不能混用，名称也不能重复",
                "arguments by position and by name cannot be mixed, and no name may occur twice",
            )
            return None
        else:
            named[argument.name] = value
    run.at = node
    try:
        value = function.call(positional, named)
        if is_number(value):
            run.weigh(value)
        return value
    except NoValue as reason:
        run.fail(node, "feel-function", reason.zh, reason.en)
        return None
    except DecimalException as error:
        if run.exact and not isinstance(error, DivisionByZero | InvalidOperation):
            raise too_long() from None
        name = function.name
        run.fail(node, "feel-function", f"{name} 没有结果", f"{name} has no result for these arguments")
        return None


def _callee(run: Run, node: t.Call, frame: Frame) -> Function | None:
    target = node.function
    if isinstance(target, t.Name) and frame.find(target.name) is MISSING:
        if target.name in BUILT_INS:
            return built_in_value(target.name)
        run.fail(
            target,
            "feel-unknown-function",
            f"没有名为 {target.name} 的函数",
            f"there is no function named {target.name}",
            close_matches(target.name, list(BUILT_INS)),
        )
        return None
    value = run.value(target, frame)
    if isinstance(value, Function):
        return value
    kind = kind_of(value)
    run.fail(target, "feel-not-a-function", f"{kind} 不是函数", f"a {kind} cannot be called")
    return None


@handles(t.FunctionLiteral)
def _function(run: Run, node: t.FunctionLiteral, frame: Frame) -> Function | None:
    if node.external:
        run.fail(node, "feel-external", "不运行外部函数", "external functions are not run")
        return None
    types: list[ft.Type] = []
    for parameter in node.parameters:
        kind = ft.ANY if parameter.type is None else type_named(run, parameter.type)
        if kind is None:
            return None
        types.append(kind)
    names = tuple(parameter.name for parameter in node.parameters)

    def call(positional: list[Any], named: dict[str, Any]) -> Any:
        arguments = _arguments(names, tuple(types), positional, named)
        if run.calls >= limits.MAX_CALLS:
            raise limits.limit_reached(
                f"函数调用嵌套超过 {limits.MAX_CALLS} 层",
                f"function calls are nested more than {limits.MAX_CALLS} deep",
            )
        limits.spend(run.weight(node.body))
        run.calls += 1
        try:
            return run.value(node.body, Frame(arguments, frame))
        finally:
            run.calls -= 1

    return Function("function", names, call, tuple(types), lambda: _result(node))


def _result(node: t.FunctionLiteral) -> ft.Type:
    """The type of what a function gives, inferred from its body."""
    kind = analyse(node).types[id(node)]
    return kind.result if isinstance(kind, ft.FunctionType) else ft.ANY


def _arguments(
    names: tuple[str, ...], types: tuple[ft.Type, ...], positional: list[Any], named: dict[str, Any]
) -> dict[str, Any]:
    given = named or dict(zip(names, positional, strict=False))
    if len(given) != len(names) or (not named and len(positional) != len(names)) or set(given) != set(names):
        raise NoValue(f"函数的参数应为 ({', '.join(names)})", f"the function takes the arguments ({', '.join(names)})")
    fitted: dict[str, Any] = {}
    for name, kind in zip(names, types, strict=True):
        fitted[name] = coerce(given[name], kind)
        if fitted[name] is MISMATCH:
            raise NoValue(
                f"参数 {name} 应为 {kind}，而它是 {kind_of(given[name])}",
                f"the argument {name} must be {kind}, and it is {kind_of(given[name])}",
            )
    return fitted

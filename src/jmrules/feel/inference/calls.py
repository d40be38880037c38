"""Types of calls, and whether their arguments fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel import tree as t
from jmrules.feel import types as ft
from jmrules.feel.constants import MAKERS, NOT_CONSTANT, constant
from jmrules.feel.functions import BUILT_INS, BuiltIn, Parameter, Signature
from jmrules.feel.inference.analysis import infers
from jmrules.feel.problems import close_matches
from jmrules.feel.signs import right_name
from jmrules.feel.values import kind_of

if TYPE_CHECKING:
    from jmrules.feel.inference.analysis import Analysis, Environment
    from jmrules.feel.types import Type


@infers(t.Call)
def _call(analysis: Analysis, node: t.Call, environment: Environment) -> Type:
    target = node.function
    if isinstance(target, t.Name):
        local, maybe = environment.find(target.name)
        declared = analysis.declared
        if local is None and (declared is None or target.name not in declared):
            if target.name in BUILT_INS:
                return _built_in_call(analysis, node, target.name, environment)
            if declared is not None and not maybe:
                _arguments(analysis, node, environment)
                return _unknown(analysis, target)
    kind = ft.bare(analysis.type(target, environment))
    _arguments(analysis, node, environment)
    if isinstance(kind, ft.FunctionType):
        return kind.result
    if kind != ft.ANY:
        return analysis.report(target, "feel-not-a-function", f"{kind} 不是函数", f"a {kind} cannot be called")
    return ft.ANY


def _arguments(analysis: Analysis, node: t.Call, environment: Environment) -> list[Type]:
    return [analysis.type(argument.value, environment) for argument in node.arguments]


def _built_in_call(analysis: Analysis, node: t.Call, name: str, environment: Environment) -> Type:
    arguments = _arguments(analysis, node, environment)
    if name in MAKERS and (made := constant(node)) is not NOT_CONSTANT:
        return _made(analysis, node, name, made)
    return _built_in(analysis, node, BUILT_INS[name], arguments)


def _made(analysis: Analysis, node: t.Call, name: str, value: object) -> Type:
    """The type of a date, time or duration that is written out; one that does not exist is a problem."""
    if value is not None:
        return ft.NAMED[kind_of(value)]
    return analysis.report(
        node,
        "feel-literal",
        f"这个文本不是 {name}",
        f"the text is no {name}",
        ('例如 date("2024-12-31")', 'as in date("2024-12-31")'),
    )


def _unknown(analysis: Analysis, target: t.Name) -> Type:
    return analysis.report(
        target,
        "feel-unknown-function",
        f"没有名为 {target.name} 的函数",
        f"there is no function named {target.name}",
        right_name(target.name) or close_matches(target.name, list(BUILT_INS)),
    )


def _built_in(analysis: Analysis, node: t.Call, function: BuiltIn, kinds: list[Type]) -> Type:
    names = [argument.name for argument in node.arguments]
    reasons: list[tuple[int, str, str]] = []
    for signature in function.signatures:
        fitted = matched(signature, names, kinds)
        if fitted is None:
            wanted = ", ".join(parameter.name for parameter in signature.parameters)
            reasons.append(
                (0, f"{function.name} 的参数应为 ({wanted})", f"{function.name} takes the arguments ({wanted})")
            )
            continue
        misfit = next(((p, kind) for p, kind in fitted if not _fits(p, kind)), None)
        if misfit is None:
            return signature.result_type([kind for _, kind in fitted])
        parameter, kind = misfit
        wanted = " / ".join(map(str, parameter.types))
        reasons.append(
            (
                1,
                f"{function.name} 的参数 {parameter.name} 应为 {wanted}，而它是 {kind}",
                f"the argument {parameter.name} of {function.name} must be {wanted}, and it is {kind}",
            )
        )
    _, zh, en = max(reasons, key=lambda reason: reason[0])
    return analysis.report(node, "feel-arguments", zh, en)


def matched(signature: Signature, names: list[str | None], kinds: list[Type]) -> list[tuple[Parameter, Type]] | None:
    """Each argument with its parameter, in the order of the parameters; None where their number or names differ."""
    parameters = signature.parameters
    required = sum(not parameter.optional for parameter in parameters)
    if any(names):
        given = dict(zip(names, kinds, strict=True))
        known = {parameter.name for parameter in parameters}
        if None in given or len(given) < len(names) or not given.keys() <= known:
            return None
        if any(not parameter.optional and parameter.name not in given for parameter in parameters):
            return None
        return [(parameter, given[parameter.name]) for parameter in parameters if parameter.name in given]
    if len(kinds) < required or (len(kinds) > len(parameters) and not signature.variadic):
        return None
    last = len(parameters) - 1
    return [(parameters[min(index, last)], kind) for index, kind in enumerate(kinds)]


def _fits(parameter: Parameter, kind: Type) -> bool:
    if kind == ft.NULL:
        return parameter.nullable
    for wanted in parameter.types:
        if ft.may_conform(kind, wanted):
            return True
        if isinstance(wanted, ft.ListType) and ft.may_conform(kind, wanted.item):
            return True
        own = ft.bare(kind)
        if isinstance(own, ft.ListType) and ft.may_conform(own.item, wanted):
            return True
    return False

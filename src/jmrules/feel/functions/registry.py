"""The list of built-in functions: how each is declared, and how the arguments of a call are matched to a signature.

There is no other list. A built-in is declared once, by :func:`builtin` in a module of this package: its name, its
parameters, the type of its result, and the function that it is. With that it is parsed, typed, interpreted, generated and
told. A reading that has a way of its own with some built-ins (as Python's ``sum`` in generated code, or a sum of spans
where values are not known) keeps those in :class:`Forms`, by their names, and leaves all others to the plain way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from jmrules.feel import limits
from jmrules.feel import types as ft
from jmrules.feel.coercion import MISMATCH, coerce, is_instance
from jmrules.feel.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jmrules.feel.types import Type

    Implementation = Callable[..., Any]
    Result = Type | Callable[[Sequence[Type]], Type]


Form = TypeVar("Form")


class NoValue(Exception):
    """A built-in has no value for its arguments: FEEL's null, with the reason in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@frozen
class Parameter:
    name: str
    #: the types it accepts
    types: tuple[Type, ...]
    optional: bool
    #: whether null is an argument like any other
    nullable: bool


@frozen
class Signature:
    """One way to call a built-in. A variadic one takes any number of arguments for its last parameter."""

    parameters: tuple[Parameter, ...]
    result: Result
    implementation: Implementation
    variadic: bool

    def result_type(self, arguments: Sequence[Type]) -> Type:
        """The type of the result for arguments of these types."""
        return self.result if isinstance(self.result, ft.Type) else self.result(arguments)

    def run(self, *arguments: Any) -> Any:
        """What it gives for arguments that fit; going through lists and strings counts as work."""
        for argument in arguments:
            if isinstance(argument, (list, dict)):
                limits.spend(len(argument))
            elif isinstance(argument, str):
                limits.spend(len(argument) // 1000)
        result = self.implementation(*arguments)
        if isinstance(result, list):
            limits.check_items(len(result))
        elif isinstance(result, str):
            limits.check_string(len(result))
        return result


@frozen
class BuiltIn:
    name: str
    signatures: tuple[Signature, ...]
    #: whether the same arguments always give the same; not so what reads the clock
    constant: bool = True


BUILT_INS: dict[str, BuiltIn] = {}

_NUMBERS = ft.ListType(ft.NUMBER)
_TYPES: dict[str, tuple[Type, ...]] = {
    "any": (ft.ANY,),
    "number": (ft.NUMBER,),
    "string": (ft.STRING,),
    "boolean": (ft.BOOLEAN,),
    "list": (ft.ListType(ft.ANY),),
    "numbers": (_NUMBERS,),
    "strings": (ft.ListType(ft.Nullable(ft.STRING)),),
    "context": (ft.ContextType(()),),
    "contexts": (ft.ListType(ft.ContextType(())),),
    "function": (ft.FunctionType(None, ft.ANY),),
    "range": (ft.RangeType(ft.ANY),),
    "date": (ft.DATE,),
    "time": (ft.TIME,),
    "date and time": (ft.DATE_TIME,),
    "dates": (ft.DATE, ft.DATE_TIME),
    "durations": (ft.DAYS_TIME_DURATION, ft.YEARS_MONTHS_DURATION),
    "days": (ft.DAYS_TIME_DURATION,),
    "point": tuple(ft.ORDERED),
}


#: the forms of every reading, by the reading
READINGS: dict[str, Forms[Any]] = {}


class Forms(dict[str, Form]):
    """What one reading has of its own for some built-ins, by their names; raises LookupError for a name not in the list."""

    def __init__(self, reading: str, forms: Mapping[str, Form] | None = None) -> None:
        super().__init__()
        for name, form in (forms or {}).items():
            self[name] = form
        READINGS[reading] = self

    def __setitem__(self, name: str, form: Form) -> None:
        if name not in BUILT_INS:
            raise LookupError(f"there is no built-in {name}")
        super().__setitem__(name, form)


def builtin(
    name: str, parameters: str, result: Result, *, constant: bool = True
) -> Callable[[Implementation], Implementation]:
    """Register a function under ``name`` for one signature.

    ``parameters`` reads ``name: type, name: type|type``; a type ending in ``?`` may be left out, in ``!`` may be null;
    a name that begins with ``*`` takes any number of arguments.
    """
    parts = [part.strip() for part in parameters.split(",") if part.strip()]
    declared = tuple(_parameter(part.lstrip("*")) for part in parts)
    variadic = bool(parts) and parts[-1].startswith("*")

    def register(implementation: Implementation) -> Implementation:
        known = BUILT_INS.get(name, BuiltIn(name, ()))
        signature = Signature(declared, result, implementation, variadic)
        BUILT_INS[name] = BuiltIn(name, (*known.signatures, signature), constant and known.constant)
        return implementation

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind = (part.strip() for part in text.partition(":"))
    optional = "?" in kind
    nullable = "!" in kind or kind.startswith("any")
    types = tuple(each for word in kind.rstrip("?!").split("|") for each in _TYPES[word.strip()])
    return Parameter(name, types, optional, nullable)


def bind(function: BuiltIn, positional: list[Any], named: dict[str, Any]) -> tuple[Signature, list[Any]]:
    """The signature that fits the arguments, and the arguments in its order; raises NoValue where none fits."""
    reasons: list[NoValue] = []
    for signature in function.signatures:
        try:
            return signature, _arguments(function.name, signature, positional, named)
        except NoValue as reason:
            reasons.append(reason)
    fitting = [reason for reason in reasons if isinstance(reason, _WrongType)]
    raise (fitting or reasons)[0]


class _WrongType(NoValue):
    """The number of arguments fits a signature, and the type of one does not."""


def _arguments(name: str, signature: Signature, positional: list[Any], named: dict[str, Any]) -> list[Any]:
    parameters = signature.parameters
    if named:
        values = _by_name(name, signature, named)
    else:
        values = positional
        least = sum(not parameter.optional for parameter in parameters)
        if len(values) < least or (len(values) > len(parameters) and not signature.variadic):
            raise wrong_count(name, len(values), signature)
    last = len(parameters) - 1
    return [_fit(name, parameters[min(index, last)], value) for index, value in enumerate(values)]


def wrong_count(name: str, count: int, signature: Signature) -> NoValue:
    """That a call gives the wrong number of arguments."""
    names = ", ".join(parameter.name for parameter in signature.parameters)
    return NoValue(f"{name}({names}) 不能有 {count} 个参数", f"{name}({names}) does not take {count} arguments")


def _by_name(name: str, signature: Signature, named: dict[str, Any]) -> list[Any]:
    known = [parameter.name for parameter in signature.parameters]
    for given in named:
        if given not in known:
            raise NoValue(f"{name} 没有名为 {given} 的参数", f"{name} has no parameter named {given}")
    values: list[Any] = []
    for parameter in signature.parameters:
        if parameter.name not in named and not parameter.optional and not parameter.nullable:
            raise NoValue(f"{name} 缺少参数 {parameter.name}", f"{name} lacks its parameter {parameter.name}")
        # an argument that is left out by name is null
        values.append(named.get(parameter.name, _ABSENT if parameter.optional else None))
    while values and values[-1] is _ABSENT:
        values.pop()
    return [None if value is _ABSENT else value for value in values]


_ABSENT = object()


def _fit(name: str, parameter: Parameter, value: Any) -> Any:
    if value is None:
        if parameter.nullable or (parameter.optional and parameter.nullable):
            return None
        raise _WrongType(f"{name} 的参数 {parameter.name} 是 null", f"the argument {parameter.name} of {name} is null")
    for kind in parameter.types:
        if is_instance(value, kind) and not _lacks_items(value, kind):
            return value
    for kind in parameter.types:
        converted = coerce(value, kind)
        if converted is not MISMATCH and not _lacks_items(converted, kind):
            return converted
    wanted = " / ".join(str(kind) for kind in parameter.types)
    raise _WrongType(
        f"{name} 的参数 {parameter.name} 应为 {wanted}，而它是 {kind_of(value)}",
        f"the argument {parameter.name} of {name} must be {wanted}, and it is {kind_of(value)}",
    )


def _lacks_items(value: Any, kind: Type) -> bool:
    """Whether a list holds null where its items must be values."""
    return isinstance(kind, ft.ListType) and not ft.may_be_null(kind.item) and None in value

"""The types of FEEL (DMN 1.5, 10.3.2), as declared for names and inferred for expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Type:
    """A type; the simple ones are the constants of this module."""


@frozen
class SimpleType(Type):
    name: str

    def __str__(self) -> str:
        return self.name


@frozen
class ListType(Type):
    item: Type

    def __str__(self) -> str:
        return f"list<{self.item}>"


def _pairs(fields: Mapping[str, Type] | tuple[tuple[str, Type], ...]) -> tuple[tuple[str, Type], ...]:
    return fields if isinstance(fields, tuple) else tuple(fields.items())


@frozen
class ContextType(Type):
    """A context; its members are given as a mapping and kept as pairs, so that the type can be hashed."""

    fields: tuple[tuple[str, Type], ...] = field(converter=_pairs)

    def member(self, name: str) -> Type | None:
        """The type of a member; None where there is none of that name."""
        return next((kind for key, kind in self.fields if key == name), None)

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {kind}' for name, kind in self.fields)}>"


@frozen
class RangeType(Type):
    of: Type

    def __str__(self) -> str:
        return f"range<{self.of}>"


@frozen
class FunctionType(Type):
    """A function; ``parameters`` is None where any arguments may do."""

    parameters: tuple[Type, ...] | None
    result: Type

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters or ()))}> -> {self.result}"


@frozen
class Nullable(Type):
    """A value of ``of``, or null."""

    of: Type

    def __str__(self) -> str:
        return f"{self.of} or null"


ANY = SimpleType("Any")
NULL = SimpleType("Null")
NUMBER = SimpleType("number")
STRING = SimpleType("string")
BOOLEAN = SimpleType("boolean")
DATE = SimpleType("date")
TIME = SimpleType("time")
DATE_TIME = SimpleType("date and time")
DAYS_TIME_DURATION = SimpleType("days and time duration")
YEARS_MONTHS_DURATION = SimpleType("years and months duration")

#: the types that an expression can name, by the names that DMN and its tools use for them
NAMED: dict[str, Type] = {
    kind.name: kind
    for kind in (NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_TIME_DURATION, YEARS_MONTHS_DURATION, ANY, NULL)
} | {
    "any": ANY,
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS_TIME_DURATION,
    "yearMonthDuration": YEARS_MONTHS_DURATION,
    "context": ContextType(()),
    "list": ListType(ANY),
    "range": RangeType(ANY),
    "function": FunctionType(None, ANY),
}

#: types whose values have an order
ORDERED = frozenset((NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS_TIME_DURATION, YEARS_MONTHS_DURATION))


def bare(kind: Type) -> Type:
    """The type without null."""
    return kind.of if isinstance(kind, Nullable) else kind


def may_be_null(kind: Type) -> bool:
    return isinstance(kind, Nullable) or kind in (ANY, NULL)


def nullable(kind: Type) -> Type:
    """The type with null."""
    return kind if may_be_null(kind) else Nullable(kind)


def with_nulls(kind: Type) -> Type:
    """The type with null, also in the place of every item and member."""
    match bare(kind):
        case ListType(item):
            return Nullable(ListType(with_nulls(item)))
        case ContextType(fields):
            return Nullable(ContextType(tuple((name, with_nulls(member)) for name, member in fields)))
    return nullable(kind)


def union(first: Type, second: Type) -> Type:
    """The narrowest type that we can say for a value of either type."""
    if first == second:
        return first
    if NULL in (first, second):
        return nullable(second if first == NULL else first)
    one, other = bare(first), bare(second)
    if isinstance(one, ListType) and isinstance(other, ListType):
        both: Type = ListType(union(one.item, other.item))
    else:
        both = one if one == other else ANY
    return nullable(both) if isinstance(first, Nullable) or isinstance(second, Nullable) else both


def conforms(kind: Type, to: Type) -> bool:
    """Whether every value of ``kind`` is a value of ``to`` (DMN 1.5, 10.3.2.9.1, "conforms to")."""
    if to == ANY or kind in (NULL, to):
        return True
    kind, to = bare(kind), bare(to)
    match kind, to:
        case ListType(one), ListType(other):
            return conforms(one, other)
        case RangeType(one), RangeType(other):
            return conforms(one, other)
        case ContextType(), ContextType(fields):
            return all((own := kind.member(name)) is not None and conforms(own, wanted) for name, wanted in fields)
        case FunctionType(parameters, result), FunctionType(wanted, wanted_result):
            if not conforms(result, wanted_result):
                return False
            if parameters is None or wanted is None:
                return True
            return len(parameters) == len(wanted) and all(map(conforms, wanted, parameters))
    return kind == to


def may_conform(kind: Type, to: Type) -> bool:
    """Whether some value of ``kind`` could be one of ``to``; what is not known may be anything."""
    kind, to = bare(kind), bare(to)
    if ANY in (kind, to) or NULL in (kind, to) or kind == to:
        return True
    match kind, to:
        case ListType(one), ListType(other):
            return may_conform(one, other)
        case RangeType(one), RangeType(other):
            return may_conform(one, other)
        case ContextType(), ContextType(fields):
            return all((own := kind.member(name)) is None or may_conform(own, wanted) for name, wanted in fields)
        case FunctionType(), FunctionType():
            return True
    return False

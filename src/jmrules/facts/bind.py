"""Fit facts to a ruleset's declarations: typed values in declared units, in the order of the declarations.

There are two readings. The quick one is a chain of functions compiled once per declaration; it handles what is plainly right
and gives up on anything else. The careful one then looks at everything and tells all that is wrong.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jmrules.documents.reader import MAX_EXPONENT
from jmrules.errors import FactsError
from jmrules.facts.careful import bind_carefully
from jmrules.facts.domain import MAX_ITEMS, MAX_STRING, count_of, tests_of
from jmrules.facts.model import Facts
from jmrules.feel import temporal
from jmrules.ruleset.model import walk
from jmrules.units import convert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.ruleset.model import FactDeclaration, Ruleset

_MISSING: Any = object()
#: whole numbers below it have at most 34 digits
_MOST_INT = 10**34


class _GiveUp(Exception):
    """The quick reading met something that only the careful one can judge."""


def bind(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> list[Any]:
    """The values of all declared facts, in the order of their declarations; an absent optional fact is None.

    The thread's decimal context must be FEEL's.

    Numbers come as Decimal in the declared unit, dates as FEEL dates, lists as lists of dicts that have every declared field.

    Raises:
        FactsError: missing, unknown, mistyped or out-of-domain facts, facts for another ruleset or year, facts that are
            not known exactly; all of them.
    """
    return bind_bare(ruleset, facts)[0]


def bind_bare(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> tuple[list[Any], bool]:
    """The values as :func:`bind` gives them, and whether all facts are known to be bare values; raises as it does."""
    checked = isinstance(facts, Facts)
    given = facts.given if isinstance(facts, Facts) else facts
    if not isinstance(facts, Facts) or _fits_head(ruleset, facts):
        try:
            return _quick(ruleset, checked)(given), not checked
        except (_GiveUp, ArithmeticError):
            # ArithmeticError: a number that the decimal context traps, such as an infinity.
            pass
    values, problems = bind_carefully(ruleset, facts)
    if problems:
        raise FactsError(problems)
    return values, False


def _fits_head(ruleset: Ruleset, facts: Facts) -> bool:
    return (
        facts.ruleset.partition("@")[0] == ruleset.id
        and facts.fiscal_year == ruleset.fiscal_year
        and facts.claims.indicators.keys() <= _indicator_ids(ruleset)
    )


@lru_cache(maxsize=128)
def _indicator_ids(ruleset: Ruleset) -> frozenset[str]:
    return frozenset(node.id for _, node in walk(ruleset.indicators))


@lru_cache(maxsize=128)
def _quick(ruleset: Ruleset, checked: bool) -> Callable[[Mapping[str, Any]], list[Any]]:
    """``checked``: the facts have passed their schema, so fact objects in them are well-formed."""
    binders = [
        (declaration.id, _quick_value(declaration, checked), declaration.optional) for declaration in ruleset.facts
    ]
    known = {declaration.id for declaration in ruleset.facts}

    def bind_all(given: Mapping[str, Any]) -> list[Any]:
        if not known.issuperset(given):
            raise _GiveUp
        values: list[Any] = []
        for name, binder, optional in binders:
            value = given.get(name, _MISSING)
            if value is _MISSING or value is None:
                if not optional:
                    raise _GiveUp
                values.append(None)
            else:
                values.append(binder(value))
        return values

    return bind_all


def _quick_value(declaration: FactDeclaration, checked: bool) -> Callable[[Any], Any]:
    tests = tests_of(declaration)
    if declaration.type == "list":
        return _quick_list(declaration, checked)
    if declaration.type == "number":
        return _quick_number(declaration, tests, checked)
    if declaration.type == "date":

        def convert_value(value: Any) -> Any:
            return temporal.parse_date(value) if type(value) is str else None
    else:
        text = declaration.type == "string"

        def convert_value(value: Any) -> Any:
            if text:
                return value if type(value) is str and len(value) <= MAX_STRING else None
            return value if type(value) is bool else None

    def plain(value: Any) -> Any:
        if checked and type(value) is dict:
            value = _unwrapped(value)
        converted = convert_value(value)
        if converted is None or (tests is not None and tests(converted) is not True):
            raise _GiveUp
        return converted

    return plain


def _unwrapped(value: dict[str, Any]) -> Any:
    inner = value.get("value")
    if inner is None or "unit" in value or "between" in value or "unknown" in value or "length" in value:
        raise _GiveUp
    return inner


def _in_unit(value: dict[str, Any], declared: str | None) -> Any:
    """The value of a fact object in the declared unit."""
    if "unit" not in value:
        return _unwrapped(value)
    plain = {name: part for name, part in value.items() if name != "unit"}
    number = _unwrapped(plain)
    if type(number) not in (int, Decimal):
        raise _GiveUp
    converted = convert(Decimal(number), value["unit"], declared)
    if not isinstance(converted, Decimal):
        raise _GiveUp
    return converted


def _quick_number(
    declaration: FactDeclaration, tests: Callable[[Any], Any] | None, checked: bool
) -> Callable[[Any], Decimal]:
    decimals, unit = declaration.decimals, declaration.unit
    quantum = None if decimals is None else Decimal(1).scaleb(-decimals)

    def number(value: Any) -> Decimal:
        kind = type(value)
        if checked and kind is dict:
            value = _in_unit(value, unit)
            kind = type(value)
        if kind is int:
            # A whole number of few digits needs no second look.
            if not -_MOST_INT < value < _MOST_INT:
                raise _GiveUp
            exact = Decimal(value)
        else:
            if kind is float:
                value = Decimal(repr(value))
            elif kind is not Decimal:
                raise _GiveUp
            exact = +value
            # Rounding to the context's 34 digits must change nothing; infinities and NaN fail here too.
            if (
                exact - value
                or not -MAX_EXPONENT <= value.adjusted() <= MAX_EXPONENT
                or (quantum is not None and value % quantum)
            ):
                raise _GiveUp
        if tests is not None and tests(exact) is not True:
            raise _GiveUp
        return exact

    return number


def _quick_list(declaration: FactDeclaration, checked: bool) -> Callable[[Any], list[dict[str, Any]]]:
    count = count_of(declaration)
    fields = [(part.id, _quick_value(part, checked), part.optional) for part in declaration.item]
    known = {part.id for part in declaration.item}

    def items(value: Any) -> list[dict[str, Any]]:
        if checked and type(value) is dict:
            value = _unwrapped(value)
        if type(value) is not list or len(value) > MAX_ITEMS:
            raise _GiveUp
        result = []
        for item in value:
            if type(item) is not dict:
                raise _GiveUp
            bound: dict[str, Any] = {}
            seen = 0
            for name, binder, optional in fields:
                part = item.get(name, _MISSING)
                if part is _MISSING:
                    if not optional:
                        raise _GiveUp
                    bound[name] = None
                    continue
                seen += 1
                if part is None:
                    if not optional:
                        raise _GiveUp
                    bound[name] = None
                else:
                    bound[name] = binder(part)
            if seen != len(item):
                raise _GiveUp
            result.append(bound)
        if count is not None and count(Decimal(len(result))) is not True:
            raise _GiveUp
        return result

    assert len(known) == len(fields)
    return items

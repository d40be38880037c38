"""Any result in JSON's terms: one converter, and beside each room's results the members that their documents have.

Numbers stay as they are, a fraction becomes its text, a text ``{"zh", "en"}``, a mapping an object and a tuple an array. Of a
class that nothing is told about, every field is a member, and one that equals its default is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from cattrs import Converter

#: reads a member off a result
Read = Callable[[Any], Any]


def new_converter() -> Converter:
    """A converter with nothing told of classes: numbers as they are, what equals its default left out."""
    converter = Converter(omit_if_default=True, detailed_validation=False)
    converter.register_unstructure_hook(Decimal, lambda value: value)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    return converter


def fraction_text(value: Fraction) -> str:
    """``3/4``. By way of Decimal: Python limits the digits of an int's own text, and an exact share may have more."""
    top, bottom = (format(Decimal(part), "f") for part in (value.numerator, value.denominator))
    return top if bottom == "1" else f"{top}/{bottom}"


_CONVERTER = new_converter()
_CONVERTER.register_unstructure_hook(tuple, lambda value: [_CONVERTER.unstructure(each) for each in value])
_CONVERTER.register_unstructure_hook_func(lambda found: found is Fraction, fraction_text)


def tell(cls: type, *members: str | tuple[str, Read]) -> None:
    """Say which members the document of a class has, in their order.

    ``"id"`` is the attribute of that name, ``"in=tests"`` another one, ``"grade=grade.id"`` one further in; a pair is a name
    and a function of the result. Each is always there, null where it is None; a name that ends in ``?`` is left out where its
    value is None or empty.
    """
    read = tuple(_member(member) for member in members)

    def unstructure(value: Any) -> dict[str, Any]:
        found = {}
        for name, get, optional in read:
            member = get(value)
            if not optional or not (member is None or (isinstance(member, tuple | dict | str) and not member)):
                found[name] = _CONVERTER.unstructure(member)
        return found

    tell_as(cls, unstructure)


def tell_as(cls: type, write: Read) -> None:
    """Say that every value of a class is written by a function, such as its text."""
    # By a test of the class itself: cattrs would else resolve its annotations, of which some names are for type checkers alone.
    _CONVERTER.register_unstructure_hook_func(lambda found: found is cls, write)


def in_json(value: Any) -> Any:
    """The value in JSON's terms."""
    return _CONVERTER.unstructure(value)


def _member(member: str | tuple[str, Read]) -> tuple[str, Read, bool]:
    if isinstance(member, str):
        name, _, path = member.partition("=")
        get: Read = attrgetter(path or name.removesuffix("?"))
    else:
        name, get = member
    return name.removesuffix("?"), get, name.endswith("?")

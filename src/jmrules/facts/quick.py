"""The quick reading of facts: one Python function per ruleset, written out for its declarations.

It takes what is plainly right and gives up on anything else, which the careful reading then judges. The text of the code holds
names made here and whole numbers; the author's names and all else are bound by reference.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.documents import MAX_EXPONENT
from jmrules.facts.domain import MAX_ITEMS, domain_of
from jmrules.feel import CONTEXT, ends_on_grid
from jmrules.frozen import FrozenDict, FrozenList
from jmrules.memo import kept
from jmrules.units import convert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmrules.feel import Interval
    from jmrules.ruleset import FactDeclaration, Ruleset

#: whole numbers below it have at most 34 digits
_MOST = 10**34
#: floats inside are finite, and their shortest decimals in range
_FAR = 1e300
#: whole numbers that facts mostly are, made once
_SMALL = tuple(map(Decimal, range(1024)))


class GiveUp(Exception):
    """The quick reading met something that only the careful one can judge."""


@kept
def quick_reading(ruleset: Ruleset, checked: bool) -> Callable[[Mapping[str, Any]], list[Any]]:
    """The values of all declared facts, in order; raises GiveUp, KeyError or ArithmeticError
    where it is not plain.

    ``checked``: the facts have passed their schema, so fact objects in them are well-formed.
    """
    writer = _Writer(checked)
    writer.line(0, "def read(given):")
    # Looking up a name must not add it, as a defaultdict would.
    if not checked:
        writer.line(1, "if type(given) is not dict: given = dict(given)")
    writer.line(1, "absent = 0")
    names = [writer.member(1, declaration, "given", "absent") for declaration in ruleset.facts]
    # Every declared fact that is there has been read: if there are more, they are not declared.
    writer.line(1, f"if len(given) + absent != {len(names)}: raise GiveUp")
    writer.line(1, f"return [{', '.join(names)}]")
    namespace: dict[str, Any] = {**writer.bound, "GiveUp": GiveUp, "Decimal": Decimal, "SMALL": _SMALL, "FAR": _FAR}
    # What has been loaded is frozen; a mapping given by a caller is not.
    namespace |= {"MAPPING": FrozenDict, "LIST": FrozenList} if checked else {"MAPPING": dict, "LIST": list}
    exec("\n".join(writer.lines), namespace)
    read: Callable[[Mapping[str, Any]], list[Any]] = namespace["read"]
    return read


class _Writer:
    """Writes the code that reads declared members."""

    def __init__(self, checked: bool) -> None:
        self.checked = checked
        self.lines: list[str] = []
        #: what the code refers to
        self.bound: dict[str, Any] = {}

    def line(self, depth: int, code: str) -> None:
        self.lines.append("    " * depth + code)

    def bind(self, value: Any) -> str:
        """A name in the code for a value."""
        name = f"k{len(self.bound)}"
        self.bound[name] = value
        return name

    def member(self, depth: int, declaration: FactDeclaration, of: str, absent: str) -> str:
        """Read a member of ``of``, and count it if it is absent; the name of its value."""
        key = self.bind(declaration.id)
        name = f"v{key}"
        if declaration.optional:
            self.line(depth, f"{name} = {of}.get({key})")
            self.line(depth, f"if {name} is None: {absent} += {key} not in {of}")
            self.line(depth, "else:")
            self._value(depth + 1, declaration, name)
        else:
            self.line(depth, f"{name} = {of}[{key}]")
            self._value(depth, declaration, name)
        return name

    def _value(self, depth: int, declaration: FactDeclaration, name: str) -> None:
        if declaration.type == "list":
            self._list(depth, declaration, name)
        elif declaration.type == "number":
            self._number(depth, declaration, name)
        else:
            self.line(depth, f"{name} = {self.bind(_plain(declaration, self.checked))}({name})")

    def _number(self, depth: int, declaration: FactDeclaration, name: str) -> None:
        """Small whole numbers are looked up, and floats read here; all else is for a function to judge."""
        ranges = domain_of(declaration).ranges
        if ranges is not None and len(ranges) == 1:
            (interval,) = ranges
            least, end = _small_numbers(interval)
            self.line(depth, f"if type({name}) is int and {least} <= {name} < {end}: {name} = SMALL[{name}]")
            if declaration.decimals is None:
                # The shortest decimal of a float has at most 17 digits.
                self.line(depth, f"elif type({name}) is float and -FAR < {name} < FAR:")
                self.line(depth + 1, f"{name} = Decimal(repr({name}))")
                for edge, sign in ((interval.low, ">"), (interval.high, "<")):
                    if edge.at is not None:
                        open_ended = edge.above is (sign == ">")
                        test = f"{name} {sign}{'' if open_ended else '='} {self.bind(edge.at)}"
                        self.line(depth + 1, f"if not {test}: raise GiveUp")
            self.line(depth, "else:")
            depth += 1
        self.line(depth, f"{name} = {self.bind(_number(declaration, self.checked))}({name})")

    def _list(self, depth: int, declaration: FactDeclaration, name: str) -> None:
        """Read a list's items into dicts that have every declared field."""
        if self.checked:
            self.line(depth, f"if type({name}) is MAPPING: {name} = {self.bind(_unwrapped)}({name})")
        self.line(depth, f"if type({name}) is not LIST or len({name}) > {MAX_ITEMS}: raise GiveUp")
        if (count := domain_of(declaration).count) is not None:
            self.line(depth, f"if {self.bind(count)}(Decimal(len({name}))) is not True: raise GiveUp")
        item, items, lacking = f"item{name}", f"items{name}", f"lacking{name}"
        self.line(depth, f"{items} = []")
        self.line(depth, f"for {item} in {name}:")
        self.line(depth + 1, f"if type({item}) is not MAPPING: raise GiveUp")
        known = ""
        if any(part.optional for part in declaration.item):
            self.line(depth + 1, f"{lacking} = 0")
            known = f" - {lacking}"
        fields = {part.id: self.member(depth + 1, part, item, lacking) for part in declaration.item}
        self.line(depth + 1, f"if len({item}) != {len(fields)}{known}: raise GiveUp")
        members = ", ".join(f"{self.bind(id)}: {value}" for id, value in fields.items())
        self.line(depth + 1, f"{items}.append({{{members}}})")
        self.line(depth, f"{name} = {items}")


def _small_numbers(interval: Interval) -> tuple[int, int]:
    """The first of the small whole numbers that lie in the interval, and the first after them."""
    low, high = ends_on_grid(interval, 0)
    least, end = max(0, low or 0), len(_SMALL) if high is None else min(high + 1, len(_SMALL))
    return (least, end) if least < end else (0, 0)


def _unwrapped(value: dict[str, Any]) -> Any:
    inner = value.get("value")
    if inner is None or "unit" in value or "between" in value or "unknown" in value or "length" in value:
        raise GiveUp
    return inner


def _in_unit(value: dict[str, Any], declared: str | None) -> Any:
    """The value of a fact object in the declared unit."""
    if "unit" not in value:
        return _unwrapped(value)
    plain = {name: part for name, part in value.items() if name != "unit"}
    number = _unwrapped(plain)
    if type(number) not in (int, Decimal):
        raise GiveUp
    converted = convert(Decimal(number), value["unit"], declared)
    if not isinstance(converted, Decimal):
        raise GiveUp
    return converted


def _number(declaration: FactDeclaration, checked: bool) -> Callable[[Any], Decimal]:
    domain = domain_of(declaration)
    tests, quantum, unit = domain.test, domain.step, declaration.unit

    def number(value: Any) -> Decimal:
        kind = type(value)
        if checked and kind is FrozenDict:
            value = _in_unit(value, unit)
            kind = type(value)
        if kind is int:
            # A whole number of few digits needs no second look.
            if not -_MOST < value < _MOST:
                raise GiveUp
            exact = Decimal(value)
        elif kind is float:
            if not -_FAR < value < _FAR:
                raise GiveUp
            exact = Decimal(repr(value))
            if quantum is not None and exact % quantum:
                raise GiveUp
        elif kind is Decimal:
            exact = CONTEXT.plus(value)
            # Rounding to 34 digits must change nothing; infinities and NaN fail here too.
            if (
                exact - value
                or not -MAX_EXPONENT <= value.adjusted() <= MAX_EXPONENT
                or (quantum is not None and value % quantum)
            ):
                raise GiveUp
        else:
            raise GiveUp
        if tests is not None and tests(exact) is not True:
            raise GiveUp
        return exact

    return number


def _plain(declaration: FactDeclaration, checked: bool) -> Callable[[Any], Any]:
    """The reading of a string, a truth value or a date."""
    domain = domain_of(declaration)
    read, tests = domain.read, domain.test
    bare = bool if declaration.type == "boolean" else str

    def plain(value: Any) -> Any:
        if checked and type(value) is FrozenDict:
            value = _unwrapped(value)
        found = read(value) if type(value) is bare else None
        if found is None or (tests is not None and tests(found) is not True):
            raise GiveUp
        return found

    return plain

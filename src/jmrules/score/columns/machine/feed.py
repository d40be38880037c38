"""The columns of a run of departments, as the machine reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from attrs import field, frozen

from jmrules.feel.vectors.vectors import Context, Items, Number, Truth, full
from jmrules.score.columns.facts import bounds_of, deferred, read_fact, values_of
from jmrules.score.columns.machine import codes
from jmrules.score.columns.machine.lower import Instruction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Set

    from jmrules.feel.vectors.vectors import Array, Unchecked, Vector
    from jmrules.ruleset.model import FactDeclaration, Ruleset
    from jmrules.score.columns.facts import Fact
    from jmrules.score.columns.machine.lower import Kind

#: how a scalar is loaded, by its fact; how a list's fields are bounded
Load = tuple[str, "Kind", Instruction]
Fields = tuple[tuple[str, int, tuple[float, float]], ...]


@frozen(eq=False)
class Feed:
    """What the machine is given of a run of departments, and what it is not."""

    #: the program depends on nothing else of the columns
    loads: tuple[Load, ...]
    lists: tuple[tuple[str, int, Fields], ...]
    #: addresses: of each fact's numbers; of each list's offsets, then of its fields
    columns: Array
    list_columns: Array
    #: facts that the vectors had to read; the machine checks the others
    read: dict[str, Fact]
    #: fields of lists that the machine can look at, by list
    unchecked: Mapping[str, Mapping[str, Unchecked]]
    _arrays: Mapping[str, pa.Array] = field(repr=False)
    #: lists that have been looked at nowhere but in the machine: their declarations
    _unread: dict[str, FactDeclaration] = field(repr=False)
    #: what the addresses point into
    _kept: list[object] = field(repr=False)

    def reader(self, declaration: FactDeclaration) -> Callable[[], Vector]:
        """What reads a fact for the vectors; one that the machine checks is read when they ask for it."""

        def read() -> Vector:
            if declaration.id not in self.read:
                self.read[declaration.id] = read_fact(declaration, self._arrays[declaration.id])
            return self.read[declaration.id].read()

        return read

    def accept(self, fields: Set[tuple[str, str]]) -> None:
        """Take note that the machine has found every number of these fields to fit."""
        for name, part in fields:
            self.unchecked[name][part].accept()
        for name in [name for name in self._unread if all((name, part) in fields for part in self.unchecked[name])]:
            del self._unread[name]

    def late(self) -> Iterator[Array]:
        """Departments whose facts turn out not to fit as they are read, item by item or as a whole."""
        for declaration in self._unread.values():
            self.reader(declaration)()
        for fact in self.read.values():
            yield from (found for found in (fact.aside, fact.late()) if found is not None)


def feed(ruleset: Ruleset, columns: Mapping[str, pa.Array]) -> Feed:
    """Prepare the columns of some departments."""
    facts = ruleset.facts
    widest = max((len(each.item) for each in facts), default=0)
    addresses = np.zeros(max(len(facts), 1), dtype=np.int64)
    list_addresses = np.zeros((max(len(facts), 1), 1 + widest), dtype=np.int64)
    loads: list[Load] = []
    lists: list[tuple[str, int, Fields]] = []
    read: dict[str, Fact] = {}
    unchecked: dict[str, Mapping[str, Unchecked]] = {}
    kept: list[object] = []
    unread: dict[str, FactDeclaration] = {}
    for number, declaration in enumerate(facts):
        array = columns[declaration.id]
        quick = _plain_list(declaration, array, list_addresses[number], kept)
        if quick is not None:
            lists.append((declaration.id, number, quick[0]))
            unchecked[declaration.id], unread[declaration.id] = quick[1], declaration
            continue
        plain = _plain(declaration, number, array)
        if plain is not None:
            values = values_of(array)
            loads.append((declaration.id, "number", plain))
        else:
            fact = read[declaration.id] = read_fact(declaration, array)
            if declaration.type == "list":
                given = _list(declaration, fact, list_addresses[number], kept)
                if given is not None:
                    lists.append((declaration.id, number, given[0]))
                    unchecked[declaration.id] = given[1]
                continue
            checked = _checked(declaration, number, fact, len(array))
            if checked is None:
                continue
            values, kind, instruction = checked
            loads.append((declaration.id, kind, instruction))
        kept.append(values)
        addresses[number] = values.ctypes.data
    return Feed(tuple(loads), tuple(lists), addresses, list_addresses, read, unchecked, columns, unread, kept)


def _plain(declaration: FactDeclaration, number: int, array: pa.Array) -> Instruction | None:
    """How doubles without nulls are loaded, and checked on the way."""
    if declaration.type != "number" or not pa.types.is_float64(array.type) or array.null_count:
        return None
    low, high, decided = bounds_of(declaration.tests)
    if not decided:
        return None
    factor = 0.0 if declaration.decimals is None else 10.0**declaration.decimals
    return Instruction(codes.LOAD, floats=(low, high, factor), first=number)


def _checked(
    declaration: FactDeclaration, number: int, fact: Fact, count: int
) -> tuple[Array, Kind, Instruction] | None:
    """How numbers that were checked already, and truth values, are loaded."""
    if declaration.type not in ("number", "boolean"):
        return None
    vector = fact.read()
    if vector.null is not None or not isinstance(vector, Number | Truth):
        return None
    kind: Kind = "number"
    if isinstance(vector, Number):
        held, whole = vector.value.x, vector.value.whole
    else:
        held, whole, kind = vector.holds, True, "truth"
    values = np.ascontiguousarray(full(held, count), dtype=np.float64)
    second = codes.FED_CHECKED + (codes.FED_WHOLE if whole else 0)
    return values, kind, Instruction(codes.LOAD, floats=(0.0, 0.0, 0.0), first=number, second=second)


def _plain_list(
    declaration: FactDeclaration, array: pa.Array, addresses: Array, kept: list[object]
) -> tuple[Fields, Mapping[str, Unchecked]] | None:
    """The fields of a list that holds nothing but plain numbers, where they stand."""
    if declaration.type != "list" or not pa.types.is_list(array.type) or array.null_count or declaration.count:
        return None
    values = array.values
    if values.null_count:
        return None
    names = {values.type.field(index).name: index for index in range(values.type.num_fields)}
    columns: dict[str, Unchecked] = {}
    for part in declaration.item:
        column = deferred(part, values.field(names[part.id])) if part.id in names else None
        if column is None:
            return None
        columns[part.id] = column
    addresses[0] = array.offsets.to_numpy().ctypes.data
    for place, column in enumerate(columns.values(), start=1):
        addresses[place] = column.x.ctypes.data
    kept.append(array)
    return tuple((id, place, column.bounds) for place, (id, column) in enumerate(columns.items())), columns


def _list(
    declaration: FactDeclaration, fact: Fact, addresses: Array, kept: list[object]
) -> tuple[Fields, Mapping[str, Unchecked]] | None:
    """The fields of a list that hold plain numbers."""
    vector = fact.read()
    if not isinstance(vector, Items) or vector.null is not None or not isinstance(vector.item, Context):
        return None
    offsets = np.ascontiguousarray(vector.offsets, dtype=np.int32)
    addresses[0] = offsets.ctypes.data
    kept.append(offsets)
    found = []
    for place, part in enumerate(declaration.item, start=1):
        column = vector.item.unchecked.get(part.id)
        if column is not None:
            addresses[place] = column.x.ctypes.data
            kept.append(column.x)
            found.append((part.id, place - 1, column.bounds))
    return tuple(found), vector.item.unchecked

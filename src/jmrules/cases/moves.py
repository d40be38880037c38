"""Single changes to a department's facts: a value, a field of an item, an item more or less."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.cases.values import constants_in, new_item, values_of
from jmrules.facts import domain_of
from jmrules.feel import tree as t
from jmrules.methods.shapes import Line, Mean, decimal_of
from jmrules.plan import Call, Derive
from jmrules.ruleset import SCORES, setting_facts
from jmrules.trace import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction
    from random import Random

    from jmrules.methods.shapes import Shape
    from jmrules.plan import Plan, PlannedLeaf
    from jmrules.ruleset import FactDeclaration

#: items of a list whose fields are changed, and times an item is repeated
ITEMS, REPEATS = 4, 8
#: values of a fact that chance chooses among
CHOICES = 12


@frozen
class Change:
    """A place in the facts and its new value, in JSON's terms."""

    #: JSON pointer below ``/facts``; ``/-`` at its end adds an item
    pointer: str
    value: Any


@frozen(eq=False)
class Move:
    """A change to one bound fact."""

    slot: int
    #: name of the fact
    fact: str
    value: Any
    change: Change
    #: index of the item of a list that changes, or is new; None where it is the whole fact
    item: int | None = None
    #: the field of the item that alone changes; None where ``value`` is the whole fact's
    part: str | None = None

    def applied(self, values: Sequence[Any]) -> list[Any]:
        """The values after the change; as they are where the item to change is not there."""
        changed = list(values)
        if self.part is None or self.item is None:
            changed[self.slot] = self.value
        elif self.item < len(items := list(values[self.slot] or ())):
            items[self.item] = {**items[self.item], self.part: self.value}
            changed[self.slot] = items
        return changed


class Moves:
    """The changes that may matter to some leaves: those of facts that they read, directly or through other values."""

    def __init__(self, plan: Plan, leaves: Iterable[PlannedLeaf]) -> None:
        self._plan = plan
        self._facts = plan.ruleset.facts
        leaves = tuple(leaves)
        calls = tuple(_calls(plan, leaves))
        # What a leaf reads itself comes before what it reads through others.
        named = list(dict.fromkeys(name[0] for call in calls for name in call.expression.names))
        agreed = setting_facts(plan.ruleset)
        slots = {fact.id: index for index, fact in enumerate(self._facts) if fact.id not in agreed}
        self._slots = [slots[name] for name in named if name in slots]
        trees = [call.expression.tree for call in calls]
        self._constants = constants_in(trees, chain.from_iterable(map(_amounts, leaves)))
        #: fields of items that anything looks at
        self._fields = {word for tree in trees for word in _words(tree)} | set(
            chain.from_iterable(leaf.shape.fields_read for leaf in leaves)
        )

    def of(self, values: Sequence[Any], *, coarse: bool = False, within: Move | None = None) -> Iterator[Move]:
        """Changes to these bound facts.

        ``coarse``: a few of each fact only. ``within``: those to the fields of the item that this move changed.
        """
        for slot in self._slots if within is None else (within.slot,):
            fact, now = self._facts[slot], values[slot]
            if within is not None and within.item is not None:
                yield from self._of_item(slot, fact, now, within.item, coarse)
            elif fact.type == "list":
                yield from self._of_list(slot, fact, now, coarse)
            else:
                beside = [values[other] for other in self._slots if other != slot]
                yield from self._of_scalar(slot, fact, now, beside, coarse)

    def shaken(self, values: Sequence[Any], chance: Random) -> tuple[Move, ...]:
        """A few changes at once, drawn by chance: to the fields of one item, or to several facts."""
        slots = [slot for slot in self._slots if values[slot] or self._facts[slot].type != "list"]
        if not slots:
            return ()
        first = chance.choice(slots)
        index = chance.randrange(len(values[first])) if self._facts[first].type == "list" else None
        made: list[Move] = []
        for _ in range(chance.randint(2, 4)):
            slot = first if index is not None else chance.choice(slots)
            if self._facts[slot].type == "list" and index is None:
                continue
            moves = list(islice(self._at(slot, values, index, chance), CHOICES))
            if moves:
                made.append(chance.choice(moves))
                values = made[-1].applied(values)
        return tuple(made)

    def _at(self, slot: int, values: Sequence[Any], index: int | None, chance: Random) -> Iterator[Move]:
        fact = self._facts[slot]
        if index is not None:
            parts = [part for part in fact.item if part.type != "list" and part.id in self._fields]
            return self._of_part(slot, fact, values[slot], index, chance.choice(parts), False) if parts else iter(())
        beside = [values[other] for other in self._slots if other != slot]
        return self._of_scalar(slot, fact, values[slot], beside, False)

    def _of_scalar(self, slot: int, fact: FactDeclaration, now: Any, beside: list[Any], coarse: bool) -> Iterator[Move]:
        for value in self._single(fact, now, beside, coarse):
            yield Move(slot, fact.id, value, Change(f"/{fact.id}", json_value(value)))

    def _single(self, fact: FactDeclaration, now: Any, beside: Iterable[Any], coarse: bool) -> Iterator[Any]:
        found = values_of(fact, now, self._constants, beside)
        if coarse and fact.type in ("number", "date"):
            # A few telling values are enough for the first of two changes.
            return (value for value, _ in zip(found, range(6), strict=False))
        return found

    def _of_list(
        self, slot: int, fact: FactDeclaration, now: list[dict[str, Any]] | None, coarse: bool
    ) -> Iterator[Move]:
        at, items = f"/{fact.id}", now or []
        domain = domain_of(fact)

        def move(pointer: str, shown: Any, changed: list[dict[str, Any]], item: int | None = None) -> Iterator[Move]:
            if domain.counts(len(changed)):
                yield Move(slot, fact.id, changed, Change(pointer, json_value(shown)), item)

        made = new_item(fact, self._constants)
        if items:
            yield from move(at, [], [])
        yield from move(f"{at}/-" if items else at, made if items else [made], [*items, made], len(items))
        for index in range(min(len(items), ITEMS)):
            yield from self._of_item(slot, fact, items, index, coarse)
        for index in range(len(items) if len(items) > 1 else 0):
            rest = [*items[:index], *items[index + 1 :]]
            yield from move(at, rest, rest)
        for times in range(1, REPEATS + 1 if items else 0):
            more = [*items, *[items[-1]] * times]
            yield from move(at, more, more)
        if fact.optional and now is not None:
            yield Move(slot, fact.id, None, Change(at, None))

    def _of_item(
        self, slot: int, fact: FactDeclaration, items: list[dict[str, Any]], index: int, coarse: bool
    ) -> Iterator[Move]:
        for part in fact.item:
            if part.type != "list" and part.id in self._fields:
                yield from self._of_part(slot, fact, items, index, part, coarse)

    def _of_part(
        self,
        slot: int,
        fact: FactDeclaration,
        items: list[dict[str, Any]],
        index: int,
        part: FactDeclaration,
        coarse: bool,
    ) -> Iterator[Move]:
        item = items[index]
        beside = [value for name, value in item.items() if name != part.id]
        for value in self._single(part, item[part.id], beside, coarse):
            change = Change(f"/{fact.id}/{index}/{part.id}", json_value(value))
            yield Move(slot, fact.id, value, change, index, part.id)


def _calls(plan: Plan, leaves: Iterable[PlannedLeaf]) -> Iterator[Call]:
    """The expressions that leaves read, those of their own first, then those of derived values and scores."""
    derived = {step.derived.id: step.call for step in (*plan.first, *plan.then) if isinstance(step, Derive)}
    by_id: dict[str, tuple[PlannedLeaf, ...]] = {leaf.leaf.id: (leaf,) for leaf in plan.leaves}
    by_id |= {id: tuple(plan.leaves[index] for index in group.leaves) for id, group in plan.groups.items()}
    seen: set[str] = set()
    waiting: deque[PlannedLeaf | Call] = deque(leaves)
    while waiting:
        one = waiting.popleft()
        if not isinstance(one, Call):
            if one.leaf.id not in seen:
                seen.add(one.leaf.id)
                waiting += [*one.calls, *([one.applies] if one.applies else [])]
            continue
        yield one
        for name in one.expression.names:
            if name[0] in derived and name[0] not in seen:
                seen.add(name[0])
                waiting.append(derived[name[0]])
            elif name[0] == SCORES and len(name) > 1:
                waiting += by_id[name[1]]


def _words(tree: t.Node) -> Iterator[str]:
    for node in t.walk(tree):
        if isinstance(node, t.Name):
            yield node.name
        elif isinstance(node, t.Path):
            yield node.member


def _amounts(leaf: PlannedLeaf) -> Iterator[Decimal]:
    """The numbers at which a leaf's share changes its course, and those between."""
    for shape in leaf.shape.simple:
        yield from map(decimal_of, _turns(shape))


def _turns(shape: Shape) -> list[Fraction]:
    turns = list(shape.turns)
    if isinstance(shape, Line):
        turns += [(one + two) / 2 for one, two in pairwise(shape.turns)]
        if shape.grid is not None:
            turns += [
                shape.grid.at(1),
                shape.turns[-1 if shape.grid.sign > 0 else 0] + shape.grid.sign * shape.grid.step,
            ]
        else:
            turns.append(2 * shape.turns[-1] - shape.turns[0])
    elif isinstance(shape, Mean):
        turns += [shape.tolerance, 1 + shape.tolerance, shape.leaf_points]
    return turns

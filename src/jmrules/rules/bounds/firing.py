"""Which signals hold and which rules fire where facts are unknown: certainly, or perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.feel.possible import Reader, Value, anything, join, spread
from jmrules.feel.possible.operators import condition
from jmrules.rules.reference import SOME, conclude_between
from jmrules.ruleset.rule_texts import rule_texts
from jmrules.score.bounds import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.errors import JmrulesError
    from jmrules.rules.plan import Atom, RulePlan
    from jmrules.ruleset import Each, Signal
    from jmrules.ruleset.rule_texts import Body


@frozen(eq=False)
class Firing:
    """What holds and follows, whatever the unknown facts are, and what may; an item ``SOME`` stands for any of a list."""

    #: what signals read
    world: World
    certain: frozenset[Atom]
    #: those that are certain too
    possible: frozenset[Atom]
    #: signals that certainly cannot be decided and do not say what then holds
    undecided: Mapping[Atom, JmrulesError]

    def at(self, each: Each | None, item: int | None) -> World:
        """What can be read at an item."""
        return self.world if each is None or item is None else _within(self.world, each, _items(self.world, each)[item])


def firing(body: Body, rules: RulePlan, signals: Iterable[Signal], world: World) -> Firing:
    """What the signals and rules of a body come to in a world, in a thread where arithmetic is exact."""
    certain: set[Atom] = set()
    possible: set[Atom] = set()
    undecided: dict[Atom, JmrulesError] = {}
    items: dict[str, tuple[int, ...]] = {}
    for signal in signals:
        numbered = {None: None} if signal.each is None else _items(world, signal.each)
        for item, value in numbered.items():
            here = world if signal.each is None or value is None else _within(world, signal.each, value)
            must, may, error = _holds(body, signal, here)
            if must and item != SOME:
                certain.add((signal.id, item))
            if may:
                possible.add((signal.id, item))
            if error is not None:
                undecided[signal.id, item] = error
    for rule in body.rules:
        if rule.each is not None and rule.each.of in rules.domains:
            items[rule.each.of] = tuple(_items(world, rule.each))
    return Firing(world, *conclude_between(rules, certain, possible, items), undecided)


def _holds(body: Body, signal: Signal, world: World) -> tuple[bool, bool, JmrulesError | None]:
    """Whether a signal certainly holds, whether it may, and why it certainly cannot be decided."""
    compiled = rule_texts(body).signals[signal.id]
    truths, error = condition(Reader(compiled.text).whole(compiled.tree, world.scope))
    # Where it is undefined and says nothing for that, there is no score.
    undefined = error is not None and signal.undefined is not None
    may = True in truths or (undefined and signal.undefined is True)
    may_not = False in truths or (undefined and signal.undefined is False)
    return may and not may_not, may, None if may or may_not else error


def _items(world: World, each: Each) -> dict[int, Value]:
    """The items of a list by their numbers; where it is not known which there are, one that may be any of them."""
    found = world.value(each.of)
    listed = spread(anything() if found is None else found)
    if listed.items is None:
        return {SOME: anything()} if listed.other or listed.error is not None else {}
    if listed.items.fixed and not listed.null and listed.error is None:
        return {number: item for number, (item, _) in enumerate(listed.items.entries)}
    return {SOME: join(listed.items.all())} if listed.items.longest else {}


def _within(world: World, each: Each, item: Value) -> World:
    return World(world.engine, {**world.given, each.name: item}, world.scores)

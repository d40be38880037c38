"""The two ways in which an expression of the plan reads its slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import LimitError, Text
from jmrules.feel.tree import Name
from jmrules.plan import Derive, Score
from jmrules.ruleset import SCORES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.errors import JmrulesError
    from jmrules.plan import Call, Plan


@frozen(eq=False)
class Poison:
    """In the slot of a derived value that could not be computed: whoever reads it meets the same error."""

    error: JmrulesError


def quick(call: Call, plan: Plan) -> Callable[[Sequence[Any]], Any]:
    """The compiled function over the slots; valid where no slot holds poison."""
    slots, function = call.slots, call.expression.function
    if slots is None:
        return careful(call, plan)
    if isinstance(call.expression.tree, Name) and len(slots) == 1:
        return itemgetter(slots[0])
    if len(slots) == 1:
        (one,) = slots
        return lambda values: function(values[one])
    if len(slots) == 2:
        one, two = slots
        return lambda values: function(values[one], values[two])
    if len(slots) == 3:
        one, two, three = slots
        return lambda values: function(values[one], values[two], values[three])
    return lambda values: function(*[values[slot] for slot in slots])


@contextmanager
def placing(plan: Plan) -> Iterator[None]:
    """Within it, a LimitError says which expression of the ruleset took too much work."""
    try:
        yield
    except LimitError as error:
        for owner, label, call in _calls(plan):
            if call.expression.text == error.expression:
                named = Text(f"“{label.zh}”（{owner}）", f"{owner} ({label.say('en')})")
                raise error.placed(plan.ruleset.source.place(call.pointer), named) from None
        raise


def _calls(plan: Plan) -> Iterator[tuple[str, Text, Call]]:
    """Every expression with the id and label of what it belongs to, in the order in which they are evaluated."""
    yield from ((first.derived.id, first.derived.label, first.call) for first in plan.first)
    for leaf in plan.leaves:
        if leaf.applies is not None:
            yield leaf.leaf.id, leaf.leaf.label, leaf.applies
    for step in plan.then:
        if isinstance(step, Derive):
            yield step.derived.id, step.derived.label, step.call
        elif isinstance(step, Score):
            leaf = plan.leaves[step.leaf]
            yield from ((leaf.leaf.id, leaf.leaf.label, call) for call in leaf.calls)


def careful(call: Call, plan: Plan) -> Callable[[Sequence[Any]], Any]:
    """Evaluation by the tree, which reads a name only on the path that needs it."""
    strict = call.expression.strict
    return lambda values: strict(Names(plan, values))


class Names(Mapping[str, Any]):
    """The slots by the names that expressions use; reading poison raises its error."""

    __slots__ = ("_plan", "_values")

    def __init__(self, plan: Plan, values: Sequence[Any]) -> None:
        self._plan, self._values = plan, values

    def __getitem__(self, name: str) -> Any:
        if name == SCORES:
            return {
                id: {what: self._values[slot] for what, slot in read} for id, read in self._plan.scores_read.items()
            }
        value = self._values[self._plan.slots[name]]
        if isinstance(value, Poison):
            raise value.error
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._plan.slots or name == SCORES

    def __iter__(self) -> Iterator[str]:
        return iter((*self._plan.slots, SCORES))

    def __len__(self) -> int:
        return len(self._plan.slots) + 1

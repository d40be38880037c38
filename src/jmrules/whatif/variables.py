"""The single values in a department's facts that could be changed, and that the score reads."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.facts import domain_of
from jmrules.feel import temporal
from jmrules.feel import tree as t
from jmrules.feel.possible import Known, Possible, Span, Value
from jmrules.plan import Derive
from jmrules.ruleset import setting_facts
from jmrules.ruleset.rule_texts import bodies
from jmrules.score.bounds import Hints, hints_of
from jmrules.whatif.choices import Choice, Grid, Listed, any_of, grids
from jmrules.whatif.paths import FactPath, label_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jmrules.feel import Number
    from jmrules.plan import Call, Plan
    from jmrules.ruleset import FactDeclaration

_DAY = temporal.parse_duration("P1D")
_COST = Decimal(1)
_WORD = re.compile(r"\w+")


@frozen(eq=False)
class Variable:
    """A value that could be changed."""

    path: FactPath
    declaration: FactDeclaration
    label: Text
    now: Any
    #: all that it could be changed to, in parts
    choices: tuple[Choice, ...]
    #: whether those are all values that its declaration allows, null aside; of dates, only some are tried
    exhaustive: bool
    #: what it is, or any of what it could be
    whole: Value

    def cost_of(self, value: Any) -> Decimal:
        """What it costs to change it to a value."""
        return cost_of(self.declaration, self.now, value)


def cost_of(declaration: FactDeclaration, now: Any, value: Any) -> Decimal:
    """What a change costs: of a number by its size, of anything else, or where there was no value, as a whole."""
    rate = _COST if declaration.cost is None else declaration.cost
    if isinstance(now, Decimal) and isinstance(value, Decimal):
        return rate * abs(value - now)
    return rate


def variables(plan: Plan, values: Sequence[Any], may: Callable[[FactPath], bool]) -> tuple[Variable, ...]:
    """Every single value in bound facts that the score reads and that may be changed, in the order of the facts."""
    reader = _Reader(plan)
    found: list[Variable] = []
    for declaration, value in zip(plan.ruleset.facts, values, strict=True):
        if declaration.id in setting_facts(plan.ruleset):
            continue  # what indicators are worth is agreed on
        for path, part, now in _parts(declaration, value, (declaration.id,)):
            if not reader.reads(path) or not may(path):
                continue
            choices, exhaustive = _choices(part, now, reader.hints)
            if choices:
                label = label_of(plan.ruleset, path)
                found.append(Variable(path, part, label, now, choices, exhaustive, _whole(part, now, choices)))
    return tuple(found)


def _parts(
    declaration: FactDeclaration, value: Any, steps: tuple[str | int, ...]
) -> Iterator[tuple[FactPath, FactDeclaration, Any]]:
    if not declaration.changeable:
        return
    if declaration.type != "list":
        yield FactPath(steps), declaration, value
        return
    for index, item in enumerate(value or ()):
        for part in declaration.item:
            yield from _parts(part, item[part.id], (*steps, index, part.id))


class _Reader:
    """What the expressions and methods of a plan read."""

    def __init__(self, plan: Plan) -> None:
        derived = [step.call for step in (*plan.first, *plan.then) if isinstance(step, Derive)]
        calls: list[Call] = [*chain.from_iterable(leaf.calls for leaf in plan.leaves), *derived]
        calls += [leaf.applies for leaf in plan.leaves if leaf.applies]
        trees = [call.expression.tree for call in calls]
        self._words = {word for tree in trees for word in _words(tree)}
        if plan.limiting:
            # Caps and vetoes rest on signals, which may read facts that no indicator does.
            signals = bodies(plan.ruleset)[0].signals
            texts = [*(each.when for each in signals), *(each.each.of for each in signals if each.each)]
            self._words |= {word for text in texts for word in _WORD.findall(text)}
        for leaf in plan.leaves:
            self._words |= leaf.shape.fields_read
        self.hints: Hints = hints_of(trees, [leaf.shape for leaf in plan.leaves])

    def reads(self, path: FactPath) -> bool:
        """Whether every name on the path occurs in some expression or method; what does not cannot matter."""
        return all(step in self._words for step in path.steps if isinstance(step, str))


def _words(tree: t.Node) -> Iterator[str]:
    for node in t.walk(tree):
        if isinstance(node, t.Name):
            yield node.name
        elif isinstance(node, t.Path):
            yield node.member
        elif isinstance(node, t.String):
            # A function may take the name of a member as a string.
            yield node.value


def _choices(declaration: FactDeclaration, now: Any, hints: Hints) -> tuple[tuple[Choice, ...], bool]:
    """What a value could be changed to, and whether that is all there is."""
    rate = _COST if declaration.cost is None else declaration.cost
    if declaration.type == "number":
        return grids(declaration, now, rate), True
    found: list[Any]
    domain = domain_of(declaration)
    if declaration.type == "boolean":
        found, exhaustive = [True, False], True
    elif declaration.type == "string":
        # A text of which no values are declared, such as a name, is nothing that a department could turn.
        found, exhaustive = sorted(domain.words or ()), True
    else:
        exhaustive = False
        near = [day for hint in hints.dates for day in (hint, temporal.add(hint, _DAY), temporal.subtract(hint, _DAY))]
        found = sorted(dict.fromkeys([*near, *domain.named]), key=temporal.order_key)
    others = tuple(value for value in found if value != now and value is not None and domain.allows(value))
    return ((Listed(others, rate),) if others else ()), exhaustive


def _whole(declaration: FactDeclaration, now: Any, choices: tuple[Choice, ...]) -> Value:
    """What it is, or any of what it could be; of dates, any."""
    null = now is None
    if declaration.type == "date":
        return Possible(date=True, null=null)
    listed = [value for choice in choices if isinstance(choice, Listed) for value in choice.values]
    if listed:
        return any_of([now, *listed])
    edges = [edge for choice in choices for edge in _edges(choice.possible)] + ([] if now is None else [now])
    whole = all(isinstance(choice, Grid) and choice.decimals == 0 for choice in choices)
    return Possible(Span(min(edges), max(edges), whole), null=null)


def _edges(value: Value) -> tuple[Number, ...]:
    if isinstance(value, Known):
        return (value.value,)
    return (value.span.low, value.span.high) if value.span else ()

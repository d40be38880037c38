"""What the declared domains of the facts leave possible: bounds on expressions, and the branches that they rule out.

The expressions are read as for :func:`jmrules.bounds` with every fact unknown; so what is ruled out is ruled out for certain.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.errors import LimitError, Text
from jmrules.facts import domain_of
from jmrules.feel import Vocabulary, Words, exactly, parse
from jmrules.feel.possible import anything, is_end, spread
from jmrules.methods import method_of
from jmrules.methods.shapes import Call
from jmrules.quantities import trimmed
from jmrules.score.bounds import Engine, World
from jmrules.trace import item_meanings, meanings

if TYPE_CHECKING:
    from jmrules.feel import Number
    from jmrules.methods import Bounds
    from jmrules.plan import Plan, PlannedLeaf

ANY: Bounds = (None, None)


class Possible:
    """Bounds on the expressions of one plan."""

    def __init__(self, plan: Plan) -> None:
        facts = {fact.id: domain_of(fact).anything for fact in plan.ruleset.facts}
        scores = {(id, what): anything() for id, parts in plan.scores_read.items() for what, _ in parts}
        known = meanings(plan.ruleset)
        self._vocabulary = Vocabulary(known, item_meanings(plan.ruleset), frozenset(known))
        self._world = World(Engine(plan, facts), {}, scores)

    @exactly
    def bounds(self, call: Call) -> Bounds:
        """Bounds on the number that an expression yields."""
        try:
            span = spread(self._world.read(call)).span
        except LimitError:
            return ANY
        return ANY if span is None else (_end(span.low), _end(span.high))

    def ruled_out(self, leaf: PlannedLeaf, key: str) -> Text | None:
        """Why the branch ``key`` of a leaf's method cannot be taken, if it cannot."""
        fields = leaf.leaf.method
        found = method_of(fields).ruled_out(fields, leaf.shape, key, self.bounds)
        return self._because(found) if isinstance(found, Call) else found

    def _because(self, call: Call) -> Text:
        low, high = self.bounds(call)
        zh = " 且 ".join([f"≥ {_shown(low)}"] * (low is not None) + [f"≤ {_shown(high)}"] * (high is not None))
        text = call.expression.text
        said = Words(self._vocabulary, _no_value, _no_value).both(parse(text), text)
        return Text(
            f"按各事实声明的取值范围，{said.zh} {zh}",
            f"by the declared domains {said.say('en')} is {zh.replace(' 且 ', ' and ')}",
        )


def _no_value(*_: object) -> None:
    """There are no facts, so nothing has a value."""


def _end(number: Number) -> Fraction | None:
    return None if is_end(number) else Fraction(number)


def _shown(value: Fraction | None) -> str:
    return "" if value is None else trimmed(value, 6)

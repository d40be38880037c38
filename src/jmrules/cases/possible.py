"""What the declared domains of the facts leave possible: bounds on expressions, and the branches that they rule out.

The bounds are wide where an expression is more than arithmetic on facts; so what is ruled out is ruled out for certain.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.errors import Text
from jmrules.feel import tree as t
from jmrules.feel.intervals import intervals
from jmrules.methods import method_of
from jmrules.methods.shapes import Call
from jmrules.plan.model import Derive
from jmrules.quantities import trimmed

if TYPE_CHECKING:
    from jmrules.methods.base import Bounds
    from jmrules.plan.model import Plan, PlannedLeaf
    from jmrules.ruleset.model import FactDeclaration

ANY: Bounds = (None, None)
_NOT_NEGATIVE: Bounds = (Fraction(0), None)
#: an expression nested deeper has no bounds worth the time
_DEPTH = 40


class Possible:
    """Bounds on the expressions of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._facts = {fact.id: fact for fact in plan.ruleset.facts}
        steps = [step for step in (*plan.first, *plan.then) if isinstance(step, Derive)]
        self._derived = {step.derived.id: step.call for step in steps}

    def bounds(self, call: Call) -> Bounds:
        """Bounds on the number that an expression yields."""
        tree = call.expression.tree
        return self._of(tree, _DEPTH) if isinstance(tree, t.Expression) else ANY

    def _of(self, node: t.Expression, depth: int) -> Bounds:
        if not depth:
            return ANY
        match node:
            case t.Number(value=value):
                return Fraction(value), Fraction(value)
            case t.Name(name=name) if name in self._facts:
                return _of_fact(self._facts[name])
            case t.Name(name=name) if name in self._derived:
                inner = self._derived[name].expression.tree
                return self._of(inner, depth - 1) if isinstance(inner, t.Expression) else ANY
            case t.Negation(operand=operand):
                low, high = self._of(operand, depth - 1)
                return _minus(high), _minus(low)
            case t.If(then=then, otherwise=otherwise):
                return _union(self._of(then, depth - 1), self._of(otherwise, depth - 1))
            case t.Call(function=t.Name(name="count")):
                return _NOT_NEGATIVE
            case t.Binary(operator=operator, left=left, right=right):
                return _binary(operator, self._of(left, depth - 1), self._of(right, depth - 1))
        return ANY

    def ruled_out(self, leaf: PlannedLeaf, key: str) -> Text | None:
        """Why the branch ``key`` of a leaf's method cannot be taken, if it cannot."""
        fields = leaf.leaf.method
        found = method_of(fields).ruled_out(fields, leaf.shape, key, self.bounds)
        return self._because(found) if isinstance(found, Call) else found

    def _because(self, call: Call) -> Text:
        low, high = self.bounds(call)
        zh = " 且 ".join([f"≥ {_shown(low)}"] * (low is not None) + [f"≤ {_shown(high)}"] * (high is not None))
        text = call.expression.text
        return Text(
            f"按各事实声明的取值范围，{text} {zh}", f"by the declared domains {text} is {zh.replace(' 且 ', ' and ')}"
        )


def _shown(value: Fraction | None) -> str:
    return "" if value is None else trimmed(value, 6)


def _of_fact(fact: FactDeclaration) -> Bounds:
    allowed = intervals(fact.tests) if fact.type == "number" and fact.tests else None
    if not allowed:
        return ANY
    low, high = allowed[0].low.at, allowed[-1].high.at
    return None if low is None else Fraction(low), None if high is None else Fraction(high)


def _minus(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _union(one: Bounds, other: Bounds) -> Bounds:
    lows, highs = (one[0], other[0]), (one[1], other[1])
    return (
        None if lows[0] is None or lows[1] is None else min(lows[0], lows[1]),
        None if highs[0] is None or highs[1] is None else max(highs[0], highs[1]),
    )


def _binary(operator: str, one: Bounds, other: Bounds) -> Bounds:
    match operator:
        case "+":
            return _sum(one, other)
        case "-":
            return _sum(one, (_minus(other[1]), _minus(other[0])))
        case "*" if None not in one and None not in other:
            corners = [a * b for a in one for b in other if a is not None and b is not None]
            return min(corners), max(corners)
        case "*" if _not_negative(one) and _not_negative(other):
            return _NOT_NEGATIVE
        case "/" if _not_negative(one) and _not_negative(other):
            # By 0 there is no quotient at all.
            high, least = one[1], other[0]
            return Fraction(0), high / least if high is not None and least else None
    return ANY


def _sum(one: Bounds, other: Bounds) -> Bounds:
    low = None if one[0] is None or other[0] is None else one[0] + other[0]
    return low, None if one[1] is None or other[1] is None else one[1] + other[1]


def _not_negative(bounds: Bounds) -> bool:
    return bounds[0] is not None and bounds[0] >= 0

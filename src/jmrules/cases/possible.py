"""What the declared domains of the facts leave possible: bounds on expressions, and the branches that they rule out.

The bounds are wide where an expression is more than arithmetic on facts; so what is ruled out is ruled out for certain.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.errors import Text
from jmrules.feel import tree as t
from jmrules.feel.intervals import intervals
from jmrules.plan.model import Banded, Computed, Deducted, Derive, Interpolated, Linear, Stepped
from jmrules.quantities import trimmed
from jmrules.ruleset.methods import Deductions

if TYPE_CHECKING:
    from jmrules.feel.intervals import Interval
    from jmrules.plan.model import Call, Plan, PlannedLeaf
    from jmrules.ruleset.model import FactDeclaration

#: bounds of a number, both included; None where there is none
Bounds = tuple[Fraction | None, Fraction | None]

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
        match leaf.method:
            case Linear(value=value) as method:
                ends = tuple(self._share_at(method, end) for end in self.bounds(value))
                sure = [end for end in ends if end is not None]
                if key == "full" and len(sure) == 2 and max(sure) < 1:
                    return self._because(value)
                if key == "zero" and len(sure) == 2 and min(sure) > 0:
                    return self._because(value)
            case Banded(value=value, bands=bands) if key.startswith("band "):
                ranges = bands[int(key.removeprefix("band ")) - 1][0]
                if all(_apart(interval, self.bounds(value)) for interval in ranges):
                    return self._because(value)
            case Stepped() as method:
                return self._steps(method, key)
            case Interpolated(value=value, knots=knots):
                if not _reaches(key, [at for at, _ in knots], self.bounds(value)):
                    return self._because(value)
            case Computed(points=points) as method:
                low, high = self.bounds(points)
                if key == "below" and low is not None and low >= 0:
                    return self._because(points)
                if key == "above" and high is not None and high <= method.leaf_points:
                    return self._because(points)
            case Deducted() as method:
                return self._deductions(leaf, method, key)
        return None

    @staticmethod
    def _share_at(method: Linear, value: Fraction | None) -> Fraction | None:
        return None if value is None else (value - method.zero_at) / (method.full_at - method.zero_at)

    def _steps(self, method: Stepped, key: str) -> Text | None:
        low, high = self.bounds(method.value)
        worst = high if method.sign > 0 else low
        if worst is None:
            return None
        most = max(Fraction(0), (worst - method.bound) * method.sign) / method.step
        beyond = {"ignore": Fraction(most.__floor__()), "full": Fraction(most.__ceil__())}.get(method.partial, most)
        if (key == "beyond" and not beyond) or (key == "nothing left" and beyond * method.loss < 1):
            return self._because(method.value)
        return None

    def _deductions(self, leaf: PlannedLeaf, method: Deducted, key: str) -> Text | None:
        deductions = leaf.leaf.method
        assert isinstance(deductions, Deductions)
        wanted: list[Fraction | None] = []
        for planned, item in zip(method.items, deductions.items, strict=True):
            low, high = self.bounds(planned.count)
            most = None if high is None else high.__floor__()
            if key == f"{item.id}: some" and most is not None and most < 1:
                return self._because(planned.count)
            if key == f"{item.id}: none" and low is not None and low > 0:
                return self._because(planned.count)
            cost = None if most is None or planned.loss is None else most * planned.loss
            if (
                key == f"{item.id}: limited"
                and cost is not None
                and planned.at_most is not None
                and cost <= planned.at_most
            ):
                return self._because(planned.count)
            limits = [limit for limit in (cost, planned.at_most) if limit is not None]
            # The item that takes all never wants more than is left, and what follows it finds nothing left.
            wanted.append(min(limits) if limits else Fraction(1) if planned.loss is None else None)
        if key == "nothing left":
            costs = [cost for cost in wanted if cost is not None]
            takes_all_last = method.items[-1].loss is None and len(method.items) == 1
            if takes_all_last or (len(costs) == len(wanted) and sum(costs) <= 1):
                return Text("各项至多扣的分合计不超过分值", "the items together can never cost more than there is")
        return None

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


def _apart(interval: Interval, bounds: Bounds) -> bool:
    """Whether no number within the bounds lies in the interval."""
    low, high = bounds
    start, end = interval.low, interval.high
    if high is not None and start.at is not None and (high < start.at or (high == start.at and start.above)):
        return True
    return low is not None and end.at is not None and (low > end.at or (low == end.at and not end.above))


def _reaches(key: str, knots: list[Fraction], bounds: Bounds) -> bool:
    """Whether a number within the bounds lies in the part of an interpolation that ``key`` names."""
    low, high = bounds
    if key == "first":
        return low is None or low <= knots[0]
    if key == "last":
        return high is None or high >= knots[-1]
    index = int(key.removeprefix("segment "))
    return (low is None or low < knots[index]) and (high is None or high > knots[index - 1])

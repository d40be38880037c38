"""Leaves as instructions: what each method yields, and what it is awarded."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from jmrules.feel import tree as t
from jmrules.feel.vectors.approximate import SLACK
from jmrules.feel.vectors.vectors import NotColumnar
from jmrules.plan.model import Banded, Checked, Computed, Deducted, Interpolated, Linear, MeanCompletion, Stepped
from jmrules.rounding import ROUND
from jmrules.score.columns.machine import codes
from jmrules.score.columns.machine.lower import Instruction, Register
from jmrules.score.columns.shares import LONGEST, all_parts, common_parts, cutting_of, shares_by_steps

if TYPE_CHECKING:
    from jmrules.plan.model import PlannedLeaf
    from jmrules.ruleset.model import Mode
    from jmrules.score.columns.machine.lower import Lowering

#: points in quanta that a register's float and a 32-bit award hold
_MOST_QUANTA = 10**9


def lower_leaf(made: Lowering, leaf: PlannedLeaf, mode: Mode) -> None:
    """Append a leaf's instructions, the last of which awards; raises NotColumnar where the machine does not know the leaf."""
    rounded = ROUND[mode]

    def award(share: Fraction) -> int:
        return rounded(share.numerator * leaf.quanta, share.denominator)

    if leaf.quanta >= _MOST_QUANTA:
        raise NotColumnar("分值的精度过细", "points too fine")
    register, entries = _Method(made).lower(leaf)
    applies, otherwise = -1, 0
    if leaf.applies is not None:
        rule = leaf.leaf.applies
        assert rule is not None
        if rule.otherwise == "exclude":
            raise NotColumnar("不适用时剔除", "excluded where it does not apply")
        applies = made.truth(leaf.applies.expression.tree).number
        otherwise = leaf.quanta if rule.otherwise == "full" else 0
    undefined = -1 if leaf.undefined is None else award(leaf.undefined)
    whole = (leaf.index, leaf.quanta, otherwise, undefined, codes.MODES[mode])
    if entries is None:
        made.emit(Instruction(codes.AWARD, (register.number, applies), whole=whole))
        return
    awards = [-1 if share is None else award(share) for share in entries]
    made.emit(Instruction(codes.AWARD_ENTRY, (register.number, applies), whole=(*whole, len(awards), *awards)))


#: a register, and where it holds entries the share of each (None: there is none)
_Lowered = tuple[Register, list[Fraction | None] | None]


class _Method:
    """The methods; the meaning is that of ``score.exact.methods``."""

    def __init__(self, made: Lowering) -> None:
        self.made = made

    def lower(self, leaf: PlannedLeaf) -> _Lowered:
        match leaf.method:
            case Linear(value=call, zero_at=zero, full_at=top):
                return self._line(self.made.number(call.expression.tree), zero, top - zero), None
            case Computed(points=call, leaf_points=points):
                return self._line(self.made.number(call.expression.tree), Fraction(0), points), None
            case Banded() as method:
                return self._banded(method)
            case Stepped() as method:
                return self._stepped(method)
            case Interpolated() as method:
                return self._interpolated(method), None
            case Checked(items=items):
                return self._checked([(call.expression.tree, worth) for call, worth in items])
            case Deducted() as method:
                return self._deducted(method)
            case MeanCompletion() as method:
                return self._completion(method), None
        raise NotColumnar("这种方法不编译", "a method of this kind is not compiled")

    def _line(self, value: Register, zero: Fraction, width: Fraction) -> Register:
        if zero:
            value = self.made.arithmetic(codes.SUBTRACT, value, self.made.constant(zero), unlimited=True)
        if width != 1:
            value = self.made.arithmetic(codes.DIVIDE, value, self.made.constant(width), unlimited=True)
        return value

    def _banded(self, method: Banded) -> _Lowered:
        cutting = cutting_of(method)
        if cutting is None:
            raise NotColumnar("分档的界限位数过多", "edges of bands with too many digits")
        cuts = [Fraction(at) for at in cutting.ats]
        if any(max(abs(cut.numerator), cut.denominator) > 10**18 for cut in cuts):
            raise NotColumnar("分档的界限过大或过小", "edges of bands too large or too small")
        value = self.made.number(method.value.expression.tree)
        band = self.made.emit(
            Instruction(
                codes.BAND,
                (value.number,),
                floats=tuple(cutting.cuts.tolist()),
                whole=(
                    len(cuts), *map(int, cutting.above), *cutting.entries.tolist(),
                    *(cut.numerator for cut in cuts), *(cut.denominator for cut in cuts),
                ),
            )
        )  # fmt: skip
        return band, [*(share for _, share in method.bands), method.otherwise]

    def _stepped(self, method: Stepped) -> _Lowered:
        made = self.made
        value = made.number(method.value.expression.tree)
        excess = made.arithmetic(codes.SUBTRACT, value, made.constant(method.bound), unlimited=True)
        if method.sign < 0:
            excess = made.emit(Instruction(codes.NEGATE, (excess.number,)), "number", excess.small, excess.big)
        steps = made.arithmetic(codes.DIVIDE, excess, made.constant(method.step), unlimited=True)
        zero = made.constant(Fraction(0))
        if method.partial == "proportional":
            lost = made.arithmetic(codes.MULTIPLY, steps, made.constant(method.loss), unlimited=True)
            lost = made.extreme([lost, zero], greatest=True)
            return made.arithmetic(codes.SUBTRACT, made.constant(Fraction(1)), lost, unlimited=True), None
        most = -(-method.loss.denominator // method.loss.numerator)
        if most >= LONGEST:
            raise NotColumnar("每步扣分过少", "a step costs too little")
        whole = made.rounded(steps, "floor" if method.partial == "ignore" else "ceiling", 0)
        index = made.extreme(
            [made.extreme([whole, zero], greatest=True), made.constant(Fraction(most))], greatest=False
        )
        return index, [*shares_by_steps(method.loss, most)]

    def _interpolated(self, method: Interpolated) -> Register:
        value = self.made.number(method.value.expression.tree)
        slopes = (abs((above - below) / (high - low)) for (low, below), (high, above) in pairwise(method.knots))
        floats = (
            *(float(at) for at, _ in method.knots), *(float(share) for _, share in method.knots),
            float(max(slopes)) * SLACK,
        )  # fmt: skip
        return self.made.emit(Instruction(codes.INTERPOLATE, (value.number,), floats, first=len(method.knots)))

    def _checked(self, items: list[tuple[t.Node, Fraction]]) -> _Lowered:
        bottom, worths = common_parts(tuple(worth for _, worth in items))
        if bottom >= LONGEST:
            raise NotColumnar("各项的分值过细", "the worths of the items are too fine")
        made: Register | None = None
        for (tree, _), worth in zip(items, worths, strict=True):
            holds = self.made.truth(tree)
            reads = (-1 if made is None else made.number, holds.number)
            made = self.made.emit(Instruction(codes.WEIGH, reads, floats=(float(worth),)))
        assert made is not None
        return made, [*all_parts(bottom)]

    def _deducted(self, method: Deducted) -> _Lowered:
        amounts = [amount for item in method.items for amount in (item.loss, item.at_most) if amount is not None]
        bottom, _ = common_parts(tuple(amounts))
        if bottom >= LONGEST:
            raise NotColumnar("扣分过细", "the deductions are too fine")
        left: Register | None = None
        for item in method.items:
            count = self.made.number(item.count.expression.tree)
            most = bottom if item.at_most is None else int(min(item.at_most, Fraction(1)) * bottom)
            loss, enough = -1, 0
            if item.loss is not None:
                loss, enough = int(item.loss * bottom), int(1 / item.loss) + 1 if item.loss else 0
            reads = (-1 if left is None else left.number, count.number)
            left = self.made.emit(Instruction(codes.DEDUCT, reads, whole=(bottom, loss, most, enough)))
        assert left is not None
        return left, [*all_parts(bottom)]

    def _completion(self, method: MeanCompletion) -> Register:
        options = (
            method.share, method.less_is_better, method.weight, method.points, method.set_too_low, method.item_rounding,
        )  # fmt: skip
        items = method.items.expression.tree
        if any(option is not None for option in options) or not isinstance(items, t.Name):
            raise NotColumnar("带选项的完成率不编译", "completion with options is not compiled")
        number, fields = self.made.lists.get(items.name, (0, {}))
        if method.target not in fields or method.actual not in fields:
            raise NotColumnar("列表的字段不是数", "fields of the list are not numbers")
        (target, low), (actual, high) = fields[method.target], fields[method.actual]
        return self.made.emit(
            Instruction(codes.COMPLETION, floats=(*low, *high), first=number, second=100 * target + actual)
        )

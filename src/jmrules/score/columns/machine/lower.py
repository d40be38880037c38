"""FEEL trees and methods as instructions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from attrs import field, frozen

from jmrules.feel import tree as t
from jmrules.feel.functions import Forms
from jmrules.feel.vectors.approximate import DEEPEST, DIGITS, LARGEST, SMALLEST, WHOLE, U
from jmrules.feel.vectors.vectors import NotColumnar
from jmrules.score.columns.machine import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set

    from numpy.typing import NDArray

Kind = Literal["number", "truth"]
#: whole numbers that constants may be made of
_LIMIT = 9 * 10**18


@frozen
class Code:
    """Instructions as the machine reads them."""

    instructions: NDArray[np.int64]
    floats: NDArray[np.float64]
    whole: NDArray[np.int64]
    #: for each instruction those that must be done before it, in their order: of instruction i, ``needed[starts[i]:starts[i + 1]]``
    needed: NDArray[np.int64]
    starts: NDArray[np.int64]


@frozen
class Register:
    """What an instruction yields."""

    number: int
    kind: Kind
    #: powers of ten below and above every magnitude but 0
    small: int = 0
    big: int = 1


@frozen
class Instruction:
    code: int
    reads: tuple[int, ...] = ()
    floats: tuple[float, ...] = ()
    whole: tuple[int, ...] = ()
    first: int = 0
    second: int = 0


@frozen(eq=False)
class Lowering:
    """Instructions while they are being gathered; what is computed twice is computed once.

    Raises NotColumnar, in all that it does, for what the machine does not know.
    """

    #: scalar facts that are fed: how the machine is to load each
    fed: Mapping[str, tuple[Kind, Instruction]]
    #: lists that are fed: their number, and the number and bounds of each field
    lists: Mapping[str, tuple[int, Mapping[str, tuple[int, tuple[float, float]]]]]
    #: trees of derived values
    trees: Mapping[str, t.Node]
    #: every name of the ruleset's own, fed or not
    declared: Set[str]
    _made: dict[Instruction, Register] = field(factory=dict)
    _derived: dict[str, Register | NotColumnar] = field(factory=dict)

    def emit(
        self, instruction: Instruction, kind: Kind = "number", small: int = SMALLEST, big: int = LARGEST
    ) -> Register:
        """The register of an instruction, which is added where it is new."""
        if big > DEEPEST or small < -DEEPEST:
            raise NotColumnar("乘除过多，超出浮点数的范围", "products too deep for the range of floats")
        if instruction not in self._made:
            self._made[instruction] = Register(len(self._made), kind, small, big)
        return self._made[instruction]

    def mark(self) -> int:
        """How much there is, to come back to."""
        return len(self._made)

    def forget(self, mark: int) -> None:
        """Drop what came after a mark."""
        for instruction in list(self._made)[mark:]:
            del self._made[instruction]
        self._derived.clear()

    def finished(self) -> Code:
        """All instructions."""
        floats: list[float] = []
        whole: list[int] = []
        rows = []
        needed: list[list[int]] = []
        computed = {read for each in self._made if each.code not in _LOOKS for read in each.reads}
        for number, instruction in enumerate(self._made):
            reads = [*instruction.reads, -1, -1, -1][:3]
            computing = codes.FED_COMPUTED if instruction.code == codes.LOAD and number in computed else 0
            rows.append(
                [instruction.code, *reads, len(floats), len(whole), instruction.first, instruction.second + computing]
            )  # fmt: skip
            floats += instruction.floats
            whole += instruction.whole
            before = {each for read in instruction.reads if read >= 0 for each in (*needed[read], read)}
            needed.append(sorted(before))
        starts = np.cumsum([0, *map(len, needed)], dtype=np.int64)
        return Code(
            np.array(rows, dtype=np.int64).reshape(-1, 8),
            np.array(floats or [0.0]),
            np.array(whole or [0], dtype=np.int64),
            np.array([each for some in needed for each in some] or [0], dtype=np.int64),
            starts,
        )

    # ---- trees

    def value(self, node: t.Node) -> Register:
        """The register of a tree's value."""
        match node:
            case t.Number():
                return self.decimal(node.value)
            case t.Boolean():
                return _boolean(self, node)
            case t.Name():
                return self.name(node.name)
            case t.Binary():
                return _binary(self, node)
            case t.Negation():
                return _negation(self, node)
            case t.If():
                return _choice(self, node)
            case t.Between():
                return _between(self, node)
            case t.In():
                return self.any_holds(node.tests, self.value(node.value))
            case t.Call():
                return _call(self, node)
        raise NotColumnar(f"不编译 {type(node).__name__}", f"{type(node).__name__} is not compiled")

    def number(self, node: t.Node) -> Register:
        """The register of a number."""
        return _of_kind(self.value(node), "number")

    def truth(self, node: t.Node) -> Register:
        """The register of a truth value."""
        return _of_kind(self.value(node), "truth")

    def name(self, name: str) -> Register:
        """What a name means."""
        if name in self.fed:
            kind, instruction = self.fed[name]
            return self.emit(instruction, kind)
        if name not in self.trees:
            raise NotColumnar(f"名称 {name} 不按列计算", f"the name {name} is not evaluated by columns")
        if name not in self._derived:
            try:
                self._derived[name] = self.value(self.trees[name])
            except NotColumnar as reason:
                self._derived[name] = reason
        found = self._derived[name]
        if isinstance(found, NotColumnar):
            raise found
        return found

    # ---- operations

    def constant(self, value: Fraction, *, exponent: int | None = None) -> Register:
        """A constant; ``exponent`` is that of a decimal."""
        if max(abs(value.numerator), value.denominator) > _LIMIT:
            raise NotColumnar("常数的位数过多", "a constant with too many digits")
        x = value.numerator / value.denominator
        power = Decimal(x).adjusted() if value else 0
        raw = exponent is not None and len(Decimal(value.numerator).normalize().as_tuple().digits) <= DIGITS
        whole = value.denominator == 1 and abs(value) < WHOLE
        return self.emit(
            Instruction(
                codes.CONSTANT,
                floats=(x, 0.0 if Fraction(x) == value else U),
                whole=(value.numerator, value.denominator, -1 if exponent is None else max(0, -exponent)),
                first=raw + 2 * whole,
            ),
            "number", min(power, 0) - 1, max(power, 0) + 1,
        )  # fmt: skip

    def decimal(self, value: Decimal) -> Register:
        """A constant of an expression."""
        if value and not SMALLEST <= value.adjusted() < LARGEST:
            raise NotColumnar("常数过大或过小", "a constant too large or too small")
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        return self.constant(Fraction(value), exponent=exponent)

    def arithmetic(self, code: int, a: Register, b: Register, *, unlimited: bool = False) -> Register:
        """One of the four operations."""
        if code == codes.MULTIPLY:
            small, big = a.small + b.small, a.big + b.big
        elif code == codes.DIVIDE:
            small, big = a.small - b.big, a.big - b.small
        else:
            small, big = min(a.small, b.small) - 17, max(a.big, b.big) + 1
        second = codes.UNLIMITED if unlimited else codes.FEEL_DIGITS
        return self.emit(Instruction(code, (a.number, b.number), second=second), "number", small, big)

    def extreme(self, registers: Sequence[Register], *, greatest: bool) -> Register:
        """The greatest or least of several."""
        made = registers[0]
        for other in registers[1:]:
            made = self.emit(
                Instruction(codes.GREATEST if greatest else codes.LEAST, (made.number, other.number)),
                "number", min(made.small, other.small), max(made.big, other.big),
            )  # fmt: skip
        return made

    def rounded(self, of: Register, mode: str, decimals: int) -> Register:
        """Rounded to decimals."""
        return self.emit(
            Instruction(codes.ROUND, (of.number,), first=codes.MODES[mode], second=decimals),
            "number", min(of.small, -decimals) - 1, max(of.big, 1) + 1,
        )  # fmt: skip

    def compared(self, operator: str, left: Register, right: Register) -> Register:
        """A comparison of two of a kind."""
        if left.kind != right.kind or (left.kind == "truth" and operator not in ("=", "!=")):
            raise NotColumnar("两边不是同一类的值", "the sides are of different kinds")
        return self.emit(Instruction(_COMPARISONS[operator], (left.number, right.number)), "truth")

    def logic(self, operator: str, left: Register, right: Register, *, both: bool = False) -> Register:
        """``and`` or ``or``; with ``both``, the right side counts whatever the left says."""
        code = codes.AND if operator == "and" else codes.OR
        reads = (_of_kind(left, "truth").number, _of_kind(right, "truth").number)
        return self.emit(Instruction(code, reads, first=int(both)), "truth")

    def any_holds(self, tests: Sequence[t.Test | t.Expression], value: Register) -> Register:
        """Whether one of the tests holds of a value."""
        made: Register | None = None
        for test in tests:
            holds = self._test(test, value)
            made = holds if made is None else self.logic("or", made, holds)
        if made is None:
            raise NotColumnar("没有检验", "there is no test")
        return made

    def _test(self, test: t.Test | t.Expression, value: Register) -> Register:
        if isinstance(test, t.Test):
            return self.compared(test.operator, value, self.value(test.operand))
        if isinstance(test, t.Range):
            return self._inside(test, value)
        if isinstance(test, t.Number | t.Boolean):
            return self.compared("=", value, self.value(test))
        raise NotColumnar("这种检验不按列计算", "a test of this kind is not evaluated by columns")

    def _inside(self, test: t.Range, value: Register) -> Register:
        ends = [test.low, test.high]
        if not all(end is None or isinstance(end, t.Number) for end in ends):
            raise NotColumnar("区间的端点不是常数", "a range whose ends are no constants")
        if isinstance(test.low, t.Number) and isinstance(test.high, t.Number) and test.low.value > test.high.value:
            raise NotColumnar("区间的端点颠倒", "a range whose ends are reversed")
        sides = []
        if test.low is not None:
            sides.append(self.compared(">=" if test.start_included else ">", value, self.value(test.low)))
        if test.high is not None:
            sides.append(self.compared("<=" if test.end_included else "<", value, self.value(test.high)))
        return sides[0] if len(sides) == 1 else self.logic("and", *sides, both=True)


def _of_kind(register: Register, kind: Kind) -> Register:
    if register.kind != kind:
        raise NotColumnar("这里的值不是所需的一类", "a value of another kind than is needed here")
    return register


_COMPARISONS = {
    "=": codes.EQUAL,
    "!=": codes.UNEQUAL,
    "<": codes.LESS,
    "<=": codes.AT_MOST,
    ">": codes.MORE,
    ">=": codes.AT_LEAST,
}
#: what takes numbers as they are, however small
_LOOKS = {*_COMPARISONS.values(), codes.BAND, codes.AWARD, codes.AWARD_ENTRY, codes.DEDUCT, codes.CHOOSE, codes.NOT}
_ARITHMETIC = {"+": codes.ADD, "-": codes.SUBTRACT, "*": codes.MULTIPLY, "/": codes.DIVIDE}


def _boolean(made: Lowering, node: t.Boolean) -> Register:
    number = made.constant(Fraction(int(node.value)), exponent=0)
    return Register(number.number, "truth")


def _binary(made: Lowering, node: t.Binary) -> Register:
    if node.operator in ("and", "or"):
        return made.logic(node.operator, made.value(node.left), made.value(node.right))
    left, right = made.value(node.left), made.value(node.right)
    if node.operator in _ARITHMETIC:
        return made.arithmetic(_ARITHMETIC[node.operator], _of_kind(left, "number"), _of_kind(right, "number"))
    if node.operator in _COMPARISONS:
        return made.compared(node.operator, left, right)
    raise NotColumnar("乘方不按列计算", "powers are not evaluated by columns")


def _negation(made: Lowering, node: t.Negation) -> Register:
    of = made.number(node.operand)
    return made.emit(Instruction(codes.NEGATE, (of.number,)), "number", of.small, of.big)


def _choice(made: Lowering, node: t.If) -> Register:
    condition, then, otherwise = made.truth(node.condition), made.value(node.then), made.value(node.otherwise)
    return made.emit(
        Instruction(codes.CHOOSE, (condition.number, then.number, _of_kind(otherwise, then.kind).number)),
        then.kind, min(then.small, otherwise.small), max(then.big, otherwise.big),
    )  # fmt: skip


def _between(made: Lowering, node: t.Between) -> Register:
    value = made.value(node.value)
    low, high = made.value(node.low), made.value(node.high)
    return made.logic("and", made.compared(">=", value, low), made.compared("<=", value, high), both=True)


def _call(made: Lowering, node: t.Call) -> Register:
    name = node.function.name if isinstance(node.function, t.Name) else ""
    function = _FUNCTIONS.get(name)
    if function is None or name in made.declared or any(each.name for each in node.arguments):
        raise NotColumnar("这种函数调用不按列计算", "a call of this kind is not evaluated by columns")
    return function(made, [each.value for each in node.arguments])


def _extreme(made: Lowering, arguments: list[t.Expression], *, greatest: bool) -> Register:
    if len(arguments) == 1 and isinstance(arguments[0], t.ListLiteral):
        arguments = list(arguments[0].items)
    if len(arguments) < 2:
        raise NotColumnar("这样的参数不按列计算", "these arguments are not evaluated by columns")
    return made.extreme([made.number(each) for each in arguments], greatest=greatest)


def _sum(made: Lowering, arguments: list[t.Expression]) -> Register:
    if len(arguments) == 1 and isinstance(arguments[0], t.ListLiteral):
        arguments = list(arguments[0].items)
    if len(arguments) < 2:
        raise NotColumnar("这样的参数不按列计算", "these arguments are not evaluated by columns")
    total, *others = [made.number(each) for each in arguments]
    for other in others:
        total = made.arithmetic(codes.ADD, total, other)
    return total


def _one(made: Lowering, arguments: list[t.Expression], *, code: int, kind: Kind) -> Register:
    if len(arguments) != 1:
        raise NotColumnar("这样的参数不按列计算", "these arguments are not evaluated by columns")
    of = _of_kind(made.value(arguments[0]), kind)
    return made.emit(Instruction(code, (of.number,)), kind, of.small, of.big)


_MOST_DECIMALS = 12


def _rounding(made: Lowering, arguments: list[t.Expression], *, mode: str, default: int | None) -> Register:
    decimals = default
    if len(arguments) == 2 and isinstance(arguments[1], t.Number) and arguments[1].value % 1 == 0:
        decimals = int(arguments[1].value)
    elif len(arguments) != 1:
        decimals = None
    if decimals is None or not 0 <= decimals <= _MOST_DECIMALS:
        raise NotColumnar("这样的舍入不按列计算", "rounding of this kind is not done by columns")
    return made.rounded(made.number(arguments[0]), mode, decimals)


_FUNCTIONS: Forms[Callable[[Lowering, list[t.Expression]], Register]] = Forms(
    "machine",
    {
        "min": partial(_extreme, greatest=False),
        "max": partial(_extreme, greatest=True),
        "sum": _sum,
        "abs": partial(_one, code=codes.MAGNITUDE, kind="number"),
        "not": partial(_one, code=codes.NOT, kind="truth"),
        "decimal": partial(_rounding, mode="half even", default=None),
        "floor": partial(_rounding, mode="floor", default=0),
        "ceiling": partial(_rounding, mode="ceiling", default=0),
        "round up": partial(_rounding, mode="up", default=0),
        "round down": partial(_rounding, mode="down", default=0),
        "round half up": partial(_rounding, mode="half up", default=0),
        "round half down": partial(_rounding, mode="half down", default=0),
    },
)

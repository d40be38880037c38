"""Every branch of a ruleset, told from its plan alone: what a complete set of cases must show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from jmrules.cases.possible import Possible
from jmrules.errors import Text
from jmrules.plan.model import (
    Banded,
    Checked,
    Computed,
    Deducted,
    Interpolated,
    Judged,
    Linear,
    MeanCompletion,
    Stepped,
)
from jmrules.ruleset.methods import Bands, Checklist, Deductions, Levels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.plan.model import Plan, PlannedLeaf

#: owner of the branches that are the whole sheet's
TOTAL = "total"


@frozen
class Branch:
    """One way that scoring can take."""

    #: id of the leaf; ``total`` for the grades
    owner: str
    #: which of the owner's branches
    key: str
    #: in words
    label: Text
    #: where the ruleset says it
    pointer: str
    #: why no facts can take it; None where some may
    unreachable: Text | None = None

    @property
    def id(self) -> str:
        """Stable name: ``owner: key``."""
        return f"{self.owner}: {self.key}"


def branches_of(plan: Plan) -> tuple[Branch, ...]:
    """All branches, in the order of the document, the grades last.

    A branch that the declared domains of the facts rule out says so; see :mod:`jmrules.cases.possible`.
    """
    possible = Possible(plan)
    found: list[Branch] = []
    for leaf in plan.leaves:
        found += _around(leaf)
        found += [evolve(branch, unreachable=possible.ruled_out(leaf, branch.key)) for branch in _of_method(leaf)]
    for index, (grade, _) in enumerate(plan.grades):
        label = Text(f"等级“{grade.label.zh}”", f"grade {grade.label.say('en')!r}")
        found.append(Branch(TOTAL, f"grade {grade.id}", label, f"/grades/{index}"))
    return tuple(found)


def _around(leaf: PlannedLeaf) -> Iterator[Branch]:
    """The branches that any leaf has: not to apply, to be undefined."""
    id, pointer = leaf.leaf.id, leaf.pointer
    if leaf.leaf.applies is not None:
        reason = leaf.leaf.applies.reason
        label = Text(f"不适用：{reason.zh}", f"does not apply: {reason.say('en')}")
        yield Branch(id, "does not apply", label, f"{pointer}/applies")
    if leaf.leaf.undefined is not None:
        reason = leaf.leaf.undefined.reason
        label = Text(f"无法计算：{reason.zh}", f"undefined: {reason.say('en')}")
        yield Branch(id, "undefined", label, f"{pointer}/undefined")


def _of_method(leaf: PlannedLeaf) -> Iterator[Branch]:
    id, at = leaf.leaf.id, f"{leaf.pointer}/method"

    def branch(key: str, zh: str, en: str, where: str = "") -> Branch:
        return Branch(id, key, Text(zh, en), at + where)

    match leaf.method:
        case Linear():
            yield branch("zero", "比例到零分的界限", "the ratio earns nothing")
            yield branch("between", "比例在两个界限之间", "the ratio earns a part")
            yield branch("full", "比例到满分的界限", "the ratio earns all")
        case MeanCompletion() as method:
            for key, zh, en in _of_completion(method):
                yield branch(key, zh, en)
        case Banded() as method:
            bands = leaf.leaf.method
            assert isinstance(bands, Bands)
            for index, band in enumerate(bands.bands):
                named = band.label or Text(band.tests, band.tests)
                yield branch(f"band {index + 1}", f"第 {index + 1} 档：{named.zh}", named.say("en"), f"/bands/{index}")
            if bands.otherwise is not None:
                yield branch("otherwise", "不在所列各档", "in none of the bands", "/otherwise")
        case Stepped():
            yield branch("within", "未超出界限", "within the bound")
            yield branch("beyond", "超出界限而未扣完", "beyond the bound, with points left")
            yield branch("nothing left", "扣完为止", "so far beyond the bound that nothing is left")
        case Deducted() as method:
            yield from _of_deductions(leaf, method, at)
        case Checked():
            checklist = leaf.leaf.method
            assert isinstance(checklist, Checklist)
            for index, item in enumerate(checklist.items):
                where = f"/items/{index}"
                zh, en = item.label.zh, item.label.say("en")
                yield branch(f"{item.id}: met", f"满足：{zh}", f"met: {en}", where)
                yield branch(f"{item.id}: not met", f"不满足：{zh}", f"not met: {en}", where)
        case Judged():
            levels = leaf.leaf.method
            assert isinstance(levels, Levels)
            for index, level in enumerate(levels.levels):
                yield branch(
                    f"level {level.id}", f"评定为：{level.label.zh}", level.label.say("en"), f"/levels/{index}"
                )
        case Interpolated(knots=knots):
            yield branch("first", "到第一个节点为止", "up to the first knot", "/knots/0")
            for index in range(1, len(knots)):
                zh, en = f"第 {index} 与第 {index + 1} 个节点之间", f"between knots {index} and {index + 1}"
                yield branch(f"segment {index}", zh, en, f"/knots/{index}")
            yield branch("last", "从最后一个节点起", "from the last knot on", f"/knots/{len(knots) - 1}")
        case Computed():
            yield branch("below", "公式得数为负", "the formula yields less than 0")
            yield branch("inside", "公式得数在 0 与分值之间", "the formula yields a number within the points")
            yield branch("above", "公式得数超过分值", "the formula yields more than the points")


def _of_completion(method: MeanCompletion) -> Iterator[tuple[str, str, str]]:
    yield "met", "有指标完成", "a target is met"
    yield "short", "有指标未完成", "a target is missed"
    if method.share is not None:
        yield "stated", "有指标直接给出完成率", "an item states its completion"
    if method.less_is_better is not None:
        yield "less is better: met", "有越低越好的指标完成", "a target is met where less is better"
        yield "less is better: short", "有越低越好的指标未完成", "a target is missed where less is better"
    if method.set_too_low is not None:
        yield "too low: tolerated", "有指标目标值偏低，偏离在容许范围内", "a target was too low, within the tolerance"
        yield "too low: reduced", "有指标目标值偏低，按偏离扣减", "a target was too low, and is reduced"
    if method.weight is not None or method.points is not None:
        yield "unequal", "各指标权重或分值不等，且完成率不同", "items of unequal weight and unequal completion"
    if method.item_rounding is not None:
        yield "item rounded", "有指标得分经过取整", "an item's points are rounded"


def _of_deductions(leaf: PlannedLeaf, method: Deducted, at: str) -> Iterator[Branch]:
    deductions = leaf.leaf.method
    assert isinstance(deductions, Deductions)
    for index, (planned, item) in enumerate(zip(method.items, deductions.items, strict=True)):
        where, zh, en = f"{at}/items/{index}", item.label.zh, item.label.say("en")
        yield Branch(leaf.leaf.id, f"{item.id}: none", Text(f"没有：{zh}", f"none: {en}"), where)
        yield Branch(leaf.leaf.id, f"{item.id}: some", Text(f"有：{zh}", f"some: {en}"), where)
        if planned.at_most is not None:
            label = Text(f"扣到上限：{zh}", f"more than the most that can be lost: {en}")
            yield Branch(leaf.leaf.id, f"{item.id}: limited", label, f"{where}/at_most")
    label = Text("应扣的多于剩下的分", "more to be lost than is left")
    yield Branch(leaf.leaf.id, "nothing left", label, at)

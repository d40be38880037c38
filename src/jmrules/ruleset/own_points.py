"""Points that a department or a project sets for itself (分值由项目单位自定): facts that say what indicators are worth.

A ruleset with other points is a ruleset of its own, so that whatever reads one reads them: a plan, a prover, a column of departments.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields, frozen, has

from jmrules.errors import Problem, Text
from jmrules.feel import Interval, intervals
from jmrules.memo import kept, kept_few
from jmrules.methods import Worth
from jmrules.quantities import points_text
from jmrules.rounding import largest_remainder
from jmrules.ruleset.model import Group, Leaf, Ruleset, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.feel import Interval
    from jmrules.methods import Found
    from jmrules.ruleset.declarations import FactDeclaration
    from jmrules.ruleset.model import Node

#: points of leaves, and of groups that state them, by id
Points = tuple[tuple[str, Decimal], ...]


@frozen(eq=False)
class Setting:
    """An indicator whose points a fact says."""

    pointer: str
    node: Node
    fact: str


@kept
def settings(ruleset: Ruleset) -> tuple[Setting, ...]:
    """The indicators whose points departments set, in document order."""
    return tuple(
        Setting(pointer, node, node.set_by) for pointer, node in walk(ruleset.indicators) if node.set_by is not None
    )


@kept
def setting_facts(ruleset: Ruleset) -> frozenset[str]:
    """The facts that say them."""
    return frozenset(each.fact for each in settings(ruleset))


@frozen(eq=False)
class Unequal:
    """Points that do not add up: to what they should, what they come to, and each indicator with its own."""

    of: Text
    should: Decimal
    are: Decimal
    rows: tuple[tuple[Text, Decimal], ...]

    def problem(self) -> Problem:
        """In words."""
        zh = "、".join(f"{label.zh} {points_text(worth, 'zh')}" for label, worth in self.rows)
        en = ", ".join(f"{label.say('en')} {points_text(worth, 'en')}" for label, worth in self.rows)
        return Problem(
            "points-do-not-add-up",
            Text(
                f"{self.of.zh}应为 {points_text(self.should, 'zh')}，而各指标分值合计 {points_text(self.are, 'zh')}：{zh}",
                f"{self.of.say('en')} must have {points_text(self.should, 'en')}, and its indicators have {points_text(self.are, 'en')}: {en}",
            ),
            Text("请调整自定的分值，使合计与总分一致", "change the points that are set, so that they add up"),
        )


def own_points(ruleset: Ruleset, given: Mapping[str, Decimal | None]) -> Points:
    """The points of every leaf where the facts ``given`` say so; of those that say nothing, the stated ones stand."""
    found: dict[str, Decimal] = {}
    for each in settings(ruleset):
        points = given.get(each.fact)
        if points is not None:
            found[each.node.id] = points
            if isinstance(each.node, Group):
                found |= _shared_out(ruleset, each.node, points)
    return tuple(found.items())


def _shared_out(ruleset: Ruleset, group: Group, points: Decimal) -> dict[str, Decimal]:
    """What the leaves of a group then have: in proportion to their stated points."""
    digits = ruleset.rounding.leaf
    leaves = [node for _, node in walk(group.children) if isinstance(node, Leaf)]
    parts = largest_remainder(int(points.scaleb(digits)), [int(leaf.points.scaleb(digits)) for leaf in leaves])
    return {leaf.id: Decimal(part).scaleb(-digits) for leaf, part in zip(leaves, parts, strict=True)}


@kept_few(64)
def with_points(ruleset: Ruleset, points: Points) -> Ruleset:
    """The same notice where indicators have these points; itself where they are none."""
    if not points:
        return ruleset
    known = dict(points)
    return evolve(
        ruleset,
        indicators=tuple(_changed(node, known) for node in ruleset.indicators),
        own_points=points,
        as_stated=ruleset,
        source=ruleset.source,
    )


def _changed(node: Node, known: Mapping[str, Decimal]) -> Node:
    if isinstance(node, Leaf):
        return evolve(node, points=known[node.id]) if node.id in known else node
    stated = known.get(node.id, node.stated_points) if node.stated_points is not None else None
    return evolve(node, stated_points=stated, children=tuple(_changed(child, known) for child in node.children))


def unequal(ruleset: Ruleset) -> Iterator[Unequal]:
    """Where the points that were set do not add up: the sheet, and groups that state theirs."""
    if not ruleset.own_points:
        return
    stated = ruleset.as_stated or ruleset
    for _, node in walk(ruleset.indicators):
        if isinstance(node, Group) and node.stated_points is not None:
            are = sum((child.points for child in node.children), Decimal(0))
            if are != node.stated_points:
                yield Unequal(
                    node.label, node.stated_points, are, tuple((each.label, each.points) for each in node.children)
                )
    are = sum((node.points for node in ruleset.indicators), Decimal(0))
    if are != stated.points:
        rows = tuple((node.label, node.points) for node in _rows(ruleset))
        yield Unequal(Text("全表", "the sheet"), stated.points, are, rows)


def _rows(ruleset: Ruleset) -> Iterator[Node]:
    """The indicators that points are set for, and the others beside them."""
    set_for = {each.node.id for each in settings(ruleset)}

    def below(nodes: tuple[Node, ...]) -> Iterator[Node]:
        for node in nodes:
            within = isinstance(node, Group) and any(inner.id in set_for for _, inner in walk(node.children))
            if isinstance(node, Group) and within and node.id not in set_for:
                yield from below(node.children)
            else:
                yield node

    yield from below(ruleset.indicators)


# ---- what is wrong with such a ruleset


def own_points_problems(ruleset: Ruleset) -> Iterator[Found]:
    """Settings that cannot be: of no bounded number of points, within another, where kinds of department differ, of worths in points."""
    facts = {fact.id: fact for fact in ruleset.facts}
    found = settings(ruleset)
    for each in found:
        at = f"{each.pointer}/set_by"
        problem = _fact_problem(facts.get(each.fact), each, ruleset)
        if problem is not None:
            yield at, problem
        inner = [leaf for _, leaf in walk((each.node,)) if isinstance(leaf, Leaf)]
        if ruleset.scale is not None or any(leaf.varies for _, leaf in walk(ruleset.indicators)):
            yield at, _refused(
                "set-and-absent",
                "有的单位没有某些指标（absent、scale）时，分值不能由单位自定",
                "points cannot be set where some departments have other indicators (absent, scale)",
                "请只用其中一种", "use one of the two",
            )  # fmt: skip
        if any(other is not each and other.pointer.startswith(f"{each.pointer}/") for other in found):
            yield at, _refused(
                "set-twice",
                f"“{each.node.label.zh}”的分值已经自定，其下的指标不能再自定",
                f"the points of {each.node.id} are set, so that nothing below it can have its own",
                "请只在一级上写 set_by", "say set_by at one level",
            )  # fmt: skip
        if sum(1 for other in found if other.fact == each.fact) > 1:
            yield at, _refused(
                "set-twice",
                f"“{each.fact}”已用于另一项指标的分值",
                f"{each.fact} already says the points of another indicator",
                "每项指标各用一项事实", "let each indicator have a fact of its own",
            )  # fmt: skip
        for leaf in inner:
            if _in_points(leaf.method):
                yield at, _refused(
                    "set-in-points",
                    f"“{leaf.label.zh}”的评分办法中有以分数写明的得分，而其分值由单位自定",
                    f"the method of {leaf.id} earns stated points, while the department sets what it is worth",
                    "请把各档、各要素的得分写成占分值的比例（share）", "state what is earned as shares of the points",
                )  # fmt: skip


def _refused(code: str, zh: str, en: str, hint: str, hint_en: str) -> Problem:
    return Problem(code, Text(zh, en), Text(hint, hint_en))


def _fact_problem(fact: FactDeclaration | None, setting: Setting, ruleset: Ruleset) -> Problem | None:
    digits = ruleset.rounding.leaf
    ranges = None if fact is None or fact.type != "number" or fact.tests is None else intervals(fact.tests)
    bounded = ranges and all(each.low.at is not None and each.high.at is not None for each in ranges)
    good = (
        bounded
        and fact is not None
        and fact.unit in ("point", "分")
        and fact.decimals is not None
        and fact.decimals <= digits
        and fact.absent != "unknown"
        and fact.across is None
        and all(_lowest(each, fact) >= _least(setting.node, ruleset) for each in ranges or ())
    )
    if good:
        return None
    return _refused(
        "set-by-no-points",
        f"“{setting.fact}”不是有上下界的分值：应为单位“分”、不多于 {digits} 位小数的数，in 写明从多少到多少，且每项指标都有分",
        f"{setting.fact} is no bounded number of points: it must be a number in points, of at most {digits} decimals, with"
        " both ends in `in`, and leave every indicator some points",
        f'如 "type": "number", "unit": "point", "decimals": {digits}, "in": "[5..30]"',
        f'such as "type": "number", "unit": "point", "decimals": {digits}, "in": "[5..30]"',
    )


def _lowest(interval: Interval, fact: FactDeclaration) -> Fraction:
    """The fewest points that lie in an interval."""
    low = Fraction(interval.low.at or 0)
    return low + Fraction(1, 10 ** (fact.decimals or 0)) if interval.low.above else low


def _least(node: Node, ruleset: Ruleset) -> Fraction:
    """Fewer points than these would leave an indicator without any."""
    one = Fraction(1, 10**ruleset.rounding.leaf)
    if isinstance(node, Leaf):
        return one
    leaves = [Fraction(leaf.points) for _, leaf in walk(node.children) if isinstance(leaf, Leaf)]
    return max(one * sum(leaves) / each for each in leaves)


def _in_points(value: Any) -> bool:
    """Whether something in a method is worth so many points, not a share of them."""
    if isinstance(value, Worth):
        return value.points is not None
    if isinstance(value, tuple):
        return any(map(_in_points, value))
    if not has(type(value)):
        return False
    if getattr(value, "between", None) is not None or isinstance(getattr(value, "points", None), Decimal):
        return True
    return any(_in_points(getattr(value, each.name)) for each in fields(type(value)))

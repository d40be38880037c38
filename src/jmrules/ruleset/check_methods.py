"""What must hold in each scoring method beyond its schema."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from jmrules.errors import Problem, Text
from jmrules.feel import parse, parse_unary_tests, types
from jmrules.feel.intervals import EVERYTHING, Intervals, complement, empty_range, empty_ranges, intervals, overlap
from jmrules.feel.tree import Name
from jmrules.ruleset.compiling import constant_tests
from jmrules.ruleset.methods import (
    Bands,
    Checklist,
    Completion,
    Deductions,
    Interpolate,
    Levels,
    Ratio,
    Worth,
)
from jmrules.ruleset.model import Leaf, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jmrules.ruleset.expressions import Analysis
    from jmrules.ruleset.model import Ruleset

Found = tuple[str, Problem]


def method_problems(leaf: Leaf, pointer: str, ruleset: Ruleset, analysis: Analysis) -> Iterator[Found]:
    """Problems of one leaf's method, its recipients and its evidence; JSON pointer and problem."""
    at = f"{pointer}/method"
    match leaf.method:
        case Ratio() as ratio:
            if ratio.full_at == ratio.zero_at:
                yield at, _problem("flat-ratio", "full_at 与 zero_at 相同", "full_at and zero_at are the same number")
        case Bands() as bands:
            yield from _bands(bands, leaf, at, ruleset)
        case Checklist(items=items):
            yield from _duplicates([item.id for item in items], f"{at}/items")
            yield from _checklist(leaf, at)
        case Deductions(items=items):
            yield from _duplicates([item.id for item in items], f"{at}/items")
        case Levels() as levels:
            yield from _levels(levels, at)
        case Interpolate(knots=knots):
            for index, (one, other) in enumerate(pairwise(knots), 1):
                if one.at >= other.at:
                    yield (
                        f"{at}/knots/{index}/at",
                        _problem("knots-not-increasing", "节点须严格递增", "knots must increase strictly"),
                    )
            for index, knot in enumerate(knots):
                yield from _worth(knot.worth, leaf, f"{at}/knots/{index}")
        case Completion() as completion:
            yield from _completion(completion, at, analysis)
    yield from _recipients(leaf, pointer, ruleset)
    for index, required in enumerate(leaf.evidence):
        if required.dated is not None:
            yield from constant_tests(required.dated, types.DATE, f"{pointer}/evidence/{index}/dated")


def _problem(code: str, zh: str, en: str, hint: tuple[str, str] | None = None) -> Problem:
    return Problem(code, Text(zh, en), Text(*hint) if hint else None)


def _duplicates(ids: Sequence[str], pointer: str) -> Iterator[Found]:
    for index, id in enumerate(ids):
        if id in ids[:index]:
            yield (
                f"{pointer}/{index}/id",
                _problem("duplicate-identifier", f"“{id}”在此重复", f"{id!r} stands here twice"),
            )


def _worth(worth: Worth, leaf: Leaf, pointer: str) -> Iterator[Found]:
    if worth.points is not None and worth.points > leaf.points:
        yield (
            f"{pointer}/points",
            _problem(
                "worth-too-much",
                f"{worth.points:f} 分超过该指标的 {leaf.points:f} 分",
                f"{worth.points:f} points are more than the indicator's {leaf.points:f}",
            ),
        )


def _domain(value: str, ruleset: Ruleset) -> Intervals:
    """The numbers that the expression can be: those a plain fact declares, else all."""
    tree = parse(value)
    if isinstance(tree, Name):
        for fact in ruleset.facts:
            if fact.id == tree.name and fact.tests is not None:
                return intervals(fact.tests) or EVERYTHING
    return EVERYTHING


def _bands(bands: Bands, leaf: Leaf, at: str, ruleset: Ruleset) -> Iterator[Found]:
    left, taken = _domain(bands.value, ruleset), list[Intervals]()
    for index, band in enumerate(bands.bands):
        yield from _worth(band.worth, leaf, f"{at}/bands/{index}")
        ranges = intervals(band.tests)
        if ranges is None:
            yield (
                f"{at}/bands/{index}/in",
                _problem(
                    "not-constant",
                    "分档须为常数区间",
                    "a band must be a constant range of numbers",
                    ("例如 <= 0.10 或 (0.10..0.20]", "such as <= 0.10 or (0.10..0.20]"),
                ),
            )
            return
        if empty_ranges(parse_unary_tests(band.tests), band.tests) or not ranges:
            yield f"{at}/bands/{index}/in", empty_range()
        for earlier, other in enumerate(taken):
            both = overlap(ranges, other)
            if both:
                yield (
                    f"{at}/bands/{index}/in",
                    _problem(
                        "overlapping-bands",
                        f"与第 {earlier + 1} 档重叠于 {both[0]}",
                        f"overlaps band {earlier + 1} in {both[0]}",
                        ("请改用半开区间，例如 (0.10..0.20]", "use half-open ranges, such as (0.10..0.20]"),
                    ),
                )
        taken.append(ranges)
        left = complement(ranges, left)
    if bands.otherwise is not None:
        yield from _worth(bands.otherwise.worth, leaf, f"{at}/otherwise")
    elif left:
        gaps = "、".join(map(str, left))
        yield (
            f"{at}/bands",
            _problem(
                "gap-between-bands",
                f"没有一档覆盖 {gaps}",
                f"no band covers {gaps.replace('、', ', ')}",
                ("请补上一档，或写明 otherwise", "add a band, or say what happens otherwise"),
            ),
        )


def _checklist(leaf: Leaf, at: str) -> Iterator[Found]:
    assert isinstance(leaf.method, Checklist)
    total = sum((share_of(item.worth, leaf.points) for item in leaf.method.items), Fraction(0))
    if total != 1:
        points = total * Fraction(leaf.points)
        shown = f"{Decimal(points.numerator) / Decimal(points.denominator):f}"
        yield (
            f"{at}/items",
            _problem(
                "points-do-not-add-up",
                f"各要素合计 {shown} 分，而该指标为 {leaf.points:f} 分",
                f"the elements add up to {shown} points, the indicator has {leaf.points:f}",
                ("请改正各要素的分值", "correct the elements' points"),
            ),
        )


def share_of(worth: Worth, points: Decimal) -> Fraction:
    """The share of ``points`` that a worth is."""
    if worth.share is not None:
        return Fraction(worth.share)
    assert worth.points is not None
    return Fraction(worth.points) / Fraction(points)


def _levels(levels: Levels, at: str) -> Iterator[Found]:
    yield from _duplicates([level.id for level in levels.levels], f"{at}/levels")
    ranged = False
    for index, level in enumerate(levels.levels):
        if level.range is not None:
            ranged = True
            if level.range[0] > level.range[1]:
                yield (
                    f"{at}/levels/{index}/range",
                    _problem("empty-range", "下限大于上限", "its least is above its greatest"),
                )
    if ranged and levels.chosen is None:
        yield (
            at,
            _problem("no-chosen", "有分档区间，须写明 chosen", "a level has a range: say what is chosen inside it"),
        )
    if not ranged and levels.chosen is not None:
        yield (
            f"{at}/chosen",
            _problem("idle-chosen", "没有分档区间，chosen 不起作用", "no level has a range: chosen would do nothing"),
        )


def _completion(completion: Completion, at: str, analysis: Analysis) -> Iterator[Found]:
    kind = types.bare(analysis.expressions[f"{at}/items"].type)
    if not isinstance(kind, types.ListType) or not isinstance(item := types.bare(kind.item), types.ContextType):
        return
    number, boolean = (types.NUMBER, "数", "a number"), (types.BOOLEAN, "是或否", "true or false")
    wanted = dict.fromkeys(("target", "actual", "share", "weight", "points"), number) | {"less_is_better": boolean}
    fields = [(name, getattr(completion, name), form) for name, form in wanted.items()]
    if completion.over_achievement is not None:
        fields.append(("over_achievement/when", completion.over_achievement.when, boolean))
    for name, member, (form, zh, en) in fields:
        if member is None or (
            completion.share is not None and name in ("target", "actual") and item.member(member) is None
        ):
            continue
        found = item.member(member)
        pointer = f"{at}/{name}" if name not in ("target", "actual") or member != name else f"{at}/items"
        if found is None:
            yield (
                pointer,
                _problem(
                    "no-such-field",
                    f"列表的各项没有字段“{member}”",
                    f"the list's items have no field {member!r}",
                    (
                        f"现有字段：{'、'.join(name for name, _ in item.fields)}",
                        f"fields: {', '.join(name for name, _ in item.fields)}",
                    ),
                ),
            )
        elif not types.may_conform(found, form):
            yield pointer, _problem("wrong-type", f"字段“{member}”应为{zh}", f"the field {member!r} must be {en}")


def _recipients(leaf: Leaf, pointer: str, ruleset: Ruleset) -> Iterator[Found]:
    if leaf.applies is None:
        return
    nodes = {node.id: node for _, node in walk(ruleset.indicators)}
    for index, id in enumerate(leaf.applies.to):
        at = f"{pointer}/applies/to/{index}"
        node = nodes.get(id)
        if node is None:
            yield (
                at,
                _problem(
                    "no-such-indicator",
                    f"没有指标“{id}”",
                    f"there is no indicator {id!r}",
                    (f"现有指标：{'、'.join(nodes)}", f"indicators: {', '.join(nodes)}"),
                ),
            )
        elif node == leaf:
            yield at, _problem("own-recipient", "分值不能转给自己", "an indicator cannot receive its own points")

"""Claims held against each other: parts of the sheet, points there are, the grade that a total gets."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.crossfoot.results import CheckResult, Side, Status
from jmrules.errors import Text
from jmrules.feel.intervals import intervals
from jmrules.methods.shapes import in_intervals
from jmrules.ruleset.model import Group, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.facts.model import Claims
    from jmrules.ruleset.model import Grade, Node, Ruleset

_CLAIMED = Text("自评得分", "points claimed")


def claim_checks(ruleset: Ruleset, claims: Claims) -> Iterator[CheckResult]:
    """Every group's claim against its children's, each claim against its points, the grade against the total.

    Points are exact: no rounding excuses a difference.
    """
    stated = dict(claims.indicators)
    for _, node in walk(ruleset.indicators):
        if node.id in stated and stated[node.id] > node.points:
            yield _points(node, stated[node.id])
    for _, node in walk(ruleset.indicators):
        if isinstance(node, Group) and node.id in stated:
            yield from _sum(node.id, node.label, stated[node.id], node.children, stated)
    if claims.total is not None:
        yield from _sum("total", Text("总分", "total"), claims.total, ruleset.indicators, stated)
        if claims.grade is not None:
            yield from _grade(ruleset, claims.total, claims.grade)


def _points(node: Node, claimed: Decimal) -> CheckResult:
    return CheckResult(
        f"claims.points.{node.id}",
        "claims",
        Text(f"{node.label.zh}：自评得分不超过分值", f"{node.label.say('en')}: no more claimed than its points"),
        "contradicts",
        (),
        stated=Side(_CLAIMED, claimed, "point"),
        computed=Side(Text("分值", "points"), node.points, "point"),
        difference=Fraction(claimed) - Fraction(node.points),
        tolerance=Fraction(0),
    )


def _sum(
    id: str, label: Text, claimed: Decimal, children: tuple[Node, ...], stated: dict[str, Decimal]
) -> Iterator[CheckResult]:
    if not children or any(child.id not in stated for child in children):
        return
    total = sum((stated[child.id] for child in children), Decimal(0))
    yield CheckResult(
        f"claims.sum.{id}",
        "claims",
        Text(f"{label.zh}：自评得分等于下级之和", f"{label.say('en')}: claimed as its parts add up"),
        "agrees" if claimed == total else "contradicts",
        (),
        stated=Side(_CLAIMED, claimed, "point"),
        computed=Side(Text("下级自评得分之和", "sum of what is claimed below"), total, "point"),
        difference=Fraction(claimed) - Fraction(total),
        tolerance=Fraction(0),
    )


def grade_named(ruleset: Ruleset, name: str) -> Grade | None:
    """The grade that a document names by its id or label."""
    return next((grade for grade in ruleset.grades if name in (grade.id, grade.label.zh, grade.label.en)), None)


def grade_of(ruleset: Ruleset, total: Decimal) -> Grade | None:
    """The grade that a total gets; None for a total that no sheet can have."""
    for grade in ruleset.grades:
        if in_intervals(total, intervals(grade.tests) or ()):
            return grade
    return None


def _grade(ruleset: Ruleset, total: Decimal, name: str) -> Iterator[CheckResult]:
    due, named = grade_of(ruleset, total), grade_named(ruleset, name)
    if due is None:
        return
    status: Status = "agrees" if named == due else "contradicts"
    yield CheckResult(
        "claims.grade",
        "claims",
        Text(
            f"自评等级“{name}”与自评总分 {total:f} 分相符（应为“{due.label.zh}”）",
            f"the grade claimed, {name}, is that of the total claimed, {total:f} (it should be {due.label.say('en')})",
        ),
        status,
        (),
    )

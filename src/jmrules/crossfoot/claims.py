"""Claims held against each other: parts of the sheet, points there are, the grade that a total gets; earlier results too."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from jmrules.crossfoot.results import Matter, Side
from jmrules.errors import Text
from jmrules.feel import intervals
from jmrules.methods.shapes import in_intervals
from jmrules.ruleset import Group, Leaf, nodes, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.crossfoot.effect import Worth
    from jmrules.crossfoot.results import Status
    from jmrules.facts import Facts
    from jmrules.feel import Intervals
    from jmrules.ruleset import Grade, Node, Ruleset

_CLAIMED = Text("自评得分", "points claimed")
_NONE = Decimal(0)


def claim_matters(ruleset: Ruleset, facts: Facts, worth: Worth) -> Iterator[Matter]:
    """Every claim against its points and against what is claimed below it, each recorded grade against its score.

    Points are exact: no rounding excuses a difference. What is not claimed may be anything from nothing to its points, so a
    claim and those below it can be at odds though one of them is left out.
    """
    claims, stated = facts.claims, dict(facts.claims.indicators)
    most = _Most(ruleset, worth)
    for _, node in nodes(ruleset):
        # Points that moved are looked up only where the notice's own do not suffice.
        claimed = stated.get(node.id, _NONE)
        if claimed < 0 or (claimed > node.points and claimed > most(node)):
            yield _points(node, stated[node.id], most(node))
    for _, node in nodes(ruleset):
        if isinstance(node, Group) and node.id in stated:
            yield from _sum(node.id, node.label, stated[node.id], node.children, stated, most)
    for _, node in nodes(ruleset):
        rows = claims.rows.get(node.id, ())
        if node.id in stated and rows and None not in rows:
            yield _rows(node, stated[node.id], sum((row for row in rows if row is not None), _NONE))
    if claims.total is not None:
        yield from _sum("total", Text("总分", "total"), claims.total, ruleset.indicators, stated, most)
        if claims.grade is not None:
            label = Text("自评等级与自评总分", "the grade claimed against the total claimed")
            yield from _grade("claims.grade", "claims", label, ruleset, claims.total, claims.grade, "contradicts")
    for index, entry in enumerate(facts.source.value.get("history", ())):
        total, grade = entry.get("total"), entry.get("grade")
        if total is not None and grade is not None:
            year = entry["fiscal_year"]
            label = Text(f"{year} 年度等级与得分", f"the grade recorded for {year} against its score")
            sections = (entry["section"],) if entry.get("section") else ()
            # It was graded by the notice of its own year: that another grade is due by this one's has to be explained.
            yield from _grade(
                f"history.{index}.grade", "history", label, ruleset, Decimal(total), grade, "question", sections
            )


class _Most:
    """The most points that an indicator can have on this department's sheet: those moved to it count."""

    def __init__(self, ruleset: Ruleset, worth: Worth) -> None:
        self.worth = worth
        self.moving = any(
            isinstance(node, Leaf) and node.applies is not None and node.applies.otherwise == "exclude"
            for _, node in nodes(ruleset)
        )

    def __call__(self, node: Node) -> Decimal:
        moved = self.worth.points(node.id) if self.moving else None
        return node.points if moved is None else max(node.points, moved)


def _points(node: Node, claimed: Decimal, most: Decimal) -> Matter:
    least = claimed < 0
    return Matter(
        f"claims.points.{node.id}",
        "claims",
        Text(f"{node.label.zh}：自评得分与分值", f"{node.label.say('en')}: claim against points"),
        "contradicts",
        (),
        stated=Side(_CLAIMED, claimed, "point"),
        computed=Side(Text("至少", "at least"), _NONE, "point")
        if least
        else Side(Text("分值", "points"), most, "point"),
        difference=Fraction(claimed) - Fraction(_NONE if least else most),
        tolerance=Fraction(0),
    )


def _sum(
    id: str, label: Text, claimed: Decimal, children: tuple[Node, ...], stated: dict[str, Decimal], most: _Most
) -> Iterator[Matter]:
    if not any(node.id in stated for _, node in walk(children)):
        # Nothing is claimed below: there is nothing to add up.
        return
    low, high = _below(children, stated, most)
    exact = low == high
    status: Status = "agrees" if low <= claimed <= high else "contradicts"
    if status == "agrees" and not exact:
        return
    nearest = low if claimed < low else high
    words = (
        Text("下级自评得分之和", "sum of what is claimed below")
        if exact
        else Text("下级自评得分至少合计", "what is claimed below comes to at least")
        if claimed < low
        else Text("下级自评得分至多合计", "what is claimed below can come to at most")
    )
    yield Matter(
        f"claims.sum.{id}",
        "claims",
        Text(f"{label.zh}：自评得分与下级之和", f"{label.say('en')}: claim against what is claimed below"),
        status,
        (),
        stated=Side(_CLAIMED, claimed, "point"),
        computed=Side(words, nearest, "point"),
        difference=Fraction(claimed) - Fraction(nearest),
        tolerance=Fraction(0),
    )


def _rows(node: Node, claimed: Decimal, below: Decimal) -> Matter:
    return Matter(
        f"claims.rows.{node.id}",
        "claims",
        Text(
            f"{node.label.zh}：自评得分与逐项自评之和",
            f"{node.label.say('en')}: claim against the sum of its rows' claims",
        ),
        "agrees" if claimed == below else "contradicts",
        (),
        stated=Side(_CLAIMED, claimed, "point"),
        computed=Side(Text("逐项自评得分之和", "sum of what its rows claim"), below, "point"),
        difference=Fraction(claimed) - Fraction(below),
        tolerance=Fraction(0),
    )


def _below(nodes: tuple[Node, ...], stated: Mapping[str, Decimal], most: _Most) -> tuple[Decimal, Decimal]:
    """What is claimed of these indicators, at least and at most."""
    low = high = _NONE
    for node in nodes:
        if node.id in stated:
            ends = stated[node.id], stated[node.id]
        elif isinstance(node, Group):
            ends = _below(node.children, stated, most)
        else:
            ends = _NONE, most(node)
        low, high = low + ends[0], high + ends[1]
    return low, high


def grade_named(ruleset: Ruleset, name: str) -> Grade | None:
    """The grade that a document names by its id or label."""
    return next((grade for grade in ruleset.grades if name in (grade.id, grade.label.zh, grade.label.en)), None)


@lru_cache(256)
def _intervals(tests: str) -> Intervals:
    return intervals(tests) or ()


def grade_of(ruleset: Ruleset, total: Decimal) -> Grade | None:
    """The grade that a total gets; None for a total that no sheet can have."""
    for grade in ruleset.grades:
        if in_intervals(total, _intervals(grade.tests)):
            return grade
    return None


def _grade(
    id: str,
    kind: str,
    label: Text,
    ruleset: Ruleset,
    total: Decimal,
    name: str,
    differs: Status,
    sections: tuple[str, ...] = (),
) -> Iterator[Matter]:
    due, named = grade_of(ruleset, total), grade_named(ruleset, name)
    if due is None:
        return
    yield Matter(
        id,
        kind,
        label,
        "agrees" if named == due else differs,
        (),
        stated=Side(Text(f"所记等级“{name}”", f"the grade recorded: {name}"), None, None, sections),
        computed=Side(Text(f"{total:f} 分应为“{due.label.zh}”", f"{total:f} earns {due.label.say('en')}"), None, None),
    )

"""What a report claims to have scored, by the indicators of a ruleset; and what earlier years scored."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.read.points import claims_in, grade_in
from jmrules.read.wording import place_of, plain
from jmrules.ruleset import Group, everything

if TYPE_CHECKING:
    from jmrules.read.language import Speech
    from jmrules.read.links import Reading
    from jmrules.ruleset import Ruleset


def claims_of(reading: Reading, ruleset: Ruleset, speech: Speech) -> dict[str, Any]:
    """The claims of a facts file: the total, the grade, and points by indicator as far as the report gives them.

    Where all points of a sentence's indicators are claimed, each of them claims its own.
    """
    claims = claims_in(reading, speech)
    names = {_name(node.label.zh): node for _, node in everything(ruleset)}
    found: dict[str, Any] = {}
    whole = next((each for each in claims if each.claimed is not None and not each.items and each.full is None), None)
    indicators: dict[str, Any] = {}
    for claim in claims:
        if claim.claimed is None or claim is whole:
            continue
        points = [(names.get(_name(item.label)), item) for item in claim.items]
        group = _group(claim.subject, names)
        if group is not None:
            indicators[group.id] = plain(claim.claimed)
        total = sum((Fraction(item.value) for _, item in points), Fraction(0))
        if total == Fraction(claim.claimed.value):
            indicators |= {node.id: plain(item) for node, item in points if node is not None}
        elif len(points) == 1 and points[0][0] is not None:
            indicators[points[0][0].id] = plain(claim.claimed)
    if whole is not None and whole.claimed is not None:
        found["total"] = plain(whole.claimed)
        sentence = next(each for each in reading.sentences if whole.claimed in each.figures)
        grade = grade_in(sentence.text[whole.claimed.spot.end - sentence.start :], speech)
        if grade is not None:
            found["grade"] = grade
    if indicators:
        order = [node.id for _, node in everything(ruleset)]
        found["indicators"] = {id: indicators[id] for id in order if id in indicators}
    return found


def _name(label: str) -> str:
    return re.sub(r"[\s“”\"'、，]|情况$", "", label)


def _group(subject: str, names: dict[str, Any]) -> Any | None:
    """The group of indicators that a heading is of: its name, alone or followed by 分析, 方面 or 指标."""
    bare = _name(re.sub(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]?\s*", "", subject))
    for name, node in names.items():
        if isinstance(node, Group) and (bare == name or bare in (f"{name}分析", f"{name}方面", f"{name}指标")):
            return node
    return None


def history_of(reading: Reading, speech: Speech, year: int) -> list[dict[str, Any]]:
    """Reviewed results of the year before that the report tells."""
    found = []
    for sentence in reading.sentences:
        for figure in sentence.figures:
            if figure.concept == "past" and figure.unit == "point":
                entry: dict[str, Any] = {"fiscal_year": year - 1, "stage": "复核", "total": plain(figure)}
                grade = grade_in(sentence.text[figure.spot.end - sentence.start :], speech)
                if grade is not None:
                    entry["grade"] = grade
                found.append(entry | {"section": place_of(figure.spot, reading)})
    return found[:1]

"""What a report says of an indicator, composed from its trace: claimed and recomputed, why, what was lost, what it rests on."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.quantities import percent
from jmrules.report.figures import NOT_SAID, known_of, said_of
from jmrules.report.telling import doubts_of, evidence_of, losses_of, number
from jmrules.ruleset import Group, leaves, reading_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.errors import Language
    from jmrules.report.scored import Scored
    from jmrules.ruleset import FactDeclaration, Leaf, Node

Pair = tuple[Decimal, Decimal]


def span(pair: Pair) -> str:
    """Points, or the least and the most they may be."""
    low, high = pair
    return number(low) if low == high else f"{number(low)}～{number(high)}"


def rate(pair: Pair, points: Pair) -> str:
    """Points as a share of the points there are; a dash where there are none, or where these are not known."""
    if points[0] != points[1] or not points[0]:
        return "—"
    ends = [percent(Fraction(end) / Fraction(points[0])) for end in pair]
    return ends[0] if ends[0] == ends[1] else "～".join(ends)


def earned_of(scored: Scored, node: Node) -> Pair:
    """The least and the greatest that a node earns: of a group whose leaves depend on each other, what they reach together."""
    if scored.possible is not None:
        found = scored.possible[node.id]
        return found.low, found.high
    earned = scored.earned()
    awards = [earned[leaf.id][0] for leaf in leaves((node,))]
    return sum(awards, Decimal(0)), sum(awards, Decimal(0))


def points_of(scored: Scored, node: Node) -> Pair:
    """The points of a node on this department's sheet."""
    points = scored.points()
    found = [points[leaf.id] for leaf in leaves((node,))]
    return sum((low for low, _ in found), Decimal(0)), sum((high for _, high in found), Decimal(0))


def overview(scored: Scored, group: Group, language: Language) -> str:
    """What a group is made of, and how much of it is claimed and earned."""
    zh = language == "zh"
    parts = [
        f"{node.label.say(language)}（{number(node.points)} 分）"
        if zh
        else f"{node.label.say(language)} ({number(node.points)})"
        for node in group.children
    ]
    said = (
        f"该指标反映{'、'.join(parts)}{f'{len(parts)} 个方面' if len(parts) > 1 else ''}的情况，"
        if zh
        else f"It covers {', '.join(parts)}: "
    )
    return said + standing(scored, group, language)


def standing(scored: Scored, node: Node, language: Language) -> str:
    """Its points, what is claimed, and what its facts earn."""
    zh = language == "zh"
    points, earned = points_of(scored, node), earned_of(scored, node)
    claimed = scored.facts.claims.indicators.get(node.id)
    said = [f"指标分值 {number(node.points)} 分" if zh else f"{number(node.points)} points"]
    if points != (node.points, node.points):
        said.append(f"本部门适用 {span(points)} 分" if zh else f"{span(points)} of them on this sheet")
    if claimed is not None:
        share = rate((claimed, claimed), points)
        said.append(f"自评得分 {number(claimed)} 分，得分率 {share}" if zh else f"claimed {number(claimed)} ({share})")
    share = rate(earned, points)
    said.append(
        f"按所报数据复算得 {span(earned)} 分，得分率 {share}" if zh else f"its facts earn {span(earned)} ({share})"
    )
    return ("，" if zh else ", ").join(said) + ("。" if zh else ".")


def analysis(scored: Scored, leaf: Leaf, language: Language) -> Iterator[str]:
    """Paragraphs about an indicator: why it earns what it earns, what was lost, and on what documents that rests."""
    zh = language == "zh"
    semicolon, stop = ("；", "。") if zh else ("; ", ".")
    traced = scored.traced.get(leaf.id)
    open_ = scored.open_facts(leaf.id)
    if traced is not None:
        yield _ended(f"评分依据：{traced.explanation.zh}" if zh else traced.explanation.say("en"), stop)
    elif open_:
        ids = {fact.id for fact in open_}
        known = list(
            known_of(scored, [name for name in reading_facts(scored.ruleset)[leaf.id] if name not in ids], language)
        )
        if known:
            yield f"已报告：{'；'.join(known)}。" if zh else f"Stated: {'; '.join(known)}."
        names = [_open(scored, fact, language) for fact in open_]
        low, high = earned_of(scored, leaf)
        if zh:
            effect = "无论如何，本项得分不变" if low == high else "补齐之前，得分只能是一个区间"
            yield f"报告未说明：{'、'.join(names)}；{effect}。"
        else:
            effect = (
                "whatever they are, it earns the same"
                if low == high
                else "until they are, what it earns is an interval"
            )
            yield f"Not stated: {', '.join(names)}; {effect}."
    lost = list(losses_of(scored, leaf.id, language)) if traced is not None else []
    if lost:
        yield _ended(("扣分情况：" if zh else "Lost: ") + semicolon.join(lost), stop)
    documents = list(evidence_of(scored, leaf.id, language))
    if documents:
        yield _ended(("佐证材料：" if zh else "Evidence: ") + semicolon.join(documents), stop)


def _open(scored: Scored, fact: FactDeclaration, language: Language) -> str:
    """A fact that is not known, with what is known of it all the same."""
    label = fact.label.say(language)
    said = said_of(fact, scored.facts.given[fact.id], language) if fact.id in scored.facts.given else ""
    if not said or said == NOT_SAID.say(language):
        return label
    return f"{label}（只报告了 {said}）" if language == "zh" else f"{label} (only {said})"


def doubtful(scored: Scored, leaf: Leaf, language: Language) -> str:
    """What a reviewer holds against an indicator; empty where there is nothing."""
    zh = language == "zh"
    found = list(doubts_of(scored, leaf.id, language))
    return _ended(("；" if zh else "; ").join(found), "。" if zh else ".") if found else ""


def _ended(text: str, stop: str) -> str:
    """A sentence, ended once."""
    return text if text.endswith((stop, "。", ".")) else text + stop

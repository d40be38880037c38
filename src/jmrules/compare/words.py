"""Differences as readers say them: what it was, what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.compare.criteria import criterion, in_words
from jmrules.compare.member_words import members_in_words
from jmrules.errors import Text
from jmrules.methods.wording import joined, points
from jmrules.ruleset import Leaf, everything

if TYPE_CHECKING:
    from jmrules.ruleset import Difference, FactDeclaration, Kind, Node, Part, Ruleset

KINDS: dict[Kind, tuple[str, str]] = {
    "added": ("新增", "added"),
    "removed": ("取消", "removed"),
    "moved": ("移动", "moved"),
    "points": ("分值调整", "re-weighted"),
    "bands": ("分档调整", "bands shifted"),
    "criterion": ("评分标准修改", "criterion changed"),
    "reads": ("所依据的数据变化", "what it rests on changed"),
    "applies": ("适用条件修改", "applies otherwise"),
    "undefined": ("无法计算时的处理修改", "scored otherwise when undefined"),
    "evidence": ("佐证材料修改", "evidence changed"),
    "changed": ("修改", "changed"),
    "wording": ("仅文字", "wording only"),
    "source": ("出处", "source"),
}
PARTS: dict[Part, tuple[str, str]] = {
    "head": ("基本信息", "head"),
    "rounding": ("取整规则", "rounding"),
    "grade": ("等级", "grades"),
    "indicator": ("指标", "indicators"),
    "fact": ("所需数据", "facts"),
    "derived": ("计算口径", "derived values"),
    "signal": ("信号", "signals"),
    "rule": ("规则", "rules"),
    "check": ("勾稽关系", "checks"),
    "constraint": ("数据之间的关系", "constraints"),
    "monitoring": ("双监控", "in-year monitoring"),
    "absent": ("未设的指标", "absent families"),
}
_TYPES = {
    "number": ("数", "number"),
    "boolean": ("是或否", "yes or no"),
    "string": ("文字", "text"),
    "date": ("日期", "date"),
    "list": ("列表", "list"),
}
_OTHERWISE = {
    "full": ("得满分", "full points"),
    "zero": ("不得分", "no points"),
    "exclude": ("分值转出", "points go elsewhere"),
    "absent": ("不在评分范围", "not scored"),
}
_NOTHING = Text("—", "—")


def said(difference: Difference, before: Ruleset, after: Ruleset) -> tuple[Text, Text]:
    """What it was and what it is, in words."""
    if difference.kind == "moved":
        old, new = (_place(place, ruleset) for place, ruleset in zip(difference.places, (before, after), strict=True))
        return old, new
    if difference.kind == "reads":
        names = [_label(name, before, after) for name in difference.through]
        return _NOTHING, joined(names, "、", ", ")
    if difference.kind == "points":
        return points(difference.members[0].before), points(difference.members[0].after)
    if difference.kind in ("wording", "source") or difference.part in ("head", "rounding", "monitoring"):
        return (
            members_in_words(difference.members, before, after=False),
            members_in_words(difference.members, after, after=True),
        )
    return _entry(difference, before, after=False), _entry(difference, after, after=True)


def _place(place: tuple[str | None, int], ruleset: Ruleset) -> Text:
    parent, index = place
    label = _nodes(ruleset)[parent].label if parent is not None else Text("一级指标", "top level")
    return Text(f"{label.zh}第 {index + 1} 项", f"{label.say('en')}, no. {index + 1}")


def _nodes(ruleset: Ruleset) -> dict[str, Node]:
    return {node.id: node for _, node in everything(ruleset)}


def _label(name: str, before: Ruleset, after: Ruleset) -> Text:
    for ruleset in (after, before):
        for entry in (*ruleset.facts, *ruleset.derived, *_nodes(ruleset).values()):
            if entry.id == name:
                return entry.label
    return Text(name, name)


def _entry(difference: Difference, ruleset: Ruleset, *, after: bool) -> Text:
    """The entry as one ruleset has it; members by themselves where there is no better way to say them."""
    if difference.part == "indicator":
        node = _nodes(ruleset).get(difference.id)
        return _NOTHING if node is None else _indicator(node, difference, ruleset)
    if difference.part == "fact":
        fact = next((fact for fact in ruleset.facts if fact.id == difference.id), None)
        return (
            _NOTHING
            if fact is None
            else _fact(fact)
            if _is_whole(difference)
            else members_in_words(difference.members, ruleset, after=after)
        )
    if difference.part == "derived":
        found = next((derived for derived in ruleset.derived if derived.id == difference.id), None)
        return _NOTHING if found is None else in_words(ruleset, found.value)
    if difference.part == "grade":
        grade = next((grade for grade in ruleset.grades if grade.id == difference.id), None)
        return _NOTHING if grade is None else Text(grade.tests, grade.tests)
    if _is_whole(difference):
        there = (difference.kind == "added") is after
        return difference.label if there else _NOTHING
    return members_in_words(difference.members, ruleset, after=after)


def _is_whole(difference: Difference) -> bool:
    return difference.kind in ("added", "removed")


def _indicator(node: Node, difference: Difference, ruleset: Ruleset) -> Text:
    if not isinstance(node, Leaf):
        return points(node.points)
    if difference.kind in ("bands", "criterion"):
        return criterion(ruleset, node)
    if difference.kind == "applies":
        return _applies(node, ruleset)
    if difference.kind == "evidence":
        return joined([required.label for required in node.evidence], "、", ", ") if node.evidence else _NOTHING
    if difference.kind == "undefined":
        if node.undefined is None:
            return Text("不能计算即报错", "an error")
        earned = points(node.undefined.share * node.points)
        reason = node.undefined.reason
        return Text(f"{reason.zh}：得 {earned.zh}", f"{reason.say('en')}: {earned.say('en')}")
    whole, how = points(node.points), criterion(ruleset, node)
    return Text(f"{whole.zh}：{how.zh}", f"{whole.say('en')}: {how.say('en')}")


def _applies(leaf: Leaf, ruleset: Ruleset) -> Text:
    if leaf.applies is None:
        return Text("总是适用", "always applies")
    when, otherwise = in_words(ruleset, leaf.applies.when), Text(*_OTHERWISE[leaf.applies.otherwise])
    return Text(f"{when.zh}时适用，否则{otherwise.zh}", f"applies when {when.say('en')}, else {otherwise.say('en')}")


def _fact(fact: FactDeclaration) -> Text:
    form = Text(*_TYPES[fact.type])
    parts = [form, *(Text(part, part) for part in (fact.unit, fact.tests) if part)]
    unknown = Text("不填为未知", "not known where left out")
    needed = Text("必填", "required") if fact.absent == "error" else unknown
    parts.append(Text("可不填", "optional") if fact.optional else needed)
    return joined(parts, "，", ", ")

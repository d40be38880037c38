"""Members of a ruleset's document as readers say them: where in it, and what it says there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.compare.criteria import in_words
from jmrules.documents import canonical
from jmrules.errors import JmrulesError, Text
from jmrules.methods.wording import joined
from jmrules.ruleset import is_text

if TYPE_CHECKING:
    from jmrules.ruleset import FactDeclaration, Member, Ruleset

#: what the members of a document are called
_MEMBERS = {
    "number": ("文号", "number"), "title": ("名称", "title"), "issuer": ("发文机关", "issuer"), "issued": ("印发日期", "issued"),
    "status": ("出自", "status"), "clause": ("条款", "clause"), "confidence": ("把握", "confidence"), "ground": ("理由", "ground"),
    "note": ("说明", "note"), "source": ("出处", "source"), "applies": ("适用条件", "when it applies"), "when": ("条件", "condition"),
    "otherwise": ("否则", "otherwise"), "from": ("自", "from"), "to": ("至", "to"), "item": ("各项", "items"), "in": ("允许的值", "allowed"),
    "optional": ("可不填", "optional"), "absent": ("不填时", "where left out"), "values": ("取值名称", "names of values"), "label": ("名称", "name"),
    "unit": ("单位", "unit"), "decimals": ("小数位数", "decimals"), "type": ("类型", "type"), "changeable": ("可自行改变", "can be changed"),
    "holds": ("应成立", "must hold"), "value": ("算法", "how it is computed"), "severity": ("程度", "severity"), "message": ("结论", "message"),
    "method": ("算法", "method"), "undefined": ("无法计算时", "when undefined"), "reason": ("理由", "reason"), "share": ("得分比例", "share"),
    "points": ("分值", "points"), "leaf": ("各指标小数位数", "decimals of an indicator"), "total": ("总分小数位数", "decimals of the total"),
    "mode": ("取整方式", "how to round"), "evidence": ("佐证材料", "evidence"), "kind": ("种类", "kind"), "dated": ("日期", "dated"),
}  # fmt: skip
#: what is said by one of a few words
_VALUES = {
    "stated": ("原文", "stated"), "reconstructed": ("推定", "reconstructed"), "official": ("正式", "official"), "draft": ("草案", "draft"),
    "high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low"), "full": ("得满分", "full points"), "zero": ("不得分", "no points"),
    "exclude": ("分值转出", "points go elsewhere"), "absent": ("不在评分范围", "not scored"), "unknown": ("为未知", "not known"), "error": ("报错", "an error"),
    "number": ("数", "number"), "boolean": ("是或否", "yes or no"), "string": ("文字", "text"), "date": ("日期", "date"), "list": ("列表", "list"),
}  # fmt: skip
_NAMED = frozenset(("status", "confidence", "otherwise", "absent", "type"))
#: members of which it is plain from the entry itself that they are meant
_PLAIN = frozenset(("listed", "notice", "source"))
#: members that are expressions
_EXPRESSIONS = frozenset(("when", "value", "holds"))


def members_in_words(members: tuple[Member, ...], ruleset: Ruleset, *, after: bool) -> Text:
    """What stood or stands in these members of a ruleset, each with what it is called."""
    return joined([_member(each, each.after if after else each.before, ruleset) for each in members])


def _member(member: Member, value: Any, ruleset: Ruleset) -> Text:
    said = _value(member, value, ruleset)
    if is_text(value) or len(member.path) < 2:
        return said
    steps = [_step(each, ruleset) for each in member.path if each not in _PLAIN]
    if not steps:
        return said
    name = joined(steps, "的", ", ")
    return Text(f"{name.zh}：{said.zh}", f"{name.say('en')}: {said.say('en')}")


def _step(step: str | int, ruleset: Ruleset) -> Text:
    if isinstance(step, int):
        return Text(f"第 {step + 1} 项", f"no. {step + 1}")
    if step in _MEMBERS:
        return Text(*_MEMBERS[step])
    label = _labels(ruleset.facts).get(step)
    return Text(step, step) if label is None else label


def _labels(facts: tuple[FactDeclaration, ...]) -> dict[str, Text]:
    """The labels of facts and of the fields of their items."""
    return {each.id: each.label for fact in facts for each in (*fact.item, fact)}


def _value(member: Member, value: Any, ruleset: Ruleset) -> Text:
    last = member.path[-1]
    if value is None:
        return Text("—", "—")
    if is_text(value):
        return Text(value["zh"], value.get("en"))
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no")
    if isinstance(value, Decimal):
        return Text(format(value, "f"), format(value, "f"))
    if isinstance(value, dict) and is_text(value.get("label")):
        return Text(value["label"]["zh"], value["label"].get("en"))
    if isinstance(value, dict) and all(name in _MEMBERS for name in value):
        parts = [
            joined([Text(*_MEMBERS[name]), _value(_at(member, name, part), part, ruleset)], "：", ": ")
            for name, part in value.items()
        ]
        return joined(parts, "，", ", ")
    if isinstance(value, str) and (last in _NAMED or len(member.path) == 1) and value in _VALUES:
        return Text(*_VALUES[value])
    if isinstance(value, str) and last in _EXPRESSIONS:
        try:
            return in_words(ruleset, value)
        except JmrulesError:
            # an expression that holds for items, whose names this ruleset does not know alone
            return Text(value, value)
    shown = value if isinstance(value, str) else canonical(value)
    return Text(shown, shown)


def _at(member: Member, name: str, value: Any) -> Member:
    return type(member)((*member.path, name), value, value)

"""What a criterion's own words propose: only where they say all that a method needs but for what is told. Nothing is read into them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

from jmrules.errors import Text
from jmrules.ruleset.bands_in_words import Band, bands_in
from jmrules.tables import half_width

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_EACH = re.compile(
    r"每(?P<verb>发现|出现|发生|有|存在|缺少|缺|少|漏报|漏|迟报|晚报|被)?(?P<what1>[^,;。0-9]{0,10}?)(?:一|1)(?P<unit>处|次|项|例|个|起|篇|人|份|条|笔|件)(?P<what>[^,;。0-9]{0,16})[,]?(?:扣|扣减|减|扣除)"
    + _NUMBER + r"分"
)  # fmt: skip
_STEP = re.compile(
    r"每(?P<way>超过|超出|超|高于|增加|上升|低于|降低|减少|下降|少|差)(?P<size>一|1|[0-9]+(?:\.[0-9]+)?)个?(?:百分点|%)[,]?(?:扣|扣减|减|扣除)(?P<loss>[0-9]+(?:\.[0-9]+)?)分"
)
_ABOVE = ("超过", "超出", "超", "高于", "增加", "上升")
_PERCENT = re.compile(_NUMBER + r"%")
_PROPORTION = re.compile(
    r"(?:按|依)(?:照)?(?:实际)?(?:完成)?(?:情况)?(?:比例|完成率|执行率|率)(?:计分|得分|给分|计算得分|扣分|赋分)|率[×x*X](?:分值|该项分值|指标分值|本项分值|满分|标准分)"
)
_OR_NOTHING = re.compile(
    r"^(?P<what>[^,;。0-9]{2,40})[,]?(?:的)?[,]?(?:得|计)(?:满分|"
    + _NUMBER
    + r"分)[,;。](?:否则|反之|未[^,;。0-9]{0,12}|没有[^,;。0-9]{0,12})[,]?(?:的)?(?:不得分|不计分|得?0分)。?$"
)
_ELEMENT = re.compile(
    r"^(?:[①-⑳]|[(]?[0-9一二三四五六七八九十]+[)、.])?(?P<what>.{2,60}?)[,:]?(?:的)?[,]?[(]?(?:得|计|加)?"
    + _NUMBER
    + r"分[)]?$"
)
_SPLIT = re.compile(r"[;。\n]|(?=[①-⑳])")
#: what is said of those whom it does not concern: 没有楼堂馆所项目的部门按满分计算
_NONE = re.compile(r"(?:没有|不涉及|不适用|未涉及|无)[^,;。]{0,20}(?:的|[,])[^;。]{0,12}(?:满分|不扣分|不考核|不计分)")
_NOT_CONCERNED = Text(
    "原文另写了没有或不涉及的怎样计分，没有写入（applies）",
    "what counts where it does not apply is said too, and left out (applies)",
)
_UNITS = {"次": "time", "人": "person"}


@frozen
class Proposal:
    """A method that a criterion's words seem to ask for."""

    method: dict[str, Any]
    #: the facts that it reads, declared
    facts: dict[str, dict[str, Any]]
    #: facts with which it earns all its points
    full: dict[str, Any]
    #: how the method reads the words
    reading: Text
    #: what the words leave open
    open: tuple[Text, ...] = field(default=())


def proposed(id: str, name: str, points: Decimal, criterion: str) -> Proposal | None:
    """The method that a criterion proposes, on facts named after the indicator; None where its words do not say enough."""
    text = re.sub(r"[ \t]+", "", half_width(criterion)).replace("％", "%").replace("：", ":").replace("、,", ",")
    for look in (_stepwise, _counted, _banded, _elements, _either, _in_proportion):
        found = look(id, name, points, text)
        if found is not None:
            return evolve(found, open=(*found.open, _NOT_CONCERNED)) if _NONE.search(text) else found
    return None


def _stepwise(id: str, name: str, points: Decimal, text: str) -> Proposal | None:
    """每超过 1 个百分点扣 0.5 分, where the only other percentage is the bound."""
    steps = list(_STEP.finditer(text))
    if len(steps) != 1 or len(re.findall("扣", text.replace("扣完为止", "").replace("不扣", ""))) != 1:
        return None
    found = steps[0]
    bounds = {each[1] for each in _PERCENT.finditer(text.replace(found[0], ""))}
    if len(bounds) != 1:
        return None
    bound, loss = Decimal(bounds.pop()) / 100, Decimal(found["loss"])
    size = Decimal(1 if found["size"] == "一" else found["size"]) / 100
    above = found["way"] in _ABOVE
    method = {"kind": "steps", "value": f"{id}_rate", "bound": _plain(bound), "direction": "above" if above else "below",
              "step": _plain(size), "loss": _plain(loss), "partial": "ignore"}  # fmt: skip
    return Proposal(
        method, {f"{id}_rate": _rate(name)}, {f"{id}_rate": _plain(bound)},
        Text(f"{'超过' if above else '低于'} {_plain(bound * 100):f}% 的，每 {_plain(size * 100):f} 个百分点扣 {loss:f} 分",
             f"{'above' if above else 'below'} {_plain(bound * 100):f} %, every {_plain(size * 100):f} percentage points cost {loss:f}"),
        (Text("不足一步的怎样算，原文没有写，草稿暂按不扣（partial）", "what a part of a step costs is not said; the draft takes nothing (partial)"),)
        if "不足" not in text else (Text("原文写了不足一步的算法，请核对 partial", "what a part of a step costs is said: check partial"),),
    )  # fmt: skip


def _counted(id: str, name: str, points: Decimal, text: str) -> Proposal | None:
    """每发现一处扣 0.5 分; several such clauses are several items."""
    found = list(_EACH.finditer(text))
    if not found or len(found) != len(re.findall("扣", text.replace("扣完为止", "").replace("不扣", ""))):
        return None
    if re.search(
        r"超过[0-9一二三四五六七八九十]|[0-9一二三四五六七八九十]+(?:次|处|项)(?:以内|以下)|最多|不超过|至多", text
    ):
        return None
    items, facts = [], {}
    for at, each in enumerate(found, 1):
        what = (each["what1"] or "") + (each["what"] or "")
        label = re.sub(r"^的|的$", "", what) or f"{each['verb'] or '发现'}问题"
        fact = f"{id}_count_{at}"
        items.append(
            {"id": f"item_{at}", "label": {"zh": label}, "loss": _plain(Decimal(each[each.re.groups])), "count": fact}
        )
        facts[fact] = {"type": "number", "unit": _UNITS.get(each["unit"], "count"), "decimals": 0, "in": ">= 0",
                       "label": {"zh": f"{name}：{label}的{each['unit']}数"}}  # fmt: skip
    costs = "、".join(f"每{each['unit']}扣 {each[each.re.groups]} 分" for each in found)
    cost = ", ".join(f"{each[each.re.groups]} for each" for each in found)
    return Proposal(
        {"kind": "deductions", "items": items},
        facts,
        dict.fromkeys(facts, 0),
        Text(f"{costs}，扣完为止", f"{cost}, until nothing is left"),
    )


def _banded(id: str, name: str, points: Decimal, text: str) -> Proposal | None:
    """90%（含）以上得 5 分；80%（含）-90% 得 3 分；低于 80% 不得分, where that leaves no gap."""
    found = bands_in(text, points)
    if found is None:
        return None
    bands, otherwise = found
    method: dict[str, Any] = {
        "kind": "bands",
        "value": f"{id}_rate",
        "bands": [{"in": each.test(), "points": _plain(each.points)} for each in bands],
    }
    if otherwise is not None:
        method["otherwise"] = {"points": _plain(otherwise)}
    best = max(bands, key=lambda each: each.points)
    inside = best.low if best.with_low else best.high if best.with_high else None
    if inside is None:
        return None
    return Proposal(method, {f"{id}_rate": _rate(name)}, {f"{id}_rate": _plain(inside)}, Text(*_listed(bands, otherwise)),
                    (Text("率怎样算，请写成派生值", "how the rate is computed: write it as a derived value"),))  # fmt: skip


def _listed(bands: list[Band], otherwise: Decimal | None) -> tuple[str, str]:
    """The bands as they are understood, for whoever compares them with the words."""
    zh = [f"{each.test()} 得 {each.points:f} 分" for each in bands] + (
        [] if otherwise is None else [f"其余得 {otherwise:f} 分"]
    )
    en = [f"{each.test()} earns {each.points:f}" for each in bands] + (
        [] if otherwise is None else [f"all else {otherwise:f}"]
    )
    return "，".join(zh), ", ".join(en)


def _elements(id: str, name: str, points: Decimal, text: str) -> Proposal | None:
    """①…得 2 分；②…得 3 分, where the elements add up to the points."""
    parts = [part.strip(" ,.") for part in _SPLIT.split(text) if part.strip(" ,.")]
    found = [_ELEMENT.match(part) for part in parts]
    if len(found) < 2 or not all(found) or any(re.search(r"扣|否则|不得分|[<>≤≥%]|以上|以下", part) for part in parts):
        return None
    worth = [Decimal(each[each.re.groups]) for each in found if each]
    if sum(worth) != points:
        return None
    labels = [each["what"].strip(",:的") for each in found if each]
    items = [{"id": f"item_{at}", "points": _plain(value), "when": f"{id}_has_{at}", "label": {"zh": label}}
             for at, (value, label) in enumerate(zip(worth, labels, strict=True), 1)]  # fmt: skip
    facts = {f"{id}_has_{at}": {"type": "boolean", "label": {"zh": label}} for at, label in enumerate(labels, 1)}
    return Proposal({"kind": "checklist", "items": items}, facts, dict.fromkeys(facts, True),
                    Text(f"{len(items)} 个要素，各计各分", f"{len(items)} elements, each with its points"))  # fmt: skip


def _either(id: str, name: str, points: Decimal, text: str) -> Proposal | None:
    """按时报送得满分，否则不得分."""
    found = _OR_NOTHING.match(text.strip())
    if found is None or (found[2] is not None and Decimal(found[2]) != points):
        return None
    what = found["what"].strip(",的")
    fact = f"{id}_met"
    item = {"id": "met", "points": _plain(points), "when": fact, "label": {"zh": what}}
    return Proposal({"kind": "checklist", "items": [item]}, {fact: {"type": "boolean", "label": {"zh": what}}},
                    {fact: True}, Text("做到得满分，否则不得分", "all or nothing"))  # fmt: skip


def _in_proportion(id: str, name: str, points: Decimal, text: str) -> Proposal | None:
    """完成率×分值, 按比例计分, where no other number or condition stands beside it."""
    if _PROPORTION.search(text) is None or re.search(r"扣[0-9]|[<>≤≥]|以上|以下|以内|超过|低于|否则|不得分|每", text):
        return None
    others = [each for each in re.findall(r"[0-9]+(?:\.[0-9]+)?%?", text) if each not in ("100%", f"{points:f}")]
    if others:
        return None
    return Proposal({"kind": "ratio", "value": f"{id}_rate"}, {f"{id}_rate": _rate(name)}, {f"{id}_rate": 1},
                    Text("率 × 分值，最高得满分", "the rate x the points, at most all"),
                    (Text("率怎样算，请写成派生值（例如 支出 ÷ 预算）", "how the rate is computed: write it as a derived value"),))  # fmt: skip


def _rate(name: str) -> dict[str, Any]:
    return {
        "type": "number",
        "unit": "ratio",
        "label": {"zh": name if name.endswith(("率", "度")) else f"{name}：比率"},
    }


def _plain(value: Decimal) -> Decimal:
    """The number as it is written: 0.5, 10."""
    return Decimal(f"{value.normalize():f}")

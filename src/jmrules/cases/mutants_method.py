"""A leaf's method, its points and its conditions changed in one place: amounts, bounds, items, ways to count."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.cases.mutants_feel import edges, moved_edge, step_at, turned_edge
from jmrules.documents.writer import normalised
from jmrules.feel import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

#: stands for a member that is taken away
GONE: Any = object()
_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")

#: JSON pointer below the method, or leaf, and the new value
Edit = tuple[str, Any]


@frozen
class Change:
    """One change to a document, which may have to be made in several places at once."""

    edits: tuple[Edit, ...]
    #: what it is, in Chinese and English; the values before and after follow
    zh: str
    en: str
    before: str
    after: str


def method_changes(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """The method, all but its FEEL expressions, with each of its parts changed in turn."""
    match method["kind"]:
        case "ratio":
            yield from _ratio(method)
        case "completion":
            yield from _completion(method)
        case "bands":
            yield from ranges_changes([("/bands", method["bands"])])
            yield from _worths(method["bands"], "/bands", points, quantum, "该档得分", "the worth of the band")
            if "otherwise" in method:
                yield worth_change(
                    method["otherwise"], "/otherwise", points, quantum, "其他情形得分", "the worth otherwise"
                )
        case "steps":
            yield from _steps(method, quantum)
        case "deductions":
            yield from _deductions(method, quantum)
        case "checklist":
            yield from _checklist(method, quantum)
        case "levels":
            yield from _levels(method)
        case "interpolate":
            yield from _interpolate(method, points, quantum)


def value_change(at: str, before: Any, after: Any, zh: str, en: str) -> Change:
    """A single member changed, or taken away."""
    return Change(((at, after),), zh, en, said(before), said(after))


def said(value: Any) -> str:
    """A value in a mutant's words."""
    if value is GONE:
        return "∅"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(value)
    return normalised(value)


def _moved(at: str, value: Any, step: Decimal, zh: str, en: str, low: Decimal | None = None) -> Iterator[Change]:
    for after in (value + step, value - step):
        if low is None or after > low:
            yield value_change(at, value, after, zh, en)


def worth_change(holder: dict[str, Any], at: str, points: Decimal, quantum: Decimal, zh: str, en: str) -> Change:
    """What something earns, a little more, or less where there is no more."""
    if "points" in holder:
        worth = holder["points"]
        return value_change(f"{at}/points", worth, worth + quantum if worth < points else worth - quantum, zh, en)
    share = holder["share"]
    return value_change(f"{at}/share", share, share - _TENTH if share >= _TENTH else share + _TENTH, zh, en)


def _worths(
    holders: list[dict[str, Any]], at: str, points: Decimal, quantum: Decimal, zh: str, en: str
) -> Iterator[Change]:
    for index, holder in enumerate(holders):
        yield worth_change(holder, f"{at}/{index}", points, quantum, zh, en)
    for index, (one, other) in enumerate(pairwise(holders)):
        if (mine := _worth(one)) != (theirs := _worth(other)):
            edits = [(f"{at}/{place}/{name}", GONE) for place, (name, _) in ((index, mine), (index + 1, theirs))]
            edits += [(f"{at}/{place}/{name}", value) for place, (name, value) in ((index, theirs), (index + 1, mine))]
            yield Change(
                tuple(edits), f"{zh}与下一个对调", f"{en} and the next one swapped", said(mine[1]), said(theirs[1])
            )


def _worth(holder: dict[str, Any]) -> tuple[str, Any]:
    name = "points" if "points" in holder else "share"
    return name, holder[name]


def ranges_changes(groups: list[tuple[str, list[dict[str, Any]]]]) -> Iterator[Change]:
    """Each edge between the ``in`` ranges of bands or grades moved both ways, and put on its other side."""
    held = [(f"{at}/{index}/in", entry["in"]) for at, entries in groups for index, entry in enumerate(entries)]
    for edge in edges([text for _, text in held]):
        step = step_at(edge)
        for to in (edge + step, edge - step):
            yield _rewritten([(at, text, moved_edge(text, edge, to)) for at, text in held], "界限", "an edge", edge, to)
        turned = _rewritten(
            [(at, text, turned_edge(text, edge)) for at, text in held], "界限的归属", "the side of an edge"
        )
        if turned.edits:
            yield turned


def _rewritten(texts: list[tuple[str, str, str]], zh: str, en: str, before: Any = None, after: Any = None) -> Change:
    changed = [entry for entry in texts if entry[1] != entry[2]]
    old, new = (" | ".join(entry[side] for entry in changed) for side in (1, 2))
    edits = tuple((at, new) for at, _, new in changed)
    return Change(edits, zh, en, old if before is None else said(before), new if after is None else said(after))


def _ratio(method: dict[str, Any]) -> Iterator[Change]:
    full, zero = method.get("full_at", 1), method.get("zero_at", 0)
    step = _HUNDREDTH if abs(full - zero) <= 1 else max(step_at(Decimal(full)), _HUNDREDTH)
    yield from _moved("/full_at", full, step, "满分界限", "where it earns all")
    yield from _moved("/zero_at", zero, step, "零分界限", "where it earns nothing")


_COMPLETION_FIELDS = (
    ("share", "不再采用直接给出的完成率", "stated completion is no longer used"),
    ("less_is_better", "不再区分越低越好", "less is never better"),
    ("weight", "不再加权", "items are no longer weighted"),
    ("points", "不再用各指标自己的分值", "items no longer have their own points"),
    ("over_achievement", "不再扣减目标值偏低的指标", "over-achievement is no longer reduced"),
    ("item_rounding", "各指标得分不再取整", "items are no longer rounded"),
)


def _completion(method: dict[str, Any]) -> Iterator[Change]:
    target, actual = method.get("target", "target"), method.get("actual", "actual")
    yield Change(
        (("/target", actual), ("/actual", target)), "目标值与实际值对调", "target and actual swapped", target, actual
    )
    for name, zh, en in _COMPLETION_FIELDS:
        if name in method:
            yield value_change(f"/{name}", method[name] if name != "over_achievement" else name, GONE, zh, en)
    if "over_achievement" in method:
        tolerance = method["over_achievement"].get("tolerance", 0)
        at = "/over_achievement/tolerance"
        yield from _moved(at, tolerance, _HUNDREDTH, "容许的偏离", "the tolerance", low=-_HUNDREDTH / 2)
    if "item_rounding" in method:
        digits = method["item_rounding"]
        for after in (digits + 1, digits - 1):
            if after >= 0:
                yield value_change(
                    "/item_rounding", digits, after, "各指标得分的小数位", "decimals of an item's points"
                )


def _steps(method: dict[str, Any], quantum: Decimal) -> Iterator[Change]:
    yield from _moved("/bound", method["bound"], step_at(Decimal(method["bound"])), "界限", "the bound")
    step = method["step"]
    yield from _moved("/step", step, step_at(Decimal(step)), "每一步的大小", "the step", low=Decimal(0))
    yield value_change("/loss", method["loss"], method["loss"] + quantum, "每一步的扣分", "the loss per step")
    for other in ("ignore", "full", "proportional"):
        if other != method["partial"]:
            yield value_change("/partial", method["partial"], other, "不足一步的部分", "what a part of a step costs")
    other = "below" if method["direction"] == "above" else "above"
    yield value_change("/direction", method["direction"], other, "方向", "the direction")


def _deductions(method: dict[str, Any], quantum: Decimal) -> Iterator[Change]:
    items = method["items"]
    for index, item in enumerate(items):
        at, loss = f"/items/{index}", item["loss"]
        yield value_change(
            f"{at}/loss", loss, quantum if loss == "all" else loss + quantum, "每个的扣分", "the loss for each"
        )
        if "at_most" in item:
            limit = item["at_most"]
            yield from _moved(f"{at}/at_most", limit, quantum, "扣分上限", "the most that can be lost", low=Decimal(0))
        if len(items) > 1:
            yield value_change(at, item["id"], GONE, "少一项", "an item is missing")


def _checklist(method: dict[str, Any], quantum: Decimal) -> Iterator[Change]:
    items = method["items"]
    for index, item in enumerate(items):
        at = f"/items/{index}"
        for truth, zh, en in (("true", "总是满足", "always met"), ("false", "总不满足", "never met")):
            if item["when"] != truth:
                yield value_change(f"{at}/when", item["when"], truth, zh, en)
        if len(items) > 1:
            yield _without(items, index)
    for index, (one, other) in enumerate(pairwise(items)):
        if _worth(one)[0] != _worth(other)[0]:
            continue
        name, mine = _worth(one)
        theirs = other[name]
        some = CONTEXT.divide(Decimal(min(mine, theirs)), Decimal(2))
        some = some - some % quantum if name == "points" else some
        if some:
            edits = ((f"/items/{index}/{name}", mine - some), (f"/items/{index + 1}/{name}", theirs + some))
            yield Change(edits, "分值移给下一项", "points given to the next item", said(mine), said(mine - some))


def _without(items: list[dict[str, Any]], index: int) -> Change:
    """An item taken away, its worth given to a neighbour so that they still add up."""
    heir = index + 1 if index + 1 < len(items) else index - 1
    name, worth = _worth(items[index])
    edits: tuple[Edit, ...] = ((f"/items/{heir}/{name}", items[heir].get(name, 0) + worth), (f"/items/{index}", GONE))
    return Change(
        edits, "少一项，分值并入相邻的一项", "an item is missing, its neighbour has its worth", items[index]["id"], "∅"
    )


def _levels(method: dict[str, Any]) -> Iterator[Change]:
    levels = method["levels"]
    for index, level in enumerate(levels):
        at = f"/levels/{index}"
        if "share" in level:
            share = level["share"]
            after = share - _TENTH if share >= _TENTH else share + _TENTH
            yield value_change(f"{at}/share", share, after, "该等次得分", "the worth of the level")
            continue
        low, high = level["range"]
        for end, value, step in (
            (0, low, _HUNDREDTH),
            (0, low, -_HUNDREDTH),
            (1, high, _HUNDREDTH),
            (1, high, -_HUNDREDTH),
        ):
            if 0 <= value + step <= 1:
                yield value_change(f"{at}/range/{end}", value, value + step, "可选范围", "the range to choose in")


def _interpolate(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    knots = method["knots"]
    for index, knot in enumerate(knots):
        at = f"/knots/{index}"
        yield from _moved(f"{at}/at", knot["at"], step_at(Decimal(knot["at"])), "节点", "a knot")
        yield worth_change(knot, at, points, quantum, "节点得分", "the worth at a knot")
        if 0 < index < len(knots) - 1:
            yield value_change(at, knot["at"], GONE, "少一个节点", "a knot is missing")

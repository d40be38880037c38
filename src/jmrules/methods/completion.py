"""``completion``, 指标完成率: mean completion of a list of targets."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.feel import string_of, types
from jmrules.methods.base import Branch, Fields, Lost, Method, Part, Site, Told, problem
from jmrules.methods.changes import GONE, HUNDREDTH, Change, moved, value_change
from jmrules.methods.mean import (
    has_figures,
    is_set_too_low,
    item_award,
    item_completion,
    item_points,
    listed,
    stated_completion,
)
from jmrules.methods.shapes import Mean
from jmrules.methods.target_fields import (
    DIRECTIONS,
    Dates,
    Direction,
    Judged,
    target_branches,
    target_mutations,
    target_problems,
    targets_of,
    targets_said,
)
from jmrules.methods.targets import Direction as DirectionOf
from jmrules.methods.targets import Targets
from jmrules.methods.wording import fill, sentence
from jmrules.quantities import percent, quantity
from jmrules.rounding import Mode, OwnRounding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Checking, Found, Speaker, View
    from jmrules.methods.shapes import Call


@frozen
class OverAchievement:
    """An item whose target was set too low: its deviation beyond ``tolerance`` is taken off."""

    #: item field (boolean) that says so
    when: str
    tolerance: Decimal = Decimal(0)


@frozen
class Completion(Fields):
    """指标完成率: mean completion of a list of targets. Names are fields of the list's items."""

    items: str
    target: str = "target"
    actual: str = "actual"
    share: str | None = None
    less_is_better: str | None = None
    direction: Direction | None = None
    upper: str | None = None
    dates: Dates | None = None
    judged: Judged | None = None
    weight: str | None = None
    points: str | None = None
    over_achievement: OverAchievement | None = None
    item_rounding: OwnRounding | None = None

    @property
    def targets(self) -> Targets | None:
        """The kinds of target beside figures of which more, or less, is better; None where there are no others."""
        return targets_of(self)


def sites(fields: Completion) -> tuple[Site, ...]:
    """The list."""
    return (Site("items", fields.items, "items"),)


def problems(fields: Completion, checking: Checking) -> Iterator[Found]:
    """Fields that the list's items do not have, or that hold something else."""
    yield from target_problems(fields)
    kind = types.bare(checking.type_at("/items"))
    if not isinstance(kind, types.ListType) or not isinstance(item := types.bare(kind.item), types.ContextType):
        return
    number, boolean = (types.NUMBER, "数", "a number"), (types.BOOLEAN, "是或否", "true or false")
    string, date = (types.STRING, "字符串", "a string"), (types.DATE, "日期", "a date")
    wanted = dict.fromkeys(("target", "actual", "share", "upper", "weight", "points"), number) | {
        "less_is_better": boolean
    }
    named = [(name, getattr(fields, name), form) for name, form in wanted.items()]
    if fields.over_achievement is not None:
        named.append(("over_achievement/when", fields.over_achievement.when, boolean))
    if fields.direction is not None:
        named.append(("direction/field", fields.direction.field, string))
    if fields.dates is not None:
        named += [("dates/due", fields.dates.due, date), ("dates/done", fields.dates.done, date)]
    if fields.judged is not None:
        named.append(("judged/field", fields.judged.field, string))
    for name, member, (form, zh, en) in named:
        if member is None or (
            (fields.share or fields.dates or fields.judged)
            and name in ("target", "actual")
            and item.member(member) is None
        ):
            continue
        found = item.member(member)
        pointer = f"/{name}" if name not in ("target", "actual") or member != name else "/items"
        if found is None:
            yield (
                pointer,
                problem(
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
            yield pointer, problem("wrong-type", f"字段“{member}”应为{zh}", f"the field {member!r} must be {en}")


def shape(fields: Completion, points: Fraction, mode: Mode, call: Callable[[str], Call]) -> Mean:
    """The mean over the list."""
    over, rounding = fields.over_achievement, fields.item_rounding
    return Mean(
        items=call("/items"),
        target=fields.target,
        actual=fields.actual,
        share=fields.share,
        less_is_better=fields.less_is_better,
        weight=fields.weight,
        points=fields.points,
        set_too_low=None if over is None else over.when,
        tolerance=Fraction(0) if over is None else Fraction(over.tolerance),
        item_rounding=None if rounding is None else rounding.digits,
        leaf_points=points,
        mode=(rounding and rounding.mode) or mode,
        targets=fields.targets,
    )


def branches(fields: Completion, shape: Mean) -> Iterator[Branch]:
    """What may come of a target, as far as the fields in use allow."""
    yield Branch("met", Text("有指标完成", "a target is met"))
    yield Branch("short", Text("有指标未完成", "a target is missed"))
    if shape.share is not None:
        yield Branch("stated", Text("有指标直接给出完成率", "an item states its completion"))
    if shape.less_is_better is not None:
        yield Branch("less is better: met", Text("有越低越好的指标完成", "a target is met where less is better"))
        yield Branch("less is better: short", Text("有越低越好的指标未完成", "a target is missed where less is better"))
    yield from target_branches(fields)
    if shape.set_too_low is not None:
        yield Branch(
            "too low: tolerated",
            Text("有指标目标值偏低，偏离在容许范围内", "a target was too low, within the tolerance"),
        )
        yield Branch("too low: reduced", Text("有指标目标值偏低，按偏离扣减", "a target was too low, and is reduced"))
    if shape.weight is not None or shape.points is not None:
        yield Branch(
            "unequal", Text("各指标权重或分值不等，且完成率不同", "items of unequal weight and unequal completion")
        )
    if shape.item_rounding is not None:
        yield Branch("item rounded", Text("有指标得分经过取整", "an item's points are rounded"))


def taken(_fields: Completion, shape: Mean, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """What came of each target."""
    items = listed(read(shape.items))
    worths = item_points(shape, items)
    completions = [Fraction(*item_completion(shape, item)) for item in items]
    for item, worth, completion in zip(items, worths, completions, strict=True):
        yield from _of_item(shape, item, completion)
        if item_award(shape, worth, completion.as_integer_ratio()) != worth * completion:
            yield "item rounded"
    if len(set(worths)) > 1 and len(set(completions)) > 1:
        yield "unequal"


def _of_item(shape: Mean, item: dict[str, Any], completion: Fraction) -> Iterator[str]:
    targets, figures = shape.targets, has_figures(shape, item)
    if targets is not None and not figures:
        late, level = targets.days_late(item), targets.level(item)
        if late is not None:
            within = next((within for within, _ in targets.late if late <= within), None)
            yield "on time" if late <= 0 else "too late" if within is None else f"late {within}"
            return
        if level is not None:
            yield f"judged {level}"
            return
    if stated_completion(shape, item) is not None:
        yield "stated"
        return
    target, actual = item[shape.target], item[shape.actual]
    direction = _direction(shape, item)
    exceeded = actual > target if direction == "more" else direction == "less" and actual < target
    if exceeded and target > 0 and is_set_too_low(shape, item):
        yield "too low: reduced" if completion < 1 else "too low: tolerated"
        return
    met = exceeded or completion == 1
    yield f"{'' if direction == 'more' else f'{DIRECTIONS[direction].en}: '}{'met' if met else 'short'}"


def _direction(shape: Mean, item: dict[str, Any]) -> DirectionOf:
    """The direction of a target: as it states, else as its flag says."""
    stated = None if shape.targets is None else shape.targets.stated_direction(item)
    if stated is not None:
        return stated
    return "less" if shape.less_is_better is not None and item[shape.less_is_better] is True else "more"


_OPTIONS = (
    ("share", "不再采用直接给出的完成率", "stated completion is no longer used"),
    ("less_is_better", "不再区分越低越好", "less is never better"),
    ("direction", "不再区分目标的方向", "directions of targets are no longer used"),
    ("dates", "不再按期限计分", "dates are no longer used"),
    ("judged", "不再按等次计分", "judged levels are no longer used"),
    ("weight", "不再加权", "items are no longer weighted"),
    ("points", "不再用各指标自己的分值", "items no longer have their own points"),
    ("over_achievement", "不再扣减目标值偏低的指标", "over-achievement is no longer reduced"),
    ("item_rounding", "各指标得分不再取整", "items are no longer rounded"),
)


def mutations(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    target, actual = method.get("target", "target"), method.get("actual", "actual")
    yield Change(
        (("/target", actual), ("/actual", target)), "目标值与实际值对调", "target and actual swapped", target, actual
    )
    for name, zh, en in _OPTIONS:
        if name in method:
            yield value_change(f"/{name}", name if isinstance(method[name], dict) else method[name], GONE, zh, en)
    if "over_achievement" in method:
        tolerance = method["over_achievement"].get("tolerance", 0)
        at = "/over_achievement/tolerance"
        yield from moved(at, tolerance, HUNDREDTH, "容许的偏离", "the tolerance", low=-HUNDREDTH / 2)
    if "item_rounding" in method:
        stated = method["item_rounding"]
        digits, at = (
            (stated["digits"], "/item_rounding/digits") if isinstance(stated, dict) else (stated, "/item_rounding")
        )
        for after in (digits + 1, digits - 1):
            if after >= 0:
                yield value_change(at, digits, after, "各指标得分的小数位", "decimals of an item's points")
    yield from target_mutations(method, points, quantum)


def criterion(fields: Completion, speaker: Speaker) -> Text:
    """The criterion in words."""
    said = fill("{items}完成率的平均", "mean completion of {items}", items=speaker.expression(fields.items))
    if fields.points is not None:
        said = fill(
            "{items}按各自分值的完成率",
            "completion of {items}, each with its own points",
            items=speaker.expression(fields.items),
        )
    elif fields.weight is not None:
        said = fill("{said}（加权）", "weighted {said}", said=said)
    if fields.over_achievement is not None:
        tolerance = speaker.number(fields.over_achievement.tolerance, "ratio")
        said = fill(
            "{said}；目标值偏低而超额的，按偏离度超过 {tolerance} 的部分扣减",
            "{said}; over-achievement of a low target is reduced by its deviation beyond {tolerance}",
            said=said,
            tolerance=tolerance,
        )
    said = targets_said(fields, said)
    if fields.item_rounding is not None:
        places = str(fields.item_rounding.digits)
        said = fill(
            "{said}；各项得分取 {places} 位小数", "{said}; each item to {places} decimals", said=said, places=places
        )
    return said


def explain(view: View, fields: Completion, shape: Mean, share: Fraction) -> Told:
    """Each target, and how far it was met."""
    items = listed(view.read(shape.items))
    points = item_points(shape, items)
    scale = view.points / shape.leaf_points
    lost, parts = list[Lost](), list[Part]()
    met = 0
    for index, (worth, item) in enumerate(zip(points, items, strict=True)):
        completion = Fraction(*item_completion(shape, item))
        awarded = item_award(shape, worth, (completion.numerator, completion.denominator))
        shown = _item_text(fields, shape, item, index, completion)
        id = f"item {index + 1}"
        parts.append(Part(id, _item_label(item, index), worth * scale, awarded * scale, shown))
        if completion == 1:
            met += 1
        if awarded < worth:
            lost.append(Lost((worth - awarded) / shape.leaf_points, shown, id))
    summary = Text(
        f"{len(items)} 项指标中 {met} 项完成，平均完成 {percent(share)}",
        f"{met} of {len(items)} target{'' if len(items) == 1 else 's'} met, completion {percent(share)} on average",
    )
    return Told(sentence(view, summary, share), tuple(lost), tuple(parts))


def _item_label(item: dict[str, Any], index: int) -> Text:
    for field in ("name", "label", "id"):
        if isinstance(item.get(field), str):
            return Text(item[field], item[field])
    return Text(f"第 {index + 1} 项", f"item {index + 1}")


_NOTES = {
    "too low: reduced": Text("，目标值偏低，按偏离扣减", ", its target was too low: reduced by the deviation"),
    "too low: tolerated": Text(
        "，目标值偏低，偏离在容许范围内，不扣减", ", its target was too low, within the tolerance: not reduced"
    ),
}


_SIGNS = {"more": ("≥ ", "≥ "), "less": ("≤ ", "≤ "), "equal": ("= ", "= "), "range": ("", "")}


def _item_text(fields: Completion, shape: Mean, item: dict[str, Any], index: int, completion: Fraction) -> Text:
    label, done = _item_label(item, index), percent(completion)
    found = fill("完成 {done}", "completion {done}", done=done)
    key = next(_of_item(shape, item, completion))
    if key.startswith(("on time", "late", "too late")):
        said = _date_said(shape, item)
    elif key.startswith("judged"):
        level = next(level for level in (fields.judged.levels if fields.judged else ()) if key == f"judged {level.id}")
        said = fill("评定为“{level}”", "judged {level}", level=level.label)
    elif key == "stated":
        return Text(f"{label.zh}：完成率 {done}", f"{label.say('en')}: completion {done}")
    else:
        said = _figures_said(shape, item)
        found = fill("{found}{note}", "{found}{note}", found=found, note=_NOTES.get(key, Text("", "")))
    return fill("{label}：{said}，{found}", "{label}: {said}, {found}", label=label, said=said, found=found)


def _figures_said(shape: Mean, item: dict[str, Any]) -> Text:
    target, actual = (quantity(item[field], None, None, "zh") for field in (shape.target, shape.actual))
    direction = _direction(shape, item)
    if shape.targets is None or shape.targets.stated_direction(item) is None:
        way = Text("（越低越好）", " (less is better)") if direction == "less" else Text("", "")
        return Text(f"目标 {target}{way.zh}，实际 {actual}", f"target {target}{way.say('en')}, actual {actual}")
    if direction == "range" and shape.targets.upper is not None:
        target = f"{target}–{quantity(item[shape.targets.upper], None, None, 'zh')}"
    sign = _SIGNS[direction][0]
    return Text(f"目标 {sign}{target}，实际 {actual}", f"target {sign}{target}, actual {actual}")


def _date_said(shape: Mean, item: dict[str, Any]) -> Text:
    targets = shape.targets
    assert targets is not None and targets.due is not None and targets.done is not None
    late = targets.days_late(item) or 0
    due, done = (string_of(item[name]) for name in (targets.due, targets.done))
    said = Text(f"期限 {due}，{done} 完成", f"due {due}, done {done}")
    return fill("{said}，迟 {late} 天", "{said}, {late} days late", said=said, late=str(late)) if late > 0 else said


COMPLETION = Method(
    "completion", Completion, sites, shape, branches, taken, criterion, explain, problems=problems, mutations=mutations
)

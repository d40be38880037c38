"""Each scoring method in its own words: the branch taken, what was earned, what was lost and why."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jmrules.errors import Text
from jmrules.feel import parse_unary_tests
from jmrules.feel.words import said_test
from jmrules.plan.model import (
    Banded,
    Checked,
    Computed,
    Deducted,
    Interpolated,
    Judged,
    Linear,
    MeanCompletion,
    PlannedMethod,
    Stepped,
)
from jmrules.quantities import percent, points_text, quantity, quantity_apart, quantity_in_words
from jmrules.ruleset.methods import Bands, Checklist, Deductions, Levels, Steps
from jmrules.score.exact.completion import completion_function, item_award, item_completion, item_points, listed
from jmrules.score.exact.methods import band_of, chosen_in, count_of, deduction, interpolated, level_of, steps_beyond
from jmrules.score.exact.shares import number, truth
from jmrules.trace.model import Part
from jmrules.trace.view import Explained, Lost, View, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.feel import Number
    from jmrules.plan.model import Call

ONE = Fraction(1)


def explain(view: View, share: Fraction) -> Explained:
    """The words of a scored leaf; its expressions are read through ``view``. Raises the error of what is undefined."""
    match view.leaf.method:
        case Linear() as method:
            return _linear(view, method, share)
        case MeanCompletion() as method:
            return _completion(view, method, share)
        case Banded() as method:
            return _banded(view, method, share)
        case Stepped() as method:
            return _stepped(view, method, share)
        case Deducted() as method:
            return _deducted(view, method, share)
        case Checked() as method:
            return _checked(view, method, share)
        case Judged() as method:
            return _judged(view, method, share)
        case Interpolated() as method:
            return _interpolated(view, method, share)
        case Computed() as method:
            return _computed(view, method, share)


def method_calls(method: PlannedMethod) -> tuple[Call, ...]:
    """The expressions that :func:`explain` reads of a scored leaf, in order; of levels, the chosen share only where one can be."""
    match method:
        case Linear(value=call) | Banded(value=call) | Stepped(value=call) | Interpolated(value=call):
            return (call,)
        case MeanCompletion(items=call) | Computed(points=call) | Judged(level=call):
            return (call,)
        case Deducted(items=deductions):
            return tuple(item.count for item in deductions)
        case Checked(items=checks):
            return tuple(call for call, _ in checks)


def read(view: View) -> None:
    """Read what :func:`explain` reads of a scored leaf, without the words."""
    method = view.leaf.method
    values = [view.read(call) for call in method_calls(method)]
    if isinstance(method, Judged) and not isinstance(level_of(method, values[0]), Fraction):
        assert method.chosen is not None
        view.read(method.chosen)


def _sentence(view: View, said: Text, share: Fraction) -> Text:
    ending = view.ending(share)
    return Text(f"{said.zh}，{ending.zh}", f"{said.say('en')}: {ending.say('en')}")


def _lost(share: Fraction, reason: Text) -> tuple[Lost, ...]:
    return (Lost(1 - share, reason),) if share < 1 else ()


def _constant(value: Fraction, unit: str | None) -> tuple[str, str]:
    """A constant of the ruleset in the unit of what it is compared with, in both languages."""
    said = quantity_in_words(value, unit, None)
    return said.zh, said.say("en")


def _linear(view: View, method: Linear, share: Fraction) -> Explained:
    value = number(view.read(method.value))
    unit, text = view.unit(method.value), _distinct(view, method.value, value, (method.full_at, method.zero_at))
    said, named = view.said(method.value, value, text), view.named_value(method.value, value, text)
    rises = method.full_at > method.zero_at
    goal_zh, goal_en = _constant(method.full_at, unit)
    reason = Text(
        f"{named.zh}，{'未达到' if rises else '超过'} {goal_zh}",
        f"{named.say('en')}, {'short of' if rises else 'above'} {goal_en}",
    )
    branch = "full" if share == 1 else "zero" if not share else "between"
    return Explained(branch, _sentence(view, said, share), _lost(share, reason))


def _banded(view: View, method: Banded, share: Fraction) -> Explained:
    value = number(view.read(method.value))
    bands = view.leaf.leaf.method
    assert isinstance(bands, Bands)
    index, unit = band_of(method, value), view.unit(method.value)
    text = _distinct(view, method.value, value, _edges(method))
    said = view.said(method.value, value, text)
    if index is None:
        assert bands.otherwise is not None
        outside = bands.otherwise.label or Text("不在所列各档", "in none of the bands")
        range_text = Text(f"，{outside.zh}", f", {outside.say('en')}")
        branch = "otherwise"
    else:
        band = bands.bands[index]
        tests = parse_unary_tests(band.tests)
        zh, en = (
            " 或 ".join(said_test(test, unit, "zh") for test in tests.tests),
            " or ".join(said_test(test, unit, "en") for test in tests.tests),
        )
        label = band.label
        range_text = Text(
            f" {zh}" + (f"（{label.zh}）" if label else ""), f" {en}" + (f" ({label.say('en')})" if label else "")
        )
        if tests.negated or not tests.tests:
            range_text = Text(f"（{band.tests}）", f" ({band.tests})")
        branch = f"band {index + 1}"
    named = view.meaning(method.value)
    head = Text(f"{named.label.zh} {text.zh}", f"{named.label.say('en')} {text.say('en')}") if named else said
    reason = Text(
        f"{head.zh}{range_text.zh}，得分值的 {percent(share)}",
        f"{head.say('en')}{range_text.say('en')}: {percent(share)} of the points",
    )
    if named and said.zh == head.zh:
        said = head
    full = Text(said.zh + range_text.zh, said.say("en") + range_text.say("en"))
    return Explained(branch, _sentence(view, full, share), _lost(share, reason))


def _distinct(view: View, call: Call, value: Number, edges: Sequence[Fraction]) -> Text:
    """The value with as many decimals as it takes not to look like an edge that it is not on."""
    exact, meaning = Fraction(value), view.meaning(call)
    near = min(edges, key=lambda edge: abs(edge - exact), default=exact)
    return quantity_apart(value, *((meaning.unit, meaning.decimals) if meaning else (None, None)), near)


def _edges(method: Banded) -> list[Fraction]:
    intervals = [interval for ranges, _ in method.bands for interval in ranges]
    return [Fraction(edge.at) for each in intervals for edge in (each.low, each.high) if edge.at is not None]


def _stepped(view: View, method: Stepped, share: Fraction) -> Explained:
    value = number(view.read(method.value))
    steps = view.leaf.leaf.method
    assert isinstance(steps, Steps)
    unit, beyond = view.unit(method.value), steps_beyond(method, value)
    text = _distinct(view, method.value, value, (method.bound,))
    said, named = view.said(method.value, value, text), view.named_value(method.value, value, text)
    above = method.sign > 0
    bound_zh, bound_en = _constant(method.bound, unit)
    if not beyond:
        within = Text(
            f"{said.zh}，{'未超过' if above else '不低于'} {bound_zh}",
            f"{said.say('en')}, {'not above' if above else 'not below'} {bound_en}",
        )
        return Explained("within", _sentence(view, within, share), _lost(share, within))
    loss_zh, loss_en = points_text(steps.loss, "zh"), points_text(steps.loss, "en")
    step_zh, step_en = _constant(method.step, unit)
    count = quantity(beyond, None, None, "zh")
    reason = Text(
        f"{named.zh}，{'超过' if above else '低于'} {bound_zh}，计 {count} 个 {step_zh}，每个扣 {loss_zh}",
        f"{named.say('en')}, {'above' if above else 'below'} {bound_en} by {count} x {step_en}, at {loss_en} each",
    )
    return Explained("zero" if not share else "beyond", _sentence(view, reason, share), _lost(share, reason))


def _deducted(view: View, method: Deducted, share: Fraction) -> Explained:
    deductions = view.leaf.leaf.method
    assert isinstance(deductions, Deductions)
    left, lost, parts, found = ONE, list[Lost](), list[Part](), list[Text]()
    for planned, item in zip(method.items, deductions.items, strict=True):
        count = count_of(view.read(planned.count))
        cost = deduction(planned, count, left)
        left -= cost
        each = (
            Text("扣完全部分值", "all points")
            if planned.loss is None
            else Text(
                f"每个扣 {points_text(planned.loss * view.points, 'zh')}",
                f"{points_text(planned.loss * view.points, 'en')} each",
            )
        )
        many = quantity(Fraction(count), None, 0, "zh")
        shown = Text(f"{item.label.zh}：{many} 个，{each.zh}", f"{item.label.say('en')}: {many}, {each.say('en')}")
        parts.append(Part(item.id, item.label, Fraction(0), -cost * view.points, shown))
        if count:
            found.append(shown)
            cut = Text("（已无分可扣）", " (nothing left to take)") if not cost else Text("", "")
            lost.append(Lost(cost, Text(shown.zh + cut.zh, shown.say("en") + cut.say("en")), item.id))
    said = joined(found) if found else Text("未发现所列问题", "none of the listed problems was found")
    branch = "none" if not found else "+".join(item.part or "" for item in lost)
    return Explained(branch, _sentence(view, said, share), tuple(lost), tuple(parts))


def _checked(view: View, method: Checked, share: Fraction) -> Explained:
    checklist = view.leaf.leaf.method
    assert isinstance(checklist, Checklist)
    lost, parts, unmet = list[Lost](), list[Part](), list[str]()
    for (call, worth), item in zip(method.items, checklist.items, strict=True):
        met = truth(view.read(call))
        said = view.said(call, met) if met else view.words.unmet(call.expression.tree, call.expression.text)  # type: ignore[arg-type]
        shown = Text(
            f"{item.label.zh}：{'满足' if met else '不满足'}（{said.zh}）",
            f"{item.label.say('en')}: {'met' if met else 'not met'} ({said.say('en')})",
        )
        points = worth * view.points
        parts.append(Part(item.id, item.label, points, points if met else Fraction(0), shown))
        if not met:
            unmet.append(item.id)
            lost.append(Lost(worth, shown, item.id))
    count, total = len(parts) - len(unmet), len(parts)
    summary = Text(f"{total} 项要素满足 {count} 项", f"{count} of {total} elements met")
    return Explained("+".join(unmet) or "all", _sentence(view, summary, share), tuple(lost), tuple(parts))


def _judged(view: View, method: Judged, share: Fraction) -> Explained:
    levels = view.leaf.leaf.method
    assert isinstance(levels, Levels)
    value = view.read(method.level)
    span = level_of(method, value)
    if not isinstance(span, Fraction):
        assert method.chosen is not None
        chosen_in(span, view.read(method.chosen))
    level = next(level for level in levels.levels if level.id == value)
    reason = Text(
        f"评定为“{level.label.zh}”，得分值的 {percent(share)}",
        f"judged {level.label.say('en')!r}: {percent(share)} of the points",
    )
    return Explained(level.id, _sentence(view, reason, share), _lost(share, reason))


def _interpolated(view: View, method: Interpolated, share: Fraction) -> Explained:
    value = number(view.read(method.value))
    assert interpolated(method, value) == share
    said = view.said(method.value, value)
    at = Fraction(value)
    above = sum(knot < at for knot, _ in method.knots)
    branch = "first" if at <= method.knots[0][0] else "last" if at >= method.knots[-1][0] else f"segment {above}"
    reason = Text(
        f"{said.zh}，按线性插值得分值的 {percent(share)}",
        f"{said.say('en')}: {percent(share)} of the points by interpolation",
    )
    return Explained(branch, _sentence(view, reason, share), _lost(share, reason))


def _computed(view: View, method: Computed, share: Fraction) -> Explained:
    value = number(view.read(method.points))
    said = view.said(method.points, value)
    stated = Fraction(value)
    branch = "above" if stated > method.leaf_points else "below" if stated < 0 else "inside"
    bounded = {
        "above": Text("，以分值为限", ", limited to the points"),
        "below": Text("，不低于 0", ", not below 0"),
        "inside": Text("", ""),
    }[branch]
    reason = Text(said.zh + bounded.zh, said.say("en") + bounded.say("en"))
    return Explained(branch, _sentence(view, reason, share), _lost(share, reason))


def _completion(view: View, method: MeanCompletion, share: Fraction) -> Explained:
    items = listed(view.read(method.items))
    points = item_points(method, items)
    scale = view.points / method.leaf_points
    lost, parts = list[Lost](), list[Part]()
    met = 0
    for index, (worth, item) in enumerate(zip(points, items, strict=True)):
        completion = Fraction(*item_completion(method, item))
        awarded = item_award(method, worth, (completion.numerator, completion.denominator))
        shown = _item_text(method, item, index, completion)
        id = f"item {index + 1}"
        parts.append(Part(id, _item_label(item, index), worth * scale, awarded * scale, shown))
        if completion == 1:
            met += 1
        if awarded < worth:
            lost.append(Lost((worth - awarded) / method.leaf_points, shown, id))
    assert Fraction(*completion_function(method, lambda _: items)(())) == share
    summary = Text(
        f"{len(items)} 项指标中 {met} 项完成，平均完成 {percent(share)}",
        f"{met} of {len(items)} targets met, completion {percent(share)} on average",
    )
    branch = "all" if met == len(items) else "some" if met else "none"
    return Explained(branch, _sentence(view, summary, share), tuple(lost), tuple(parts))


def _item_label(item: dict[str, Any], index: int) -> Text:
    for field in ("name", "label", "id"):
        if isinstance(item.get(field), str):
            return Text(item[field], item[field])
    return Text(f"第 {index + 1} 项", f"item {index + 1}")


def _item_text(method: MeanCompletion, item: dict[str, Any], index: int, completion: Fraction) -> Text:
    label = _item_label(item, index)
    if method.share is not None and item[method.share] is not None:
        return Text(f"{label.zh}：完成率 {percent(completion)}", f"{label.say('en')}: completion {percent(completion)}")
    target, actual = (quantity(item[field], None, None, "zh") for field in (method.target, method.actual))
    low = method.set_too_low is not None and item[method.set_too_low] is True
    note = (
        Text("，目标值偏低，按偏离扣减", ", its target was too low: reduced by the deviation") if low else Text("", "")
    )
    return Text(
        f"{label.zh}：目标 {target}，实际 {actual}，完成 {percent(completion)}{note.zh}",
        f"{label.say('en')}: target {target}, actual {actual}, completion {percent(completion)}{note.say('en')}",
    )

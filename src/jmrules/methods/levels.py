"""``levels``, 定性分档: a judged level picks a share or points, or the range in which they are chosen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import ONE, Branch, Fields, Method, Site, Told, Worth, duplicates, problem, worth_problems
from jmrules.methods.changes import HUNDREDTH, value_change, worth_change
from jmrules.methods.shapes import Lookup
from jmrules.methods.wording import fill, lost_for, pairs, points, sentence
from jmrules.quantities import percent, place_among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Checking, Found, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Level:
    """A judged level: a share or points, or the range in which a share (``range``) or points (``between``) are chosen."""

    id: str
    label: Text
    share: Decimal | None = None
    points: Decimal | None = None
    range: tuple[Decimal, Decimal] | None = None
    between: tuple[Decimal, Decimal] | None = None

    @property
    def span(self) -> tuple[str, tuple[Decimal, Decimal]] | None:
        """The range to choose in, and its name; None of a level that leaves no choice."""
        if self.range is not None:
            return "range", self.range
        return None if self.between is None else ("between", self.between)

    def worth(self, points: Fraction) -> Fraction | tuple[Fraction, Fraction]:
        """The share, or the shares to choose among."""
        if self.span is None:
            return Worth(self.share, self.points).of(points)
        name, (low, high) = self.span
        whole = points if name == "between" else ONE
        return Fraction(low) / whole, Fraction(high) / whole


@frozen
class Levels(Fields):
    """定性分档."""

    level: str
    levels: tuple[Level, ...]
    chosen: str | None = None


def sites(fields: Levels) -> Iterator[Site]:
    """The level, and what is chosen."""
    yield Site("level", fields.level, "string")
    if fields.chosen is not None:
        yield Site("chosen", fields.chosen, "number")


def problems(fields: Levels, checking: Checking) -> Iterator[Found]:
    """Two of one name, more than there is, an empty range, two kinds of choice, and a chosen share that is missing or idle."""
    yield from duplicates([level.id for level in fields.levels], "/levels")
    ranged = ""
    for index, level in enumerate(fields.levels):
        at = f"/levels/{index}"
        yield from worth_problems(Worth(points=level.points or Decimal(0)), checking.points, at)
        if level.span is None:
            continue
        name, (low, high) = level.span
        if ranged and ranged != name:
            yield (
                f"{at}/{name}",
                problem(
                    "two-choices",
                    "range 与 between 不能并用：所选的是得分率还是分数不明",
                    "range and between do not go together: is a share chosen, or points?",
                ),
            )
        ranged = name
        if low > high:
            yield f"{at}/{name}", problem("empty-range", "下限大于上限", "its least is above its greatest")
        if name == "between":
            yield from worth_problems(Worth(points=high), checking.points, at, f"{name}/1")
    if ranged and fields.chosen is None:
        yield (
            "",
            problem("no-chosen", "有分档区间，须写明 chosen", "a level has a range: say what is chosen inside it"),
        )
    if not ranged and fields.chosen is not None:
        yield (
            "/chosen",
            problem("idle-chosen", "没有分档区间，chosen 不起作用", "no level has a range: chosen would do nothing"),
        )


def shape(fields: Levels, points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Lookup:
    """The levels' shares and ranges."""
    shares = {level.id: level.worth(points) for level in fields.levels}
    whole = points if any(level.between is not None for level in fields.levels) else ONE
    return Lookup(call("/level"), shares, None if fields.chosen is None else call("/chosen"), whole)


def branches(fields: Levels, _shape: Lookup) -> Iterator[Branch]:
    """Each level."""
    for index, level in enumerate(fields.levels):
        label = Text(f"评定为：{level.label.zh}", level.label.say("en"))
        yield Branch(f"level {level.id}", label, f"/levels/{index}")


def taken(_fields: Levels, shape: Lookup, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """The judged level."""
    yield f"level {read(shape.word)}"


def mutations(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    for index, level in enumerate(method["levels"]):
        at = f"/levels/{index}"
        if "share" in level or "points" in level:
            yield worth_change(level, at, points, quantum, "该等次得分", "the worth of the level")
            continue
        name, small, most = ("range", HUNDREDTH, Decimal(1)) if "range" in level else ("between", quantum, points)
        for end, value in enumerate(level[name]):
            for step in (small, -small):
                if 0 <= value + step <= most:
                    yield value_change(f"{at}/{name}/{end}", value, value + step, "可选范围", "the range to choose in")


def criterion(fields: Levels, speaker: Speaker) -> Text:
    """The criterion in words."""
    whole = Fraction(speaker.points)

    def worth(level: Level) -> Text:
        found = level.worth(whole)
        if isinstance(found, Fraction):
            return points(found * whole)
        low, high = (points(share * whole) for share in found)
        return fill("{low}至 {high}", "{low} to {high}", low=low, high=high)

    return fill(
        "{level}：{levels}",
        "{level}: {levels}",
        level=speaker.expression(fields.level),
        levels=pairs((level.label, worth(level)) for level in fields.levels),
    )


def explain(view: View, fields: Levels, shape: Lookup, share: Fraction) -> Told:
    """The level, and what it earns."""
    value = view.read(shape.word)
    shape.path(view.read)
    index = next(index for index, level in enumerate(fields.levels) if level.id == value)
    level, found, which = fields.levels[index], shape.found(value), place_among(index, len(fields.levels))
    reason = fill("评定为“{label}”（{which}）", "judged {label} ({which})", label=level.label, which=which)
    if not isinstance(found, Fraction):
        low, high = (points(end * view.points) for end in found)
        reason = fill("{said}，可得 {low}至 {high}", "{said}, for {low} to {high}", said=reason, low=low, high=high)
    elif level.share is not None:
        reason = fill("{said}，得分值的 {share}", "{said}: {share} of the points", said=reason, share=percent(share))
    return Told(sentence(view, reason, share), lost_for(share, reason))


LEVELS = Method(
    "levels", Levels, sites, shape, branches, taken, criterion, explain, problems=problems, mutations=mutations
)

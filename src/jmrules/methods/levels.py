"""``levels``, 定性分档: a judged level picks a share, or the range in which one is chosen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import Branch, Fields, Method, Site, Told, duplicates, problem
from jmrules.methods.changes import HUNDREDTH, TENTH, value_change
from jmrules.methods.shapes import Lookup, chosen_in
from jmrules.methods.wording import fill, lost_for, pairs, points, sentence
from jmrules.quantities import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jmrules.methods.base import Checking, Found, Speaker, View
    from jmrules.methods.changes import Change
    from jmrules.methods.shapes import Call
    from jmrules.rounding import Mode


@frozen
class Level:
    """A judged level: a share, or the range in which a share is chosen."""

    id: str
    label: Text
    share: Decimal | None = None
    range: tuple[Decimal, Decimal] | None = None


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


def problems(fields: Levels, _checking: Checking) -> Iterator[Found]:
    """Two of one name, an empty range, and a chosen share that is missing or idle."""
    yield from duplicates([level.id for level in fields.levels], "/levels")
    ranged = False
    for index, level in enumerate(fields.levels):
        if level.range is not None:
            ranged = True
            if level.range[0] > level.range[1]:
                yield (
                    f"/levels/{index}/range",
                    problem("empty-range", "下限大于上限", "its least is above its greatest"),
                )
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


def shape(fields: Levels, _points: Fraction, _mode: Mode, call: Callable[[str], Call]) -> Lookup:
    """The levels' shares and ranges."""
    shares = {
        level.id: (Fraction(level.range[0]), Fraction(level.range[1])) if level.range else Fraction(level.share or 0)
        for level in fields.levels
    }
    return Lookup(call("/level"), shares, None if fields.chosen is None else call("/chosen"))


def branches(fields: Levels, _shape: Lookup) -> Iterator[Branch]:
    """Each level."""
    for index, level in enumerate(fields.levels):
        label = Text(f"评定为：{level.label.zh}", level.label.say("en"))
        yield Branch(f"level {level.id}", label, f"/levels/{index}")


def taken(_fields: Levels, shape: Lookup, read: Callable[[Call], Any], _share: Fraction) -> Iterator[str]:
    """The judged level."""
    yield f"level {read(shape.word)}"


def mutations(method: dict[str, Any], _points: Decimal, _quantum: Decimal) -> Iterator[Change]:
    """Slips of the pen in the document."""
    levels = method["levels"]
    for index, level in enumerate(levels):
        at = f"/levels/{index}"
        if "share" in level:
            share = level["share"]
            after = share - TENTH if share >= TENTH else share + TENTH
            yield value_change(f"{at}/share", share, after, "该等次得分", "the worth of the level")
            continue
        low, high = level["range"]
        for end, value, step in (
            (0, low, HUNDREDTH),
            (0, low, -HUNDREDTH),
            (1, high, HUNDREDTH),
            (1, high, -HUNDREDTH),
        ):
            if 0 <= value + step <= 1:
                yield value_change(f"{at}/range/{end}", value, value + step, "可选范围", "the range to choose in")


def criterion(fields: Levels, speaker: Speaker) -> Text:
    """The criterion in words."""

    def worth(level: Level) -> Text:
        if level.range is None:
            return points(Fraction(level.share or 0) * Fraction(speaker.points))
        low, high = (points(Fraction(share) * Fraction(speaker.points)) for share in level.range)
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
    span = shape.found(value)
    if not isinstance(span, Fraction):
        assert shape.chosen is not None
        chosen_in(span, view.read(shape.chosen))
    label = next(level.label for level in fields.levels if level.id == value)
    reason = Text(
        f"评定为“{label.zh}”，得分值的 {percent(share)}",
        f"judged {label.say('en')!r}: {percent(share)} of the points",
    )
    return Told(sentence(view, reason, share), lost_for(share, reason))


LEVELS = Method(
    "levels", Levels, sites, shape, branches, taken, criterion, explain, problems=problems, mutations=mutations
)

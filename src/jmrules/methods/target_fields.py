"""What a document says of targets that are no figures of which more, or less, is better: its fields, checks, branches, slips and words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from jmrules.errors import Text
from jmrules.methods.base import ONE, Branch, duplicates, problem
from jmrules.methods.changes import Change, moved, value_change, worth_change
from jmrules.methods.levels import Level
from jmrules.methods.targets import Direction as DirectionOf
from jmrules.methods.targets import Targets
from jmrules.methods.wording import fill, joined
from jmrules.quantities import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.methods.base import Found


@frozen
class Direction:
    """The item field that says the direction of its target, and what its words (≥、≤、=、区间) mean."""

    field: str
    words: Mapping[str, DirectionOf]


@frozen
class Late:
    """So many days late still earn a share."""

    within: int
    share: Decimal


@frozen
class Dates:
    """The item fields (dates) by when something was due and when it was done; late, it earns by steps, then nothing."""

    due: str
    done: str
    late: tuple[Late, ...] = ()


@frozen
class Judged:
    """The item field (string) that says the level that an item is judged to have; in a range the item's own share is chosen."""

    field: str
    levels: tuple[Level, ...]


class Stated(Protocol):
    """The members of a method that are about its targets."""

    @property
    def share(self) -> str | None: ...
    @property
    def less_is_better(self) -> str | None: ...
    @property
    def direction(self) -> Direction | None: ...
    @property
    def upper(self) -> str | None: ...
    @property
    def dates(self) -> Dates | None: ...
    @property
    def judged(self) -> Judged | None: ...


def targets_of(fields: Stated) -> Targets | None:
    """The kinds of target that are stated; None where there are no others than figures."""
    direction, dates, judged = fields.direction, fields.dates, fields.judged
    if direction is None and dates is None and judged is None:
        return None
    return Targets(
        None if direction is None else direction.field,
        {} if direction is None else direction.words,
        fields.upper,
        None if dates is None else dates.due,
        None if dates is None else dates.done,
        () if dates is None else tuple((late.within, Fraction(late.share)) for late in dates.late),
        None if judged is None else judged.field,
        {} if judged is None else {level.id: level.worth(ONE) for level in judged.levels},
    )


def target_problems(fields: Stated) -> Iterator[Found]:
    """What the method's own members say that cannot be."""
    words = () if fields.direction is None else fields.direction.words.values()
    if "range" in words and fields.upper is None:
        yield (
            "/direction",
            problem(
                "no-upper",
                "有区间目标，须写明 upper（上限字段）",
                "a target is a range: say by `upper` which field holds its upper end",
            ),
        )
    for index, (one, other) in enumerate(pairwise(() if fields.dates is None else fields.dates.late), 1):
        if one.within >= other.within:
            yield (
                f"/dates/late/{index}/within",
                problem("days-not-increasing", "迟延天数须递增", "days late must increase"),
            )
    if fields.judged is not None:
        yield from duplicates([level.id for level in fields.judged.levels], "/judged/levels")
        for index, level in enumerate(fields.judged.levels):
            if level.range is not None and level.range[0] > level.range[1]:
                yield (
                    f"/judged/levels/{index}/range",
                    problem("empty-range", "下限大于上限", "its least is above its greatest"),
                )
            if level.range is not None and fields.share is None:
                yield (
                    f"/judged/levels/{index}/range",
                    problem(
                        "no-chosen",
                        "有分档区间，须写明 share（所选得分率的字段）",
                        "a level has a range: say by `share` which field holds what is chosen",
                    ),
                )


DIRECTIONS = {
    "more": Text("越高越好", "more is better"),
    "less": Text("越低越好", "less is better"),
    "equal": Text("等于目标", "equal to the target"),
    "range": Text("在区间内", "within a range"),
}


def target_branches(fields: Stated) -> Iterator[Branch]:
    """What may come of targets of other kinds."""
    for direction in dict.fromkeys(() if fields.direction is None else fields.direction.words.values()):
        said = DIRECTIONS[direction]
        if direction != "more" and not (direction == "less" and fields.less_is_better is not None):
            yield Branch(
                f"{said.en}: met", Text(f"有目标（{said.zh}）完成", f"a target is met ({said.en})"), "/direction"
            )
            yield Branch(
                f"{said.en}: short", Text(f"有目标（{said.zh}）未完成", f"a target is missed ({said.en})"), "/direction"
            )
    if fields.dates is not None:
        yield Branch("on time", Text("有目标按期完成", "something was done on time"), "/dates")
        for index, late in enumerate(fields.dates.late):
            label = Text(f"迟 {late.within} 天以内", f"up to {late.within} days late")
            yield Branch(f"late {late.within}", label, f"/dates/late/{index}")
        yield Branch("too late", Text("迟延，不得分", "too late to earn anything"), "/dates")
    for index, level in enumerate(() if fields.judged is None else fields.judged.levels):
        label = Text(f"有目标评定为：{level.label.zh}", f"a target is judged {level.label.say('en')}")
        yield Branch(f"judged {level.id}", label, f"/judged/levels/{index}")


def target_mutations(method: dict[str, Any], points: Decimal, quantum: Decimal) -> Iterator[Change]:
    """Slips in what is said of directions, dates and levels."""
    for word, direction in method.get("direction", {}).get("words", {}).items():
        other = "less" if direction == "more" else "more"
        at = f"/direction/words/{word.replace('~', '~0').replace('/', '~1')}"
        yield value_change(at, direction, other, "目标的方向", "the direction of a target")
    for index, late in enumerate(method.get("dates", {}).get("late", ())):
        at = f"/dates/late/{index}"
        yield from moved(f"{at}/within", late["within"], Decimal(1), "迟延的天数", "days late", low=Decimal(0))
        yield worth_change(late, at, points, quantum, "迟延的得分", "what it earns when late")
    for index, level in enumerate(method.get("judged", {}).get("levels", ())):
        if "share" in level:
            yield worth_change(
                level, f"/judged/levels/{index}", points, quantum, "该等次得分", "the worth of the level"
            )


def targets_said(fields: Stated, said: Text) -> Text:
    """The criterion with what is said of dates and levels."""
    if fields.dates is not None:
        steps = [
            Text(
                f"迟 {late.within} 天以内得 {percent(late.share)}",
                f"up to {late.within} days late {percent(late.share)}",
            )
            for late in fields.dates.late
        ]
        steps.append(Text("再迟不得分", "later none") if steps else Text("迟延不得分", "late none"))
        said = fill(
            "{said}；有期限的，{steps}",
            "{said}; where there is a date, {steps}",
            said=said,
            steps=joined(steps, "、", ", "),
        )
    if fields.judged is not None:
        levels = [
            fill("{label} {worth}", "{label} {worth}", label=level.label, worth=_level_worth(level))
            for level in fields.judged.levels
        ]
        said = fill(
            "{said}；定性的，{levels}", "{said}; where judged, {levels}", said=said, levels=joined(levels, "、", ", ")
        )
    return said


def _level_worth(level: Level) -> str:
    found = level.worth(ONE)
    return percent(found) if isinstance(found, Fraction) else "–".join(percent(end) for end in found)

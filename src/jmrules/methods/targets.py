"""Targets other than a figure of which more is better: directions that items state, due dates, judged levels; how far each is met."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from jmrules.feel import temporal
from jmrules.frozen import frozen_mapping
from jmrules.methods.shares import indeterminate

if TYPE_CHECKING:
    from collections.abc import Mapping

Direction = Literal["more", "less", "equal", "range"]
_DAY = 86_400 * 10**9
ALL, NOTHING = Fraction(1), Fraction(0)


@frozen(eq=False)
class Targets:
    """The kinds of target that a list may hold; fields by their names in the items, None where there is none."""

    #: what says the direction, and what its words mean
    direction: str | None = None
    words: Mapping[str, Direction] = field(factory=dict, converter=frozen_mapping)
    #: the upper end of a range
    upper: str | None = None
    due: str | None = None
    done: str | None = None
    #: days late that are tolerated, increasing, and what is then earned; beyond them nothing
    late: tuple[tuple[int, Fraction], ...] = ()
    #: what says the judged level
    judged: str | None = None
    #: the share of each level, or the range in which the item's stated share must lie
    levels: Mapping[str, Fraction | tuple[Fraction, Fraction]] = field(factory=dict, converter=frozen_mapping)

    @property
    def fields_read(self) -> tuple[str, ...]:
        """The named fields."""
        named = (self.direction, self.upper, self.due, self.done, self.judged)
        return tuple(name for name in named if name is not None)

    def stated_direction(self, item: Mapping[str, Any]) -> Direction | None:
        """The direction that an item states; None where it states none."""
        said = None if self.direction is None else item[self.direction]
        if said is None:
            return None
        known = self.words.get(said)
        if known is None:
            words = "、".join(self.words)
            raise indeterminate(
                "no-such-direction",
                f"“{said}”不是所列的目标方向（{words}）",
                f"{said!r} is none of the directions: {words.replace('、', ', ')}",
            )
        return known

    def days_late(self, item: Mapping[str, Any]) -> int | None:
        """How many days after its due date an item was done, negative before it; None where it lacks one of the dates."""
        if self.due is None or self.done is None or item[self.due] is None or item[self.done] is None:
            return None
        apart: Any = temporal.subtract(item[self.done], item[self.due])
        return int(apart.nanoseconds // _DAY)

    def level(self, item: Mapping[str, Any]) -> str | None:
        """The level that an item is judged to have; None where it is not judged."""
        return None if self.judged is None else item[self.judged]

    def of_days(self, late: int) -> Fraction:
        """What so many days late earn."""
        return ALL if late <= 0 else next((share for within, share in self.late if late <= within), NOTHING)

    def of_level(self, level: str, stated: Any) -> Fraction:
        """What a level earns; ``stated`` is the item's own share."""
        worth = self.levels.get(level)
        if worth is None:
            known = "、".join(self.levels)
            raise indeterminate(
                "no-such-level",
                f"{level} 不是所列等次（{known}）之一",
                f"{level} is not one of the levels: {known.replace('、', ', ')}",
            )
        if isinstance(worth, Fraction):
            return worth
        if stated is None or not worth[0] <= Fraction(stated) <= worth[1]:
            raise indeterminate(
                "outside-level",
                "所给得分率缺失或不在该等次的范围内",
                "the stated share is lacking, or lies outside the level's range",
            )
        return Fraction(stated)


def reached(direction: Direction, target: Fraction, upper: Fraction | None, actual: Fraction) -> Fraction:
    """How far a figure meets a target of a direction, whatever its sign."""
    if direction == "more":
        return _at_least(target, actual)
    if direction == "less":
        return _at_most(target, actual)
    top = target if direction == "equal" else upper
    if top is None or top < target:
        raise indeterminate(
            "no-range", "区间目标缺少上限，或上限低于下限", "a range lacks its upper end, or ends before it starts"
        )
    return min(_at_least(target, actual), _at_most(top, actual))


def _at_least(target: Fraction, actual: Fraction) -> Fraction:
    if actual >= target:
        return ALL
    if target > 0:
        return max(NOTHING, actual / target)
    return target / actual if target else NOTHING


def _at_most(target: Fraction, actual: Fraction) -> Fraction:
    if actual <= target:
        return ALL
    if target > 0:
        return target / actual
    return actual / target if target and actual < 0 else NOTHING

"""The scoring methods as data: what the ruleset document says of each, nothing computed yet."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from attrs import frozen

from jmrules.errors import Text


@frozen
class Worth:
    """What something earns: a share of the leaf's points, or points of its own. Exactly one is given."""

    share: Decimal | None = None
    points: Decimal | None = None


@frozen
class Ratio:
    """按比例计分: linear from ``zero_at`` to ``full_at``, bounded."""

    value: str
    full_at: Decimal = Decimal(1)
    zero_at: Decimal = Decimal(0)


@frozen
class OverAchievement:
    """An item whose target was set too low: its deviation beyond ``tolerance`` is taken off."""

    #: item field (boolean) that says so
    when: str
    tolerance: Decimal = Decimal(0)


@frozen
class Completion:
    """指标完成率: mean completion of a list of targets. Names are fields of the list's items."""

    items: str
    target: str = "target"
    actual: str = "actual"
    share: str | None = None
    less_is_better: str | None = None
    weight: str | None = None
    points: str | None = None
    over_achievement: OverAchievement | None = None
    item_rounding: int | None = None


@frozen
class Band:
    """One band: the values ``tests`` allows earn ``worth``."""

    tests: str
    worth: Worth
    label: Text | None = None


@frozen
class Otherwise:
    """What a value outside every band earns."""

    worth: Worth
    label: Text | None = None


@frozen
class Bands:
    """分档计分."""

    value: str
    bands: tuple[Band, ...]
    otherwise: Otherwise | None = None


@frozen
class Steps:
    """每超过一步扣分，扣完为止: points lost per step beyond a bound."""

    value: str
    bound: Decimal
    direction: Literal["above", "below"]
    step: Decimal
    loss: Decimal
    partial: Literal["ignore", "full", "proportional"]


@frozen
class Deduction:
    """A kind of problem: each one counted costs ``loss`` points, or all that is left."""

    id: str
    label: Text
    count: str
    loss: Decimal | Literal["all"]
    at_most: Decimal | None = None


@frozen
class Deductions:
    """每发现一处扣分，扣完为止: in list order."""

    items: tuple[Deduction, ...]


@frozen
class Check:
    """An element that earns ``worth`` when its condition is met."""

    id: str
    label: Text
    when: str
    worth: Worth


@frozen
class Checklist:
    """要素计分."""

    items: tuple[Check, ...]


@frozen
class Level:
    """A judged level: a share, or the range in which a share is chosen."""

    id: str
    label: Text
    share: Decimal | None = None
    range: tuple[Decimal, Decimal] | None = None


@frozen
class Levels:
    """定性分档."""

    level: str
    levels: tuple[Level, ...]
    chosen: str | None = None


@frozen
class Knot:
    """A point of a piecewise linear function."""

    at: Decimal
    worth: Worth


@frozen
class Interpolate:
    """线性插值: level beyond the first and the last knot."""

    value: str
    knots: tuple[Knot, ...]


@frozen
class Formula:
    """公式: a FEEL number of points."""

    points: str


Method = Ratio | Completion | Bands | Steps | Deductions | Checklist | Levels | Interpolate | Formula

KINDS: dict[str, type[Method]] = {
    "ratio": Ratio,
    "completion": Completion,
    "bands": Bands,
    "steps": Steps,
    "deductions": Deductions,
    "checklist": Checklist,
    "levels": Levels,
    "interpolate": Interpolate,
    "formula": Formula,
}


def kind_of(method: Method) -> str:
    """The document's name for the kind of ``method``."""
    return next(kind for kind, cls in KINDS.items() if isinstance(method, cls))

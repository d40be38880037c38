"""What a batch comes to: the distribution of totals, award rates, where points are lost, and the ends of the ranking."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.batch.chunks import ENDS, Tally
from jmrules.documents import in_json, tell
from jmrules.frozen import frozen_mapping
from jmrules.plan import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.errors import Text
    from jmrules.ruleset import Ruleset

_QUANTILES = (("least", 0), ("p10", 10), ("p25", 25), ("median", 50), ("p75", 75), ("p90", 90), ("greatest", 100))


@frozen
class IndicatorLine:
    """What an indicator came to over all departments."""

    id: str
    label: Text
    #: mean points on the sheet, mean award, award / points; None where nothing was on the sheet
    points: Decimal
    awarded: Decimal
    rate: Decimal | None
    #: part of all the points lost
    share_of_losses: Decimal


@frozen
class Place:
    """A department in the ranking."""

    rank: int
    total: Decimal
    row: int
    key: str | None


@frozen
class Summary:
    """The summary of a batch; numbers are rounded for readers."""

    scored: int
    rejected: int
    mean: Decimal | None
    #: name of the quantile -> the total of the department that stands there (the lower of two)
    quantiles: Mapping[str, Decimal] = field(converter=frozen_mapping)
    #: grade -> departments, best grade first
    grades: tuple[tuple[str, Text, int], ...]
    #: those that lose most first
    indicators: tuple[IndicatorLine, ...]
    best: tuple[Place, ...]
    worst: tuple[Place, ...]

    def to_json(self) -> str:
        """The summary as a JSON document; points as numbers."""
        # a double holds the few digits of these numbers, and prints them again
        return json.dumps(in_json(self), ensure_ascii=False, indent=2, default=float)


def merged(tallies: Iterable[Tally], leaves: int) -> Tally:
    """Several tallies as one."""
    scored = rejected = 0
    totals: Counter[int] = Counter()
    grades: Counter[int] = Counter()
    awarded, points = [0] * leaves, [0] * leaves
    best: list[Any] = []
    worst: list[Any] = []
    for tally in tallies:
        scored, rejected = scored + tally.scored, rejected + tally.rejected
        totals += tally.totals
        grades += tally.grades
        awarded = [one + other for one, other in zip(awarded, tally.awarded, strict=True)]
        points = [one + other for one, other in zip(points, tally.points, strict=True)]
        best = sorted([*best, *tally.best], key=lambda each: (-each[0], each[1]))[:ENDS]
        worst = sorted([*worst, *tally.worst], key=lambda each: (each[0], each[1]))[:ENDS]
    return Tally(scored, rejected, totals, grades, tuple(awarded), tuple(points), tuple(best), tuple(worst))


def summarise(ruleset: Ruleset, tally: Tally) -> Summary:
    """The summary of a tally."""
    plan = plan_of(ruleset)
    digits = ruleset.rounding.total
    ranks = ranks_of(tally.totals)

    def total(units: int) -> Decimal:
        return Decimal(units).scaleb(-digits)

    def places(ends: tuple[tuple[int, int, str | None], ...]) -> tuple[Place, ...]:
        return tuple(Place(ranks[units], total(units), row, key) for units, row, key in ends)

    lost = [points - awarded for points, awarded in zip(tally.points, tally.awarded, strict=True)]
    lines = [
        _line(leaf.leaf.id, leaf.leaf.label, tally, leaf.index, ruleset.rounding.leaf, sum(lost))
        for leaf in plan.leaves
    ]
    order = sorted(range(len(lines)), key=lambda index: (-lost[index], index))
    sums = sum(units * count for units, count in tally.totals.items())
    return Summary(
        scored=tally.scored,
        rejected=tally.rejected,
        mean=_rounded(Fraction(sums, tally.scored * 10**digits), 2) if tally.scored else None,
        quantiles={name: total(_quantile(tally.totals, percent)) for name, percent in _QUANTILES}
        if tally.scored
        else {},
        grades=tuple((grade.id, grade.label, tally.grades[code]) for code, grade in enumerate(ruleset.grades)),
        indicators=tuple(lines[index] for index in order),
        best=places(tally.best),
        worst=places(tally.worst),
    )


def ranks_of(totals: Counter[int]) -> dict[int, int]:
    """Rank of each total: 1 + how many departments have a higher one."""
    ranks: dict[int, int] = {}
    above = 0
    for units in sorted(totals, reverse=True):
        ranks[units] = above + 1
        above += totals[units]
    return ranks


def _quantile(totals: Counter[int], percent: int) -> int:
    """The total at or below which ``percent`` of the departments are, the least that is so."""
    wanted = max(1, -(-sum(totals.values()) * percent // 100))
    reached = 0
    for units in sorted(totals):
        reached += totals[units]
        if reached >= wanted:
            return units
    raise AssertionError("no department")


def _line(id: str, label: Text, tally: Tally, index: int, digits: int, all_lost: int) -> IndicatorLine:
    points, awarded = tally.points[index], tally.awarded[index]
    count = max(1, tally.scored) * 10**digits
    return IndicatorLine(
        id,
        label,
        _rounded(Fraction(points, count), 2),
        _rounded(Fraction(awarded, count), 2),
        _rounded(Fraction(awarded, points), 4) if points else None,
        _rounded(Fraction(points - awarded, all_lost), 4) if all_lost else Decimal(0),
    )


def _rounded(value: Fraction, digits: int) -> Decimal:
    """To ``digits`` decimals, half up."""
    scaled = value * 10**digits
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-digits)


tell(Place, "rank", "total", "row", "key")
tell(IndicatorLine, "id", "label", "points", "awarded", "rate", "share_of_losses")
tell(
    Summary,
    "scored",
    "rejected",
    ("total", lambda summary: {"mean": summary.mean, **summary.quantiles}),
    (
        "grades",
        lambda summary: [{"id": id, "label": label, "departments": count} for id, label, count in summary.grades],
    ),
    "indicators",
    "best",
    "worst",
)

"""Where the change of a score comes from, indicator by indicator.

A leaf's award is share x points on the sheet, rounded. Points on the sheet are those stated and those moved in or out. The change of a
product is split evenly (Shapley's split): what the new criterion does at the mean of old and new points, what new points do at the mean
of old and new shares. Exact fractions, so that the parts add up to the change without remainder.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.errors import Text
    from jmrules.evaluation import Evaluation

#: where a change of points comes from
CAUSES = ("criterion", "points", "moved", "added", "removed", "rounding")


@frozen
class Attribution:
    """What one indicator contributes to the change of a total; the parts add up to ``change``."""

    id: str
    label: Text
    change: Decimal
    #: another share of the points is earned: the criterion, or what it reads, differs
    criterion: Fraction = Fraction(0)
    #: the notice gives the indicator other points
    points: Fraction = Fraction(0)
    #: other points came from, or went to, indicators that do not apply
    moved: Fraction = Fraction(0)
    #: the indicator is new
    added: Fraction = Fraction(0)
    #: the indicator is no longer there
    removed: Fraction = Fraction(0)
    rounding: Fraction = Fraction(0)
    #: the parts are rounded to this, and still add up; None: they are exact. Only sums over a table are rounded.
    within: Decimal | None = None

    @classmethod
    def of(
        cls, id: str, label: Text, change: Decimal, parts: Mapping[str, Fraction], within: Decimal | None = None
    ) -> Attribution:
        """A contribution with these parts by cause."""
        of = {cause: parts.get(cause, Fraction(0)) for cause in CAUSES}
        return cls(
            id, label, change, of["criterion"], of["points"], of["moved"], of["added"], of["removed"], of["rounding"],
            within,
        )  # fmt: skip

    @property
    def parts(self) -> dict[str, Fraction]:
        """The parts that are not nothing, by cause."""
        return {cause: part for cause in CAUSES if (part := getattr(self, cause))}


@frozen
class _Scored:
    """A leaf on one sheet."""

    label: Text = field(eq=False)
    #: stated points, points on the sheet and award, in quanta
    stated: int
    on_sheet: int
    awarded: int
    #: what a quantum is, as a power of ten below 1
    digits: int
    #: numerator and denominator
    share: tuple[int, int]
    excluded: bool

    def points(self, quanta: int) -> Fraction:
        """Quanta in points."""
        return Fraction(quanta, 10**self.digits)

    @property
    def award(self) -> Decimal:
        """The award in points."""
        return Decimal(self.awarded).scaleb(-self.digits)


def _leaves(evaluation: Evaluation) -> dict[str, _Scored]:
    plan, outcome = evaluation.plan, evaluation.outcome
    digits = plan.ruleset.rounding.leaf
    found = {}
    for planned in plan.leaves:
        index, leaf = planned.index, planned.leaf
        # What counts of a penalty is what it takes off.
        penalty, (top, bottom) = leaf.effect == "penalty", outcome.shares[index]
        found[leaf.id] = _Scored(
            leaf.label,
            planned.quanta,
            outcome.allocation.quanta[index],
            outcome.awards[index] - (planned.quanta if penalty else 0),
            digits,
            (top - bottom, bottom) if penalty else (top, bottom),
            outcome.applies[index] is False and planned.leaves_the_sheet,
        )
    return found


def attributions(old: Evaluation, new: Evaluation) -> Iterable[Attribution]:
    """What each indicator contributes to the change between two scores of one department, where it contributes anything."""
    before, after = _leaves(old), _leaves(new)
    for id in dict.fromkeys((*before, *after)):
        one, other = before.get(id), after.get(id)
        if one is None:
            assert other is not None
            made = Attribution(id, other.label, other.award, added=Fraction(other.award))
        elif other is None:
            made = Attribution(id, one.label, -one.award, removed=-Fraction(one.award))
        elif one == other:
            continue
        else:
            made = _attribution(id, one, other)
        if made.parts:
            yield made


def _attribution(id: str, one: _Scored, other: _Scored) -> Attribution:
    # A leaf that is off the sheet earns no share of anything: what it would earn says nothing about its criterion.
    own = Fraction(*one.share), Fraction(*other.share)
    shares = (own[1] if one.excluded else own[0], own[0] if other.excluded else own[1])
    stated, on_sheet = ([each.points(getattr(each, name)) for each in (one, other)] for name in ("stated", "on_sheet"))
    mean_share = (shares[0] + shares[1]) / 2
    moved = (on_sheet[1] - stated[1]) - (on_sheet[0] - stated[0])
    rounded = [each.points(each.awarded) - shares[at] * on_sheet[at] for at, each in enumerate((one, other))]
    return Attribution(
        id,
        other.label,
        other.award - one.award,
        criterion=(shares[1] - shares[0]) * (on_sheet[0] + on_sheet[1]) / 2,
        points=mean_share * (stated[1] - stated[0]),
        moved=mean_share * moved,
        rounding=rounded[1] - rounded[0],
    )

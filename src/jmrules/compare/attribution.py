"""Where the change of a score comes from, indicator by indicator.

A leaf's award is share x points on the sheet, rounded. Points on the sheet are those stated and those moved in or out. The change of a
product is split evenly (Shapley's split): what the new criterion does at the mean of old and new points, what new points do at the mean
of old and new shares. Exact fractions, so that the parts add up to the change without remainder.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.backends.exact.result import Evaluation
    from jmrules.errors import Text

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

    label: Text
    stated: Fraction
    on_sheet: Fraction
    share: Fraction
    awarded: Decimal
    excluded: bool


def _leaves(evaluation: Evaluation) -> dict[str, _Scored]:
    plan, outcome = evaluation.plan, evaluation.outcome
    digits = plan.ruleset.rounding.leaf
    quantum = Fraction(1, 10**digits)
    found = {}
    for planned in plan.leaves:
        index, leaf = planned.index, planned.leaf
        applies = leaf.applies
        found[leaf.id] = _Scored(
            leaf.label,
            planned.quanta * quantum,
            outcome.allocation.quanta[index] * quantum,
            Fraction(*outcome.shares[index]),
            Decimal(outcome.awards[index]).scaleb(-digits),
            outcome.applies[index] is False and applies is not None and applies.otherwise == "exclude",
        )
    return found


def attributions(old: Evaluation, new: Evaluation) -> Iterable[Attribution]:
    """What each indicator contributes to the change between two scores of one department, where it contributes anything."""
    before, after = _leaves(old), _leaves(new)
    for id in dict.fromkeys((*before, *after)):
        one, other = before.get(id), after.get(id)
        if one is None:
            assert other is not None
            made = Attribution(id, other.label, other.awarded, added=Fraction(other.awarded))
        elif other is None:
            made = Attribution(id, one.label, -one.awarded, removed=-Fraction(one.awarded))
        else:
            made = _attribution(id, one, other)
        if made.parts:
            yield made


def _attribution(id: str, one: _Scored, other: _Scored) -> Attribution:
    # A leaf that is off the sheet earns no share of anything: what it would earn says nothing about its criterion.
    shares = (other.share if one.excluded else one.share, one.share if other.excluded else other.share)
    mean_share = (shares[0] + shares[1]) / 2
    mean_points = (one.on_sheet + other.on_sheet) / 2
    moved = (other.on_sheet - other.stated) - (one.on_sheet - one.stated)
    rounded = [Fraction(each.awarded) - share * each.on_sheet for each, share in zip((one, other), shares, strict=True)]
    return Attribution(
        id,
        other.label,
        other.awarded - one.awarded,
        criterion=(shares[1] - shares[0]) * mean_points,
        points=mean_share * (other.stated - one.stated),
        moved=mean_share * moved,
        rounding=rounded[1] - rounded[0],
    )

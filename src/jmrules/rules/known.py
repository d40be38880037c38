"""What signals read of any score: facts, derived values, scores and the result.

More can be read where more is known; whoever knows it says how it is made (see ``findings.known``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.feel import divide
from jmrules.ruleset import SCORES
from jmrules.ruleset.rule_texts import RESULT
from jmrules.score.exact import Poison, slots_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.feel import Number
    from jmrules.score.exact import Scored


class Known(Mapping[str, Any]):
    """The names that signals use, each made when it is first read; reading what is undefined raises its error."""

    def __init__(self, scored: Scored, more: Mapping[str, Callable[[], Any]] | None = None) -> None:
        self._scored, self._slots = scored, slots_of(scored.outcome)
        self._made: dict[str, Any] = {}
        self._makers: dict[str, Callable[[], Any]] = {SCORES: self._scores, RESULT: self._result, **(more or {})}

    def __getitem__(self, name: str) -> Any:
        plan = self._scored.plan
        if name in plan.slots:
            value = self._slots[plan.slots[name]]
            if isinstance(value, Poison):
                raise value.error
            return value
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._scored.plan.slots or name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter((*self._scored.plan.slots, *self._makers))

    def __len__(self) -> int:
        return len(self._scored.plan.slots) + len(self._makers)

    def _scores(self) -> dict[str, dict[str, Number | None]]:
        plan, outcome = self._scored.plan, self._scored.outcome
        quanta, awards = outcome.allocation.quanta, outcome.awards
        digits = -plan.ruleset.rounding.leaf

        def score(leaves: Sequence[int]) -> dict[str, Number | None]:
            points = Decimal(sum(quanta[index] for index in leaves)).scaleb(digits)
            awarded = Decimal(sum(awards[index] for index in leaves)).scaleb(digits)
            return {"points": points, "awarded": awarded, "rate": divide(awarded, points) if points else None}

        found = {leaf.leaf.id: score((leaf.index,)) for leaf in plan.leaves}
        return found | {id: score(group.leaves) for id, group in plan.groups.items()}

    def _result(self) -> dict[str, Any]:
        scored = self._scored
        return {
            "total": scored.total,
            "grade": scored.grade.id,
            "fiscal_year": Decimal(scored.plan.ruleset.fiscal_year),
        }

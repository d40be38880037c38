"""What signals read: facts, derived values and scores, and beside them claims, the result, its history and the sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.facts.model import Facts
from jmrules.feel.numbers import divide
from jmrules.quantities import quantity
from jmrules.ruleset.expressions import SCORES
from jmrules.ruleset.rule_texts import BOUNDS, CHECKS, CLAIMS, EXTRA, HISTORY, RESULT, SHEET
from jmrules.score.exact.read import Poison

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jmrules.crossfoot.results import CheckResult, Side
    from jmrules.errors import Language
    from jmrules.feel import Number
    from jmrules.plan.model import Plan
    from jmrules.ruleset.model import Grade
    from jmrules.trace.model import LeafTrace


@frozen(eq=False)
class Scored:
    """A score before caps, flat."""

    plan: Plan
    facts: Facts | Mapping[str, Any]
    slots: Sequence[Any]
    #: points and awards of each leaf, in quanta
    quanta: Sequence[int]
    awards: Sequence[int]
    total: Decimal
    grade: Grade


class Known(Mapping[str, Any]):
    """The names that signals use, each made when it is first read; reading what is undefined raises its error."""

    def __init__(self, scored: Scored, leaves: tuple[LeafTrace, ...] = ()) -> None:
        self._scored, self._leaves = scored, leaves
        self._made: dict[str, Any] = {}
        self._makers: dict[str, Callable[[], Any]] = {
            SCORES: self._scores,
            CLAIMS: self._claims,
            RESULT: self._result,
            HISTORY: self._history,
            SHEET: self._sheet,
            BOUNDS: self._bounds,
            CHECKS: self._checks,
        }

    def __getitem__(self, name: str) -> Any:
        plan = self._scored.plan
        if name in plan.slots:
            value = self._scored.slots[plan.slots[name]]
            if isinstance(value, Poison):
                raise value.error
            return value
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._scored.plan.slots or name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter((*self._scored.plan.slots, SCORES, *EXTRA))

    def __len__(self) -> int:
        return len(self._scored.plan.slots) + len(self._makers)

    def _scores(self) -> dict[str, dict[str, Number | None]]:
        plan, quanta, awards = self._scored.plan, self._scored.quanta, self._scored.awards
        digits = -plan.ruleset.rounding.leaf

        def score(leaves: Sequence[int]) -> dict[str, Number | None]:
            points = Decimal(sum(quanta[index] for index in leaves)).scaleb(digits)
            awarded = Decimal(sum(awards[index] for index in leaves)).scaleb(digits)
            return {"points": points, "awarded": awarded, "rate": divide(awarded, points) if points else None}

        found = {leaf.leaf.id: score((leaf.index,)) for leaf in plan.leaves}
        return found | {id: score(group.leaves) for id, group in plan.groups.items()}

    def _grade_id(self, named: str | None) -> str | None:
        """The id of a grade that a document names by its id or label; other words as they are."""
        for grade in self._scored.plan.ruleset.grades:
            if named in (grade.id, grade.label.zh, grade.label.en):
                return grade.id
        return named

    def _result(self) -> dict[str, Any]:
        scored = self._scored
        return {
            "total": scored.total,
            "grade": scored.grade.id,
            "fiscal_year": Decimal(scored.plan.ruleset.fiscal_year),
        }

    def _claims(self) -> dict[str, Any]:
        plan, facts = self._scored.plan, self._scored.facts
        claims = facts.claims if isinstance(facts, Facts) else None
        stated = claims.indicators if claims else {}
        ids = [leaf.leaf.id for leaf in plan.leaves] + list(plan.groups)
        return {
            "total": claims.total if claims else None,
            "grade": self._grade_id(claims.grade) if claims else None,
            "indicators": {id: stated.get(id) for id in ids},
        }

    def _history(self) -> list[dict[str, Any]]:
        facts = self._scored.facts
        entries = facts.source.value.get("history", []) if isinstance(facts, Facts) else []
        return [
            {
                "fiscal_year": Decimal(entry["fiscal_year"]),
                "stage": entry.get("stage"),
                "total": None if entry.get("total") is None else Decimal(entry["total"]),
                "grade": self._grade_id(entry.get("grade")),
                "note": entry.get("note"),
            }
            for entry in entries
        ]

    def _bounds(self) -> dict[str, Any]:
        from jmrules.rules.bounds.evaluate import bounds

        found = bounds(self._scored.plan.ruleset, self._scored.facts, trust="figure")
        return {
            "total": {"low": found.low, "high": found.high},
            "indicators": {node.id: {"low": node.low, "high": node.high} for _, node in found.root.walk()},
        }

    def _checks(self) -> list[dict[str, Any]]:
        # The room of reviews is below this one; its cross-footing reads the facts alone.
        from jmrules.crossfoot.crossfoot import cross_foot

        declared = {check.id for check in self._scored.plan.ruleset.checks}
        return [
            {
                "id": check.id,
                "declared": check.id in declared,
                "kind": check.kind,
                "label": check.label.zh,
                "label_en": check.label.say("en"),
                "item": check.item,
                "status": check.status,
                "stated": _side(check, check.stated, "zh"),
                "stated_en": _side(check, check.stated, "en"),
                "computed": _side(check, check.computed, "zh"),
                "computed_en": _side(check, check.computed, "en"),
            }
            for check in cross_foot(self._scored.plan.ruleset, self._scored.facts)
        ]

    def _sheet(self) -> list[dict[str, Any]]:
        claimed = self["claims"]["indicators"]
        return [
            {
                "id": leaf.id,
                "label": leaf.label.zh,
                "label_en": leaf.label.say("en"),
                "points": leaf.points,
                "awarded": leaf.awarded,
                "rate": leaf.rate,
                "claimed": claimed[leaf.id],
                "basis": leaf.basis,
                "lacking": Decimal(sum(check.status != "given" for check in leaf.evidence)),
                "outcome": leaf.outcome,
            }
            for leaf in self._leaves
        ]


def _side(check: CheckResult, side: Side | None, language: Language) -> str | None:
    """A figure of a check, in words."""
    if side is None:
        return None
    if side.value is None:
        return side.label.say(language)
    # A year is a name rather than a quantity.
    value = str(side.value) if check.kind == "year" else quantity(side.value, side.unit, None, language)
    return f"{side.label.say(language)} {value}"

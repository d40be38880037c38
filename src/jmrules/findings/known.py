"""What the findings of a score read beside it: claims, history, the sheet, bounds on figures alone, cross-footing."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.crossfoot import asked, cross_foot, said, side_in_words
from jmrules.facts import Facts
from jmrules.feel import CONTEXT
from jmrules.findings.doubts import of_score
from jmrules.findings.later import Later
from jmrules.rules import Known
from jmrules.rules.bounds import bounds
from jmrules.ruleset import indicators, leaves_below
from jmrules.ruleset.rule_texts import BOUNDS, CHECKS, CLAIMS, DOUBTS, DOUBTS_MEMBERS, HISTORY, SHEET

if TYPE_CHECKING:
    from jmrules.crossfoot import Matter, Side
    from jmrules.errors import Text
    from jmrules.findings.doubts import Doubts, Judged
    from jmrules.score.exact import Scored
    from jmrules.trace import LeafTrace


def known_of(scored: Scored, leaves: tuple[LeafTrace, ...]) -> Known:
    """All that signals can read of a score before limits, whose leaves are these."""
    beside = _Beside(scored, leaves)
    return Known(
        scored,
        {
            CLAIMS: beside.claims,
            HISTORY: beside.history,
            SHEET: beside.sheet,
            DOUBTS: beside.doubts,
            BOUNDS: beside.bounds,
            CHECKS: beside.checks,
        },
    )


@frozen(eq=False)
class _Beside:
    """What stands beside a score."""

    scored: Scored
    leaves: tuple[LeafTrace, ...]

    def grade_id(self, named: str | None) -> str | None:
        """The id of a grade that a document names by its id or label; other words as they are."""
        for grade in self.scored.plan.ruleset.grades:
            if named in (grade.id, grade.label.zh, grade.label.en):
                return grade.id
        return named

    def claims(self) -> dict[str, Any]:
        plan, facts = self.scored.plan, self.scored.facts
        claims = facts.claims if isinstance(facts, Facts) else None
        stated = claims.indicators if claims else {}
        ids = [leaf.leaf.id for leaf in plan.leaves] + list(plan.groups)
        return {
            "total": claims.total if claims else None,
            "grade": self.grade_id(claims.grade) if claims else None,
            "indicators": {id: stated.get(id) for id in ids},
        }

    def history(self) -> list[dict[str, Any]]:
        facts = self.scored.facts
        entries = facts.source.value.get("history", []) if isinstance(facts, Facts) else []
        return [
            {
                "fiscal_year": Decimal(entry["fiscal_year"]),
                "stage": entry.get("stage"),
                "total": None if entry.get("total") is None else Decimal(entry["total"]),
                "grade": self.grade_id(entry.get("grade")),
                "note": entry.get("note"),
            }
            for entry in entries
        ]

    def bounds(self) -> dict[str, Any]:
        found = bounds(self.scored.plan.ruleset, self.scored.facts, trust="figure")
        return {
            "total": {"low": found.low, "high": found.high},
            "indicators": {node.id: {"low": node.low, "high": node.high} for _, node in found.root.walk()},
        }

    def checks(self) -> list[dict[str, Any]]:
        declared = {check.id for check in self.scored.plan.ruleset.checks}
        return [
            Later(
                {
                    "id": matter.id,
                    "declared": matter.id in declared,
                    "kind": matter.kind,
                    "label": matter.label.zh,
                    "label_en": matter.label.say("en"),
                    "item": matter.item,
                    "status": matter.status,
                    "doubtful": bool(matter.doubted),
                },
                _WORDS,
                partial(_words, matter),
            )
            for matter in self.crossfooted
        ]

    @cached_property
    def crossfooted(self) -> tuple[Matter, ...]:
        """The figures against each other."""
        return cross_foot(self.scored.plan.ruleset, self.scored.facts, self.scored)

    @cached_property
    def counted(self) -> Doubts:
        """What is doubtful, counted."""
        scored = self.scored
        return of_score(scored.plan.ruleset, scored.facts, self.leaves, scored.total, self.crossfooted)

    def doubts(self) -> dict[str, Decimal]:
        return {name: getattr(self.counted, name) for name in DOUBTS_MEMBERS}

    def sheet(self) -> list[dict[str, Any]]:
        by_id = {leaf.id: leaf for leaf in self.leaves}
        ruleset = self.scored.plan.ruleset
        below = leaves_below(ruleset)
        parts = {node.id: [by_id[id] for id in below[node.id]] for node in indicators(ruleset.indicators)}
        return [_row(node, parts[node.id]) for node in self.counted.indicators]


#: what is told of a matter in words, which few rules read
_WORDS = tuple(f"{name}{language}" for name in ("stated", "computed", "said", "ask") for language in ("", "_en"))


def _words(matter: Matter) -> dict[str, str | None]:
    return {
        **_in_words("stated", _side(matter, matter.stated)),
        **_in_words("computed", _side(matter, matter.computed)),
        **_in_words("said", said(matter)),
        **_in_words("ask", asked(matter)),
    }


def _row(node: Judged, parts: list[LeafTrace]) -> dict[str, Any]:
    """An indicator as the notice counts it, whose points these leaves hold."""
    outcomes = {leaf.outcome for leaf in parts}
    awarded = node.earned[0]
    return {
        "id": node.id,
        "label": node.label.zh,
        "label_en": node.label.say("en"),
        "points": node.points,
        "awarded": awarded,
        "rate": CONTEXT.divide(awarded, node.points) if node.points else None,
        "claimed": node.compared,
        "basis": node.basis,
        "on_assertion": node.on_assertion,
        "in_doubt": node.in_doubt,
        "lacking": Decimal(sum(check.status != "given" for leaf in parts for check in leaf.evidence)),
        "outcome": outcomes.pop() if len(outcomes) == 1 else "scored",
    }


def _side(matter: Matter, side: Side | None) -> Text | None:
    """A figure of a matter, in words."""
    return None if side is None else side_in_words(side, year=matter.kind == "year", places=False)


def _in_words(name: str, text: Text | None) -> dict[str, str | None]:
    return {name: None if text is None else text.zh, f"{name}_en": None if text is None else text.say("en")}

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
    from collections.abc import Iterable, Mapping

    from jmrules.crossfoot import Matter, Side
    from jmrules.errors import Text
    from jmrules.findings.doubts import Doubts, Judged
    from jmrules.plan import Plan
    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import Ruleset
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

    def claims(self) -> dict[str, Any]:
        return claims_of(self.scored.plan, self.scored.facts)

    def history(self) -> list[dict[str, Any]]:
        return history_of(self.scored.plan.ruleset, self.scored.facts)

    def bounds(self) -> dict[str, Any]:
        return bounds_of(bounds(self.scored.plan.ruleset, self.scored.facts, trust="figure"))

    def checks(self) -> list[dict[str, Any]]:
        return checks_of(self.scored.plan.ruleset, self.crossfooted)

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
        return doubts_of(self.counted)

    def sheet(self) -> list[dict[str, Any]]:
        by_id = {leaf.id: leaf for leaf in self.leaves}
        ruleset = self.scored.plan.ruleset
        below = leaves_below(ruleset)
        parts = {node.id: [by_id[id] for id in below[node.id]] for node in indicators(ruleset.indicators)}
        return [_row(node, parts[node.id]) for node in self.counted.indicators]


def claims_of(plan: Plan, facts: Facts | Mapping[str, Any]) -> dict[str, Any]:
    """What the department says that it scored; null where it does not say."""
    claims = facts.claims if isinstance(facts, Facts) else None
    stated = claims.indicators if claims else {}
    ids = [leaf.leaf.id for leaf in plan.leaves] + list(plan.groups)
    return {
        "total": claims.total if claims else None,
        "grade": _grade_id(plan.ruleset, claims.grade) if claims else None,
        "indicators": {id: stated.get(id) for id in ids},
    }


def history_of(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> list[dict[str, Any]]:
    """Earlier reviewed results."""
    entries = facts.source.value.get("history", []) if isinstance(facts, Facts) else []
    return [
        {
            "fiscal_year": Decimal(entry["fiscal_year"]),
            "stage": entry.get("stage"),
            "total": None if entry.get("total") is None else Decimal(entry["total"]),
            "grade": _grade_id(ruleset, entry.get("grade")),
            "note": entry.get("note"),
        }
        for entry in entries
    ]


def _grade_id(ruleset: Ruleset, named: str | None) -> str | None:
    """The id of a grade that a document names by its id or label; other words as they are."""
    for grade in ruleset.grades:
        if named in (grade.id, grade.label.zh, grade.label.en):
            return grade.id
    return named


def bounds_of(figures: Bounds) -> dict[str, Any]:
    """What figures alone support, at least and at most."""
    return {
        "total": {"low": figures.low, "high": figures.high},
        "indicators": {node.id: {"low": node.low, "high": node.high} for _, node in figures.root.walk()},
    }


def doubts_of(counted: Doubts) -> dict[str, Decimal]:
    """What is doubtful, counted."""
    return {name: getattr(counted, name) for name in DOUBTS_MEMBERS}


def checks_of(ruleset: Ruleset, matters: Iterable[Matter]) -> list[dict[str, Any]]:
    """How the figures stand to each other, with the words for it, which wait until they are read."""
    declared = {check.id for check in ruleset.checks}
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
        for matter in matters
    ]


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
    awarded = node.earned[0]
    return {
        **row_of(node),
        "points": node.points,
        "awarded": awarded,
        "rate": CONTEXT.divide(awarded, node.points) if node.points else None,
        "lacking": lacking_of(parts),
        "outcome": outcome_of(parts),
    }


def row_of(node: Judged) -> dict[str, Any]:
    """What is told of an indicator whatever it earns."""
    return {
        "id": node.id,
        "label": node.label.zh,
        "label_en": node.label.say("en"),
        "claimed": node.compared,
        "basis": node.basis,
        "on_assertion": node.on_assertion,
        "in_doubt": node.in_doubt,
    }


def lacking_of(parts: Iterable[LeafTrace]) -> Decimal:
    """How many of the documents are not given on which these leaves must rest."""
    return Decimal(sum(check.status != "given" for leaf in parts for check in leaf.evidence))


def outcome_of(parts: Iterable[LeafTrace]) -> str:
    """How an indicator whose points these leaves hold came to its points."""
    outcomes = {leaf.outcome for leaf in parts}
    return outcomes.pop() if len(outcomes) == 1 else "scored"


def _side(matter: Matter, side: Side | None) -> Text | None:
    """A figure of a matter, in words."""
    return None if side is None else side_in_words(side, year=matter.kind == "year", places=False)


def _in_words(name: str, text: Text | None) -> dict[str, str | None]:
    return {name: None if text is None else text.zh, f"{name}_en": None if text is None else text.say("en")}

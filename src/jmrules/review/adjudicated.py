"""A reviewed department: what it claimed, what its facts earn, what the review awards; and that as a JSON document."""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.brief import brief
from jmrules.documents import in_json, pretty, tell
from jmrules.evaluation import evaluate
from jmrules.frozen import frozen_mapping, frozen_value
from jmrules.ruleset import walk
from jmrules.trace import trace_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.errors import Text
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.review.adjudication import Adjudication, Change, Stage, StageName
    from jmrules.ruleset import Grade, Ruleset


@frozen(eq=False)
class Score:
    """A score by node: what each stage comes to."""

    evaluation: Evaluation = field(repr=False)
    #: by indicator, leaves and groups
    awards: Mapping[str, Decimal] = field(converter=frozen_mapping)

    @property
    def total(self) -> Decimal:
        """The total, as rules limit it."""
        return self.evaluation.total

    @property
    def grade(self) -> Grade:
        """The grade of the total."""
        return self.evaluation.grade


@frozen
class Decided:
    """One decision, with what stood there before, and its effect when it is applied after those before it."""

    change: Change
    label: Text
    #: in JSON's terms: of a fact, as the department gave it; of an award, what the facts earned then
    before: Any = field(converter=frozen_value)
    after: Any = field(converter=frozen_value)
    #: how the total, and each indicator that changes, moves; None where there was no score before
    effect: Decimal | None
    effects: Mapping[str, Decimal] = field(converter=frozen_mapping)
    #: whether the stage that decided it has signed off
    signed: bool


@frozen
class StageScore:
    """What the sheet comes to with every decision up to a stage."""

    stage: StageName
    total: Decimal | None
    grade: str | None
    signed: Stage | None = None


@frozen(eq=False)
class Adjudicated:
    """A reviewed department: what it claimed, what its facts earn, what the review awards."""

    ruleset: Ruleset = field(repr=False)
    facts: Facts = field(repr=False)
    adjudication: Adjudication = field(repr=False)
    #: None where the facts as given have no score
    computed: Score | None
    reviewed: Score
    #: the facts after review
    reviewed_facts: Facts = field(repr=False)
    decisions: tuple[Decided, ...]
    stages: tuple[StageScore, ...]
    #: last year's reviewed result as the facts state it, in JSON's terms; None where they do not
    last_year: Mapping[str, Any] | None

    def __repr__(self) -> str:
        return brief(self, self.facts.subject.name, self.ruleset.reference, f"reviewed {self.reviewed.total:f}")

    def to_json(self) -> str:
        """The document of the result: table, decisions, stages, and the trace of the reviewed facts."""
        return adjudicated_json(self)


def table(found: Adjudicated) -> Iterator[tuple[str, Text, int, Decimal | None, Decimal | None, Decimal]]:
    """Id, label, depth, claimed, computed and reviewed points of every indicator, parents first."""
    claims, computed = found.facts.claims.indicators, found.computed
    for pointer, node in walk(found.ruleset.indicators):
        depth = pointer.count("/children")
        earned = None if computed is None else computed.awards[node.id]
        yield node.id, node.label, depth, claims.get(node.id), earned, found.reviewed.awards[node.id]


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def deviations(found: Adjudicated) -> dict[str, Decimal | None]:
    """By how much the reviewed total differs from what was claimed, computed, and reviewed last year."""
    total = found.reviewed.total
    return {
        "from_claimed": _difference(total, found.facts.claims.total),
        "from_computed": _difference(total, None if found.computed is None else found.computed.total),
        "from_last_year": _difference(total, None if found.last_year is None else found.last_year["total"]),
    }


def _decided(decided: Decided, evidence: Any) -> dict[str, Any]:
    change = decided.change
    return {
        "target": change.target,
        "label": decided.label,
        "stage": change.stage,
        "by": change.by,
        "date": change.date,
        "why": change.why,
        "evidence": evidence,
        "before": decided.before,
        "after": decided.after,
        "effect": decided.effect,
        "effects": decided.effects,
        "signed": decided.signed,
    }


def _decisions(found: Adjudicated) -> list[dict[str, Any]]:
    given = found.adjudication.source.value["changes"]
    return [_decided(decided, each["evidence"]) for decided, each in zip(found.decisions, given, strict=True)]


def _indicators(found: Adjudicated) -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "label": label,
            "claimed": claimed,
            "computed": earned,
            "reviewed": points,
            "deviation": _difference(points, claimed),
        }
        for id, label, _, claimed, earned, points in table(found)
    ]


def _ruleset(found: Adjudicated) -> dict[str, Any]:
    ruleset = found.ruleset
    return {"id": ruleset.id, "fiscal_year": ruleset.fiscal_year, "digest": ruleset.digest}


def _signed(stage: StageScore) -> dict[str, Any] | None:
    return None if stage.signed is None else {"by": stage.signed.by, "date": stage.signed.date}


tell(Score, "total", "grade=grade.id")
tell(StageScore, "stage", "total", "grade", ("signed", _signed))
tell(
    Adjudicated,
    ("jmrules", lambda _: version("jmrules")),
    ("ruleset", _ruleset),
    ("facts", lambda found: {"digest": found.facts.digest, "subject": found.facts.subject.name}),
    ("claimed", lambda found: {"total": found.facts.claims.total, "grade": found.facts.claims.grade}),
    "computed",
    "reviewed",
    "last_year",
    ("deviations", deviations),
    "stages",
    ("changes", _decisions),
    ("indicators", _indicators),
)


def adjudicated_document(found: Adjudicated) -> dict[str, Any]:
    """The result in JSON's terms."""
    trace = evaluate(found.ruleset, found.reviewed_facts).trace
    return {**in_json(found), "trace": trace_document(trace)}


def adjudicated_json(found: Adjudicated) -> str:
    """The text of the result."""
    return pretty(adjudicated_document(found)) + "\n"

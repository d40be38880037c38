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
from jmrules.rules.bounds import bounds, bounds_document
from jmrules.ruleset import walk
from jmrules.trace import trace_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.errors import Text
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.review.adjudication import Adjudication, Change, Stage, StageName
    from jmrules.ruleset import Grade, Ruleset


#: the least and the most; the same twice where nothing is open
Interval = tuple["Decimal", "Decimal"]


@frozen(eq=False)
class Score:
    """A score by node: what each stage comes to, as an interval where facts that nobody has decided are not known."""

    #: None where not all facts are known
    evaluation: Evaluation | None = field(repr=False)
    #: by indicator, leaves and groups
    ranges: Mapping[str, Interval] = field(converter=frozen_mapping)
    #: the total, as rules limit it
    between: Interval
    #: those that are possible, in the order of the ruleset
    grades: tuple[Grade, ...]
    #: indicators that are not settled
    open: tuple[Text, ...] = ()
    #: whether some facts leave the department without a score
    undefined: bool = False

    @property
    def total(self) -> Decimal | None:
        """The total; None where more than one is possible, or more than one grade."""
        low, high = self.between
        return low if low == high and len(self.grades) == 1 and not self.undefined else None

    @property
    def grade(self) -> Grade | None:
        """The grade of the total; None where this is open."""
        return None if self.total is None else self.grades[0]

    @property
    def awards(self) -> Mapping[str, Decimal]:
        """By indicator, the awards that are settled."""
        return {id: low for id, (low, high) in self.ranges.items() if low == high}


@frozen
class Decided:
    """One decision, with what stood there before, and its effect when it is applied after those before it."""

    change: Change
    label: Text
    #: in JSON's terms: of a fact, as the department gave it; of an award, what the facts earned then
    before: Any = field(converter=frozen_value)
    after: Any = field(converter=frozen_value)
    #: how the total, and each indicator that changes, moves, where both are settled before and after
    effect: Decimal | None
    effects: Mapping[str, Decimal] = field(converter=frozen_mapping)
    #: what the total, and each indicator that changes, may be before and after, where that is open
    totals: tuple[Interval, Interval] | None
    ranges: Mapping[str, tuple[Interval, Interval]] = field(converter=frozen_mapping)
    #: whether the stage that decided it has signed off
    signed: bool


@frozen
class StageScore:
    """What the sheet comes to with every decision up to a stage."""

    stage: StageName
    total: Decimal | None
    grade: str | None
    signed: Stage | None = None
    #: the score, where its total is open
    open: Score | None = None


@frozen(eq=False)
class Adjudicated:
    """A reviewed department: what it claimed, what its facts earn, what the review awards."""

    ruleset: Ruleset = field(repr=False)
    facts: Facts = field(repr=False)
    adjudication: Adjudication = field(repr=False)
    #: None where the facts as given have no score, whatever the unknown ones are
    computed: Score | None
    reviewed: Score
    #: the facts after review
    reviewed_facts: Facts = field(repr=False)
    decisions: tuple[Decided, ...]
    stages: tuple[StageScore, ...]
    #: last year's reviewed result as the facts state it, in JSON's terms; None where they do not
    last_year: Mapping[str, Any] | None

    def __repr__(self) -> str:
        return brief(
            self, self.facts.subject.name, self.ruleset.reference, f"reviewed {span_said(self.reviewed.between)}"
        )

    def to_json(self) -> str:
        """The document of the result: table, decisions, stages, and the trace of the reviewed facts."""
        return adjudicated_json(self)


def span_said(between: Interval) -> str:
    """Both ends, or the one that there is."""
    low, high = between
    return f"{low:f}" if low == high else f"{low:f}–{high:f}"


def table(found: Adjudicated) -> Iterator[tuple[str, Text, int, Decimal | None, Interval | None, Interval]]:
    """Id, label, depth, claimed, computed and reviewed points of every indicator, parents first."""
    claims, computed = found.facts.claims.indicators, found.computed
    for pointer, node in walk(found.ruleset.indicators):
        depth = pointer.count("/children")
        earned = None if computed is None else computed.ranges[node.id]
        yield node.id, node.label, depth, claims.get(node.id), earned, found.reviewed.ranges[node.id]


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def deviations(found: Adjudicated) -> dict[str, Decimal | None]:
    """By how much the reviewed total differs from what was claimed, computed, and reviewed last year; None where that is open."""
    total = found.reviewed.total
    return {
        "from_claimed": _difference(total, found.facts.claims.total),
        "from_computed": _difference(total, None if found.computed is None else found.computed.total),
        "from_last_year": _difference(total, None if found.last_year is None else found.last_year["total"]),
    }


def in_points(between: Interval) -> Decimal | dict[str, Decimal]:
    """Points in JSON's terms: a number, or its ends where it is open."""
    low, high = between
    return low if low == high else {"low": low, "high": high}


def _from_to(pair: tuple[Interval, Interval]) -> dict[str, Any]:
    return dict(zip(("from", "to"), map(in_points, pair), strict=True))


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
        **({} if decided.totals is None else {"totals": _from_to(decided.totals)}),
        **({"ranges": {id: _from_to(each) for id, each in decided.ranges.items()}} if decided.ranges else {}),
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
            "computed": None if earned is None else in_points(earned),
            "reviewed": in_points(points),
            "deviation": _difference(points[0] if points[0] == points[1] else None, claimed),
        }
        for id, label, _, claimed, earned, points in table(found)
    ]


def _ruleset(found: Adjudicated) -> dict[str, Any]:
    ruleset = found.ruleset
    return {"id": ruleset.id, "fiscal_year": ruleset.fiscal_year, "digest": ruleset.digest}


def _signed(stage: StageScore) -> dict[str, Any] | None:
    return None if stage.signed is None else {"by": stage.signed.by, "date": stage.signed.date}


def _open(score: Score | None) -> dict[str, Any] | None:
    if score is None or score.total is not None:
        return None
    low, high = score.between
    return {"low": low, "high": high, "grades": [grade.id for grade in score.grades], "indicators": score.open}


tell(Score, "total", ("grade", lambda score: None if score.grade is None else score.grade.id), ("open?", _open))
tell(StageScore, "stage", "total", "grade", ("signed", _signed), ("open?", lambda stage: _open(stage.open)))
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
    facts = found.reviewed_facts
    if found.reviewed.evaluation is None:
        return {**in_json(found), "trace": bounds_document(bounds(found.ruleset, facts), facts)}
    return {**in_json(found), "trace": trace_document(evaluate(found.ruleset, facts).trace)}


def adjudicated_json(found: Adjudicated) -> str:
    """The text of the result."""
    return pretty(adjudicated_document(found)) + "\n"

"""Apply a reviewers' file: what each decision changes, the reviewed score, and how it deviates from what was claimed."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.crossfoot import grade_named
from jmrules.documents import document_of
from jmrules.errors import EvaluationError, FactsError, Problem, Text
from jmrules.evaluation import evaluate, run
from jmrules.facts import Decision, bind, facts_of, is_fact_object, only_unknown, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.plan import plan_of, with_awards
from jmrules.review.adjudicated import Adjudicated, Decided, Score, StageScore, in_points, span_said
from jmrules.review.adjudication import STAGES, AdjudicationError, misfits
from jmrules.rules.bounds import bounds
from jmrules.ruleset import leaves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.errors import JmrulesError, Place
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.review.adjudication import Adjudication, Change, StageName
    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import Ruleset


def adjudicate(ruleset: Ruleset, facts: Facts, adjudication: Adjudication) -> Adjudicated:
    """The reviewed score of a department.

    Decisions are applied in order. Where facts stay unknown, the score is what is possible around what is decided.
    A fact that review changes is scored like any other; an award that review sets stands
    as set, and what reads that score reads the set one. Rules that limit the total are applied to the reviewed sheet.

    Raises:
        AdjudicationError: the reviewers' file does not fit; every problem, each with its place.
        FactsError, EvaluationError: even the reviewed facts have no score.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    problems = misfits(adjudication, ruleset, facts)
    if problems:
        raise AdjudicationError(problems)
    computed, reason = _score(ruleset, facts, {})
    standing, current, fixed = computed, facts, dict[str, Decimal]()
    decisions: list[Decided] = []
    totals: dict[StageName, Score | None] = {}
    signed = {stage.stage for stage in adjudication.stages}
    for index, change in enumerate(adjudication.changes):
        pointer = f"/changes/{index}"
        before: Any
        if change.fact is not None:
            before, current = _with_fact(current, adjudication, change, pointer)
            after: Any = change.value
        else:
            before = None if standing is None else in_points(standing.ranges[change.target])
            fixed[change.target] = after = change.awarded or Decimal(0)
        score, reason = _score(ruleset, current, fixed, adjudication, pointer)
        effect = _effect(ruleset, standing, score)
        decisions.append(
            Decided(change, _label(ruleset, change), before, after, signed=change.stage in signed, **effect)
        )
        standing = totals[change.stage] = score
    if standing is None:
        assert reason is not None
        raise reason
    found = Adjudicated(
        ruleset, facts, adjudication, computed, standing, current, tuple(decisions),
        _stages(ruleset, facts, adjudication, computed, totals), _last_year(facts),
    )  # fmt: skip
    problems = _signed_otherwise(found)
    if problems:
        raise AdjudicationError(problems)
    return found


def _score(
    ruleset: Ruleset,
    facts: Facts,
    fixed: Mapping[str, Decimal],
    adjudication: Adjudication | None = None,
    pointer: str = "",
) -> tuple[Score | None, JmrulesError | None]:
    """The score, with some awards fixed, an interval where facts are not known; or why there is none."""
    try:
        try:
            if not fixed:
                return _settled(evaluate(ruleset, facts)), None
            with localcontext(EXACT):
                evaluation = run(with_awards(plan_of(ruleset), fixed), bind(ruleset, facts), facts)
        except FactsError as error:
            if not only_unknown(error.problems):
                raise
            possible = bounds(ruleset, facts, awards=fixed)
            points = {leaf.id: leaf.points[1] for leaf in (*possible.leaves, *possible.beside)}
            _within(points, fixed, adjudication)
            return _open(possible), None
    except FactsError as error:
        wrong = [problem for problem in error.problems if problem.code != "unknown-value"]
        if adjudication is None or not wrong:
            raise
        # What the department gave was sound: it is the decision that is not.
        place = adjudication.source.place(f"{pointer}/value")
        raise AdjudicationError([problem.at(place) for problem in wrong]) from None
    except EvaluationError as error:
        return None, error
    quanta, digits = evaluation.outcome.allocation.quanta, -ruleset.rounding.leaf
    points = {leaf.leaf.id: Decimal(quanta[leaf.index]).scaleb(digits) for leaf in evaluation.plan.leaves}
    _within(points, fixed, adjudication)
    return _settled(evaluation), None


def _settled(evaluation: Evaluation) -> Score:
    ranges = {id: (points, points) for id, points in _awards(evaluation).items()}
    return Score(evaluation, ranges, (evaluation.total, evaluation.total), (evaluation.grade,))


def _open(possible: Bounds) -> Score:
    nodes = (*(node for _, node in possible.root.walk()), *possible.beside)
    open_ = [leaf for leaf in nodes if not leaf.children and (leaf.width or leaf.undefined is not None)]
    return Score(
        None, {node.id: (node.low, node.high) for node in nodes}, (possible.low, possible.high), possible.grades,
        tuple(leaf.label for leaf in open_), any(leaf.undefined is not None for leaf in open_),
    )  # fmt: skip


def _within(points: Mapping[str, Decimal], fixed: Mapping[str, Decimal], adjudication: Adjudication | None) -> None:
    """Refuse awards that are more than the points on the sheet."""
    problems = [_too_many(id, award, points[id], adjudication) for id, award in fixed.items() if award > points[id]]
    if problems:
        raise AdjudicationError(problems)


def _too_many(id: str, award: Decimal, points: Decimal, adjudication: Adjudication | None) -> Problem:
    problem = Problem(
        "more-than-points",
        Text(
            f"“{id}”在此表上只有 {points:f} 分，不能得 {award:f} 分",
            f"{id} has {points:f} points on this sheet: it cannot get {award:f}",
        ),
        Text("得分须在 0 与分值之间", "an award lies between 0 and the points"),
    )
    if adjudication is None:
        return problem
    index = max(n for n, change in enumerate(adjudication.changes) if change.indicator == id)
    return problem.at(adjudication.source.place(f"/changes/{index}/awarded"))


def _awards(evaluation: Evaluation) -> dict[str, Decimal]:
    plan, awards = evaluation.plan, evaluation.outcome.awards
    digits = -plan.ruleset.rounding.leaf
    found = {leaf.leaf.id: Decimal(awards[leaf.index]).scaleb(digits) for leaf in plan.leaves}
    for id, group in plan.groups.items():
        found[id] = Decimal(sum(awards[index] for index in group.leaves)).scaleb(digits)
    return found


def _effect(ruleset: Ruleset, before: Score | None, after: Score | None) -> dict[str, Any]:
    """How the total and the leaves move: by how much where that is settled, else from what to what."""
    if before is None or after is None:
        return {"effect": None, "effects": {}, "totals": None, "ranges": {}}
    settled = before.total is not None and after.total is not None
    pairs = {
        leaf.id: (before.ranges[leaf.id], after.ranges[leaf.id])
        for leaf in (*leaves(ruleset.indicators), *ruleset.adjustments)
    }
    changed = {id: pair for id, pair in pairs.items() if pair[0] != pair[1]}
    moved = {id: to[0] - was[0] for id, (was, to) in changed.items() if was[0] == was[1] and to[0] == to[1]}
    return {
        "effect": after.between[0] - before.between[0] if settled else None,
        "effects": moved,
        "totals": None if settled else (before.between, after.between),
        "ranges": {id: pair for id, pair in changed.items() if id not in moved},
    }


def _with_fact(facts: Facts, adjudication: Adjudication, change: Change, pointer: str) -> tuple[Any, Facts]:
    """What stood there, and the facts with the decision in its place; evidence goes with it."""
    document = dict(facts.source.value)
    given = dict(document["facts"])
    assert change.fact is not None
    decided: dict[str, Any] = {"value": change.value, "basis": change.basis}
    if change.unit is not None:
        decided["unit"] = change.unit
    decided["evidence"] = adjudication.source.value["changes"][int(pointer.rpartition("/")[2])]["evidence"]
    if change.at is None:
        before = given.get(change.fact)
        given[change.fact] = decided
    else:
        steps = change.at.strip("/").split("/")
        problem = _no_item(change)
        before, given[change.fact] = _replaced(
            given.get(change.fact), steps, decided, problem.at(adjudication.source.place(f"{pointer}/at"))
        )
    documents = {**document.get("documents", {}), **adjudication.source.value.get("documents", {})}
    document |= {"facts": given, "documents": documents}
    try:
        decision = Decision(f"/{change.fact}{change.at or ''}", change.by, change.date, change.why, change.basis)
        return before, evolve(facts_of(document_of(document)), decisions=(*facts.decisions, decision))
    except FactsError as error:
        place = adjudication.source.place(f"{pointer}/value")
        raise AdjudicationError([problem.at(place) for problem in error.problems]) from None


def _replaced(given: Any, steps: Sequence[str], decided: Any, problem: Problem) -> tuple[Any, Any]:
    """What a path of item numbers and fields led to, and the same value with something else there."""
    wrapped = is_fact_object(given)
    items = given.get("value") if wrapped else given
    index, name = int(steps[0]), steps[1]
    if not isinstance(items, list) or index >= len(items):
        raise AdjudicationError(problem)
    item = dict(items[index])
    if len(steps) == 2:
        before, item[name] = item.get(name), decided
    else:
        before, item[name] = _replaced(item.get(name), steps[2:], decided, problem)
    found = [*items[:index], item, *items[index + 1 :]]
    return before, {**given, "value": found} if wrapped else found


def _no_item(change: Change) -> Problem:
    return Problem(
        "no-such-item",
        Text(f"“{change.fact}”没有 {change.at} 这一项", f"{change.fact} has nothing at {change.at}"),
        Text("项数从 0 算起", "items are counted from 0"),
    )


def _label(ruleset: Ruleset, change: Change) -> Text:
    from jmrules.ruleset import walk

    if change.indicator is not None:
        return next(node.label for _, node in walk(ruleset.indicators) if node.id == change.indicator)
    declaration = next(fact for fact in ruleset.facts if fact.id == change.fact)
    if change.at is None:
        return declaration.label
    return Text(f"{declaration.label.zh} {change.at}", f"{declaration.label.say('en')} {change.at}")


def _stages(
    ruleset: Ruleset,
    facts: Facts,
    adjudication: Adjudication,
    computed: Score | None,
    totals: Mapping[StageName, Score | None],
) -> tuple[StageScore, ...]:
    """Every stage that signed off or decided something, with what the sheet came to there."""
    signed = {stage.stage: stage for stage in adjudication.stages}
    standing = computed
    found = []
    for name in STAGES:
        if name in totals:
            standing = totals[name]
        if name == "self_evaluation":
            claims = facts.claims
            grade = grade_named(ruleset, claims.grade) if claims.grade else None
            if name in signed or claims.total is not None:
                found.append(StageScore(name, claims.total, grade.id if grade else claims.grade, signed.get(name)))
        elif name in signed or name in totals:
            total, reached = (None, None) if standing is None else (standing.total, standing.grade)
            found.append(
                StageScore(
                    name, total, None if reached is None else reached.id, signed.get(name), standing if total is None else None
                )
            )  # fmt: skip
    return tuple(found)


def _signed_otherwise(found: Adjudicated) -> list[Problem]:
    """Totals and grades that were signed, and are not what the decisions come to."""
    problems = []
    for score in found.stages:
        stage = score.signed
        if stage is None:
            continue
        index = found.adjudication.stages.index(stage)
        if score.open is not None:
            problems.append(not_settled(score.open, found.adjudication.source.place(f"/stages/{index}")))
            continue
        named = grade_named(found.ruleset, stage.grade) if stage.grade is not None else None
        pairs: list[tuple[str, Any, Any]] = []
        if stage.total is not None and stage.total != score.total:
            pairs.append(("total", stage.total, score.total))
        if stage.grade is not None and (named.id if named else stage.grade) != score.grade:
            pairs.append(("grade", stage.grade, score.grade))
        for member, stated, due in pairs:
            problems.append(
                Problem(
                    "signed-otherwise",
                    Text(
                        f"签署的是 {stated}，按至该阶段的决定应为 {due}",
                        f"{stated} was signed; the decisions up to this stage come to {due}",
                    ),
                    Text(
                        "请补上缺少的改动，或改正签署的结果",
                        "add the change that is missing, or correct what was signed",
                    ),
                    found.adjudication.source.place(f"/stages/{index}/{member}"),
                )
            )
    return problems


def not_settled(score: Score, place: Place | None = None) -> Problem:
    """That a stage cannot be signed while its total is open, and what is open."""
    zh, en = "、".join(label.zh for label in score.open), ", ".join(label.say("en") for label in score.open)
    which = Text(f"，尚未核定的指标：{zh}", f"; not settled: {en}") if score.open else Text("", "")
    between = span_said(score.between)
    problem = Problem(
        "not-settled",
        Text(
            f"总分为 {between}，未确定，不能签署{which.zh}",
            f"the total is {between}, which is open: it cannot be signed{which.say('en')}",
        ),
        Text(
            "请先用 --set 定下这些指标的得分，或所缺的数据",
            "decide their awards, or the facts that are lacking, by --set",
        ),
    )
    return problem if place is None else problem.at(place)


def _last_year(facts: Facts) -> Mapping[str, Any] | None:
    """The reviewed result of the year before, the last of several."""
    found = None
    for entry in facts.source.value.get("history", ()):
        if entry["fiscal_year"] == facts.fiscal_year - 1 and "total" in entry:
            found = entry
    return found

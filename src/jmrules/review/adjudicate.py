"""Apply a reviewers' file: what each decision changes, the reviewed score, and how it deviates from what was claimed."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules import feel
from jmrules.crossfoot import grade_named
from jmrules.documents import document_of
from jmrules.errors import EvaluationError, FactsError, Problem, Text
from jmrules.evaluation import evaluate, run
from jmrules.facts import Decision, bind, facts_of, is_fact_object, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.methods.shapes import Call, Table
from jmrules.plan import plan_of
from jmrules.review.adjudicated import Adjudicated, Decided, Score, StageScore
from jmrules.review.adjudication import STAGES, AdjudicationError, misfits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.errors import JmrulesError
    from jmrules.evaluation import Evaluation
    from jmrules.facts import Facts
    from jmrules.plan import Plan
    from jmrules.review.adjudication import Adjudication, Change, StageName
    from jmrules.ruleset import Ruleset


def adjudicate(ruleset: Ruleset, facts: Facts, adjudication: Adjudication) -> Adjudicated:
    """The reviewed score of a department.

    Decisions are applied in order. A fact that review changes is scored like any other; an award that review sets stands
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
    totals: dict[StageName, tuple[Decimal, str] | None] = {}
    signed = {stage.stage for stage in adjudication.stages}
    for index, change in enumerate(adjudication.changes):
        pointer = f"/changes/{index}"
        before: Any
        if change.fact is not None:
            before, current = _with_fact(current, adjudication, change, pointer)
            after: Any = change.value
        else:
            before = None if standing is None else standing.awards[change.target]
            fixed[change.target] = after = change.awarded or Decimal(0)
        score, reason = _score(ruleset, current, fixed, adjudication, pointer)
        moved = {} if score is None or standing is None else _moved(standing, score)
        effect = None if score is None or standing is None else score.total - standing.total
        decisions.append(Decided(change, _label(ruleset, change), before, after, effect, moved, change.stage in signed))
        standing = score
        totals[change.stage] = None if score is None else (score.total, score.grade.id)
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
    """The score, with some awards fixed; or why there is none."""
    try:
        evaluation = evaluate(ruleset, facts)
    except FactsError as error:
        if adjudication is not None:
            wrong = [problem for problem in error.problems if problem.code != "unknown-value"]
            if wrong:
                # What the department gave was sound: it is the decision that is not.
                place = adjudication.source.place(f"{pointer}/value")
                raise AdjudicationError([problem.at(place) for problem in wrong]) from None
        elif any(problem.code != "unknown-value" for problem in error.problems):
            raise
        return None, error
    except EvaluationError as error:
        return None, error
    if fixed:
        with localcontext(EXACT):
            plan = _fixed(evaluation, fixed, adjudication)
            evaluation = run(plan, bind(ruleset, facts), facts)
    return Score(evaluation, _awards(evaluation)), None


def _fixed(evaluation: Evaluation, fixed: Mapping[str, Decimal], adjudication: Adjudication | None) -> Plan:
    """The plan with some leaves that earn what they are given, on the sheet as exclusions have shared it out."""
    plan = plan_of(evaluation.plan.ruleset)
    digits = plan.ruleset.rounding.leaf
    leaves = list(plan.leaves)
    constant = Call(feel.compile("0", {}), (), "")
    problems: list[Problem] = []
    for leaf in plan.leaves:
        if leaf.leaf.id not in fixed:
            continue
        award, quanta = fixed[leaf.leaf.id], evaluation.outcome.allocation.quanta[leaf.index]
        points = Decimal(quanta).scaleb(-digits)
        if award > points:
            problems.append(_too_many(leaf.leaf.id, award, points, adjudication))
            continue
        share = Fraction(int(award.scaleb(digits)), quanta) if quanta else Fraction(0)
        # A leaf that has left the sheet stays away; any other gets what it is given, whatever its condition.
        excluded = leaf.leaves_the_sheet and evaluation.outcome.applies[leaf.index] is False
        leaves[leaf.index] = evolve(
            leaf, shape=Table(constant, (), share), applies=leaf.applies if excluded else None, calls=(constant,),
            # What is decided stands as it is, however the criterion rounds.
            unit=1, digits=digits,
        )  # fmt: skip
    if problems:
        raise AdjudicationError(problems)
    return evolve(plan, leaves=tuple(leaves))


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


def _moved(before: Score, after: Score) -> dict[str, Decimal]:
    leaves = [leaf.leaf.id for leaf in after.evaluation.plan.leaves]
    return {id: after.awards[id] - before.awards[id] for id in leaves if after.awards[id] != before.awards[id]}


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
    totals: Mapping[StageName, tuple[Decimal, str] | None],
) -> tuple[StageScore, ...]:
    """Every stage that signed off or decided something, with what the sheet came to there."""
    signed = {stage.stage: stage for stage in adjudication.stages}
    standing = None if computed is None else (computed.total, computed.grade.id)
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
            total, reached = standing or (None, None)
            found.append(StageScore(name, total, reached, signed.get(name)))
    return tuple(found)


def _signed_otherwise(found: Adjudicated) -> list[Problem]:
    """Totals and grades that were signed, and are not what the decisions come to."""
    problems = []
    for score in found.stages:
        stage = score.signed
        if stage is None:
            continue
        index = found.adjudication.stages.index(stage)
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


def _last_year(facts: Facts) -> Mapping[str, Any] | None:
    """The reviewed result of the year before, the last of several."""
    found = None
    for entry in facts.source.value.get("history", ()):
        if entry["fiscal_year"] == facts.fiscal_year - 1 and "total" in entry:
            found = entry
    return found

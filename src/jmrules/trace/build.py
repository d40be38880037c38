"""Build the trace of an evaluation from its flat values."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from jmrules.backends.exact.read import Names
from jmrules.errors import JmrulesError, Text
from jmrules.facts.model import Facts
from jmrules.feel import CONTEXT
from jmrules.feel.interpreter import interpret
from jmrules.ruleset.expressions import SCORES
from jmrules.ruleset.layout import ordered
from jmrules.ruleset.model import walk
from jmrules.trace.explain import explain
from jmrules.trace.inputs import Inputs
from jmrules.trace.model import (
    Adjustment,
    FactsHead,
    GradeTrace,
    GroupTrace,
    LeafTrace,
    Loss,
    Move,
    NodeTrace,
    Outcome,
    RulesetHead,
    Trace,
)
from jmrules.trace.required import required_evidence
from jmrules.trace.view import Explained, Lost, View
from jmrules.trace.words import Meaning, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.backends.exact.result import Evaluation
    from jmrules.feel.tree import Expression
    from jmrules.plan.model import Plan, PlannedLeaf
    from jmrules.ruleset.model import Ruleset
    from jmrules.trace.findings import Finding

#: awarded points that rest on no fact at all count as this strong
NO_FACT = "verified"


def build_trace(evaluation: Evaluation) -> Trace:
    """The account of every point of an evaluation."""
    plan = evaluation.plan
    ruleset = plan.ruleset
    with localcontext(CONTEXT):
        leaves = [_leaf(evaluation, leaf) for leaf in plan.leaves]
        root = GroupTrace(
            "total",
            ruleset.title,
            ruleset.points,
            _sum(leaves),
            tuple(_node(plan, child, leaves) for child in plan.roots),
        )
        adjustments = tuple(_adjustments(evaluation, root.awarded))
        findings: tuple[Finding, ...] = ()
        if ruleset.rules:
            # What follows from a score belongs to its account, so here a room reaches down to the one that infers.
            from jmrules.inference.findings import findings_of

            findings = findings_of(evaluation, tuple(leaves))
        resting = {basis: Decimal(0) for basis in ("assertion", "document", "figure", "verified")}
        for leaf in leaves:
            resting[leaf.basis or NO_FACT] += leaf.awarded
    grades = {grade.id: GradeTrace(grade.id, grade.label, grade.tests) for grade in ruleset.grades}
    facts = evaluation.facts
    return Trace(
        jmrules=version("jmrules"),
        ruleset=RulesetHead(
            ruleset.id,
            ruleset.fiscal_year,
            ruleset.revision,
            ruleset.status,
            ruleset.digest,
            ruleset.title,
            ruleset.notice,
        ),
        facts=FactsHead(facts.digest, facts.subject) if isinstance(facts, Facts) else FactsHead(),
        rounding=ruleset.rounding,
        grades=tuple(grades.values()),
        total=evaluation.total,
        grade=grades[evaluation.grade.id],
        basis=resting,
        adjustments=adjustments,
        root=root,
        findings=findings,
    )


def _adjustments(evaluation: Evaluation, awarded: Decimal) -> Iterator[Adjustment]:
    """The lines between the sum of the indicators and the total: rounding, then what rules limit."""
    ruleset = evaluation.plan.ruleset
    difference = evaluation.total_before_limits - awarded
    if difference:
        digits = ruleset.rounding.total
        reason = Text(f"总分取到 {digits} 位小数", f"the total is rounded to {digits} decimals")
        yield Adjustment("rounding", difference, reason)
    labels = {rule.id: rule.label for rule in ruleset.rules}
    for limit in evaluation.limits:
        label = labels[limit.rule]
        if limit.grade is not None:
            best = limit.grade.label
            zh, en = f"等级至多为“{best.zh}”", f"the grade is capped at {best.say('en')}"
        elif limit.kind == "veto":
            zh, en = "一票否决", "vetoed"
        else:
            zh, en = f"总分至多为 {limit.total:f} 分", f"the total is capped at {limit.total:f}"
        yield Adjustment(
            limit.kind,
            limit.points,
            Text(f"{zh}：{label.zh}", f"{en}: {label.say('en')}"),
            rule=limit.rule,
            decides=limit.decides,
            total=limit.total,
            grade=None if limit.grade is None else limit.grade.id,
        )


def _sum(leaves: list[LeafTrace]) -> Decimal:
    return sum((leaf.awarded for leaf in leaves), Decimal(0))


def _node(plan: Plan, child: int | str, leaves: list[LeafTrace]) -> NodeTrace:
    if isinstance(child, int):
        return leaves[child]
    planned = plan.groups[child]
    below = [leaves[index] for index in planned.leaves]
    return GroupTrace(
        planned.group.id,
        planned.group.label,
        sum((leaf.points for leaf in below), Decimal(0)),
        _sum(below),
        tuple(_node(plan, inner, leaves) for inner in planned.children),
    )


@lru_cache(maxsize=64)
def meanings(ruleset: Ruleset) -> Mapping[str, Meaning]:
    """Label, unit and decimals of every name that expressions use; of a score, under ``scores.<indicator>``."""
    found = {fact.id: Meaning(fact.label, fact.unit, fact.decimals) for fact in ruleset.facts}
    found |= {derived.id: Meaning(derived.label, derived.unit, derived.decimals) for derived in ruleset.derived}
    found |= {f"{SCORES}.{node.id}": Meaning(node.label) for _, node in walk(ruleset.indicators)}
    return found


@lru_cache(maxsize=64)
def item_meanings(ruleset: Ruleset) -> Mapping[str, Mapping[str, Meaning]]:
    """Label, unit and decimals of the fields of each list's items."""
    return {
        fact.id: {part.id: Meaning(part.label, part.unit, part.decimals) for part in fact.item}
        for fact in ruleset.facts
        if fact.type == "list"
    }


@lru_cache(maxsize=64)
def methods_of(ruleset: Ruleset) -> Mapping[str, dict[str, Any]]:
    """The members of each leaf as the document states them, in one order however it is written."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(ruleset.source.value["indicators"])
    while waiting:
        node = waiting.pop()
        waiting += node.get("children", ())
        if "method" in node:
            found[node["id"]] = ordered(node, "node")
    return found


def _view(evaluation: Evaluation, leaf: PlannedLeaf, points: Fraction) -> View:
    plan, slots = evaluation.plan, evaluation.outcome.slots
    names = Names(plan, slots)

    def value(name: str) -> Any:
        try:
            return names[name]
        except JmrulesError:
            return None

    def find(part: Expression, text: str) -> Any:
        try:
            return interpret(part, text, names, strict=True)[0]
        except JmrulesError:
            return None

    words = Words(meanings(plan.ruleset), value, find, item_meanings(plan.ruleset))
    return View(plan, leaf, slots, words, points, {item.id: item for item in plan.ruleset.derived})


def _leaf(evaluation: Evaluation, planned: PlannedLeaf) -> LeafTrace:
    plan, outcome, index = evaluation.plan, evaluation.outcome, planned.index
    leaf, digits = planned.leaf, plan.ruleset.rounding.leaf
    points = Decimal(outcome.allocation.quanta[index]).scaleb(-digits)
    awarded = Decimal(outcome.awards[index]).scaleb(-digits)
    share = Fraction(*outcome.shares[index])
    view = _view(evaluation, planned, Fraction(points))
    how, explained = _explained(evaluation, view, share)
    inputs = Inputs(evaluation, view)
    document = methods_of(plan.ruleset)[leaf.id]
    return LeafTrace(
        id=leaf.id,
        label=leaf.label,
        points=points,
        stated=leaf.points,
        awarded=awarded,
        share=share,
        outcome=how,
        basis=inputs.basis,
        branch=explained.branch,
        explanation=explained.text,
        source=leaf.source,
        method=document["method"],
        inputs=inputs.found,
        readings=tuple(view.readings),
        parts=explained.parts,
        losses=_losses(how, explained.lost, points, awarded, digits),
        moves=_moves(evaluation, planned),
        # What does not apply needs no papers.
        evidence=required_evidence(leaf, evaluation.facts) if how in ("scored", "undefined") else (),
        applies=document.get("applies"),
        undefined=document.get("undefined"),
        note=leaf.note,
    )


def _explained(evaluation: Evaluation, view: View, share: Fraction) -> tuple[Outcome, Explained]:
    """How the leaf came by its share, in words."""
    leaf, outcome = view.leaf, evaluation.outcome
    cause = outcome.causes.get(leaf.index)
    applies = outcome.applies[leaf.index]
    if leaf.applies is not None:
        try:
            view.read(leaf.applies)
        except JmrulesError:
            assert applies is None
    if cause is not None:
        _read_what_failed(view)
        return "undefined", _undefined(view, share, cause)
    if applies is False:
        assert leaf.leaf.applies is not None
        how = leaf.leaf.applies.otherwise
        return ("excluded" if how == "exclude" else how), _not_applicable(view, share)
    return "scored", explain(view, share)


def _read_what_failed(view: View) -> None:
    """Read up to the failure, so that the facts it rests on are among the inputs."""
    try:
        explain(view, Fraction(1))
    except JmrulesError:
        return
    except AssertionError:
        return


def _undefined(view: View, share: Fraction, cause: JmrulesError) -> Explained:
    declared = view.leaf.leaf.undefined
    assert declared is not None
    inner = cause.problems[0].message
    reason = Text(f"{declared.reason.zh}（{inner.zh}）", f"{declared.reason.say('en')} ({inner.say('en')})")
    ending = view.ending(share)
    text = Text(f"{reason.zh}，{ending.zh}", f"{reason.say('en')}: {ending.say('en')}")
    return Explained("undefined", text, (Lost(1 - share, reason),) if share < 1 else ())


def _not_applicable(view: View, share: Fraction) -> Explained:
    applies = view.leaf.leaf.applies
    assert applies is not None
    reason = applies.reason
    if applies.otherwise == "exclude":
        text = Text(
            f"不适用：{reason.zh}，分值转给其他指标",
            f"does not apply: {reason.say('en')}; its points go to other indicators",
        )
        return Explained("excluded", text)
    ending = view.ending(share)
    text = Text(f"不适用：{reason.zh}，{ending.zh}", f"does not apply: {reason.say('en')}: {ending.say('en')}")
    return Explained(applies.otherwise, text, (Lost(1 - share, reason),) if share < 1 else ())


def _losses(how: Outcome, lost: tuple[Lost, ...], points: Decimal, awarded: Decimal, digits: int) -> tuple[Loss, ...]:
    """Losses as decimals that close the books: each rounded, and a line of its own for what rounding leaves."""
    kind = {"undefined": "undefined", "zero": "not-applicable"}.get(how, "method")
    quantum = Decimal(1).scaleb(-digits)
    lines = [
        Loss(_quantised(item.share * Fraction(points), quantum), item.reason, kind, item.part)  # type: ignore[arg-type]
        for item in lost
    ]
    if len(lines) == 1:
        # One reason carries the whole loss, its rounding included.
        only = lines[0]
        return (Loss(points - awarded, only.reason, only.kind, only.part),)
    rest = points - awarded - sum((line.points for line in lines), Decimal(0))
    if rest:
        lines.append(
            Loss(
                rest, Text(f"取到 {digits} 位小数的差额", f"difference from rounding to {digits} decimals"), "rounding"
            )
        )
    return tuple(lines)


def _quantised(value: Fraction, quantum: Decimal) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(quantum, ROUND_HALF_UP)


def _moves(evaluation: Evaluation, planned: PlannedLeaf) -> tuple[Move, ...]:
    plan, allocation, index = evaluation.plan, evaluation.outcome.allocation, planned.index
    digits = -plan.ruleset.rounding.leaf

    def move(other: int, quanta: int) -> Move:
        leaf = plan.leaves[other].leaf
        return Move(leaf.id, leaf.label, Decimal(quanta).scaleb(digits))

    named = [
        move(item.source, item.quanta) if item.target == index else move(item.target, -item.quanta)
        for item in allocation.moves
        if index in (item.source, item.target)
    ]
    return tuple(named)

"""Bounds on one department's score, where some of its facts are not known or not trusted."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from jmrules.errors import EvaluationError, Text
from jmrules.facts import Facts, copied, ruleset_for_facts
from jmrules.feel import EXACT
from jmrules.plan import plan_of, with_awards
from jmrules.rules.bounds.limits import Limited, grades_of, limited
from jmrules.rules.bounds.prepare import Prepared
from jmrules.rules.bounds.result import Bounds, NodeBounds
from jmrules.rules.limits import run
from jmrules.score import most_on_sheet, total_and_grade
from jmrules.score.bounds import (
    ROOT,
    SHEET,
    Engine,
    Impossible,
    Range,
    Search,
    constrained,
    department,
    samples,
    sheet_bounds,
)
from jmrules.score.exact import placing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import JmrulesError
    from jmrules.facts import Basis
    from jmrules.plan import PlannedLeaf
    from jmrules.ruleset import Ruleset


def bounds(
    ruleset: Ruleset,
    facts: Facts | Mapping[str, Any],
    trust: Basis = "assertion",
    awards: Mapping[str, Decimal] | None = None,
) -> Bounds:
    """The scores that are possible.

    Args:
        ruleset: a loaded ruleset.
        facts: a loaded facts document, or a mapping from fact name to plain value or fact object. A fact, or a field of a
            list's item, may be ``unknown`` or lie ``between`` two numbers; of a list, only its ``length`` may be known.
        trust: the weakest basis that counts. Facts, and fields of items, that rest on less count as unknown; an unknown fact
            may be whatever its declaration allows, an optional one also absent. What a department declares of a value that its
            figures leave open narrows it at ``assertion`` alone.
        awards: by id, what reviewers award to leaves, whatever they would earn.

    Raises:
        FactsError: the facts do not fit the ruleset; every problem. A fact that is absent and not optional is one.
        EvaluationError: whatever the unknown facts are, there is no score.
        LimitError: an expression takes more work than is allowed: what it may come to was not found out.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    if not isinstance(facts, Facts):
        facts = copied(facts)
    plan = with_awards(plan_of(ruleset), awards or {})
    with localcontext(EXACT), placing(plan):
        given = department(ruleset, facts, trust)
        names = [fact.id for fact in ruleset.facts]
        domains = dict(zip(names, given.domains, strict=True))
        claimed = {name: value for name, value in zip(names, given.claimed, strict=True) if value is not None}
        possible = {name: domain.possible for name, domain in domains.items()}
        engine = Engine(plan, possible, declarations=trust == "assertion")
        if plan.constraints:
            possible |= constrained(engine, facts)
            engine = Engine(plan, possible, declarations=trust == "assertion")
        search = Search(engine, domains, claimed)
        try:
            sheet = sheet_bounds(engine, {})
        except Impossible:
            # No completion has a score, so none is better than another to say why.
            values = [
                next(iter(samples(domain, claimed.get(name), search.hints)), None) for name, domain in domains.items()
            ]
            run(plan, values, facts)
            raise
        search.run(sheet)
        return _result(Prepared(engine, facts, domains, claimed, sheet, search), trust)


def _result(prepared: Prepared, trust: Basis) -> Bounds:
    plan = prepared.engine.plan
    tree = _Tree(prepared)
    total = prepared.sheet.total
    root = tree.node(ROOT, plan.ruleset.title, tuple(tree.child(child) for child in plan.roots))
    before = total_and_grade(plan, total.low)[0], total_and_grade(plan, total.high)[0]
    if prepared.unknown:
        after = limited(prepared.engine, prepared.facts, prepared.sheet, before, grades_of(plan, total))
    else:
        score = run(plan, prepared.values({}), prepared.facts)
        after = Limited(score.total, score.total, (score.grade,), ())
    ends = after.low, after.high
    tight = _reached(prepared) == ends
    return Bounds(
        trust=trust,
        low=after.low,
        high=after.high,
        tight=tight,
        reason=None if tight else _open_rules(after) or root.reason or tree.reason(ROOT, None),
        grades=after.grades,
        root=root,
        unknown=tuple(prepared.unknown),
        beside=tuple(tree.child(leaf.index) for leaf in plan.leaves[plan.on_sheet :]),
        ruleset=plan.ruleset,
        prepared=prepared,
    )


def _reached(prepared: Prepared) -> tuple[Decimal, Decimal] | None:
    """The totals, after all rules, of the facts that came nearest to the ends."""
    found = []
    for upwards in (False, True):
        facts = prepared.search.witness.get((ROOT, upwards))
        if facts is None:
            return None
        try:
            found.append(run(prepared.engine.plan, prepared.values(facts), prepared.facts).total)
        except EvaluationError:
            return None
    return found[0], found[1]


def _open_rules(after: Limited) -> Text | None:
    if not after.open:
        return None
    zh, en = "、".join(rule.label.zh for rule in after.open), ", ".join(rule.label.say("en") for rule in after.open)
    return Text(f"以下规则是否触发尚不确定：{zh}", f"whether these rules fire is open: {en}")


class _Tree:
    """Builds the tree of nodes."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.plan = prepared.engine.plan
        self.digits = -self.plan.ruleset.rounding.leaf

    def child(self, child: int | str) -> NodeBounds:
        """The node of a leaf, by number, or of a group, by id."""
        if isinstance(child, int):
            leaf = self.plan.leaves[child]
            return self.node(leaf.leaf.id, leaf.leaf.label, (), leaf)
        group = self.plan.groups[child]
        return self.node(child, group.group.label, tuple(self.child(inner) for inner in group.children))

    def node(
        self, id: str, label: Text, children: tuple[NodeBounds, ...], leaf: PlannedLeaf | None = None
    ) -> NodeBounds:
        """A node from the ranges of the sheet."""
        sheet = self.prepared.sheet
        if id == ROOT and not self.plan.beside_or_scaled:
            award, whole = sheet.total, most_on_sheet(self.plan)
            points = Range(whole, whole)
        else:
            id = id or SHEET
            award, points = sheet.awards[id], sheet.points[id]
        tight = self.prepared.search.reached.get(id) == award
        failing = sheet.failing.get(leaf.index) if leaf else None
        return NodeBounds(
            "total" if id in (ROOT, SHEET) else id,
            label,
            (self.decimal(points.low), self.decimal(points.high)),
            self.decimal(award.low),
            self.decimal(award.high),
            tight,
            None if tight else self.reason(id, leaf),
            None if failing is None else _cause(failing),
            children,
        )

    def decimal(self, quanta: int) -> Decimal:
        """Quanta as points."""
        return Decimal(quanta).scaleb(self.digits)

    def reason(self, id: str, leaf: PlannedLeaf | None) -> Text:
        """Why it is not known that both ends are reached."""
        reached = self.prepared.search.reached.get(id)
        lost = self.prepared.engine.lost(leaf) if leaf else []
        twice = self.prepared.engine.twice[leaf.index] if leaf else self.prepared.engine.shared
        if reached is None:
            found = Text("试算的各种情形都没有得分", "no completion that was tried has a score")
        else:
            low, high = self.decimal(reached.low), self.decimal(reached.high)
            found = Text(f"试算只达到 {low:f} 至 {high:f}", f"completions tried reach only {low:f} to {high:f}")
        if lost:
            zh, en = "；".join(text.zh for text in lost), "; ".join(text.say("en") for text in lost)
            return Text(f"{found.zh}；{zh}", f"{found.say('en')}; {en}")
        if twice:
            labels = [fact.label for fact in self.prepared.engine.plan.ruleset.facts if fact.id in set(twice)]
            zh = "多处用到同一未知数据，推算时各处分别取值：" + "、".join(label.zh for label in labels)
            en = "one unknown fact is read in several places, each taken for itself: " + ", ".join(
                label.say("en") for label in labels
            )
            return Text(f"{found.zh}；{zh}", f"{found.say('en')}; {en}")
        return found


def _cause(error: JmrulesError) -> Text:
    return error.problems[0].message

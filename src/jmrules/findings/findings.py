"""The findings of a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.crossfoot import STATUS_WORDS
from jmrules.errors import EvaluationError, Text
from jmrules.facts import Evidence, Facts, Spot, converter, grounds_of, is_fact_object
from jmrules.feel import Meaning, Vocabulary, exactly
from jmrules.findings.assemble import Assembly
from jmrules.findings.known import known_of
from jmrules.findings.words import UNKNOWN, field_meanings
from jmrules.memo import kept
from jmrules.plan import Derive
from jmrules.rules import conclude, decide, rule_plan, scopes, undecided_problem
from jmrules.ruleset import SCORES, walk
from jmrules.ruleset.rule_texts import BOUNDS, CHECKS, CLAIMS, DOUBTS, HISTORY, RESULT, SHEET, bodies
from jmrules.score import sheet_sum, total_and_grade
from jmrules.score.exact import Scored
from jmrules.trace import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.findings.words import Reader
    from jmrules.plan import Plan
    from jmrules.ruleset import Each, FactDeclaration, Ruleset
    from jmrules.trace import Figure, Finding, LeafTrace

_BASES = {
    "assertion": Text("仅有文字说明", "statements alone"),
    "document": Text("有材料", "documents"),
    "figure": Text("有数据", "figures"),
    "verified": Text("经复核", "verified"),
}
_SHEET_FIELDS = {
    "label": Meaning(Text("指标", "indicator")),
    "label_en": Meaning(Text("指标", "indicator")),
    "points": Meaning(Text("分值", "points")),
    "awarded": Meaning(Text("得分", "points awarded")),
    "rate": Meaning(Text("得分率", "award rate"), "ratio"),
    "claimed": Meaning(Text("自评得分", "points claimed")),
    "basis": Meaning(Text("依据", "what it rests on"), values=_BASES),
    "on_assertion": Meaning(Text("仅有文字说明的得分", "points on assertion alone")),
    "in_doubt": Meaning(Text("存疑的得分", "points on doubtful figures")),
    "lacking": Meaning(Text("缺少的佐证材料", "documents lacking")),
}
_CHECK_FIELDS = {
    "id": Meaning(Text("编号", "id")),
    "declared": Meaning(Text("评分办法所列", "one of the ruleset's")),
    "kind": Meaning(Text("类别", "kind")),
    "label": Meaning(Text("核对", "check")),
    "label_en": Meaning(Text("核对", "check")),
    "item": Meaning(Text("项", "item")),
    "status": Meaning(Text("结果", "result"), values={status: words[0] for status, words in STATUS_WORDS.items()}),
    "stated": Meaning(Text("所述", "stated")),
    "stated_en": Meaning(Text("所述", "stated")),
    "computed": Meaning(Text("核算", "computed")),
    "computed_en": Meaning(Text("核算", "computed")),
    "said": Meaning(Text("各数", "the figures")),
    "said_en": Meaning(Text("各数", "the figures")),
    "ask": Meaning(Text("请说明", "to ask")),
    "ask_en": Meaning(Text("请说明", "to ask")),
    "doubtful": Meaning(Text("使所涉事实存疑", "casts doubt on facts")),
}
_HISTORY_FIELDS = {
    "fiscal_year": Meaning(Text("年度", "fiscal year"), plain=True),
    "stage": Meaning(Text("阶段", "stage")),
    "total": Meaning(Text("得分", "total")),
    "grade": Meaning(Text("等级", "grade")),
}


@exactly
def findings_of(scored: Scored, leaves: tuple[LeafTrace, ...]) -> tuple[Finding, ...]:
    """What follows from a score whose leaves are these.
    Raises:
        EvaluationError: signals that cannot be decided and do not say what then holds, or messages that read what is
            undefined; all of them.
    """
    plan = scored.plan
    ruleset = plan.ruleset
    body = bodies(ruleset)[0]
    rules = rule_plan(body)
    outcome = scored.outcome
    before = total_and_grade(plan, sheet_sum(plan, outcome.awards, outcome.allocation.quanta))
    known = known_of(Scored(*before, plan, scored.given, outcome), leaves)
    decided = decide(body, [signal for signal in body.signals if signal.id in rules.given], known)
    if decided.undecided:
        raise EvaluationError(
            [undecided_problem(body, atom, error, ruleset.source) for atom, error in decided.undecided.items()]
        )
    items = {rule.each.of: len(scopes(rule.each, known)) for rule in body.rules if rule.each is not None}
    atoms = decided.holding | conclude(rules, decided.holding, items)
    figures = Figures(plan, scored.facts)
    return Assembly(body, ruleset.source, known, atoms, vocabulary_of(ruleset), figures).findings()


@kept
def vocabulary_of(ruleset: Ruleset) -> Vocabulary:
    """What signals and messages are put into words with."""
    fields = {**field_meanings(ruleset.facts), SHEET: _SHEET_FIELDS, HISTORY: _HISTORY_FIELDS, CHECKS: _CHECK_FIELDS}
    return Vocabulary(_meanings(ruleset), fields)


def _meanings(ruleset: Ruleset) -> Mapping[str, Meaning]:
    """What the names that signals read mean to readers."""
    found = dict(meanings(ruleset))
    words = {"awarded": ("得分", "points awarded"), "points": ("分值", "points"), "rate": ("得分率", "award rate")}
    ends = {
        "low": ("只凭数据至少可得", "least on figures alone"),
        "high": ("只凭数据至多可得", "greatest on figures alone"),
    }
    for _, node in walk(ruleset.indicators):
        label = node.label
        found[f"{CLAIMS}.indicators.{node.id}"] = Meaning(
            Text(f"{label.zh}自评得分", f"points claimed for {label.say('en')}")
        )
        for end, (zh, en) in ends.items():
            found[f"{BOUNDS}.indicators.{node.id}.{end}"] = Meaning(Text(f"{label.zh}{zh}", f"{label.say('en')}: {en}"))
        for member, (zh, en) in words.items():
            unit = "ratio" if member == "rate" else None
            found[f"{SCORES}.{node.id}.{member}"] = Meaning(Text(f"{label.zh}{zh}", f"{en} of {label.say('en')}"), unit)
    return found | {
        f"{CLAIMS}.total": Meaning(Text("自评总分", "claimed total")),
        f"{CLAIMS}.grade": Meaning(Text("自评等级", "claimed grade")),
        f"{DOUBTS}.over_claimed": Meaning(Text("自评高于应得的分数", "points claimed too high")),
        f"{DOUBTS}.under_claimed": Meaning(Text("自评低于应得的分数", "points claimed too low")),
        f"{DOUBTS}.on_assertion": Meaning(Text("仅有文字说明的得分", "points on assertion alone")),
        f"{DOUBTS}.in_doubt": Meaning(Text("存疑的得分", "points on doubtful figures")),
        f"{RESULT}.total": Meaning(Text("总分", "total")),
        f"{RESULT}.fiscal_year": Meaning(Text("评价年度", "fiscal year"), plain=True),
        CHECKS: Meaning(Text("勾稽核对", "cross-footing")),
        f"{RESULT}.grade": Meaning(Text("等级", "grade")),
        HISTORY: Meaning(Text("以往复核结果", "earlier reviewed results")),
        f"{BOUNDS}.total.low": Meaning(Text("只凭数据至少可得", "least total on figures alone")),
        f"{BOUNDS}.total.high": Meaning(Text("只凭数据至多可得", "greatest total on figures alone")),
        SHEET: Meaning(Text("各项指标的得分和依据", "the indicators' scores and what they rest on")),
    }


class Figures:
    """The figures behind a name: of a derived value, those that it was computed from too."""

    def __init__(self, plan: Plan, facts: Facts | Mapping[str, Any]) -> None:
        self._given: Mapping[str, Any] = facts.given if isinstance(facts, Facts) else facts
        self._facts = {fact.id: fact for fact in plan.ruleset.facts}
        self._grounds = grounds_of(plan.ruleset, facts)
        self._steps = {step.derived.id: step for step in (*plan.first, *plan.then) if isinstance(step, Derive)}

    def __call__(self, reader: Reader, name: str, each: Each | None, item: int | None) -> Iterator[Figure]:
        head, _, member = name.partition(".")
        if head in self._facts:
            yield self._known(reader.figure(head), self._given.get(head), self._facts[head], Spot(head))
        elif each is not None and item is not None and head == each.name and each.of in self._facts:
            field = next((part for part in self._facts[each.of].item if part.id == member), None)
            given: Any = self._given.get(each.of)
            rows = given.get("value", ()) if is_fact_object(given) else given
            if field is None or not 0 <= item < len(rows):
                # Of a list of which only the length is known, there is nothing to look up.
                yield reader.figure(name)
            else:
                spot = Spot(each.of).field(given, item, member)
                yield self._known(reader.figure(name), rows[item].get(member), field, spot)
        else:
            yield reader.figure(name)
            for path in self._steps[head].call.expression.names if head in self._steps else ():
                yield from self(reader, ".".join(path), None, None)

    def _known(self, figure: Figure, given: Any, declaration: FactDeclaration, spot: Spot) -> Figure:
        """The figure with how it is known, if it is, and where it can be looked up."""
        evidence = given.get("evidence", ()) if is_fact_object(given) else ()
        structured = converter().structure(evidence, tuple[Evidence, ...])
        basis = None if figure.type == UNKNOWN else self._grounds.of(declaration, given, spot=spot)
        return evolve(figure, basis=basis, evidence=structured)

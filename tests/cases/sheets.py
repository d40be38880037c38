"""Small rulesets for tests: one leaf of each method, and cases made from what they score."""

from decimal import Decimal as D

from hypothesis import settings

from jmrules import evaluate, load_facts, load_ruleset
from jmrules.cases.cases import Case, Expected
from jmrules.cases.run import awards, outcome_of
from jmrules.documents import document_of

#: for properties that load many rulesets an example: a quarter of the profile's examples
FEWER = settings(max_examples=max(10, settings.default.max_examples // 4))


def text(zh):
    return {"zh": zh, "en": zh}


def number(**more):
    return {"type": "number", "label": text("数"), **more}


ITEM = {
    "target": number(optional=True, **{"in": "> 0"}),
    "actual": number(optional=True, **{"in": ">= 0"}),
    "share": number(optional=True, **{"in": "[0..1]"}),
    "weight": number(**{"in": ">= 0"}),
    "less": {"type": "boolean", "optional": True, "label": text("越低越好")},
    "low": {"type": "boolean", "optional": True, "label": text("偏低")},
}
ITEMS = {"type": "list", "label": text("指标"), "item": ITEM}

COMPLETION = {
    "kind": "completion",
    "items": "items",
    "share": "share",
    "weight": "weight",
    "less_is_better": "less",
    "over_achievement": {"when": "low", "tolerance": D("0.3")},
    "item_rounding": 1,
}
ONE = {
    "target": D(10), "actual": D(10), "share": None, "weight": D(1), "less": None, "low": None,
}  # fmt: skip

#: name -> facts declared, method, one set of facts
METHODS = {
    "ratio": ({"x": number()}, {"kind": "ratio", "value": "x"}, {"x": D("0.5")}),
    "completion": ({"items": ITEMS}, COMPLETION, {"items": [ONE]}),
    "bands": (
        {"x": number(), "y": number(**{"in": "> 0"})},
        {
            "kind": "bands",
            "value": "x / y",
            "bands": [{"in": "<= 0.1", "share": 1}, {"in": "(0.1..0.2]", "share": D("0.5")}, {"in": "> 0.2", "share": 0}],
        },
        {"x": D(3), "y": D(100)},
    ),
    "otherwise": (
        {"x": number(**{"in": "[0..5]"})},
        {"kind": "bands", "value": "x", "bands": [{"in": "2", "points": 10}], "otherwise": {"points": 4}},
        {"x": D(2)},
    ),
    "steps": (
        {"x": number(**{"in": ">= 0"})},
        {
            "kind": "steps", "value": "x", "bound": D("0.1"), "direction": "above", "step": D("0.01"), "loss": 1,
            "partial": "ignore",
        },
        {"x": D("0.05")},
    ),
    "deductions": (
        {"a": number(decimals=0, **{"in": ">= 0"}), "b": number(decimals=0, **{"in": ">= 0"})},
        {
            "kind": "deductions",
            "items": [
                {"id": "some", "label": text("甲"), "count": "a", "loss": 2, "at_most": 6},
                {"id": "more", "label": text("乙"), "count": "b", "loss": 1},
            ],
        },
        {"a": D(0), "b": D(0)},
    ),
    "checklist": (
        {"a": {"type": "boolean", "label": text("甲")}, "day": {"type": "date", "label": text("日")}},
        {
            "kind": "checklist",
            "items": [
                {"id": "first", "label": text("甲"), "when": "a", "points": 4},
                {"id": "second", "label": text("乙"), "when": 'day <= date("2024-12-31")', "points": 6},
            ],
        },
        {"a": True, "day": "2024-05-01"},
    ),
    "levels": (
        {"level": {"type": "string", "label": text("等次"), "in": '"good", "poor"'}, "chosen": number(**{"in": "[0..1]"})},
        {
            "kind": "levels", "level": "level", "chosen": "chosen",
            "levels": [
                {"id": "good", "label": text("好"), "range": [D("0.8"), 1]},
                {"id": "poor", "label": text("差"), "share": 0},
            ],
        },
        {"level": "good", "chosen": D("0.9")},
    ),
    "interpolate": (
        {"x": number()},
        {
            "kind": "interpolate", "value": "x",
            "knots": [{"at": 0, "share": 0}, {"at": 1, "share": D("0.4")}, {"at": 3, "share": 1}],
        },
        {"x": D("0.5")},
    ),
    "formula": ({"x": number()}, {"kind": "formula", "points": "2 * x"}, {"x": D(3)}),
}  # fmt: skip


def ruleset_document(facts, method, **more):
    """One leaf of ten points."""
    return {
        "id": "somewhere/department-overall",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "reconstructed",
        "title": text("评分表"),
        "notice": {"issuer": text("财政局")},
        "rounding": {"leaf": 2, "total": 2},
        "grades": [
            {"id": "pass", "label": text("合格"), "in": ">= 6"},
            {"id": "fail", "label": text("不合格"), "in": "< 6"},
        ],
        "facts": facts,
        "indicators": [
            {
                "id": "leaf",
                "label": text("指标"),
                "points": 10,
                "method": method,
                "source": {"status": "stated", "clause": "一"},
                **more,
            }
        ],
    }


def facts_document(facts, **more):
    return {
        "ruleset": "somewhere/department-overall",
        "fiscal_year": 2024,
        "subject": {"name": "某部门"},
        "facts": facts,
        **more,
    }


def one_leaf(kind, **more):
    """A ruleset with one leaf, and facts for it."""
    declared, method, facts = METHODS[kind]
    return load_ruleset(ruleset_document(declared, method, **more)), load_facts(facts_document(facts))


def case_of(ruleset, facts, name="case"):
    """A case that expects what the facts score."""
    evaluation = evaluate(ruleset, facts)
    outcomes = {leaf.leaf.id: outcome_of(evaluation, leaf) for leaf in evaluation.plan.leaves}
    expected = Expected(
        total=evaluation.total,
        grade=evaluation.grade.id,
        indicators=awards(evaluation),
        outcomes={id: outcome for id, outcome in outcomes.items() if outcome != "scored"},
    )
    return Case(name, facts, expected, document_of({}))

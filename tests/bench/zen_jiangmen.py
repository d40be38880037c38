"""The Jiangmen notice of 2024 as a decision of GoRules Zen: JSON text in, JSON text out with Zen's trace and words in two languages.

It does what Zen's language allows: no reasons, no evidence, no findings, and adjustments are taken off the fund as a whole, not project by project.
"""

import json
from itertools import pairwise

import zen

NET = 'sum(map(adjustments, #.accepted != true ? 0 : #.kind in ["addition", "transfer_in"] ? #.amount : -#.amount))'
BUDGET = "(#.budget_adjusted == null ? #.budget_initial : #.budget_adjusted)"
DERIVED = {
    "execution_rate_raw": "outturn / budget_initial",
    "adjustments_net": f"adjustments == null ? 0 : {NET}",
    "additions_counted": "added_by_policy == null ? added_mid_year : added_mid_year - added_by_policy",
    "addition_ratio": "$.additions_counted / budget_initial",
    "special_funds": "count(projects, #.special_fund == true)",
    "fund_budget_initial": "sum(map(projects, #.special_fund == true ? #.budget_initial : 0))",
    "fund_budget": f"sum(map(projects, #.special_fund == true ? {BUDGET} : 0))",
    "fund_outturn": "sum(map(projects, #.special_fund == true ? #.outturn : 0))",
    "fund_budget_net": "max([$.fund_budget + $.adjustments_net, $.fund_outturn])",
    "fund_execution_rate": "$.fund_budget_net == 0 ? 1 : $.fund_outturn / $.fund_budget_net",
    "large_balances": f"$.adjustments_net != 0 ? 0 : count(projects, 0.9 * {BUDGET} > #.outturn)",
}
MET = (
    "(#.target != null and #.actual != null"
    " ? (#.less_is_better == true ? min([1, #.target / #.actual]) : min([1, #.actual / #.target])) : #.share)"
)


def _checklist(*items):
    return " + ".join(f"({condition} ? {points} : 0)" for points, condition in items)


def _deductions(points, *items):
    return f"max([0, {points} - {' - '.join(items)}])"


OPEN = "#.classified != true"
LEAVES = {
    "output_completion": f"15 * sum(map(outputs, {MET})) / len(outputs)",
    "benefit_completion": f"15 * sum(map(benefits, {MET})) / len(benefits)",
    "fund_completion": f"10 * sum(map(fund_targets, {MET} * #.weight)) / sum(map(fund_targets, #.weight))",
    "fund_expenditure": "10 * min([1, d.fund_execution_rate])",
    "budget_rationality": _checklist(
        (2, "projects_without_basis == 0"),
        (2, "allocation_rule_written"),
        (2, "detailed_share >= 0.9"),
        (2, "internal_transfers <= 3"),
    ),
    "new_project_appraisal": "len(new_projects) > 0 ? 2 * count(new_projects, #.appraised == true) / len(new_projects) : 2",
    "target_rationality": _checklist(
        (1.5, "targets_outside_duties == 0"),
        (1, "targets_outside_plan == 0"),
        (1, "targets_without_tasks == 0"),
        (1.5, "targets_without_budget == 0"),
    ),
    "indicator_clarity": _deductions(
        5,
        "(len(benefits) == 0 ? 2 : 0)",
        "min([2, indicators_unmeasurable])",
        "min([2, 0.5 * indicators_unquantified])",
        "min([2, 0.5 * targets_ungrounded])",
    ),
    "input_cost": _deductions(
        7,
        "min([3, projects_without_cost_argument])",
        "min([3, over_standard_cases])",
        "min([3, d.large_balances])",
    ),
    "cost_control": _checklist(
        *((1, f'count(cost_rules, #.area == "{area}") > 0') for area in ("finance", "procurement", "internal_control")),
        (2, "cost_review_held"),
        (2, "budget_cut_after_review"),
    ),
    "budget_constraint": "d.addition_ratio <= 0.1 ? 2 : d.addition_ratio <= 0.2 ? 1 : d.addition_ratio <= 0.3 ? 0.5 : 0",
    "financial_compliance": 'count(finance_problems, #.severity == "grave") > 0 ? 0 : '
    + _deductions(
        4,
        'count(finance_problems, #.severity == "serious")',
        '0.5 * count(finance_problems, #.severity == "minor")',
    ),
    "performance_system": _checklist(
        (1, 'count(performance_rules, date(#.issued) <= date("2024-12-31")) > 0'),
        *(
            (points, f"count(performance_rules, #.{area} == true) > 0")
            for points, area in (
                (0.75, "covers_targets"),
                (0.75, "covers_monitoring"),
                (0.75, "covers_evaluation"),
                (0.75, "covers_application"),
                (1, "assigns_duties"),
            )
        ),
    ),
    "result_application": _checklist(
        (1, "results_used_in_budget"),
        (1, "monitoring_quarters_on_time >= 4"),
        (1, "rectifications_on_time >= rectifications_required"),
    ),
    "budget_disclosure": _deductions(
        1,
        f"0.5 * count(disclosures, {OPEN} and #.declared_on_time != true)",
        f"0.25 * count(disclosures, {OPEN} and #.content_gaps > 0)",
        f"0.25 * count(disclosures, {OPEN} and #.proper_place != true)",
    ),
    "performance_disclosure": _checklist((0.5, "targets_published"), (0.5, "self_evaluation_published")),
}


def _expressions(name, values, path):
    pairs = [{"id": f"{name}{index}", "key": key, "value": value} for index, (key, value) in enumerate(values.items())]
    return name, "expressionNode", {"expressions": pairs, "passThrough": True, "outputPath": path}


def _graph(labels):
    words = {f"{id}.{language}": label[language] for id, label in labels.items() for language in ("zh", "en")}
    total = {
        "total": " + ".join(f"round(s.{id}, 2)" for id in LEAVES),
        "grade": "$.total >= 90 ? 'excellent' : $.total >= 80 ? 'good' : $.total >= 60 ? 'fair' : 'poor'",
    }
    nodes = [
        ("facts", "inputNode", {}),
        _expressions("derive", DERIVED, "d"),
        _expressions("leaves", LEAVES, "s"),
        *([_expressions("words", words, "w")] if words else []),
        _expressions("total", total, "r"),
        ("result", "outputNode", {}),
    ]
    return {
        "nodes": [
            {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}
            for name, kind, content in nodes
        ],
        "edges": [
            {"id": f"{one[0]}-{other[0]}", "type": "edge", "sourceId": one[0], "targetId": other[0]}
            for one, other in pairwise(nodes)
        ],
    }


def _plain(given):
    value = given.get("value") if isinstance(given, dict) else given
    if isinstance(given, dict) and given.get("unit") == "%":
        value /= 100
    return [{name: _plain(part) for name, part in item.items()} for item in value] if isinstance(value, list) else value


def facts_text(document, declarations):
    """The facts as Zen takes them: bare values in declared units, null where none is given."""
    facts = {name: _plain(given) for name, given in document["facts"].items()}
    for name, declaration in declarations.items():
        facts.setdefault(name, None)
        for item in facts[name] or () if declaration["type"] == "list" else ():
            for part in declaration["item"]:
                item.setdefault(part, None)
    return json.dumps(facts, ensure_ascii=False)


def decision(labels=None):
    """A function from facts as a text to the result with its trace as a text; in words too where ``labels`` are given."""
    words = {
        id: {"zh": f"`{label['zh']}得 ${{string(s.{id})}} 分`", "en": f"`{label['en']}: ${{string(s.{id})}} points`"}
        for id, label in (labels or {}).items()
        if id in LEAVES
    }
    made = zen.ZenEngine().create_decision(json.dumps(_graph(words)))
    return lambda text: json.dumps(made.evaluate(json.loads(text), {"trace": True}), ensure_ascii=False)

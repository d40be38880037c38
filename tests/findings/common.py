"""Rulesets with rules, and rules by themselves, generated."""

from copy import deepcopy

from hypothesis import strategies as st

from jmrules.rules.plan import Need, PlannedRule, RulePlan

STATED = {"status": "stated", "clause": "第一条"}
GRADES = [
    {"id": "good", "label": {"zh": "优", "en": "good"}, "in": ">= 90"},
    {"id": "fair", "label": {"zh": "中", "en": "fair"}, "in": "[60..90)"},
    {"id": "poor", "label": {"zh": "差", "en": "poor"}, "in": "< 60"},
]
MONEY = {"type": "number", "unit": "CNY_10k"}
PROJECT = {"as": "project", "of": "projects", "by": "name"}

BASE = {
    "id": "somewhere/department-overall",
    "fiscal_year": 2024,
    "revision": "1.0.0",
    "status": "reconstructed",
    "title": {"zh": "评分"},
    "notice": {"issuer": {"zh": "财政局"}},
    "rounding": {"leaf": 2, "total": 2},
    "grades": GRADES,
    "facts": {
        "budget": {**MONEY, "label": {"zh": "预算", "en": "budget"}},
        "spent": {**MONEY, "label": {"zh": "支出", "en": "spent"}},
        "problem": {"type": "boolean", "label": {"zh": "审计问题", "en": "audit problem"}},
        "projects": {
            "type": "list",
            "label": {"zh": "项目", "en": "projects"},
            "item": {
                "name": {"type": "string", "label": {"zh": "名称"}},
                "budget": {**MONEY, "label": {"zh": "预算", "en": "budget"}},
                "spent": {**MONEY, "label": {"zh": "支出", "en": "spent"}},
            },
        },
    },
    "derived": {
        "rate": {"value": "spent / budget", "unit": "ratio", "label": {"zh": "支出率", "en": "execution rate"}}
    },
    "indicators": [
        {
            "id": "execution",
            "points": 100,
            "label": {"zh": "执行率", "en": "execution"},
            "method": {"kind": "ratio", "value": "rate"},
            "source": STATED,
        }
    ],
    "signals": {
        "slow": {"when": "rate < 0.95", "label": {"zh": "支出率低于 95%", "en": "execution under 95 %"}},
        "audit": {"when": "problem", "label": {"zh": "审计发现问题", "en": "audit problem"}},
        "lagging": {
            "each": PROJECT,
            "when": "project.spent < 0.5 * project.budget",
            "label": {"zh": "项目支出不到一半", "en": "less than half spent"},
        },
    },
    "rules": [
        {
            "id": "project_lags",
            "label": {"zh": "项目滞后", "en": "project lags"},
            "each": PROJECT,
            "when": {"all": ["lagging"]},
            "then": {
                "severity": "serious",
                "message": {
                    "zh": "{project.name}支出 {project.spent}，占 {project.spent / project.budget|ratio}",
                    "en": "{project.name}: {project.spent / project.budget|ratio} {{of it}} spent",
                },
            },
            "source": STATED,
        },
        {
            "id": "slow_alone",
            "label": {"zh": "支出慢"},
            "when": {"all": ["slow"], "none": ["project_lags"]},
            "then": {"severity": "minor", "message": {"zh": "支出率 {rate}"}},
            "source": STATED,
        },
        {
            "id": "key_review",
            "label": {"zh": "重点复核"},
            "when": {"at_least": {"number": 3, "severity": "serious"}},
            "then": {"severity": "info", "message": {"zh": "三项较重"}, "escalation": {"to": {"zh": "财政局"}}},
            "source": STATED,
        },
        {
            "id": "follow_up",
            "label": {"zh": "跟踪"},
            "when": {"all": ["key_review"]},
            "then": {
                "severity": "info",
                "message": {"zh": "跟踪"},
                "rectification": {"demand": {"zh": "说明支出率 {rate}"}, "days": 30},
            },
            "source": STATED,
        },
        {
            "id": "audit_cap",
            "label": {"zh": "审计限制"},
            "when": {"any": ["audit"]},
            "then": {"severity": "grave", "message": {"zh": "等级至多为中"}, "cap": {"grade": "fair"}},
            "source": STATED,
        },
    ],
}
FACTS = {
    "budget": 100,
    "spent": 97,
    "problem": True,
    "projects": [
        {"name": "甲", "budget": 50, "spent": 10},
        {"name": "乙", "budget": 40, "spent": 39},
        {"name": "丙", "budget": 10, "spent": 1},
    ],
}


def base():
    return deepcopy(BASE)


def rule(id, when, severity="minor", **then):
    """A rule of the document's form."""
    return {
        "id": id,
        "label": {"zh": id},
        "when": when,
        "then": {"severity": severity, "message": {"zh": id}, **then},
        "source": STATED,
    }


DOMAINS = st.sampled_from((None, None, "rows", "columns"))


@st.composite
def rule_plans(draw):
    """Rules in strata over signals of things and of items; with the signals' lists."""
    signals = {f"s{index}": draw(DOMAINS) for index in range(draw(st.integers(1, 5)))}
    known, strata, rules = dict(signals), {}, []
    for index in range(draw(st.integers(1, 6))):
        domain = draw(DOMAINS)

        def needs(most, domain=domain):
            names = draw(st.lists(st.sampled_from(sorted(known)), max_size=most, unique=True))
            return tuple(
                Need(name, known[name] is not None and known[name] == domain, known[name] is not None) for name in names
            )

        parts = {"all": needs(2), "any": needs(2), "none": needs(2)}
        counted = needs(4)
        if not counted and not any(parts.values()):
            parts["none"] = needs(1)
        helped = [strata.get(need.name, 0) for need in (*parts["all"], *parts["any"], *counted)]
        stopped = [strata[need.name] + 1 for need in parts["none"] if need.name in strata]
        id = f"r{index}"
        strata[id], known[id] = max((0, *helped, *stopped)), domain
        number = draw(st.integers(1, 3)) if counted else 0
        rules.append(PlannedRule(id=id, stratum=strata[id], domain=domain, number=number, counted=counted, **parts))
    return RulePlan(tuple(rules), max(strata.values()) + 1), signals


@st.composite
def holdings(draw, signals):
    """Lists' lengths, and the signals that hold."""
    items = {"rows": draw(st.integers(0, 3)), "columns": draw(st.integers(0, 2))}
    possible = [
        (name, item)
        for name, domain in signals.items()
        for item in ([None] if domain is None else range(items[domain]))
    ]
    return frozenset(atom for atom in possible if draw(st.booleans())), items

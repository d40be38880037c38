"""The real report, and the same taken at its word: what it does not say filled in as its self-score implies. That is invented, for tests."""

import json
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[2] / "rulesets"
REAL = ROOT / "jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
#: of the adjustments asked for, in their order: all that was not spent
AMOUNTS = ("9783.74", "24.20", "48.00", "0", "520.00")


def at_its_word():
    """The facts document with every unknown filled in, so that everything earns what is claimed."""
    document = json.loads(REAL.read_text("utf-8"), parse_float=Decimal)
    facts = document["facts"]
    told = {"basis": "assertion", "evidence": [{"document": "report", "section": "二（一）"}]}
    for name in ("outputs", "benefits"):
        items = [{"name": f"{name} {number}", "share": 1} for number in range(facts[name]["length"])]
        facts[name] = {"value": items, **told}
    facts["fund_targets"] = {
        "value": [{"name": name, "share": 1, "weight": 1} for name in ("systems", "departments")],
        **told,
    }
    for row, amount in zip(facts["adjustments"]["value"], AMOUNTS, strict=False):
        row.update(amount={"value": Decimal(amount), **told}, accepted={"value": True, **told})
    for name, value in {
        "execution_rate_adjusted": 1,
        "allocation_rule_written": True,
        "detailed_share": 1,
        "targets_published": True,
    }.items():
        facts[name] = {"value": value, **told}
    for name, fact in facts.items():
        if fact.get("unknown"):
            facts[name] = {"value": 0, **told}
    for rule in facts["performance_rules"]["value"] + facts["cost_rules"]["value"]:
        rule["issued"] = {"value": "2024-06-03", **told}
    return document

"""The figures of the real report that cross-footing reads, as data, under the shipped ruleset's checks.

Only what the report states: everything else that the ruleset declares is unknown.
"""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from jmrules import load_facts, load_ruleset

ROOT = Path(__file__).parents[2]


@cache
def ruleset():
    return load_ruleset(ROOT / "rulesets/jiangmen/department-overall/2024.json")


def department(changes=None, **more):
    """The department of the report; ``changes`` replace facts, None takes one away, ``more`` replaces claims or history."""
    document = json.loads((Path(__file__).parent / "report.json").read_text("utf-8"), parse_float=Decimal)
    facts = {**document["facts"], **(changes or {})}
    given = {}
    for declaration in ruleset().facts:
        value = facts.get(declaration.id)
        if value is not None:
            given[declaration.id] = _fitted(declaration, value)
        elif not declaration.optional:
            given[declaration.id] = {"unknown": True}
    return load_facts({**document, "facts": given, **more})


def _fitted(declaration, value):
    """Items with every field that the ruleset declares: what the report does not say of them is unknown."""
    if declaration.type != "list":
        return value
    rows = value.get("value") if isinstance(value, dict) else value
    if rows is None:
        return value
    fitted = [
        {
            part.id: _fitted(part, row[part.id]) if part.id in row else {"unknown": True}
            for part in declaration.item
            if part.id in row or not part.optional
        }
        for row in rows
    ]
    return {**value, "value": fitted} if isinstance(value, dict) else fitted

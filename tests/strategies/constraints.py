"""Cases whose rulesets state relations between facts, and which of them the facts break by the naive reading."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from naive import evaluate
from strategies.builder import Builder
from strategies.expressions import condition, undefined_condition
from strategies.rulesets import cases


@dataclass(frozen=True)
class Constrained:
    """A ruleset with constraints, facts, and the ids of the constraints that these break or leave undecided."""

    ruleset: dict[str, Any]
    facts: dict[str, Any]
    broken: set[str]

    def refusing(self):
        """Ids of the constraints that refuse the facts."""
        return {id for id in self.broken if self.ruleset["constraints"][id]["otherwise"] == "error"}


@st.composite
def constrained(draw, otherwise=("error", "question"), truths=(True, True, False, None)):
    """A generated case with constraints on further facts, meant to hold, to fail, or (None) to be undefined."""
    case = draw(cases(most_leaves=2))
    b = Builder(draw, 2)
    b.status = case.ruleset["status"]
    # Names must differ from those of the case.
    b.name = lambda stem, name=b.name: f"more_{name(stem)}"
    constraints = {}
    for number in range(b.integer(1, 3)):
        truth = b.pick(*truths)
        holds = undefined_condition(b) if truth is None else condition(b, truth)
        made = {"holds": holds, "otherwise": b.pick(*otherwise), "label": b.text(), "source": b.source()}
        when = b.pick(None, None, True, False)
        if when is not None:
            made["when"] = condition(b, when)
        if b.chance(4):
            rows = [{"n": b.number(n)} for n in range(b.integer(0, 3))]
            made["each"] = {"as": "row", "of": b.items({"n": {"type": "number"}}, rows)}
            made["holds"] = f"row.n >= 0 and ({holds})"
        constraints[f"rule_{number}"] = made
    ruleset = {**case.ruleset, "constraints": constraints, "facts": {**case.ruleset["facts"], **b.facts}}
    if b.derived:
        ruleset["derived"] = {**case.ruleset.get("derived", {}), **b.derived}
    facts = {**case.facts, **b.values}
    return Constrained(ruleset, facts, evaluate(ruleset, facts).broken)

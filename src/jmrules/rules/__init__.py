"""What rules take off a score: signals, chaining (durable-rules), caps and vetoes. ``limits.run`` scores and limits.

- ``plan``: rules in strata; ``signals``: which hold; ``chain``: what follows; ``reference``: the same, to hold it against.
- ``bounds``: scores that are possible where facts are unknown, as rules limit them (docs/bounds.md).
- ``columns``: the same for many departments at once.
"""

from jmrules.rules.chain import compiled_part, conclude
from jmrules.rules.known import Known
from jmrules.rules.limits import limited, run
from jmrules.rules.plan import Atom, Need, PlannedRule, RulePlan, rule_plan
from jmrules.rules.signals import decide, scopes, undecided_problem, value_of

__all__ = [
    "Atom",
    "Known",
    "Need",
    "PlannedRule",
    "RulePlan",
    "compiled_part",
    "conclude",
    "decide",
    "limited",
    "rule_plan",
    "run",
    "scopes",
    "undecided_problem",
    "value_of",
]

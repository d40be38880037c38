"""jmrules: a scoring notice as data, a department as data, and a score that anyone can check.

The names below are the public interface. Each is imported when it is first used, so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jmrules.batch.scores import evaluate_table
    from jmrules.compare.impact import Impact, impact
    from jmrules.compare.table import impact_table
    from jmrules.errors import DocumentError, EvaluationError, FactsError, JmrulesError, Problem, RulesetError
    from jmrules.evaluation import Evaluation, evaluate
    from jmrules.facts import Facts, load_facts
    from jmrules.monitor import MonitorError, MonitorSession
    from jmrules.replaying import replay
    from jmrules.rules.bounds.evaluate import bounds
    from jmrules.rules.bounds.result import Bounds
    from jmrules.ruleset import Ruleset, load_ruleset, ruleset_for_date
    from jmrules.ruleset.diff import Difference, diff
    from jmrules.trace import Trace, parse_trace
    from jmrules.whatif.compare import WhatIf, what_if
    from jmrules.whatif.reach import Reach, reach
    from jmrules.whatif.sensitivity import Sensitivity, sensitivity

__all__ = [
    "Bounds",
    "Difference",
    "DocumentError",
    "Evaluation",
    "EvaluationError",
    "Facts",
    "FactsError",
    "Impact",
    "JmrulesError",
    "MonitorError",
    "MonitorSession",
    "Problem",
    "Reach",
    "Ruleset",
    "RulesetError",
    "Sensitivity",
    "Trace",
    "WhatIf",
    "bounds",
    "diff",
    "evaluate",
    "evaluate_table",
    "impact",
    "impact_table",
    "load_facts",
    "load_ruleset",
    "parse_trace",
    "reach",
    "replay",
    "ruleset_for_date",
    "sensitivity",
    "what_if",
]

_HOMES = {
    "jmrules.rules.bounds.evaluate": ("bounds",),
    "jmrules.rules.bounds.result": ("Bounds",),
    "jmrules.batch.scores": ("evaluate_table",),
    "jmrules.evaluation": ("Evaluation", "evaluate"),
    "jmrules.ruleset.diff": ("Difference", "diff"),
    "jmrules.compare.impact": ("Impact", "impact"),
    "jmrules.compare.table": ("impact_table",),
    "jmrules.errors": ("DocumentError", "EvaluationError", "FactsError", "JmrulesError", "Problem", "RulesetError"),
    "jmrules.facts": ("Facts", "load_facts"),
    "jmrules.monitor": ("MonitorError", "MonitorSession"),
    "jmrules.ruleset": ("Ruleset", "load_ruleset", "ruleset_for_date"),
    "jmrules.replaying": ("replay",),
    "jmrules.trace": ("Trace", "parse_trace"),
    "jmrules.whatif.compare": ("WhatIf", "what_if"),
    "jmrules.whatif.reach": ("Reach", "reach"),
    "jmrules.whatif.sensitivity": ("Sensitivity", "sensitivity"),
}
#: functions of many departments at once, which need an extra
_OF_TABLES = ("evaluate_table", "impact_table")
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


# A type checker that saw it would believe every name there is.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOME_OF:
            raise AttributeError(f"module 'jmrules' has no attribute {name!r}")
        if name in _OF_TABLES and (missing := _missing()) is not None:
            return missing
        value = getattr(import_module(_HOME_OF[name]), name)
        globals()[name] = value
        return value

    def _missing() -> Any:
        """What stands for a function of tables where their extra is not installed: it says so when it is called."""
        from jmrules.errors import JmrulesError
        from jmrules.extras import check_installed

        try:
            check_installed()
        except JmrulesError as error:
            problems = error.problems

            def missing(*_: Any, **__: Any) -> Any:
                raise JmrulesError(problems)

            return missing
        return None


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

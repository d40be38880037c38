"""jmrules: a scoring notice as data, a department as data, and a score that anyone can check."""

from jmrules.backends.exact.evaluate import evaluate
from jmrules.backends.exact.result import Evaluation
from jmrules.errors import DocumentError, EvaluationError, FactsError, JmrulesError, Problem, RulesetError
from jmrules.facts import Facts, load_facts
from jmrules.ruleset import Ruleset, load_ruleset

__all__ = [
    "DocumentError",
    "Evaluation",
    "EvaluationError",
    "Facts",
    "FactsError",
    "JmrulesError",
    "Problem",
    "Ruleset",
    "RulesetError",
    "evaluate",
    "load_facts",
    "load_ruleset",
]

"""Claims against computed scores, figures against each other, reviewers' decisions, and what last year left to mend."""

from jmrules.crossfoot.crossfoot import check_results, cross_foot
from jmrules.crossfoot.results import CheckResult

__all__ = ["CheckResult", "check_results", "cross_foot"]

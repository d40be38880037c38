"""A department's figures against each other: what agrees, what does not, and by how much."""

from jmrules.crossfoot.crossfoot import check_results, cross_foot
from jmrules.crossfoot.results import Matter

__all__ = ["Matter", "check_results", "cross_foot"]

"""A ruleset as typed steps in dependency order: the one form that every reading of it shares."""

from jmrules.plan.build import plan_of
from jmrules.plan.decided import with_awards
from jmrules.plan.model import Call, Derive, Plan, PlannedConstraint, PlannedLeaf, Score, Step

__all__ = ["Call", "Derive", "Plan", "PlannedConstraint", "PlannedLeaf", "Score", "Step", "plan_of", "with_awards"]

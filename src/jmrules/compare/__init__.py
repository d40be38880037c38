"""Two rulesets side by side: what differs, and what that does to departments."""

from jmrules.compare.diff import Difference, diff
from jmrules.compare.impact import Impact, impact

__all__ = ["Difference", "Impact", "diff", "impact"]

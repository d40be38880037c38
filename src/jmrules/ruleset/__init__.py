"""A notice as data: the document, its checks, its model, and where it is found."""

from jmrules.ruleset.load import load_ruleset, parse_ruleset, ruleset_for_date
from jmrules.ruleset.model import Ruleset

__all__ = ["Ruleset", "load_ruleset", "parse_ruleset", "ruleset_for_date"]

"""A department as data: facts with units, basis and evidence, and their fit to a ruleset."""

from jmrules.facts.load import load_facts, parse_facts
from jmrules.facts.model import Facts

__all__ = ["Facts", "load_facts", "parse_facts"]

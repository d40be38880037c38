"""Hypothesis strategies for rulesets that are valid, with facts that fit them, and for what goes wrong with both."""

from strategies.broken import broken_rulesets, mangled
from strategies.constraints import Constrained, constrained
from strategies.documents import facts_documents, json_text, shuffled
from strategies.methods import METHODS
from strategies.monotone import Improvement, improvements
from strategies.rulesets import Case, cases

KINDS = tuple(METHODS)

__all__ = [
    "KINDS",
    "Case",
    "Constrained",
    "Improvement",
    "broken_rulesets",
    "cases",
    "constrained",
    "facts_documents",
    "improvements",
    "json_text",
    "mangled",
    "shuffled",
]

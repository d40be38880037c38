"""Signals, findings and limits of many departments at once."""

from jmrules.rules.columns.findings import Found, unknown
from jmrules.rules.columns.score import Filled, score

__all__ = ["Filled", "Found", "score", "unknown"]

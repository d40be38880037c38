"""A second opinion on scores: docs/ruleset.md read as plainly as possible, on fractions.Fraction.

It imports nothing from jmrules, takes a ruleset document and facts that are known to be valid, and is neither fast nor
kind to bad input. Where it and the engine differ, docs/ruleset.md decides.
"""

from naive.score import Outcome, Scored, Scoring, evaluate
from naive.sheet import NothingApplies, points_on_sheet, round_to, share_out

__all__ = ["NothingApplies", "Outcome", "Scored", "Scoring", "evaluate", "points_on_sheet", "round_to", "share_out"]

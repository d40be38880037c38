"""One department, exactly: facts in slots, slots to shares, shares to points. ``evaluate.score`` is the way in."""

from jmrules.score.exact.evaluate import score
from jmrules.score.exact.read import Names, Poison, careful, placing
from jmrules.score.exact.rescore import Rescoring
from jmrules.score.exact.result import Limit, Outcome, Scored, slots_of

__all__ = ["Limit", "Names", "Outcome", "Poison", "Rescoring", "Scored", "careful", "placing", "score", "slots_of"]

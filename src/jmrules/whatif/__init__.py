"""What another figure would do to a score, and what it takes to reach one: what-if, reach, sensitivity.

Built on exact evaluation, which has the last word on every answer, and on bounds, which rule out what cannot be. See
docs/what-if.md.
"""

from jmrules.whatif.compare import WhatIf, what_if
from jmrules.whatif.reach import Reach, reach
from jmrules.whatif.sensitivity import Sensitivity, sensitivity

__all__ = ["Reach", "Sensitivity", "WhatIf", "reach", "sensitivity", "what_if"]

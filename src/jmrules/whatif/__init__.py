"""What another figure would do to a score, and what it takes to reach one: what-if, reach, sensitivity.

Built on exact evaluation, which has the last word on every answer, and on bounds, which rule out what cannot be. See
docs/what-if.md.
"""

from jmrules.whatif.changes import Change, Open
from jmrules.whatif.compare import WhatIf, what_if
from jmrules.whatif.document import reach_document, sensitivity_document, what_if_document
from jmrules.whatif.goal import GoalError
from jmrules.whatif.paths import declaration_of, parse_path
from jmrules.whatif.reach import Reach, reach
from jmrules.whatif.sensitivity import Effect, Sensitivity, sensitivity
from jmrules.whatif.unknown import OpenWhatIf, open_what_if

__all__ = [
    "Change",
    "Effect",
    "GoalError",
    "Open",
    "OpenWhatIf",
    "Reach",
    "Sensitivity",
    "WhatIf",
    "declaration_of",
    "open_what_if",
    "parse_path",
    "reach",
    "reach_document",
    "sensitivity",
    "sensitivity_document",
    "what_if",
    "what_if_document",
]

"""What helps to write rulesets: a canonical layout, and a start."""

from jmrules.authoring.layout import laid_out
from jmrules.authoring.scaffold import scaffold, scaffold_overlay

__all__ = ["laid_out", "scaffold", "scaffold_overlay"]

"""The scores that are possible where facts are unknown, lie between bounds, or rest on too little; see docs/bounds.md."""

from jmrules.rules.bounds.evaluate import bounds
from jmrules.rules.bounds.result import Bounds, NodeBounds, bounds_document

__all__ = ["Bounds", "NodeBounds", "bounds", "bounds_document"]

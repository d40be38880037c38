"""A scored leaf in the words of its method: the branches taken, what was earned, what was lost and why."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from jmrules.methods import method_of

if TYPE_CHECKING:
    from jmrules.methods import Told
    from jmrules.trace.view import View


def explain(view: View, share: Fraction) -> Told:
    """The words of a scored leaf; its expressions are read through ``view``. Raises the error of what is undefined."""
    fields = view.leaf.leaf.method
    return method_of(fields).explain(view, fields, view.leaf.shape, share)


def branch(view: View, share: Fraction) -> str:
    """The keys of the branches taken by a scored leaf, joined by +."""
    fields = view.leaf.leaf.method
    return "+".join(dict.fromkeys(method_of(fields).taken(fields, view.leaf.shape, view.read, share)))


def read(view: View) -> None:
    """Read what :func:`explain` reads of a scored leaf, without the words."""
    view.leaf.shape.path(view.read)

"""A scored leaf in the words of its method: the branches taken, what was earned, what was lost and why."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.methods import method_of

if TYPE_CHECKING:
    from jmrules.methods.base import Told
    from jmrules.methods.shapes import Call
    from jmrules.trace.view import View


@frozen
class Explained:
    """What an explanation adds to a share."""

    #: the keys of the branches taken, joined by +
    branch: str
    told: Told


def explain(view: View, share: Fraction) -> Explained:
    """The words of a scored leaf; its expressions are read through ``view``. Raises the error of what is undefined."""
    fields, shape = view.leaf.leaf.method, view.leaf.shape
    method = method_of(fields)
    told = method.explain(view, fields, shape, share)
    values = {id(call): value for call, value in view.found}

    def value(call: Call) -> Any:
        return values[id(call)] if id(call) in values else view.read(call)

    return Explained("+".join(dict.fromkeys(method.taken(fields, shape, value, share))), told)


def read(view: View) -> None:
    """Read what :func:`explain` reads of a scored leaf, without the words."""
    view.leaf.shape.path(view.read)

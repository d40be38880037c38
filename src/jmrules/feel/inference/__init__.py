"""Types, problems and reads of a tree, before it is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.feel.inference import calls, names, operators, structures
from jmrules.feel.inference.analysis import Analysis, Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.feel.tree import Node
    from jmrules.feel.types import Type

__all__ = ["Analysis", "analyse", "calls", "free_names", "names", "operators", "structures"]


def analyse(tree: Node, text: str = "", types: Mapping[str, Type] | None = None) -> Analysis:
    """The types of all nodes, given the types of the outer names; without ``types`` any name may be anything."""
    analysis = Analysis(text, types)
    analysis.type(tree, Environment({}))
    return analysis


def free_names(tree: Node, types: Mapping[str, Type] | None = None) -> tuple[tuple[str, ...], ...]:
    """The names that ``tree`` reads from outside, each with the members read of it, in order of first occurrence.

    ``a + scores.x.awarded`` gives ``(("a",), ("scores", "x", "awarded"))``. Names that the expression introduces
    itself are left out, and so is ``?`` of unary tests. In a filter, a bare name may be a member of the item or an
    outer name; it is reported unless ``types`` say that it is a member. With types, a path goes no further than the
    declared contexts do: of ``start.year``, where start is a date, ``("start",)`` is reported.
    """
    return tuple(analyse(tree, "", types).reads)

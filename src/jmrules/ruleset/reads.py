"""Which facts an indicator can read, on whatever branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.memo import kept
from jmrules.ruleset.expressions import SCORES, analyse
from jmrules.ruleset.model import Group, Leaf, leaves, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.ruleset.model import Node, Ruleset


@kept
def nodes(ruleset: Ruleset) -> tuple[tuple[str, Node], ...]:
    """Every indicator with its JSON pointer, parents before children: :func:`walk`, gone once."""
    return tuple(walk(ruleset.indicators))


@kept
def leaves_below(ruleset: Ruleset) -> Mapping[str, tuple[str, ...]]:
    """Of each indicator, the ids of the leaves that it consists of, itself or those below it."""
    return {node.id: tuple(leaf.id for leaf in leaves((node,))) for _, node in nodes(ruleset)}


@kept
def reading_facts(ruleset: Ruleset) -> Mapping[str, tuple[str, ...]]:
    """Of each indicator, the facts that its expressions name, directly, through derived values, or through scores.

    What a department declares of a derived value counts with it: where figures leave the value open, it narrows it.
    """
    analysis = analyse(ruleset)
    derived = {
        item.id: (
            *analysis.expressions[f"/derived/{item.id}/value"].names,
            *(() if item.declared is None else ((item.declared,),)),
        )
        for item in ruleset.derived
    }
    nodes = dict(_pointers(ruleset))
    own = {
        node.id: [
            path
            for at, compiled in analysis.expressions.items()
            if isinstance(node, Leaf) and at.startswith(f"{pointer}/")
            for path in compiled.names
        ]
        for node, pointer in nodes.values()
    }
    facts = [fact.id for fact in ruleset.facts]

    def read(id: str) -> set[str]:
        found: set[str] = set()
        waiting: list[tuple[str, ...]] = [("", id)]
        seen: set[tuple[str, ...]] = set()
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            if path[0] == "":
                node = nodes[path[1]][0]
                waiting += [("", child.id) for child in node.children] if isinstance(node, Group) else []
                waiting += own[path[1]]
            elif path[0] == SCORES:
                waiting += [("", name) for name in path[1:2] if name in nodes]
            else:
                found.add(path[0])
                waiting += derived.get(path[0], ())
        return found

    return {id: tuple(name for name in facts if name in names) for id in nodes for names in (read(id),)}


def _pointers(ruleset: Ruleset) -> Iterator[tuple[str, tuple[Node, str]]]:
    for pointer, node in walk(ruleset.indicators):
        yield node.id, (node, pointer)


@kept
def _direct(ruleset: Ruleset) -> frozenset[str]:
    """Derived values that leaves name themselves."""
    analysis = analyse(ruleset)
    pointers = tuple(f"{pointer}/" for _, (node, pointer) in _pointers(ruleset) if isinstance(node, Leaf))
    return frozenset(
        path[0] for at, compiled in analysis.expressions.items() if at.startswith(pointers) for path in compiled.names
    ) & {item.id for item in ruleset.derived}


@kept
def derived_reading(ruleset: Ruleset, fact: str) -> frozenset[str]:
    """The derived values that leaves name and that are computed from a fact."""
    analysis = analyse(ruleset)
    heads = {
        item.id: {path[0] for path in analysis.expressions[f"/derived/{item.id}/value"].names}
        for item in ruleset.derived
    }
    found = {fact}
    while more := {id for id, names in heads.items() if id not in found and names & found}:
        found |= more
    return _direct(ruleset) & found

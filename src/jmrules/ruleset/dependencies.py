"""What an indicator's criterion reads, directly or through derived values and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmrules.ruleset.expressions import SCORES, analyse, applies_pointer, sites_of_leaf
from jmrules.ruleset.model import Group, Leaf, everything

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from jmrules.feel import Compiled
    from jmrules.ruleset.model import Ruleset


def changed_reads(before: Ruleset, after: Ruleset, changed: Set[str]) -> dict[str, set[str]]:
    """For each leaf, those of ``changed`` that it reads in either ruleset: facts, derived values, indicators' scores."""
    found: dict[str, set[str]] = {}
    for ruleset in (before, after):
        reads = reads_of(ruleset)
        for _, node in everything(ruleset):
            if isinstance(node, Leaf):
                hit = _reached(node.id, reads) & changed
                if hit:
                    found.setdefault(node.id, set()).update(hit)
    return found


def reads_of(ruleset: Ruleset) -> dict[str, set[str]]:
    """What each derived value and indicator reads directly: names of facts and derived values, ids of indicators."""
    expressions = analyse(ruleset).expressions
    reads: dict[str, set[str]] = {
        derived.id: _names(expressions, f"/derived/{derived.id}/value") for derived in ruleset.derived
    }
    for pointer, node in everything(ruleset):
        if isinstance(node, Group):
            reads[node.id] = {child.id for child in node.children}
            continue
        pointers = [site.pointer for site in sites_of_leaf(node, pointer)]
        if node.applies is not None:
            pointers.append(applies_pointer(pointer))
        reads[node.id] = {name for at in pointers for name in _names(expressions, at)}
    return reads


def _names(expressions: Mapping[str, Compiled], pointer: str) -> set[str]:
    names = expressions[pointer].names
    return {name[1] if name[0] == SCORES and len(name) > 1 else name[0] for name in names}


def _reached(id: str, reads: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(reads[id])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += reads.get(name, ())
    return found - {id}

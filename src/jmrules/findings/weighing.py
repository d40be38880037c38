"""What is doubtful about a score that is not known exactly: its leaves with what they may earn, and what that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.facts import Claims, Facts
from jmrules.findings.doubts import Weighed, doubtful, doubts, weighed
from jmrules.ruleset import reading_facts
from jmrules.trace import build_trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmrules.crossfoot import Matter
    from jmrules.findings.doubts import Doubts
    from jmrules.rules.bounds import Bounds
    from jmrules.ruleset import Ruleset


def of_bounds(possible: Bounds, facts: Facts | Mapping[str, Any], matters: Iterable[Matter]) -> Doubts:
    """What is doubtful about scores of which one is the case, and about the figures, held against each other with these results."""
    groups = {node.id: (node.low, node.high) for _, node in possible.root.walk() if node.children}
    groups[""] = (possible.root.low, possible.root.high)
    claims = facts.claims if isinstance(facts, Facts) else Claims()
    sheet, total = _possible(possible.ruleset, possible), (possible.low, possible.high)
    return doubts(possible.ruleset, claims, sheet, total, doubtful(matters), groups)


def _possible(ruleset: Ruleset, possible: Bounds) -> list[Weighed]:
    """The leaves with what they may earn, resting on what they rest on in some completion of the facts.

    A leaf that reads what is unknown may read on in another way in another completion: it is taken to read all that it can. Where no
    completion was found that has a score, every leaf is, and to rest on assertion.
    """
    reads, unknown = reading_facts(ruleset), set(possible.unknown)
    example = () if possible.example is None else build_trace(possible.example, lambda *_: ()).leaves
    traced = {leaf.id: leaf for leaf in example}
    # Where points went may depend on what is unknown: claims are then held against each indicator as they stand.
    moved = any(node.points[0] != node.points[1] for node in possible.leaves)
    found = []
    for node in possible.leaves:
        earned, points, leaf = (node.low, node.high), node.points[1], traced.get(node.id)
        if leaf is None:
            found.append(Weighed(node.id, points, earned, "assertion", reads[node.id]))
            continue
        known = evolve(weighed(leaf), points=points, earned=earned)
        through_scores = any(each.kind == "score" for each in leaf.inputs) and not unknown.isdisjoint(reads[node.id])
        if through_scores or not unknown.isdisjoint(known.facts):
            known = evolve(known, facts=reads[node.id], basis="assertion" if through_scores else known.basis)
        found.append(evolve(known, sent={}) if moved else known)
    return found

"""Which rules rest on which, and in what order they can be decided."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.ruleset.rules import PREVIOUS, SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset.rules import Rule


@frozen
class RuleGraph:
    """The rules that each rule rests on; those of the quarter before are none of them."""

    #: rules whose finding helps it fire
    helped_by: Mapping[str, frozenset[str]]
    #: rules whose finding keeps it from firing
    stopped_by: Mapping[str, frozenset[str]]
    #: what ``at_least`` counts: names as written, or the rules of the severity asked for
    counted: Mapping[str, tuple[str, ...]]
    #: rules that rest on each other in a circle, as a path that ends where it begins; empty where there is none
    cycle: tuple[str, ...]
    #: stratum of each rule: above those of all rules that stop it; empty where there is a cycle
    strata: Mapping[str, int]

    def below(self, ids: frozenset[str]) -> frozenset[str]:
        """These rules and all that they rest on, directly or through others."""
        found = ids
        while more := frozenset(n for id in found for n in self.helped_by[id] | self.stopped_by[id]) - found:
            found |= more
        return found


def rule_graph(rules: tuple[Rule, ...]) -> RuleGraph:
    """The graph of these rules; names that are no rules are left out of it."""
    ids = frozenset(rule.id for rule in rules)
    stopped_by = {rule.id: ids.intersection(rule.when.none) for rule in rules}
    written = {
        rule.id: ids.intersection(
            (*rule.when.all, *rule.when.any, *(rule.when.at_least.of if rule.when.at_least else ()))
        )
        for rule in rules
    }
    counted = {rule.id: _counted(rule, rules, written, stopped_by) for rule in rules}
    helped_by = {id: written[id] | ids.intersection(counted[id]) for id in written}
    sorter = TopologicalSorter({id: helped_by[id] | stopped_by[id] for id in helped_by})
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        return RuleGraph(helped_by, stopped_by, counted, tuple(reversed(error.args[1])), {})
    strata: dict[str, int] = {}
    for id in order:
        helped = [strata[other] for other in helped_by[id]]
        stopped = [strata[other] + 1 for other in stopped_by[id]]
        strata[id] = max((0, *helped, *stopped))
    return RuleGraph(helped_by, stopped_by, counted, (), strata)


def _counted(
    rule: Rule, rules: tuple[Rule, ...], written: Mapping[str, frozenset[str]], stopped_by: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    at_least = rule.when.at_least
    if at_least is None:
        return ()
    if at_least.severity is None:
        return at_least.of
    # What follows from this rule does not count towards it.
    after = {rule.id}
    while more := {id for id in written if (written[id] | stopped_by[id]) & after} - after:
        after |= more
    least = SEVERITIES.index(at_least.severity)
    return tuple(
        other.id for other in rules if other.id not in after and SEVERITIES.index(other.then.severity) >= least
    )


def plain_name(reference: str) -> str:
    """The name of a signal or rule, in whichever quarter."""
    return reference.removeprefix(PREVIOUS)

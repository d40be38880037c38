"""The rules of a plan: which atoms each needs, in which stratum it is decided.

An atom is what chaining deals in: the name of a signal or of a rule, and the number of an item where it is about one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.memo import Keeper, kept
from jmrules.ruleset import plain_name, rule_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset import Rule
    from jmrules.ruleset.rule_texts import Body

#: name, and number of the item; None where it is about none
Atom = tuple[str, int | None]


@frozen
class Need:
    """A signal or rule that a rule names."""

    name: str
    #: at the item that the rule is about; else, of something said of items, at any of them
    here: bool
    #: whether it is said of items
    of_items: bool


@frozen
class PlannedRule:
    """A rule, ready for chaining."""

    id: str
    stratum: int
    #: the list whose items it goes through
    domain: str | None
    all: tuple[Need, ...]
    any: tuple[Need, ...]
    none: tuple[Need, ...]
    #: so many of ``counted``; items count one by one
    number: int
    counted: tuple[Need, ...]

    @property
    def needs(self) -> tuple[Need, ...]:
        """All that it names."""
        return (*self.all, *self.any, *self.none, *self.counted)


@frozen
class RulePlan(Keeper):
    """Rules in document order, and how many strata there are."""

    rules: tuple[PlannedRule, ...]
    strata: int

    def only(self, ids: frozenset[str]) -> RulePlan:
        """The rules of these ids, which must need no others."""
        return RulePlan(tuple(rule for rule in self.rules if rule.id in ids), self.strata)

    @property
    @kept
    def given(self) -> frozenset[str]:
        """Names that the rules need and that no rule gives."""
        return frozenset(need.name for rule in self.rules for need in rule.needs) - {rule.id for rule in self.rules}

    @property
    def domains(self) -> tuple[str, ...]:
        """The lists whose items the rules go through."""
        return tuple(dict.fromkeys(rule.domain for rule in self.rules if rule.domain is not None))


@kept
def rule_plan(body: Body) -> RulePlan:
    """The plan of a checked body of rules."""
    graph = rule_graph(body.rules)
    domains = {signal.id: signal.each.of if signal.each else None for signal in body.signals}
    domains |= {rule.id: rule.each.of if rule.each else None for rule in body.rules}
    rules = tuple(_planned(rule, graph.strata[rule.id], graph.counted[rule.id], domains) for rule in body.rules)
    return RulePlan(rules, max(graph.strata.values(), default=-1) + 1)


def _planned(rule: Rule, stratum: int, counted: tuple[str, ...], domains: Mapping[str, str | None]) -> PlannedRule:
    domain = rule.each.of if rule.each else None

    def needs(names: tuple[str, ...]) -> tuple[Need, ...]:
        of = [(name, domains[plain_name(name)]) for name in names]
        return tuple(Need(name, other is not None and other == domain, other is not None) for name, other in of)

    return PlannedRule(
        id=rule.id,
        stratum=stratum,
        domain=domain,
        all=needs(rule.when.all),
        any=needs(rule.when.any),
        none=needs(rule.when.none),
        number=rule.when.at_least.number if rule.when.at_least else 0,
        counted=needs(counted),
    )

"""What a trace is made from: the values that an evaluation left behind, and what its plan says of them once and for all."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import JmrulesError
from jmrules.facts import Facts, grounds_of
from jmrules.feel import CONTEXT, Compiled, Meaning, Vocabulary, Words, compile, parse
from jmrules.feel.tree import ContextLiteral, Filter, For, Iteration, Name, Path
from jmrules.frozen import frozen_value
from jmrules.memo import kept
from jmrules.plan import Derive
from jmrules.rules import value_of
from jmrules.ruleset import SCORES, Leaf, analyse, everything, handed_down, in_year, leaves, ordered, walk
from jmrules.score.exact import Names, Scored, slots_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.facts import Basis, Grounds
    from jmrules.feel.tree import Expression
    from jmrules.methods.shares import Share
    from jmrules.plan import Plan, PlannedLeaf
    from jmrules.ruleset import FactDeclaration, Ruleset
    from jmrules.score.exact import Outcome


@frozen(eq=False)
class Account:
    """A score without its trace: a trace must not hold the evaluation that holds it."""

    #: flat, without what an evaluation keeps
    scored: Scored
    plan: Plan
    outcome: Outcome
    slots: Sequence[Any]
    #: what was read already (``reading.reads``), by the identity of the call
    read: dict[int, Any] = field(factory=dict, repr=False)
    #: what facts rest on, by fact and fields read of its items
    rests: dict[tuple[str, frozenset[str] | None], Basis | None] = field(factory=dict, repr=False)

    @cached_property
    def words(self) -> Words:
        """Expressions in words, with the values of this score."""
        plan = self.plan
        names = Names(plan, self.slots)

        def value(name: str) -> Any:
            try:
                return names[name]
            except JmrulesError:
                return None

        def find(part: Expression, text: str) -> Any:
            try:
                return value_of(part_of(plan, part), names)
            except JmrulesError:
                return None

        return Words(vocabulary(plan.ruleset), value, find)

    @cached_property
    def grounds(self) -> Grounds:
        """What decides how each fact is known."""
        return grounds_of(self.plan.ruleset, self.scored.facts)

    def basis(self, declaration: FactDeclaration, given: Any, fields: frozenset[str]) -> Basis | None:
        """What a fact rests on; of a list, of whose items these fields are read."""
        key = declaration.id, fields if declaration.item else None
        if key not in self.rests:
            self.rests[key] = self.grounds.of(declaration, given, fields)
        return self.rests[key]

    def given_fact(self, name: str) -> Any:
        """A fact as it was given, or in the declared unit; None where it is absent."""
        given = self.scored.given
        if given is None:
            return self.slots[self.plan.slots[name]]
        return (given.given if isinstance(given, Facts) else given).get(name)


def account_of(scored: Scored) -> Account:
    """The account of a score."""
    flat = Scored(scored.total, scored.grade, scored.plan, scored.given, scored.outcome, scored.limits)
    return Account(flat, scored.plan, scored.outcome, slots_of(scored.outcome))


def fraction(share: Share) -> Fraction:
    """A quotient as a fraction."""
    return _common_fraction(*share) if share[1] < _COMMON else Fraction(*share)


#: quotients below such a bottom come again and again: 4/5, 1/2, 13/14
_COMMON = 1000


@lru_cache(maxsize=4096)
def _common_fraction(top: int, bottom: int) -> Fraction:
    return Fraction(top, bottom)


@lru_cache(maxsize=4096)
def in_points(quanta: int, digits: int) -> Decimal:
    """So many quanta, of so many decimals, as points."""
    return CONTEXT.scaleb(Decimal(quanta), -digits)


def meaning_of(declaration: FactDeclaration) -> Meaning:
    """What a fact, or a field of a list's items, means to readers."""
    values = {named.value: named.label for named in declaration.values}
    return Meaning(declaration.label, declaration.unit, declaration.decimals, values)


@kept
def meanings(ruleset: Ruleset) -> Mapping[str, Meaning]:
    """Label, unit and decimals of every name that expressions use; of a score, under ``scores.<indicator>``."""
    found = {fact.id: meaning_of(fact) for fact in ruleset.facts}
    found |= {derived.id: Meaning(derived.label, derived.unit, derived.decimals) for derived in ruleset.derived}
    found |= {f"{SCORES}.{node.id}": Meaning(node.label) for _, node in walk(ruleset.indicators)}
    return found


@kept
def item_meanings(ruleset: Ruleset) -> Mapping[str, Mapping[str, Meaning]]:
    """What the fields of each list's items mean, of facts and of derived values made of the items of one."""
    found: dict[str, Mapping[str, Meaning]] = {
        fact.id: {part.id: meaning_of(part) for part in fact.item} for fact in ruleset.facts if fact.type == "list"
    }
    for derived in ruleset.derived:
        if fields := _fields_of(parse(derived.value), found):
            found[derived.id] = fields
    return found


@kept
def vocabulary(ruleset: Ruleset) -> Vocabulary:
    """What the expressions of indicators and derived values are put into words with."""
    return Vocabulary(meanings(ruleset), item_meanings(ruleset))


def part_of(plan: Plan, part: Expression) -> Compiled:
    """A part of an expression by itself."""
    known = _parts(plan)
    if id(part) not in known:
        known[id(part)] = part, compile(part, analyse(plan.ruleset).types)
    return known[id(part)][1]


@kept
def _parts(plan: Plan) -> dict[int, tuple[Expression, Compiled]]:
    return {}


def _fields_of(made: Expression, known: Mapping[str, Mapping[str, Meaning]]) -> Mapping[str, Meaning]:
    """Fields of the items of a list that is a part of another, or copies fields of its items; else none."""
    match made:
        case Filter(of=Name(name=name)):
            return known.get(name, {})
        case For(iterations=(Iteration(name=item, domain=Name(name=name)),), result=ContextLiteral(entries=entries)):
            fields = known.get(name, {})
            return {
                entry.key: fields[entry.value.member]
                for entry in entries
                if isinstance(entry.value, Path) and entry.value.of == Name(item) and entry.value.member in fields
            }
    return {}


@kept
def stated(ruleset: Ruleset) -> Mapping[str, Mapping[str, Any]]:
    """What the ruleset says of each leaf, by the names of a leaf's fields; members in one order however they are written."""
    documents: dict[str, dict[str, Any]] = {}
    waiting = [*map(handed_down, ruleset.source.value["indicators"]), *ruleset.source.value.get("adjustments", ())]
    while waiting:
        node = waiting.pop()
        waiting += node.get("children", ())
        if "method" in node:
            documents[node["id"]] = in_year(ordered(node, "node"), ruleset.fiscal_year)
    found = {} if ruleset.as_stated is None else {leaf.id: leaf for leaf in leaves(ruleset.as_stated.indicators)}
    return {
        node.id: {
            "label": node.label,
            "stated": found.get(node.id, node).points,
            "set": node.points if found.get(node.id, node).points != node.points else None,
            "method": frozen_value(documents[node.id]["method"]),
            "applies": frozen_value(documents[node.id].get("applies")),
            "undefined": frozen_value(documents[node.id].get("undefined")),
            "rounding": frozen_value(documents[node.id].get("rounding")),
            "note": node.note,
            "effect": node.effect,
        }
        for _, node in everything(ruleset)
        if isinstance(node, Leaf)
    }


@kept
def declared(ruleset: Ruleset) -> Mapping[str, FactDeclaration]:
    """The declared facts by name."""
    return {fact.id: fact for fact in ruleset.facts}


@kept
def derivations(plan: Plan) -> Mapping[str, Derive]:
    """The steps of derived values by name."""
    return {step.derived.id: step for step in (*plan.first, *plan.then) if isinstance(step, Derive)}


@kept
def stated_points(plan: Plan) -> tuple[Decimal, ...]:
    """The points of each leaf before anything is excluded."""
    return tuple(in_points(leaf.quanta, plan.ruleset.rounding.leaf) for leaf in plan.leaves)


@kept
def leaves_by_id(plan: Plan) -> Mapping[str, PlannedLeaf]:
    """The leaves by id, in the order of the plan."""
    return {leaf.leaf.id: leaf for leaf in plan.leaves}

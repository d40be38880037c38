"""What facts rest on: what they show, whatever they call themselves. This is the one place that decides it.

| counts as | what it takes |
|---|---|
| figure | of a number, and of how many items a list has: a place (document and section) in a listed document |
| document | a listed document of a kind that the indicators which read the fact ask for, or any where one of them asks for none |
| verified | a reviewer's decision (``jmrules adjudicate``); a file cannot say it of itself |
| assertion | anything else, and whatever is not known |

For what is not a number a document is as good as a figure. The department's own report proves none of its yes and no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import Text
from jmrules.facts.model import BASES, Basis, Facts, is_fact_object
from jmrules.memo import kept
from jmrules.ruleset import leaves, reading_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jmrules.facts.model import Decision, SourceDocument
    from jmrules.ruleset import FactDeclaration, Ruleset

#: how the kind of a department's own report begins
OWN_REPORT = "self_evaluation"


def weakest(bases: Iterable[Basis | None]) -> Basis | None:
    """The weakest of the bases; None where there is none."""
    ranks = [BASES.index(basis) for basis in bases if basis is not None]
    return BASES[min(ranks)] if ranks else None


def weaker(one: Basis, other: Basis) -> bool:
    """Whether one basis is weaker than another."""
    return BASES.index(one) < BASES.index(other)


@frozen
class Spot:
    """A fact, or a field of an item below it, and what stands above it."""

    fact: str
    #: "/0/actual": numbers of items and names of fields
    at: str = ""
    #: evidence on the list: it stands for its items too
    evidence: tuple[Mapping[str, Any], ...] = ()

    def field(self, given: Any, index: int, name: str) -> Spot:
        """A field of an item of what is given here."""
        if not is_fact_object(given):
            return Spot(self.fact, f"{self.at}/{index}/{name}", self.evidence)
        own = tuple(given.get("evidence", ()))
        return Spot(self.fact, f"{self.at}/{index}/{name}", own or self.evidence)


@frozen
class Overstated:
    """A fact that claims a stronger basis than it shows; fields of items are told once for all items alike."""

    fact: str
    #: of an item's field: its name, with the lists above it
    field: str
    label: Text
    claims: Basis
    counts: Basis


@frozen(eq=False)
class Grounds:
    """All that decides what a department's facts rest on."""

    documents: Mapping[str, SourceDocument]
    #: of each fact, the kinds of documents that prove it; none: any
    asked: Mapping[str, frozenset[str]]
    #: what reviewers decided, by fact and place in it
    decided: Mapping[str, Decision]
    #: what each field of a list's items rests on, the weakest of all items, by list and field; of lists in a given file alone
    _fields: dict[tuple[str, str], tuple[Any, Basis | None]] = field(factory=dict, repr=False, init=False)

    def own(self, declaration: FactDeclaration, given: Any, spot: Spot) -> Basis:
        """What a fact, or a field, rests on; of a list, only how the number of its items is known."""
        if not self.decided and not spot.evidence and not is_fact_object(given):
            return _strength("assertion", declaration)
        said = _said(given)
        decision = self._decision(spot)
        if decision is not None:
            return _strength(said or decision.basis, declaration)
        shown = self._shown(declaration, given, spot)
        if said is None:
            # A bare value in a list with evidence is one more assertion; what names its own source shows it.
            said = "verified" if is_fact_object(given) and given.get("evidence") else "assertion"
        claimed = _strength(said, declaration)
        return claimed if weaker(claimed, shown) else shown

    def of(
        self, declaration: FactDeclaration, given: Any, fields: Iterable[str] | None = None, spot: Spot | None = None
    ) -> Basis | None:
        """What a given fact rests on; of a list, the weakest of its own and of the ``fields`` read of its items (None: all).

        An absent fact has no basis.
        """
        if given is None:
            return None
        spot = spot or Spot(declaration.id)
        own = self.own(declaration, given, spot)
        if declaration.type != "list":
            return own
        wanted = None if fields is None else frozenset(fields)
        parts = [part for part in declaration.item if wanted is None or part.id in wanted]
        return weakest([own, *[self._field(part, given, spot) for part in parts]])

    def _field(self, part: FactDeclaration, given: Any, spot: Spot) -> Basis | None:
        """What a field of a list's items rests on: the weakest of all."""
        key = f"{spot.fact}{spot.at}", part.id
        known = self._fields.get(key)
        if known is None or known[0] is not given:
            name = part.id
            found = weakest(
                [
                    self.of(part, item[name], None, spot.field(given, index, name))
                    for index, item in enumerate(_items(given))
                    if name in item
                ]
            )
            known = self._fields[key] = given, found
        return known[1]

    def _decision(self, spot: Spot) -> Decision | None:
        """What reviewers decided of it, or of a list that it is in."""
        if not self.decided:
            return None
        path = f"/{spot.fact}{spot.at}"
        while path:
            if path in self.decided:
                return self.decided[path]
            path = path.rpartition("/")[0]
        return None

    def _shown(self, declaration: FactDeclaration, given: Any, spot: Spot) -> Basis:
        if not is_fact_object(given) or "unknown" in given or "length" in given:
            entries: list[Mapping[str, Any]] = []
        else:
            stated = [each for each in given.get("statements", ()) if not isinstance(each["value"], str)]
            entries = [*(given.get("evidence") or spot.evidence), *stated]
        listed = [
            (entry, self.documents[entry["document"]]) for entry in entries if entry.get("document") in self.documents
        ]
        if declaration.type in ("number", "list") and any("section" in entry for entry, _ in listed):
            return "figure"
        kinds = self.asked.get(spot.fact, frozenset())
        proving = [document for _, document in listed if not kinds or document.kind in kinds]
        if declaration.type == "boolean":
            proving = [each for each in proving if each.kind is not None and not each.kind.startswith(OWN_REPORT)]
        return _strength("document", declaration) if proving else "assertion"


def grounds_of(ruleset: Ruleset, facts: Facts | Mapping[str, Any]) -> Grounds:
    """What decides the basis of these facts; a plain mapping lists no documents, so that all it gives is asserted."""
    if not isinstance(facts, Facts):
        return Grounds({}, {}, {})
    return Grounds(
        {document.id: document for document in facts.documents},
        _kinds_asked(ruleset),
        {decision.at: decision for decision in facts.decisions},
    )


def overstated(ruleset: Ruleset, facts: Facts) -> tuple[Overstated, ...]:
    """The facts that claim more than they show, in the order of the declarations."""
    grounds = grounds_of(ruleset, facts)
    found = (
        each
        for declaration in ruleset.facts
        if declaration.id in facts.given
        for each in _overstated(
            grounds, declaration, facts.given[declaration.id], Spot(declaration.id), "", declaration.label
        )
    )
    return tuple(dict.fromkeys(found))


def _overstated(
    grounds: Grounds, declaration: FactDeclaration, given: Any, spot: Spot, name: str, label: Text
) -> Iterator[Overstated]:
    said = _said(given)
    if said is not None:
        counts = grounds.own(declaration, given, spot)
        if weaker(counts, _strength(said, declaration)):
            yield Overstated(spot.fact, name, label, said, counts)
    parts = {part.id: part for part in declaration.item}
    for index, item in enumerate(_items(given)):
        for part in (part for part in parts if part in item):
            below = f"{name}.{part}" if name else part
            inner = parts[part].label
            said_in = Text(f"{label.zh}的{inner.zh}", f"{label.say('en')}: {inner.say('en')}")
            yield from _overstated(grounds, parts[part], item[part], spot.field(given, index, part), below, said_in)


def _said(given: Any) -> Basis | None:
    return given.get("basis") if is_fact_object(given) else None


def _items(given: Any) -> Iterable[Mapping[str, Any]]:
    value = given.get("value") if is_fact_object(given) else given
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else ()


def _strength(basis: Basis, declaration: FactDeclaration) -> Basis:
    """The basis as it counts: for what is not a number, a document is as good as a figure."""
    return "figure" if basis == "document" and declaration.type != "number" else basis


@kept
def _kinds_asked(ruleset: Ruleset) -> Mapping[str, frozenset[str]]:
    """Of each fact, the kinds of documents that the indicators which read it ask for; none where one of them asks for none."""
    reads = reading_facts(ruleset)
    found: dict[str, set[str]] = {}
    open_to_any: set[str] = set()
    for leaf in leaves(ruleset.indicators):
        kinds = {required.kind for required in leaf.evidence}
        for name in reads[leaf.id]:
            found.setdefault(name, set()).update(kinds)
            if not kinds:
                open_to_any.add(name)
    return {name: frozenset() if name in open_to_any else frozenset(kinds) for name, kinds in found.items()}

"""The state of a monitoring: what each department has reported, and what follows from it, whatever order it came in."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from jmrules.errors import Text
from jmrules.feel import EXACT, Meaning, Vocabulary
from jmrules.findings import Assembly, field_meanings
from jmrules.memo import kept, kept_few
from jmrules.monitor.events import QUARTERS
from jmrules.rules import conclude, decide, rule_plan
from jmrules.ruleset import PREVIOUS, plain_name
from jmrules.ruleset.rule_texts import BEFORE, QUARTER, bodies
from jmrules.trace import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.findings import Reader
    from jmrules.monitor.events import Event
    from jmrules.rules import Atom, RulePlan
    from jmrules.ruleset import Each, Rule, Ruleset, Signal
    from jmrules.ruleset.rule_texts import Body
    from jmrules.trace import Figure, Finding

#: name of a signal or rule, and what the item is called that it is about
Key = tuple[str, str | None]


@frozen
class Quarter:
    """What follows from a quarter's reports."""

    number: int
    findings: tuple[Finding, ...]
    #: signals that the facts reported so far do not decide
    undecided: frozenset[Key]
    #: signals that hold, and rules that fire
    holding: frozenset[Key]


@define(eq=False)
class Department:
    """The reports of one department."""

    #: of each quarter and fact: stamp and value of every statement that counts
    reported: dict[int, dict[str, tuple[tuple[str, str, str], Any]]] = field(factory=dict)
    #: what follows, as of the last event
    quarters: tuple[Quarter, ...] = ()

    def take(self, event: Event) -> bool:
        """Take an event in; whether it changes anything that is reported."""
        facts = self.reported.setdefault(event.quarter, {})
        changed = False
        for name, value in event.facts.items():
            if name not in facts or facts[name][0] < event.stamp:
                facts[name] = (event.stamp, value)
                changed = True
        return changed

    @property
    def latest(self) -> Quarter | None:
        """The last quarter that something was reported for."""
        return self.quarters[-1] if self.quarters else None


def decide_quarters(ruleset: Ruleset, department: Department) -> tuple[Quarter, ...]:
    """What follows from a department's reports, quarter by quarter; those without reports are left out."""
    body = bodies(ruleset)[1]
    found: list[Quarter] = []
    before: dict[str, Any] | None = None
    held: frozenset[Key] = frozenset()
    with localcontext(EXACT):
        for number in QUARTERS:
            reported = department.reported.get(number)
            if reported is None:
                before, held = None, frozenset()
                continue
            facts = {name: reported[name][1] if name in reported else None for name in _names(ruleset)}
            known = {**facts, QUARTER: Decimal(number), BEFORE: before}
            quarter = _decide(ruleset, body, number, known, held)
            found.append(quarter)
            before, held = facts, quarter.holding
    return tuple(found)


@kept
def _names(ruleset: Ruleset) -> tuple[str, ...]:
    assert ruleset.monitoring is not None
    return tuple(fact.id for fact in ruleset.monitoring.facts)


@kept_few(1024)
def _conclude(plan: RulePlan, holding: frozenset[Atom], items: tuple[tuple[str, int], ...]) -> frozenset[Atom]:
    # A log repeats itself: most events change figures, few change what holds.
    return conclude(plan, holding, dict(items))


def _decide(ruleset: Ruleset, body: Body, number: int, known: Mapping[str, Any], held: frozenset[Key]) -> Quarter:
    plan = rule_plan(body)
    decided = decide(body, body.signals, known)
    items = _Items(body, known)
    previous = {(PREVIOUS + name, items.number(name, item)) for name, item in held}
    relevant = plan.given
    holding = frozenset(atom for atom in decided.holding | previous if atom[0] in relevant)
    counts = tuple(sorted((domain, len(known[domain] or ())) for domain in items.domains))
    found = _conclude(plan, holding, counts)
    assembly = Assembly(
        body,
        ruleset.source,
        known,
        holding | found,
        Vocabulary(_meanings(ruleset), field_meanings(ruleset.monitoring.facts if ruleset.monitoring else ())),
        _figures,
        lenient=True,
    )
    return Quarter(
        number,
        assembly.findings(),
        frozenset((name, items.name(name, item)) for name, item in decided.undecided),
        frozenset((name, items.name(name, item)) for name, item in decided.holding | found),
    )


def _figures(reader: Reader, name: str, _: Each | None, __: int | None) -> Iterator[Figure]:
    yield reader.figure(name)


@kept
def _meanings(ruleset: Ruleset) -> Mapping[str, Meaning]:
    assert ruleset.monitoring is not None
    found = {fact.id: meaning_of(fact) for fact in ruleset.monitoring.facts}
    before = {
        f"{BEFORE}.{name}": Meaning(
            Text(f"上季度{each.label.zh}", f"{each.label.say('en')} of the quarter before"), each.unit
        )
        for name, each in found.items()
    }
    own = {
        QUARTER: Meaning(Text("季度", "quarter")),
        BEFORE: Meaning(Text("上季度填报", "report of the quarter before")),
    }
    return {**found, **before, **own}


class _Items:
    """The items of a quarter's lists: by number, as chaining has them, and by name, as the next quarter knows them."""

    def __init__(self, body: Body, known: Mapping[str, Any]) -> None:
        said: tuple[Signal | Rule, ...] = (*body.signals, *body.rules)
        self._each: dict[str, Each | None] = {each.id: each.each for each in said}
        self.domains = {each.of for each in self._each.values() if each is not None}
        self._names = {
            each.of: [item[each.by] for item in known[each.of] or ()]
            for each in self._each.values()
            if each and each.by
        }

    def name(self, of: str, number: int | None) -> str | None:
        """What the item is called that an atom is about."""
        each = self._each[plain_name(of)]
        return None if each is None or number is None else self._names[each.of][number]

    def number(self, of: str, name: str | None) -> int | None:
        """The number of the item of that name; one that the list lacks gets a number beyond it."""
        each = self._each[plain_name(of)]
        if each is None or name is None:
            return None
        names = self._names[each.of]
        if name not in names:
            names.append(name)
        return names.index(name)

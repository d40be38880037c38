"""What follows from a score where facts are unknown: whatever they are, and what may follow besides.

The figures are read as they stand: claims, history, cross-footing and what is doubtful are those of the facts as given.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.crossfoot import cross_foot
from jmrules.documents import in_json, pretty
from jmrules.errors import EvaluationError, Text, Undefined
from jmrules.facts import ruleset_for_facts
from jmrules.feel import CONTEXT, Words, exactly, shown_in_both
from jmrules.feel.possible import (
    LARGEST,
    NULL,
    Known,
    Possible,
    Span,
    Value,
    listed,
    number_of,
    spread,
)
from jmrules.feel.possible import (
    Reader as PossibleReader,
)
from jmrules.findings.assemble import Assembly
from jmrules.findings.findings import Figures, vocabulary_of
from jmrules.findings.known import (
    bounds_of,
    checks_of,
    claims_of,
    doubts_of,
    history_of,
    lacking_of,
    outcome_of,
    row_of,
)
from jmrules.findings.weighing import of_bounds
from jmrules.findings.words import UNKNOWN, Reader
from jmrules.plan import plan_of
from jmrules.quantities import from_to
from jmrules.rules import undecided_problem
from jmrules.rules.bounds import SOME, bounds, ruleset_head
from jmrules.ruleset import leaves
from jmrules.ruleset import walk as nodes_of
from jmrules.ruleset.rule_texts import BOUNDS, CHECKS, CLAIMS, DOUBTS, HISTORY, SHEET, bodies
from jmrules.trace import Figure, Finding, LeafTrace, build_trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.feel import Meaning
    from jmrules.findings.doubts import Doubts
    from jmrules.rules.bounds import Bounds, Firing
    from jmrules.ruleset import Each, Ruleset, Slot
    from jmrules.score.bounds import World


@frozen(eq=False)
class OpenFindings:
    """What follows where facts are unknown."""

    bounds: Bounds
    facts: Facts
    #: whatever the unknown facts are
    certain: tuple[Finding, ...]
    #: for some values that they may have, as far as can be told
    possible: tuple[Finding, ...] = field(repr=False)


@exactly
def open_findings(
    ruleset: Ruleset, facts: Facts, own: Bounds | None = None, figures: Bounds | None = None
) -> OpenFindings:
    """The findings of facts that are not all known.

    Args:
        ruleset: a loaded ruleset.
        facts: as for ``bounds``.
        own: what they may score, where that is known already; ``figures``: what figures alone support.

    Raises:
        EvaluationError: there is no score, or signals cannot be decided whatever the unknown facts are.
    """
    ruleset = ruleset_for_facts(ruleset, facts)
    own = own or bounds(ruleset, facts)
    matters = cross_foot(ruleset, facts)
    counted = of_bounds(own, facts, matters)
    plan = plan_of(ruleset)
    beside: dict[str, Value] = {
        CLAIMS: Known(claims_of(plan, facts)),
        HISTORY: Known(history_of(ruleset, facts)),
        CHECKS: Known(checks_of(ruleset, matters)),
        DOUBTS: Known(doubts_of(counted)),
        SHEET: _sheet(own, counted),
        BOUNDS: Known(bounds_of(figures or bounds(ruleset, facts, trust="figure"))),
    }
    firing = own.firing(beside)
    body = bodies(ruleset)[0]
    if firing.undecided:
        problems = [undecided_problem(body, atom, error, ruleset.source) for atom, error in firing.undecided.items()]
        raise EvaluationError(problems)

    def told(atoms: frozenset[Any], besides: frozenset[Any] = frozenset()) -> tuple[Finding, ...]:
        assembly = _OpenAssembly(
            body, ruleset.source, {}, atoms, vocabulary_of(ruleset), Figures(plan, facts), lenient=True, firing=firing
        )
        return assembly.findings(besides)

    return OpenFindings(own, facts, told(firing.certain), told(firing.possible, firing.certain))


def _sheet(own: Bounds, counted: Doubts) -> Value:
    """The indicators as the notice counts them, as far as they are known."""
    example = () if own.example is None else build_trace(own.example, lambda *_: ()).leaves
    traced, reads = {leaf.id: leaf for leaf in example}, own.reads
    below = {node.id: [leaf.id for leaf in leaves((node,))] for _, node in nodes_of(own.ruleset.indicators)}
    rows: list[Value] = []
    for node in counted.indicators:
        points, low, high = own[node.id].points, own[node.id].low, own[node.id].high
        parts = [traced[id] for id in below[node.id] if id in traced]
        rate: Value = Possible(Span(Decimal(0), Decimal(1)), null=True)
        if points[0] == points[1]:
            whole = points[0]
            rate = NULL if not whole else number_of(Span(CONTEXT.divide(low, whole), CONTEXT.divide(high, whole)))
        settled = len(parts) == len(below[node.id]) and not any(reads[id] for id in below[node.id])
        rows.append(
            Possible(
                members={
                    **{name: Known(value) for name, value in row_of(node).items()},
                    "points": number_of(Span(*points)),
                    "awarded": number_of(Span(low, high)),
                    "rate": rate,
                    **_of_parts(parts, settled=settled),
                }
            )
        )
    return Possible(items=listed(rows))


def _of_parts(parts: list[LeafTrace], *, settled: bool) -> dict[str, Value]:
    """What leaves tell that read nothing unknown."""
    if settled:
        return {"lacking": Known(lacking_of(parts)), "outcome": Known(outcome_of(parts))}
    return {
        "lacking": number_of(Span(Decimal(0), Decimal(1000))),
        "outcome": Possible(texts=None),
    }


_NOT_KNOWN = Text("未知", "not known")


def _said(value: Value, in_both: Callable[[Any], Text]) -> Text:
    """A value for readers: itself, the numbers that it lies between, or that it is not known."""
    if isinstance(value, Known):
        return in_both(value.value)
    span = value.span
    alone = not (value.truths or value.null or value.texts or value.texts is None or value.date or value.other)
    if span is None or not alone or span.low <= -LARGEST or span.high >= LARGEST:
        return _NOT_KNOWN
    return from_to(in_both(span.low), in_both(span.high))


@frozen(eq=False)
class _OpenWords(Words):
    """Conditions in words, where values may not be known."""

    def shown(self, name: str, meaning: Meaning) -> Text | None:
        """The value of a name, or what it lies between."""
        value = self.values(name)
        if isinstance(value, Possible):
            return None if value.items or value.members is not None else _said(value, meaning.in_both)
        return None if isinstance(value, list | dict) else meaning.in_both(value)


@frozen(eq=False)
class _OpenReader(Reader):
    """Reads expressions for readers where values may not be known."""

    world: World

    def value(self, name: str) -> Any:
        """The value of a name or of a dotted path, or what is possible of it; None where it has none."""
        head, *members = name.split(".")
        value = self.world.value(head)
        for member in members:
            inner = None if value is None else spread(value).members
            value = None if inner is None else inner.get(member)
        return value.value if isinstance(value, Known) else value

    def condition(self, compiled: Any) -> Text:
        """A condition in words, with the values of what it names."""
        return _OpenWords(self.vocabulary, self.value, self._part).both(compiled.tree, compiled.text)

    def _part(self, part: Any, text: str) -> Any:
        found = PossibleReader(text).whole(part, self.world.scope)
        return found.value if isinstance(found, Known) else None

    def figure(self, name: str) -> Figure:
        """What a name stood for, as far as it is known."""
        value = self.value(name)
        if not isinstance(value, Possible):
            return super().figure(name)
        meaning = self.meanings.get(name)
        said = _said(value, (lambda each: shown_in_both(each, None, None)) if meaning is None else meaning.in_both)
        label = Text(name) if meaning is None else meaning.label
        return Figure(name, label, UNKNOWN, None, said, unit=None if meaning is None else meaning.unit)

    def _slot(self, slot: Slot, language: Language) -> str:
        found = PossibleReader(slot.expression.text).whole(slot.expression.tree, self.world.scope)
        if isinstance(found, Possible) and found.empty and found.error is not None:
            raise Undefined(found.error.problems)
        return _said(found, lambda value: self._in_both(slot, value)).say(language)


@frozen(eq=False)
class _OpenAssembly(Assembly):
    """Findings from what holds certainly, or perhaps."""

    firing: Firing = field(kw_only=True)

    def reader(self, each: Each | None, item: int | None) -> Reader:
        """How expressions read at an item."""
        words = self.vocabulary.at_item(each.name, each.of) if each else self.vocabulary
        return _OpenReader(words, {}, self.firing.at(each, item))

    def item(self, each: Each | None, item: int | None) -> str | None:
        """What an item is called; None for any of a list."""
        return None if item == SOME else super().item(each, item)

    def item_en(self, each: Each | None, item: int | None) -> str | None:
        """What it is called in English; None for any of a list."""
        return None if item == SOME else super().item_en(each, item)

    def named(self, each: Each, item: int, field: str | None) -> str | None:
        """What a field of an item says; None where it has none, or that is not known."""
        found = self.reader(each, item).value(f"{each.name}.{field}") if field else None
        return found if isinstance(found, str) else None


def open_findings_json(found: OpenFindings) -> str:
    """The findings document (schemas/findings.schema.json) of facts that are not all known: its total and grade are null."""
    ruleset, low, high = found.bounds.ruleset, found.bounds.low, found.bounds.high
    grades = tuple(grade.id for grade in found.bounds.grades)
    return (
        pretty(
            in_json(
                {
                    "jmrules": version("jmrules"),
                    "ruleset": ruleset_head(ruleset),
                    "facts": found.facts,
                    "total": None,
                    "grade": None,
                    "bounds": {"low": low, "high": high, "grades": grades},
                    "adjustments": (),
                    "findings": found.certain,
                    "possible": found.possible,
                }
            )
        )
        + "\n"
    )

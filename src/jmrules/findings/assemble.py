"""Findings from conclusions: the rule's words, the item it is about, and the grounds that it rests on."""

from __future__ import annotations

from decimal import localcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import EvaluationError, JmrulesError, Problem, Text, Undefined
from jmrules.feel import EXACT
from jmrules.feel import tree as t
from jmrules.findings.words import Reader
from jmrules.memo import kept
from jmrules.rules import rule_plan, scopes, value_of
from jmrules.ruleset import PREVIOUS, Rectification, Slot, plain_name
from jmrules.ruleset.rule_texts import CHECKS, HISTORY, SHEET, demand_pointer, message_pointer, rule_texts
from jmrules.trace import Figure, Finding, Ground, deferred_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Set

    from jmrules.documents import Document
    from jmrules.feel import Compiled, Vocabulary
    from jmrules.rules import Atom, Need, PlannedRule
    from jmrules.ruleset import Each, Rule, Signal
    from jmrules.ruleset.rule_texts import Body


@frozen(eq=False)
class Assembly:
    """All that findings are made of."""

    body: Body
    document: Document
    known: Mapping[str, Any]
    #: signals that hold and findings that follow
    atoms: Set[Atom]
    vocabulary: Vocabulary
    #: figures behind a name that a condition reads (at an item, if it is about one), itself first
    figures: Callable[[Reader, str, Each | None, int | None], Iterator[Figure]]
    #: a message that cannot be written is replaced by the rule's label, and is no error
    lenient: bool = False
    #: what can be read of the items of a list, by its going-through
    _scopes: dict[Each | None, dict[int | None, Mapping[str, Any]]] = field(factory=dict)

    def findings(self) -> tuple[Finding, ...]:
        """In the order of the rules, then of the items.

        Raises:
            EvaluationError: messages that read what is undefined; all of them.
        """
        found: list[Finding] = []
        problems: list[Problem] = []
        for index, (rule, planned) in enumerate(zip(self.body.rules, rule_plan(self.body).rules, strict=True)):
            for item in sorted(item if item is not None else -1 for name, item in self.atoms if name == rule.id):
                at = None if item < 0 else item
                if self.lenient:
                    found.append(
                        Finding(rule=rule.id, item=self.item(rule.each, at), **self._told(index, rule, planned, at))
                    )
                    continue
                try:
                    self._try(index, rule, at)
                except Undefined as error:
                    problems.append(self._unsaid(index, rule, error))
                else:
                    maker = partial(self._later, index, rule, planned, at)
                    found.append(deferred_finding(maker, rule.id, self.item(rule.each, at)))
        if problems:
            raise EvaluationError(problems)
        return tuple(found)

    def reader(self, each: Each | None, item: int | None) -> Reader:
        """How expressions read at an item."""
        words = self.vocabulary.at_item(each.name, each.of) if each else self.vocabulary
        return Reader(words, self._scope(each, item))

    def item(self, each: Each | None, item: int | None) -> str | None:
        """What an item is called: by its field, else by its number."""
        if each is None or item is None:
            return None
        named = self._scope(each, item)[each.name].get(each.by) if each.by else None
        return named or str(item + 1)

    def _scope(self, each: Each | None, item: int | None) -> Mapping[str, Any]:
        if each not in self._scopes:
            self._scopes[each] = dict(scopes(each, self.known))
        return self._scopes[each][item]

    def _try(self, index: int, rule: Rule, item: int | None) -> None:
        """Raise the error of an expression in a message that has no value."""
        names = self._scope(rule.each, item)
        for expression in _doubtful(self.body)[index]:
            value_of(expression, names)

    def _later(
        self, index: int, rule: Rule, planned: PlannedRule, item: int | None, _finding: Finding, _name: str
    ) -> Mapping[str, Any]:
        with localcontext(EXACT):
            return self._told(index, rule, planned, item)

    def _told(self, index: int, rule: Rule, planned: PlannedRule, item: int | None) -> dict[str, Any]:
        """What is told of a finding beside its rule and item."""
        reader = self.reader(rule.each, item)
        demand = rule.then.rectification
        if demand is not None:
            demand = Rectification(self._text(reader, demand_pointer(self.body, index), rule), demand.days)
        return {
            "label": rule.label,
            "severity": rule.then.severity,
            "message": self._text(reader, message_pointer(self.body, index), rule),
            "source": rule.source,
            "grounds": tuple(self._grounds(planned, item)),
            "absent": rule.when.none,
            "cap": rule.then.cap,
            "veto": rule.then.veto,
            "escalation": rule.then.escalation,
            "rectification": demand,
            "note": rule.note,
        }

    def _text(self, reader: Reader, pointer: str, rule: Rule) -> Text:
        try:
            return reader.message(rule_texts(self.body).templates[pointer])
        except Undefined:
            if self.lenient:
                return rule.label
            raise

    def _grounds(self, planned: PlannedRule, item: int | None) -> Iterator[Ground]:
        seen: set[Atom] = set()
        for need in (*planned.all, *planned.any, *planned.counted):
            for atom in self._answers(need, item):
                if atom not in seen:
                    seen.add(atom)
                    yield self._ground(*atom)

    def _answers(self, need: Need, item: int | None) -> list[Atom]:
        if need.of_items and not need.here:
            return sorted(((name, at) for name, at in self.atoms if name == need.name), key=lambda atom: atom[1] or 0)
        atom = (need.name, item if need.here else None)
        return [atom] if atom in self.atoms else []

    def _ground(self, name: str, item: int | None) -> Ground:
        plain = plain_name(name)
        rule = next((rule for rule in self.body.rules if rule.id == plain), None)
        if rule is not None:
            return Ground("finding", name, rule.label, self._item_then(name, rule.each, item))
        signal = next(signal for signal in self.body.signals if signal.id == plain)
        if name.startswith(PREVIOUS):
            return Ground("signal", name, signal.label, self._item_then(name, signal.each, item))
        return self._signal(signal, item)

    def _item_then(self, name: str, each: Each | None, item: int | None) -> str | None:
        """What an item is called; one of the quarter before may be there no longer."""
        try:
            return self.item(each, item)
        except KeyError:
            return None

    def _signal(self, signal: Signal, item: int | None) -> Ground:
        compiled = rule_texts(self.body).signals[signal.id]
        reader = self.reader(signal.each, item)
        figures: dict[str, Figure] = {}
        for path in compiled.names:
            for figure in self.figures(reader, ".".join(path), signal.each, item):
                figures.setdefault(figure.name, figure)
        return Ground(
            "signal",
            signal.id,
            signal.label,
            self.item(signal.each, item),
            expression=signal.when,
            shown=reader.condition(compiled),
            figures=tuple(figures.values()),
        )

    def _unsaid(self, index: int, rule: Rule, error: JmrulesError) -> Problem:
        inner = error.problems[0].message
        return Problem(
            "undefined-in-message",
            Text(
                f"规则“{rule.label.zh}”（{rule.id}）的说明无法写出：{inner.zh}",
                f"the message of the rule {rule.id} ({rule.label.say('en')}) cannot be written: {inner.say('en')}",
            ),
            Text("请使说明中的表达式在规则成立时都有值", "let its expressions have a value whenever the rule fires"),
            self.document.place(message_pointer(self.body, index)),
        )


#: lists whose items have all their members
_WHOLE = (CHECKS, HISTORY, SHEET)


@kept
def _doubtful(body: Body) -> tuple[tuple[Compiled, ...], ...]:
    """By rule, the expressions in its messages that may have no value."""
    templates = rule_texts(body).templates
    found: list[tuple[Compiled, ...]] = []
    for index, rule in enumerate(body.rules):
        pointers = [message_pointer(body, index), *([demand_pointer(body, index)] if rule.then.rectification else [])]
        slots = {
            piece.expression.text: piece.expression
            for pointer in pointers
            for template in templates[pointer].values()
            for piece in template.pieces
            if isinstance(piece, Slot) and not _there(piece.expression, rule.each)
        }
        found.append(tuple(slots.values()))
    return tuple(found)


def _there(expression: Compiled, each: Each | None) -> bool:
    """Whether it is a member of an item, which is always there."""
    tree = expression.tree
    if each is None or each.of not in _WHOLE or not isinstance(tree, t.Path):
        return False
    return tree.of == t.Name(each.name)

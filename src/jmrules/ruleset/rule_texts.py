"""The expressions of signals and rules, compiled against what they may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.errors import Problem, Text
from jmrules.feel import types
from jmrules.memo import Keeper, kept
from jmrules.ruleset.compiling import compiled
from jmrules.ruleset.constraint_texts import no_condition, questions
from jmrules.ruleset.expressions import analyse, fact_type
from jmrules.ruleset.model import walk
from jmrules.ruleset.templates import Template, template_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jmrules.errors import Language
    from jmrules.feel import Compiled
    from jmrules.feel.types import ContextType, Type
    from jmrules.ruleset.model import Ruleset
    from jmrules.ruleset.rules import Each, Rule, Signal

#: what the department says it scored
CLAIMS = "claims"
#: total and grade before caps
RESULT = "result"
#: earlier reviewed results
HISTORY = "history"
#: what the score can be at least and at most by figures alone
BOUNDS = "bounds"
#: the scored indicators as a list, with what each rests on
SHEET = "sheet"
#: points claimed too high or too low, on assertion alone, on doubtful figures
DOUBTS = "doubts"
#: how the cross-footing of the figures ends
CHECKS = "checks"
#: of the monitoring: number of the quarter, and what was reported for the quarter before
QUARTER, BEFORE = "quarter", "before"

#: what doubts are counted in
DOUBTS_MEMBERS = ("over_claimed", "under_claimed", "on_assertion", "in_doubt")

#: names that signals of a score read beside facts, derived values and scores
EXTRA = (CLAIMS, RESULT, HISTORY, SHEET, DOUBTS, BOUNDS, CHECKS)
#: names that signals of the monitoring read beside the facts reported
EXTRA_MONITORING = (QUARTER, BEFORE)

_NUMBER, _STRING = types.Nullable(types.NUMBER), types.Nullable(types.STRING)
_SHEET_ITEM = types.ContextType(
    {
        "id": types.STRING,
        "label": types.STRING,
        "label_en": types.STRING,
        "points": types.NUMBER,
        "awarded": types.NUMBER,
        "rate": _NUMBER,
        "claimed": _NUMBER,
        "basis": _STRING,
        "on_assertion": types.NUMBER,
        "in_doubt": types.NUMBER,
        "lacking": types.NUMBER,
        "outcome": types.STRING,
    }
)
_CHECK_ITEM = types.ContextType(
    {
        "id": types.STRING,
        "declared": types.BOOLEAN,
        "kind": types.STRING,
        "label": types.STRING,
        "label_en": types.STRING,
        "item": _STRING,
        "status": types.STRING,
        "stated": _STRING,
        "stated_en": _STRING,
        "computed": _STRING,
        "computed_en": _STRING,
        "said": _STRING,
        "said_en": _STRING,
        "ask": _STRING,
        "ask_en": _STRING,
        "doubtful": types.BOOLEAN,
    }
)
_ENDS = types.ContextType({"low": types.NUMBER, "high": types.NUMBER})
_HISTORY_ITEM = types.ContextType(
    {"fiscal_year": types.NUMBER, "stage": _STRING, "total": _NUMBER, "grade": _STRING, "note": _STRING}
)


@frozen(eq=False)
class Body(Keeper):
    """Signals and rules that belong together, and what they may read."""

    #: JSON pointer of the object that holds them
    base: str
    signals: tuple[Signal, ...]
    rules: tuple[Rule, ...]
    #: of every name that an expression may read
    types: Mapping[str, Type]
    #: whether the quarter before can be named
    quarterly: bool

    def item(self, list_name: str) -> ContextType | None:
        """The type of an item of a list that can be gone through; None where there is no such list."""
        kind = types.bare(self.types.get(list_name, types.ANY))
        item = kind.item if isinstance(kind, types.ListType) else None
        return item if isinstance(item, types.ContextType) else None

    def scope(self, each: Each | None) -> Mapping[str, Type]:
        """What is read where the items of a list are gone through."""
        return self.types if each is None else {**self.types, each.name: self.item(each.of) or types.ANY}


@frozen(eq=False)
class RuleTexts:
    """The compiled expressions of a body."""

    #: by id of the signal
    signals: Mapping[str, Compiled]
    #: by JSON pointer of the text, without the language
    templates: Mapping[str, Mapping[Language, Template]]
    #: pointer -> problem, whose place is inside the text
    problems: tuple[tuple[str, Problem], ...]


@kept
def bodies(ruleset: Ruleset) -> tuple[Body, ...]:
    """The rules on the score, and where there is one, the monitoring."""
    signals, rules = questions(ruleset)
    found = [Body("", (*ruleset.signals, *signals), (*ruleset.rules, *rules), _scope(ruleset), False)]
    if ruleset.monitoring is not None:
        reported = {fact.id: types.nullable(fact_type(fact)) for fact in ruleset.monitoring.facts}
        before = types.Nullable(types.ContextType(reported))
        known = {**reported, QUARTER: types.NUMBER, BEFORE: before}
        found.append(Body("/monitoring", ruleset.monitoring.signals, ruleset.monitoring.rules, known, True))
    return tuple(found)


def _scope(ruleset: Ruleset) -> Mapping[str, Type]:
    indicators = types.ContextType({node.id: _NUMBER for _, node in walk(ruleset.indicators)})
    extra: dict[str, Type] = {
        CLAIMS: types.ContextType({"total": _NUMBER, "grade": _STRING, "indicators": indicators}),
        RESULT: types.ContextType({"total": types.NUMBER, "grade": types.STRING, "fiscal_year": types.NUMBER}),
        CHECKS: types.ListType(_CHECK_ITEM),
        HISTORY: types.ListType(_HISTORY_ITEM),
        SHEET: types.ListType(_SHEET_ITEM),
        DOUBTS: types.ContextType(dict.fromkeys(DOUBTS_MEMBERS, types.NUMBER)),
        BOUNDS: types.ContextType(
            {"total": _ENDS, "indicators": types.ContextType({node.id: _ENDS for _, node in walk(ruleset.indicators)})}
        ),
    }
    return {**extra, **analyse(ruleset).types}


@kept
def rule_texts(body: Body) -> RuleTexts:
    """Compile every expression of the body, and collect what is wrong with them."""
    problems: list[tuple[str, Problem]] = []
    signals: dict[str, Compiled] = {}
    for signal in body.signals:
        pointer = f"{body.base}/signals/{signal.id}/when"
        made = signals[signal.id] = compiled(signal.when, body.scope(signal.each))
        problems += [(pointer, problem) for problem in made.problems]
        if not made.problems and not types.may_conform(made.type, types.BOOLEAN):
            problems.append((pointer, no_condition(made.type)))
    templates: dict[str, dict[Language, Template]] = {}
    for pointer, text, scope in _texts(body):
        templates[pointer] = {}
        for language, written in (("zh", text.zh), ("en", text.en)):
            if written is not None:
                template, wrong = template_of(written, scope)
                templates[pointer][language] = template  # type: ignore[index]
                problems += [(f"{pointer}/{language}", problem) for problem in wrong]
    return RuleTexts(signals, templates, tuple(problems))


def _texts(body: Body) -> Iterator[tuple[str, Text, Mapping[str, Type]]]:
    for index, rule in enumerate(body.rules):
        scope = body.scope(rule.each)
        yield message_pointer(body, index), rule.then.message, scope
        if rule.then.rectification is not None:
            yield demand_pointer(body, index), rule.then.rectification.demand, scope


def message_pointer(body: Body, index: int) -> str:
    """Where the message of a rule stands."""
    return f"{body.base}/rules/{index}/then/message"


def demand_pointer(body: Body, index: int) -> str:
    """Where the demand of a rule's rectification stands."""
    return f"{body.base}/rules/{index}/then/rectification/demand"

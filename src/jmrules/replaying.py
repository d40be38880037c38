"""Derive a trace again from what the trace itself holds, and hold every member of it against what comes out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from jmrules.documents import compact, document_of, escape, exact, plain
from jmrules.errors import JmrulesError, Place, Problem, Text
from jmrules.evaluation import evaluate
from jmrules.facts import Facts, facts_of
from jmrules.memo import by_text
from jmrules.rules.bounds import bounds, bounds_document
from jmrules.ruleset import for_year, parse_ruleset, ruleset_named
from jmrules.trace import form_document, trace_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.documents import Document
    from jmrules.ruleset import Ruleset
    from jmrules.trace import Trace

#: the texts that are numbers: exact shares, and numbers that a double does not hold
_NUMERAL = re.compile(r"-?[0-9]+(?:[./][0-9]+)?", re.ASCII)
#: members whose texts can be numbers
_NUMBERS = frozenset(("@", "value", "share", "points", "awarded", "stated", "rate", "total"))
_MEMBERS = {
    "total": ("总分", "total"),
    "grade": ("等级", "grade"),
    "points": ("分值", "points"),
    "awarded": ("得分", "points awarded"),
    "stated": ("通知所列分值", "points in the notice"),
    "share": ("得分比例", "share"),
    "rate": ("得分率", "award rate"),
    "basis": ("依据", "basis"),
    "branch": ("所取分支", "branch taken"),
    "outcome": ("得分方式", "way of earning"),
    "value": ("数值", "value"),
    "digest": ("摘要", "digest"),
    "low": ("最低", "least"),
    "high": ("最高", "greatest"),
    "explanation": ("说明", "explanation"),
    "message": ("结论", "message"),
}
#: inside these, members are named by rulesets and facts
_GIVEN = re.compile(r"/(given|method|value|applies|undefined)/")
_ABSENT: Any = object()


@frozen
class Replay:
    """What came of deriving a trace again."""

    #: where the trace says other than what it holds comes to
    problems: tuple[Problem, ...]
    #: numbers that came out again
    derived: int
    #: numbers of the ruleset and the facts in the trace, which their digests hold
    held: int
    #: the version that made the trace, where it is another: its wording is not held against today's
    version: str | None = None


def replay(trace: Trace) -> tuple[Problem, ...]:
    """What a trace says that does not come out again of the ruleset and the facts that it holds.

    An empty result means that the trace accounts for its score by itself.
    """
    return replay_document(document_of(trace_document(trace))).problems


def replay_document(document: Document, ruleset: Ruleset | None = None) -> Replay:
    """Derive again a trace document of any form, or one of bounds.

    ``ruleset`` is looked at where the document tells only its digest; without it, the one that the document names is loaded.
    """
    try:
        return compared(document, derived_document(document, ruleset))
    except JmrulesError as error:
        return Replay(tuple([_fails(problem, document) for problem in error.problems]), 0, 0)


def compared(document: Document, derived: Mapping[str, Any]) -> Replay:
    """A recorded trace document held against one that was derived, member by member."""
    recorded = document.value
    version = None if recorded["jmrules"] == derived["jmrules"] else recorded["jmrules"]
    comparison = _Comparison(document, version)
    comparison.compare(recorded, derived, "", (Text("评分过程", "the trace"), None))
    counts = comparison.counts
    return Replay(tuple(comparison.problems), counts[False], counts[True], version)


def derived_document(document: Document, ruleset: Ruleset | None = None) -> dict[str, Any]:
    """The document that the ruleset and the facts in a trace document make; raises what is wrong with them."""
    recorded = document.value
    given = recorded["given"]
    content = exact(given["facts"], typed=False)
    if "ruleset" in given:
        ruleset = _ruleset(compact(exact(given["ruleset"], typed=False)))
    elif ruleset is None:
        ruleset = ruleset_named(f"{recorded['ruleset']['id']}@{content['fiscal_year']}")
    # The year is the facts', whose digest holds it; the head only repeats it.
    ruleset = for_year(ruleset, content["fiscal_year"])
    facts: Facts | Mapping[str, Any] = (
        content["facts"] if content.keys() == {"fiscal_year", "facts"} else facts_of(document_of(content))
    )
    if "bounds" in recorded:
        return bounds_document(bounds(ruleset, facts, recorded["bounds"]["trust"]), facts)
    return form_document(evaluate(ruleset, facts).trace, recorded.get("form"))


@by_text(4_000_000)
def _ruleset(text: str) -> Ruleset:
    """The ruleset of a text: many traces are of one."""
    return parse_ruleset(text)


def _fails(problem: Problem, document: Document) -> Problem:
    """What a tampered trace makes fail is told like what it makes differ."""
    return Problem(
        "replay-fails",
        Text(f"无法重算：{problem.message.zh}", f"it cannot be derived again: {problem.message.say('en')}"),
        problem.hint,
        document.place("/given"),
    )


@define
class _Comparison:
    """Holds a recorded document against a derived one."""

    document: Document
    #: of the engine that recorded, where it is another
    version: str | None
    problems: list[Problem] = field(factory=list)
    #: numbers that are the same, by whether they were given
    counts: dict[bool, int] = field(factory=lambda: {True: 0, False: 0})

    def compare(self, recorded: Any, derived: Any, pointer: str, where: tuple[Text, str | None]) -> None:
        """``where``: the label of the nearest thing that has one, and the member that is looked at."""
        if isinstance(recorded, dict) and isinstance(derived, dict):
            self._members(recorded, derived, pointer, where)
        elif isinstance(recorded, list | tuple) and isinstance(derived, list | tuple) and len(recorded) == len(derived):
            for index, (left, right) in enumerate(zip(recorded, derived, strict=True)):
                self.compare(left, right, f"{pointer}/{index}", where)
        elif _kind(recorded) is _kind(derived) and recorded == derived:
            if _is_number(recorded, where[1]):
                self.counts[pointer.startswith("/given/")] += 1
        else:
            self.problems.append(_differs(recorded, derived, self.document.place(pointer), where))

    def _members(
        self, recorded: Mapping[str, Any], derived: Mapping[str, Any], pointer: str, where: tuple[Text, str | None]
    ) -> None:
        label: Any = derived.get("label")
        about = where[0]
        if _is_text(label):
            first = next(iter(label.values()))
            about = Text(label.get("zh") or first, label.get("en") or first)
        for name in {**recorded, **derived}:
            left, right = recorded.get(name, _ABSENT), derived.get(name, _ABSENT)
            if self.version is not None and (left is _ABSENT or (pointer, name) == ("", "jmrules") or _is_text(right)):
                # Another version words things otherwise, and may say more.
                continue
            if left is _ABSENT or right is _ABSENT:
                at = f"{pointer}/{escape(name)}" if right is _ABSENT else pointer
                self.problems.append(_differs(left, right, self.document.place(at), (about, name)))
            else:
                self.compare(left, right, f"{pointer}/{escape(name)}", (about, name))


def _kind(value: Any) -> object:
    return Decimal if isinstance(value, int | Decimal) and not isinstance(value, bool) else type(value)


def _is_text(value: Any) -> bool:
    """Whether a member is words for readers."""
    return isinstance(value, dict) and bool(value) and value.keys() <= {"zh", "en"}


def _is_number(value: Any, member: str | None) -> bool:
    if isinstance(value, str):
        return member in _NUMBERS and _NUMERAL.fullmatch(value) is not None
    return _kind(value) is Decimal


def _differs(recorded: Any, derived: Any, place: Place, where: tuple[Text, str | None]) -> Problem:
    label, member = where
    named = None if _GIVEN.search(place.pointer or "") else member
    zh, en = _MEMBERS.get(named or "", ("内容", "what is recorded"))
    return Problem(
        "replay-differs",
        Text(
            f"{label.zh}：{zh}记为 {_said(recorded).zh}，重算得 {_said(derived).zh}",
            f"{label.say('en')}: {en} is recorded as {_said(recorded).say('en')}, derived as {_said(derived).say('en')}",
        ),
        place=place,
    )


def _said(value: Any) -> Text:
    if value is _ABSENT or value is None:
        return Text("（无）", "nothing")
    if isinstance(value, dict | list | tuple):
        return Text(f"{len(value)} 项", f"{len(value)} entries")
    if isinstance(value, bool):
        return Text("是" if value else "否", "true" if value else "false")
    text = value if isinstance(value, str) else plain(value)
    return Text(text if len(text) <= 80 else f"{text[:77]}…")

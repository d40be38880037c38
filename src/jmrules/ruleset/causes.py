"""Which change of an overlay a problem comes from: a problem is told where it can be mended, and what it concerns beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import evolve

from jmrules.errors import Text
from jmrules.ruleset.changes import COLLECTIONS
from jmrules.ruleset.tracked import ResolvedDocument

if TYPE_CHECKING:
    from jmrules.documents import Document
    from jmrules.errors import Problem

_WORD = re.compile(r"\w+")


def at_its_cause(problem: Problem, pointer: str, document: Document) -> Problem:
    """A problem whose place is in a base, at the change that caused it; any other as it is.

    Args:
        problem: with its place, which is where the value is stated.
        pointer: of the value in ``document``.
        document: the ruleset, resolved or not.
    """
    if not isinstance(document, ResolvedDocument) or problem.place.file in (None, document.file):
        return problem
    own, _ = document.origin("")
    changes = own.value["changes"]
    if not changes:
        return problem
    cause = _nearest(pointer, document) or _naming(pointer, problem, document, changes)
    concerns = str(problem.place)
    message = Text(
        f"{problem.message.zh}（所涉内容在 {concerns}）", f"{problem.message.say('en')} (this concerns {concerns})"
    )
    return evolve(problem, message=message, place=own.place(cause))


def _nearest(pointer: str, document: ResolvedDocument) -> str | None:
    """The change made to the smallest entry around the value: an indicator, a fact, a grade."""
    own, _ = document.origin("")
    steps = pointer.split("/")
    for length in range(len(steps) - 1, 2, -1):
        around = "/".join(steps[:length])
        for known, (stated, written) in document.origins.items():
            if stated is own and written.startswith("/changes/") and known.startswith(f"{around}/"):
                return written
    return None


def _naming(pointer: str, problem: Problem, document: ResolvedDocument, changes: list[dict[str, Any]]) -> str:
    """The change of something that the value reads, or that the problem names; all changes, where there is no telling."""
    derived = document.value.get("derived", {})
    waiting, seen = [_at(document.value, pointer), problem.message.zh], set[str]()
    named = [next(change[kind] for kind in COLLECTIONS if kind in change) for change in changes]
    while waiting:
        text = waiting.pop(0)
        for word in _WORD.findall(text) if isinstance(text, str) else ():
            if word in named:
                return f"/changes/{named.index(word)}"
            if word in derived and word not in seen:
                seen.add(word)
                waiting.append(derived[word].get("value"))
    return "/changes/0" if len(changes) == 1 else "/changes"


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        try:
            value = value[int(step)] if isinstance(value, list | tuple) else value[step]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value

"""What can go wrong, said once: a problem has a place, a reason and a way out, in Chinese and English."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from attrs import evolve, field, frozen

from jmrules.brief import brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Language = Literal["zh", "en"]


@frozen
class Text:
    """A text in Chinese and, where there is one, in English."""

    zh: str
    en: str | None = None

    def say(self, language: Language) -> str:
        """The text in ``language``; Chinese where English is not given."""
        return self.zh if language == "zh" or self.en is None else self.en


def language_asked() -> Language:
    """The language that the environment asks for; else Chinese, the language of the notices."""
    for name in ("JMRULES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value in ("zh", "en"):
            return "en" if value == "en" else "zh"
    return "zh"


def label_hint(label: str, id: str) -> Text:
    """The hint for a label that stands where an identifier is wanted."""
    return Text(f"“{label}”是名称，此处请写标识 {id}", f"{label!r} is a label; write the identifier {id} here")


def meant_by(name: str, known: Iterable[str], labels: Mapping[str, tuple[str, ...]] | None = None) -> str | None:
    """Which of the ``known`` names is meant by one that is none of them: the one whose label it is, or that looks most like it.

    ``labels`` are the names that each label stands for; None where nothing is near.
    """
    from difflib import get_close_matches  # only when something is wrong

    known = list(known)
    near = [id for id in (labels or {}).get(name, ()) if id in known] or get_close_matches(name, known, n=1)
    return near[0] if near else None


def did_you_mean(
    name: str, known: Iterable[str], otherwise: Text, labels: Mapping[str, tuple[str, ...]] | None = None
) -> Text:
    """The hint for a ``name`` that is none of the ``known``: the one that is meant, or else ``otherwise``."""
    meant = meant_by(name, known, labels)
    if meant is None:
        return otherwise
    if meant in (labels or {}).get(name, ()):
        return label_hint(name, meant)
    return Text(f"是否想写“{meant}”？", f"did you mean {meant!r}?")


@frozen
class Place:
    """Where in which document: a file, a JSON pointer (RFC 6901), and a position counted from 1."""

    file: str | None = None
    pointer: str | None = None
    line: int | None = None
    column: int | None = None
    #: where in a table: its sheet and cell, as a spreadsheet names them
    cell: str | None = None

    def __str__(self) -> str:
        position = [str(n) for n in (self.line, self.column) if n is not None]
        head = ":".join([*([self.file] if self.file else []), *position])
        if self.cell:
            return " ".join(part for part in (head, self.cell) if part)
        return " ".join(part for part in (head, self.pointer) if part)


@frozen
class Problem:
    """One thing that is wrong, and what to do about it."""

    #: stable identifier of the kind of problem, kebab-case ASCII
    code: str
    message: Text
    hint: Text | None = None
    place: Place = field(factory=Place)

    def __repr__(self) -> str:
        return brief(self, self.code, self.message.say("en"), self.place)

    def at(self, place: Place) -> Problem:
        """The same problem at another place."""
        return evolve(self, place=place)

    def say(self, language: Language) -> str:
        """One line: place, message, and the hint if there is one."""
        colon, dash = ("：", "——") if language == "zh" else (": ", " - ")
        place = str(self.place)
        line = f"{place}{colon}{self.message.say(language)}" if place else self.message.say(language)
        return f"{line}{dash}{self.hint.say(language)}" if self.hint else line


class JmrulesError(Exception):
    """Base of every error that jmrules declares: one or more problems, all of them at once."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def say(self, language: Language) -> str:
        """Every problem on a line of its own."""
        return "\n".join(problem.say(language) for problem in self.problems)

    def __repr__(self) -> str:
        return brief(
            self,
            f"{len(self.problems)} problems",
            *(f"{each.code}: {each.message.say('en')}" for each in self.problems),
        )

    def __str__(self) -> str:
        return self.say("en")

    def __reduce__(self) -> tuple[type[JmrulesError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class DocumentError(JmrulesError):
    """A file that cannot be read as a JSON document."""


class RulesetError(JmrulesError):
    """A ruleset that does not say what a ruleset must say."""


class FactsError(JmrulesError):
    """Facts that do not fit the ruleset they are meant for."""


class Undefined(JmrulesError):
    """There is no such value: what reads it is undefined too, and earns what the ruleset says for that case."""


class EvaluationError(JmrulesError):
    """An indicator whose value is undefined, and whose ruleset does not say what it then earns."""


class LimitError(EvaluationError):
    """An expression takes more work than is allowed. It ends the evaluation: what its value is was not found out.

    It is never :class:`Undefined`, so that nothing earns points, or loses them, because the work was too much.
    """

    #: the text of the expression, where it is known
    expression: str | None = None

    def placed(self, place: Place, owner: Text | None = None) -> LimitError:
        """The same error at a place of a document, about ``owner``."""
        problem = self.problems[0]
        message = problem.message
        if owner is not None:
            message = Text(f"{owner.zh}：{message.zh}", f"{owner.say('en')}: {message.say('en')}")
        return LimitError(evolve(problem, message=message, place=place))

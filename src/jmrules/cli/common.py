"""What the commands share: the reader's language, the ruleset that facts name, how errors are told."""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jmrules.cli.output import emit, say
from jmrules.cli.visible import one_line
from jmrules.errors import language_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from jmrules.errors import FactsError, JmrulesError, Language, Problem, Text
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

LANGUAGE = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help="zh 或 en；不写则随系统语言。 Language; that of the system if not given."),
]
RULESET = Annotated[
    str | None,
    typer.Option(
        "--ruleset",
        metavar="ID@YEAR|FILE",
        help="评分办法；不写则用事实文件写明的。 Ruleset; the one that the facts name if not given.",
    ),
]

_chosen: Language | None = None


def chosen_language(language: Language | None = None) -> Language:
    """The reader's language: as asked, as the environment says, else Chinese, the language of the notices."""
    global _chosen  # noqa: PLW0603 - errors are told after the command has ended
    if language is not None:
        _chosen = language
    if _chosen is not None:
        return _chosen
    return language_asked()


#: whether the command was asked for documents, so that errors are documents too
_documents = False


def asked(arguments: Sequence[str]) -> None:
    """Note what the arguments ask of every message: the language, and whether errors are JSON.

    Errors and help are told before a command has read its options, or after it has ended.
    """
    global _documents  # noqa: PLW0603 - as above
    _documents = "--json" in arguments
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or "".join(arguments[index + 1 : index + 2])
            if value in ("zh", "en"):
                chosen_language("en" if value == "en" else "zh")


def say_error(error: JmrulesError, language: Language) -> None:
    """Every problem on standard error: where, what, and what to do; as JSON where documents are asked for."""
    if _documents:
        _emit_problems("errors", error.problems)
        return
    count = len(error.problems)
    for problem in error.problems:
        _say_problem("错误" if language == "zh" else "error", problem, language)
    if count > 1:
        say(f"共 {count} 个问题" if language == "zh" else f"{count} problems", err=True)


def say_remarks(remarks: Iterable[Problem], language: Language) -> None:
    """What is no error and wants a second look, on standard error."""
    told = tuple(remarks)
    if _documents and told:
        _emit_problems("notes", told)
        return
    for remark in told:
        _say_problem("提示" if language == "zh" else "note", remark, language)


@contextmanager
def telling_warnings() -> Iterator[None]:
    """Tell warnings about rulesets that are left out as remarks, each once, in the reader's language."""
    told: set[Problem] = set()

    def tell(message: Warning | str, *where: Any, **more: Any) -> None:
        problem = getattr(message, "problem", None)
        if problem is None:
            before(message, *where, **more)
        elif problem not in told:
            told.add(problem)
            say_remarks([problem], chosen_language())

    with warnings.catch_warnings():
        before, warnings.showwarning = warnings.showwarning, tell
        # A class of the rulesets' room, which a command that reads none need not import.
        warnings.filterwarnings("always", module=r"jmrules\b")
        yield


def _say_problem(word: str, problem: Problem, language: Language) -> None:
    place = str(problem.place)
    say(one_line(f"{word}{' ' if place else ''}{place}"), err=True)
    say(f"  {one_line(problem.message.say(language))}", err=True)
    if problem.hint:
        say(f"  → {one_line(problem.hint.say(language))}", err=True)


def _emit_problems(member: str, problems: Iterable[Problem]) -> None:
    """One line of JSON: code, words in both languages, hint and place of each."""
    from jmrules.documents import compact

    emit(compact({member: [_problem_document(problem) for problem in problems]}) + "\n", err=True)


def _problem_document(problem: Problem) -> dict[str, Any]:
    place = {name: getattr(problem.place, name) for name in ("file", "pointer", "line", "column")}
    return {
        "code": problem.code,
        "zh": problem.message.zh,
        "en": problem.message.say("en"),
        "hint": None if problem.hint is None else {"zh": problem.hint.zh, "en": problem.hint.say("en")},
        "place": {name: value for name, value in place.items() if value is not None},
    }


def ruleset_for(facts: Facts, asked: str | None) -> Ruleset:
    """The ruleset asked for, or the one that the facts name for their year."""
    from jmrules.facts import ruleset_for_facts
    from jmrules.ruleset import ruleset_named

    if asked is not None:
        return ruleset_for_facts(ruleset_asked(asked), facts)
    return ruleset_for_facts(ruleset_named(f"{facts.ruleset.partition('@')[0]}@{facts.fiscal_year}"), facts)


def of_unknown(error: FactsError) -> bool:
    """Whether nothing is wrong but that facts are not known."""
    from jmrules.facts import only_unknown

    return only_unknown(error.problems)


@contextmanager
def all_known(ruleset: Ruleset, wanted: Text) -> Iterator[None]:
    """Where facts are not known, say so once: which they are, that what is ``wanted`` cannot be had, and how to go on."""
    from jmrules.errors import FactsError
    from jmrules.facts import told_at_once

    try:
        yield
    except FactsError as error:
        raise FactsError(told_at_once(error.problems, ruleset, wanted)) from None


def ruleset_asked(text: str) -> Ruleset:
    """The ruleset that someone typed."""
    from jmrules.ruleset import load_ruleset

    return load_ruleset(asked_source(text))


def asked_source(text: str) -> str | Path:
    """What someone typed who means a ruleset: a reference, or a file, whose path need not start with ``./`` here."""
    from pathlib import Path

    from jmrules.ruleset import is_reference

    like_a_path = text.startswith((".", "/")) or "\\" in text or Path(text).suffix or os.path.exists(text)
    return Path(text) if like_a_path and not is_reference(text) else text


def ruleset_once(asked: str | None) -> Callable[[Facts], Ruleset]:
    """As :func:`ruleset_for`, for many departments: each ruleset is loaded once."""
    loaded: dict[tuple[str, int], Ruleset] = {}

    def once(facts: Facts) -> Ruleset:
        key = (facts.ruleset if asked is None else asked, facts.fiscal_year)
        if key not in loaded:
            loaded[key] = ruleset_for(facts, asked)
        return loaded[key]

    return once


def is_folder(name: str) -> bool:
    """Whether there is a folder of that name; a name that no file can have is none."""
    return os.path.isdir(name)


def facts_in(name: str) -> list[str]:
    """A file stands for itself, unless it is no facts file by its name; a folder for the facts files in it."""
    from pathlib import Path

    from jmrules.formats import NO_FACTS

    path = Path(name)
    if is_folder(name):
        from jmrules.facts import facts_files

        return [str(each) for each in facts_files(path)] or [name]
    return [] if path.name.endswith(NO_FACTS) else [name]

"""What the commands share: the reader's language, the ruleset that facts name, how errors are told."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from jmrules.errors import language_asked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from jmrules.errors import JmrulesError, Language, Problem
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


def console() -> Console:
    """The terminal, or a plain 100 columns where the output is no terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else 100
    return Console(width=width, highlight=False, soft_wrap=False)


def say_error(error: JmrulesError, language: Language) -> None:
    """Every problem on standard error: where, what, and what to do."""
    count = len(error.problems)
    for problem in error.problems:
        place = str(problem.place)
        typer.echo(f"{'错误' if language == 'zh' else 'error'}{' ' if place else ''}{place}", err=True)
        typer.echo(f"  {problem.message.say(language)}", err=True)
        if problem.hint:
            typer.echo(f"  → {problem.hint.say(language)}", err=True)
    if count > 1:
        typer.echo(f"共 {count} 个问题" if language == "zh" else f"{count} problems", err=True)


def say_remarks(remarks: Iterable[Problem], language: Language) -> None:
    """What is no error and wants a second look, on standard error."""
    for remark in remarks:
        typer.echo(f"{'提示' if language == 'zh' else 'note'} {remark.place}", err=True)
        typer.echo(f"  {remark.message.say(language)}", err=True)
        if remark.hint:
            typer.echo(f"  → {remark.hint.say(language)}", err=True)


def ruleset_for(facts: Facts, asked: str | None) -> Ruleset:
    """The ruleset asked for, or the one that the facts name for their year."""
    from jmrules.facts.bind import ruleset_of_year
    from jmrules.ruleset import load_ruleset

    named = asked or f"{facts.ruleset.partition('@')[0]}@{facts.fiscal_year}"
    return ruleset_of_year(load_ruleset(named), facts)

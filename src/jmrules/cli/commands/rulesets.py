"""``jmrules rulesets``: the rulesets there are."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language
from jmrules.cli.output import console, emit, styled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from jmrules.errors import Language
    from jmrules.ruleset import Summary

STATUSES = {"official": ("正式", "official"), "reconstructed": ("推定", "reconstructed"), "draft": ("草案", "draft")}
#: digits of a digest that tell rulesets apart for a reader
_SHOWN = 8


def rulesets(
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """列出可用的评分办法，以及各自出自哪里。 List the rulesets there are, and where each is from."""
    language = chosen_language(lang)
    from jmrules.ruleset import RulesetWarning, summaries

    told, problems = summaries()
    if as_json:
        from jmrules.documents import in_json, pretty

        emit(pretty(in_json(told)) + "\n")
    else:
        console().print(_table(told, language))
    for problem in problems:
        warnings.warn(RulesetWarning(problem), stacklevel=1)


def _table(told: Iterable[Summary], language: Language) -> Table:
    from rich import box
    from rich.table import Table

    from jmrules.ruleset import years_in_words

    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("编号@年度#版本" if zh else "id@year#revision", overflow="fold")
    for heading in ("状态", "摘要") if zh else ("status", "digest"):
        table.add_column(heading, no_wrap=True)
    table.add_column("来源" if zh else "from", overflow="fold")
    for summary in told:
        first, last = summary.years
        span = "" if first == last else years_in_words(first, last).say(language)
        years = (f"  适用年度：{span}" if zh else f"  for {span}") if span else ""
        about = f"{summary.title.say(language)} · {summary.issuer.say(language)}"
        table.add_row(
            styled("[bold]{}[/]#{}{}\n[dim]{}[/]", summary.entry.reference, summary.revision, years, about),
            STATUSES.get(summary.status, (summary.status,) * 2)[0 if zh else 1],
            summary.digest[:_SHOWN],
            summary.entry.source.name,
        )
    return table

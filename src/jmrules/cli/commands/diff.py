"""``jmrules diff``: what differs between two rulesets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import console, emit, styled
from jmrules.cli.show.lines import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from jmrules.errors import Language
    from jmrules.ruleset import Difference, Ruleset


def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="原评分办法：编号@年度或文件。 The ruleset before: id@year or file.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="现评分办法。 The ruleset after.")],
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="输出 Markdown，供起草修订说明。 Print Markdown for a memo.")
    ] = False,
) -> None:
    """比较两份评分办法：增删、移动、分值、分档、标准、文字。 Compare two rulesets."""
    language = chosen_language(lang)
    from jmrules.ruleset import diff as differences_between

    old, new = ruleset_asked(before), ruleset_asked(after)
    differences = differences_between(old, new)
    if as_json:
        from jmrules.compare import diff_document
        from jmrules.documents import pretty

        emit(pretty(diff_document(old, new, differences)) + "\n")
    elif markdown:
        from jmrules.compare import diff_markdown

        emit(diff_markdown(old, new, differences, language))
    else:
        show(old, new, differences, language, console())


def show(before: Ruleset, after: Ruleset, differences: Sequence[Difference], language: Language, out: Console) -> None:
    """One entry a paragraph: what it is, what happened to it, what it was, what it is now."""
    from itertools import groupby

    from rich.padding import Padding

    from jmrules.compare import KINDS, PARTS, said

    zh = language == "zh"
    pick = 0 if zh else 1
    out.print(f"{before.reference}#{before.revision} → {after.reference}#{after.revision}")
    if not differences:
        out.print("没有差别" if zh else "nothing differs")
    # an author's names for things stand apart, for those who edit the file
    ids = max((len(each.id) for each in differences), default=0) + 2
    for part, found in groupby(differences, key=lambda difference: difference.part):
        out.print(styled("\n[bold]{}[/]", PARTS[part][pick]))
        for difference in found:
            name = f"{difference.label.say(language)}  {KINDS[difference.kind][pick]}"
            row("  ", name, ["" if part == "head" else difference.id], [ids], out, "bold")
            for sign, text in zip("-+", said(difference, before, after), strict=True):
                line = text.say(language)
                if line != "—":
                    out.print(Padding(f"{sign} {line}", (0, 0, 0, 4), expand=False))

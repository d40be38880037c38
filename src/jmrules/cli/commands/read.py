"""``jmrules read``: draft facts from a report, each with its place and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import emit, say

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.read import Draft
    from jmrules.ruleset import Ruleset


def read(
    report: Annotated[
        str, typer.Argument(metavar="REPORT", help="自评报告（Word、PDF、文本、网页、Excel）。 The report.")
    ],
    ruleset: Annotated[
        str,
        typer.Option(
            "--ruleset", metavar="ID@YEAR|FILE", help="评分办法。 The notice that says which facts are needed."
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="写到 .json 或 .xlsx。 A .json or .xlsx file."),
    ] = None,
    lang: LANGUAGE = None,
) -> None:
    """从报告起草事实，逐项注明出处和把握；报告没有说的一律未知。 Draft facts from a report; what it does not say is unknown."""
    from pathlib import Path

    from jmrules.documents import pretty
    from jmrules.errors import FactsError, Problem, Text
    from jmrules.read import draft, read_paper

    language = chosen_language(lang)
    path = Path(report)
    rules = ruleset_asked(ruleset)
    found = draft(read_paper(path), rules, path=path)
    text = pretty(found.document) + "\n"
    if output is None:
        emit(text)
        return
    ending = Path(output).suffix.lower()
    if ending not in (".json", ".xlsx"):
        raise FactsError(Problem("other-format", Text(f"不能写成 {output}", f"cannot write {output}"),
                                 Text("请以 .json 或 .xlsx 结尾", "let its name end in .json or .xlsx")))  # fmt: skip
    if ending == ".json":
        from jmrules.documents import write_whole

        write_whole(output, text)
    else:
        from jmrules.facts import parse_facts
        from jmrules.report import template, write_bytes

        write_bytes(output, template(rules, parse_facts(text), language))
    say(output)
    _told(found, rules, language)


def _told(found: Draft, ruleset: Ruleset, language: Language) -> None:
    """How many facts were read, how sure, and what is still to be given."""
    zh = language == "zh"
    counts = {sure: sum(each == sure for each in found.sure.values()) for sure in ("exact", "likely", "unclear")}
    words = ("准确", "较有把握", "待核对") if zh else ("exact", "likely", "to be checked")
    told = (
        "，".join(f"{word} {count}" for word, count in zip(words, counts.values(), strict=True))
        if zh
        else ", ".join(f"{word} {count}" for word, count in zip(words, counts.values(), strict=True))
    )
    say(f"读出事实 {len(found.sure)} 项（{told}）" if zh else f"{len(found.sure)} facts read ({told})", err=True)
    labels = {fact.id: fact.label.say(language) for fact in ruleset.facts}
    unknown = [labels[id] for id in found.unknown]
    if unknown:
        names = ("、" if zh else ", ").join(unknown[:8]) + (f" 等 {len(unknown)} 项" if zh and len(unknown) > 8 else "")
        say(f"报告没有说：{names}" if zh else f"not said by the report: {names}", err=True)

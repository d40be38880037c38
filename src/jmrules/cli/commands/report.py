"""``jmrules report``: the score sheet as a workbook; of many departments, the work-list with the sheet of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, facts_in, ruleset_for
from jmrules.cli.output import say

if TYPE_CHECKING:
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset


def report(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FACTS...",
            help="事实文件或其文件夹；多份时为工作清单。 Facts files or folders; of many, a work-list.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE.xlsx", show_default=False, help="写到哪个文件。 The file to write."
        ),
    ] = "评分表.xlsx",
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
) -> None:
    """写出评分表和佐证材料清单（Excel）；多份时为工作清单。 Write the score sheet as a workbook; of many, the work-list."""
    language = chosen_language(lang)
    from pathlib import Path

    from jmrules.errors import FactsError, Problem, Text
    from jmrules.facts import load_facts
    from jmrules.report import report as report_of
    from jmrules.report import reports, write_bytes

    if Path(output).suffix.lower() != ".xlsx":
        raise FactsError(Problem("other-format", Text(f"不能写成 {output}", f"cannot write {output}"),
                         Text("文件名以 .xlsx 结尾", "let its name end in .xlsx")))  # fmt: skip
    found = [file for name in files for file in facts_in(name)]
    if len(found) == 1:
        facts = load_facts(found[0])
        data = report_of(ruleset_for(facts, ruleset), facts, language)
    else:
        loaded: dict[tuple[str, int], Ruleset] = {}

        def once(facts: Facts) -> Ruleset:
            key = (facts.ruleset if ruleset is None else ruleset, facts.fiscal_year)
            if key not in loaded:
                loaded[key] = ruleset_for(facts, ruleset)
            return loaded[key]

        data = reports(found, once, language)
    write_bytes(output, data)
    say(output)

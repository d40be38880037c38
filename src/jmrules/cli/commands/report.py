"""``jmrules report``: the score sheet as a workbook, a page or Markdown; of many departments, the work-list with the sheet of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.commands.review import facts_in
from jmrules.cli.common import LANGUAGE, RULESET, chosen_language, ruleset_for
from jmrules.cli.output import say

if TYPE_CHECKING:
    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import Ruleset

#: what a report can be written as
ENDINGS = (".xlsx", ".html", ".md")


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
            "-o",
            "--output",
            metavar="FILE.xlsx|html|md",
            show_default=False,
            help="写到哪个文件；按扩展名定格式。 The file to write; its ending says the format.",
        ),
    ] = "评分表.xlsx",
    ruleset: RULESET = None,
    lang: LANGUAGE = None,
) -> None:
    """写出评分表和佐证材料清单（Excel、网页、Markdown）；多份时为工作清单。 Write the score sheet as a workbook, a page or Markdown; of many, the work-list."""
    language = chosen_language(lang)
    from pathlib import Path

    from jmrules.errors import FactsError, Problem, Text
    from jmrules.report import write_bytes

    ending = Path(output).suffix.lower()
    if ending not in ENDINGS:
        raise FactsError(Problem("other-format", Text(f"不能写成 {output}", f"cannot write {output}"),
                         Text(f"文件名以 {'、'.join(ENDINGS)} 结尾", f"let its name end in {', '.join(ENDINGS)}")))  # fmt: skip
    found = [file for name in files for file in facts_in(name)]
    data = _one(found[0], ending, ruleset, language) if len(found) == 1 else _many(found, ending, ruleset, language)
    write_bytes(output, data)
    say(output)


def _one(file: str, ending: str, ruleset: str | None, language: Language) -> bytes:
    """The report of one department."""
    from jmrules import report as made
    from jmrules.facts import load_facts

    facts = load_facts(file)
    rules = ruleset_for(facts, ruleset)
    if ending == ".xlsx":
        return made.report(rules, facts, language)
    write = made.department_page if ending == ".html" else made.department_markdown
    return write(made.scored(rules, facts), language)


def _many(files: list[str], ending: str, ruleset: str | None, language: Language) -> bytes:
    """The work-list of many, each loaded ruleset read once."""
    from jmrules import report as made

    loaded: dict[tuple[str, int], Ruleset] = {}

    def once(facts: Facts) -> Ruleset:
        key = (facts.ruleset if ruleset is None else ruleset, facts.fiscal_year)
        if key not in loaded:
            loaded[key] = ruleset_for(facts, ruleset)
        return loaded[key]

    write = {".xlsx": made.work_list_book, ".html": made.departments_page, ".md": made.departments_markdown}[ending]
    return write(made.listed_files(files, once), language)

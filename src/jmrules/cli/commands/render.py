"""``jmrules render``: the notice itself, from its ruleset alone."""

from __future__ import annotations

from typing import Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import say


def render(
    ruleset: Annotated[
        str, typer.Argument(metavar="RULESET", help="评分办法：编号@年度或文件。 A ruleset: id@year or file.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE.docx|xlsx|html|md",
            show_default=False,
            help="写到哪个文件；按扩展名定格式。 The file to write; its ending says the format.",
        ),
    ] = "评分标准.docx",
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="OTHER",
            help="与另一份（如上一年度）并列，标出变化。 Beside another, such as last year's, with changes marked.",
        ),
    ] = None,
    lang: LANGUAGE = None,
) -> None:
    """写出评分标准：报批的表，逐项一页；可与上年并列。 Write the notice: its criteria as a table, a page an indicator."""
    language = chosen_language(lang)
    from pathlib import Path

    from jmrules.errors import JmrulesError, Problem, Text
    from jmrules.report import notice_document, notice_markdown, notice_page, notice_workbook, write_bytes

    writers = {".docx": notice_document, ".xlsx": notice_workbook, ".html": notice_page, ".md": notice_markdown}
    write = writers.get(Path(output).suffix.lower())
    if write is None:
        raise JmrulesError(Problem("other-format", Text(f"不能写成 {output}", f"cannot write {output}"),
                         Text(f"文件名以 {'、'.join(writers)} 结尾", f"let its name end in {', '.join(writers)}")))  # fmt: skip
    loaded = ruleset_asked(ruleset)
    other = None if against is None else ruleset_asked(against)
    write_bytes(output, write(loaded, other, language))
    say(output)

"""``jmrules audit``: a report held against itself, before anyone types a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, is_folder, say_error
from jmrules.cli.output import console, emit, say, styled
from jmrules.cli.show.matters import show_matters

if TYPE_CHECKING:
    from pathlib import Path

    from jmrules.errors import Language
    from jmrules.read import Audit


def audit(
    reports: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORT...",
            help="自评报告（Word、PDF、文本、网页、Excel）或其文件夹。 Reports, or folders of them.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o", metavar="FILE.html|DIR", help="写成网页，原文中标出数据。 Write pages with the figures marked."
        ),
    ] = None,
    lang: LANGUAGE = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """核对报告本身：合计与明细、占比、前后各处、年度、得分与等级；不需要评分办法。 Hold a report against itself; no ruleset is needed."""
    from pathlib import Path

    from jmrules.errors import JmrulesError
    from jmrules.read import audit as held
    from jmrules.read import audit_document, audits_document, read_paper, reports_in

    language = chosen_language(lang)
    paths = [each for name in reports for each in (reports_in(Path(name)) if is_folder(name) else (Path(name),))]
    found: list[tuple[Path, Audit]] = []
    refused = 0
    for path in paths:
        try:
            found.append((path, held(read_paper(path))))
        except JmrulesError as error:
            if len(paths) == 1:
                raise
            refused += 1
            say_error(error, language)
    if not paths:
        say("文件夹里没有可读的报告" if language == "zh" else "there are no reports in the folder", err=True)
        raise typer.Exit(2)
    if output is not None:
        _write(found, Path(output), language)
    elif as_json:
        from jmrules.documents import pretty

        one = len(paths) == 1 and found
        emit(
            pretty(
                audit_document(found[0][0].name, found[0][1]) if one else audits_document((p.name, a) for p, a in found)
            )
        )
    elif len(paths) == 1:
        _show(found[0][0].name, found[0][1], language)
    else:
        _list(found, language)
    if refused:
        raise typer.Exit(2 if not found else 1)


def _show(name: str, found: Audit, language: Language) -> None:
    out = console()
    out.print(styled("[bold]{}[/]", name), soft_wrap=True)
    count = len(found.reading.figures)
    out.print(f"读出数据 {count} 处" if language == "zh" else f"{count} figures read")
    show_matters(found.matters, language, out)


def _list(found: list[tuple[Path, Audit]], language: Language) -> None:
    """Reports with the most to ask about first."""
    from rich.table import Table

    from jmrules.crossfoot import STATUS_WORDS, STATUSES

    statuses = tuple(reversed(STATUSES))
    out = console()
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("报告" if language == "zh" else "report", overflow="fold")
    for status in statuses:
        table.add_column(STATUS_WORDS[status][0].say(language), justify="right")
    rows = []
    for path, each in found:
        counts = [sum(matter.status == status for matter in each.matters) for status in statuses]
        rows.append((counts, path.name))
    for counts, name in sorted(rows, key=lambda row: ([-count for count in row[0][:4]], row[1])):
        table.add_row(name, *(str(count) if count else "—" for count in counts))
    out.print(table)


def _write(found: list[tuple[Path, Audit]], target: Path, language: Language) -> None:
    from jmrules.documents import write_whole
    from jmrules.read import marked

    if len(found) == 1 and target.suffix.lower() in (".html", ".htm"):
        write_whole(target, marked(found[0][0].name, found[0][1], language))
        say(str(target))
        return
    target.mkdir(parents=True, exist_ok=True)
    for path, each in found:
        file = target / f"{path.name}.html"
        write_whole(file, marked(path.name, each, language))
        say(str(file))

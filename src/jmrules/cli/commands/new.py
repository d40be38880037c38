"""``jmrules new``: start a ruleset."""

from __future__ import annotations

from typing import Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language


def new(
    id: Annotated[
        str, typer.Argument(metavar="PLACE/EVALUATION", help="编号，例如 somewhere/department-overall。 The id.")
    ],
    year: Annotated[int, typer.Argument(metavar="YEAR", help="会计年度。 The fiscal year.")],
    extends: Annotated[
        str | None,
        typer.Option(
            "--extends",
            metavar="ID@YEAR",
            help="沿用的评分办法：只写改动之处。 The ruleset to extend: only changes are then written.",
        ),
    ] = None,
    folder: Annotated[
        str, typer.Option("--dir", metavar="DIR", help="评分办法文件夹。 The folder of rulesets.")
    ] = "rulesets",
    lang: LANGUAGE = None,
) -> None:
    """新建评分办法和案例：从示例开始，或沿用已有的。 Start a ruleset with cases."""
    language = chosen_language(lang)
    from pathlib import Path

    from jmrules.ruleset.scaffold import scaffold, scaffold_overlay, write

    root = Path(folder)
    if extends is None:
        files = scaffold(id, year, root)
    else:
        from jmrules.ruleset import load_ruleset

        base = load_ruleset(extends)
        cases = Path(base.source.file).parent / "cases" / str(base.first_year) if base.source.file else None
        files = scaffold_overlay(base, id, year, root, cases)
    write(files)
    zh = language == "zh"
    for path in files:
        typer.echo(str(path))
    if extends is not None and (dates := _dates(base.source.value)):
        listed = ", ".join(dates)
        typer.echo(
            f"沿用的标准和案例写有日期，请逐一核对是否改到 {year} 年度：{listed}"
            if zh
            else f"criteria and cases carry over dates: check whether each should move to {year}: {listed}"
        )
    typer.echo(
        f"下一步：改写后运行 jmrules validate、jmrules test {id}@{year} --rulesets {folder}"
        if zh
        else f"next: edit, then run jmrules validate and jmrules test {id}@{year} --rulesets {folder}"
    )


def _dates(document: object) -> list[str]:
    """The dates that criteria state, in order; the notice's own date aside."""
    import re

    found: set[str] = set()
    waiting = [value for name, value in document.items() if name != "notice"] if isinstance(document, dict) else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str):
            found |= set(re.findall(r"\b\d{4}-\d{2}-\d{2}\b", part))
    return sorted(found)

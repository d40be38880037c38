"""``jmrules new``: start a ruleset."""

from __future__ import annotations

from typing import Annotated

import typer

from jmrules.cli.common import LANGUAGE, chosen_language, ruleset_asked
from jmrules.cli.output import say


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

    from jmrules.ruleset import scaffold, scaffold_overlay, write

    root = Path(folder)
    if extends is None:
        files = scaffold(id, year, root)
    else:
        base = ruleset_asked(extends)
        cases = Path(base.source.file).parent / "cases" / str(base.first_year) if base.source.file else None
        files = scaffold_overlay(base, id, year, root, cases)
    write(files)
    zh = language == "zh"
    for path in files:
        say(str(path))
    if extends is not None:
        from jmrules.cli.common import say_remarks
        from jmrules.ruleset import remarks

        say_remarks(remarks(base), language)
    say(
        f"下一步：改写后运行 jmrules validate、jmrules test {id}@{year} --rulesets {folder}"
        if zh
        else f"next: edit, then run jmrules validate and jmrules test {id}@{year} --rulesets {folder}"
    )

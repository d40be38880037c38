"""``jmrules new``: start a ruleset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, asked_source, chosen_language, ruleset_asked
from jmrules.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jmrules.ruleset import Ruleset


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

    root, folders = Path(folder), [folder]
    if extends is None:
        files = scaffold(id, year, root)
    else:
        base = ruleset_asked(extends)
        if isinstance(asked_source(extends), Path):
            folders += [found for found in _folder_of(base) if Path(found) != root.resolve()]
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
    ruleset = next(iter(files))
    say(f"下一步：改写 {ruleset}，然后运行" if zh else f"next: edit {ruleset}, then run")
    for command in _next(ruleset, f"{id}@{year}", folders):
        say(f"  {command}")


def _next(ruleset: Path, reference: str, folders: Sequence[str]) -> tuple[str, ...]:
    """What to run, as it can be typed."""
    from shlex import join

    # The first is the ruleset's own, which a file that is named finds by itself.
    own, *others = [["--rulesets", folder] for folder in folders]
    more = [part for option in others for part in option]
    return join(["jmrules", "validate", str(ruleset), *more]), join(["jmrules", "test", reference, *own, *more])


def _folder_of(base: Ruleset) -> list[str]:
    """Where a base lies that was given as a file, so that it is found again; in none of its own if it came by reference."""
    from pathlib import Path

    file = Path(base.source.file or "").resolve()
    steps = base.id.count("/") + 1
    return [str(file.parents[steps])] if file.match(f"{base.id}/{base.first_year}.json") else []

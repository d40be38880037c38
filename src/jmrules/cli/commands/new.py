"""``jmrules new``: start a ruleset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.common import LANGUAGE, asked_source, chosen_language, ruleset_asked
from jmrules.cli.output import say
from jmrules.cli.show.tables import HEADER_ROW, SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jmrules.errors import Language
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
    from_table: Annotated[
        str | None,
        typer.Option(
            "--from-table",
            metavar="FILE.xlsx",
            help="从 Excel 评分表起草：各级指标、分值、评分标准。 Draft it from a scoring table in Excel.",
        ),
    ] = None,
    sheet: SHEET = None,
    header_row: HEADER_ROW = None,
    folder: Annotated[
        str, typer.Option("--dir", metavar="DIR", help="评分办法文件夹。 The folder of rulesets.")
    ] = "rulesets",
    lang: LANGUAGE = None,
) -> None:
    """新建评分办法和案例：从示例或评分表开始，或沿用已有的。 Start a ruleset with cases."""
    language = chosen_language(lang)
    from pathlib import Path

    if from_table is not None:
        _from_table(id, year, Path(from_table), sheet, header_row, Path(folder), language, extends)
        return

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


def _from_table(
    id: str,
    year: int,
    file: Path,
    sheet: str | None,
    header_row: int | None,
    folder: Path,
    language: Language,
    extends: str | None,
) -> None:
    """Draft a ruleset from a scoring table, and say what is left to decide."""
    from jmrules.errors import Problem, RulesetError, Text
    from jmrules.formats import FORMATS
    from jmrules.ruleset import write
    from jmrules.ruleset.score_table import read_score_table
    from jmrules.ruleset.table_draft import draft_of

    if extends is not None:
        raise RulesetError(Problem("two-beginnings", Text("--from-table 和 --extends 只能用一个", "--from-table and --extends exclude each other"),
                                   Text("沿用已有的办法，就照表改 changes", "to extend a ruleset, write what the table changes as changes")))  # fmt: skip
    if FORMATS.get(file.suffix.lower()) not in ("excel", "csv"):
        raise RulesetError(Problem("other-format", Text(f"{file} 不是 .xlsx 或 .csv", f"{file} is no .xlsx or .csv file"),
                                   Text("请在 Excel 或 WPS 中另存为 .xlsx", "save it as .xlsx")))  # fmt: skip
    if not file.is_file():
        raise RulesetError(Problem("no-such-file", Text(f"没有文件 {file}", f"there is no file {file}")))
    table = read_score_table(file, sheet, header_row)
    draft = draft_of(table, id, year, folder)
    write(draft.files)
    for path in draft.files:
        say(str(path))
    for note in table.notes:
        say(note.say(language))
    zh = language == "zh"
    say("")
    say(
        f"{draft.indicators} 个指标，{draft.points:f} 分；{draft.proposed} 个有建议的计分方法，其余暂按评定得分计。请逐项决定："
        if zh
        else f"{draft.indicators} indicators, {draft.points:f} points; a method is proposed for {draft.proposed}, the others are as judged for now. To decide:"
    )
    for what in draft.whole:
        say(f"  - {what.say(language)}")
    for head, what in draft.each:
        say(f"  - {head.say(language)}：{what.zh}" if zh else f"  - {head.say(language)}: {what.say(language)}")
    at = folder / id / f"{year}.json"
    say("")
    say("下一步：" if zh else "next:")
    for command in (f"validate {at}", f"show {at}", f"test {at}", f"template {at} -o {year}.xlsx"):
        say(f"  jmrules {command}")


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

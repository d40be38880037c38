"""What the commands that read a table of departments ask for: which column is which fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jmrules.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jmrules.batch import Columns, Source
    from jmrules.errors import Language
    from jmrules.facts import Facts

MAP = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FACT=COLUMN", help="事实在哪一列；可重复。 Which column is which fact."),
]
LISTS = Annotated[
    list[str] | None,
    typer.Option(
        "--list", metavar="FACT=FILE:KEY", help="列表在另一个文件，KEY 是其中的部门编号列。 A list's own file."
    ),
]
SHEET = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="Excel 的哪个工作表；不写则自己找。 The sheet; found if not given."),
]
ROW = Annotated[
    int | None,
    typer.Option(
        "--row", metavar="N", min=1, help="表中哪一行；只有一行时不必写。 Which row of a table, if it has several."
    ),
]
HEADER_ROW = Annotated[
    int | None,
    typer.Option(
        "--header-row",
        metavar="N",
        min=1,
        help="表头在第几行；不写则自己找。 The row of the heads; found if not given.",
    ),
]
KEY = Annotated[
    str | None, typer.Option("--key", metavar="COLUMN", help="部门编号列。 Column that identifies a department.")
]


def say_notes(source: Source, columns: Iterable[Columns], language: Language) -> None:
    """On standard error: what was found about the files, what was converted, and which columns nothing reads."""
    every = list(columns)
    zh = language == "zh"
    files = {source.path: source} | {table.source.path: table.source for each in every for table in each.lists}
    for path, opened in files.items():
        for note in opened.layout.notes if opened.layout is not None else ():
            say(f"{path.name}{'：' if zh else ': '}{note.say(language)}", err=True)
    from jmrules.units import unit_words

    readings = [
        read
        for each in every
        for read in (*each.reading.values(), *(r for t in each.lists for r in t.reading.values()))
    ]
    for name, said, wanted in dict.fromkeys(
        (read.name, read.said, read.wanted) for read in readings if read.said and read.wanted
    ):
        given, made = unit_words(said, language), unit_words(wanted, language)
        say(
            f"“{name}”按 {given} 读，换算为 {made}" if zh else f"{name!r} is read as {given}, converted to {made}",
            err=True,
        )
    unread = [name for name in every[0].unread if all(name in each.unread for each in every)]
    if unread:
        say(
            f"没有用到的列：{'、'.join(unread)}" if zh else f"columns that nothing reads: {', '.join(unread)}", err=True
        )


def _looked_at(path: Path, sheet: str | None, header_row: int | None) -> None:
    """Raise what is wrong with the file itself, before what is missing beside it."""
    from jmrules.documents import read_bytes
    from jmrules.formats import FORMATS
    from jmrules.tables import open_table

    if not path.is_file():
        read_bytes(path)
    open_table(path, FORMATS[path.suffix.lower()], sheet=sheet, header_row=header_row)


def facts_in_table(
    path: Path, reference: str | None, row: int | None, sheet: str | None, header_row: int | None, language: Language
) -> Facts:
    """The facts of one department of a table, for the ruleset that is named.

    Raises:
        FactsError: no ruleset is named, or it is not clear which row is meant.
        BatchError, TableError: as a batch of the table.
    """
    from jmrules.extras import check_installed

    check_installed()
    from jmrules.batch import facts_of_row, mapped, names_read, open_departments, row_numbers, tables
    from jmrules.cli.common import ruleset_asked
    from jmrules.errors import FactsError, Place, Problem, Text

    place = Place(str(path))
    if reference is None:
        _looked_at(path, sheet, header_row)
        raise FactsError(
            Problem("needs-ruleset", Text("表不写明用哪个评分办法", "a table does not say which ruleset it is for"),
                    Text("请用 --ruleset 指明", "name it by --ruleset"), place)
        )  # fmt: skip
    ruleset = ruleset_asked(reference)
    source = open_departments(path, [ruleset], sheet=sheet, header_row=header_row)
    columns = mapped(ruleset, source)
    say_notes(source, [columns], language)
    if row is None:
        first = next(tables(source, names_read(source, columns), 2), None)
        numbers = [] if first is None else row_numbers(first, 0).tolist()
        if len(numbers) != 1:
            raise FactsError(
                Problem("which-row", Text("表中不止一行，或一行也没有", "the table has more than one row, or none"),
                        Text("请用 --row 指明是哪一行；要给全部打分，用 jmrules batch", "name one by --row; to score all of them, jmrules batch"), place)
            )  # fmt: skip
        row = numbers[0]
    return facts_of_row(ruleset, source, columns, row, 200_000)

"""What the commands that read a table of departments ask for: which column is which fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmrules.batch.mapping import Columns
    from jmrules.batch.sources import Source
    from jmrules.errors import Language

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
            typer.echo(f"{path.name}{'：' if zh else ': '}{note.say(language)}", err=True)
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
        typer.echo(
            f"“{name}”按 {given} 读，换算为 {made}" if zh else f"{name!r} is read as {given}, converted to {made}",
            err=True,
        )
    unread = [name for name in every[0].unread if all(name in each.unread for each in every)]
    if unread:
        typer.echo(
            f"没有用到的列：{'、'.join(unread)}" if zh else f"columns that nothing reads: {', '.join(unread)}", err=True
        )

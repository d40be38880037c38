"""What the commands that read a table of departments ask for: which column is which fact."""

from __future__ import annotations

from typing import Annotated

import typer

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
KEY = Annotated[
    str | None, typer.Option("--key", metavar="COLUMN", help="部门编号列。 Column that identifies a department.")
]

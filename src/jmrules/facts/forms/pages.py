"""The sheets of a filled-in workbook as lines of named cells, wherever their columns and rows were moved to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import FactsError, Place, Problem, Text
from jmrules.facts.forms.fields import Field, as_written
from jmrules.formats import FORM_MARK
from jmrules.tables import excel_sheets, faulty

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jmrules.tables import Sheet

FORMAT = 1
#: key of a row that holds headings
HEAD = "/head"


@frozen
class Line:
    """A row of a sheet: its cells by the ids of their columns, and what each is called."""

    number: int
    #: what the row is about, where the sheet says so
    key: str | None
    cells: Mapping[str, str]
    places: Mapping[str, str]

    def __getitem__(self, column: str) -> str | None:
        return self.cells.get(column)


@frozen
class Page:
    """A sheet of the workbook."""

    name: str
    columns: Mapping[str, int]
    lines: tuple[Line, ...]


@frozen
class Form:
    """What a workbook asks for, and its pages by what they are about."""

    ruleset: str
    fiscal_year: int
    facts: Mapping[str, Field]
    #: kinds of documents -> what they are called
    kinds: Mapping[str, tuple[str, str]]
    pages: Mapping[str, tuple[Page, ...]] = field(repr=False)

    def lines(self, about: str) -> list[tuple[Page, Line]]:
        """The rows of all sheets about one thing."""
        return [(page, line) for page in self.pages.get(about, ()) for line in page.lines]

    def list_names(self) -> dict[str, str]:
        """By the path of a list, the name of its sheet."""
        return {
            about.partition(":")[2]: pages[0].name for about, pages in self.pages.items() if about.startswith("list:")
        }


def open_form(path: Path) -> Form:
    """The pages of a workbook.

    Raises:
        TableError: it cannot be read as Excel.
        FactsError: it is no workbook to fill facts into, or what it asks for was damaged.
    """
    sheets = excel_sheets(path)
    marks = [sheet for sheet in sheets if sheet.name == FORM_MARK]
    try:
        text = "".join(row.cells[0] or "" for row in marks[0].rows() if row.cells)
        said: dict[str, Any] = json.loads(text)
        if said["format"] > FORMAT:
            raise _refused(path, "newer-form", "这份模板由更新的版本生成", "this template was made by a newer version",
                           ("请更新 jmrules", "update jmrules"))  # fmt: skip
        facts = as_written(said["facts"])
        kinds = {kind: (zh, en) for kind, (zh, en) in said["kinds"].items()}
        ruleset, year = str(said["ruleset"]), int(said["fiscal_year"])
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        raise _damaged(path) from None
    pages: dict[str, tuple[Page, ...]] = {}
    for sheet in sheets:
        if sheet.name != FORM_MARK and (found := _page(sheet)) is not None:
            about, page = found
            if about.startswith("list:") and not _known(about.partition(":")[2], facts):
                raise _damaged(path)
            pages[about] = (*pages.get(about, ()), page)
    return Form(ruleset, year, facts, kinds, pages)


def _known(path: str, fields: Mapping[str, Field]) -> bool:
    """Whether a list is asked for."""
    for name in path.split("/"):
        if name not in fields or fields[name].type != "list":
            return False
        fields = fields[name].item
    return True


def _damaged(path: Path) -> FactsError:
    return _refused(path, "not-a-form", "这份工作簿不是可以填报的模板", "this workbook is no template to fill facts into",
                    ("请用 jmrules template 生成模板，填报后另存为 .xlsx", "make one by jmrules template, fill it in, and save it as .xlsx"))  # fmt: skip


def _refused(path: Path, code: str, zh: str, en: str, hint: tuple[str, str]) -> FactsError:
    return FactsError(Problem(code, Text(zh, en), Text(*hint), Place(str(path))))


def _page(sheet: Sheet) -> tuple[str, Page] | None:
    """What a sheet is about, which its first cell says, and its rows; None for a sheet that somebody added."""
    rows = list(sheet.rows())
    if not rows or not rows[0].cells or not (about := rows[0].cells[0] or "").startswith("jmrules:"):
        return None
    columns = {id: at for at, id in enumerate(rows[0].cells) if id and at}
    covered = sheet.covered()
    lines = []
    for row in rows[1:]:
        key = row.cells[0] if row.cells else None
        if key == HEAD:
            continue
        cells = {}
        for id, at in columns.items():
            text = row.cells[at] if at < len(row.cells) else None
            if (row.number, at) in covered:
                text = faulty("merged")
            if text is not None:
                cells[id] = text
        places = {id: sheet.cell(row.number, at) for id, at in columns.items()}
        lines.append(Line(row.number, key, cells, places))
    return about.removeprefix("jmrules:"), Page(sheet.name or "", columns, tuple(lines))

"""Figures in tables: what a column holds by its head, what a row is of by its first words, and the row that adds up the others."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.read.figures import Figure, Spot, narrow

if TYPE_CHECKING:
    from jmrules.read.language import Speech
    from jmrules.read.paper import Block, Paper


@frozen
class Group:
    """A total with the parts that a report lists of it."""

    total: Figure | None
    parts: tuple[Figure, ...]
    #: of each part, the share of the total that the report gives
    shares: tuple[Figure | None, ...]
    #: the report says, or its shares and words show, that it lists every part
    whole: bool
    #: by what it is divided, in the report's words
    by: str = ""
    #: it stands in a table
    table: bool = False


@frozen
class Rate:
    """A percentage that the report gives of two amounts beside it, or of what its label names."""

    stated: Figure
    part: Figure | None = None
    whole: Figure | None = None
    #: id of the rate, where its label names one
    kind: str | None = None


_NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})*(?:\.\d+)?")
_UNIT = re.compile(r"[（(](?:单位[:：])?([^（）()]{1,6})[)）]|单位[:：]\s*([\u4e00-\u9fff]{1,4})")
_HEADS = 4


@frozen
class _Column:
    """A column that holds numbers."""

    at: int
    head: str
    concept: str | None
    unit: str


def tabled(block: Block, number: int, paper: Paper, speech: Speech) -> tuple[list[Figure], list[Group], list[Rate]]:
    """The figures of a table, its sums and its rates."""
    rows = [tuple(narrow(cell).strip() for cell in row) for row in block.rows]
    top = _first_row(rows)
    if top is None:
        return [], [], []
    heads = _heads(rows[:top], max(map(len, rows)))
    above = " ".join([*(paper.blocks[each].text for each in range(max(0, number - 2), number)), *heads])
    columns = _columns(heads, rows[top:], above, speech)
    numeric = {column.at for column in columns}
    names = _name_column(rows[top:], numeric)
    found: dict[tuple[int, int], Figure] = {}
    for at, row in enumerate(rows[top:], top):
        name = _name(row, names, numeric)
        for column in columns:
            figure = _figure(row, at, column, name, block, number, speech)
            if figure is not None:
                found[at, column.at] = figure
    return (
        list(found.values()),
        _sums(found, {at: _name(row, names, numeric) for at, row in enumerate(rows)}, columns, speech),
        _rates(found, columns, speech),
    )


def _first_row(rows: list[tuple[str, ...]]) -> int | None:
    """The first row with a name and a number, below at least one row of heads."""
    for at, row in enumerate(rows[: _HEADS + 1]):
        numbers = [cell for cell in row if _NUMBER.fullmatch(cell.rstrip("%"))]
        if at and numbers and any(re.search("[\u4e00-\u9fff]", cell) for cell in row):
            return at
    return None


def _heads(rows: list[tuple[str, ...]], width: int) -> list[str]:
    """The words above each column; a head that is merged over several columns stands above all of them."""
    heads = [""] * width
    for row in rows:
        last = ""
        for at in range(width):
            cell = row[at] if at < len(row) else ""
            last = cell or (last if len(rows) > 1 and row is not rows[-1] else "")
            heads[at] = (heads[at] + last).strip() if last not in heads[at] else heads[at]
    return heads


def _columns(heads: list[str], rows: list[tuple[str, ...]], above: str, speech: Speech) -> list[_Column]:
    default = _unit_in(above, speech) or "CNY_10k"
    found = []
    for at, head in enumerate(heads):
        cells = [row[at] for row in rows if at < len(row) and row[at]]
        numbers = [cell for cell in cells if _NUMBER.fullmatch(cell.rstrip("%"))]
        if not numbers or 2 * len(numbers) < len(cells) or head in ("序号", "编号", "行次"):
            continue
        concept = speech.column_of(_UNIT.sub("", head))
        if concept is None:
            continue
        unit = _unit_in(head, speech)
        if concept in ("execution", "share"):
            unit = "percent"
        elif concept in ("full", "score"):
            unit = "point"
        elif concept in ("target", "actual"):
            continue
        elif concept == "count":
            unit = unit or "count"
        found.append(_Column(at, head, concept, unit or default))
    return found


def _unit_in(words: str, speech: Speech) -> str | None:
    for found in _UNIT.finditer(words):
        word = (found[1] or found[2]).strip()
        if word in speech.units:
            return speech.units[word]
    return None


def _name_column(rows: list[tuple[str, ...]], numeric: set[int]) -> int:
    width = max(map(len, rows))
    return max(
        (at for at in range(width) if at not in numeric),
        key=lambda at: len({row[at] for row in rows if at < len(row) and re.search("[\u4e00-\u9fff]", row[at])}),
        default=0,
    )


def _name(row: tuple[str, ...], names: int, numeric: set[int]) -> str:
    """What a row is of; a row that adds up the others often says so in another column."""
    if names < len(row) and row[names]:
        return row[names]
    words = (cell for at, cell in enumerate(row) if at not in numeric and re.search("[\u4e00-\u9fff]", cell))
    return next(words, "")


def _figure(
    row: tuple[str, ...], at: int, column: _Column, name: str, block: Block, number: int, speech: Speech
) -> Figure | None:
    cell = row[column.at] if column.at < len(row) else ""
    digits = cell.rstrip("%")
    if not _NUMBER.fullmatch(digits) or len(digits) > 30 or not name:
        return None
    plain = digits.replace(",", "").replace("−", "-")
    spot = Spot(number, 0, len(cell), block.section, block.page, block.line, at, column.at)
    unit = "percent" if cell.endswith("%") else column.unit
    concept = (
        column.concept if _is_total(name, speech) and column.concept in ("budget", "outturn", "adjusted") else None
    )
    return Figure(
        Decimal(plain), unit, cell, name if concept is None else column.head, spot, concept=concept, under=column.concept,
        places=len(plain.partition(".")[2]),
    )  # fmt: skip


def _is_total(name: str, speech: Speech) -> bool:
    return name.replace(" ", "") in speech.words["totals"]


def _sums(
    found: dict[tuple[int, int], Figure],
    names: dict[int, str],
    columns: list[_Column],
    speech: Speech,
) -> list[Group]:
    groups = []
    share = next((column.at for column in columns if column.concept == "share"), None)
    for column in columns:
        if column.unit == "percent":
            continue
        cells = [(at, figure) for (at, of), figure in found.items() if of == column.at]
        total = next((figure for at, figure in cells if _is_total(names[at], speech)), None)
        parts = [
            (at, figure) for at, figure in cells
            if figure is not total and names[at].replace(" ", "") not in (*speech.words["totals"], *speech.words["subtotals"])
        ]  # fmt: skip
        if total is None or not parts:
            continue
        shares = tuple(found.get((at, share)) if share is not None else None for at, _ in parts)
        groups.append(Group(total, tuple(figure for _, figure in parts), shares, True, "", True))
    return groups


def _rates(found: dict[tuple[int, int], Figure], columns: list[_Column], speech: Speech) -> list[Rate]:
    by = {column.concept: column.at for column in columns}
    rates = []
    for kind in speech.rates:
        if kind.id not in by:
            continue
        part = next((by[id] for id in kind.part if id in by), None)
        whole = next((by[id] for id in kind.whole if id in by), None)
        for (at, of), figure in found.items():
            if of == by[kind.id] and part is not None and whole is not None:
                above, below = found.get((at, part)), found.get((at, whole))
                if above is not None and below is not None:
                    rates.append(Rate(figure, above, below, kind.id))
    return rates

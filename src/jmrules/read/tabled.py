"""Figures in tables: what a column holds by its head, what a row is of by its first words, and the row that adds up the others."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from jmrules.read.figures import Figure, Spot, in_cell, narrow

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
    #: of what else it may be: a budget as it was, where there is an adjusted one
    other: tuple[Figure, ...] = ()


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
    year: int | None = None


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
    loose: list[Figure] = []
    for at, row in enumerate(rows[top:], top):
        name = _name(row, names, numeric)
        for column in columns:
            figure = _figure(row, at, column, name, block, number, speech)
            if figure is not None:
                found[at, column.at] = figure
        for index, cell in enumerate(row):
            if (at, index) not in found and index != names and cell:
                spot = Spot(number, 0, len(cell), block.section, block.page, block.line, at, index)
                loose += in_cell(cell, f"{name}{_UNIT.sub('', heads[index])}", spot, block, speech)
    return (
        [*found.values(), *loose],
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
    stated = _unit_in(above, speech)
    default = stated or "CNY_10k"
    found = []
    for at, head in enumerate(heads):
        cells = [row[at] for row in rows if at < len(row) and row[at]]
        numbers = [cell for cell in cells if _NUMBER.fullmatch(cell.rstrip("%"))]
        if not numbers or 2 * len(numbers) < len(cells) or head in ("序号", "编号", "行次"):
            continue
        unit = _unit_in(head, speech)
        change = any(word in head for word in speech.words["change"])
        concept = None if change else speech.column_of(_UNIT.sub("", head))
        percent = 2 * sum(cell.endswith("%") for cell in numbers) > len(numbers)
        if concept is None and unit is None and not (change and stated):
            continue
        if concept in ("execution", "share", "award") or (percent and concept is None):
            unit = "percent"
        elif concept in ("full", "score"):
            unit = "point"
        elif concept in ("target", "actual"):
            continue
        elif concept == "count":
            unit = unit or "count"
        found.append(_Column(at, head, concept, unit or default, _year_in(head)))
    return found


def _unit_in(words: str, speech: Speech) -> str | None:
    for found in _UNIT.finditer(words):
        word = (found[1] or found[2]).strip()
        if word in speech.units:
            return speech.units[word]
    return None


def _year_in(head: str) -> int | None:
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?=\s*年)", head)
    return int(found[0]) if found else None


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
        year=column.year,
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
    subtotals = {at for at, name in names.items() if name.replace(" ", "") in speech.words["subtotals"]}
    for column in columns:
        if column.unit == "percent":
            continue
        cells = {at: figure for (at, of), figure in found.items() if of == column.at}
        total = next((at for at in cells if _is_total(names[at], speech)), None)
        listed = [at for at in cells if at != total and not _is_total(names[at], speech)]
        since = -1
        for end in sorted(subtotals & cells.keys()):
            parts = [at for at in listed if since < at < end and at not in subtotals]
            if len(parts) > 1:
                groups.append(_group(found, column, end, parts, None))
            since = end
        if total is None:
            continue
        chosen = _parts(cells, total, [at for at in listed if at not in subtotals], names, speech)
        if chosen:
            groups.append(_group(found, column, total, chosen, _share_of(column, columns)))
    return groups


def _share_of(column: _Column, columns: list[_Column]) -> int | None:
    """The column of the shares of a column: the next to its right that holds numbers."""
    right = min((each for each in columns if each.at > column.at), key=lambda each: each.at, default=None)
    return right.at if right is not None and right.concept == "share" else None


def _group(
    found: dict[tuple[int, int], Figure], column: _Column, total: int, parts: list[int], share: int | None
) -> Group:
    shares = tuple(found.get((at, share)) if share is not None else None for at in parts)
    return Group(found[total, column.at], tuple(found[at, column.at] for at in parts), shares, True, "", True)


def _parts(
    cells: dict[int, Figure], total: int, rows: list[int], names: dict[int, str], speech: Speech
) -> list[int] | None:
    """The rows that add up to the total: where some are parts of others, those that do; none where it is not clear."""
    inner = {at for at in rows if names[at].startswith(speech.words["within"])}
    levels = {at: head[0] for at in rows if (head := speech.heading_of(names[at])) is not None}
    top = [at for at in levels if levels[at] == min(levels.values())]
    nested = bool(inner) or (bool(levels) and len(top) < len(rows))
    ways = [rows, [at for at in rows if at not in inner], top] if nested else [rows]
    for way in ways:
        if way and sum((cells[at].value for at in way), Decimal(0)) == cells[total].value:
            return way
    return None if nested else rows


def _rates(found: dict[tuple[int, int], Figure], columns: list[_Column], speech: Speech) -> list[Rate]:
    rates = []
    for column in columns:
        kind = next((each for each in speech.rates if each.id == column.concept), None)
        if kind is None:
            continue
        part = _column_for(kind.part, column, columns)
        wholes = [whole for id in kind.whole if (whole := _column_for((id,), column, columns)) is not None]
        for (at, of), figure in found.items():
            if of != column.at or part is None:
                continue
            above = found.get((at, part))
            below = [each for whole in wholes if (each := found.get((at, whole))) is not None]
            if above is not None and below:
                rates.append(Rate(figure, above, below[0], kind.id, tuple(below[1:])))
    return rates


def _column_for(ids: tuple[str, ...], rate: _Column, columns: list[_Column]) -> int | None:
    """The column of one of these things that a rate is of: the only one, or the only one of its year."""
    for id in ids:
        same = [column for column in columns if column.concept == id]
        dated = [column for column in same if column.year == rate.year]
        for each in (same, dated):
            if len(each) == 1:
                return each[0].at
    return None

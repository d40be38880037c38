"""Sums of a score sheet as formulas over its rows, then what lies between the sum and the total, and the grade."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jmrules.report.book import height, put, shown
from jmrules.ruleset import Group, leaves
from jmrules.tables import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.report.grid import Grid
    from jmrules.report.scored import Scored
    from jmrules.ruleset import Node


def sum_row(making: Grid, row: int, name: str, rows: list[int], nodes: tuple[Node, ...]) -> None:
    """A row of sums, over the rows of a group or over the sums of the groups."""
    inner = len(nodes) == 1 and isinstance(nodes[0], Group) and len(rows) == len(leaves(nodes))
    bold = {"bold": True, "bg_color": "#F2F2F2" if inner else "#D9E2F3"}
    making.merged(row, 0, row, making.depth - 1, name, **bold, text_wrap=True)
    columns = making.columns
    for at in range(making.depth, len(columns)):
        making.put(row, at, None, **bold)
    for id, value in _sums(making, nodes).items():
        column = letters(columns[id])
        cells = (
            f"{column}{rows[0] + 1}:{column}{rows[-1] + 1}"
            if inner
            else ",".join(f"{column}{each + 1}" for each in rows)
        )
        form = "0.##########" if id == "points" else making.form
        making.sheet.write_formula(
            row,
            columns[id],
            f"=SUM({cells})",
            making.book.look(border=1, align="center", num_format=form, **bold),
            float(value),
        )
    making.sheet.set_row(row, max(20, height(name, 16 * making.depth)))


def _sums(making: Grid, nodes: tuple[Node, ...]) -> dict[str, Decimal]:
    """What the columns of numbers come to, over all leaves below some nodes."""
    scored = making.scored
    every = leaves(nodes)
    earned, points = scored.earned(), scored.points()
    found = {"points": sum((leaf.points for leaf in every), Decimal(0))}
    claimed = [value for _, value in _shown_claims(nodes, scored.facts.claims.indicators)]
    if claimed:
        found["claimed"] = sum(claimed, Decimal(0))
    if "applies" in making.columns and all(low == high for low, high in points.values()):
        found["applies"] = sum((points[leaf.id][0] for leaf in every), Decimal(0))
    found["low"] = sum((earned[leaf.id][0] for leaf in every), Decimal(0))
    if "high" in making.columns:
        found["high"] = sum((earned[leaf.id][1] for leaf in every), Decimal(0))
    return found


def ids_below(node: Node) -> Iterator[str]:
    """A node and all below it."""
    yield node.id
    for child in node.children if isinstance(node, Group) else ():
        yield from ids_below(child)


def _shown_claims(nodes: tuple[Node, ...], claims: Any) -> Iterator[tuple[str, Decimal]]:
    """The claims that stand on the sheet: those of leaves, and of groups below which nothing is claimed."""
    for node in nodes:
        inner = [id for id in ids_below(node) if id in claims and id != node.id]
        if node.id in claims and not inner:
            yield node.id, claims[node.id]
        elif isinstance(node, Group):
            yield from _shown_claims(node.children, claims)


def totals(making: Grid, row: int, last: int) -> int:
    """What lies between the sum and the total, the total, and the grade; the row after."""
    scored, columns, book = making.scored, making.columns, making.book
    language = book.language
    sum_row = row
    first = row + 1
    if scored.evaluation is not None:
        for each in scored.evaluation.trace.adjustments:
            row += 1
            _line(making, row, last, each.reason.say(language), {"low": each.points})
    elif any(gap := _gap(scored)):
        row += 1
        _line(
            making,
            row,
            last,
            book.say("各项不能同时达到两端", "not all ends can be reached at once"),
            {"low": gap[0], "high": gap[1]},
        )
    row += 1
    claims = scored.facts.claims
    _line(making, row, last, book.say("总分", "Total"), {}, bold=True)
    decimals = scored.ruleset.rounding.total
    form = f"0.{'0' * decimals}" if decimals else "0"
    look = book.look(border=1, bold=True, align="center", num_format=form)
    for id, end in zip(("low", "high"), scored.total, strict=True):
        if id in columns:
            column = letters(columns[id])
            extra = f"+SUM({column}{first + 1}:{column}{row})" if row > first else ""
            making.sheet.write_formula(row, columns[id], f"={column}{sum_row + 1}{extra}", look, float(end))
    put(making.sheet, row, columns["claimed"], claims.total, look)
    row += 1
    grades = [scored.evaluation.grade] if scored.evaluation is not None else scored.review.grades
    named = "/".join(grade.label.say(language) for grade in grades)
    _line(making, row, last, book.say("等级", "Grade"), {"low": named, "claimed": claims.grade}, bold=True)
    return row + 1


def _gap(scored: Scored) -> tuple[Decimal, Decimal]:
    """By how much the ends of the total are other than the sums of the ends."""
    earned = scored.earned().values()
    low, high = scored.total
    return low - sum((each[0] for each in earned), Decimal(0)), high - sum((each[1] for each in earned), Decimal(0))


def _line(making: Grid, row: int, last: int, name: str, values: dict[str, Any], **looks: Any) -> None:
    for at in range(last + 1):
        making.put(row, at, None, **looks)
    making.merged(row, 0, row, making.columns["claimed"] - 1, shown(name), text_wrap=True, **looks)
    for id, value in values.items():
        cell = shown(value) if isinstance(value, str) else value
        making.put(row, making.columns[id], cell, align="center", num_format=making.form, **looks)
    making.sheet.set_row(row, max(20, height(name, 16 * making.depth + 55)))

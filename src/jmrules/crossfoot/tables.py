"""The same things told in two tables, the number of things told beside their list, and tables of another period."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.crossfoot.judge import Range, compare, fraction, range_of
from jmrules.crossfoot.places import sections_of
from jmrules.crossfoot.printed import Measured, unwrapped
from jmrules.crossfoot.results import Matter, Side
from jmrules.errors import Text
from jmrules.facts import is_fact_object
from jmrules.feel import tree as t
from jmrules.ruleset import check_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmrules.crossfoot.breakdowns import Breakdown
    from jmrules.crossfoot.printed import Figures
    from jmrules.ruleset import FactDeclaration

_PERIOD = "period"
_A_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")


@frozen(eq=False)
class Column:
    """A field of a list whose sum a check holds against a total: what each item has there, by what the item is called."""

    check: str
    total: Range | None
    list: FactDeclaration
    part: FactDeclaration
    amounts: dict[str, Range] = field(repr=False)

    def told_by(self, table: Breakdown) -> bool:
        """Whether a breakdown tells the same things: more than half of the figures of both, the total too, are the same."""
        common = [(amount, self.amounts[name]) for name, amount in table.amounts().items() if name in self.amounts]
        pairs = [*common, *([(table.total, self.total)] if self.total is not None and table.total is not None else [])]
        alike = sum(one.value == other.value for one, other in pairs)
        return bool(common) and table.unit == self.part.unit and 2 * alike > len(pairs)


def columns(figures: Figures) -> tuple[Column, ...]:
    """Every column that a check of the ruleset adds up."""
    texts = check_texts(figures.ruleset).expressions
    found = []
    for check in figures.ruleset.checks:
        if check.kind != "sum" or len(check.parts) != 1:
            continue
        path = _added_up(figures, texts[f"/checks/{check.id}/parts/0"].tree)
        if path is None or path[0] not in figures.declarations:
            continue
        declaration = figures.declarations[path[0]]
        part = next((part for part in declaration.item if part.id == path[1]), None)
        called = next((part.id for part in declaration.item if part.type == "string"), None)
        if part is None or called is None:
            continue
        total = figures.measure(texts[f"/checks/{check.id}/total"])
        found.append(
            Column(
                check.id,
                None if total is None else range_of(total),
                declaration,
                part,
                dict(_amounts(figures, declaration, part, called)),
            )
        )
    return tuple(found)


def _added_up(figures: Figures, node: t.Node) -> tuple[str, str] | None:
    """The list and the field whose sum an expression is, perhaps by the name of a derived value."""
    if isinstance(node, t.Name) and node.name in figures.derived:
        node = figures.derived[node.name].tree
    match node:
        case t.Call(
            function=t.Name(name="sum"), arguments=(t.Argument(value=t.Path(of=t.Name(name=name), member=member)),)
        ):
            return name, member
    return None


def _amounts(
    figures: Figures, declaration: FactDeclaration, part: FactDeclaration, called: str
) -> Iterator[tuple[str, Range]]:
    rows = unwrapped(figures.given.get(declaration.id))
    for index, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        name, number = unwrapped(row.get(called)), figures.number(part, row.get(part.id))
        if isinstance(name, str) and number is not None:
            half = figures.half(part, row[part.id], (declaration.id, index, part.id), (declaration.id,))
            yield name, range_of(Measured(number, number - half, number + half))


def told_twice(figures: Figures, table: Breakdown, column: Column) -> Iterator[Matter]:
    """What a breakdown and a list say differently of one thing. That they say the same is one figure in two places."""
    pairs = [(name, amount, column.amounts[name]) for name, amount in table.amounts().items() if name in column.amounts]
    if table.total is not None and column.total is not None:
        pairs.append(("", table.total, column.total))
    list_zh, list_en = column.list.label.zh, column.list.label.say("en")
    for number, (name, one, other) in enumerate(pairs):
        verdict = compare(one, other, "contradicts")
        if verdict.status in ("agrees", "cannot-be-computed"):
            continue
        of = Text(name or "合计", name or "total")
        yield Matter(
            f"{table.id}.{column.check}.{number}",
            "list",
            Text(
                f"{of.zh}：“{table.item}”与{list_zh}的{column.part.label.zh}",
                f"{of.say('en')}: {table.item} against {column.part.label.say('en')} of {list_en}",
            ),
            verdict.status,
            (table.name, column.list.id),
            stated=Side(
                Text(f"“{table.item}”所列", f"as {table.item} has it"), fraction(one.value), table.unit, table.sections
            ),
            computed=Side(
                Text(f"{list_zh}所列", f"as {list_en} has it"),
                fraction(other.value),
                column.part.unit,
                figures.sections(column.list.id),
            ),
            difference=fraction(verdict.difference),
            tolerance=fraction(verdict.tolerance),
            item=name or None,
        )


def counted(figures: Figures, table: Breakdown) -> Iterator[Matter]:
    """The number of things told by a breakdown that bears the name of a list, against the items of that list."""
    for name, declaration in figures.declarations.items():
        if declaration.type != "list" or table.total is None or name == table.name:
            continue
        if table.item not in (name, declaration.label.zh, declaration.label.en):
            continue
        length = _length(figures.given.get(name))
        if length is None or table.total.width:
            continue
        verdict = compare(table.total, length, "contradicts")
        if verdict.status == "cannot-be-computed":
            continue
        label = declaration.label
        yield Matter(
            f"{table.id}.listed",
            "list",
            Text(f"{label.zh}：所述个数与所列项数", f"{label.say('en')}: number told against items listed"),
            verdict.status,
            (table.name, name),
            stated=Side(Text("所述个数", "number told"), fraction(table.total.value), table.unit, table.sections),
            computed=Side(
                Text("所列项数", "number listed"), fraction(verdict.computed), table.unit, figures.sections(name)
            ),
            difference=fraction(verdict.difference),
            tolerance=Fraction(0),
        )


def _length(given: Any) -> Range | None:
    if is_fact_object(given) and "length" in given:
        length = given["length"]
        low, high = (length, length) if isinstance(length, int) else length
        return Range(low if low == high else None, low, high)
    value = unwrapped(given)
    if not isinstance(value, list | tuple):
        return None
    return Range(len(value), len(value), len(value))


def periods(figures: Figures) -> Iterator[Matter]:
    """Tables that are not of the year alone: one line a list and period."""
    year = figures.fiscal_year
    for name, declaration in figures.declarations.items():
        if all(part.id != _PERIOD for part in declaration.item):
            continue
        rows = unwrapped(figures.given.get(name))
        found: dict[str, list[int]] = {}
        for index, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
            told = unwrapped(row.get(_PERIOD))
            if isinstance(told, str) and {int(each) for each in _A_YEAR.findall(told)} - {year}:
                found.setdefault(told, []).append(index)
        for told, indices in found.items():
            yield _period(figures, declaration, told, indices, year)


def _period(figures: Figures, declaration: FactDeclaration, told: str, indices: list[int], year: int) -> Matter:
    given = figures.given[declaration.id]
    rows = [unwrapped(given)[index] for index in indices]
    called = [unwrapped(row.get("label")) or str(index + 1) for index, row in zip(indices, rows, strict=True)]
    sections = tuple(dict.fromkeys(section for index in indices for section in sections_of(given, index)))
    return Matter(
        f"{declaration.id}.{indices[0]}.period",
        "period",
        Text(
            f"{'、'.join(f'“{name}”' for name in called)}的期间不只是本年度",
            f"the period of {' / '.join(called)} is not this year alone",
        ),
        "question",
        (declaration.id,),
        stated=Side(Text(f"所述期间 {told}", f"period told: {told}"), None, None, sections),
        computed=Side(Text(f"评价年度 {year}", f"year evaluated: {year}"), None),
    )

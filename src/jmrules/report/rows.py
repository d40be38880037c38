"""The sheets of a template on which a list has a row an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.facts import Field
from jmrules.report.asking import ask, number_format
from jmrules.report.book import put, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.ruleset import FactDeclaration

from jmrules.report.making import Count, Making

#: rows prepared beyond those that are filled in, of a list and of a list within a list
_SPARE, _SPARE_INNER = 30, 60


@frozen(eq=False)
class WithRows(Making):
    """One workbook while its lists are made."""

    def prepared(self, path: str) -> int:
        """How many rows a list's sheet has."""
        return len(self.filled.rows.get(path, ())) + (_SPARE_INNER if "/" in path else _SPARE)

    def span(self, path: str, asked: Field) -> tuple[str, str]:
        """The first and the last cell of a list's fields."""
        from jmrules.tables import letters

        first = 3 if "/" in path else 2
        return f"${letters(first)}$4", f"${letters(first + len(asked.item) - 1)}${self.prepared(path) + 3}"

    def list_sheet(self, sheet: Any, path: str, asked: Field) -> None:
        """A sheet of a list: a row an item."""
        say, inner = self.say, "/" in path
        declared = self.declaration(path)
        heads = [("@row", say("序号", "No."), 6.0)]
        if inner:
            heads.append(
                (
                    "@parent",
                    say(
                        f"属于“{self.names[path.rpartition('/')[0]]}”第几行",
                        f"row of {self.names[path.rpartition('/')[0]]!r}",
                    ),
                    14.0,
                )
            )
        for part in declared.item:
            unit = self.unit(asked.item[part.id])
            counts = say("（项数，可不填）", " (how many; may be blank)") if part.type == "list" else ""
            name = (
                self.label(asked.item[part.id])
                + (f"（{unit}）" if unit else "")
                + counts
                + ("" if part.optional else " *")
            )
            heads.append((part.id, name, 26.0 if part.type == "string" else 14.0))
        heads += [
            ("@basis", say("依据", "Rests on"), 14.0),
            ("@document", say("佐证材料", "Document"), 26.0),
            ("@section", say("章节、页码", "Section"), 14.0),
            ("", say("还缺", "Missing"), 9.0),
        ]
        self.head(sheet, f"list:{path}", sheet.get_name(), heads)
        rows, last = self.filled.rows.get(path, []), self.prepared(path) + 2
        missing = sum(
            self.list_row(sheet, at, path, declared, rows[at] if at < len(rows) else {}) for at in range(last - 2)
        )
        start = 3 if inner else 2
        for at, part in enumerate(declared.item, start):
            ask(sheet, 3, last, at, part, self.book, self.choices)
        self.rests(sheet, 3, last, start + len(declared.item))
        from jmrules.tables import letters

        column = letters(len(heads))
        self.counts.append(
            Count(
                sheet.get_name(),
                len(rows),
                f"SUM({quoted(sheet.get_name())}!${column}$4:${column}${last + 1})",
                missing,
            )
        )

    def list_row(self, sheet: Any, at: int, path: str, declared: FactDeclaration, cells: Mapping[str, Any]) -> int:
        """A row of a list's sheet; how many of its cells are still to fill in."""
        from jmrules.tables import letters

        look, row, inner = self.book.look, at + 3, "/" in path
        entry = {"border": 1, "bg_color": "#FFFBE6", "text_wrap": True}
        put(sheet, row, 0, "row", look())
        put(sheet, row, 1, at + 1, look(border=1, align="center", font_color="#888888"))
        start = 2
        if inner:
            put(sheet, row, 2, cells.get("@parent"), look(**entry, align="center"))
            start = 3
        for column, part in enumerate(declared.item, start):
            form = number_format(part, cells.get(part.id), own_unit=False)
            if form != "General" and self.own_unit(path, at + 1, part.id):
                form = "General"
            put(sheet, row, column, cells.get(part.id), look(**entry, num_format=form))
        end = start + len(declared.item)
        for column, id in enumerate(("@basis", "@document", "@section"), end):
            put(sheet, row, column, cells.get(id), look(**entry))
        needed = [
            column for column, part in enumerate(declared.item, start) if not part.optional and part.type != "list"
        ]
        blank = "+".join(f"ISBLANK({letters(column)}{row + 1})" for column in needed) or "0"
        any_filled = f"COUNTA({letters(start)}{row + 1}:{letters(end - 1)}{row + 1})"
        given = any(cells.get(part.id) is not None for part in declared.item)
        now = sum(cells.get(declared.item[column - start].id) is None for column in needed) if given else 0
        sheet.write_formula(
            row,
            end + 3,
            f"=IF({any_filled}=0,0,{blank})",
            look(border=1, align="center", font_color="#C00000", num_format="0;-0;"),
            now,
        )
        return now

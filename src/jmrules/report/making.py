"""A template while it is made: its words, the looks of its sheets, and what its drop-down lists offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.facts import HEAD, KINDS, Field
from jmrules.facts.forms import cells as said
from jmrules.report.asking import ask_among
from jmrules.report.book import Book, put, quoted, shown
from jmrules.report.filled import Filled
from jmrules.ruleset import leaves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.ruleset import FactDeclaration, Ruleset


@frozen
class Count:
    """A line of the front page: a sheet, and how the cells still to fill in are counted."""

    sheet: str
    asked: int
    missing: str
    missing_now: int


@frozen(eq=False)
class Making:
    """One workbook while it is made."""

    book: Book
    ruleset: Ruleset
    fields: Mapping[str, Field]
    document: Mapping[str, Any]
    filled: Filled
    declared: dict[str, FactDeclaration] = field(init=False)
    names: dict[str, str] = field(factory=dict)
    options: dict[tuple[str, ...], str] = field(factory=dict)
    counts: list[Count] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.declared.update({each.id: each for each in self.ruleset.facts})

    @declared.default
    def _declared(self) -> dict[str, FactDeclaration]:
        return {}

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return self.book.say(zh, en)

    def label(self, asked: Field) -> str:
        """What a field is called."""
        return shown(asked.label[0 if self.book.language == "zh" else 1])

    def unit(self, asked: Field) -> str:
        """The unit that a number is asked for in."""
        from jmrules.units import UNITS

        unit = UNITS.get(asked.unit or "")
        return "" if unit is None else unit.symbol.say(self.book.language)

    def list_name(self, path: str) -> str:
        """What a list's sheet is called, of a list within a list with the name of that."""
        fields, labels = self.fields, []
        for id in path.split("/"):
            labels.append(self.label(fields[id]))
            fields = fields[id].item
        return "·".join(labels)

    def lists(self, fields: Mapping[str, Field], above: str = "") -> list[tuple[str, Field]]:
        """Lists and the lists in them, by path."""
        found = []
        for id, asked in fields.items():
            if asked.type == "list":
                found += [(above + id, asked), *self.lists(asked.item, f"{above}{id}/")]
        return found

    def declaration(self, path: str) -> FactDeclaration:
        """The declaration of a list, by its path."""
        first, *names = path.split("/")
        found = self.declared[first]
        for name in names:
            found = next(each for each in found.item if each.id == name)
        return found

    def own_unit(self, path: str, row: int, id: str) -> bool:
        """Whether a number in a list is given in a unit of its own."""
        unit = KINDS["unit"][self.filled.pick]
        return any(each.place == f"{path}/{row}/{id}" and each.kind == unit for each in self.filled.details)

    def head(self, sheet: Any, about: str, title: str, heads: list[tuple[str, str, float]], row: int = 2) -> None:
        """The first rows: ids, not seen, a title, and what the columns are called."""
        look = self.book.look
        put(sheet, 0, 0, f"jmrules:{about}", look())
        put(sheet, 1, 0, HEAD, look())
        put(sheet, row, 0, HEAD, look())
        put(sheet, 1, 1, shown(title), look(bold=True, font_size=15))
        for at, (id, name, wide) in enumerate(heads, 1):
            if id:
                put(sheet, 0, at, id, look())
            put(sheet, row, at, name, look(bold=True, bg_color="#D9E2F3", border=1, align="center", text_wrap=True))
            sheet.set_column(at, at, wide)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_row(1, 26)
        sheet.set_row(row, 30)
        sheet.freeze_panes(row + 1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(row)
        sheet.hide_gridlines(2)

    def choices(self, words: tuple[str, ...]) -> str:
        """Where a drop-down list finds its words."""
        if words not in self.options:
            column = len(self.options)
            from jmrules.tables import letters

            self.options[words] = f"={quoted(self.options_name)}!${letters(column)}$1:${letters(column)}${len(words)}"
        return self.options[words]

    @property
    def options_name(self) -> str:
        """The sheet, not seen, that holds the words of drop-down lists."""
        return self.say("选项", "Choices")

    def rests(self, sheet: Any, first: int, last: int, at: int) -> None:
        """Drop-down lists of what a fact rests on, and of the documents listed."""
        pick = self.filled.pick
        words = tuple(said.BASIS_WORDS[basis][pick] for basis in ("assertion", "document", "figure"))
        wanted = self.say(
            "这个数靠什么：有数据（材料中有这个数）、有材料、仅有文字说明",
            "what it rests on: a figure in a document, a document, or a statement alone",
        )
        ask_among(sheet, first, last, at, self.choices(words), self.book, wanted)
        self.listed_documents(sheet, first, last, at + 1)

    def listed_documents(self, sheet: Any, first: int, last: int, column: int) -> None:
        """Offer the documents of their sheet."""
        wanted = self.say(
            "先列入“佐证材料”表，再从下拉列表中选", "list it on the sheet of documents first, then choose it here"
        )
        ask_among(sheet, first, last, column, f"={quoted(self.names['documents'])}!$C$4:$C$103", self.book, wanted)

    def plain_sheet(
        self,
        sheet: Any,
        about: str,
        title: str,
        heads: list[tuple[str, str, float]],
        rows: Sequence[Mapping[str, Any]],
        spare: int,
        keys: list[str] | None = None,
    ) -> int:
        """A sheet of rows that are filled in freely; the number of its last row, from 0."""
        look = self.book.look
        self.head(sheet, about, title, heads)
        for at in range(len(rows) + spare):
            row = rows[at] if at < len(rows) else {}
            if keys is not None and at < len(keys):
                put(sheet, at + 3, 0, keys[at], look())
            for column, (id, _, _) in enumerate(heads, 1):
                value = at + 1 if id == "@row" else row.get(id)
                date = {"num_format": "yyyy-mm-dd"} if hasattr(value, "isoformat") else {}
                number = (
                    {"num_format": "General"}
                    if isinstance(value, int)
                    else {"num_format": "@"}
                    if value is None
                    and id not in ("year", "fiscal_year", "found", "total", "date", "due", "closed_date", "value")
                    else {}
                )
                put(sheet, at + 3, column, value, look(border=1, bg_color="#FFFBE6", text_wrap=True, **date, **number))
        return len(rows) + spare + 2

    def kinds(self) -> dict[str, tuple[str, str]]:
        """The kinds of documents that the ruleset asks for; those whose words two kinds share by what the file calls them."""
        found: dict[str, tuple[str, str]] = {}
        for leaf in leaves(self.ruleset.indicators):
            for each in leaf.evidence:
                pair = (each.label.zh, each.label.say("en"))
                if each.kind not in found and not any(set(pair) & set(other) for other in found.values()):
                    found[each.kind] = pair
        return found

    def day(self, text: str) -> Any:
        """A day as a cell holds it."""
        return said.value_in({"value": text}, said.DAY, self.book.language)

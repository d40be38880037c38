"""A workbook to fill facts into, made from a ruleset alone; with facts given, filled in already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.documents import compact
from jmrules.errors import FactsError
from jmrules.facts import FORMAT, HEAD, Field, bind_carefully, fields_of, written
from jmrules.formats import FORM_MARK
from jmrules.report.around import WithRest
from jmrules.report.asking import ask, ask_among, number_format, unit_choices
from jmrules.report.book import height, new_book, put, quoted, shown
from jmrules.report.filled import Filled
from jmrules.report.making import Count
from jmrules.ruleset import Group, Leaf, leaves, reading_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Language
    from jmrules.facts import Facts
    from jmrules.ruleset import FactDeclaration, Ruleset

#: colours of cells to fill in; of what was read of a report, by how sure the reading is
_ENTRY = "#FFFBE6"
_SURE = {"exact": "#E2F0D9", "likely": "#FFE699", "unclear": "#F8CBAD"}
#: what is wrong with facts that a workbook can hold all the same
_FILLED_IN_ALL_THE_SAME = ("unknown-value", "broken-constraint", "undecided-constraint")
#: characters of a cell that the description of the workbook is cut into
_CHUNK = 30_000


def template(ruleset: Ruleset, facts: Facts | None = None, language: Language = "zh") -> bytes:
    """The workbook to fill facts for ``ruleset`` into.

    Args:
        facts: what is filled in already; reading the workbook gives the same facts again.

    Raises:
        FactsError: the facts do not fit the ruleset.
        JmrulesError: what writes Excel is not installed.
    """
    if facts is not None:
        problems = [each for each in bind_carefully(ruleset, facts)[1] if each.code not in _FILLED_IN_ALL_THE_SAME]
        if problems:
            raise FactsError(problems)
    document: Mapping[str, Any] = {} if facts is None else facts.source.value
    book = new_book(language, ruleset.title.say(language))
    making = _Making(book, ruleset, fields_of(ruleset.facts), document, Filled(language, document.get("documents", {})))
    making.fill()
    making.sheets()
    return book.data()


@frozen(eq=False)
class _Making(WithRest):
    """One workbook while it is made."""

    def fill(self) -> None:
        """Work out what stands in the cells."""
        given = self.document.get("facts", {})
        for id, asked in self.fields.items():
            if id in given:
                self.filled.fact(id, asked, given[id])
        for each in self.document.get("rectification", ()):
            self.filled.rectified(each)

    def sheets(self) -> None:
        """Every sheet, in the order in which they are filled in."""
        book = self.book
        front = book.sheet(self.say("封面", "Front page"))
        topics = self.topics()
        made = [(book.sheet(name), parts) for name, parts in topics]
        lists = [(path, asked, book.sheet(self.list_name(path))) for path, asked in self.lists(self.fields)]
        self.names.update({path: sheet.get_name() for path, _, sheet in lists})
        self.names["documents"] = book.free(self.say("佐证材料", "Documents"))
        documents = book.made.add_worksheet(self.names["documents"])
        for sheet, parts in made:
            self.topic(sheet, parts)
        for path, asked, sheet in lists:
            self.list_sheet(sheet, path, asked)
        self.documents(documents)
        self.claims()
        self.details()
        self.history()
        self.rectification()
        self.front(front)
        self.hidden()

    def topics(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        """Sheets by topic: a group of the notice, in it the indicators, under each the facts that it is the first to read."""
        reads, seen = reading_facts(self.ruleset), set()
        found: dict[str, list[tuple[str, list[str]]]] = {}
        everything = self.say("指标数据", "Indicator data")
        for top in self.ruleset.indicators:
            name = top.label.say(self.book.language) if isinstance(top, Group) else everything
            for leaf in leaves((top,)):
                ids = [id for id in reads[leaf.id] if id not in seen]
                seen.update(ids)
                if ids:
                    found.setdefault(name, []).append((self.heading(leaf), ids))
        rest = [each.id for each in self.ruleset.facts if each.id not in seen]
        if rest:
            about = self.say("不直接计分，用于核对", "Not scored themselves: to hold other figures against")
            found[self.say("核对用数据", "Figures to check")] = [(about, rest)]
        return list(found.items())

    def heading(self, leaf: Leaf) -> str:
        """An indicator and its points."""
        points = f"{leaf.points.normalize():f}"
        return shown(leaf.label.say(self.book.language)) + self.say(f"（{points} 分）", f" ({points} points)")

    def topic(self, sheet: Any, parts: list[tuple[str, list[str]]]) -> None:
        """A sheet of a topic: a row a fact, under the indicators that read them."""
        say, look = self.say, self.book.look
        self.head(sheet, "facts", sheet.get_name(), [
            ("", say("数据项", "Fact"), 34), ("value", say("填报值", "Value"), 20), ("unit", say("单位", "Unit"), 9),
            ("basis", say("依据", "Rests on"), 14), ("document", say("佐证材料", "Document"), 28), ("section", say("章节、页码", "Section"), 16),
            ("note", say("说明", "Notes"), 28), ("", say("状态", "State"), 9), ("", say("填写说明", "How to fill in"), 46),
        ])  # fmt: skip
        row, missing, asked = 3, 0, 0
        for name, ids in parts:
            sheet.merge_range(row, 1, row, 9, "", look(bold=True, bg_color="#F2F2F2", border=1))
            put(sheet, row, 0, HEAD, look())
            put(sheet, row, 1, name, look(bold=True, bg_color="#F2F2F2", border=1))
            row += 1
            for id in ids:
                state = self.fact_row(sheet, row, id)
                asked += state != 0
                missing += state == 2
                row += 1
        todo = say("待填", "to fill")
        formula = f'COUNTIF({quoted(sheet.get_name())}!$I$4:$I${row},"{todo}")'
        self.counts.append(Count(sheet.get_name(), asked, formula, missing))

    def fact_row(self, sheet: Any, row: int, id: str) -> int:
        """A fact's row; 0 where it may stay blank, 1 where it is filled in, 2 where it is still to fill in."""
        look, asked, declared = self.book.look, self.fields[id], self.declared[id]
        cells = self.filled.facts.get(id, {})
        put(sheet, row, 0, id, look())
        put(sheet, row, 1, self.label(asked), look(border=1, text_wrap=True))
        form = number_format(declared, cells.get("value"), own_unit="unit" in cells)
        entry = {"border": 1, "bg_color": _ENTRY, "text_wrap": True, "locked": False}
        read = {**entry, "bg_color": self.sureness(id)}
        put(
            sheet,
            row,
            2,
            cells.get("value"),
            look(**read, num_format=form, align="right" if asked.type == "number" else "left"),
        )
        unit = cells.get("unit") or (
            self.unit(asked) if asked.type != "list" else self.say("项（逐项填入分表）", "items, on their own sheet")
        )
        put(sheet, row, 3, unit, look(border=1, text_wrap=True, font_size=9))
        for at, column in enumerate(("basis", "document", "section", "note"), 4):
            put(sheet, row, at, cells.get(column), look(**entry))
        ask(sheet, row, row, 2, declared, self.book, self.choices)
        self.rests(sheet, row, row, 4)
        if units := unit_choices(declared, self.book.language):
            ask_among(sheet, row, row, 3, self.choices(units), self.book)
        help = self.help(declared)
        put(sheet, row, 9, help, look(border=1, text_wrap=True, font_size=9, font_color="#555555"))
        sheet.set_row(
            row, max(20, height(help, 46, 13), height(self.label(asked), 34), height(str(cells.get("note") or ""), 28))
        )
        return self.state(sheet, row, id, asked, declared, cells)

    def sureness(self, id: str) -> str:
        """The colour of a cell by how sure the reading of a report is; that of any cell where nobody says."""
        given = self.document.get("facts", {}).get(id)
        return _SURE.get(str(given.get("sure")), _ENTRY) if isinstance(given, dict) else _ENTRY

    def state(
        self, sheet: Any, row: int, id: str, asked: Field, declared: FactDeclaration, cells: Mapping[str, Any]
    ) -> int:
        """The cell that says whether a fact is filled in."""
        look = self.book.look(border=1, align="center", font_size=9)
        filled, todo, free = self.say("已填", "filled"), self.say("待填", "to fill"), self.say("可不填", "optional")
        here = f'C{row + 1}<>""'
        has = cells.get("value") is not None
        if asked.type == "list":
            put(sheet, row, 1, None, self.book.look())
            name = self.names[id]
            sheet.write_url(
                row,
                1,
                f"internal:{quoted(name)}!B4",
                self.book.look(border=1, font_color="#1F4E9E", underline=1, text_wrap=True),
                self.label(asked),
            )
            first, last = self.span(id, asked)
            here = f"OR({here},COUNTA({quoted(name)}!{first}:{last})>0)"
            has = has or bool(self.filled.rows.get(id))
        otherwise = free if declared.optional else todo
        sheet.write_formula(row, 8, f'=IF({here},"{filled}","{otherwise}")', look, filled if has else otherwise)
        if row >= 0 and not declared.optional:
            sheet.conditional_format(
                row,
                8,
                row,
                8,
                {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{todo}"',
                    "format": self.book.made.add_format({"bg_color": "#FCE4D6", "font_color": "#C00000"}),
                },
            )
        return 0 if declared.optional else 1 if has else 2

    def help(self, declared: FactDeclaration) -> str:
        """What is to be filled in, in words."""
        language = self.book.language
        parts = [each.say(language) for each in (declared.note, declared.omitted) if each is not None]
        if declared.type == "list":
            name = self.names.get(declared.id, "")
            parts.append(
                self.say(
                    f"逐项填在工作表“{name}”；没有则在此填 0；只知道项数的，在此填项数",
                    f"a row an item on the sheet {name!r}; 0 here where there is none; their number here where only that is known",
                )
            )
        if declared.values:
            words = [each.label.say(language) for each in declared.values]
            parts.append(self.say("、".join(words), ", ".join(words)))
        if declared.optional:
            parts.append(self.say("没有的可以不填", "may be left blank"))
        elif declared.absent == "unknown":
            parts.append(self.say("不填就是未知", "blank means not known"))
        return shown(self.say("。", ". ").join(part.rstrip("。.") for part in parts))

    def front(self, sheet: Any) -> None:
        """The front page: what it is for, whose it is, and what is still missing, counted as one types."""
        from jmrules.report.front import front_page

        front_page(
            sheet,
            self.book,
            self.ruleset,
            self.document,
            [(each.sheet, each.asked, each.missing, each.missing_now) for each in self.counts],
        )

    def hidden(self) -> None:
        """What nobody needs to see: the words of drop-down lists, and what the workbook asks for."""
        sheet = self.book.sheet(self.options_name)
        for column, words in enumerate(self.options):
            for row, word in enumerate(words):
                put(sheet, row, column, word, self.book.look())
        sheet.hide()
        said_of_it = {"format": FORMAT, "ruleset": self.ruleset.id, "fiscal_year": self.ruleset.fiscal_year, "digest": self.ruleset.digest,
                      "kinds": {kind: list(words) for kind, words in self.kinds().items()}, "facts": written(self.fields)}  # fmt: skip
        # a cell keeps no blanks at its ends, and the text is cut anywhere
        text = json.dumps(json.loads(compact(said_of_it)), separators=(",", ":")).replace(" ", "\\u0020")
        sheet = self.book.made.add_worksheet(FORM_MARK)
        for at in range(0, len(text), _CHUNK):
            put(sheet, at // _CHUNK, 0, text[at : at + _CHUNK], self.book.look())
        sheet.very_hidden()

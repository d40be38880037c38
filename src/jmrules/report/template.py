"""A workbook to fill facts into, made from a ruleset alone; with facts given, filled in already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.documents.writer import compact
from jmrules.errors import FactsError
from jmrules.facts.careful import bind_carefully
from jmrules.facts.forms import cells as said
from jmrules.facts.forms.fields import Field, fields_of, written
from jmrules.facts.forms.pages import FORMAT, HEAD
from jmrules.facts.forms.read import KINDS
from jmrules.formats import FORM_MARK
from jmrules.report.asking import ask, number_format, unit_choices
from jmrules.report.book import Book, height, new_book, put, quoted, shown
from jmrules.report.filled import Filled
from jmrules.ruleset.model import Group, Leaf, leaves, walk
from jmrules.ruleset.reads import reading_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jmrules.errors import Language
    from jmrules.facts.model import Facts
    from jmrules.ruleset.declarations import FactDeclaration
    from jmrules.ruleset.model import Ruleset

#: what is wrong with facts that a workbook can hold all the same
_FILLED_IN_ALL_THE_SAME = ("unknown-value", "broken-constraint", "undecided-constraint")
#: rows prepared beyond those that are filled in, of a list and of a list within a list
_SPARE, _SPARE_INNER = 30, 60
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


@frozen
class _Count:
    """A line of the front page: a sheet, and how the cells still to fill in are counted."""

    sheet: str
    asked: int
    missing: str
    missing_now: int


@frozen(eq=False)
class _Making:
    """One workbook while it is made."""

    book: Book
    ruleset: Ruleset
    fields: Mapping[str, Field]
    document: Mapping[str, Any]
    filled: Filled
    declared: dict[str, FactDeclaration] = field(init=False)
    names: dict[str, str] = field(factory=dict)
    options: dict[tuple[str, ...], str] = field(factory=dict)
    counts: list[_Count] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.declared.update({each.id: each for each in self.ruleset.facts})

    @declared.default
    def _declared(self) -> dict[str, FactDeclaration]:
        return {}

    # ---- words

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

    # ---- all of it

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

    def lists(self, fields: Mapping[str, Field], above: str = "") -> list[tuple[str, Field]]:
        """Lists and the lists in them, by path."""
        found = []
        for id, asked in fields.items():
            if asked.type == "list":
                found += [(above + id, asked), *self.lists(asked.item, f"{above}{id}/")]
        return found

    def list_name(self, path: str) -> str:
        """What a list's sheet is called, of a list within a list with the name of that."""
        fields, labels = self.fields, []
        for id in path.split("/"):
            labels.append(self.label(fields[id]))
            fields = fields[id].item
        return "·".join(labels)

    # ---- sheets of facts

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
        self.counts.append(_Count(sheet.get_name(), asked, formula, missing))

    def fact_row(self, sheet: Any, row: int, id: str) -> int:
        """A fact's row; 0 where it may stay blank, 1 where it is filled in, 2 where it is still to fill in."""
        look, asked, declared = self.book.look, self.fields[id], self.declared[id]
        cells = self.filled.facts.get(id, {})
        put(sheet, row, 0, id, look())
        put(sheet, row, 1, self.label(asked), look(border=1, text_wrap=True))
        form = number_format(declared, cells.get("value"), own_unit="unit" in cells)
        entry = {"border": 1, "bg_color": "#FFFBE6", "text_wrap": True, "locked": False}
        put(
            sheet,
            row,
            2,
            cells.get("value"),
            look(**entry, num_format=form, align="right" if asked.type == "number" else "left"),
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
            sheet.data_validation(row, 3, row, 3, {"validate": "list", "source": self.choices(units)})
        help = self.help(declared)
        put(sheet, row, 9, help, look(border=1, text_wrap=True, font_size=9, font_color="#555555"))
        sheet.set_row(
            row, max(20, height(help, 46, 13), height(self.label(asked), 34), height(str(cells.get("note") or ""), 28))
        )
        return self.state(sheet, row, id, asked, declared, cells)

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

    def choices(self, words: tuple[str, ...]) -> str:
        """Where a drop-down list finds its words."""
        if words not in self.options:
            column = len(self.options)
            from jmrules.tables.model import letters

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
        sheet.data_validation(
            first, at, last, at, {"validate": "list", "source": self.choices(words), "error_type": "warning"}
        )
        name = quoted(self.names["documents"])
        sheet.data_validation(first, at + 1, last, at + 1, {
            "validate": "list", "source": f"={name}!$C$4:$C$103", "error_type": "warning",
            "input_title": self.say("佐证材料", "Document"), "input_message": self.say("先列入“佐证材料”表，再从下拉列表中选", "list it on the sheet of documents first, then choose it here"),
        })  # fmt: skip

    # ---- lists

    def prepared(self, path: str) -> int:
        """How many rows a list's sheet has."""
        return len(self.filled.rows.get(path, ())) + (_SPARE_INNER if "/" in path else _SPARE)

    def span(self, path: str, asked: Field) -> tuple[str, str]:
        """The first and the last cell of a list's fields."""
        from jmrules.tables.model import letters

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
        from jmrules.tables.model import letters

        column = letters(len(heads))
        self.counts.append(
            _Count(
                sheet.get_name(),
                len(rows),
                f"SUM({quoted(sheet.get_name())}!${column}$4:${column}${last + 1})",
                missing,
            )
        )

    def declaration(self, path: str) -> FactDeclaration:
        """The declaration of a list, by its path."""
        first, *names = path.split("/")
        found = self.declared[first]
        for name in names:
            found = next(each for each in found.item if each.id == name)
        return found

    def list_row(self, sheet: Any, at: int, path: str, declared: FactDeclaration, cells: Mapping[str, Any]) -> int:
        """A row of a list's sheet; how many of its cells are still to fill in."""
        from jmrules.tables.model import letters

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

    def own_unit(self, path: str, row: int, id: str) -> bool:
        """Whether a number in a list is given in a unit of its own."""
        unit = KINDS["unit"][self.filled.pick]
        return any(each.place == f"{path}/{row}/{id}" and each.kind == unit for each in self.filled.details)

    # ---- sheets beside the facts

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

    def documents(self, sheet: Any) -> None:
        """The sheet of documents."""
        say = self.say
        heads = [("id", say("编号（可不填）", "No. (may be blank)"), 14.0), ("title", say("材料名称", "Title"), 46.0), ("kind", say("种类", "Kind"), 22.0),
                 ("number", say("文号", "Number"), 24.0), ("date", say("日期", "Date"), 13.0), ("file", say("文件", "File"), 26.0), ("sha256", say("摘要（SHA-256）", "SHA-256"), 18.0), ("note", say("说明", "Notes"), 36.0)]  # fmt: skip
        kinds = self.kinds()
        rows = []
        for id, members in self.document.get("documents", {}).items():
            row: dict[str, Any] = {"id": id, **{name: said.text_in(part) for name, part in members.items()}}
            if members.get("kind") in kinds:
                row["kind"] = kinds[members["kind"]][self.filled.pick]
            if "date" in members:
                row["date"] = self.day(members["date"])
            rows.append(row)
        last = self.plain_sheet(sheet, "documents", sheet.get_name(), heads, rows, max(20, 100 - len(rows)))
        words = tuple(dict.fromkeys(each[self.filled.pick] for each in kinds.values()))
        if words:
            sheet.data_validation(3, 3, last, 3, {"validate": "list", "source": self.choices(words), "error_type": "warning",
                "error_message": say("评分办法不要求这类材料，仍要填写吗？", "the ruleset asks for no such document")})  # fmt: skip

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

    def claims(self) -> None:
        """The sheet of what the department claims."""
        say, look = self.say, self.book.look
        sheet = self.book.sheet(say("自评得分", "Claims"))
        self.head(
            sheet,
            "claims",
            sheet.get_name(),
            [
                ("", say("指标", "Indicator"), 50),
                ("", say("分值", "Points"), 10),
                ("claimed", say("自评得分", "Claimed"), 14),
            ],
        )
        claims = self.document.get("claims", {})
        points = claims.get("indicators", {})
        rows: list[tuple[str, str, Any, Any]] = [
            ("/total", say("总分", "Total"), self.ruleset.points, claims.get("total")),
            ("/grade", say("等级", "Grade"), None, None if "grade" not in claims else said.text_in(claims["grade"])),
            *((node.id, "　" * pointer.count("/children") + shown(node.label.say(self.book.language)), node.points, points.get(node.id)) for pointer, node in walk(self.ruleset.indicators)),
        ]  # fmt: skip
        for row, (key, label, most, claimed) in enumerate(rows, 3):
            put(sheet, row, 0, key, look())
            put(sheet, row, 1, label, look(border=1, text_wrap=True))
            put(sheet, row, 2, most, look(border=1, num_format="0.##"))
            cell = claimed if claimed is None or isinstance(claimed, str) else said.figure_in(claimed)
            put(sheet, row, 3, cell, look(border=1, bg_color="#FFFBE6"))
            if key == "/grade":
                grades = tuple(grade.label.say(self.book.language) for grade in self.ruleset.grades)
                sheet.data_validation(
                    row, 3, row, 3, {"validate": "list", "source": self.choices(grades), "error_type": "warning"}
                )
            else:
                sheet.data_validation(row, 3, row, 3, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(most or 0), "error_type": "warning",
                    "error_message": say("自评得分一般在 0 与分值之间", "a claim lies between 0 and the points")})  # fmt: skip

    def details(self) -> None:
        """The sheet of what no column holds: further evidence, where else the source states a figure."""
        say = self.say
        sheet = self.book.sheet(say("补充佐证和原文", "Further evidence"))
        heads = [("@fact", say("数据项", "Fact"), 26.0), ("@at", say("行", "Row"), 6.0), ("@field", say("栏", "Column"), 16.0), ("kind", say("补充什么", "What"), 12.0), ("value", say("内容", "Value"), 20.0),
                 ("unit", say("单位", "Unit"), 8.0), ("document", say("佐证材料", "Document"), 28.0), ("section", say("章节、页码", "Section"), 16.0), ("year", say("年度", "Year"), 8.0), ("period", say("所属期间", "Period"), 12.0), ("note", say("说明", "Notes"), 36.0)]  # fmt: skip
        rows, keys = [], []
        for each in self.filled.details:
            fact, row, column = self.place(each.place)
            rows.append({"@fact": fact, "@at": row, "@field": column, "kind": each.kind, **each.cells})
            keys.append(each.place)
        last = self.plain_sheet(sheet, "details", sheet.get_name(), heads, rows, 30, keys)
        words = tuple(each[self.filled.pick] for each in KINDS.values())
        sheet.data_validation(3, 4, last, 4, {"validate": "list", "source": self.choices(words)})
        sheet.data_validation(
            3,
            7,
            last,
            7,
            {"validate": "list", "source": f"={quoted(self.names['documents'])}!$C$4:$C$103", "error_type": "warning"},
        )

    def place(self, place: str) -> tuple[str, str | None, str | None]:
        """What readers call a place: a fact, a row of its sheet, a column."""
        *path, row, column = place.split("/") if "/" in place.strip("/") else ("", "", place)
        if not any(path):
            return self.label(self.fields[column]), None, None
        if path[0] == "":
            return (
                self.say("整改台账", "Rectification"),
                row,
                self.say("佐证", "proof") if column == "proof" else self.say("来源", "source"),
            )
        fields = self.fields[path[0]]
        for name in path[1:]:
            fields = fields.item[name]
        return self.names["/".join(path)], row, self.label(fields.item[column])

    def history(self) -> None:
        """The sheet of earlier results."""
        say = self.say
        heads = [
            ("fiscal_year", say("年度", "Year"), 10.0),
            ("stage", say("阶段", "Stage"), 18.0),
            ("total", say("总分", "Total"), 10.0),
            ("grade", say("等级", "Grade"), 10.0),
            ("section", say("出处", "Section"), 20.0),
            ("note", say("说明", "Notes"), 50.0),
        ]
        rows = [
            {name: said.text_in(part) if isinstance(part, str) else said.figure_in(part) for name, part in each.items()}
            for each in self.document.get("history", ())
        ]
        sheet = self.book.sheet(say("历年结果", "Earlier results"))
        self.plain_sheet(sheet, "history", sheet.get_name(), heads, rows, 10)

    def rectification(self) -> None:
        """The sheet of problems found by earlier reviews."""
        say = self.say
        heads = [("@row", say("序号", "No."), 6.0), ("id", say("编号", "Id"), 12.0), ("found", say("发现年度", "Found"), 10.0), ("problem", say("问题", "Problem"), 36.0), ("indicator", say("涉及指标", "Indicator"), 20.0), ("measure", say("整改措施", "Measure"), 36.0), ("owner", say("责任人", "Owner"), 14.0), ("due", say("期限", "Due"), 12.0),
                 ("proof_document", say("整改佐证", "Proof"), 24.0), ("proof_section", say("佐证章节", "Section of proof"), 14.0), ("closed_by", say("认定办结", "Closed by"), 16.0), ("closed_date", say("办结日期", "Closed on"), 12.0), ("source_document", say("问题出处", "Source"), 24.0), ("source_section", say("出处章节", "Section of source"), 14.0), ("note", say("说明", "Notes"), 30.0)]  # fmt: skip
        sheet = self.book.sheet(say("整改台账", "Rectification"))
        self.plain_sheet(sheet, "rectification", sheet.get_name(), heads, self.rectified, 15)

    @property
    def rectified(self) -> list[Mapping[str, Any]]:
        """The rows of the ledger."""
        return list(self.filled.rows.get("/rectification", ()))

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

"""The sheets of a template beside the facts: documents, claims, further evidence, earlier results, rectification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from jmrules.facts import KINDS
from jmrules.facts.forms import cells as said
from jmrules.report.asking import ask_among, ask_day, ask_points, ask_year
from jmrules.report.book import put, shown
from jmrules.ruleset import walk

if TYPE_CHECKING:
    from collections.abc import Mapping


from jmrules.report.rows import WithRows


@frozen(eq=False)
class WithRest(WithRows):
    """One workbook while what stands beside the facts is made."""

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
        ask_day(sheet, 3, last, 5, self.book)
        words = tuple(dict.fromkeys(each[self.filled.pick] for each in kinds.values()))
        if words:
            ask_among(
                sheet,
                3,
                last,
                3,
                self.choices(words),
                self.book,
                say("从下拉列表中选；不在其中的也可以写", "choose from the list, or write another"),
            )

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
                ask_among(sheet, row, row, 3, self.choices(grades), self.book)
            else:
                ask_points(sheet, row, row, 3, most, self.book)

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
        ask_among(sheet, 3, last, 4, self.choices(words), self.book)
        self.listed_documents(sheet, 3, last, 7)

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
        last = self.plain_sheet(sheet, "history", sheet.get_name(), heads, rows, 10)
        grades = tuple(grade.label.say(self.book.language) for grade in self.ruleset.grades)
        ask_year(sheet, 3, last, 1, self.book)
        ask_points(sheet, 3, last, 3, self.ruleset.points, self.book)
        ask_among(sheet, 3, last, 4, self.choices(grades), self.book)

    def rectification(self) -> None:
        """The sheet of problems found by earlier reviews."""
        say = self.say
        heads = [("@row", say("序号", "No."), 6.0), ("id", say("编号", "Id"), 12.0), ("found", say("发现年度", "Found"), 10.0), ("problem", say("问题", "Problem"), 36.0), ("indicator", say("涉及指标", "Indicator"), 20.0), ("measure", say("整改措施", "Measure"), 36.0), ("owner", say("责任人", "Owner"), 14.0), ("due", say("期限", "Due"), 12.0),
                 ("proof_document", say("整改佐证", "Proof"), 24.0), ("proof_section", say("佐证章节", "Section of proof"), 14.0), ("closed_by", say("认定办结", "Closed by"), 16.0), ("closed_date", say("办结日期", "Closed on"), 12.0), ("source_document", say("问题出处", "Source"), 24.0), ("source_section", say("出处章节", "Section of source"), 14.0), ("note", say("说明", "Notes"), 30.0)]  # fmt: skip
        sheet = self.book.sheet(say("整改台账", "Rectification"))
        last = self.plain_sheet(sheet, "rectification", sheet.get_name(), heads, self.rectified, 15)
        columns = {id: at for at, (id, _, _) in enumerate(heads, 1)}
        ask_year(sheet, 3, last, columns["found"], self.book)
        for id in ("due", "closed_date"):
            ask_day(sheet, 3, last, columns[id], self.book)
        for id in ("proof_document", "source_document"):
            self.listed_documents(sheet, 3, last, columns[id])

    @property
    def rectified(self) -> list[Mapping[str, Any]]:
        """The rows of the ledger."""
        return list(self.filled.rows.get("/rectification", ()))

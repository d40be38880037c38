"""The notice itself in Word, in the house's style: the criteria as a table on wide pages, then a page an indicator."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.formats import seen
from jmrules.report.house import HOUSE
from jmrules.report.notice import notice_told
from jmrules.report.notice_pages import number
from jmrules.report.packed import packed_alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.errors import Language
    from jmrules.report.notice import Change, Item, NoticeTold
    from jmrules.ruleset import Ruleset

_FILLS = {"added": HOUSE.new_fill, "removed": HOUSE.gone_fill, "changed": "FFF6DD"}


def notice_document(ruleset: Ruleset, against: Ruleset | None = None, language: Language = "zh") -> bytes:
    """The notice as a Word document; the same rulesets give the same bytes.

    Raises:
        JmrulesError: what writes Word is not installed.
    """
    try:
        from docx import Document
    except ImportError:
        raise JmrulesError(
            Problem(
                "needs-python-docx",
                Text("写 Word 需要 python-docx", "writing Word needs python-docx"),
                Text('pip install "jmrules[report]"', 'pip install "jmrules[report]"'),
            )
        ) from None
    return _Writer(Document(), notice_told(ruleset, against), language).data()


class _Writer:
    """A document while it is written."""

    def __init__(self, document: Any, told: NoticeTold, language: Language) -> None:
        self.document, self.told, self.language = document, told, language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, text: Text) -> str:
        return seen(text.say(self.language))

    def data(self) -> bytes:
        told = self.told
        made = datetime.datetime(*HOUSE.made)
        about = self.document.core_properties
        about.title, about.author, about.comments = self.of(told.title)[:200], "jmrules", ""
        about.created = about.modified = made
        self.page(wide=True)
        self.paragraph(self.of(told.title) + self.say(" 评分标准", ": scoring criteria"), HOUSE.title, HOUSE.title_pt, "center")  # fmt: skip
        head = f"{self.of(told.notice)}  {self.of(told.status)}"
        if told.against is not None:
            head += f"  {self.say('对照', 'against')} {self.of(told.against.title)}"
        self.paragraph(head, HOUSE.subheading, HOUSE.table_pt + 2, "center")
        self.criteria()
        self.paragraph(self.say("审议意见：　　　　　　　　　　签字：　　　　　　日期：", "Decision:                              Signed:                    Date:"))  # fmt: skip
        self.paragraph(self.say("取整、等级、口径", "Rounding, grades, formulas"), HOUSE.heading, HOUSE.body_pt)
        self.table(
            [self.say("名称", "Entry"), self.say("规定", "Says"), self.say("依据", "Clause")],
            [([self.of(each.label), self.of(each.said), "" if each.clause is None else self.of(each.clause.status)], None) for each in told.beside],
            (5.0, 14.0, 4.3),
        )  # fmt: skip
        if told.rest:
            self.paragraph(self.say("其他变化", "Other changes"), HOUSE.heading, HOUSE.body_pt)
            self.table(
                [self.say("部分", "Part"), self.say("名称", "Entry"), self.say("变化", "Change")],
                [([self.of(part), self.of(label), self.change(change)], None) for part, label, change in told.rest],
                (3.0, 6.0, 14.3),
            )
        self.document.add_section()
        self.page(wide=False)
        for at, item in enumerate(told.sheets):
            if at:
                self.document.add_page_break()
            self.item(item)
        stream = io.BytesIO()
        self.document.save(stream)
        return packed_alike(stream.getvalue())

    def page(self, *, wide: bool) -> None:
        """The paper of the last section, and its page number."""
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        section = self.document.sections[-1]
        width, height = HOUSE.page_cm
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Cm(height), Cm(width)) if wide else (Cm(width), Cm(height))
        section.top_margin, section.bottom_margin = Cm(HOUSE.left_cm if wide else HOUSE.top_cm), Cm(HOUSE.right_cm if wide else HOUSE.bottom_cm)  # fmt: skip
        section.left_margin, section.right_margin = (Cm(3.2), Cm(3.2)) if wide else (Cm(HOUSE.left_cm), Cm(HOUSE.right_cm))  # fmt: skip
        if len(self.document.sections) == 1:
            numbered(section.footer.paragraphs[0])

    def paragraph(self, text: str, font: str = HOUSE.body, size: float = HOUSE.body_pt, align: str = "left") -> Any:
        """A paragraph in a font."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        made = self.document.add_paragraph()
        made.paragraph_format.space_after = made.paragraph_format.space_before = 0
        if align == "center":
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        written(made, text, font, size)
        return made

    def criteria(self) -> None:
        """The table that a committee approves."""
        told, say, of = self.told, self.say, self.of
        rows = []
        for item in told.items:
            label = "\u3000" * item.depth + of(item.label)
            how = "\n".join(of(each) for each in (item.criterion, *item.provisions) if each is not None)
            fill = _FILLS.get(item.state)
            points = "—" if item.state == "removed" else item.sign + number(item.points)
            if told.against is None:
                rows.append(([label, points, how, "\n".join(map(of, item.evidence)), "" if item.clause is None else of(item.clause.status)], fill))  # fmt: skip
            else:
                before = "\n".join(
                    of(each) for each in (item.criterion_before, *item.provisions_before) if each is not None
                )
                rows.append(([label, number(item.points_before), points, before, how, "\n".join(self.change(each, brief=True) for each in item.changes)], fill))  # fmt: skip
        total = say("总分", "Total")
        if told.against is None:
            heads = [say("指标", "Indicator"), say("分值", "Points"), say("评分标准", "Criterion"), say("佐证材料", "Evidence"), say("依据", "Clause")]  # fmt: skip
            rows.append(([total, number(told.ruleset.points), "", "", ""], None))
            self.table(heads, rows, (5.2, 1.5, 10.4, 3.7, 2.5))
            return
        heads = [say("指标", "Indicator"), str(told.against.fiscal_year), str(told.ruleset.fiscal_year), say("原标准", "Criterion before"), say("现标准", "Criterion now"), say("变化", "Change")]  # fmt: skip
        rows.append(([total, number(told.against.points), number(told.ruleset.points), "", "", ""], None))
        self.table(heads, rows, (4.4, 1.4, 1.4, 5.6, 5.6, 4.9))

    def change(self, change: Change, *, brief: bool = False) -> str:
        was, now = self.of(change.before), self.of(change.after)
        return self.of(change.kind) if (brief and change.shown) or was == now == "—" else f"{self.of(change.kind)}{self.say('：', ': ')}{was} → {now}"  # fmt: skip

    def table(
        self, heads: Sequence[str], rows: Sequence[tuple[list[str], str | None]], widths: Sequence[float]
    ) -> None:
        """A table whose head is repeated on every page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm

        made = self.document.add_table(rows=1 + len(rows), cols=len(heads))
        made.style = "Table Grid"
        made.autofit = False
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Cm(width)
        # made.cell() looks through the whole table each time
        grid = [row.cells for row in made.rows]
        properties = made.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
        for row in made.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        filled = [(list(heads), HOUSE.head_fill), *rows]
        for at, (cells, fill) in enumerate(filled):
            for column, (text, width) in enumerate(zip(cells, widths, strict=True)):
                cell = grid[at][column]
                cell.width = Cm(width)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = 0
                written(paragraph, text, HOUSE.heading if not at else HOUSE.body, HOUSE.table_pt)
                if fill is not None:
                    shade = OxmlElement("w:shd")
                    shade.set(qn("w:val"), "clear")
                    shade.set(qn("w:fill"), fill)
                    cell._tc.get_or_add_tcPr().append(shade)

    def item(self, item: Item) -> None:
        """An indicator by itself: criterion, facts, source, years."""
        say, of = self.say, self.of
        assert item.criterion is not None
        title = f"{of(item.label)}（{item.sign}{number(item.points)} {say('分', 'points')}）"
        self.paragraph(title, HOUSE.heading, HOUSE.body_pt + 2)
        comma = say("、", ", ")
        sections = [
            (say("评分标准", "Criterion"), [of(item.criterion), *map(of, item.provisions)]),
            (say("依据", "Clause"), [] if item.clause is None else [of(item.clause.status), of(item.clause.ground)]),
            (say("所需数据", "Facts"), [f"{of(each.label)}（{of(each.form)}）{comma.join(map(of, each.columns))}" for each in item.needed]),
            (say("算法", "Formulas"), [f"{of(each.label)} = {of(each.said)}" for each in item.formulas]),
            (say("佐证材料", "Evidence"), [of(each) for each in item.evidence]),
            (say("说明", "Note"), [] if item.note is None else [of(item.note)]),
            (say("变化", "Changes"), [self.change(each) for each in item.changes]),
            (say("各年度", "Other years"), [f"{each.year}{say('：', ': ')}{number(each.points)} {say('分', 'points')} {say('相同', 'the same') if each.same else of(each.criterion)}" for each in item.years]),
        ]  # fmt: skip
        rows = [([head, "\n".join(texts)], None) for head, texts in sections if texts]
        self.table([say("项目", "What"), say("内容", "Says")], rows, (3.0, 12.6))


def written(paragraph: Any, text: str, font: str, size: float) -> None:
    """Write a text into a paragraph: Chinese in a font by name, figures and Latin letters in the house's."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = HOUSE.latin
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def numbered(paragraph: Any) -> None:
    """The number of the page, in the middle of a footer."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)

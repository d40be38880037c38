"""A Word document being written in the house style: titles, headings, paragraphs, tables, pictures; the same input gives the same bytes."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from jmrules.errors import JmrulesError, Problem, Text
from jmrules.formats import seen
from jmrules.report.house import HOUSE
from jmrules.report.packed import packed_alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmrules.errors import Language

#: text of a table's cell that is not told to the end
_MOST = 4000
#: what no part of XML holds, shown or not
_NOT_XML = dict.fromkeys([0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "\ufffd")
_HEADINGS = ("heading", "subheading", "body")


@frozen(eq=False)
class Page:
    """A Word document in memory."""

    language: Language
    made: Any = field(repr=False)
    #: what people still have to write, each in words
    todo: list[str] = field(factory=list)

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return zh if self.language == "zh" else en

    # ---- text

    def title(self, text: str) -> None:
        """The title of the document."""
        self._write(self.made.add_paragraph(style="Title"), text)

    def subtitle(self, text: str) -> None:
        """A line below the title."""
        self._write(self.made.add_paragraph(style="Subtitle"), text)

    def heading(self, level: int, text: str) -> None:
        """A heading; 1 is 一、, 2 is （一）, 3 is 1."""
        self._write(self.made.add_paragraph(style=f"Heading {level}"), text)

    def body(self, text: str, lead: str = "") -> None:
        """A paragraph, indented by two signs; ``lead`` stands first, in bold."""
        paragraph = self.made.add_paragraph()
        if lead:
            self._write(paragraph, lead).bold = True
        self._write(paragraph, text)

    def flush(self, text: str) -> None:
        """A paragraph that is not indented, such as whom a letter is for."""
        paragraph = self.made.add_paragraph()
        self._write(paragraph, text)
        _indent(paragraph, 0)

    def caption(self, text: str) -> None:
        """What a table or picture shows, above it."""
        self._write(self.made.add_paragraph(style="Caption"), text)

    def missing(self, what: str) -> None:
        """A paragraph that somebody has to write, marked so that nobody overlooks it."""
        from docx.enum.text import WD_COLOR_INDEX

        self.todo.append(what)
        run = self._write(self.made.add_paragraph(), self.say(f"（待补充：{what}）", f"(to be written: {what})"))
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def signed(self, *lines: str) -> None:
        """Who signs, and when: at the right, kept together."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        for at, line in enumerate(lines):
            paragraph = self.made.add_paragraph()
            self._write(paragraph, line)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(HOUSE.body_pt * 2)
            paragraph.paragraph_format.keep_with_next = at < len(lines) - 1
            if at == 0:
                paragraph.paragraph_format.space_before = Pt(HOUSE.line_pt)

    def _write(self, paragraph: Any, text: str) -> Any:
        """Text as text, whatever it looks like: nothing in it is markup, a field, or an order of direction."""
        return paragraph.add_run(seen(text).translate(_NOT_XML))

    # ---- tables and pictures

    def table(
        self, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], strong: Sequence[int] = ()
    ) -> None:
        """A table whose head comes again on each page.

        Args:
            heads: what its columns are called.
            widths: of the columns in proportion; those of 1 or less hold numbers and are centred.
            rows: the texts of the cells.
            strong: which rows stand out.
        """
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Cm

        room = HOUSE.page_cm[0] - HOUSE.left_cm - HOUSE.right_cm
        sizes = [Cm(room * wide / sum(widths)) for wide in widths]
        made = self.made.add_table(len(rows) + 1, len(heads), style="Table Grid")
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, size in zip(made._tbl.tblGrid.gridCol_lst, sizes, strict=True):
            column.w = size
        for number, (line, cells) in enumerate(zip(made._tbl.tr_lst, (heads, *rows), strict=True)):
            _row_looks(line, repeated=number == 0)
            for cell, text, size, wide in zip(line.tc_lst, cells, sizes, widths, strict=True):
                cell.width = size
                self._cell(cell, text, bold=number == 0 or number - 1 in strong, head=number == 0, centred=wide <= 1)
        self._space()

    def _cell(self, cell: Any, text: str, *, bold: bool, head: bool, centred: bool) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls
        from docx.text.paragraph import Paragraph

        if head:
            cell.get_or_add_tcPr().append(
                parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{HOUSE.head_fill}"/>')
            )
        cell.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
        paragraph = Paragraph(cell.p_lst[0], self.made._body)
        paragraph.style = self.made.styles["Table Head" if head or centred else "Table Text"]
        run = self._write(paragraph, text if len(text) <= _MOST else f"{text[:_MOST]}…")
        if bold:
            run.bold = True

    def picture(self, png: bytes, alternative: str) -> None:
        """A picture as wide as the text, with words for those who do not see it."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm

        paragraph = self.made.add_paragraph(style="Table Head")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        room = HOUSE.page_cm[0] - HOUSE.left_cm - HOUSE.right_cm
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(room))
        most = Cm(HOUSE.page_cm[1] - HOUSE.top_cm - HOUSE.bottom_cm - 2)
        if shape.height > most:
            shape.width, shape.height = int(shape.width * most / shape.height), most
        shape._inline.docPr.set("descr", seen(alternative).translate(_NOT_XML))
        self._space()

    def _space(self) -> None:
        paragraph = self.made.add_paragraph(style="Table Text")
        paragraph.paragraph_format.space_after = 0

    def new_page(self) -> None:
        """What follows begins on a page of its own."""
        self.made.paragraphs[-1].add_run().add_break(_page_break())

    def data(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        self.made.save(stream)
        return packed_alike(stream.getvalue())


def _page_break() -> Any:
    from docx.enum.text import WD_BREAK

    return WD_BREAK.PAGE


def new_page(language: Language, title: str) -> Page:
    """An empty document in the house style; raises JmrulesError where what writes Word is not installed."""
    try:
        from docx import Document
    except ImportError:
        raise needs_word() from None
    made = Document()
    _paper(made)
    _styles(made)
    _numbers(made)
    about = made.core_properties
    about.title, about.author, about.comments = seen(title).translate(_NOT_XML)[:200], "", ""
    about.last_modified_by, about.revision, about.language = "", 1, "zh-CN" if language == "zh" else "en"
    about.created = about.modified = datetime.datetime(*HOUSE.made)
    return Page(language, made)


def needs_word() -> JmrulesError:
    """The error of a command that writes Word where nothing that can is installed."""
    hint = Text('pip install "jmrules[report]"', 'pip install "jmrules[report]"')
    return JmrulesError(
        Problem(
            "needs-docx",
            Text("写 Word 需要 python-docx 和 docxtpl", "writing Word needs python-docx and docxtpl"),
            hint,
        )
    )


# ---- the house style


def _paper(made: Any) -> None:
    from docx.shared import Cm

    section = made.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in HOUSE.page_cm)
    section.top_margin, section.bottom_margin = Cm(HOUSE.top_cm), Cm(HOUSE.bottom_cm)
    section.left_margin, section.right_margin = Cm(HOUSE.left_cm), Cm(HOUSE.right_cm)
    section.footer_distance = Cm(2.5)
    section.gutter = 0


def _styles(made: Any) -> None:
    """The styles that the document uses, so that who edits it changes a style and not each paragraph."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    styles = made.styles
    _look(styles["Normal"], HOUSE.body, HOUSE.body_pt)
    _indent(styles["Normal"], HOUSE.indent_signs)
    for name, font, size in (("Title", HOUSE.title, HOUSE.title_pt), ("Subtitle", HOUSE.subheading, HOUSE.body_pt)):
        style = styles[name]
        _look(style, font, size)
        _plain(style)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _indent(style, 0)
    styles["Title"].paragraph_format.line_spacing = Pt(HOUSE.line_pt + 8)
    styles["Subtitle"].paragraph_format.space_after = Pt(HOUSE.line_pt)
    for level, font in enumerate(_HEADINGS, 1):
        style = styles[f"Heading {level}"]
        _look(style, getattr(HOUSE, font), HOUSE.body_pt, bold=font == "body")
        _indent(style, HOUSE.indent_signs)
        style.paragraph_format.keep_with_next = True
    _look(styles["Caption"], HOUSE.heading, HOUSE.table_pt + 1.5)
    styles["Caption"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Caption"].paragraph_format.keep_with_next = True
    _indent(styles["Caption"], 0)
    for name, side in (("Table Text", WD_ALIGN_PARAGRAPH.LEFT), ("Table Head", WD_ALIGN_PARAGRAPH.CENTER)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _look(style, HOUSE.body, HOUSE.table_pt, exact=False)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.alignment = side
        _indent(style, 0)


def _look(style: Any, font: str, size: float, *, bold: bool = False, exact: bool = True) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold, style.font.italic = HOUSE.latin, Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for script, name in (
        ("w:eastAsia", font),
        ("w:ascii", HOUSE.latin),
        ("w:hAnsi", HOUSE.latin),
        ("w:cs", HOUSE.latin),
    ):
        fonts.set(qn(script), name)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY if exact else WD_LINE_SPACING.SINGLE
    if exact:
        layout.line_spacing = Pt(HOUSE.line_pt)


def _plain(style: Any) -> None:
    """Take from a style the line below it, its numbering, and letters set apart."""
    from docx.oxml.ns import qn

    layout, letters = style.element.get_or_add_pPr(), style.element.get_or_add_rPr()
    for part, names in ((layout, ("w:pBdr", "w:numPr")), (letters, ("w:spacing", "w:kern"))):
        for name in names:
            for found in part.findall(qn(name)):
                part.remove(found)


def _indent(of: Any, signs: int) -> None:
    """The first line, in signs of the paragraph's own size."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    layout = of.element.get_or_add_pPr() if hasattr(of, "element") else of._p.get_or_add_pPr()
    of.paragraph_format.first_line_indent = Pt(HOUSE.body_pt * signs)
    layout.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * signs))


def _row_looks(line: Any, *, repeated: bool) -> None:
    """A row that no page breaks; the head comes again on each."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    looks = line.get_or_add_trPr()
    looks.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if repeated:
        looks.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _numbers(made: Any) -> None:
    """The number of the page: outside, right on odd pages and left on even ones."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _indent(paragraph, 0)
        for part in ("— ", None, " —"):
            run = paragraph.add_run(part or "")
            _page_font(run)
            if part is None:
                _field(run, "PAGE")


def _page_font(run: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name, run.font.size = "宋体", Pt(14)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")


def _field(run: Any, code: str) -> None:
    """A field that Word works out, such as the number of the page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "end"):
        if kind is None:
            text = OxmlElement("w:instrText")
            text.text = code
            run._r.append(text)
            continue
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)

"""The files that reports come in, as pieces: .docx, .pdf, .txt, .md, .html, .xlsx. A picture of a text is no text, and is said so."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jmrules.errors import Place, Problem, Text
from jmrules.read.language import speech
from jmrules.read.paper import Paper, Piece, ReportError, paper_of
from jmrules.tables import TableError, encoding_of, excel_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: bytes of a file, and of what a packed one unpacks to
MAX_FILE, MAX_UNPACKED = 64 << 20, 256 << 20
#: characters of a report
MAX_CHARACTERS = 5_000_000
#: how files of .doc and .xls begin, and those of .docx and .xlsx that have a password
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")


def read_paper(path: Path) -> Paper:
    """A report as read.

    Raises:
        ReportError: of a kind that is not read, damaged, too large, or without any text.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kinds = "、".join(_READERS)
        raise _fail(
            path, "unknown-kind", f"不会读 {path.suffix or '没有扩展名的'} 文件", f"files of this kind are not read: {path.suffix or 'no ending'}",
            (f"可读：{kinds}", f"these are: {', '.join(_READERS)}"),
        )  # fmt: skip
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or "no such name"
        raise _fail(
            path, "unreadable-file", "打不开", f"cannot be opened: {why}", ("请核对文件名", "check its name")
        ) from None
    if not path.is_file() or size > MAX_FILE:
        raise _fail(
            path, "unreadable-file", "不是一个文件，或大于 64 MB", "no file, or larger than 64 MB", ("请拆分或压缩图片", "split it")
        )  # fmt: skip
    if _is_old(path):
        raise _locked(path)
    pieces = []
    characters = 0
    for piece in reader(path):
        pieces.append(piece)
        characters += len(piece.text) + sum(len(cell) for row in piece.rows for cell in row)
        if characters > MAX_CHARACTERS:
            raise _fail(
                path, "too-long", "文字超过 500 万字", "more than five million characters", ("请拆分", "split it")
            )
    if not characters:
        raise _fail(
            path, "no-text", "没有文字：可能是扫描件", "it holds no text: perhaps it is a scan",
            ("请先做文字识别（OCR），或用可复制文字的版本", "recognise its text first (OCR), or use a version whose text can be copied"),
        )  # fmt: skip
    return paper_of(path.name, pieces, speech())


def paper_of_text(text: str, name: str = "") -> Paper:
    """A report given as text."""
    return paper_of(name, _lines(text), speech())


def _fail(path: Path, code: str, zh: str, en: str, hint: tuple[str, str]) -> ReportError:
    return ReportError(Problem(code, Text(zh, en), Text(*hint), Place(str(path))))


def _damaged(path: Path) -> ReportError:
    return _fail(
        path, "unreadable-file", f"不是完好的 {path.suffix} 文件", f"no sound {path.suffix} file",
        ("请在 Word、WPS 或阅读器中打开并另存", "open it where it was written, and save it again"),
    )  # fmt: skip


def _locked(path: Path) -> ReportError:
    return _fail(
        path, "locked", "有密码，或是改了扩展名的旧格式（.doc、.xls）", "it has a password, or is of an old format (.doc, .xls) under another ending",
        ("请打开后去掉密码，另存为新格式", "open it, remove its password, and save it in the format of today"),
    )  # fmt: skip


def _is_old(path: Path) -> bool:
    """Whether a file is a container of the old kind, which is also what a password makes of a new one."""
    with path.open("rb") as stream:
        return stream.read(8) == _OLD


def _lines(text: str) -> Iterator[Piece]:
    page, blank = 1, True
    paged = "\f" in text
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f").split("\n"), 1):
        page += line.startswith("\f")
        stripped = line.strip().strip("\ufeff\u200b\u3000 \t")
        if not stripped:
            blank = True
            continue
        yield Piece(stripped, page if paged else None, number, continues=not blank)
        blank = False


def _text(path: Path) -> Iterator[Piece]:
    try:
        text = path.read_bytes().decode(encoding_of(path))
    except (TableError, UnicodeDecodeError, OSError) as error:
        if isinstance(error, TableError):
            raise ReportError(error.problems) from None
        raise _damaged(path) from None
    yield from _lines(text.removeprefix("\ufeff"))


def _markdown(path: Path) -> Iterator[Piece]:
    from markdown_it import MarkdownIt

    text = "\n".join(piece.text if piece.continues else "\n" + piece.text for piece in _text(path))
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    heading = within = False
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        match token.type:
            case "heading_open":
                heading = True
            case "heading_close":
                heading = False
            case "table_open":
                rows, within = [], True
            case "table_close":
                within = False
                yield Piece("", rows=tuple(rows))
            case "tr_open":
                cells = []
            case "tr_close":
                rows.append(tuple(cells))
            case "inline":
                plain = "".join(
                    child.content if child.type in ("text", "code_inline") else "" for child in token.children or ()
                )
                if within:
                    cells.append(plain)
                else:
                    yield Piece(plain, line=(token.map or [0])[0] + 1, heading=heading)
            case _:
                pass


def _html(path: Path) -> Iterator[Piece]:
    from lxml import etree, html

    raw = path.read_bytes()
    try:
        # A page that names no encoding is read as any text is; lxml does not know all of them by name.
        text = raw if b"charset" in raw[:2048].lower() else raw.decode(encoding_of(path))
        root = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.LxmlError, ValueError, LookupError, TableError):
        raise _damaged(path) from None
    blocks = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "td", "section", "body", "article", "dd", "dt"}
    for skipped in root.xpath("//script|//style|//head|//noscript"):
        skipped.drop_tree()
    done: set[Any] = set()
    for node in root.iter():
        if not isinstance(node.tag, str) or any(each in done for each in node.iterancestors()):
            continue
        if node.tag == "table":
            done.add(node)
            rows = tuple(
                tuple(" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th"))
                for row in node.xpath(".//tr")
            )
            if rows:
                yield Piece("", rows=rows, line=node.sourceline)
        elif node.tag in blocks and not any(
            isinstance(child.tag, str) and (child.tag in blocks or child.tag == "table")
            for child in node.iterdescendants()
        ):
            done.add(node)
            text = "".join(node.text_content().split("\n")).strip()
            if text:
                yield Piece(text, line=node.sourceline, heading=node.tag[0] == "h" and node.tag != "html")


def _word(path: Path) -> Iterator[Piece]:
    try:
        from docx import Document
        from docx.table import Table
        from docx.text.paragraph import Paragraph
    except ImportError:
        raise _missing(path) from None
    _unpacked(path)
    try:
        document = Document(str(path))
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                yield Piece("", rows=tuple(_word_rows(item)))
            elif isinstance(item, Paragraph):
                style = (item.style.name if item.style is not None else "") or ""
                yield Piece(item.text.replace("\n", "").strip(), heading=style.startswith(("Heading", "标题", "Title")))
    except ReportError:
        raise
    except Exception:  # whatever a damaged package makes python-docx raise
        raise _damaged(path) from None


def _word_rows(table: Any) -> Iterator[tuple[str, ...]]:
    for row in table.rows:
        cells: list[str] = []
        seen: list[Any] = []
        for cell in row.cells:
            # a merged cell is given once for each column that it covers
            cells.append("" if any(cell._tc is each for each in seen) else cell.text.strip())
            seen.append(cell._tc)
        yield tuple(cells)


def _unpacked(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise _damaged(path) from None
    if size > MAX_UNPACKED:
        raise _fail(
            path, "too-large", "解压后大于 256 MB", "more than 256 MB when unpacked", ("请压缩图片", "make its pictures smaller")
        )  # fmt: skip


def _pdf(path: Path) -> Iterator[Piece]:
    try:
        import pdfplumber
    except ImportError:
        raise _missing(path) from None
    try:
        with pdfplumber.open(path) as document:
            for number, page in enumerate(document.pages, 1):
                yield from _page(page, number)
    except ReportError:
        raise
    except Exception as error:  # whatever a damaged file makes pdfminer raise
        raise (_locked(path) if "PDFPasswordIncorrect" in repr(error) else _damaged(path)) from None


def _page(page: Any, number: int) -> Iterator[Piece]:
    tables = page.find_tables()
    boxes = [table.bbox for table in tables]

    def outside(item: dict[str, Any]) -> bool:
        middle = (item["top"] + item["bottom"]) / 2
        return not any(
            left <= (item["x0"] + item["x1"]) / 2 <= right and top <= middle <= bottom
            for left, top, right, bottom in boxes
        )

    waiting = sorted(zip(boxes, tables, strict=True), key=lambda each: each[0][1])
    for count, line in enumerate(page.filter(outside).extract_text_lines(return_chars=False), 1):
        while waiting and waiting[0][0][1] < line["top"]:
            yield _pdf_table(waiting.pop(0)[1], number)
        text = line["text"].strip()
        if text.strip("-—– 第页").isdigit() and len(text) < 10 and line["top"] > page.height * 0.85:
            continue  # the page's number
        yield Piece(text, number, count, continues=True)
    for _, table in waiting:
        yield _pdf_table(table, number)


def _pdf_table(table: Any, page: int) -> Piece:
    return Piece("", page, rows=tuple(tuple((cell or "").replace("\n", "") for cell in row) for row in table.extract()))


def _workbook(path: Path) -> Iterator[Piece]:
    try:
        for sheet in excel_sheets(path):
            if not sheet.hidden:
                yield Piece(sheet.name or "", heading=True, sheet=sheet.name)
                rows = tuple(tuple(cell or "" for cell in row.cells) for row in sheet.rows() if not row.hidden)
                if rows:
                    yield Piece("", rows=rows, sheet=sheet.name)
    except TableError as error:
        raise ReportError(error.problems) from None
    except Exception:  # whatever a damaged workbook makes openpyxl raise
        raise _damaged(path) from None


def _missing(path: Path) -> ReportError:
    return _fail(
        path, "missing-extra", f"读 {path.suffix} 需要附加组件 read", f"reading {path.suffix} needs the extra called read",
        ("请运行 pip install 'jmrules[read]'", "run: pip install 'jmrules[read]'"),
    )  # fmt: skip


_READERS: dict[str, Callable[[Path], Iterator[Piece]]] = {
    ".docx": _word,
    ".pdf": _pdf,
    ".txt": _text,
    ".md": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xlsx": _workbook,
}
#: endings of files that are read
ENDINGS = tuple(_READERS)


def reports_in(folder: Path) -> tuple[Path, ...]:
    """The reports in a folder, by name; what a program keeps beside them (~$…, .…) is none."""
    return tuple(
        sorted(
            each for each in folder.rglob("*")
            if each.suffix.lower() in ENDINGS and each.is_file() and not each.name.startswith(("~", "."))
        )
    )  # fmt: skip

"""The reports under reports/: what stands in them, and the same in every kind of file that is read."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from pathlib import Path

from attrs import frozen

HERE = Path(__file__).parent / "reports"
UNITS = {
    "y": "CNY", "k": "CNY_1k", "w": "CNY_10k", "m": "CNY_1M", "e": "CNY_100M", "%": "percent", "pp": "percentage_point",
    "c": "count", "n": "person", "N": "person_10k", "s": "point", "d": "day",
    "C": "count_10k", "‰": "permille", "m2": "m2", "t": "tonne", "h": "hectare", "k2": "km2",
}  # fmt: skip
_MARK = re.compile(r"\[\[(?P<text>[^|\]]+)\|(?P<about>~?)(?P<value>-?[\d.]+)(?P<unit>[a-zN%C‰2]+)\]\]")


@frozen
class Due:
    """A figure that must be read."""

    text: str
    value: Decimal
    unit: str
    #: the words say only about how much
    about: bool


@frozen
class Told:
    """A report with what must be read of it and found in it."""

    name: str
    #: paragraphs as text, tables as rows
    blocks: tuple[str | tuple[tuple[str, ...], ...], ...]
    figures: tuple[Due, ...]
    #: (status, words of the label)
    matters: tuple[tuple[str, str], ...]


def told(path: Path) -> Told:
    text = path.read_text("utf-8")
    body, _, planted = text.partition("\n!! ")
    figures = tuple(
        Due(found["text"], Decimal(found["value"]), UNITS[found["unit"]], bool(found["about"]))
        for found in _MARK.finditer(body)
    )
    matters = tuple(
        (status.strip(), words.strip())
        for status, _, words in (
            line.partition("·") for line in f"!! {planted}".replace("!! ", "").splitlines() if line.strip()
        )
    )
    blocks: list[str | tuple[tuple[str, ...], ...]] = []
    rows: list[tuple[str, ...]] = []
    for line in [*_MARK.sub(lambda found: found["text"], body).split("\n"), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            blocks.append(tuple(rows))
            rows = []
        if line.strip():
            blocks.append(line.strip())
    return Told(path.stem, tuple(blocks), figures, matters)


def every() -> list[Told]:
    return [told(path) for path in sorted(HERE.glob("*.txt"))]


# ---- the same report in every kind of file


def as_text(report: Told, path: Path) -> Path:
    lines = [block if isinstance(block, str) else "\n".join("\t".join(row) for row in block) for block in report.blocks]
    path.write_text("\n\n".join(lines) + "\n", "utf-8")
    return path


def as_markdown(report: Told, path: Path) -> Path:
    parts = []
    for block in report.blocks:
        if isinstance(block, str):
            parts.append(re.sub(r"^(\d{1,2})\.", r"\1\\.", block))
        else:
            head, *rows = block
            lines = ["| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows)]
            parts.append("\n".join(lines))
    path.write_text("\n\n".join(parts) + "\n", "utf-8")
    return path


def as_html(report: Told, path: Path) -> Path:
    parts = ["<!doctype html><html><head><meta charset='utf-8'><title>x</title></head><body>"]
    for block in report.blocks:
        if isinstance(block, str):
            parts.append(f"<p>{html.escape(block)}</p>")
        else:
            rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in block)
            parts.append(f"<table>{rows}</table>")
    path.write_text("\n".join([*parts, "</body></html>"]), "utf-8")
    return path


def as_word(report: Told, path: Path) -> Path:
    from docx import Document

    document = Document()
    for block in report.blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            table = document.add_table(rows=0, cols=max(map(len, block)))
            for row in block:
                cells = table.add_row().cells
                for cell, text in zip(cells, row, strict=False):
                    cell.text = text
    document.save(str(path))
    return path


def as_pdf(report: Told, path: Path) -> Path:
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("text", fontName="STSong-Light", fontSize=12, leading=20, wordWrap="CJK", spaceAfter=8)
    flow = []
    for block in report.blocks:
        if isinstance(block, str):
            flow.append(Paragraph(html.escape(block), style))
        else:
            table = Table([list(row) for row in block])
            table.setStyle(
                TableStyle(
                    [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), "STSong-Light", 9)]
                )
            )
            flow.append(table)
    SimpleDocTemplate(str(path), invariant=1).build(flow)
    return path


WRITERS = {".md": as_markdown, ".html": as_html, ".docx": as_word, ".pdf": as_pdf}

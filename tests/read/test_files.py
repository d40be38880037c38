"""Files as they come: damaged, locked, packed to burst, scanned; each is read, or refused by one clear error."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jmrules.read import ReportError, audit, read_paper

TEXT = "一、预算情况\n\n2024年部门预算100万元，其中基本支出60万元，项目支出40万元。\n"
KINDS = (".docx", ".pdf", ".xlsx", ".html", ".txt", ".md")


def small(ending, folder):
    """A small sound file of a kind."""
    path = folder / f"small{ending}"
    match ending:
        case ".docx":
            from docx import Document

            document = Document()
            for line in TEXT.split("\n\n"):
                document.add_paragraph(line)
            document.save(str(path))
        case ".xlsx":
            from openpyxl import Workbook

            book = Workbook()
            for row in (["项目", "预算数（万元）"], ["甲", 60], ["乙", 40], ["合计", 100]):
                book.active.append(row)
            book.save(path)
        case ".pdf":
            canvas = pdf(path)
            canvas.drawString(72, 700, "2024年部门预算100万元，其中基本支出60万元，项目支出40万元。")
            canvas.save()
        case ".html":
            path.write_text(f"<html><head><meta charset='utf-8'></head><body><p>{TEXT}</p></body></html>", "utf-8")
        case _:
            path.write_text(TEXT, "utf-8")
    return path


def pdf(path, **how):
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), **how)
    canvas.setFont("STSong-Light", 12)
    return canvas


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    return {ending: small(ending, folder).read_bytes() for ending in KINDS}


def refused(path):
    """The code of the one error by which a file is refused."""
    with pytest.raises(ReportError) as caught:
        read_paper(path)
    (problem,) = caught.value.problems
    assert problem.hint.zh and problem.hint.en
    return problem.code


@pytest.mark.parametrize("ending", KINDS)
def test_a_sound_file_is_read(ending, sound, tmp_path):
    path = tmp_path / f"a{ending}"
    path.write_bytes(sound[ending])
    assert {100, 60, 40} <= {figure.value for figure in audit(read_paper(path)).reading.figures}


@pytest.mark.parametrize("ending", KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused(ending, sound, tmp_path, data):
    raw = bytearray(sound[ending])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        match data.draw(st.sampled_from(["change", "cut", "add", "drop"])):
            case "change":
                raw[at : at + 1] = data.draw(st.binary(min_size=1, max_size=4))
            case "cut":
                del raw[at:]
            case "add":
                raw[at:at] = data.draw(st.binary(max_size=20))
            case _:
                del raw[at : at + data.draw(st.integers(1, 50))]
    path = tmp_path / f"a{ending}"
    path.write_bytes(raw)
    try:
        audit(read_paper(path))
    except ReportError as error:
        assert error.problems


@pytest.mark.parametrize("ending", KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(ending, tmp_path, raw):
    path = tmp_path / f"a{ending}"
    path.write_bytes(raw)
    try:
        audit(read_paper(path))
    except ReportError as error:
        assert error.problems


@given(
    lines=st.lists(
        st.text(
            alphabet="0123456789.,，。（）()—-至约万亿元千%‰个人次分十百二九成第表合计其中分别为、：负担≥年月日 \n|",
            max_size=60,
        ),
        max_size=8,
    )
)
def test_signs_in_any_order_are_read(lines):
    from jmrules.read import paper_of_text

    audit(paper_of_text("\n\n".join(lines)))


def repacked(raw, path, name, content):
    """A packed file with one member changed."""
    path.with_suffix(".was").write_bytes(raw)
    with (
        zipfile.ZipFile(path.with_suffix(".was")) as was,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for each in was.namelist():
            packed.writestr(each, content if each == name else was.read(each))
    return path


@pytest.mark.parametrize(
    ("ending", "name", "code"),
    [(".docx", "word/document.xml", "too-large"), (".xlsx", "xl/worksheets/sheet1.xml", "unpacks-without-end")],
)
def test_what_is_packed_to_burst_is_refused(ending, name, code, sound, tmp_path):
    path = repacked(sound[ending], tmp_path / f"a{ending}", name, b" " * (300 << 20))
    assert path.stat().st_size < 1 << 20
    assert refused(path) == code


@pytest.mark.parametrize(
    ("ending", "name", "mark"), [(".docx", "word/document.xml", b"100"), (".xlsx", "xl/worksheets/sheet1.xml", b"100")]
)
def test_what_a_file_refers_to_elsewhere_is_not_fetched(ending, name, mark, sound, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("777")
    with zipfile.ZipFile(Path(small(ending, tmp_path))) as packed:
        content = packed.read(name)
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    kind = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
    content = content[:start] + kind + content[start:].replace(mark, b"&e;", 1)
    path = repacked(sound[ending], tmp_path / f"a{ending}", name, content)
    try:
        paper = read_paper(path)
    except ReportError:
        return
    assert "777" not in paper.text + str([block.rows for block in paper.blocks])


def test_a_scan_is_said_to_be_one(tmp_path):
    from PIL import Image

    picture = tmp_path / "page.png"
    Image.new("L", (60, 80), 255).save(picture)
    path = tmp_path / "scan.pdf"
    canvas = pdf(path)
    canvas.drawImage(str(picture), 0, 0, 595, 842)
    canvas.save()
    assert refused(path) == "no-text"


def test_a_locked_file_is_said_to_be_locked(tmp_path):
    path = tmp_path / "locked.pdf"
    canvas = pdf(path, encrypt="secret")
    canvas.drawString(72, 700, "预算100万元。")
    canvas.save()
    assert refused(path) == "locked"
    for ending in (".docx", ".xlsx"):
        # a password makes Word and Excel write another kind of container
        path = tmp_path / f"locked{ending}"
        path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
        assert refused(path) == "locked"

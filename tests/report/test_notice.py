"""The notice from its ruleset alone: all four forms say the same, changes against another year are marked."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal

import pytest
from docx import Document
from openpyxl import load_workbook

from jmrules.cli import main
from jmrules.compare import criterion
from jmrules.documents import document_of
from jmrules.formats import seen
from jmrules.report import notice_document, notice_markdown, notice_page, notice_workbook
from jmrules.report.house import HOUSE
from jmrules.report.notice import notice_told
from jmrules.ruleset import leaves, load_ruleset, ruleset_of, summaries
from report.pages import check

NAMES = [f"{each.entry.id}@{each.entry.fiscal_year}" for each in summaries()[0]]
WRITERS = (notice_document, notice_workbook, notice_page, notice_markdown)


@pytest.fixture(scope="module")
def now():
    return load_ruleset("jiangmen/department-overall@2025")


@pytest.fixture(scope="module")
def before():
    return load_ruleset("jiangmen/department-overall@2024")


def word_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def excel_text(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data))
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_form_says_every_criterion_and_the_same_bytes_each_time(name):
    ruleset = load_ruleset(name)
    made = [write(ruleset) for write in WRITERS]
    assert made == [write(ruleset) for write in WRITERS]
    word, excel, page = word_text(made[0]), excel_text(made[1]), check(made[2]).text
    markdown = made[3].decode().replace("\\", "").replace("&gt;", ">").replace("&lt;", "<")
    for leaf in leaves(ruleset.indicators):
        for text in (word, excel, page, markdown):
            assert leaf.label.zh in text
            assert criterion(ruleset, leaf).zh in text


@pytest.mark.parametrize("write", WRITERS)
def test_english_says_it_in_english(now, write):
    made = write(now, None, "en")
    text = {
        notice_document: word_text,
        notice_workbook: excel_text,
        notice_page: lambda data: check(data).text,
    }.get(write, bytes.decode)(made)
    assert "Criterion" in text or "criterion" in text
    assert now.title.en in text


def test_two_years_stand_side_by_side_with_changes_marked(now, before):
    told = notice_told(now, before)
    states = {item.id: item.state for item in told.items}
    assert (
        states["government_procurement"] == "added"
        if "government_procurement" in states
        else "added" in states.values()
    )
    assert states["budget_constraint"] == "changed" and states["budget_rationality"] == "same"
    page = check(notice_page(now, before))
    rows = [attrs.get("class") for tag, attrs in page.elements if tag == "tr"]
    assert rows.count("added") == sum(state == "added" for state in states.values())
    assert {tag for tag, _ in page.elements} >= {"ins", "del"}
    # seen from the other side, what is new is what goes
    back = {item.id: item.state for item in notice_told(before, now).items}
    assert {id for id, state in back.items() if state == "removed"} == {
        id for id, state in states.items() if state == "added"
    }
    assert all(item.state == "same" and not item.changes for item in notice_told(now, now).items)


def test_a_committee_reads_no_identifier(now, before):
    ids = {fact.id for fact in now.facts} | {leaf.id for leaf in leaves(now.indicators)}
    for text in (word_text(notice_document(now, before)), excel_text(notice_workbook(now, before))):
        words = set(text.replace("/", " ").replace("：", " ").replace("；", " ").split())
        assert words.isdisjoint({id for id in ids if "_" in id})
        assert "source/" not in text and "CNY" not in text
        assert words.isdisjoint({"stated", "reconstructed", "draft", "medium"})


def test_the_sheet_sums_to_the_total_by_a_formula(before):
    sheet = load_workbook(io.BytesIO(notice_workbook(before)))["评分标准"]
    row = next(line[0].row for line in sheet.iter_rows() if line[0].value == "总分")
    assert sheet.cell(row, 2).value.startswith("=SUM(")
    seen = load_workbook(io.BytesIO(notice_workbook(before)), data_only=True)["评分标准"]
    assert seen.cell(row, 2).value == 100 and sheet.page_setup.orientation == "landscape"


def test_an_indicator_has_a_page_with_facts_source_and_years(before):
    item = next(each for each in notice_told(before).sheets if each.id == "fund_expenditure")
    assert item.needed and item.formulas and item.clause is not None and item.clause.ground.zh
    assert {each.year for each in item.years} == {2023, 2025}
    document = Document(io.BytesIO(notice_document(before)))
    breaks = document.element.xml.count('w:br w:type="page"')
    assert breaks == len(notice_told(before).sheets) - 1


def test_word_is_in_the_house_style_and_dated_alike(before):
    data = notice_document(before)
    document = Document(io.BytesIO(data))
    last = document.sections[-1]
    assert round(last.top_margin.cm, 1) == HOUSE.top_cm and round(last.left_margin.cm, 1) == HOUSE.left_cm
    assert f'w:eastAsia="{HOUSE.body}"' in document.element.xml
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time[:3] for part in archive.infolist()} == {HOUSE.made}


@pytest.mark.parametrize(
    "text",
    ["<script>x</script>", "\u202eabc", "\x0b\x01", "\uffff\ufffe", "长" * 300, "=cmd|x", "שלום", "{{x}}", "a|b*c*"],
)
def test_text_stays_text(before, text):
    document = json.loads(before.to_json(), parse_float=Decimal)
    document["id"] = "test/hostile"
    document["title"] = {"zh": f"{text}题", "en": text}
    document["indicators"][0]["label"] = {"zh": text, "en": text}
    document["indicators"][0]["children"][0]["label"] = {"zh": text, "en": f"{text}."}
    ruleset = ruleset_of(document_of(document))
    word, excel, page, markdown = (write(ruleset, before) for write in WRITERS)
    for found in (word_text(word), excel_text(excel), check(page).text):
        assert seen(text) in found and "\u202e" not in found
    assert "<script" not in markdown.decode()
    formulas = [cell.value for sheet in load_workbook(io.BytesIO(excel)) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]  # fmt: skip
    assert all(str(formula).startswith("=SUM(") for formula in formulas)


def test_the_command(tmp_path, monkeypatch, capsys):
    for ending in ("docx", "xlsx", "html", "md"):
        target = tmp_path / f"n.{ending}"
        monkeypatch.setattr("sys.argv", ["jmrules", "render", "jiangmen/department-overall@2025", "--against", "jiangmen/department-overall@2024", "-o", str(target)])  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code and target.stat().st_size > 1000
    for given in (["nobody/nothing@2024", "-o", "n.md"], ["jiangmen/department-overall@2025", "-o", "n.pdf"]):
        monkeypatch.setattr("sys.argv", ["jmrules", "render", *given])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
    assert ".docx" in capsys.readouterr().err

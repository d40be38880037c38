"""Word: four parts in the house style, composed from the score; words that stay words; templates that can do no harm."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Cm, Pt

from jmrules.cli import main
from jmrules.errors import JmrulesError
from jmrules.facts import load_facts
from jmrules.report import word
from jmrules.report.scored import scored
from jmrules.report.word_narrative import load_narrative, narrative_of
from jmrules.report.word_page import new_page
from jmrules.report.word_report import numeral
from jmrules.ruleset import leaves, load_ruleset

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"
REAL, WATER = CASES / "jiangmen-gov-services.json", CASES / "yunxi-water.json"


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset("jiangmen/department-overall@2024")


def opened(data: bytes):
    return Document(io.BytesIO(data))


def texts(data: bytes, style: str = "") -> list[str]:
    return [each.text for each in opened(data).paragraphs if each.style.name.startswith(style)]


def cells(data: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in opened(data).tables]


# ---- the report


def test_the_report_has_its_four_parts_and_a_section_for_each_uppermost_indicator(ruleset):
    made, _ = word(ruleset, load_facts(WATER))
    assert texts(made, "Heading 1")[:4] == [
        "一、部门基本情况",
        "二、绩效自评情况",
        "三、其他自评情况",
        "四、上年度绩效自评或财政重点绩效评价整改情况",
    ]
    sections = texts(made, "Heading 2")
    assert sections[4:] == ["（一）自评结论", "（二）履职效能分析", "（三）管理效率分析"]
    assert len(sections[4:]) == 1 + len(ruleset.indicators)


def test_each_indicator_is_told_as_its_trace_tells_it_and_its_losses_are_all_there(ruleset):
    facts = load_facts(WATER)
    whole = "\n".join(texts(word(ruleset, facts)[0]))
    for leaf in scored(ruleset, facts).evaluation.trace.leaves:
        assert leaf.label.zh in whole and leaf.explanation.zh in whole
        for loss in leaf.losses:
            assert loss.reason.zh in whole


def test_the_table_of_points_adds_up_to_the_total(ruleset):
    facts = load_facts(WATER)
    (table,) = [table for table in cells(word(ruleset, facts)[0]) if table[0][0] == "指标"]
    earned = {row[0].strip("　"): Decimal(row[3]) for row in table[1:]}
    assert sum(earned[leaf.label.zh] for leaf in leaves(ruleset.indicators)) == earned["总分"] == Decimal("82.88")


def test_what_a_report_does_not_say_is_an_interval_and_named_and_never_filled_in(ruleset):
    made, todo = word(ruleset, load_facts(REAL))
    whole = "\n".join(texts(made))
    assert "得分在 38.96～100 分之间" in whole and "自评得分为 100 分，绩效等级为“优”" in whole
    assert "报告未说明：产出指标（只报告了 14 项）" in whole
    assert "在 ≤ 10% 一档" in whole
    assert "2023 年度市财政局复核结果：得分 88.85 分，等级为“良”" in whole
    assert "部门职能" in todo and "（待补充：部门职能）" in whole


def test_the_house_style_is_that_of_official_documents(ruleset):
    made = opened(word(ruleset, load_facts(WATER))[0])
    page = made.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(each / Cm(1), 1) for each in margins] == [3.7, 3.5, 2.8, 2.6]

    def font(style):
        return made.styles[style].element.rPr.rFonts.get(f"{{{made.styles.element.nsmap['w']}}}eastAsia")

    assert (font("Title"), font("Heading 1"), font("Normal")) == ("方正小标宋简体", "黑体", "仿宋_GB2312")
    assert made.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert "PAGE" in page.footer._element.xml and "PAGE" in page.even_page_footer._element.xml


@pytest.mark.parametrize("letter", ["report", "opinion", "reply"])
def test_the_same_facts_give_the_same_bytes(ruleset, letter):
    facts = load_facts(WATER)
    assert word(ruleset, facts, letter)[0] == word(ruleset, facts, letter)[0]


def test_a_report_in_english_has_no_chinese_but_names(ruleset):
    heads = texts(word(ruleset, load_facts(REAL), language="en")[0], "Heading")
    assert heads[0] == "1. The department" and not any("\u4e00" <= sign <= "\u9fff" for text in heads for sign in text)


@pytest.mark.parametrize(
    "number, said", [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (101, "101")]
)
def test_headings_count_as_headings_do(number, said):
    assert numeral(number) == said


# ---- odd facts


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202e某局", "某" * 300, "a&b{{ 1 }}", "\ufffe局"]
)
@pytest.mark.parametrize("letter", ["report", "opinion", "reply"])
def test_a_name_stays_text_whatever_it_looks_like(ruleset, tmp_path, name, letter):
    document = json.loads(WATER.read_text("utf-8"))
    document["subject"]["name"] = name
    facts = load_facts(document)
    whole = "\n".join(texts(word(ruleset, facts, letter)[0]))
    assert name.replace("\u202e", "⟨U+202E⟩").replace("\ufffe", "⟨U+FFFE⟩") in whole and "\u202e" not in whole


def test_no_project_and_no_document_is_no_table(ruleset):
    document = json.loads(WATER.read_text("utf-8"))
    for fact in ("new_projects", "breakdowns"):
        document["facts"][fact] = {"value": [], "basis": "assertion"}
    made, _ = word(ruleset, load_facts(document))
    assert not any(each == "新增预算项目" for each in texts(made, "Caption"))


def test_five_hundred_indicators_are_five_hundred_rows():
    text = {"zh": "指标", "en": "indicator"}
    leaf = {"points": 1, "method": {"kind": "ratio", "value": "rate"}, "source": {"status": "stated", "clause": "一"}}
    loaded = load_ruleset(
        {
            "id": "test/many", "fiscal_year": 2024, "revision": "1.0.0", "status": "draft", "title": text, "notice": {"issuer": text},
            "rounding": {"leaf": 2, "total": 2}, "grades": [{"id": "any", "label": text, "in": ">= 0"}],
            "facts": {"rate": {"type": "number", "unit": "ratio", "label": text}},
            "indicators": [{"id": f"i{at}", "label": {"zh": f"指标{at}", "en": f"i {at}"}, **leaf} for at in range(500)],
        }
    )  # fmt: skip
    facts = load_facts(
        {"ruleset": "test/many", "fiscal_year": 2024, "subject": {"name": "某局"}, "facts": {"rate": Decimal("0.5")}}
    )
    made, _ = word(loaded, facts)
    assert len(cells(made)[0]) == 502 and "（十一）指标9分析" in texts(made, "Heading 2")


# ---- the department's own words

NARRATIVE = """# 部门职能

统筹水利
建设。

第二段。

## 3.部门整体支出绩效目标情况

目标均与职责对应。

### 预算编制合理性

按职能编制。
"""


def test_the_departments_words_stand_where_their_headings_say(ruleset, tmp_path):
    path = tmp_path / "own.md"
    path.write_text(NARRATIVE, "utf-8")
    own = load_narrative(path, ruleset)
    assert own.sections == {"duties": ("统筹水利建设。", "第二段。"), "targets": ("目标均与职责对应。",)}
    assert own.indicators == {"budget_rationality": ("按职能编制。",)}
    made, todo = word(ruleset, load_facts(WATER), narrative=path)
    found = texts(made)
    assert found[found.index("（一）部门职能") + 1] == "统筹水利建设。" and "部门职能" not in todo
    at = next(number for number, text in enumerate(found) if text.startswith("（1）预算编制合理性"))
    assert found[at + 1] == "按职能编制。"


def test_json_says_the_same(ruleset):
    own = narrative_of(
        {"sections": {"duties": "统筹\n\n二"}, "indicators": {"budget_rationality": ["按职能编制。"]}}, ruleset
    )
    assert own.sections["duties"] == ("统筹", "二") and own.indicators["budget_rationality"] == ("按职能编制。",)


@pytest.mark.parametrize(
    "text, code, line",
    [
        ("开头的话\n", "no-heading", 1),
        ("# 部门职责\n\n一\n", "no-such-section", 1),
        ("# 部门职能\n一\n\n# 预算编\n\n二\n", "no-such-section", 4),
    ],
)
def test_a_heading_that_names_nothing_is_an_error_with_its_line(ruleset, tmp_path, text, code, line):
    path = tmp_path / "own.md"
    path.write_text(text, "utf-8")
    with pytest.raises(JmrulesError) as raised:
        load_narrative(path, ruleset)
    assert [(each.code, each.place.line) for each in raised.value.problems] == [(code, line)]


def test_a_narrative_about_an_indicator_that_there_is_not_is_an_error(ruleset):
    with pytest.raises(JmrulesError) as raised:
        narrative_of({"indicators": {"budget_rational": "x"}}, ruleset)
    assert raised.value.problems[0].code == "no-such-section"


# ---- opinion and reply


def adjudication(facts):
    from jmrules.review import load_adjudication

    change = {
        "indicator": "output_completion", "awarded": 12, "by": "张三", "date": "2025-05-06", "why": "佐证不足",
        "evidence": [{"note": "现场核查记录"}],
    }  # fmt: skip
    head = {"ruleset": facts.ruleset, "fiscal_year": 2024, "subject": {"name": facts.subject.name}}
    return load_adjudication({**head, "changes": [change]})


def test_the_opinion_gives_each_change_with_its_ground_and_each_question(ruleset):
    facts = load_facts(WATER)
    whole = "\n".join(texts(word(ruleset, facts, "opinion", adjudication=adjudication(facts))[0]))
    assert "经复核，得分 80.25 分，等级为“良”，较自评低 8.25 分。" in whole
    assert "由 14.63 改为 12，总分 −2.63 分。理由：佐证不足。依据：现场核查记录。（张三，2025-05-06）" in whole
    assert "专项资金剔除压减、调出后的支出率" in whole


def test_the_opinion_on_facts_with_unknowns_asks_for_them(ruleset):
    whole = "\n".join(texts(word(ruleset, load_facts(REAL), "opinion")[0]))
    assert "影响大的在前：效益指标、产出指标、专项资金绩效指标" in whole and "仅有文字说明 98 分" in whole


def test_the_opinion_on_facts_with_unknowns_gives_what_is_decided_and_what_is_open(ruleset):
    facts = load_facts(REAL)
    whole = "\n".join(texts(word(ruleset, facts, "opinion", adjudication=adjudication(facts))[0]))
    assert "经复核，得分 50.96～97 分，等级可能为“优”或“良”或“中”或“差”。" in whole
    assert "由 0～15 改为 12，总分由 38.96～100 分变为 50.96～97 分。理由：佐证不足。" in whole
    assert "尚未核定的指标：部门整体绩效目标效益指标完成情况、" in whole


def test_the_reply_has_a_place_for_each_answer_and_takes_those_that_are_written(ruleset, tmp_path):
    facts = load_facts(WATER)
    made, todo = word(ruleset, facts, "reply", adjudication=adjudication(facts))
    assert todo == ("答复：部门整体绩效目标产出指标完成情况", "答复：专项资金剔除压减、调出后的支出率")
    assert texts(made)[3] == "江门市财政局："
    path = tmp_path / "own.md"
    path.write_text("# output_completion\n\n已补交记录。\n", "utf-8")
    made, todo = word(ruleset, facts, "reply", adjudication=adjudication(facts), narrative=path)
    assert "答复：已补交记录。" in texts(made) and len(todo) == 1


# ---- templates


def template(tmp_path, *lines: str) -> Path:
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    path = tmp_path / "own.docx"
    made.save(str(path))
    return path


def test_a_template_is_filled_in_with_texts(ruleset, tmp_path):
    document = json.loads(WATER.read_text("utf-8"))
    document["subject"]["name"] = "<w:p>某局&{{ 7*7 }}"
    path = template(
        tmp_path, "{{ department }} {{ claimed }} {{ grade }}", "{%p for each in indicators %}", "{{ each.label }}：{{ each.recomputed }}",
        "{%p endfor %}", "{{ indicator.output_completion.claimed }}", "{% if sections.other %}有{% else %}无{% endif %}",
    )  # fmt: skip
    made, _ = word(ruleset, load_facts(document), template=path)
    found = texts(made)
    assert (
        found[0] == "<w:p>某局&{{ 7*7 }} 88.5 良"
        and "部门整体绩效目标产出指标完成情况：14.63" in found
        and found[-1] == "无"
    )
    assert made == word(ruleset, load_facts(document), template=path)[0]


def test_fields_that_there_are_not_are_told_all_at_once(ruleset, tmp_path):
    path = template(
        tmp_path,
        "{{ departmnt }} {{ indicator.output_completion.clamed }}",
        "{%p for p in sections.duties %}",
        "{{ p }}",
        "{%p endfor %}",
    )
    with pytest.raises(JmrulesError) as raised:
        word(ruleset, load_facts(WATER), template=path)
    problems = raised.value.problems
    assert [each.code for each in problems] == ["no-such-field"] * 3
    assert (
        "“department”" in problems[0].hint.zh
        and "“claimed”" in problems[1].hint.zh
        and "--narrative" in problems[2].hint.zh
    )


@pytest.mark.parametrize(
    "line",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ department * 999999999 }}", "{% include 'x' %}", "{{ range(10**9) }}", "{{ department",
        "{{ department|center(999999999) }}", "{{ '%999999999d' % 1 }}", "{{ '{:>999999999}'.format(1) }}", "{{ 1 / 0 }}",
        "{% set a = 'xx' %}{% set a = a ~ a %}{{ a }}", "{{ department.upper() }}", "{{ 'a' + 'a' }}",
        "{% for a in indicators %}" * 5 + "{{ 1 }}" + "{% endfor %}" * 5,
    ],
)  # fmt: skip
def test_a_template_that_would_do_more_than_fill_in_is_refused(ruleset, tmp_path, line):
    with pytest.raises(JmrulesError):
        word(ruleset, load_facts(WATER), template=template(tmp_path, line))


def tampered(path: Path, name: str, change) -> Path:
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part in given.infolist():
            target.writestr(part.filename, change(given.read(part)) if part.filename == name else given.read(part))
    return path


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
OUTSIDE = (
    b'<Relationship Id="rId99" Type="http://x/image" TargetMode="External" Target="http://x/a.png"/></Relationships>'
)


@pytest.mark.parametrize(
    "name, change, code",
    [
        ("word/document.xml", lambda text: ENTITY + text.split(b"?>", 1)[1], "declares-entities"),
        ("word/_rels/document.xml.rels", lambda text: text.replace(b"</Relationships>", OUTSIDE), "other-files"),
        ("docProps/app.xml", lambda text: b" " * (17 * 1024**2), "unpacks-without-end"),
    ],
)
def test_a_template_that_is_no_honest_file_is_refused(ruleset, tmp_path, name, change, code):
    path = tampered(template(tmp_path, "{{ department }}"), name, change)
    with pytest.raises(JmrulesError) as raised:
        word(ruleset, load_facts(WATER), template=path)
    assert [each.code for each in raised.value.problems] == [code]


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_word_file_is_an_error(ruleset, tmp_path, data):
    path = tmp_path / "own.docx"
    path.write_bytes(data)
    with pytest.raises(JmrulesError) as raised:
        word(ruleset, load_facts(WATER), template=path)
    assert raised.value.problems[0].code == "not-word"


def test_text_in_a_page_is_never_markup_or_a_field():
    page = new_page("zh", "<a>")
    page.body("<w:fldSimple/> {PAGE} \x07")
    page.table(("=1+1",), (1,), [["\u202e"]])
    assert texts(page.data())[0] == "<w:fldSimple/> {PAGE} ␇" and cells(page.data()) == [[["=1+1"], ["⟨U+202E⟩"]]]


# ---- as it is typed


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr("sys.argv", ["jmrules", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    out = capsys.readouterr()
    return ended.value.code or 0, out.out, out.err


def test_the_command_writes_word_and_says_what_is_still_to_be_written(tmp_path, monkeypatch, capsys):
    code, out, err = run(monkeypatch, capsys, "report", REAL, "-o", tmp_path / "自评报告.docx", "--lang", "zh")
    assert code == 0 and "自评报告.docx" in out and "部门职能" in err
    assert texts((tmp_path / "自评报告.docx").read_bytes(), "Heading 1")
    for wrong in (
        ("report", REAL, "-o", tmp_path / "a.pdf"),
        ("report", REAL, WATER, "-o", tmp_path / "a.docx"),
        ("report", REAL, "-o", tmp_path / "a.docx", "--as", "letter"),
        ("report", REAL, "-o", tmp_path / "a.xlsx", "--narrative", "x.md"),
        ("report", REAL, "-o", tmp_path / "a.docx", "--narrative", tmp_path / "none.md"),
        ("report", REAL, "-o", tmp_path / "a.docx", "--template", tmp_path / "none.docx"),
    ):
        code, _, err = run(monkeypatch, capsys, *wrong)
        assert code == 2 and err and not list(tmp_path.glob("a.*"))


def test_a_folder_of_reports_is_begun_again_where_it_was_stopped(tmp_path, monkeypatch, capsys):
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    for name in ("yunxi-water", "yunxi-health"):
        document = json.loads((CASES / f"{name}.json").read_text("utf-8"))
        (given / f"{name}.json").write_text(json.dumps({**document, "$schema": "x"}), "utf-8")
    (given / "broken.json").write_text("{", "utf-8")
    code, said, _ = run(monkeypatch, capsys, "report", given, "-o", f"{out}/", "--lang", "zh")
    assert code == 0 and "2 个部门新写，0 个未变，1 个不能写" in said
    made = {path.name: path.read_bytes() for path in out.iterdir()}
    assert {"云溪市水务局.xlsx", "云溪市水务局.docx", "云溪市卫生健康局.docx", "工作清单.xlsx"} <= made.keys()
    (out / "云溪市卫生健康局.docx").unlink()
    assert "1 个部门新写，1 个未变" in run(monkeypatch, capsys, "report", given, "-o", f"{out}/", "--lang", "zh")[1]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == made


def test_files_are_named_for_departments_and_no_two_alike(tmp_path, monkeypatch, capsys):
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    document = json.loads(WATER.read_text("utf-8"))
    for at, name in enumerate(("../../甲", "甲#乙", "工作清单", "甲#乙", "=cmd|' /C calc'!A0", "局" * 300)):
        subject = {"name": name}
        (given / f"{at}.json").write_text(json.dumps({**document, "subject": subject}), "utf-8")
    assert run(monkeypatch, capsys, "report", given, "-o", f"{out}/", "--lang", "zh")[0] == 0
    names = {path.stem for path in out.glob("*.docx")}
    assert names == {"__.._甲", "甲_乙", "工作清单（2）", "甲_乙（2）", "=cmd_' _C calc'!A0", "局" * 60}
    assert not (tmp_path / "甲.docx").exists()

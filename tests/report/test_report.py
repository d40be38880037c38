"""The score sheet as a workbook: sums that can be checked, words that stay words, the same bytes each time."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jmrules.cli import main
from jmrules.evaluation import evaluate
from jmrules.facts import load_facts
from jmrules.report import report, reports, template
from jmrules.ruleset import load_ruleset

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset("jiangmen/department-overall@2024")


def cells(data: bytes, sheet: str, *, values: bool = True):
    return load_workbook(io.BytesIO(data), data_only=values)[sheet]


def column(sheet, name):
    return next(cell.column for cell in sheet[4] if cell.value == name)


def row(sheet, name):
    return next(line[0].row for line in sheet.iter_rows() if line[0].value == name)


def test_the_sums_are_formulas_over_numbers_and_come_to_the_total(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    made = report(ruleset, facts)
    sheet, formulas = cells(made, "评分表"), cells(made, "评分表", values=False)
    at, total = column(sheet, "复算得分"), row(sheet, "总分")
    leaves = evaluate(ruleset, facts).trace.leaves
    inside = [sheet.cell(line, at).value for line in range(5, row(sheet, "合计"))]
    groups = [sheet.cell(row(sheet, name), at).value for name in ("履职效能小计", "管理效率小计")]
    assert sum(inside) - sum(groups) == pytest.approx(float(sum(leaf.awarded for leaf in leaves)))
    assert sum(groups) == pytest.approx(sheet.cell(row(sheet, "合计"), at).value)
    assert sheet.cell(total, at).value == float(evaluate(ruleset, facts).total)
    for name in ("履职效能小计", "管理效率小计", "合计"):
        assert formulas.cell(row(sheet, name), at).value.startswith("=SUM(")
    assert formulas.cell(total, at).value.startswith("=")
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9


def test_what_is_not_known_is_an_interval_and_a_list_of_what_to_fill_in(ruleset):
    made = report(ruleset, load_facts(CASES / "jiangmen-gov-services.json"))
    sheet = cells(made, "评分表")
    total = row(sheet, "总分")
    found = [
        sheet.cell(total, column(sheet, name)).value for name in ("自评得分", "复算得分（最低）", "复算得分（最高）")
    ]
    assert found == [100, 38.96, 100]
    assert cells(made, "还要填什么").max_row > 10


def test_the_same_facts_give_the_same_bytes(ruleset):
    facts = load_facts(CASES / "yunxi-water.json")
    assert report(ruleset, facts) == report(ruleset, facts)


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202e某局", "某" * 300])
def test_a_name_stays_text_whatever_it_looks_like(ruleset, name, tmp_path):
    document = json.loads((CASES / "yunxi-water.json").read_text("utf-8"))
    document["subject"]["name"] = name
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(document), "utf-8")
    facts = load_facts(path)
    assert "某局" not in name or "\u202e" not in str(cells(report(ruleset, facts), "评分表")["A2"].value)
    sheet = cells(report(ruleset, facts), "评分表", values=False)
    assert sheet["A2"].data_type == "s"
    filled = tmp_path / "facts.xlsx"
    filled.write_bytes(template(ruleset, facts))
    assert load_facts(filled).subject.name == name


def test_a_work_list_names_each_department_and_file_and_leads_to_its_sheet(ruleset, tmp_path):
    (tmp_path / "broken.json").write_text("{", "utf-8")
    files = [str(CASES / "yunxi-water.json"), str(CASES / "jiangmen-gov-services.json"), str(tmp_path / "broken.json")]
    made = reports(files, lambda facts: ruleset)
    sheet = cells(made, "工作清单")
    lines = {line[18].value: line for line in sheet.iter_rows(min_row=3)}
    assert lines.keys() == {"yunxi-water.json", "jiangmen-gov-services.json", "broken.json"}
    assert lines["broken.json"][3].value == "不能打分"
    assert tuple(lines["jiangmen-gov-services.json"][at].value for at in (6, 7)) == (38.96, 100)
    link = lines["yunxi-water.json"][1].hyperlink.location
    assert link.rpartition("!")[0].strip("'") in load_workbook(io.BytesIO(made)).sheetnames
    assert sheet.auto_filter.ref


def test_commands_take_a_filled_template_as_they_take_json_and_a_folder_of_them(ruleset, tmp_path, monkeypatch, capsys):
    facts = load_facts(CASES / "yunxi-water.json")
    (tmp_path / "water.xlsx").write_bytes(template(ruleset, facts))

    def run(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["jmrules", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)
        return capsys.readouterr().out

    scored = [run("score", str(path), "--json") for path in (tmp_path / "water.xlsx", CASES / "yunxi-water.json")]
    assert json.loads(scored[0]) == json.loads(scored[1])
    assert "88.5" in run("review", str(tmp_path), "--lang", "zh")
    out = tmp_path / "back.json"
    run("template", "--facts", str(tmp_path / "water.xlsx"), "-o", str(out))
    assert load_facts(out).digest == facts.digest
    run("report", str(tmp_path / "water.xlsx"), "-o", str(tmp_path / "sheet.xlsx"), "--lang", "en")
    assert load_workbook(tmp_path / "sheet.xlsx").sheetnames[0] == "Score sheet"

"""A template: filled in, read, and filled in again it is the same, to the byte; and it says all of a facts document."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jmrules.errors import FactsError
from jmrules.facts import load_facts
from jmrules.report import template
from jmrules.rules.bounds.evaluate import bounds
from jmrules.ruleset import load_ruleset

RULESETS = Path(__file__).parents[2] / "rulesets"
CASES = [
    "jiangmen/department-overall/cases/2024/jiangmen-gov-services.json",
    "jiangmen/department-overall/cases/2024/yunxi-contradictions.json",
    "hunan/department-overall/cases/2019/liyuan-health.json",
    "mof/project-self-evaluation/cases/2020/qingshi-museum-opening.json",
    "mof/department-common-framework/cases/2013/pingyuan-water.json",
]


def ruleset_of(facts):
    return load_ruleset(f"{facts.ruleset.partition('@')[0]}@{facts.fiscal_year}")


def written(folder: Path, data: bytes) -> Path:
    path = folder / "facts.xlsx"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_read_from_a_filled_template_is_what_was_filled_in(case, language, tmp_path):
    facts = load_facts(RULESETS / case)
    made = template(ruleset_of(facts), facts, language)
    read = load_facts(written(tmp_path, made))
    assert read.digest == facts.digest
    assert template(ruleset_of(facts), read, language) == made


def test_a_template_that_nobody_filled_in_gives_an_interval_as_wide_as_the_sheet(tmp_path):
    ruleset = load_ruleset("jiangmen/department-overall@2024")
    path = written(tmp_path, template(ruleset))
    book = load_workbook(path)
    book["封面"]["C6"] = "某局"
    book.save(path)
    facts = load_facts(path)
    found = bounds(ruleset, facts, "assertion")
    assert (found.low, found.high) == (0, 100)
    assert load_facts(written(tmp_path, template(ruleset, facts))).digest == facts.digest


def test_cells_that_are_typed_in_are_facts_and_what_is_blank_is_not_known(tmp_path):
    ruleset = load_ruleset("jiangmen/department-overall@2024")
    path = written(tmp_path, template(ruleset))
    book = load_workbook(path)
    book["封面"]["C6"] = "某局"
    book["佐证材料"]["C4"] = "2024 年度部门决算"
    cells = {}
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            cells[row[0].value] = row
    amount = cells["budget_initial"]
    amount[2].value, amount[3].value, amount[4].value, amount[5].value, amount[6].value = (
        2.5,
        "亿元",
        "有数据",
        "2024 年度部门决算",
        "表三",
    )
    cells["detailed_share"][2].value = "95%～100%"
    cells["allocation_rule_written"][2].value = "是"
    cells["outputs"][2].value = 14
    cells["new_projects"][2].value = 0
    projects = book["项目支出明细"]
    for column, value in enumerate(["=cmd|' /C calc'!A0", "否", 100, None, 80.5, "有数据"], 3):
        projects.cell(4, column).value = value
    projects["C4"].data_type = "s"
    book.save(path)
    facts = load_facts(path)
    given = facts.given
    assert given["budget_initial"] == {
        "value": Decimal("2.5"), "unit": "亿元", "basis": "figure", "evidence": [{"document": "d1", "section": "表三"}],
    }  # fmt: skip
    assert given["detailed_share"] == {"between": [Decimal("0.95"), 1]}
    assert given["allocation_rule_written"] is True
    assert given["outputs"] == {"length": 14}
    assert given["new_projects"] == []
    assert given["benefits"] == {"unknown": True}
    assert "added_by_policy" not in given
    assert given["projects"] == [
        {
            "name": {"value": "=cmd|' /C calc'!A0", "basis": "document"},
            "special_fund": {"value": False, "basis": "document"},
            "budget_initial": {"value": 100, "basis": "figure"},
            "outturn": {"value": Decimal("80.5"), "basis": "figure"},
        }
    ]


def test_what_cannot_be_read_is_said_with_its_sheet_and_cell(tmp_path):
    ruleset = load_ruleset("jiangmen/department-overall@2024")
    path = written(tmp_path, template(ruleset))
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == "outturn":
                row[2].value = "大约一万"
            if row[0].value == "added_mid_year":
                row[5].value = "没有列出的材料"
    book["产出指标"]["J4"] = "也许"
    book.save(path)
    with pytest.raises(FactsError) as caught:
        load_facts(path)
    places = {problem.code: str(problem.place).rpartition(" ")[2] for problem in caught.value.problems}
    assert places.keys() == {"no-name", "not-a-number", "no-such-document", "not-yes-or-no"}
    assert places["no-name"] == "封面!C6"
    assert places["not-yes-or-no"] == "产出指标!J4"


def test_what_does_not_fit_the_ruleset_is_said_with_its_sheet_and_cell(tmp_path):
    facts = load_facts(RULESETS / CASES[2])
    ruleset = ruleset_of(facts)
    path = written(tmp_path, template(ruleset, facts))
    book = load_workbook(path)
    cells = {row[0].value: row for sheet in book for row in sheet.iter_rows(min_row=2)}
    cells["staff"][2].value = -3
    where = f"{cells['staff'][2].parent.title}!{cells['staff'][2].coordinate}"
    book.save(path)
    with pytest.raises(FactsError) as caught:
        bounds(ruleset, load_facts(path), "assertion")
    assert [str(problem.place).rpartition(" ")[2] for problem in caught.value.problems] == [where]


def test_the_same_input_gives_the_same_bytes():
    ruleset = load_ruleset("mof/project-self-evaluation@2021")
    assert template(ruleset) == template(ruleset)


def test_a_row_whose_items_stand_on_another_sheet_says_how_many_there_are(tmp_path):
    word = {"zh": "明细"}
    number = {"type": "number", "label": {"zh": "金额"}}
    parts = {"type": "list", "label": word, "item": {"amount": number}}
    ruleset = load_ruleset(
        {
            "id": "somewhere/parts", "fiscal_year": 2024, "revision": "1.0.0", "status": "official",
            "title": {"zh": "分项"}, "notice": {"issuer": {"zh": "某局"}}, "rounding": {"leaf": 2, "total": 2},
            "grades": [{"id": "any", "label": {"zh": "任"}, "in": ">= 0"}],
            "facts": {"rows": {"type": "list", "label": {"zh": "分类"}, "item": {"parts": parts}}},
            "indicators": [
                {"id": "rows_given", "label": {"zh": "分类"}, "points": 2, "source": {"status": "stated", "clause": "一"},
                 "method": {"kind": "formula", "points": "min(2, count(rows))"}},
            ],
        }
    )  # fmt: skip
    facts = {"rows": [{"parts": []}, {"parts": [{"amount": 1}, {"amount": 2}]}]}
    document = {"ruleset": "somewhere/parts", "fiscal_year": 2024, "subject": {"name": "某局"}, "facts": facts}
    path = tmp_path / "facts.xlsx"
    path.write_bytes(template(ruleset, load_facts(document), "zh"))
    assert load_facts(path).given == facts


def test_every_cell_that_is_checked_says_what_may_stand_there(tmp_path):
    from openpyxl import load_workbook

    path = tmp_path / "t.xlsx"
    path.write_bytes(template(load_ruleset("jiangmen/department-overall@2024")))
    book = load_workbook(path)
    silent = [
        (sheet.title, str(rule.sqref))
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if not (rule.prompt and rule.error)
    ]
    assert not silent
    assert book["历年结果"].data_validations.dataValidation and book["整改台账"].data_validations.dataValidation

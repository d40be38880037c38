"""The cases of the shipped rulesets, typed into a spreadsheet under the facts' Chinese labels, score as the facts files do."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from jmrules import JmrulesError, evaluate, load_facts, load_ruleset
from jmrules.batch import Job, run
from jmrules.batch.mapping import mapped, open_departments
from jmrules.documents import canonical
from jmrules.units import unit_of

ROOT = Path(__file__).parents[2] / "rulesets"


def shipped():
    """Ruleset -> its cases that have an exact score."""
    found = {}
    for file in sorted(ROOT.rglob("cases/*/*.json")):
        if file.name.endswith(".expected.json"):
            continue
        try:
            facts = load_facts(file)
            found.setdefault(f"{facts.ruleset.partition('@')[0]}@{facts.fiscal_year}", []).append(facts)
        except JmrulesError:
            continue
    return found


CASES = shipped()


def cell(declaration, given):
    """A fact as somebody types it."""
    value, unit = (given.get("value"), given.get("unit")) if isinstance(given, dict) else (given, None)
    if value is None:
        return None
    if declaration.type == "list":
        return canonical(value)
    if declaration.type == "boolean":
        return "是" if value else "否"
    if declaration.type == "number":
        return f"{value}{unit_of(unit).symbol.zh}" if unit else f"{value}" if len(f"{value}") > 15 else float(value)
    return value


@pytest.mark.parametrize("reference", sorted(CASES))
def test_cases_in_a_spreadsheet(tmp_path, reference):
    ruleset = load_ruleset(reference)
    exact = []
    for facts in CASES[reference]:
        try:
            exact.append((facts, evaluate(ruleset, facts).total))
        except JmrulesError:
            continue
    book = Workbook()
    book.active.append([f"{reference} 绩效评价数据"])
    units = {fact.id: unit_of(fact.unit).symbol.zh if fact.unit else "" for fact in ruleset.facts}
    book.active.append(
        [
            "单位",
            *(f"{fact.label.zh}（{units[fact.id]}）" if units[fact.id] else fact.label.zh for fact in ruleset.facts),
        ]
    )
    for number, (facts, _) in enumerate(exact):
        book.active.append([f"局{number}", *(cell(fact, facts.given.get(fact.id)) for fact in ruleset.facts)])
    book.save(tmp_path / "in.xlsx")
    source = open_departments(tmp_path / "in.xlsx", [ruleset], key="单位")
    columns = mapped(ruleset, source, key="单位")
    assert not columns.unread
    summary = run(Job(ruleset, source, columns, tmp_path / "out.parquet"))
    rejects = tmp_path / "out.rejects.csv"
    assert not rejects.exists(), rejects.read_text("utf-8-sig")
    import pyarrow.parquet as pq

    assert pq.read_table(tmp_path / "out.parquet")["total"].to_pylist() == [total for _, total in exact]
    assert summary.scored == len(exact)


def test_the_cases_are_found():
    assert {"jiangmen/department-overall@2024", "hunan/department-overall@2019"} <= set(CASES)

"""Claims against facts: what is over-claimed, contradicted, unsupported; and the work-list, worst first."""

import csv
import io
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jmrules import bounds, evaluate
from jmrules.documents import check, document_of
from jmrules.review.claimed import review
from jmrules.review.worklist import COLUMNS, to_csv, work_list
from review.common import DOCUMENT, department, figure, ruleset

FULL = {"total": Decimal("88.74"), "grade": "优", "indicators": {"execution": Decimal("48.74"), "management": 40}}


def standings(facts, claims=None):
    found = review(ruleset(), department(facts, claims or FULL))
    return {node.id: node.standings for node in (found.total, *found.indicators)}


def test_a_supported_claim_is_consistent():
    found = standings({})
    assert found["total"] == found["execution"] == found["management"] == ("consistent",)
    assert found["money"] == ("not-claimed",)


def test_each_doubt_shows_where_it_belongs():
    assert standings({}, {**FULL, "indicators": {"execution": 49, "management": 40}})["execution"] == ("over-claimed",)
    found = standings({"well_run": True})
    assert found["management"] == ("unsupported",) and found["execution"] == ("consistent",)
    found = standings({"rate": figure(Decimal("0.99"))})
    assert found["execution"] == ("contradicted",) and found["management"] == ("consistent",)
    found = standings({"spent": Decimal("812.34"), "rate": figure(Decimal("0.99"))}, {"indicators": {"execution": 60}})
    assert found["execution"] == ("over-claimed", "contradicted", "unsupported")


def test_facts_that_are_not_known_exactly_give_intervals():
    facts = {"spent": {"between": [Decimal("500.00"), Decimal("600.00")], "basis": "figure"}, "rate": None}
    found = review(ruleset(), department(facts, {"total": 90, "indicators": {"execution": 33, "management": 40}}))
    assert found.total.earned == (70, 76)
    nodes = {node.id: node.standings for node in found.indicators}
    assert nodes["execution"] == ("unsupported",) and found.total.standing == "over-claimed"


def test_points_of_a_group_are_counted_once():
    claims = {"indicators": {"money": 60, "execution": 60, "management": 40}}
    found = review(ruleset(), department({}, claims))
    assert found.over_claimed == Decimal("11.26")
    assert review(ruleset(), department({}, {"indicators": {"money": 60}})).over_claimed == Decimal("11.26")


@given(st.integers(0, 6000), st.booleans(), st.sampled_from(["assertion", "figure"]))
def test_a_review_says_what_evaluate_and_bounds_say(claimed, well_run, basis):
    claims = {"indicators": {"execution": Decimal(claimed) / 100}}
    facts = department({"well_run": {"value": well_run, "basis": basis}, "breakdowns": None}, claims)
    found = review(ruleset(), facts)
    total, possible = evaluate(ruleset(), facts).total, bounds(ruleset(), facts, "figure")
    assert found.total.earned == (total, total) and found.supported(found.total) == (possible.low, possible.high)
    assert ("over-claimed" in found.indicators[1].standings) == (Decimal(claimed) / 100 > Decimal("48.74"))


def test_the_document_is_what_its_schema_says():
    for claims in (FULL, {}):
        found = review(ruleset(), department({"rate": figure(Decimal("0.99"))}, claims))
        document = json.loads(found.to_json(), parse_float=Decimal)
        assert check(document_of(document), "review") == []


def write(folder, name, facts):
    path = folder / name
    path.write_text(facts.to_json(), encoding="utf-8")
    return str(path)


def test_many_files_are_ranked_worst_first_and_a_broken_one_is_a_row(tmp_path):
    files = [
        write(tmp_path, "clean.json", department({}, FULL)),
        write(tmp_path, "asserted.json", department({"well_run": True}, FULL)),
        write(tmp_path, "over.json", department({}, {**FULL, "total": 100})),
        write(tmp_path, "contradicted.json", department({"rate": figure(Decimal("0.99"))}, FULL)),
        str(tmp_path / "missing.json"),
    ]
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    rows = work_list([*files, str(tmp_path / "broken.json")], lambda facts: ruleset())
    names = [row.file.rpartition("/")[2] for row in rows]
    assert names == ["broken.json", "missing.json", "contradicted.json", "over.json", "asserted.json", "clean.json"]
    assert [row.standing for row in rows] == [None, None, "contradicted", "over-claimed", "unsupported", "consistent"]
    table = list(csv.DictReader(io.StringIO(to_csv(rows, "en"), newline="")))
    assert tuple(table[0]) == COLUMNS and [row["rank"] for row in table] == list("123456")
    assert "JSON" in table[0]["error"] and table[3]["over_claimed"] == "11.26"


def test_a_name_is_no_formula_in_a_spreadsheet(tmp_path):
    facts = department({}, FULL, subject={"name": "=1+1"})
    rows = work_list([write(tmp_path, "a.json", facts)], lambda facts: ruleset())
    assert next(csv.DictReader(io.StringIO(to_csv(rows, "en"), newline="")))["subject"] == "'=1+1"


def test_the_command_reviews_one_or_many(jmrules, tmp_path):
    (tmp_path / "ruleset.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    one = write(tmp_path, "a.json", department({"rate": figure(Decimal("0.99"))}, FULL))
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    option = ("--ruleset", tmp_path / "ruleset.json")
    ran = jmrules("review", one, *option)
    assert ran.code == 0 and "contradict" in ran.out and "99%" in ran.out and "81.23%" in ran.out
    assert jmrules("review", tmp_path / "b.json", *option).code == 2
    ran = jmrules("review", one, tmp_path / "b.json", *option)
    assert ran.code == 0 and "b.json: cannot be reviewed" in ran.out
    rows = json.loads(jmrules("review", one, tmp_path / "b.json", "--json", *option).out)["rows"]
    assert [row["standing"] for row in rows] == [None, "contradicted"] and rows[0]["problems"][0][
        "code"
    ] == "json-syntax"
    assert jmrules("review", one, "--csv", *option).out.startswith("rank,file")

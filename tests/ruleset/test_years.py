"""A notice in force for years: one file, no year in its expressions, every year scored as if it had been written for it."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from jmrules import (
    FactsError,
    RulesetError,
    bounds,
    evaluate,
    feel,
    load_facts,
    load_ruleset,
    ruleset_for_date,
    what_if,
)
from jmrules.cases.report import report_on
from jmrules.cli.main import app
from jmrules.documents import pretty
from jmrules.review.claimed import review
from jmrules.ruleset.load import parse_ruleset
from jmrules.ruleset.remarks import remarks
from jmrules.ruleset.structure import for_year
from jmrules.ruleset.years import offset_before, written
from ruleset.edits import LEAF
from ruleset.test_overlays import BASE, ID, overlay

YEARS = st.integers(1990, 2199)
PLAIN = st.sampled_from(
    [
        "fiscal_year",
        "fiscal_year - 1",
        "h.fiscal_year = fiscal_year",
        '"fiscal_year"',
        "{fiscal_year: 1}",
        "count(history[fiscal_year = 3])",
        "date(fiscal_year, 12, 31)",
        "date(fiscal_year + 1,3,31)",
        "[date(fiscal_year - 2, 1, 1)..date(fiscal_year, 2, 3)]",
        "year(date(fiscal_year, 6, 30)) = fiscal_year",
    ]
)
CONTEXT = {"h": {"fiscal_year": 2024}, "history": [{"fiscal_year": 3}, {"fiscal_year": 4}]}

NOTICE = {
    **{name: part for name, part in BASE.items() if name not in ("fiscal_year", "effective")},
    "fiscal_years": {"from": 2020, "to": None},
    "facts": {**BASE["facts"], "issued": {"type": "date", "label": {"zh": "印发日期"}}},
    "indicators": [
        {
            "id": "dated",
            "points": 10,
            "label": {"zh": "甲"},
            "source": LEAF["source"],
            "method": {
                "kind": "checklist",
                "items": [
                    {
                        "id": "in_time",
                        "points": 10,
                        "label": {"zh": "年内印发"},
                        "when": "issued <= date(fiscal_year, 12, 31)",
                    }
                ],
            },
            "evidence": [{"kind": "rule", "label": {"zh": "制度"}, "dated": "<= date(fiscal_year, 12, 31)"}],
        }
    ],
}
NOTICE.pop("derived")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JMRULES_PATH", str(tmp_path))
    put(tmp_path, NOTICE)
    return tmp_path


def put(folder, document):
    first = document["fiscal_years"]["from"] if "fiscal_years" in document else document["fiscal_year"]
    path = folder / ID / f"{first}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(pretty(document), encoding="utf-8")
    return path


def facts(year, issued):
    head = {"ruleset": ID, "fiscal_year": year, "subject": {"name": "某局"}}
    return load_facts({**head, "facts": {"a": 1, "rows": [], "issued": issued}})


@given(PLAIN, PLAIN, YEARS)
def test_a_year_written_out_means_what_the_name_means(one, other, year):
    for text in (one, f"[{one}, {other}]", f"if {one} = null then {other} else {one}"):
        meant = feel.evaluate(text, {**CONTEXT, "fiscal_year": year})
        assert feel.evaluate(written(text, year), CONTEXT) == meant


@given(PLAIN, PLAIN, YEARS)
def test_places_in_what_is_written_out_are_followed_back(one, other, year):
    text = f"{one} = {other}"
    equals = written(text, year).rindex(" = ") if " = " not in other else None
    if equals is not None and " = " not in one:
        assert offset_before(text, year, equals) == text.rindex(" = ")
    assert [offset_before(text, year, at) for at in range(3)] == sorted(
        offset_before(text, year, at) for at in range(3)
    )


@given(st.integers(2020, 2199), st.dates(datetime.date(2015, 1, 1), datetime.date(2210, 1, 1)))
def test_a_notice_for_years_scores_each_as_a_notice_of_that_year_does(year, issued):
    single = {**{name: part for name, part in NOTICE.items() if name != "fiscal_years"}, "fiscal_year": year}
    given = facts(year, issued.isoformat())
    total = evaluate(load_ruleset(NOTICE), given).total
    assert total == evaluate(load_ruleset(single), given).total == (10 if issued.year <= year else 0)


def test_one_file_is_found_for_every_year_from_its_first(folder):
    for year in (2020, 2022, 2099):
        found = load_ruleset(f"{ID}@{year}")
        assert (found.fiscal_year, found.reference) == (year, f"{ID}@{year}")
        assert found.digest == load_ruleset(f"{ID}@2020").digest
    assert load_ruleset(ID).fiscal_year == 2020
    assert load_ruleset(f"{ID}@2022") != load_ruleset(f"{ID}@2020") == for_year(load_ruleset(f"{ID}@2022"), 2020)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(f"{ID}@2019")
    assert "2020 年起" in caught.value.problems[0].hint.zh and "2020 on" in caught.value.problems[0].hint.en


def test_a_later_file_is_for_the_years_that_it_says_and_an_end_ends(folder):
    put(folder, {**BASE, "fiscal_year": 2022})
    assert load_ruleset(f"{ID}@2022").fiscal_years is None
    assert load_ruleset(f"{ID}@2023").fiscal_years.first == 2020
    put(folder, {**NOTICE, "fiscal_years": {"from": 2020, "to": 2021}})
    assert load_ruleset(f"{ID}@2021").fiscal_year == 2021
    with pytest.raises(RulesetError) as caught:
        load_ruleset(f"{ID}@2023")
    assert "2020—2021、2022" in caught.value.problems[0].hint.zh


def test_a_date_falls_into_its_own_year(folder):
    assert ruleset_for_date(ID, datetime.date(2023, 6, 30)).fiscal_year == 2023
    put(folder, {**NOTICE, "effective": {"from": "2020-03-01"}, "fiscal_years": {"from": 2020, "to": 2021}})
    assert ruleset_for_date(ID, datetime.date(2023, 6, 30)).fiscal_year == 2021


def test_facts_of_a_year_before_the_notice_are_refused(folder):
    with pytest.raises(FactsError) as caught:
        evaluate(load_ruleset(f"{ID}@2020"), facts(2019, "2019-01-01"))
    assert caught.value.problems[0].code == "other-year"


def test_one_notice_has_cases_of_several_years_beside_it_and_mutants_are_noticed_in_their_own(folder):
    cases = folder / ID / "cases" / "2020"
    cases.mkdir(parents=True)
    for year, issued, points in ((2020, "2020-12-31", 10), (2022, "2022-12-31", 10), (2022, "2023-01-01", 0)):
        name = f"of-{issued}"
        given = facts(year, issued)
        (cases / f"{name}.json").write_text(given.source.text, encoding="utf-8")
        expected = {"total": points, "grade": "good" if points else "poor", "indicators": {"dated": points}}
        (cases / f"{name}.expected.json").write_text(json.dumps(expected), encoding="utf-8")
    report = report_on(folder / ID / "2020.json", mutate=True)
    assert not report.failed and report.coverage.reaches(100)
    survived = [mutant.id for mutant in report.mutation.survived]
    assert not [id for id in survived if "fiscal_year" in id or "12" in id], survived


def test_an_overlay_of_such_a_notice_states_its_own_years(folder):
    path = put(folder, overlay(extends=f"{ID}@2024", fiscal_year=2025))
    assert load_ruleset(path).fiscal_years is None
    both = {**overlay(extends=f"{ID}@2024"), "fiscal_years": {"from": 2025, "to": None}}
    with pytest.raises(RulesetError) as caught:
        load_ruleset(both)
    assert "fiscal_year, fiscal_years" in caught.value.problems[0].message.en


def test_a_trace_is_of_the_year_scored(folder):
    trace = evaluate(load_ruleset(f"{ID}@2020"), facts(2022, "2023-01-01")).trace
    assert trace.ruleset.fiscal_year == 2022


def test_rulesets_and_schema_tell_the_years(folder):
    told = json.loads(CliRunner().invoke(app, ["rulesets", "--json"]).stdout)
    (ours,) = [one for one in told if one["id"] == ID]
    assert ours["fiscal_years"] == {"from": 2020, "to": None} and "until" not in ours["effective"]
    schema = json.loads(CliRunner().invoke(app, ["schema", f"{ID}@2022"]).stdout)
    assert schema["properties"]["fiscal_year"] == {"type": "integer", "minimum": 2020}


def test_the_name_is_kept_for_the_year():
    for wrong in (
        {"facts": {**NOTICE["facts"], "fiscal_year": {"type": "number", "label": {"zh": "年"}}}},
        {
            "facts": {
                **NOTICE["facts"],
                "years": {
                    "type": "list",
                    "label": {"zh": "年"},
                    "item": {"fiscal_year": {"type": "number", "label": {"zh": "年"}}},
                },
            }
        },
    ):
        with pytest.raises(RulesetError) as caught:
            load_ruleset({**NOTICE, **wrong})
        assert caught.value.problems[0].code == "reserved-word"


def test_a_wrong_expression_is_pointed_out_where_it_stands():
    text = pretty(
        {**NOTICE, "derived": {"d": {"value": "fiscal_year + fiscal_year + nonsense", "label": {"zh": "丁"}}}}
    )
    with pytest.raises(RulesetError) as caught:
        parse_ruleset(text)
    (problem,) = caught.value.problems
    line = text.splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith("nonsense")


def test_years_that_next_years_ruleset_would_take_over_are_pointed_out(tmp_path):
    document = json.loads(json.dumps(NOTICE))
    item = document["indicators"][0]["method"]["items"][0]
    item["when"] = 'issued <= date("2020-12-31")'
    item["label"] = {"zh": "2020 年内印发", "en": "issued"}
    document["indicators"][0]["source"]["ground"] = {"zh": "2020 年的通知"}
    document["facts"]["a"]["in"] = "<= 2020"
    item_pointer = "/indicators/0/method/items/0"
    found = remarks(load_ruleset(document))
    assert {remark.place.pointer for remark in found if remark.code != "not-a-hundred"} == {
        f"{item_pointer}/when",
        f"{item_pointer}/label/zh",
    }
    path = put(tmp_path, document)
    result = CliRunner().invoke(app, ["validate", str(path), "--lang", "en"])
    assert result.exit_code == 0 and result.stderr.count("2020") >= 2 and "fiscal_year" in result.stderr


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parents[2].glob("rulesets/*/*/*.json")), ids=lambda path: path.parent.name
)
def test_no_shipped_ruleset_holds_a_year(path):
    assert remarks(load_ruleset(path)) == ()


def test_whatever_is_asked_of_a_notice_for_years_is_asked_of_the_year_of_the_facts():
    """Bounds, review and what-if of facts of 2022 do not take the rule issued in 2022 for one issued too late."""
    notice, given = load_ruleset(NOTICE), facts(2022, "2022-06-30")
    found = bounds(notice, given)
    assert (found.low, found.high) == (10, 10) and found.ruleset.fiscal_year == 2022
    reviewed = review(notice, given)
    assert reviewed.ruleset.fiscal_year == 2022 and reviewed.total.earned == (10, 10)
    assert what_if(notice, given, {"issued": "2023-01-01"}).after.total == 0

"""Charts: what they declare is what the score says; drawn offline, alike each time, with Chinese that is there."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from jmrules.facts import load_facts
from jmrules.monitor import MonitorSession
from jmrules.report import (
    award_rates,
    claimed_against_supported,
    department_charts,
    distribution,
    png,
    scored,
    svg,
    timeline,
    told,
    where_points_went,
    year_over_year,
)
from jmrules.report.charts import thresholds
from jmrules.ruleset import load_ruleset

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"


@pytest.fixture(scope="module")
def ruleset():
    return load_ruleset("jiangmen/department-overall@2024")


@pytest.fixture(scope="module")
def real(ruleset):
    return told(scored(ruleset, load_facts(CASES / "jiangmen-gov-services.json")))


@pytest.fixture(scope="module")
def full(ruleset):
    return told(scored(ruleset, load_facts(CASES / "yunxi-water.json")))


def summed(chart, part):
    return sum(Decimal(str(row["points"])) for row in chart.spec["data"]["values"] if row["part"] == part)


def test_where_points_went_accounts_for_every_point(full, real):
    chart = where_points_went(full, "zh")
    total = full.scored.evaluation.total
    assert summed(chart, "得分") == total and summed(chart, "扣分") == 100 - total and not summed(chart, "未定")
    chart = where_points_went(real, "zh")
    assert sum(summed(chart, part) for part in ("得分", "未定", "扣分")) == 100


def test_what_is_claimed_stands_beside_what_is_supported(real):
    chart = claimed_against_supported(real, "en")
    ticks = chart.spec["layer"][2]["data"]["values"]
    claims = real.scored.facts.claims.indicators
    assert {row["low"] for row in ticks} <= {float(value) for value in claims.values()}
    # what is claimed in parts is drawn in parts, so that nothing is drawn twice
    assert sum(Decimal(str(row["low"])) for row in ticks) == real.claimed


def test_rates_lie_between_nothing_and_everything(real, full):
    for each in (real, full):
        for row in award_rates(each, "zh").spec["data"]["values"]:
            assert 0 <= row["low"] <= row["high"] <= 1


def test_years_are_those_that_the_facts_state(real, full):
    chart = year_over_year(real, "zh")
    assert {row["year"] for row in chart.spec["data"]["values"]} == {"2023", "2024"}
    assert "88.85" in chart.said
    assert year_over_year(full, "zh") is None


def test_thresholds_of_grades_stand_in_the_distribution(ruleset):
    assert [least for _, least in thresholds(ruleset)][:3] == [90, 80, 60]
    chart = distribution([("甲", Decimal(90), Decimal(95), Decimal(99))], thresholds(ruleset), "zh")
    assert "甲" in chart.said and b"<" not in png(chart)[:4]
    assert svg(distribution([], [], "zh")).startswith("<svg ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_are_drawn_alike_each_time_and_their_text_is_text(real, language):
    for chart in department_charts(real, language):
        drawn = svg(chart)
        assert drawn == svg(chart) and drawn.startswith('<svg role="img" aria-label="')
        assert "<script" not in drawn and "http://www.w3.org" in drawn and "https://" not in drawn
        assert 'fill="currentColor"' in drawn
        picture = png(chart)
        assert picture == png(chart) and picture.startswith(b"\x89PNG")
    label = real.leaves[4].label.say(language)
    assert label in svg(where_points_went(real, language))


def test_chinese_is_drawn_with_a_font_that_has_it(real):
    """Two labels of as many characters look different: a font without them would draw the same boxes."""
    chart = where_points_went(real, "zh")

    def named(label):
        values = [{"at": f"0000|{label}", "part": "得分", "order": 0, "points": 1}]
        return png(type(chart)(chart.id, chart.title, chart.said, {**chart.spec, "data": {"values": values}}))

    assert named("预算") != named("绩效") != named("龘靐")


def test_a_label_is_never_markup(full):
    chart = where_points_went(full, "zh")
    hostile = json.loads(json.dumps(chart.spec).replace("0000|", "0000|<script>&\\u202e"))
    drawn = svg(type(chart)(chart.id, '"><script>', "<b>", hostile))
    assert "<script" not in drawn and "<b>" not in drawn and "\u202e" not in drawn


def test_monitoring_is_drawn_by_quarter(tmp_path):
    log = tmp_path / "log.jsonl"
    with MonitorSession.start(log, "jiangmen/department-overall@2024", {"a": "甲局", "b": "乙局"}) as session:
        chart = timeline(session, "zh")
        assert chart.spec["data"]["values"] == [] and svg(chart).startswith("<svg")

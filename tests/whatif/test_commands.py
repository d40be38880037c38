"""The commands what-if, sensitivity and reach, as a reader sees them."""

import pytest

from jmrules.documents import parse
from whatif.test_what_if import CASES

WATER = CASES / "yunxi-water.json"


def test_what_if_shows_what_changes(jmrules):
    ran = jmrules("what-if", WATER, "--set", "added_mid_year=3", "--set", "outputs[1].actual=1")
    assert ran.code == 0 and ran.err == ""
    assert "mid-year additions 3,720 CNY 10k → 3 CNY 10k" in ran.out
    assert "total 82.88 → 80.13 (-2.75)" in ran.out


def test_what_if_without_changes(jmrules):
    ran = jmrules("what-if", WATER)
    assert ran.code == 0 and "no indicator's award changes" in ran.out


def test_what_if_as_json(jmrules):
    ran = jmrules("what-if", WATER, "--set", "added_mid_year=3", "--json")
    found = parse(ran.out).value
    assert found["after"]["total"] - found["before"]["total"] == found["change"] == 1
    assert found["changes"][0] | {"label": None} == {
        "fact": "added_mid_year", "label": None, "before": 3720, "after": 3, "unit": "CNY_10k",
    }  # fmt: skip


def test_what_if_takes_plain_text_for_strings_and_dates(jmrules):
    ran = jmrules(
        "what-if", WATER, "--set", "cost_rules[1].area=project", "--set", 'disclosures[1].published="2024-02-21"'
    )
    assert ran.code == 0 and "finance → project" in ran.out and "→ 2024-02-21" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("what-if", WATER, "--set", "added_mid_year"), ["gives no value"]),
        (
            ("what-if", WATER, "--set", "added_mid_yer=1", "--set", "x[0]=1"),
            ["added_mid_year", "items count from 1", "2 problems"],
        ),
        (("what-if", WATER, "--set", "added_mid_year={"), ["--set added_mid_year"]),
        (("what-if", WATER, "--set", "added_mid_year=-1"), ["outside what is allowed"]),
        (("sensitivity", WATER, "nothing"), ["declares no 'nothing'"]),
        (("reach", WATER), ["there is no goal"]),
        (("reach", WATER, "--total", "many"), ["no number of points"]),
        (("reach", WATER, "--total", "1e9999999"), ["no number of points"]),
        (("reach", WATER, "--grade", "A"), ["no grade 'A'"]),
        (("reach", WATER, "--total", "90", "--hold", "outputs.x"), ["declares no 'x'"]),
    ],
)
def test_bad_input_is_told(jmrules, arguments, words):
    ran = jmrules(*arguments)
    assert ran.code == 2 and ran.out == "" and "Traceback" not in ran.err
    assert all(word in ran.err for word in words)


def test_sensitivity_shows_thresholds(jmrules):
    ran = jmrules("sensitivity", WATER, "added_mid_year", "cost_review_held", "internal_transfers")
    assert ran.code == 0
    assert "at 3,720.000001 CNY 10k: -0.50; at 1,860 CNY 10k: +1.00" in " ".join(ran.out.split())
    assert "if no: -2.00" in ran.out


def test_sensitivity_as_json(jmrules):
    found = parse(jmrules("sensitivity", WATER, "added_mid_year", "--json").out).value
    [fact] = found["facts"]
    assert (fact["fact"], fact["now"], fact["step"]) == ("added_mid_year", 3720, 1)
    assert fact["next_down"]["certain"] and fact["next_down"]["effect"]["value"] == 1860


def test_reach_shows_ways_and_says_what_is_proved(jmrules):
    ran = jmrules("reach", WATER, "--total", "83", "--hold", "outputs.target", "--hold", "benefits.target")
    assert ran.code == 0
    assert "it is proved that none is smaller" in ran.out and "now 82.88" in ran.out


def test_reach_says_why_not(jmrules):
    ran = jmrules(
        "reach",
        WATER,
        "--total",
        "100",
        "--hold",
        "budget_initial",
        "--hold",
        "added_mid_year",
        "--hold",
        "added_by_policy",
    )
    assert ran.code == 0
    assert "the total is at most 99.00" in " ".join(ran.out.split())
    assert "at most 1.00 of 2.00" in ran.out


def test_reach_as_json(jmrules):
    found = parse(jmrules("reach", WATER, "--total", "83", "--json", "--alternatives", "2").out).value
    assert (found["outcome"], found["smallest"], len(found["ways"])) == ("reached", True, 2)
    assert all(way["after"]["total"] >= 83 for way in found["ways"])

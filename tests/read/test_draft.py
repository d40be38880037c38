"""Draft facts from a report: what it says with its place, what it does not say unknown, and a review that reaches the hand-made case's."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from reports import HERE, as_text, as_word, told

from jmrules.documents import pretty
from jmrules.facts import load_facts, parse_facts
from jmrules.read import draft, read_paper
from jmrules.review import review

CASE = "rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def drafted(notice, tmp_path_factory):
    path = as_word(told(HERE / "government-services.txt"), tmp_path_factory.mktemp("read") / "report.docx")
    return draft(read_paper(path), notice, path=path)


@pytest.fixture(scope="module")
def facts(drafted):
    return parse_facts(pretty(drafted.document))


def test_the_draft_is_facts_that_every_command_takes(notice, facts):
    assert review(notice, facts).total.claimed == 100


def test_the_review_of_the_draft_reaches_what_the_hand_made_case_does(notice, facts):
    ours, made = review(notice, facts), review(notice, load_facts(ROOT / CASE))
    assert (ours.total.earned, ours.supported(ours.total)) == (made.total.earned, made.supported(made.total))

    def standing(found):
        return sorted(
            (matter.status, matter.kind, matter.difference) for matter in found.matters if matter.status != "agrees"
        )

    assert standing(ours) == standing(made)
    assert [(node.id, node.claimed, node.earned, node.standing) for node in ours.indicators] == [
        (node.id, node.claimed, node.earned, node.standing) for node in made.indicators
    ]


#: facts of the case that the draft gives otherwise, each judged
JUDGED = {
    "projects": "the report says of two that they are special funds managed here; of the others it says nothing, which the draft marks as unclear",
    "adjustments": "the case also says why, and to whom: the draft gives what moves points",
    "breakdowns": "named by the report's own words, which are a little longer than the case's",
    "counts": "named by the report's own words",
    "cost_rules": "the case names each rule as the report does and lists one more; the draft names those that the notice asks for",
    "performance_rules": "the second rule's contents are not said: unknown in the draft, read as none in the case",
}


def test_what_the_draft_gives_otherwise_than_the_case_is_judged(drafted):
    made = json.loads((ROOT / CASE).read_text("utf-8"))["facts"]
    differing = {}
    for id, given in made.items():
        ours, theirs = _plain(drafted.document["facts"].get(id)), _plain(given)
        if ours != theirs:
            differing[id] = (ours, theirs)
    assert set(differing) == set(JUDGED)


def _plain(given):
    """What a fact comes to, without how it is known and in what words."""
    if isinstance(given, dict):
        if given.get("unknown"):
            return "unknown"
        for name in ("value", "between", "length"):
            if name in given:
                found = given[name]
                if name == "value" and isinstance(found, int | float | Decimal) and given.get("unit") == "%":
                    return ("%", float(found))
                return [float(each) for each in found] if name == "between" else _plain(found)
    if isinstance(given, list):
        return [{name: _plain(part) for name, part in item.items()} for item in given]
    return given if isinstance(given, bool | str) or given is None else float(given)


def test_what_a_report_does_not_say_is_unknown(notice, tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("某局报告。\n\n2024 年市财政批复我局预算 100 万元。\n", "utf-8")
    found = draft(read_paper(path), notice, path=path)
    assert found.document["facts"]["budget_initial"]["value"] == 100
    assert found.document["facts"]["outturn"] == {"unknown": True}
    assert "outputs" in found.unknown


def test_two_readings_of_one_fact_are_both_shown_and_nothing_is_sure(notice, tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("2024 年市财政批复我局预算 100 万元。\n\n2024 年批复我局预算 110 万元。\n", "utf-8")
    given = draft(read_paper(path), notice, path=path).document["facts"]["budget_initial"]
    assert [statement["value"] for statement in given["statements"]] == [100, 110]
    assert given["sure"] == "unclear"


def test_the_same_report_in_another_file_gives_the_same_facts(notice, drafted, tmp_path):
    path = as_text(told(HERE / "government-services.txt"), tmp_path / "report.txt")
    assert draft(read_paper(path), notice).document["facts"] == drafted.document["facts"]

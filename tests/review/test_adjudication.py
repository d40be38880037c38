"""Adjudication: no change changes nothing, effects add up, and what does not fit is told at its place."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from jmrules import DocumentError, EvaluationError, evaluate, load_facts, load_ruleset
from jmrules.documents import document_of
from jmrules.review.adjudicate import adjudicate
from jmrules.review.adjudicated import table
from jmrules.review.adjudication import AdjudicationError, load_adjudication
from review.common import department, ruleset
from score.bounds.opened import opened_cases
from strategies import cases

WHO = {"by": "某处", "date": "2025-06-10", "why": "核查", "evidence": [{"note": "记录"}]}


def file(*changes, **more):
    head = {"ruleset": "test/review", "fiscal_year": 2024, "subject": {"name": "某局"}}
    return load_adjudication({**head, "changes": [{**WHO, **change} for change in changes], **more})


def facts_of(case):
    head = {"ruleset": case.ruleset["id"], "fiscal_year": case.ruleset["fiscal_year"], "subject": {"name": "某局"}}
    return load_facts({**head, "facts": case.facts})


def review_of(case, *changes):
    head = {"ruleset": case.ruleset["id"], "fiscal_year": case.ruleset["fiscal_year"], "subject": {"name": "某局"}}
    return load_adjudication({**head, "changes": [{**WHO, **change} for change in changes]})


@settings(max_examples=40)
@given(cases(), st.data())
def test_no_change_changes_nothing_nor_does_setting_what_was_computed(case, data):
    rules, facts = load_ruleset(case.ruleset), facts_of(case)
    try:
        computed = evaluate(rules, facts)
    except EvaluationError:
        with pytest.raises(EvaluationError):
            adjudicate(rules, facts, review_of(case))
        return
    found = adjudicate(rules, facts, review_of(case))
    assert found.reviewed.evaluation.trace == computed.trace
    leaf = data.draw(st.sampled_from(computed.trace.leaves))
    same = adjudicate(rules, facts, review_of(case, {"indicator": leaf.id, "awarded": leaf.awarded}))
    assert dict(same.reviewed.awards) == dict(found.reviewed.awards)
    assert (same.reviewed.total, same.reviewed.grade) == (computed.total, computed.grade)
    assert [decided.effect for decided in same.decisions] == [0]


@settings(max_examples=40)
@given(cases(), st.data())
def test_a_set_award_stands_and_effects_add_up(case, data):
    rules, facts = load_ruleset(case.ruleset), facts_of(case)
    try:
        computed = evaluate(rules, facts)
    except EvaluationError:
        reject()
    quantum = Decimal(1).scaleb(-rules.rounding.leaf)
    chosen = data.draw(st.lists(st.sampled_from(computed.trace.leaves), unique_by=lambda leaf: leaf.id, min_size=1))
    changes = [
        {"indicator": leaf.id, "awarded": data.draw(st.integers(0, int(leaf.points / quantum))) * quantum}
        for leaf in chosen
    ]
    try:
        found = adjudicate(rules, facts, review_of(case, *changes))
    except EvaluationError:
        reject()  # an indicator that reads the set score has no value then
    for change in changes:
        assert found.reviewed.awards[change["indicator"]] == change["awarded"]
    assert computed.total + sum(decided.effect for decided in found.decisions) == found.reviewed.total


def test_facts_and_awards_are_changed_and_both_shown():
    facts = department(claims={"total": 100, "grade": "优", "indicators": {"execution": 60, "management": 40}},
                       history=[{"fiscal_year": 2023, "total": Decimal("70.5"), "grade": "优"}])  # fmt: skip
    review = file(
        {"fact": "spent", "value": 5000000, "unit": "元", "stage": "department"},
        {"indicator": "management", "awarded": Decimal("12.5")},
        stages=[
            {"stage": "self_evaluation", "by": "局长", "date": "2025-03-01", "total": 100, "grade": "优"},
            {"stage": "department", "by": "主管", "date": "2025-06-12", "total": 70},
        ],
    )
    found = adjudicate(ruleset(), facts, review)
    # 500 of 1000 is half of 60; then 12.5 of 40
    assert (found.computed.total, found.reviewed.total, found.reviewed.grade.id) == (
        Decimal("88.74"),
        Decimal("42.5"),
        "poor",
    )
    first, second = found.decisions
    assert (first.before["value"], first.after, first.effect) == (Decimal("812.34"), 5000000, Decimal("-18.74"))
    assert (second.before, second.after, second.effect) == (40, Decimal("12.5"), Decimal("-27.5"))
    assert (first.signed, second.signed) == (True, False)
    assert [(s.stage, s.total, s.signed is not None) for s in found.stages] == [
        ("self_evaluation", 100, True), ("department", 70, True), ("finance", Decimal("42.5"), False),
    ]  # fmt: skip
    assert {row[0]: row[3:] for row in table(found)}["execution"] == (60, (Decimal("48.74"),) * 2, (30, 30))
    given = found.reviewed_facts["spent"]
    assert given.basis == "verified" and given.evidence[0].note == "记录"
    assert found.last_year["total"] == Decimal("70.5")
    document = document_of(json.loads(found.to_json(), parse_float=Decimal)).value
    assert document["deviations"] == {
        "from_claimed": Decimal("-57.5"),
        "from_computed": Decimal("-46.24"),
        "from_last_year": -28,
    }
    assert document["trace"]["total"] == 70


def test_a_field_of_an_item_is_changed_and_the_rest_left():
    found = adjudicate(ruleset(), department(), file({"fact": "rows", "at": "/1/spent", "value": Decimal("150.00")}))
    rows = found.reviewed_facts["rows"].value
    assert (rows[0]["spent"].value, rows[1]["spent"].value, rows[1]["name"].value) == (250, 150, "乙")
    assert found.decisions[0].effect == 0


def test_review_can_supply_what_was_not_known():
    facts = department({"spent": {"unknown": True}})
    found = adjudicate(ruleset(), facts, file({"fact": "spent", "value": 1000}))
    assert found.computed.total is None and found.reviewed.total == 100
    (decision,) = found.decisions
    assert (decision.effect, decision.totals) == (None, ((40, 100), (100, 100)))
    assert decision.ranges == {"execution": ((0, 60), (60, 60))}


# ---- facts that are not known


def given_facts(case, facts):
    return facts_of(replace(case, facts=facts))


@settings(max_examples=40)
@given(opened_cases(), st.data())
def test_whatever_the_unknown_facts_are_the_review_of_them_lies_within_that_of_what_is_known(case, data):
    rules = load_ruleset(case.ruleset)
    quantum = Decimal(1).scaleb(-rules.rounding.leaf)
    try:
        leaves = evaluate(rules, given_facts(case, case.completions[0])).trace.leaves
    except EvaluationError:
        reject()
    chosen = data.draw(st.lists(st.sampled_from(leaves), unique_by=lambda leaf: leaf.id, max_size=3))
    changes = [
        {"indicator": leaf.id, "awarded": data.draw(st.integers(0, int(leaf.points / quantum))) * quantum}
        for leaf in chosen
    ]
    found = adjudicate(rules, given_facts(case, case.facts), review_of(case, *changes)).reviewed
    for facts in case.completions:
        try:
            due = adjudicate(rules, given_facts(case, facts), review_of(case, *changes)).reviewed
        except (EvaluationError, AdjudicationError):
            continue  # there is no score, or the award is more than the points there
        assert all(found.ranges[id][0] <= points <= found.ranges[id][1] for id, points in due.awards.items())
        assert found.between[0] <= due.total <= found.between[1] and due.grade in found.grades
        assert found.total in (None, due.total)


REAL = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
OPEN = {
    "benefit_completion": 15, "fund_completion": 10, "fund_expenditure": 10, "budget_rationality": 8, "target_rationality": 5,
    "indicator_clarity": 5, "performance_system": 5, "performance_disclosure": 1,
}  # fmt: skip


def real(*changes, facts=None, **more):
    head = {
        "ruleset": "jiangmen/department-overall",
        "fiscal_year": 2024,
        "subject": {"name": "江门市政务服务和数据管理局"},
    }
    review = load_adjudication({**head, "changes": [{**WHO, **change} for change in changes], **more})
    return adjudicate(load_ruleset("jiangmen/department-overall@2024"), load_facts(facts or REAL), review)


def test_the_real_department_is_reviewed_though_its_report_leaves_much_open():
    found = real({"indicator": "output_completion", "awarded": 12})
    assert found.computed.between == (Decimal("38.96"), 100) and found.computed.total is None
    assert found.reviewed.between == (Decimal("50.96"), 97) and found.reviewed.ranges["output_completion"] == (12, 12)
    assert [grade.label.zh for grade in found.reviewed.grades] == ["优", "良", "中", "差"]
    (decision,) = found.decisions
    assert decision.before == {"low": 0, "high": 15} and decision.ranges == {"output_completion": ((0, 15), (12, 12))}
    document = json.loads(found.to_json(), parse_float=Decimal)
    assert document["reviewed"]["total"] is None and document["reviewed"]["open"]["low"] == Decimal("50.96")
    assert document["changes"][0]["totals"] == {
        "from": {"low": Decimal("38.96"), "high": 100}, "to": {"low": Decimal("50.96"), "high": 97},
    }  # fmt: skip
    assert document["trace"]["total"] is None and document["trace"]["bounds"]["high"] == 100


def test_where_reviewers_have_decided_all_that_was_open_the_total_is_exact():
    changes = [{"indicator": id, "awarded": points} for id, points in OPEN.items()]
    found = real({"indicator": "output_completion", "awarded": 12}, *changes)
    assert (found.reviewed.total, found.reviewed.grade.label.zh, found.reviewed.open) == (97, "优", ())
    all_but_one = real({"indicator": "output_completion", "awarded": 12}, *changes[1:])
    assert all_but_one.reviewed.between == (82, 97)
    assert [label.zh for label in all_but_one.reviewed.open] == ["部门整体绩效目标效益指标完成情况"]


def test_an_award_stands_where_it_is_open_whether_points_of_others_go_to_its_indicator():
    facts = json.loads(REAL.read_text("utf-8"), parse_float=Decimal)
    for project in facts["facts"]["projects"]["value"]:
        project["special_fund"] = {"unknown": True}
    ranges = real({"indicator": "output_completion", "awarded": 12}, facts=facts).reviewed.ranges
    assert ranges["output_completion"] == (12, 12) and ranges["benefit_completion"][1] > 15
    # Of 15 points, or of more: more than 15 stands only where there are more.
    more = real({"indicator": "output_completion", "awarded": 18}, facts=facts).reviewed
    assert more.ranges["output_completion"] == (15, 18) and more.total is None
    with pytest.raises(AdjudicationError) as raised:
        real({"indicator": "output_completion", "awarded": 40}, facts=facts)
    assert [problem.code for problem in raised.value.problems] == ["more-than-points"]


@pytest.mark.parametrize("stated", [{}, {"total": 80}])
def test_a_total_that_is_open_is_not_signed(stated):
    with pytest.raises(AdjudicationError) as raised:
        real({"indicator": "output_completion", "awarded": 12},
             stages=[{"stage": "finance", "by": "某", "date": "2025-06-11", **stated}])  # fmt: skip
    (problem,) = raised.value.problems
    assert problem.code == "not-settled" and problem.place.pointer == "/stages/0"
    assert "50.96–97.00" in problem.message.zh and "绩效指标明确性" in problem.message.zh


BAD = {
    "another department": (file(subject={"name": "他局"}), "other-facts", "/subject/name"),
    "other facts": (file(facts={"digest": "0" * 64}), "facts-changed", "/facts/digest"),
    "no fact": (file({"fact": "spend", "value": 1}), "no-such-fact", "/changes/0/fact"),
    "no indicator": (file({"indicator": "exekution", "awarded": 1}), "no-such-indicator", "/changes/0/indicator"),
    "a group": (file({"indicator": "money", "awarded": 1}), "not-a-leaf", "/changes/0/indicator"),
    "too much": (file({"indicator": "management", "awarded": 41}), "more-than-points", "/changes/0/awarded"),
    "too fine": (file({"indicator": "management", "awarded": Decimal("1.001")}), "too-many-decimals", "/changes/0/awarded"),
    "wrong type": (file({"fact": "spent", "value": "many"}), "wrong-fact-type", "/changes/0/value"),
    "no item": (file({"fact": "rows", "at": "/7/spent", "value": 1}), "no-such-item", "/changes/0/at"),
    "no document": (
        file({"fact": "spent", "value": 1, "evidence": [{"document": "x"}]}), "no-such-document", "/changes/0/evidence/0/document",
    ),
    "twice": (file({"fact": "spent", "value": 1}, {"fact": "spent", "value": 2}), "changed-twice", "/changes/1"),
    "signed too early": (
        file({"fact": "spent", "value": 1}, stages=[{"stage": "finance", "by": "某", "date": "2025-06-01"}]),
        "after-sign-off", "/changes/0/date",
    ),
    "signed another total": (
        file(stages=[{"stage": "final", "by": "某", "date": "2025-06-01", "total": 99}]), "signed-otherwise", "/stages/0/total",
    ),
    "stages in disorder": (
        file(stages=[{"stage": "final", "by": "某", "date": "2025-06-01"}, {"stage": "reply", "by": "某", "date": "2025-06-01"}]),
        "out-of-order", "/stages/1/stage",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_fit_is_told_at_its_place(name):
    review, code, pointer = BAD[name]
    with pytest.raises(AdjudicationError) as caught:
        adjudicate(ruleset(), department(), review)
    assert [(problem.code, problem.place.pointer) for problem in caught.value.problems] == [(code, pointer)]
    assert all(problem.message.en and problem.hint for problem in caught.value.problems)


def test_a_file_that_is_no_adjudication_is_refused(tmp_path):
    path = tmp_path / "review.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DocumentError):
        load_adjudication(path)
    with pytest.raises(AdjudicationError) as caught:
        file({"fact": "spent", "value": 1, "why": ""}, {"indicator": "management"})
    assert {problem.place.pointer for problem in caught.value.problems} == {"/changes/0/why", "/changes/1"}


def test_the_command_shows_both_and_refuses_bad_files(jmrules, tmp_path):
    root = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024/yunxi-weather.json"
    head = {"ruleset": "jiangmen/department-overall", "fiscal_year": 2024, "subject": {"name": "云溪市气象服务中心"}}
    path = tmp_path / "review.json"
    path.write_text(
        document_of({**head, "changes": [{**WHO, "indicator": "performance_system", "awarded": 1}]}).text, "utf-8"
    )
    ran = jmrules("adjudicate", root, path)
    assert ran.code == 0 and "→ 1" in ran.out and "某处" in ran.out
    path.write_text(document_of({**head, "changes": [{**WHO, "indicator": "performance", "awarded": 1}]}).text, "utf-8")
    ran = jmrules("adjudicate", root, path)
    assert ran.code == 2 and "no-such" not in ran.out and "did you mean" in ran.err

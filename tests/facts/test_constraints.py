"""Facts held against the relations between them: refused with their place, asked about, or left open where they are unknown."""

import json
from decimal import Decimal as D
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jmrules import EvaluationError, FactsError, bounds, evaluate, load_facts, load_ruleset
from jmrules.cli.main import app
from ruleset.test_constraints import constraint, document

CASES = Path("rulesets/jiangmen/department-overall/cases/2024")
WHOLE = {"part": 1, "whole": 2, "rows": []}


def refused(ruleset, facts):
    with pytest.raises(FactsError) as caught:
        evaluate(ruleset, facts)
    return caught.value.problems


def case(name="yunxi-water", year=2024, **changed):
    found = json.loads((CASES.parent / str(year) / f"{name}.json").read_text(encoding="utf-8"))
    found["facts"] |= changed
    return load_facts(found)


def test_facts_that_contradict_each_other_are_refused_with_what_they_say():
    (problem,) = refused(load_ruleset(document(related=constraint())), {**WHOLE, "part": 3})
    assert (problem.code, problem.place.pointer) == ("broken-constraint", "/part")
    assert problem.message.zh == "不符合“部分不超过整体”：现填部分 3、整体 2"
    assert "check these facts" in problem.hint.say("en")


def test_every_broken_relation_and_every_other_problem_is_told_at_once():
    ruleset = load_ruleset(
        document(related=constraint(), listed=constraint("count(rows) > 0"), other=constraint("part != 3"))
    )
    found = refused(ruleset, {"part": 3, "whole": "x", "rows": []})
    # What is wrong in itself is not also held against the others.
    assert [problem.code for problem in found] == ["wrong-fact-type", "broken-constraint", "broken-constraint"]


def test_an_item_is_named_by_its_place():
    each = {"as": "r", "of": "rows", "by": "name"}
    ruleset = load_ruleset(document(related=constraint("r.n <= whole", each=each)))
    rows = [{"name": "甲", "n": 1}, {"name": "乙", "n": 3}]
    (problem,) = refused(ruleset, {**WHOLE, "rows": rows})
    assert problem.place.pointer == "/rows/1/n"
    assert problem.message.zh == "第 2 项“乙”不符合“部分不超过整体”：现填数 3、整体 2"


@pytest.mark.parametrize(
    ("holds", "said"),
    [
        ("sum(rows.n) = 90", "现填各项数：甲 50、乙 30，合计 80"),
        ('sum(rows[name = "甲"].n) = 40', "现填各项数：甲 50，合计 50"),
        ("count(rows) > 2", "现填各行 2 项"),
    ],
)
def test_rows_that_do_not_add_up_are_named(holds, said):
    """The points that a project gives its own rows, which must come to what the table states."""
    ruleset = load_ruleset(document(related=constraint(holds)))
    rows = [{"name": "甲", "n": 50}, {"name": "乙", "n": 30}]
    (problem,) = refused(ruleset, {**WHOLE, "rows": rows})
    assert problem.place.pointer == "/rows"
    assert problem.message.zh.endswith(said)


def test_what_cannot_be_decided_is_refused_and_a_guard_decides_first():
    facts = {**WHOLE, "rows": [{"name": "甲", "n": 1}]}
    each = {"as": "r", "of": "rows"}
    (problem,) = refused(load_ruleset(document(related=constraint("r.flag", each=each))), facts)
    assert problem.code == "undecided-constraint"
    evaluate(load_ruleset(document(related=constraint("r.flag", each=each, when="r.flag != null"))), facts)


def test_a_question_is_a_finding_and_costs_nothing():
    ruleset = load_ruleset(document(related=constraint(otherwise="question")))
    found = evaluate(ruleset, {**WHOLE, "part": 3})
    (finding,) = found.findings
    assert (found.total, finding.rule, finding.message.zh) == (3, "related", "数据不符合“部分不超过整体”，请说明")
    assert [figure.name for figure in finding.grounds[0].figures] == ["part", "whole"]
    assert "related" in found.to_json()
    assert not evaluate(ruleset, WHOLE).findings


# Facts that are not known


def test_an_open_relation_narrows_what_is_unknown():
    ruleset = load_ruleset(document(related=constraint()))
    found = bounds(ruleset, {**WHOLE, "part": {"between": [0, 10]}})
    assert (found.low, found.high) == (0, 2)


def test_a_relation_that_no_unknown_value_meets_is_refused():
    ruleset = load_ruleset(document(related=constraint()))
    with pytest.raises(FactsError) as caught:
        bounds(ruleset, {**WHOLE, "part": {"between": [3, 10]}})
    assert [(problem.code, problem.place.pointer) for problem in caught.value.problems] == [
        ("broken-constraint", "/part")
    ]


# The shipped notices


@pytest.mark.parametrize("year", [2023, 2024, 2025])
@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"added_by_policy": 9999}, "/facts/added_by_policy"),
        ({"rectifications_required": 1, "rectifications_on_time": 2}, "/facts/rectifications_on_time"),
        ({"disclosures": [{"kind": "budget", "content_gaps": 0, "proper_place": True}]}, "/facts/disclosures"),
    ],
)
def test_jiangmen_refuses_figures_that_cannot_be(year, changed, pointer):
    ruleset = load_ruleset(f"jiangmen/department-overall@{year}")
    (problem,) = refused(ruleset, case(year=year, **changed))
    assert (problem.code, problem.place.pointer) == ("broken-constraint", pointer)


def test_a_project_says_whether_it_is_a_special_fund():
    """Left out, it would move 20 points."""
    ruleset = load_ruleset("jiangmen/department-overall@2024")
    project = {"name": "甲", "budget_initial": 100, "outturn": 32}
    (problem,) = refused(ruleset, case("yunxi-archives", projects=[project]))
    assert problem.code == "unknown-value"
    unknown = bounds(ruleset, case("yunxi-archives", projects=[project]))
    for fund in (True, False):
        known = evaluate(ruleset, case("yunxi-archives", projects=[{**project, "special_fund": fund}]))
        assert unknown.low <= known.total <= unknown.high


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_an_undated_rule_is_not_shown_to_have_been_in_force(year):
    ruleset = load_ruleset(f"jiangmen/department-overall@{year}")
    rules = json.loads((CASES / "yunxi-water.json").read_text(encoding="utf-8"))["facts"]["performance_rules"]
    rule = {**(rules["value"] if isinstance(rules, dict) else rules)[0]}
    del rule["issued"]
    facts = case(year=year, performance_rules=[rule])
    (problem,) = refused(ruleset, facts)
    assert (problem.code, problem.place.pointer) == ("unknown-value", "/facts/performance_rules/0")
    node = next(node for _, node in bounds(ruleset, facts).root.walk() if node.id == "performance_system")
    assert node.high - node.low == D(1)


# The commands


def test_show_lists_relations_and_validate_tells_of_broken_ones(tmp_path):
    run = CliRunner().invoke
    assert "预算公开、决算公开都有填写" in run(app, ["show", "jiangmen/department-overall@2024", "--lang", "zh"]).output
    broken = CASES / "yunxi-contradictions.json"
    result = run(app, ["validate", str(broken), "--lang", "zh"])
    assert result.exit_code == 2
    assert "政策性追加不超过年中追加" in result.output


def test_no_score_is_an_error_of_the_facts_not_of_the_evaluation():
    with pytest.raises(FactsError) as caught:
        evaluate(load_ruleset("jiangmen/department-overall@2024"), case("yunxi-contradictions"))
    assert not isinstance(caught.value, EvaluationError)
    assert len(caught.value.problems) == 5

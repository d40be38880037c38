"""What a new ruleset does to departments: every point of the change accounted for, exactly."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from compare.variants import fewer, pairs
from jmrules import FactsError, impact, load_facts, load_ruleset
from jmrules.cli.main import app
from jmrules.compare.document import impact_json
from jmrules.compare.fit import fit, newly_needed
from jmrules.documents import parse
from jmrules.evaluation import evaluate
from strategies import cases, facts_documents

CASES = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall/cases/2024"
OLD, NEW = "jiangmen/department-overall@2024", "jiangmen/department-overall@2025"


@given(pairs())
def test_attributions_add_up_to_the_change_exactly(pair):
    before, after, facts = pair
    found = impact(before, after, [facts, facts])
    for department in found.departments:
        assert department.scored or department.problems
        if not department.scored:
            continue
        assert (
            sum((one.change for one in department.attributions), Decimal(0))
            + department.total_rounding
            + department.limits
            == department.change
        )
        for one in department.attributions:
            assert sum(one.parts.values(), Fraction(0)) == one.change
    whole = sum((one.change for one in found.by_indicator()), Decimal(0))
    rounding = sum((department.total_rounding for department in found.scored), Decimal(0))
    assert whole + rounding == sum((department.change for department in found.scored), Decimal(0))
    assert [sum(counts.values()) for counts in found.distribution()] == [len(found.scored)] * 2
    assert len(parse("".join(impact_json(found, found.departments))).value["departments"]) == 2


@fewer
@given(st.data())
def test_the_same_ruleset_changes_nothing(data):
    case = data.draw(cases())
    ruleset = load_ruleset(case.ruleset)
    found = impact(ruleset, ruleset, [load_facts(data.draw(facts_documents(case)))])
    for department in found.scored:
        assert department.change == 0
        assert department.attributions == ()
    assert found.newly_needed == found.no_longer_used == ()


def small(**changes):
    document = {
        "id": "somewhere/x",
        "fiscal_year": 2024,
        "revision": "1.0.0",
        "status": "draft",
        "title": {"zh": "小"},
        "notice": {"issuer": {"zh": "某"}},
        "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "all", "label": {"zh": "都"}, "in": ">= 0"}],
        "facts": {
            "money": {"type": "number", "unit": "CNY_10k", "label": {"zh": "钱"}},
            "rows": {
                "type": "list",
                "label": {"zh": "表"},
                "item": {"n": {"type": "number", "unit": "CNY_10k", "label": {"zh": "数"}}},
            },
        },
        "indicators": [
            {
                "id": "x",
                "points": 10,
                "label": {"zh": "项"},
                "method": {"kind": "ratio", "value": "money / 200"},
                "source": {"status": "stated", "clause": "一"},
            }
        ],
    }
    return {**document, **changes}


def department(**facts):
    return load_facts({"ruleset": "somewhere/x", "fiscal_year": 2024, "subject": {"name": "某"}, "facts": facts})


def scored(after, facts, **more):
    (found,) = impact(load_ruleset(small()), load_ruleset(after), [facts], **more).departments
    return found


def test_weight_and_criterion_are_told_apart_by_an_even_split():
    after = small()
    after["indicators"] = [
        {**after["indicators"][0], "points": 20, "method": {"kind": "ratio", "value": "money / 100"}}
    ]
    (one,) = scored(after, department(money=50, rows=[])).attributions
    # Shares 1/4 and 1/2 on 10 and 20 points: (1/2 - 1/4) x 15, and 3/8 x 10.
    assert one.parts == {"criterion": Fraction(15, 4), "points": Fraction(15, 4)}
    assert one.change == Decimal("7.5")


def test_a_figure_keeps_its_unit_where_the_new_ruleset_counts_in_another():
    after = small()
    after["facts"] = json.loads(json.dumps(after["facts"]).replace("CNY_10k", "CNY"))
    after["indicators"] = [
        {**after["indicators"][0], "method": {"kind": "ratio", "value": "(money + sum(rows.n)) / 3000000"}}
    ]
    found = scored(after, department(money=50, rows=[{"n": {"value": 100, "basis": "figure"}}, {"n": 0}]))
    assert (found.before.total, found.after.total) == (Decimal("2.50"), Decimal("5.00"))


def test_what_is_newly_needed_is_told_and_can_be_assumed():
    after = small()
    after["facts"] = {
        "money": after["facts"]["money"],
        "more": {"type": "number", "label": {"zh": "另"}},
        "rows": {**after["facts"]["rows"], "item": {"m": {"type": "number", "label": {"zh": "另数"}}}},
    }
    after["indicators"] = [{**after["indicators"][0], "method": {"kind": "ratio", "value": "more / 10"}}]
    given_facts = department(money=50, rows=[{"n": 1}, {"n": 2}])
    assert scored(after, given_facts).needed == (("more",), ("rows", "m"))
    assert tuple(newly_needed(load_ruleset(small()).facts, load_ruleset(after).facts)) == (("more",), ("rows", "m"))
    empty = department(money=50, rows=[])
    assert scored(after, empty).needed == (("more",),)
    assert scored(after, empty, assumed={"more": 5}).after.total == 5


def test_a_veto_is_a_line_of_its_own():
    source = {"status": "stated", "clause": "二"}
    after = small(
        signals={"little": {"when": "money < 60", "label": {"zh": "少"}}},
        rules=[
            {
                "id": "vetoed",
                "label": {"zh": "否决"},
                "when": {"all": ["little"]},
                "then": {"severity": "grave", "message": {"zh": "少"}, "veto": True},
                "source": source,
            }
        ],
    )
    found = scored(after, department(money=50, rows=[]))
    assert (found.before.total, found.after.total, found.limits) == (Decimal("2.50"), 0, Decimal("-2.50"))
    assert found.attributions == () and found.total_rounding == 0


def test_claims_about_indicators_that_are_gone_do_no_harm():
    document = json.loads(department(money=50, rows=[]).to_json())
    after = small()
    after["indicators"] = [{**after["indicators"][0], "id": "y"}]
    found = scored(after, load_facts({**document, "claims": {"total": 9, "indicators": {"x": 9}}}))
    assert found.change == 0
    assert {one.id: one.change for one in found.attributions} == {"x": Decimal("-2.50"), "y": Decimal("2.50")}


def test_an_assumed_list_that_does_not_fit_is_told(tmp_path):
    after = small()
    after["facts"]["more"] = {
        "type": "list",
        "label": {"zh": "另表"},
        "item": {"n": {"type": "number", "label": {"zh": "数"}}},
    }
    found = scored(after, department(money=50, rows=[]), assumed={"more": [{"n": "many"}]})
    assert found.problems and not found.scored


def test_what_the_new_ruleset_does_not_know_is_left_out():
    after = small()
    after["facts"] = {"money": after["facts"]["money"]}
    found = impact(load_ruleset(small()), load_ruleset(after), [department(money=50, rows=[{"n": 1}])])
    assert found.no_longer_used == ("rows",)
    assert found.departments[0].change == 0


def test_a_department_that_cannot_be_scored_has_its_problems_with_it():
    found = scored(small(), department(money="many"))
    assert not found.scored
    assert {problem.code for problem in found.problems} and found.before is None


def test_fitted_facts_score_as_given_ones():
    ruleset = load_ruleset(OLD)
    for path in sorted(CASES.glob("yunxi-*.json"))[:6]:
        if not path.name.endswith(".expected.json"):
            facts = load_facts(path)
            fitted = fit(facts.given, ruleset.facts, ruleset.facts)
            assert evaluate(ruleset, fitted.facts).total == evaluate(ruleset, facts).total


def run(*arguments):
    result = CliRunner().invoke(app, ["impact", *map(str, arguments)])
    return result.stdout if result.exception is None else result.exception


def test_the_command_takes_files_and_folders():
    told = run(OLD, OLD, CASES, "--lang", "en")
    assert "all departments" in told
    one = json.loads(run(OLD, OLD, CASES / "yunxi-weather.json", "--json"))
    assert [each["change"] for each in one["departments"]] == [0]
    one = CASES / "yunxi-weather.json"
    everyone = json.loads(
        run(OLD, NEW, one, "--json", "--assume", "procurement_budget=1", "--assume", "procurement_actual=1")
    )
    assert set(everyone["newly_needed"]) == {"procurement_budget", "procurement_actual"}
    assert everyone["totals"]["scored"] == 1


def test_what_nobody_gives_is_told_once_with_what_to_do():
    invented = sorted(
        file for file in CASES.glob("yunxi-*.json")
        if not file.name.endswith((".expected.json", "-contradictions.json"))
    )  # fmt: skip
    error = run(OLD, NEW, *invented)
    (problem,) = error.problems
    for name in ("procurement_budget", "procurement_actual"):
        for language in ("zh", "en"):
            assert f"({name})" in problem.message.say(language)
            assert f"--assume {name}=" in problem.hint.say(language)
    document = CliRunner().invoke(app, ["impact", OLD, NEW, *map(str, invented), "--json"])
    assert (
        json.loads(document.stdout)["not_scored"]["after"] == json.loads(document.stdout)["totals"]["departments"] > 5
    )
    assert isinstance(document.exception, FactsError)


@pytest.mark.parametrize(
    ("arguments", "code"), [([CASES.parent / "2023"], "no-facts"), ([CASES, "--assume", "nonsense=1"], "unknown-fact")]
)
def test_what_cannot_be_taken_is_one_clear_error(arguments, code):
    error = run(OLD, OLD, *arguments)
    assert isinstance(error, FactsError) and error.problems[0].code == code

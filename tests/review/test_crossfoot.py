"""Cross-footing: planted errors are found, consistent figures never contradict, and what the real report contains."""

import json
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import RulesetError, load_facts, load_ruleset
from jmrules.crossfoot import check_results, cross_foot
from review.common import DOCUMENT, department, figure, ruleset, text

ROOT = Path(__file__).parents[2] / "rulesets/jiangmen/department-overall"


def statuses(facts, of=None):
    return check_results(of or ruleset(), facts)


def contradictions(facts):
    return {id for id, status in statuses(facts).items() if status == "contradicts"}


def test_a_clean_department_raises_nothing():
    found = statuses(
        department(claims={"total": 89, "grade": "优", "indicators": {"money": 49, "execution": 49, "management": 40}})
    )
    assert contradictions(department()) == set()
    assert found["parts"] == found["breakdowns.0.sum"] == found["counts.0.sum"] == found["claims.sum.total"] == "agrees"
    assert found["breakdowns.0.shares"] == "within-rounding"
    assert found["listed_projects"] == "remainder"


def with_parts(*parts, total=600, exhaustive=True):
    rows = [
        {
            "label": str(n),
            "amount": figure(Decimal(amount)),
            **({"share": figure(Decimal(share), unit="%")} if share else {}),
        }
        for n, (amount, share) in enumerate(parts)
    ]
    return [{"label": "按类别", "total": figure(total), "exhaustive": exhaustive, "parts": rows}]


PLANTED = {
    # a department whose budget does not add up, named for the wrong year, with a part's share misprinted
    "forestry": (
        {
            "basic": figure(Decimal("400.50")),
            "budget": figure(
                Decimal("1000.00"),
                statements=[
                    {"value": Decimal("1000.00"), "year": 2024, "section": "一"},
                    {"value": Decimal("1000.00"), "year": 2025, "section": "三"},
                ],
            ),
            "breakdowns": with_parts(("123.45", "20.68"), ("476.55", "79.43")),
        },
        {},
        {"parts", "budget.years", "breakdowns.0.share.0", "breakdowns.0.shares"},
    ),
    # one that spends more than it has, in total and on a project, and says another rate
    "harbour": (
        {
            "spent": figure(Decimal("1000.02")),
            "rate": figure(Decimal("0.9")),
            "rows": [{"name": "码头", "budget": figure(Decimal("10.00")), "spent": figure(Decimal("10.02"))}],
        },
        {},
        {"within", "each_within", "rate_as_stated"},
    ),
    # one that states a figure twice, counts wrong, lists more than there is, and claims what does not add up
    "library": (
        {
            "spent": figure(Decimal("812.34"), statements=[{"value": Decimal("812.43"), "year": 2023, "section": "四"}]),
            "counts": [{"total": figure(14), "parts": [{"amount": figure(6)}, {"amount": figure(9)}]}],
            "breakdowns": with_parts(("300.00", None), ("300.10", None), exhaustive=False),
        },
        {"total": 99, "grade": "差", "indicators": {"money": 61, "execution": 60, "management": 40}},
        {
            "spent.statements", "spent.years", "counts.0.sum", "breakdowns.0.sum",
            "claims.sum.money", "claims.sum.total", "claims.points.money", "claims.grade",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_every_planted_error_is_found_and_nothing_else(name):
    facts, claims, expected = PLANTED[name]
    assert contradictions(department(facts, claims)) == expected


def test_the_real_report_contains_what_was_worked_out_by_hand():
    facts = load_facts(ROOT / "cases/2024/jiangmen-gov-services.json")
    results = cross_foot(load_ruleset(ROOT / "2024.json"), facts)
    by_id = {result.id: result for result in results}
    assert {result.id for result in results if result.status == "contradicts"} == {
        "basic_within_budget",  # 2733.36 of 2496.45, with 4.90 added at most
        "other_projects_within_budget",  # 8707.29 - 8519.58 = 187.71 of 19076.70 - 18895.52 = 181.18, with 4.90 added
        "breakdowns.0.share.0",  # 24040.26 / 29540 is 81.382 %, not 81.39 %
        "breakdowns.1.share.4",  # 4974.89 / 29540 is 16.841 %, not 16.86 %
        "breakdowns.1.share.5",  # 11261.32 / 29540 is 38.122 %, not 38.11 %
        "budget_initial.years",
        "budget_basic.years",
        "budget_project.years",  # the budget "of 2025"
    }
    assert {(r.id, r.difference) for r in results if r.status == "within-rounding"} == {
        ("outturn_parts", Decimal("-0.01"))
    }
    assert {(r.id, r.difference) for r in results if r.status == "remainder"} == {
        ("projects_budget", Decimal("181.18")),
        ("projects_outturn", Decimal("187.71")),
    }
    # What is to be left out has no amount, and nobody accepted it: neither rate nor balances can be held against anything.
    assert {by_id[id].status for id in ("execution_rate", "large_balances_as_stated")} == {"not-checked"}
    assert by_id["budget_initial.years"].stated.sections == ("二（二）2",)
    assert by_id["breakdowns.1.share.4"].stated.sections == ("二（二）3",)


CENTS = st.integers(1, 10**8).map(lambda n: Decimal(n) / 1000)


def printed(value, places):
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@st.composite
def tables(draw):
    """A table that adds up before it is printed, and how it is printed."""
    amounts = draw(st.lists(CENTS, min_size=1, max_size=8))
    places = draw(st.integers(0, 2))
    return amounts, printed(sum(amounts), places), [printed(amount, places) for amount in amounts]


@given(tables(), st.integers(0, 2))
def test_a_consistent_table_never_contradicts_however_it_is_rounded(table, share_places):
    amounts, total, parts = table
    if total <= 0:
        return
    shares = [printed(amount / sum(amounts) * 100, share_places) for amount in amounts]
    rows = [(str(amount), str(share)) for amount, share in zip(parts, shares, strict=True)]
    assert contradictions(department({"breakdowns": with_parts(*rows, total=total)})) == set()


@given(tables(), st.data())
def test_an_error_beyond_what_rounding_allows_is_found(table, data):
    _, total, parts = table
    places = -total.as_tuple().exponent
    least = Decimal(len(parts) + 2).scaleb(-places)
    error = least + data.draw(st.integers(0, 10**6)) * Decimal(1).scaleb(-places)
    wrong = data.draw(st.integers(0, len(parts) - 1))
    parts[wrong] += error
    rows = [(str(part), None) for part in parts]
    for exhaustive in (True, False):
        found = contradictions(department({"breakdowns": with_parts(*rows, total=total, exhaustive=exhaustive)}))
        assert found == {"breakdowns.0.sum"}


@given(CENTS, CENTS, st.integers(0, 2))
def test_figures_of_a_check_are_as_far_off_as_their_digits(basic, project, places):
    facts = {
        "basic": figure(printed(basic, places)),
        "project": figure(printed(project, places)),
        "budget": figure(printed(basic + project, places)),
        "spent": figure(0), "rate": None, "rows": [],
    }  # fmt: skip
    if facts["budget"]["value"] > 0:
        assert statuses(department(facts))["parts"] in ("agrees", "within-rounding")
        facts["budget"]["value"] += 2 * Decimal(1).scaleb(-places)
        assert statuses(department(facts))["parts"] in ("contradicts", "within-rounding")
        facts["budget"]["value"] += Decimal(1).scaleb(-places)
        assert statuses(department(facts))["parts"] == "contradicts"


def test_trailing_zeros_and_the_finest_digits_of_a_table_count():
    # 580 beside two decimals is 580.00; 599 is not within rounding of 600.
    assert contradictions(department({"breakdowns": with_parts(("20.01", None), ("580", None))})) == set()
    assert contradictions(department({"breakdowns": with_parts(("20.02", None), ("580", None))})) == {
        "breakdowns.0.sum"
    }
    assert contradictions(department({"breakdowns": with_parts(("20", None), ("581", None))})) == set()
    assert contradictions(department({"breakdowns": with_parts(("20.00", None), ("581.00", None))})) == {
        "breakdowns.0.sum"
    }


def test_units_are_converted_before_figures_are_compared():
    facts = {
        "budget": figure(
            Decimal("1000.00"),
            statements=[
                {"value": Decimal("0.1000"), "unit": "亿元", "section": "一"},
                {"value": 10000000, "unit": "元", "section": "二"},
                {"value": Decimal("0.1"), "unit": "亿元", "section": "三"},
            ],
        )
    }
    assert statuses(department(facts))["budget.statements"] == "agrees"
    facts["budget"]["statements"][1]["value"] = 10000100
    assert statuses(department(facts))["budget.statements"] == "contradicts"


def test_bounds_take_part_and_what_is_unknown_is_not_checked():
    found = statuses(department({"rate": {"between": [Decimal("0.98"), 1], "basis": "assertion"}}))
    assert found["rate_as_stated"] == "contradicts"
    found = statuses(department({"rate": {"between": [Decimal("0.8"), 1], "basis": "assertion"}}))
    assert found["rate_as_stated"] == "agrees"
    assert statuses(department({"rate": {"unknown": True}}))["rate_as_stated"] == "not-checked"
    assert statuses(department({"rate": None}))["rate_as_stated"] == "not-checked"
    # A list of which only the length is known has nothing to check.
    found = statuses(department({"rows": {"length": 3}}))
    assert found["listed_projects"] == "not-checked" and "each_within" not in found


def broken(**members):
    document = deepcopy(DOCUMENT)
    document["checks"]["wrong"] = {"label": text("错"), **members}
    with pytest.raises(RulesetError) as caught:
        load_ruleset(document)
    return {(problem.code, problem.place.pointer) for problem in caught.value.problems}


def test_bad_checks_are_told_at_their_place():
    at = "/checks/wrong"
    assert broken(kind="sum", total="budget") == {("schema-required", at)}
    assert broken(kind="sum", total="budget", parts=["basic"], whole="project") == {("unknown-member", f"{at}/whole")}
    assert ("check-reads-scores", f"{at}/stated") in broken(kind="equal", stated="scores.money.rate", figures="budget")
    assert {code for code, _ in broken(kind="at_most", part="bugdet", whole="budget")} == {"feel-unknown-name"}
    assert broken(kind="year", facts=["bugdet"]) == {("unknown-fact", f"{at}/facts/0")}
    assert broken(kind="equal", stated="well_run", figures="budget") == {("wrong-type", f"{at}/stated")}
    each = {"as": "row", "of": "budget"}
    assert ("no-such-list", f"{at}/each/of") in broken(kind="at_most", each=each, part="row.spent", whole="budget")


def test_an_overlay_can_change_checks(tmp_path, monkeypatch):
    (tmp_path / "test/review").mkdir(parents=True)
    (tmp_path / "test/review/2024.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    overlay = {name: DOCUMENT[name] for name in ("id", "revision", "status", "title", "notice")}
    overlay |= {
        "fiscal_year": 2025,
        "extends": "test/review@2024",
        "changes": [
            {"op": "remove", "check": "within"},
            {"op": "set", "check": "parts", "value": {"exhaustive": False}},
            {
                "op": "add",
                "check": "new",
                "value": {"kind": "equal", "stated": "basic", "figures": "basic", "label": text("新")},
            },
        ],
    }
    monkeypatch.setenv("JMRULES_PATH", str(tmp_path))
    found = {check.id: check for check in load_ruleset(overlay).checks}
    assert "within" not in found and found["parts"].exhaustive is False and found["new"].kind == "equal"

"""Cross-footing: planted errors are found, and consistent figures never contradict."""

import json
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jmrules import RulesetError, load_ruleset
from jmrules.crossfoot import cross_foot
from jmrules.crossfoot.results import STATUSES
from review.common import DOCUMENT, department, figure, ruleset, text


def statuses(facts, of=None):
    found = {}
    for matter in cross_foot(of or ruleset(), facts):
        # Of a check over a list, its worst item.
        if matter.id not in found or STATUSES.index(matter.status) > STATUSES.index(found[matter.id]):
            found[matter.id] = matter.status
    return found


def contradictions(facts):
    return {id for id, status in statuses(facts).items() if status == "contradicts"}


def amiss(facts):
    """Every matter that is more than rounding or a remainder, with its status."""
    mild = ("agrees", "rounding", "remainder")
    return {id: status for id, status in statuses(facts).items() if status not in mild}


def test_a_clean_department_raises_nothing():
    found = statuses(
        department(claims={"total": 89, "grade": "优", "indicators": {"money": 49, "execution": 49, "management": 40}})
    )
    assert contradictions(department()) == set()
    assert found["parts"] == found["breakdowns.0.sum"] == found["counts.0.sum"] == found["claims.sum.total"] == "agrees"
    assert found["breakdowns.0.shares"] == "rounding"
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
        {"parts": "contradicts", "budget.years": "misprint", "breakdowns.0.share.0": "misprint"},
    ),
    # one that spends more than it has, in total and on a project, and says another rate
    "harbour": (
        {
            "spent": figure(Decimal("1000.02")),
            "rate": figure(Decimal("0.9")),
            "rows": [{"name": "码头", "budget": figure(Decimal("10.00")), "spent": figure(Decimal("10.02"))}],
        },
        {},
        {"within": "contradicts", "each_within": "contradicts", "rate_as_stated": "contradicts"},
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
            # the other figure is another year's
            "spent.statements": "question",
            "counts.0.sum": "contradicts", "breakdowns.0.sum": "contradicts",
            "claims.sum.money": "contradicts", "claims.sum.total": "contradicts",
            "claims.points.money": "contradicts", "claims.grade": "contradicts",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_every_planted_error_is_found_and_nothing_else(name):
    facts, claims, expected = PLANTED[name]
    assert amiss(department(facts, claims)) == expected


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
        assert statuses(department(facts))["parts"] in ("agrees", "rounding")
        facts["budget"]["value"] += 2 * Decimal(1).scaleb(-places)
        assert statuses(department(facts))["parts"] in ("contradicts", "rounding")
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


def test_bounds_take_part_and_what_is_unknown_cannot_be_computed():
    found = statuses(department({"rate": {"between": [Decimal("0.98"), 1], "basis": "assertion"}}))
    assert found["rate_as_stated"] == "contradicts"
    found = statuses(department({"rate": {"between": [Decimal("0.8"), 1], "basis": "assertion"}}))
    assert found["rate_as_stated"] == "agrees"
    # Where nothing is stated there is nothing to hold against figures.
    assert "rate_as_stated" not in statuses(department({"rate": None}))
    # One that is withheld is asked for.
    assert statuses(department({"rate": {"unknown": True}}))["rate_as_stated"] == "cannot-be-computed"
    # Of a list of which only the length is known, no item can be looked at.
    found = statuses(department({"rows": {"length": 3}}))
    assert found["listed_projects"] == "cannot-be-computed" and "each_within" not in found


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
    assert broken(kind="equal", stated="budget", figures=" budget") == {("held-against-itself", f"{at}/figures")}
    assert broken(kind="sum", total="budget", parts=["budget"]) == {("held-against-itself", f"{at}/parts/0")}
    assert broken(kind="excess", stated="basic", items=[{"label": text("超"), "part": "spent", "whole": "spent"}]) == {
        ("held-against-itself", f"{at}/items/0/whole")
    }
    excess = {"kind": "excess", "stated": "basic", "items": [{"label": text("超"), "part": "spent", "whole": "budget"}]}
    assert broken(**excess, instead="rows") == {("unknown-fact", f"{at}/instead")}
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
                "value": {"kind": "equal", "stated": "basic", "figures": "budget - project", "label": text("新")},
            },
        ],
    }
    monkeypatch.setenv("JMRULES_PATH", str(tmp_path))
    found = {check.id: check for check in load_ruleset(overlay).checks}
    assert "within" not in found and found["parts"].exhaustive is False and found["new"].kind == "equal"

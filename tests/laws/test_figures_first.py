"""Figures beat declarations: what a department states of a value that its figures give moves no point.

Where figures leave the value open, the statement narrows the interval, within what the figures leave, and only where statements count.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jmrules import JmrulesError, RulesetError, bounds, evaluate, load_facts, load_ruleset

ROOT = Path(__file__).parents[2] / "rulesets"
REAL = ROOT / "jiangmen/department-overall/cases/2024/jiangmen-gov-services.json"
REFERENCES = [f"{file.parent.relative_to(ROOT).as_posix()}@{file.stem}" for file in sorted(ROOT.glob("*/*/????.json"))]


def words(text):
    return {"zh": text}


def number(**members):
    return {"type": "number", "in": ">= 0", "label": words("数"), **members}


LEAVES = {
    "ratio": {"kind": "ratio", "value": "rate"},
    "bands": {
        "kind": "bands",
        "value": "rate",
        "bands": [{"in": ">= 1", "share": 1}, {"in": "[0.5..1)", "share": 0.4}, {"in": "< 0.5", "share": 0}],
    },
    "steps": {"kind": "steps", "value": "rate", "bound": 0.9, "direction": "below", "step": 0.1, "loss": 2, "partial": "proportional"},
    "formula": {"kind": "formula", "points": "10 * rate * rate"},
}  # fmt: skip


def notice(kind):
    """A ruleset whose rate is computed from figures, and declared by the department."""
    return load_ruleset(
        {
            "id": "somewhere/rates", "fiscal_year": 2024, "revision": "1.0.0", "status": "official",
            "title": words("比率"), "notice": {"issuer": words("某局")}, "rounding": {"leaf": 2, "total": 2},
            "grades": [{"id": "any", "label": words("任"), "in": ">= 0"}],
            "facts": {
                "budget": number(**{"in": "> 0"}), "spent": number(), "cut": number(absent="unknown"), "declared_rate": number(optional=True),
            },
            "derived": {
                "rate": {"value": "if budget - cut <= spent then 1 else spent / (budget - cut)", "declared": "declared_rate", "label": words("支出率")},
            },
            "indicators": [
                {"id": "execution", "points": 10, "label": words("支出率"), "method": LEAVES[kind], "source": {"status": "stated", "clause": "一"}},
            ],
        }
    )  # fmt: skip


NOTICES = {kind: notice(kind) for kind in LEAVES}
AMOUNTS = st.integers(0, 2000).map(lambda n: Decimal(n) / 4)
RATES = st.one_of(st.none(), st.integers(0, 150).map(lambda n: Decimal(n) / 100))


@given(st.sampled_from(sorted(LEAVES)), AMOUNTS.map(lambda n: n + 1), AMOUNTS, AMOUNTS, RATES)
def test_a_declaration_moves_no_point_that_figures_give(kind, budget, spent, cut, declared):
    facts = {"budget": budget, "spent": spent, "cut": cut}
    plain = evaluate(NOTICES[kind], facts)
    stated = facts if declared is None else {**facts, "declared_rate": declared}
    assert evaluate(NOTICES[kind], stated).total == plain.total
    found = bounds(NOTICES[kind], stated)
    assert found.low == found.high == plain.total


@settings(deadline=None)
@given(st.sampled_from(sorted(LEAVES)), AMOUNTS.map(lambda n: n + 1), AMOUNTS, RATES, st.lists(AMOUNTS, max_size=6))
def test_where_an_amount_is_missing_the_declaration_narrows_what_figures_leave(kind, budget, spent, declared, cuts):
    ruleset = NOTICES[kind]
    shown = {"basis": "figure", "evidence": [{"document": "accounts", "section": "表一"}]}
    figures = {"budget": {"value": budget, **shown}, "spent": {"value": spent, **shown}}
    open_ = bounds(ruleset, file(figures))
    stated = file(figures if declared is None else {**figures, "declared_rate": declared})
    said = bounds(ruleset, stated)
    # On its own figures it earns what it earns without the statement; on the statement no more, and no less, than figures leave.
    assert (bounds(ruleset, stated, "figure").low, bounds(ruleset, stated, "figure").high) == (open_.low, open_.high)
    assert open_.low <= said.low <= said.high <= open_.high
    for cut in cuts:
        total, rate = evaluate(ruleset, {"budget": budget, "spent": spent, "cut": cut}).total, of(budget, spent, cut)
        assert open_.low <= total <= open_.high
        if declared is None or rate == declared:
            assert said.low <= total <= said.high


def file(facts):
    """Facts beside the document that they rest on."""
    return load_facts(
        {
            "ruleset": "somewhere/rates", "fiscal_year": 2024, "subject": {"name": "某局"},
            "documents": {"accounts": {"title": "决算报表"}}, "facts": facts,
        }
    )  # fmt: skip


def of(budget, spent, cut):
    return Decimal(1) if budget - cut <= spent else spent / (budget - cut)


def test_what_is_declared_must_not_be_read_where_it_would_stand_in_for_figures():
    document = json.loads(NOTICES["ratio"].to_json())
    document["indicators"][0]["method"]["value"] = "if declared_rate != null then declared_rate else rate"
    with pytest.raises(RulesetError) as raised:
        load_ruleset(document)
    assert [(problem.code, problem.place.pointer) for problem in raised.value.problems] == [
        ("declared-read", "/indicators/0/method/value")
    ]
    document = json.loads(NOTICES["ratio"].to_json())
    document["derived"]["rate"]["declared"] = "spent"
    with pytest.raises(RulesetError) as raised:
        load_ruleset(document)
    assert "declared-no-fact" in [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize("reference", REFERENCES)
def test_no_declaration_moves_a_point_of_a_shipped_case(reference):
    ruleset = load_ruleset(reference)
    declared = {derived.declared for derived in ruleset.derived if derived.declared}
    folder = ROOT / reference.partition("@")[0] / "cases" / reference.partition("@")[2]
    for file in sorted(folder.glob("*.json")):
        if not declared or file.name.endswith(".expected.json") or file == REAL:
            continue
        document = json.loads(file.read_text("utf-8"), parse_float=Decimal)
        try:
            before = evaluate(ruleset, load_facts(document))
        except JmrulesError:
            continue
        for value in (None, 0, 1, 3):
            for name in declared:
                document["facts"].pop(name, None)
                if value is not None:
                    document["facts"][name] = value
            after = evaluate(ruleset, load_facts(document))
            assert after.outcome.awards == before.outcome.awards, (file.name, value)


def fund(declared=1, **adjustments):
    """The real report's first fund alone: 4616.26 of 14400 spent; these of its adjustments accepted, with these amounts."""
    document = json.loads(REAL.read_text("utf-8"), parse_float=Decimal)
    facts = document["facts"]
    first, *_, award = facts["projects"]["value"]
    award["special_fund"]["value"] = False
    facts["adjustments"]["value"] = [
        {
            "kind": kind,
            "project": first["name"]["value"],
            "accepted": True,
            **({} if amount is None else {"amount": amount}),
        }
        for kind, amount in adjustments.items()
    ]
    if declared is not None:
        facts["fund_execution_rate_adjusted"] = {"value": declared, "basis": "assertion"}
    return load_facts(document)


RULESET = load_ruleset("jiangmen/department-overall@2024")


@pytest.mark.parametrize(
    ("adjustments", "points"),
    [
        ({}, "3.21"),  # 4616.26 / 14400 is 32.06 %
        ({"cut": 1}, "3.21"),  # an accepted cut of 1 is a cut of 1, whatever rate is declared
        ({"cut": 1000}, "3.44"),  # 4616.26 / 13400 is 34.4497 %: rounded once, not first to 34.45 %
        ({"cut": 1000, "transfer_out": 500}, "3.58"),  # 4616.26 / 12900
        ({"cut": 1000, "addition": 400}, "3.35"),  # 4616.26 / 13800
        ({"cut": 20000}, "10"),  # no more can be left out than was not spent
    ],
)
def test_amounts_decide_what_a_fund_earns(adjustments, points):
    found = bounds(RULESET, fund(**adjustments))["fund_expenditure"]
    assert (found.low, found.high) == (Decimal(points), Decimal(points))


def test_an_accepted_cut_without_an_amount_leaves_what_the_figures_leave():
    found = bounds(RULESET, fund(declared=None, cut=None))["fund_expenditure"]
    assert (found.low, found.high) == (Decimal("3.21"), 10)
    for declared, ends in ((1, (10, 10)), (Decimal("0.5"), (5, 5)), (Decimal("0.1"), (Decimal("3.21"), 10))):
        # Of what figures rule out, a declaration proves nothing.
        said = bounds(RULESET, fund(declared=declared, cut=None))["fund_expenditure"]
        assert (said.low, said.high) == ends
        unproven = bounds(RULESET, fund(declared=declared, cut=None), "figure")["fund_expenditure"]
        assert (unproven.low, unproven.high) != ends or ends == (Decimal("3.21"), 10)

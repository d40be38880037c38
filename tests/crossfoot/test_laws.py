"""Laws of cross-footing over drawn departments: what agrees is never doubted, one slip is one matter, nothing is told twice."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from jmrules import load_ruleset
from jmrules.crossfoot import cross_foot
from jmrules.facts import load_facts
from review.common import DOCUMENT, department, figure, ruleset, text

CENTS = st.integers(1, 10**7).map(lambda n: (Decimal(n) / 100).quantize(Decimal("0.01")))
CENT = Decimal("0.01")


def matters(facts):
    return {matter.id: matter for matter in cross_foot(ruleset(), facts)}


def of(found, prefix):
    return {id: matter.status for id, matter in found.items() if id.startswith(prefix)}


def percent(value):
    return (value * 100).quantize(CENT, ROUND_HALF_UP)


def table(amounts, shares=None, total=None, label="按类别", exhaustive=True):
    rows = [
        {"label": str(n), "amount": figure(amount), **({"share": figure(shares[n], unit="%")} if shares else {})}
        for n, amount in enumerate(amounts)
    ]
    total = sum(amounts) if total is None else total
    return {"label": label, "total": figure(total), "exhaustive": exhaustive, "parts": figure(rows)}


@given(st.lists(CENTS, min_size=2, max_size=8))
def test_a_difference_put_on_the_largest_share_is_rounding(amounts):
    shares = [percent(amount / sum(amounts)) for amount in amounts]
    left = 100 - sum(shares)
    shares[amounts.index(max(amounts))] += left
    found = of(matters(department({"breakdowns": [table(amounts, shares)]})), "breakdowns.")
    assert set(found.values()) <= {"agrees", "rounding"}
    assert sum(status == "rounding" for status in found.values()) == bool(left)


@given(st.lists(CENTS.map(lambda amount: amount + 1000), min_size=2, max_size=8), st.data())
def test_a_share_that_is_off_is_one_slip(amounts, data):
    shares = [percent(amount / sum(amounts)) for amount in amounts]
    index = data.draw(st.integers(0, len(amounts) - 1))
    by = data.draw(st.integers(-500, 500).filter(bool)) * CENT
    # What a difference put on the largest share would be, is no slip.
    assume(by != 100 - sum(shares) and shares[index] + by >= 0)
    shares[index] += by
    found = of(matters(department({"breakdowns": [table(amounts, shares)]})), "breakdowns.")
    slips = [id for id, status in found.items() if status not in ("agrees", "rounding")]
    # Of amounts so large, their own digits leave next to nothing open: a share off by one digit may lie there.
    assert slips == [f"breakdowns.0.share.{index}"] or abs(by) == CENT
    assert all(found[id] == "misprint" for id in slips)


@given(st.lists(CENTS, min_size=1, max_size=6), CENTS, st.data())
def test_a_list_told_again_as_a_breakdown_adds_no_matter(amounts, unlisted, data):
    unlisted += 1  # more than printed digits leave open
    total = sum(amounts) + unlisted
    rows = figure([{"name": str(n), "budget": figure(a), "spent": figure(0)} for n, a in enumerate(amounts)])
    facts = {"project": figure(total), "basic": figure(0), "budget": figure(total), "spent": figure(0), "rate": None}
    facts |= {"rows": rows, "counts": None}
    alone = matters(department({**facts, "breakdowns": None}))
    twice = matters(department({**facts, "breakdowns": [table(amounts, total=total, exhaustive=False)]}))
    assert alone["listed_projects"].status == "remainder" and alone["listed_projects"].difference == unlisted
    assert {id: m.status for id, m in alone.items()} == {id: m.status for id, m in twice.items()}
    index = data.draw(st.integers(0, len(amounts) - 1))
    slipped = [amount + (n == index) for n, amount in enumerate(amounts)]
    assume(len(amounts) > 1 and total >= sum(slipped))
    found = matters(department({**facts, "breakdowns": [table(slipped, total=total, exhaustive=False)]}))
    assert [m.item for m in found.values() if m.status == "contradicts"] == [str(index)]
    assert [id for id, m in found.items() if m.status == "remainder"] == ["listed_projects"]


@given(st.integers(0, 60), st.integers(0, 40), st.sets(st.sampled_from(["money", "execution", "management"])))
def test_claims_that_add_up_agree_whichever_are_left_out(execution, management, left_out):
    whole = {"money": execution, "execution": execution, "management": management}
    claims = {name: points for name, points in whole.items() if name not in left_out}
    total = execution + management
    found = of(matters(department(claims={"total": total, "indicators": claims})), "claims.")
    assert set(found.values()) <= {"agrees"}
    over = of(matters(department(claims={"total": 101, "indicators": claims})), "claims.sum.total")
    assert set(over.values()) == ({"contradicts"} if claims else set())


OPEN = {
    **DOCUMENT,
    "facts": {
        **DOCUMENT["facts"],
        "cuts": {
            "type": "list",
            "label": text("压减"),
            "item": {
                "name": {"type": "string", "label": text("项目")},
                "amount": {"type": "number", "unit": "CNY_10k", "in": ">= 0", "label": text("金额")},
            },
        },
    },
    "checks": {
        "rate": {
            "kind": "ratio",
            "stated": "rate",
            "part": "spent",
            "whole": "budget - sum(cuts.amount)",
            "between": [
                "budget - sum(for r in rows return if (some c in cuts satisfies c.name = r.name) then r.budget - r.spent else 0)",
                "budget",
            ],
            "label": text("剔除后支出率"),
        },
        "added": {
            "kind": "excess",
            "stated": "basic",
            "items": [
                {"label": text("支出"), "part": "spent", "whole": "budget"},
                {"label": text("项目"), "part": "sum(rows.spent)", "whole": "sum(rows.budget)"},
            ],
            "instead": "basic",
            "label": text("追加"),
        },
    },
}


def one(facts, id):
    loaded = load_ruleset(OPEN)
    given = department(facts).source.value
    document = {**given, "facts": {**given["facts"], **facts}}
    return {matter.id: matter for matter in cross_foot(loaded, load_facts(document))}.get(id)


@given(st.lists(st.tuples(CENTS, st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=5), CENTS)
def test_the_true_rate_lies_in_what_is_still_possible(projects, basic):
    """However much of its unspent budget each project lost, the rate that follows is one that is told as possible."""
    budgets = [budget for budget, _, _ in projects]
    outturns = [(budget * spent / 100).quantize(CENT) for budget, spent, _ in projects]
    cuts = [((b - o) * cut / 100).quantize(CENT) for b, o, (_, _, cut) in zip(budgets, outturns, projects, strict=True)]
    budget, spent = sum(budgets) + basic, sum(outturns) + basic
    rows = [
        {"name": str(n), "budget": figure(b), "spent": figure(o)}
        for n, (b, o) in enumerate(zip(budgets, outturns, strict=True))
    ]
    told = {
        "budget": figure(budget), "spent": figure(spent), "rows": figure(rows),
        "rate": {"between": [Decimal("0.001"), 100], "basis": "assertion"},
        "cuts": [{"name": str(n), "amount": {"unknown": True}} for n in range(len(rows))],
    }  # fmt: skip
    true = Fraction(spent) / Fraction(budget - sum(cuts))
    assume(true >= Decimal("0.01"))
    matter = one(told, "rate")
    if matter.status == "cannot-be-computed":
        assert matter.open.low <= true <= matter.open.high
        assert matter.open.low == Fraction(spent) / Fraction(budget)
    else:
        # Whatever the cuts are, the rate is within what is stated of it.
        assert matter.status == "agrees"
    exact = {**told, "cuts": [{"name": str(n), "amount": figure(cut)} for n, cut in enumerate(cuts)]}
    assert one(exact, "rate").status == "agrees"


@given(CENTS, CENTS, CENTS, CENTS, CENTS)
def test_an_excess_is_what_exceeds_alone(budget, spent, row_budget, row_spent, added):
    rows = figure([{"name": "甲", "budget": figure(row_budget), "spent": figure(row_spent)}])
    facts = {"budget": figure(budget), "spent": figure(spent), "rows": rows, "basic": figure(added), "cuts": []}
    matter = one(facts, "added")
    implied = max(spent - budget, 0) + max(row_spent - row_budget, 0)
    assert (matter.computed.value, matter.difference) == (implied, implied - added)
    if implied <= added:
        assert matter.status == "agrees"
    else:
        assert matter.status in ("question", "rounding")
        assert matter.status == "question" or implied - added <= Decimal("0.05")


@given(st.integers(2000, 2100), st.integers(1, 4))
def test_a_year_that_is_off_in_one_sentence_is_one_slip(year, figures):
    assume(year != 2024)
    names = ("budget", "spent")[: min(figures, 2)]
    facts = {
        name: figure(
            Decimal("812.34"),
            statements=[
                {"value": Decimal("812.34"), "year": 2024, "section": "一"},
                {"value": Decimal("812.34"), "year": year, "section": "二"},
            ],
        )
        for name in names
    }
    slips = [m for m in matters(department(facts)).values() if m.status == "misprint"]
    assert [(m.kind, m.facts, m.stated.value) for m in slips] == [("year", names, year)]


@given(st.sampled_from(["budget", "basic", "project", "spent", "rate"]), st.sampled_from(["basic", "spent", "rate"]))
def test_to_withhold_a_figure_never_takes_a_doubt_away(withheld, wrong):
    """Whatever is doubted for a figure that is off, is doubted when some figure is given as unknown instead."""
    off = {wrong: figure(Decimal("0.5") if wrong == "rate" else Decimal("4000.00"))}

    def doubted(facts):
        return {name for matter in matters(department(facts)).values() for name in matter.doubted}

    assert doubted(off) <= doubted({**off, withheld: {"unknown": True}}) | {withheld}

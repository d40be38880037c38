"""Small sheets of which some facts are open, with bounds that can be worked out by hand."""

from decimal import Decimal as D

import pytest

from jmrules import DocumentError, EvaluationError, FactsError, bounds, evaluate, load_facts, load_ruleset, parse_trace
from jmrules.documents import check, parse

STATED = {"status": "stated", "clause": "一"}
NUMBER, FLAG = {"type": "number", "label": {"zh": "数"}}, {"type": "boolean", "label": {"zh": "否"}}
COUNT = {**NUMBER, "decimals": 0, "in": ">= 0"}


def leaf(id, points, method, **more):
    return {"id": id, "label": {"zh": id}, "points": points, "method": method, "source": STATED, **more}


def ruleset(facts, *indicators, **more):
    return load_ruleset(
        {
            "id": "somewhere/small",
            "fiscal_year": 2024,
            "revision": "1.0.0",
            "status": "official",
            "title": {"zh": "小表"},
            "notice": {"issuer": {"zh": "某局"}},
            "rounding": {"leaf": 2, "total": 2},
            "grades": [
                {"id": "good", "label": {"zh": "良"}, "in": ">= 6"},
                {"id": "poor", "label": {"zh": "差"}, "in": "< 6"},
            ],
            "facts": facts,
            "indicators": list(indicators),
            **more,
        }
    )


def formula(points):
    return {"kind": "formula", "points": points}


def items(*flags, **fields):
    declared = {name: {**NUMBER, **more} for name, more in fields.items()} | dict.fromkeys(flags, FLAG)
    return {"type": "list", "label": {"zh": "表"}, "item": declared}


UNKNOWN = {"unknown": True}


def ends(facts, given, method, points=10, **more):
    found = bounds(ruleset(facts, leaf("x", points, method), **more), given)
    return found.low, found.high, found.tight


def test_a_value_between_two():
    ratio = {"kind": "ratio", "value": "m / 20"}
    assert ends({"m": NUMBER}, {"m": {"between": [3, 12]}}, ratio) == (D("1.5"), 6, True)
    assert ends({"m": {**NUMBER, "unit": "CNY_10k"}}, {"m": {"between": [30000, 120000], "unit": "CNY"}}, ratio) == (
        D("1.5"),
        6,
        True,
    )


def test_an_unknown_value_is_bounded_by_its_declaration():
    ratio = {"kind": "ratio", "value": "m"}
    assert ends({"m": {**NUMBER, "in": "[0.2..0.7]"}}, {"m": UNKNOWN}, ratio) == (2, 7, True)
    # Open at its end, on a grid: 0.69 is the greatest.
    assert ends({"m": {**NUMBER, "in": "(0.2..0.7)", "decimals": 2}}, {"m": UNKNOWN}, ratio) == (
        D("2.1"),
        D("6.9"),
        True,
    )


def test_the_same_fact_read_twice_is_the_same_value():
    twice = {
        "kind": "checklist",
        "items": [
            {"id": id, "label": {"zh": id}, "when": when, "share": D("0.5")}
            for id, when in (("a", "f"), ("b", "not(f)"))
        ],
    }
    assert ends({"f": FLAG}, {"f": UNKNOWN}, twice) == (5, 5, True)
    assert ends({"m": {**COUNT, "in": "[0..5]"}}, {"m": UNKNOWN}, formula("m - m + 4")) == (4, 4, True)
    low, high, tight = ends({"m": {**NUMBER, "in": "[0..5]"}}, {"m": UNKNOWN}, formula("m - m + 4"))
    assert (low, high, tight) == (0, 9, False)


def test_powers():
    assert ends({"m": {**NUMBER, "in": "[-1..2]"}}, {"m": UNKNOWN}, formula("m ** 2 + 1")) == (1, 5, True)


def test_why_an_end_may_not_be_reached():
    found = bounds(ruleset({"m": {**NUMBER, "in": "[0..5]"}}, leaf("x", 10, formula("m - m + 4"))), {"m": UNKNOWN})
    assert "m" in found["x"].reason.say("en") and "4.00 to 4.00" in found["x"].reason.say("en")
    lost = ruleset({"m": {**NUMBER, "in": "[1..2]"}}, leaf("x", 10, formula("modulo(m, 7)")))
    assert "`modulo(m, 7)` counts as any value" in bounds(lost, {"m": UNKNOWN})["x"].reason.say("en")


def test_null_is_left_out_where_the_rule_asks_for_it():
    facts = {"m": {**NUMBER, "in": "[1..2]", "optional": True}}
    assert ends(facts, {"m": UNKNOWN}, formula("if m = null then 3 else m")) == (1, 3, True)
    assert ends(facts, {"m": {"between": [1, 2]}}, formula("if m = null then 3 else m")) == (1, 2, True)


def test_a_value_that_may_be_undefined():
    half = {"share": D("0.5"), "reason": {"zh": "无"}}
    facts = {"m": {**COUNT, "in": "[0..2]"}}
    sheet = ruleset(facts, leaf("x", 10, formula("2 / m"), undefined=half))
    assert (bounds(sheet, {"m": UNKNOWN}).low, bounds(sheet, {"m": UNKNOWN}).high) == (1, 5)
    # Without a declared share there is no score at 0, and that is said.
    found = bounds(ruleset(facts, leaf("x", 10, formula("2 / m"))), {"m": UNKNOWN})
    assert (found.low, found.high) == (1, 2)
    assert found["x"].undefined is not None
    with pytest.raises(EvaluationError):
        bounds(ruleset(facts, leaf("x", 10, formula("m / 0"))), {"m": UNKNOWN})


COMPLETION = {"kind": "completion", "items": "xs", "share": "share"}
SHARES = items(share={"in": "[0..1]"}, target={"optional": True}, actual={"optional": True})


def test_lists_of_which_only_the_length_is_known():
    assert ends(
        {"xs": items(target={"in": "> 0"}, actual={"in": ">= 0"})},
        {"xs": {"length": 14}},
        {"kind": "completion", "items": "xs"},
    ) == (0, 10, True)
    counted = {
        "kind": "steps",
        "value": "count(xs)",
        "bound": 2,
        "direction": "above",
        "step": 1,
        "loss": 1,
        "partial": "full",
    }
    assert ends({"xs": SHARES}, {"xs": {"length": [3, 5]}}, counted) == (7, 9, True)
    assert ends({"xs": {**SHARES, "count": "<= 4"}}, {"xs": UNKNOWN}, counted) == (8, 10, True)


def test_lists_of_which_some_shares_are_known():
    rows = [{"share": 1}, {"share": UNKNOWN}, {"share": {"between": [D("0.5"), D("0.7")]}}, {"share": D("0.3")}]
    assert ends({"xs": SHARES}, {"xs": rows}, COMPLETION) == (D("4.5"), D("7.5"), True)


def test_unknown_weights_go_to_the_worst_and_to_the_best():
    facts = {
        "xs": items(
            share={"in": "[0..1]"}, weight={"in": "[1..3]"}, target={"optional": True}, actual={"optional": True}
        )
    }
    rows = [{"share": 1, "weight": UNKNOWN}, {"share": 0, "weight": UNKNOWN}]
    assert ends(facts, {"xs": rows}, {**COMPLETION, "weight": "weight"}) == (D("2.5"), D("7.5"), True)


def test_exclusions_that_are_open_move_points_both_ways():
    out = {"applies": {"when": "f", "otherwise": "exclude", "reason": {"zh": "不涉及"}}}
    sheet = ruleset({"f": FLAG}, leaf("a", 4, formula("4"), **out), leaf("b", 6, formula("3")))
    found = bounds(sheet, {"f": UNKNOWN})
    assert found["a"].points == (0, 4) and found["b"].points == (6, 10)
    # Either 4 + 3, or b alone with 10 points at half.
    assert (found.low, found.high, found["b"].low, found["b"].high) == (5, 7, 3, 5)
    assert found.tight and [grade.id for grade in found.grades] == ["good", "poor"]


def test_more_open_exclusions_than_can_be_gone_through():
    names = [f"f{number}" for number in range(10)]
    leaves = [
        leaf(f"x{number}", 1, formula("0.5"), applies={"when": name, "otherwise": "exclude", "reason": {"zh": "无"}})
        for number, name in enumerate(names)
    ]
    sheet = ruleset(dict.fromkeys(names, FLAG), *leaves, leaf("last", 1, formula("1")))
    found = bounds(sheet, dict.fromkeys(names, UNKNOWN))
    assert found.low <= 6
    assert found.high == 11
    assert found["last"].points == (1, 11)


def test_scores_are_read_where_more_exclusions_are_open_than_can_be_gone_through():
    """A leaf that reads another's score is bounded by what that score may be, whoever leaves the sheet."""
    names = [f"f{number}" for number in range(9)]
    out = {"otherwise": "exclude", "reason": {"zh": "无"}}
    leaves = [leaf(f"x{number}", 1, formula("0.5"), applies={"when": name, **out}) for number, name in enumerate(names)]
    always = leaf("always", 4, formula("1"))
    reader = leaf("reader", 5, {"kind": "ratio", "value": "1 - scores.always.awarded / 40"})
    gone = leaf("gone", 2, {"kind": "ratio", "value": "if scores.x0.rate = null then 1 else 0"})
    sheet = ruleset(dict.fromkeys(names, FLAG), *leaves, always, reader, gone)
    found = bounds(sheet, dict.fromkeys(names, UNKNOWN))
    assert found["always"].low == 1
    # At most 20 points are there to be awarded, so that no less than half of its own is left.
    assert D("2.5") <= found["reader"].low <= found["reader"].high <= 20
    assert (found["gone"].low, found["gone"].high) == (0, 20)
    for left in (0, 1, 5, 9):
        score = evaluate(sheet, {name: number >= left for number, name in enumerate(names)})
        for node in score.trace.leaves:
            assert found[node.id].low <= node.awarded <= found[node.id].high
            assert found[node.id].points[0] <= node.points <= found[node.id].points[1]
        assert found.low <= score.total <= found.high


def test_rules_that_may_cap_the_total():
    rules = [
        {
            "id": "capped",
            "label": {"zh": "封顶", "en": "capped"},
            "when": {"all": ["bad"]},
            "then": {"severity": "serious", "message": {"zh": "封顶"}, "cap": {"total": 5}},
            "source": STATED,
        }
    ]
    more = {"signals": {"bad": {"when": "n > 0", "label": {"zh": "有问题"}, "source": STATED}}, "rules": rules}
    facts = {"n": COUNT, "m": {**NUMBER, "in": "[0..1]"}}
    sheet = ruleset(facts, leaf("x", 10, {"kind": "ratio", "value": "m"}), **more)

    def of(n, m):
        found = bounds(sheet, {"n": n, "m": m})
        return found.low, found.high, [grade.id for grade in found.grades]

    assert of(UNKNOWN, 1) == (5, 10, ["good", "poor"])
    assert of(1, UNKNOWN) == (0, 5, ["poor"])
    assert of(0, UNKNOWN) == (0, 10, ["good", "poor"])
    assert of(1, 1) == (5, 5, ["poor"])
    assert "capped" in bounds(sheet, {"n": UNKNOWN, "m": {"between": [D("0.8"), 1]}}).reason.say("en")


def test_trust_leaves_out_what_rests_on_less():
    sheet = ruleset({"m": {**NUMBER, "in": "[0..1]"}, "f": FLAG}, leaf("x", 10, formula("if f then 10 * m else 0")))

    def of(basis, trust):
        place = [{"document": "accounts", "section": "一"}]
        facts = {
            "m": {"value": D("0.6"), "basis": basis, "evidence": place},
            "f": {"value": True, "basis": basis, "evidence": place},
        }
        documents = {"accounts": {"title": "决算报表", "kind": "final_accounts"}}
        head = {"ruleset": sheet.id, "fiscal_year": sheet.fiscal_year, "subject": {"name": "某局"}}
        found = bounds(sheet, load_facts({**head, "documents": documents, "facts": facts}), trust)
        return found.low, found.high, found.unknown

    assert of("assertion", "assertion") == (6, 6, ())
    assert of("assertion", "document") == (0, 10, ("m", "f"))
    # For what is not a number, a document is as good as a figure.
    assert of("document", "figure") == (0, 10, ("m",))
    assert of("figure", "figure") == (6, 6, ())
    assert of("figure", "verified") == (0, 10, ("m", "f"))


def test_what_each_unknown_fact_is_worth():
    sheet = ruleset(
        {"m": {**NUMBER, "in": "[0..1]"}, "f": FLAG, "idle": NUMBER},
        leaf("x", 6, {"kind": "ratio", "value": "m"}),
        leaf("y", 4, formula("if f then 4 else 1")),
    )
    found = bounds(sheet, {"m": {"value": D("0.5")}, "f": True, "idle": 1}, "figure")
    assert [(each.fact, each.claimed, each.least, each.greatest, each.exhaustive) for each in found.worth] == [
        ("m", 6, 6, 6, False),
        ("f", 3, 3, 3, True),
        ("idle", 0, 0, 0, False),
    ]
    assert {id: (each.least, each.greatest) for id, each in found.worth[0].indicators.items()} == {"x": (6, 6)}


def test_facts_that_leave_no_value():
    facts = {"m": {**NUMBER, "in": ">= 0"}, "f": FLAG, "xs": {**SHARES, "count": "<= 2"}}
    given = {"m": {"between": [-3, -1]}, "f": {"between": [0, 1]}, "xs": {"length": [3, 9]}}
    with pytest.raises(FactsError) as caught:
        bounds(ruleset(facts, leaf("x", 10, formula("m"))), given)
    assert [problem.code for problem in caught.value.problems] == ["empty-bounds", "not-a-number", "empty-bounds"]
    assert [problem.place.pointer for problem in caught.value.problems] == ["/m", "/f", "/xs"]
    for wrong in ({"between": [1]}, {"between": "ab"}, {"length": 1.5}, {"value": 1, "basis": "rumour"}):
        with pytest.raises(FactsError):
            bounds(ruleset(facts, leaf("x", 10, formula("m"))), {"m": wrong, "f": True, "xs": []})
    with pytest.raises(FactsError) as caught:
        bounds(ruleset(facts, leaf("x", 10, formula("m"))), {"m": 1})
    assert {problem.code for problem in caught.value.problems} == {"missing-fact"}


def test_the_document_holds_bounds_in_place_of_a_total():
    sheet = ruleset({"m": {**NUMBER, "in": "[0..1]"}}, leaf("x", 10, {"kind": "ratio", "value": "m"}))
    document = parse(bounds(sheet, {"m": UNKNOWN}).to_json())
    assert check(document, "trace") == []
    assert document.value["total"] is None
    assert (document.value["bounds"]["low"], document.value["bounds"]["high"]) == (0, 10)
    with pytest.raises(DocumentError) as caught:
        parse_trace(document.text)
    assert [problem.code for problem in caught.value.problems] == ["bounds-only"]


def left_out(given):
    """A ruleset that reads an amount of each cut; left out, an amount is not known."""
    item = {"amount": {"type": "number", "in": ">= 0", "absent": "unknown", "label": {"zh": "金额"}}}
    ruleset = load_ruleset(
        {
            "id": "somewhere/cuts", "fiscal_year": 2024, "revision": "1.0.0", "status": "official", "title": {"zh": "压减"},
            "notice": {"issuer": {"zh": "某局"}}, "rounding": {"leaf": 2, "total": 2},
            "grades": [{"id": "any", "label": {"zh": "任"}, "in": ">= 0"}],
            "facts": {"cuts": {"type": "list", "item": item, "label": {"zh": "压减"}}},
            "indicators": [{
                "id": "cut", "points": 10, "label": {"zh": "压减"}, "source": {"status": "stated", "clause": "一"},
                "method": {"kind": "ratio", "value": "sum(for c in cuts return c.amount)", "full_at": 10},
            }],
        }
    )  # fmt: skip
    return ruleset, {"cuts": given}


def test_what_is_left_out_may_be_declared_to_be_unknown():
    ruleset, facts = left_out([{"amount": 4}, {}])
    with pytest.raises(FactsError) as raised:
        evaluate(ruleset, facts)
    assert [problem.code for problem in raised.value.problems] == ["unknown-value"]
    found = bounds(ruleset, facts)
    assert (found.low, found.high) == (4, 10)
    assert evaluate(*left_out([{"amount": 4}, {"amount": 0}])).total == 4

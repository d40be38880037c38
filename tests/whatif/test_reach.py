"""Reach: what it finds does reach, nothing smaller does, and where it says that nothing does, nothing does."""

from decimal import Decimal as D
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from jmrules import EvaluationError, FactsError, RulesetError, evaluate, load_facts, load_ruleset, reach
from jmrules.whatif.changes import changed_facts
from jmrules.whatif.goal import GoalError
from jmrules.whatif.paths import FactPath
from strategies import cases
from whatif.test_what_if import real

NUMBERS = 5
RULESETS = Path(__file__).parents[2] / "rulesets"


def score(ruleset, facts, changes):
    try:
        return evaluate(ruleset, changed_facts(facts, changes))
    except (EvaluationError, FactsError):
        return None


@st.composite
def small_cases(draw):
    """A case of which few facts can change, each to few values; and those values by path."""
    case = draw(cases(most_leaves=3))
    ruleset, values = case.ruleset, {}
    setting = set(setting_points(ruleset["indicators"]))
    for name, declared in ruleset["facts"].items():
        declared["changeable"] = False
        value = case.facts.get(name)
        if len(values) == 3 or value is None or declared["type"] not in ("number", "boolean") or name in setting:
            continue
        declared["changeable"] = True
        declared["cost"] = draw(st.integers(0, 3))
        if declared["type"] == "boolean":
            values[name] = [not value]
            continue
        low = D(value) - draw(st.integers(0, NUMBERS))
        decimals = max(0, -D(value).normalize().as_tuple().exponent)
        high = low + NUMBERS
        # Every value there is lies a whole step of a tenth, at most, from the next.
        if decimals:
            low, high = D(value) - D(2).scaleb(-decimals), D(value) + D(3).scaleb(-decimals)
        declared["in"], declared["decimals"] = f"[{low:f}..{high:f}]", decimals
        step = D(1).scaleb(-decimals)
        every = [low + k * step for k in range(int((high - low) / step) + 1)]
        values[name] = [each for each in every if each != D(value)]
    # a domain that was moved may lie where no band is
    assume(not gaps_in(ruleset))
    return case, values


def setting_points(indicators):
    """The facts by which the department sets points, whose domains cannot be moved."""
    for each in indicators:
        yield from ([each["set_by"]] if "set_by" in each else [])
        yield from setting_points(each.get("children", []))


def gaps_in(document):
    """Whether the only fault of a ruleset is that bands do not cover what its facts may be."""
    try:
        load_ruleset(document)
    except RulesetError as error:
        assert {problem.code for problem in error.problems} == {"gap-between-bands"}
        return True
    return False


def cost(ruleset, facts, changes):
    total = D(0)
    for path, value in changes.items():
        rate = ruleset["facts"][path.fact]["cost"]
        number = not isinstance(value, bool)
        total += rate * abs(value - D(facts[path.fact])) if number else rate
    return total


@settings(max_examples=40)
@given(small_cases(), st.data())
def test_nothing_smaller_reaches(made, data):
    case, values = made
    ruleset = load_ruleset(case.ruleset)
    now = score(ruleset, case.facts, {})
    assume(now is not None and values)
    totals, best = {}, None
    for size in range(1, len(values) + 1):
        for names in combinations(values, size):
            for chosen in product(*(values[name] for name in names)):
                changes = {FactPath((name,)): value for name, value in zip(names, chosen, strict=True)}
                found = score(ruleset, case.facts, changes)
                if found is not None:
                    totals.setdefault(found.total, []).append((size, cost(case.ruleset, case.facts, changes)))
    goals = sorted({now.total, now.total + D(1), *totals, *(each + D("0.01") for each in totals)})
    goal = data.draw(st.sampled_from([each for each in goals if each <= ruleset.most] or [now.total]))
    best = min((each for total, ways in totals.items() if total >= goal for each in ways), default=None)
    answer = reach(ruleset, case.facts, total=goal)
    event(f"{answer.outcome} {answer.smallest}")
    if now.total >= goal:
        assert answer.outcome == "already"
        return
    if best is None:
        assert answer.outcome in ("impossible", "not within", "not found") and not answer.ways
        return
    assert answer.outcome == "reached"
    for way in answer.ways:
        after = score(ruleset, case.facts, {change.path: change.after for change in way.changes})
        assert after.total == way.evaluation.total >= goal
    assert best <= (len(answer.ways[0].changes), answer.ways[0].cost)
    if answer.smallest:
        assert best == (len(answer.ways[0].changes), answer.ways[0].cost)


@settings(max_examples=30)
@given(cases(most_leaves=3), st.integers(1, 8))
def test_what_is_found_reaches(case, part):
    ruleset = load_ruleset(case.ruleset)
    now = score(ruleset, case.facts, {})
    assume(now is not None)
    goal = now.total + (ruleset.most - now.total) * part / 8
    answer = reach(ruleset, case.facts, total=goal, facts_at_most=2)
    assert bool(answer.ways) is (answer.outcome == "reached")
    for way in answer.ways:
        after = score(ruleset, case.facts, {change.path: change.after for change in way.changes})
        assert after.total == way.evaluation.total >= goal
        assert all(change.before != change.after for change in way.changes)


TARGETS = ("outputs.target", "benefits.target", "fund_targets.target", "detailed_share")


def test_a_real_department():
    ruleset, facts = real()
    answer = reach(ruleset, facts, total=83, hold=TARGETS)
    assert (answer.outcome, answer.smallest, answer.before.total) == ("reached", True, D("82.88"))
    assert all(len(way.changes) == 1 and way.evaluation.total >= 83 for way in answer.ways)
    assert [way.cost for way in answer.ways] == sorted(way.cost for way in answer.ways)
    assert not any(str(change.path).startswith("detailed") for way in answer.ways for change in way.changes)


def test_a_grade_by_its_label_on_a_department_that_has_it():
    ruleset, facts = real("yunxi-cipher")
    answer = reach(ruleset, facts, grade="优")
    assert (answer.outcome, answer.ways, answer.goal.least) == ("already", (), 90)


SEWAGE = RULESETS / "sichuan" / "ppp-sewage-treatment"


@pytest.mark.parametrize(
    ("total", "outcome"),
    [("-10", "already"), ("-4.51", "already"), ("-4.5", "already"), ("-4", "reached"), ("0", "reached")],
)
def test_a_goal_below_zero(total, outcome):
    ruleset = load_ruleset(SEWAGE / "2022.json")
    facts = load_facts(SEWAGE / "cases" / "2022" / "published-project.json")
    answer = reach(ruleset, facts, total=D(total))
    assert (answer.before.total, answer.outcome) == (D("-4.5"), outcome)


def test_the_most_that_there_is_may_be_asked_for_and_no_more():
    ruleset = load_ruleset(SEWAGE / "2022.json")
    facts = load_facts(SEWAGE / "cases" / "2022" / "published-project.json")
    assert reach(ruleset, facts, total=ruleset.most, facts_at_most=1).outcome != "already"
    with pytest.raises(GoalError):
        reach(ruleset, facts, total=ruleset.most + D("0.01"), facts_at_most=1)


def test_what_is_held_can_make_it_impossible():
    ruleset, facts = real()
    answer = reach(ruleset, facts, total=100, hold=["budget_initial", "added_mid_year", "added_by_policy"])
    assert (answer.outcome, answer.smallest) == ("impossible", True)
    assert answer.most < 100
    ceiling = next(each for each in answer.ceilings if each.id == "budget_constraint")
    assert (ceiling.now, ceiling.most, ceiling.points) == (1, 1, 2)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "there is no goal"),
        ({"grade": "A"}, "no grade 'A'"),
        ({"total": 101}, "only 100 points"),
        ({"grade": "A", "total": 101}, "no grade 'A'"),
    ],
)
def test_a_goal_that_cannot_be_asked_for(asked, words):
    ruleset, facts = real()
    with pytest.raises(GoalError) as caught:
        reach(ruleset, facts, **asked)
    assert words in caught.value.say("en")
    assert len(caught.value.problems) == max(1, len(asked))


def test_an_unknown_name_to_hold():
    ruleset, facts = real()
    with pytest.raises(FactsError):
        reach(ruleset, facts, total=90, hold=["outputs.tarjet"])


def test_a_declared_cost_decides():
    document = {
        "id": "x/y", "fiscal_year": 2024, "revision": "1.0.0", "status": "official", "title": {"zh": "某"},
        "notice": {"issuer": {"zh": "某"}}, "rounding": {"leaf": 2, "total": 2},
        "grades": [{"id": "good", "label": {"zh": "良"}, "in": ">= 8"}, {"id": "poor", "label": {"zh": "差"}, "in": "< 8"}],
        "facts": {
            "dear": {"type": "number", "decimals": 0, "in": "[0..10]", "cost": 7, "label": {"zh": "贵"}},
            "cheap": {"type": "number", "decimals": 0, "in": "[0..10]", "cost": 2, "label": {"zh": "廉"}},
            "fixed": {"type": "number", "in": "[0..10]", "changeable": False, "label": {"zh": "定"}},
        },
        "indicators": [
            {
                "id": "leaf", "label": {"zh": "项"}, "points": 10, "source": {"status": "stated", "clause": "一"},
                "method": {"kind": "ratio", "value": "(dear + cheap + fixed) / 15"},
            }
        ],
    }  # fmt: skip
    ruleset = load_ruleset(document)
    facts = load_facts(
        {
            "ruleset": "x/y",
            "fiscal_year": 2024,
            "subject": {"name": "某局"},
            "facts": {"dear": 2, "cheap": 3, "fixed": 1},
        }
    )
    answer = reach(ruleset, facts, grade="良")
    # 12 of 15 are needed: 6 more; either alone can do that.
    assert [(str(c.path), c.after, way.cost) for way in answer.ways for c in way.changes] == [
        ("cheap", 9, 12),
        ("dear", 8, 42),
    ]
    assert answer.smallest and answer.within == 0
    both = reach(ruleset, facts, total=10)
    [way] = both.ways
    # 15 are needed: 9 more, of which the cheap one can give 7.
    assert {str(c.path): c.after for c in way.changes} == {"cheap": 10, "dear": 4}
    assert (way.cost, both.smallest, both.within) == (28, True, 1)
    assert way.evaluation.facts.given["cheap"] == 10

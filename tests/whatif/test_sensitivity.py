"""Sensitivity: every effect is what evaluation says, and between here and a threshold nothing changes."""

from decimal import Decimal as D
from decimal import localcontext

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jmrules import EvaluationError, FactsError, evaluate, load_ruleset, sensitivity
from jmrules.whatif.changes import changed_facts
from jmrules.whatif.choices import decimals_of
from jmrules.whatif.paths import declaration_of
from score.bounds.test_bounds import leaf
from score.bounds.test_bounds import ruleset as small
from strategies import cases
from whatif.test_what_if import real


def awards(ruleset, facts):
    """The award of each leaf; None where there is no score."""
    try:
        return list(evaluate(ruleset, facts).outcome.awards)
    except (EvaluationError, FactsError):
        return None


def effects_of(found):
    near = [each.effect for each in (found.next_up, found.next_down) if each is not None]
    return [effect for effect in (found.up, found.down, *near, *found.others) if effect is not None]


@settings(max_examples=40)
@given(st.data())
def test_sensitivity_agrees_with_evaluation(data):
    case = data.draw(cases(most_leaves=2))
    ruleset = load_ruleset(case.ruleset)
    before = awards(ruleset, case.facts)
    assume(before is not None)
    now = evaluate(ruleset, case.facts)
    for found in sensitivity(ruleset, case.facts):
        for effect in effects_of(found):
            after = evaluate(ruleset, changed_facts(case.facts, {found.path: effect.value}))
            assert (after.total, after.grade) == (effect.total, effect.grade)
            assert effect.change == after.total - now.total
            assert bool(effect.indicators) is (list(after.outcome.awards) != before)
        for threshold, sign in ((found.next_up, 1), (found.next_down, -1)):
            if threshold is None or not threshold.certain:
                continue
            # Thresholds may lie further away than 28 digits reach.
            with localcontext(prec=99):
                quantum = D(1).scaleb(-decimals_of(declaration_of(ruleset, found.path), found.now))
                steps = [D(1), D(2), *(D(data.draw(st.integers(1, 10**6))) for _ in range(2))]
                if threshold.effect is not None:
                    assert threshold.effect.indicators
                    distance = abs(threshold.effect.value - found.now) / quantum
                    steps = [step for step in (*steps, distance - 1) if 0 < step < distance]
                values = [found.now + sign * step * quantum for step in steps]
            for value in values:
                assert awards(ruleset, changed_facts(case.facts, {found.path: value})) in (None, before)


def completion_of(expression):
    """A ruleset whose one leaf of 2 points is the completion of such a list."""
    number, flag = {"type": "number", "label": {"zh": "数"}}, {"type": "boolean", "label": {"zh": "否"}}
    rows = {"type": "list", "label": {"zh": "表"}, "item": {"target": number, "actual": number, "kept": flag}}
    method = {"kind": "completion", "items": expression}
    return small({"rows": rows}, leaf("x", 2, method))


ROWS = [{"target": 2, "actual": 2, "kept": True}, {"target": 2, "actual": 1, "kept": False}]


# The first list is followed; the second is not, and then it may be any list.
@pytest.mark.parametrize("expression", ["rows[kept]", "sort(rows[kept], function(a, b) a.target < b.target)"])
def test_a_list_that_is_made_from_rows_has_a_threshold(expression):
    [found] = sensitivity(completion_of(expression), {"rows": ROWS}, ["rows[1].actual"])
    assert found.next_up.effect is None
    # 1.99 of 2 is worth 1.99 points.
    assert (found.next_down.effect.value, found.next_down.effect.change) == (D("1.99"), D("-0.01"))


def test_thresholds_on_a_real_ruleset():
    ruleset, facts = real()
    [found] = sensitivity(ruleset, facts, ["added_mid_year"])
    # 3720 of 18600 is just 20 %; up to 10 % all points are earned.
    assert (found.next_up.effect.value, found.next_up.effect.change) == (D("3720.000001"), D("-0.50"))
    assert (found.next_down.effect.value, found.next_down.effect.change) == (D(1860), D("1.00"))
    assert found.next_up.certain and found.next_down.certain
    assert (found.step, found.up.change, found.down.change) == (1, D("-0.50"), 0)


def test_whole_numbers_stay_whole():
    ruleset, facts = real()
    [found] = sensitivity(ruleset, facts, ["internal_transfers"])
    assert (found.next_up.effect.value, found.next_down.effect) == (4, None)
    assert found.next_down.certain


def test_a_field_means_that_of_every_item():
    ruleset, facts = real()
    every = [str(found.path) for found in sensitivity(ruleset, facts, ["outputs.actual"])]
    assert every == [f"outputs[{number}].actual" for number in range(1, 5)][: len(every)] and len(every) >= 3
    assert [str(found.path) for found in sensitivity(ruleset, facts, ["outputs[2].actual"])] == ["outputs[2].actual"]


def test_a_name_that_is_none():
    ruleset, facts = real()
    with pytest.raises(FactsError) as caught:
        sensitivity(ruleset, facts, ["outputs.actuel"])
    assert "did you mean 'actual'" in caught.value.say("en")
